"""The code lists of checks on people and of coming home, beside sync/codes.py, which takes them in."""

from enum import StrEnum

CheckStep = StrEnum(
    "CheckStep",
    "rang phoned asked_base asked_contact asked_partner colleague_there called_out waited left_note",
)

StepWatch = StrEnum("StepWatch", "on off")
DischargeCheck = StrEnum("DischargeCheck", "meeting date home followup account medicine")
HomeToGoTo = StrEnum("HomeToGoTo", "yes no unsure")

CheckIn = StrEnum("CheckIn", "ok ring_me")

CHECK_LISTS: dict[str, type[StrEnum]] = {
    "check_step": CheckStep,
    "step_watch": StepWatch,
    "check_in": CheckIn,
    "discharge_check": DischargeCheck,
    "home_to_go_to": HomeToGoTo,
}

"""Who may correct what: a naive reading of the protocol's page on corrections, for one client and one of each type.

Written from the page alone, and knows nothing of the program: days and names in plain tables, no shared rule.
"""

from dataclasses import dataclass, field
from typing import Any

REGISTERED, WRITTEN, HANDED_ON, WRITTEN_LATER, NOW = 0, 2, 5, 6, 7
"""The days of the story. A client that was handed on is Nord's up to day 4, Sør's from day 5."""


@dataclass(frozen=True)
class Who:
    role: str
    teams: frozenset[str]


PEOPLE = {
    "alice": Who("leader", frozenset({"nord"})),
    "bob": Who("fieldworker", frozenset({"nord"})),
    "dina": Who("fieldworker", frozenset({"nord"})),
    "rolf": Who("peer", frozenset({"nord"})),
    "lars": Who("landlord", frozenset({"nord"})),
    "berit": Who("leader", frozenset({"sor"})),
    "charlie": Who("fieldworker", frozenset({"sor"})),
    "eva": Who("leader", frozenset({"nord", "sor"})),
    "gone": Who("fieldworker", frozenset()),
}
"""Dina is the primary contact, Charlie after the client was handed on. Gone worked in Nord, and in no team now."""

LEADERS_ALONE = {"duty_set", "client_team_set", "team_hours_set"}
NO_TASK_FOR_A_PEER = {
    *("contact_interval_set", "follow_up_ended", "follow_up_resumed", "watch_handed_over", "watch_taken_over"),
    *("decision_recorded", "decision_ended"),
}
A_LANDLORDS = {
    *("neighbour_complaint_received", "neighbour_complaint_updated", "rent_problem_reported", "rent_problem_updated"),
    "sighting_reported",
}
ROSTER = {"duty_set", "duty_handed_over", "duty_taken_over", "team_hours_set"}
STEERS = ROSTER | {
    *("client_registered", "client_updated", "client_team_set", "watch_set", "watch_handed_over", "watch_taken_over"),
    *("contact_interval_set", "follow_up_ended", "follow_up_resumed"),
}
STEERS_WHEN_TAKEN_BACK = STEERS | {"absence_started", "absence_confirmed", "absence_ended"}
STAYS = ROSTER | {
    *(
        "client_registered",
        "visit_started",
        "visit_ended",
        "help_requested",
        "rent_problem_reported",
        "rent_problem_updated",
        "neighbour_complaint_received",
        "neighbour_complaint_updated",
        "crisis_opened",
        "crisis_step_logged",
        "crisis_closed",
        "concern_answered",
        "absence_started",
        "absence_confirmed",
        "absence_ended",
        "watch_handed_over",
        "watch_taken_over",
        "alert_acknowledged",
        "alert_snoozed",
        "alert_resolved",
        "alert_handed_over",
        "entry_corrected",
    ),
    *(
        "risk_noted",
        "risk_reviewed",
        "contact_person_noted",
        "agreement_recorded",
        "decision_recorded",
        "decision_ended",
    ),
    *("task_set", "task_done", "handover_noted", "handover_read", "visit_planned", "visit_plan_ended", "meeting_held"),
}
"""What something else hangs on, or hangs on something else."""


@dataclass(frozen=True)
class Target:
    """One entry. `only`: whom its own rules let write just this; `dead`: it says that the client is."""

    type: str
    author: str
    day: int
    handed_on: bool
    about_client: bool = True
    dead: bool = False
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Correction:
    """One try. `stops`: the text would pause or end a clock, or for longer; `changes`: fields of a registration."""

    by: str
    what: str
    fields: dict[str, Any] = field(default_factory=dict)
    stops: bool = False
    to_day: int | None = None
    move: bool = False


def teams_on(day: int, handed_on: bool) -> set[str]:
    return {"sor"} if handed_on and day >= HANDED_ON else {"nord"}


def saw(by: str, target: Target, day: int) -> bool:
    """Followed the client that day, or follows now: what was logged in time is taken late."""
    who = PEOPLE[by]
    if who.role not in ("leader", "fieldworker", "peer", "landlord"):
        return False
    return bool(who.teams & (teams_on(day, target.handed_on) | teams_on(NOW, target.handed_on)))


def follows(by: str, target: Target) -> bool:
    return bool(PEOPLE[by].teams & teams_on(NOW, target.handed_on))


def is_primary(by: str, target: Target) -> bool:
    return by == ("charlie" if target.handed_on else "dina")


def may_write(by: str, type_: str, target: Target) -> bool:
    role = PEOPLE[by].role
    if role == "landlord":
        return type_ in A_LANDLORDS
    if role == "leader":
        return True
    if type_ == "watch_set":
        return is_primary(by, target)
    return type_ not in LEADERS_ALONE and not (role == "peer" and type_ in NO_TASK_FOR_A_PEER)


def may_correct(by: str, target: Target) -> bool:
    """The author at any time, otherwise a leader who saw what it is about."""
    if by == target.author:
        return True
    if PEOPLE[by].role != "leader":
        return False
    return saw(by, target, target.day) if target.about_client else "nord" in PEOPLE[by].teams


def accepted(one: Correction, target: Target) -> bool:
    if not may_correct(one.by, target):
        # Whoever was offered a duty says no.
        return one.what == "retracted" and target.type == "duty_handed_over" and one.by == "dina"
    if one.what == "text":
        return text_accepted(one, target)
    if takes_back_what_steers(target) and not may_steer(one.by, target):
        return False
    if one.move:
        return target.about_client and target.type not in STAYS and may_stand_there(one.by, target)
    return True


def takes_back_what_steers(target: Target) -> bool:
    return target.type in STEERS_WHEN_TAKEN_BACK or target.dead or target.type == "agreement_withdrawn"


def may_steer(by: str, target: Target) -> bool:
    """What the type needs now: sight now, and its right."""
    if not may_write(by, target.type, target):
        return False
    return follows(by, target) if target.about_client else "nord" in PEOPLE[by].teams


def may_stand_there(by: str, target: Target) -> bool:
    """The other client is Nord's all along, and Dina's: the corrector follows both and may write it there, too."""
    if not (follows(by, target) and "nord" in PEOPLE[by].teams):
        return False
    elsewhere = Target(target.type, target.author, target.day, handed_on=False)
    return may_write(by, target.type, elsewhere)


def text_accepted(one: Correction, target: Target) -> bool:
    """Admitted as the type would be, the merged body written now by the corrector; sight at the entry's own time."""
    if target.only is not None and one.by not in target.only:
        return False
    if not may_write(one.by, target.type, target) or not registration_accepted(one, target):
        return False
    if not target.about_client:
        return target.type not in ROSTER or "nord" in PEOPLE[one.by].teams
    if target.type in STEERS:
        return follows(one.by, target)
    sees = one.by == target.author or saw(one.by, target, target.day)
    # No time is later than when the entry was received, on its day: then it is the old one.
    return sees and (one.to_day is None or one.to_day >= target.day or saw(one.by, target, one.to_day))


def registration_accepted(one: Correction, target: Target) -> bool:
    if target.type != "client_registered":
        return True
    by, leads = one.by, PEOPLE[one.by].role == "leader"
    rights = {
        "team_id": leads,
        "watch": leads or is_primary(by, target),
        "primary_staff_id": leads or is_primary(by, target),
        "protected": False,
    }
    works_there = "team_id" in one.fields or "nord" in PEOPLE[by].teams
    return works_there and all(rights.get(name, True) for name in one.fields)


def has_effect(one: Correction, target: Target) -> bool:
    """What pauses or ends a clock does so only from somebody whose team follows when it arrives."""
    return not one.stops or follows(one.by, target)

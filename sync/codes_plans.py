"""The code lists of what stands until a newer entry or an ending: risk, plans, people around, agreements, housing,
decisions, tasks, planned visits, meetings. One enum a list; codes.py has the others, and takes these in."""

from enum import StrEnum

RiskAdvice = StrEnum(
    "RiskAdvice", "two_together not_inside_alone phone_first meet_outside dog sharps gloves_mask other"
)
RiskOutcome = StrEnum("RiskOutcome", "kept changed ended")

PlanKind = StrEnum("PlanKind", "crisis individual goals rhythm")
PlanSharedWith = StrEnum("PlanSharedWith", "aat emergency_clinic specialist next_of_kin")

ContactRole = StrEnum(
    "ContactRole",
    "next_of_kin guardian gp therapist lar addiction_counsellor nav housing_office home_care job_specialist pet_sitter "
    "other",
)
YesNo = StrEnum("YesNo", "yes no")

HousingTransition = StrEnum("HousingTransition", "evicted awaiting_move_in")
Dwelling = StrEnum(
    "Dwelling",
    "ordinary sheltered co_located shared small_house robust transitional hospice emergency night_shelter private "
    "other",
)
Staffing = StrEnum("Staffing", "round_the_clock day some_days none")
ObtainedBy = StrEnum("ObtainedBy", "self municipality institution others")
FilledBy = StrEnum("FilledBy", "staff client together")

DecisionGround = StrEnum("DecisionGround", "hol_3_2_6a hol_3_2_6b hol_3_2_6c housing_social_act treatment other")
Per = StrEnum("Per", "week month as_needed")

TaskOutcome = StrEnum("TaskOutcome", "done dropped")
PlannedOutcome = StrEnum("PlannedOutcome", "done moved dropped")
MeetingKind = StrEnum("MeetingKind", "support_group cooperation board allocation other")

PLAN_LISTS: dict[str, type[StrEnum]] = {
    "risk_advice": RiskAdvice,
    "risk_outcome": RiskOutcome,
    "plan_kind": PlanKind,
    "plan_shared_with": PlanSharedWith,
    "contact_role": ContactRole,
    "yes_no": YesNo,
    "housing_transition": HousingTransition,
    "dwelling": Dwelling,
    "staffing": Staffing,
    "obtained_by": ObtainedBy,
    "filled_by": FilledBy,
    "decision_ground": DecisionGround,
    "per": Per,
    "task_outcome": TaskOutcome,
    "planned_outcome": PlannedOutcome,
    "meeting_kind": MeetingKind,
}
"""The name of each list, as the words and the phone know it."""

"""The rows of the types of which something stands until a newer entry or an ending: entry_types.py takes them in."""

from functools import partial

from sync.bodies_plans import (
    AgreementRecorded,
    ContactPersonNoted,
    DecisionEnded,
    DecisionRecorded,
    HandoverNoted,
    HandoverRead,
    HousingChanged,
    MeetingHeld,
    PlanNoted,
    RiskNoted,
    RiskReviewed,
    TaskDone,
    TaskSet,
    VisitPlanEnded,
    VisitPlanned,
)
from sync.entry_type import NOT_PEERS, EntryType, Stands

_OPENS = partial(EntryType, points_at="new_thing", moves=False, refreshes=("standing",))
"""It mints an id that others name: it stays in the record it was written in."""
_FOLLOWS = partial(EntryType, points_at="thing", moves=False, refreshes=("standing",))
"""It names such an id."""

PLAN_TYPES: dict[str, EntryType] = {
    "risk_noted": _OPENS(
        body=RiskNoted,
        stands=Stands("risk", "opens", id="risk_id"),
        checks=("half_year",),
        line=("advice", "reason"),
    ),
    "risk_reviewed": _FOLLOWS(
        body=RiskReviewed,
        stands=Stands("risk", "reviews", id="risk_id", ended=("outcome", "ended")),
        checks=("half_year",),
        outcome=("risk_outcome", "outcome"),
        line=("advice", "reason"),
    ),
    "plan_noted": EntryType(
        body=PlanNoted,
        stands=Stands("plan", "version", each="kind"),
        refreshes=("standing",),
        outcome=("plan_kind", "kind"),
        titled="outcome",
    ),
    "contact_person_noted": _OPENS(
        body=ContactPersonNoted,
        stands=Stands("contact_person", "version", id="contact_id", ended=("ended", True)),
        outcome=("contact_role", "role"),
        line=("name",),
    ),
    "agreement_recorded": _OPENS(
        body=AgreementRecorded,
        stands=Stands("agreement", "opens", id="agreement_id"),
        refreshes=("standing", "facts"),
        outcome=("agreement_kind", "kind"),
        line=("party", "words"),
    ),
    "housing_changed": EntryType(
        body=HousingChanged,
        stands=Stands("housing", "version"),
        refreshes=("standing",),
        outcome=("housing", "situation"),
    ),
    "decision_recorded": _OPENS(
        body=DecisionRecorded,
        stands=Stands("decision", "version", id="decision_id"),
        roles=NOT_PEERS,
        line=("service",),
    ),
    "decision_ended": _FOLLOWS(
        body=DecisionEnded, stands=Stands("decision", "ends", id="decision_id"), roles=NOT_PEERS, line=("on",)
    ),
    "task_set": _OPENS(
        body=TaskSet,
        stands=Stands("task", "version", id="task_id"),
        about="client_or_team",
        checks=("owner",),
        line=("what",),
    ),
    "task_done": _FOLLOWS(
        body=TaskDone,
        stands=Stands("task", "ends", id="task_id"),
        about="subject",
        outcome=("task_outcome", "outcome"),
    ),
    "handover_noted": EntryType(
        body=HandoverNoted,
        stands=Stands("handover", "opens"),
        about="client_or_team",
        moves=False,
        checks=("receiver",),
        refreshes=("standing",),
        line=("what",),
    ),
    "handover_read": EntryType(
        body=HandoverRead,
        stands=Stands("handover", "reads", id="entry_ids"),
        about="subject",
        points_at="handovers",
        moves=False,
        refreshes=("standing",),
        timeline="none",
    ),
    "visit_planned": _OPENS(body=VisitPlanned, stands=Stands("planned", "version", id="plan_id"), line=("at", "what")),
    "visit_plan_ended": _FOLLOWS(
        body=VisitPlanEnded,
        stands=Stands("planned", "ends", id="plan_id"),
        outcome=("planned_outcome", "outcome"),
        timeline="none",
    ),
    "meeting_held": _OPENS(
        body=MeetingHeld,
        stands=Stands("meeting", "opens", id="meeting_id"),
        about="client_or_team",
        refreshes=(),
        outcome=("meeting_kind", "kind"),
        titled="outcome",
        line=("minutes",),
    ),
}

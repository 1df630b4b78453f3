"""Innsyn: a client is given the whole record, once a named health professional has gone through it.

Invariant: nothing is handed out before it has been gone through, and what was taken out is told, with the reason. A
case is its steps; none is changed, and how it stands follows from them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fieldapp.domain.access import TEAM_ROLES, Viewer

ASKED, TAKEN_OUT, PUT_BACK, REVIEWED, HANDED_OUT = "asked", "taken_out", "put_back", "reviewed", "handed_out"
STEPS = (ASKED, TAKEN_OUT, PUT_BACK, REVIEWED, HANDED_OUT)
REASONS = ("told_in_confidence", "complainant", "danger_to_life", "unadvisable_for_close")
"""Why an entry is not handed out: said by others in confidence, who complained, and what pbrl § 5-1 second paragraph
excepts (danger to life or serious harm to health; clearly unadvisable for somebody close to the client)."""


@dataclass(frozen=True)
class Step:
    """One thing that was done in a case."""

    what: str
    by_staff_id: UUID
    at: datetime
    reviewer_id: UUID | None = None
    entry_id: UUID | None = None
    reason: str | None = None
    note: str | None = None


@dataclass
class Case:
    """How a case stands. `state`: asked (being gone through), reviewed, handed_out."""

    id: UUID
    client_id: UUID
    asked_at: datetime
    asked_by: UUID
    reviewer_id: UUID
    state: str = ASKED
    reviewed_at: datetime | None = None
    handed_out_at: datetime | None = None
    taken_out: dict[UUID, Step] = field(default_factory=dict)


def case_of(case_id: UUID, client_id: UUID, steps: Iterable[Step]) -> Case | None:
    """How the case stands after these steps, oldest first."""
    case: Case | None = None
    for step in steps:
        if case is None:
            assert step.reviewer_id is not None
            case = Case(case_id, client_id, step.at, step.by_staff_id, step.reviewer_id)
        elif step.what == TAKEN_OUT and step.entry_id:
            case.taken_out[step.entry_id] = step
        elif step.what == PUT_BACK and step.entry_id:
            case.taken_out.pop(step.entry_id, None)
        elif step.what == REVIEWED:
            case.state, case.reviewed_at = REVIEWED, step.at
        elif step.what == HANDED_OUT:
            case.state, case.handed_out_at = HANDED_OUT, step.at
    return case


def may_review(viewer: Viewer, case: Case | None) -> bool:
    """Say whether the person goes through this case: the one who was named, until it is done."""
    return case is not None and case.state == ASKED and viewer.staff_id == case.reviewer_id


def may_be_reviewer(role: str, team_ids: Collection[UUID], following: Collection[UUID]) -> bool:
    """Say whether somebody can be named: who follows the client up, and no peer."""
    return role in TEAM_ROLES and role != "peer" and not set(team_ids).isdisjoint(following)

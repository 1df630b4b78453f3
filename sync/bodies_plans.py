"""Bodies of what stands until a newer entry or an ending (entry_type.py, `Stands`): risk, plans, people around,
agreements, housing, decisions, tasks, planned visits, hand-overs; and meetings."""

import datetime as dt
import uuid
from typing import Annotated

from msgspec import Meta, Struct

from sync.bodies_base import Body, Line, Moment, Name, Note, Reason, Short, StaffIds, Words
from sync.codes import AgreementKind, Housing, Judgement
from sync.codes_plans import (
    ContactRole,
    DecisionGround,
    Dwelling,
    FilledBy,
    HousingTransition,
    MeetingKind,
    ObtainedBy,
    Per,
    PlanKind,
    PlannedOutcome,
    PlanSharedWith,
    RiskAdvice,
    RiskOutcome,
    Staffing,
    TaskOutcome,
    YesNo,
)

WallTime = Annotated[str, Meta(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9](?!\n)$", max_length=5)]
"""Norwegian wall time, `11:30`."""
Said = Annotated[str, Meta(max_length=500, pattern=r"\S")]
"""A line of which something can be read."""
Told = Annotated[str, Meta(max_length=10_000, pattern=r"\S")]
Hours = Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?(?!\n)$", max_length=6)]
Advice = Annotated[tuple[RiskAdvice, ...], Meta(min_length=1, max_length=50)]
Replaces = Annotated[tuple[uuid.UUID, ...], Meta(max_length=50)]
"""The versions (ids of entries) that the author had in front of them."""
Lines = Annotated[tuple[Said, ...], Meta(max_length=50)]
Minutes = Annotated[int, Meta(ge=1, le=1_440)]


class RiskNoted(Body, frozen=True, kw_only=True):
    """«Før du går inn»: of a situation or an address, never of a character."""

    risk_id: uuid.UUID
    advice: Advice
    reason: Reason
    review_on: dt.date


class RiskReviewed(Body, frozen=True, kw_only=True):
    """Somebody has looked at it again."""

    risk_id: uuid.UUID
    outcome: RiskOutcome
    advice: Advice | None = None
    reason: Reason | None = None
    review_on: dt.date | None = None

    def problem(self) -> str | None:
        """What goes on is looked at again."""
        return "review_on" if self.review_on is None and self.outcome is not RiskOutcome.ended else None


class PlanTask(Struct, frozen=True, kw_only=True):
    """A line of an individual plan."""

    what: Said
    who: Line
    by_on: dt.date | None = None


class Goal(Struct, frozen=True, kw_only=True):
    """What the person wants, in their own words."""

    text: Said
    since_on: dt.date | None = None


class Bed(Struct, frozen=True, kw_only=True):
    """A bed the person may ask for themselves."""

    place: Said
    phone: Short | None = None
    nights: Annotated[int, Meta(ge=0, le=365)] | None = None


class WhenAdmitted(Struct, frozen=True, kw_only=True):
    """What is to be seen to while the person is admitted."""

    children: Line | None = None
    animals: Line | None = None
    keys: Line | None = None
    mail: Line | None = None
    medicine: Line | None = None


class PlanNoted(Body, frozen=True, kw_only=True):
    """A plan in the client's own words; the newest of its kind stands."""

    kind: PlanKind
    green: Words | None = None
    yellow_signs: Words | None = None
    yellow_me: Words | None = None
    yellow_you: Words | None = None
    red_need: Words | None = None
    red_avoid: Words | None = None
    tell: Words | None = None
    tell_not: Words | None = None
    bed: Bed | None = None
    when_admitted: WhenAdmitted | None = None
    made_with: Line | None = None
    shared_with: Annotated[tuple[PlanSharedWith, ...], Meta(max_length=50)] = ()
    items: Annotated[tuple[PlanTask, ...], Meta(max_length=50)] | None = None
    goals: Annotated[tuple[Goal, ...], Meta(max_length=50)] | None = None
    awake_from: WallTime | None = None
    awake_to: WallTime | None = None
    reach: Line | None = None
    likes: Lines = ()
    replaces: Replaces | None = None

    def problem(self) -> str | None:
        """An individual plan has its lines, goals are there."""
        if self.kind is PlanKind.individual and self.items is None:
            return "items"
        return "goals" if self.kind is PlanKind.goals and self.goals is None else None


class ContactPersonNoted(Body, frozen=True, kw_only=True):
    """Somebody around the client, what they may be told, and what not."""

    contact_id: uuid.UUID
    role: ContactRole
    name: Name
    call_if_not_found: YesNo
    phone: Short | None = None
    may_be_told: Words | None = None
    must_not_be_told: Words | None = None
    ended: bool = False
    replaces: Replaces | None = None


class AgreementRecorded(Body, frozen=True, kw_only=True):
    """An agreement with the client, in the client's own words."""

    agreement_id: uuid.UUID
    kind: AgreementKind
    words: Told
    made_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    review_on: dt.date | None = None
    party: Said | None = None
    purpose: Said | None = None

    def problem(self) -> str | None:
        """A consent is to share with somebody, for something."""
        if self.kind is not AgreementKind.consent:
            return None
        return "party" if self.party is None else "purpose" if self.purpose is None else None


class MeetingHeld(Body, frozen=True, kw_only=True):
    """A meeting, with whom, and what was said."""

    meeting_id: uuid.UUID
    kind: MeetingKind
    attended: Lines = ()
    with_staff: StaffIds = ()
    minutes: Note | None = None


class TaskSet(Body, frozen=True, kw_only=True):
    """Something to do between meetings; `meeting_id` is a label, never checked."""

    task_id: uuid.UUID
    what: Reason
    owner_id: uuid.UUID | None = None
    due_on: dt.date | None = None
    meeting_id: uuid.UUID | None = None
    replaces: Replaces | None = None


class TaskDone(Body, frozen=True, kw_only=True):
    """It is done, or nobody does it any more."""

    task_id: uuid.UUID
    outcome: TaskOutcome


class HandoverNoted(Body, frozen=True, kw_only=True):
    """What the next shift, or another team, must know."""

    what: Reason
    important: bool = False
    to_team_id: uuid.UUID | None = None
    until_at: Moment | None = None


class HandoverRead(Body, frozen=True, kw_only=True):
    """The author has read these."""

    entry_ids: Annotated[tuple[uuid.UUID, ...], Meta(max_length=50)]


class HousingChanged(Body, frozen=True, kw_only=True):
    """Where the client lives now; whether it is safe and good is apart from how they have it."""

    situation: Housing
    from_on: dt.date
    transition: HousingTransition | None = None
    safe: Judgement | None = None
    good: Judgement | None = None
    dwelling: Dwelling | None = None
    staffing: Staffing | None = None
    contract_end_on: dt.date | None = None
    obtained_by: ObtainedBy | None = None
    filled_by: FilledBy | None = None


class DecisionRecorded(Body, frozen=True, kw_only=True):
    """A decision (vedtak) about a service; `hours` is a decimal text."""

    decision_id: uuid.UUID
    service: Said
    ground: DecisionGround
    from_on: dt.date
    to_on: dt.date | None = None
    hours: Hours | None = None
    per: Per | None = None
    coordinator_id: uuid.UUID | None = None
    replaces: Replaces | None = None

    def problem(self) -> str | None:
        """It does not end before it begins."""
        return "to_on" if self.to_on is not None and self.to_on < self.from_on else None


class DecisionEnded(Body, frozen=True, kw_only=True):
    """It holds to that day."""

    decision_id: uuid.UUID
    on: dt.date


class VisitPlanned(Body, frozen=True, kw_only=True):
    """Somebody means to come, then."""

    plan_id: uuid.UUID
    at: Moment
    duration_min: Minutes | None = None
    staff_ids: StaffIds = ()
    what: Line | None = None


class VisitPlanEnded(Body, frozen=True, kw_only=True):
    """Nobody comes then any more, or somebody has been there."""

    plan_id: uuid.UUID
    outcome: PlannedOutcome

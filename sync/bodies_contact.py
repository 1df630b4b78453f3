"""Bodies of what staff see and hear: visits, street contacts, calls, sightings, concerns, entries into homes, and what
they judged of it."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, field

from sync.bodies_base import About, Body, Count, Line, Moment, Name, Reason, StaffIds, Words
from sync.codes import (
    CallDirection,
    CallOutcome,
    CallWith,
    CancelledBy,
    Condition,
    EntryGround,
    Equipment,
    Found,
    Medication,
    Offered,
    ReportDecision,
    ReportKind,
    Sighting,
    Source,
    Told,
    Topic,
    Tried,
    Urgency,
    VisitContact,
    VisitOutcome,
    VisitPlace,
)

DurationMinutes = Annotated[int, Meta(ge=0, le=2_880)]
People = Annotated[int, Meta(ge=1, le=500)]
HandedOut = Annotated[
    dict[Equipment, Count], Meta(extra_json_schema={"propertyNames": {"enum": [code.value for code in Equipment]}})
]


class VisitLogged(Body, frozen=True, kw_only=True):
    """A home visit, met or not."""

    outcome: VisitOutcome
    place: VisitPlace
    contact: VisitContact | None = None
    cancelled_by: CancelledBy | None = None
    medication: Medication | None = None
    children_present: bool | None = None
    interpreter: bool | None = None
    announced: bool | None = None
    with_staff: StaffIds = ()
    duration_min: DurationMinutes | None = None
    condition: Condition | None = None
    client_said: Words | None = None
    topics: Annotated[tuple[Topic, ...], Meta(max_length=50)] = ()
    agreed: Words | None = None
    next_contact_on: dt.date | None = None
    quick: bool | None = None
    """One tap on «Sett»: that the person was seen, and no more. The place is the usual one, not one that was chosen."""


class StreetContactLogged(Body, frozen=True, kw_only=True):
    """Somebody met outdoors, named or not; what a private one may hold: private_talks.py."""

    place_label: Name
    people: People
    offered: Annotated[tuple[Offered, ...], Meta(max_length=50)] = ()
    equipment: HandedOut | None = None
    guided_to: Offered | None = None
    private: bool = False


class CallLogged(Body, frozen=True, kw_only=True):
    """A call or a message; only the client's own voice is heard."""

    direction: CallDirection
    outcome: CallOutcome
    with_whom: CallWith = field(default=CallWith.client, name="with")


class SightingReported(Body, frozen=True, kw_only=True):
    """Somebody else saw the person, missed the person, or worries."""

    source: Source
    what: Sighting = Sighting.seen


class ConcernRaised(Body, frozen=True, kw_only=True):
    """Worried, whatever the clock says; only `now` opens an alert.

    Nobody types before an alert goes: with `now` the reason may be empty or absent, and comes after as a correction.
    `about`: who it is, where nobody knows the client.
    """

    reason: Words | None = None
    about: About | None = None
    urgency: Urgency = Urgency.now

    def problem(self) -> str | None:
        """A line for today or for the meeting says nothing without its reason."""
        return "reason" if self.urgency is not Urgency.now and not (self.reason or "").strip() else None


class HomeEntered(Body, frozen=True, kw_only=True):
    """Staff went in without being let in."""

    ground: EntryGround
    reason: Reason
    found: Found
    tried: Annotated[tuple[Tried, ...], Meta(max_length=50)] = ()
    decided_by: Line | None = None
    with_staff: StaffIds = ()
    left_at: Moment | None = None
    told: Told | None = None
    key_back: bool | None = None


class DutyToReportNoted(Body, frozen=True, kw_only=True):
    """Somebody has judged whether the law asks them to report; the report itself goes by its own channel."""

    kind: ReportKind
    decided: ReportDecision
    reason: Reason

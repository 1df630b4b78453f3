"""Bodies that move the clock or answer an alert or a concern: the watch agreement, absences, alerts."""

import datetime as dt
import uuid
from typing import Annotated

from msgspec import Meta

from sync.bodies_base import Body, IntervalMinutes, Line, Moment, Reason, Short
from sync.codes import (
    AbsenceKind,
    AbsenceOutcome,
    AlertOutcome,
    Counts,
    Shift,
    Source,
    WatchMode,
    WhenClosed,
)

Counted = Annotated[
    tuple[Counts, ...], Meta(max_length=10, extra_json_schema={"contains": {"const": Counts.seen.value}})
]


class WatchSet(Body, frozen=True, kw_only=True):
    """The watch agreed with the client; a field left out has its default, not its old value."""

    mode: WatchMode
    reason: Reason
    team_id: uuid.UUID | None = None
    interval_minutes: IntervalMinutes | None = None
    counts: Counted = (Counts.seen,)
    sources: Annotated[tuple[Source, ...], Meta(max_length=50)] = ()
    shifts: Annotated[tuple[Shift, ...], Meta(max_length=10)] = ()
    may_enter: bool | None = None
    key_ref: Short | None = None
    tighten_days: Annotated[int, Meta(ge=0, le=365)] | None = None
    when_closed: WhenClosed | None = None
    review_on: dt.date | None = None
    pause_with_others: bool = False

    def problem(self) -> str | None:
        """To see the person always counts."""
        return None if Counts.seen in self.counts else "counts"


class AbsenceStarted(Body, frozen=True, kw_only=True):
    """Somebody is away; when both ends are given, the one with a time is the end."""

    absence_id: uuid.UUID
    kind: AbsenceKind
    where: Line | None = None
    expected_end_on: dt.date | None = None
    expected_end_at: Moment | None = None
    confirmed_with: Line | None = None


class AbsenceEnded(Body, frozen=True, kw_only=True):
    """Somebody is back."""

    absence_id: uuid.UUID
    outcome: AbsenceOutcome | None = None
    where_to: Line | None = None


class AbsenceConfirmed(Body, frozen=True, kw_only=True):
    """Somebody has asked how it stands: still away, perhaps with a new end. Without one, asked again 7 days on."""

    absence_id: uuid.UUID
    expected_end_on: dt.date | None = None
    expected_end_at: Moment | None = None
    confirmed_with: Line | None = None


class WatchHandedOver(Body, frozen=True, kw_only=True):
    """A closing team asks an open one to watch over the client meanwhile; theirs once somebody there has taken it."""

    to_team_id: uuid.UUID
    until_at: Moment


class WatchTakenOver(Body, frozen=True, kw_only=True):
    """Somebody in the other team has taken it, by name."""

    handed_over_id: uuid.UUID


class ConcernAnswered(Body, frozen=True, kw_only=True):
    """A concern for today or the board, or a sighting missed or worried, has been looked into: off the list."""

    entry_id: uuid.UUID


class AlertAcknowledged(Body, frozen=True, kw_only=True):
    """«Jeg tar den»."""

    alert_id: uuid.UUID


class AlertSnoozed(Body, frozen=True, kw_only=True):
    """«Utsett med grunn»."""

    alert_id: uuid.UUID
    until: Moment
    reason: Reason


class AlertResolved(Body, frozen=True, kw_only=True):
    """Ended by hand; was_seen says when, and so becomes a contact."""

    alert_id: uuid.UUID
    reason: Reason
    outcome: AlertOutcome = AlertOutcome.other
    seen_at: Moment | None = None
    seen_by: Line | None = None
    next_check_at: Moment | None = None

    def problem(self) -> str | None:
        """Seen has a time."""
        return "seen_at" if self.outcome is AlertOutcome.was_seen and self.seen_at is None else None


class AlertHandedOver(Body, frozen=True, kw_only=True):
    """«Gi videre»: owned once that person acknowledges."""

    alert_id: uuid.UUID
    to_staff_id: uuid.UUID

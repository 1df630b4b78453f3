"""Bodies about the team's own day: opening hours, and the safety of those who are out."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from sync.bodies_base import Body, Line, Moment, StaffIds
from sync.codes import WhenClosed

WallTime = Annotated[str, Meta(pattern=r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)(?!\n)$", max_length=5)]
"""Norwegian wall time, `07:30`; `24:00` is midnight at the end of the day."""
Span = tuple[WallTime, WallTime]
"""From and to; a `to` that is not after `from` means the next day."""
Spans = Annotated[tuple[Span, ...], Meta(max_length=10)]


class Week(Struct, frozen=True, kw_only=True):
    """When the team is open, day by day; a day left out is closed."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()


class ShiftSpans(Struct, frozen=True, kw_only=True):
    """The team's own shifts; one left out has its usual times."""

    day: Span | None = None
    evening: Span | None = None
    night: Span | None = None


class TeamHoursSet(Body, frozen=True, kw_only=True):
    """When the team is open, and what becomes of what falls due while it is closed. The newest one holds."""

    team_id: uuid.UUID
    hours: Week
    when_closed: WhenClosed
    shifts: ShiftSpans | None = None
    closed_days: Annotated[tuple[dt.date, ...], Meta(max_length=400)] = ()
    to_team_id: uuid.UUID | None = None

    def problem(self) -> str | None:
        """To hand over takes another team, and no span is empty."""
        if self.to_team_id == self.team_id or (self.when_closed is WhenClosed.hand_over and self.to_team_id is None):
            return "to_team_id"
        if any(opens == closes or opens == "24:00" for opens, closes in _spans(self.hours)):
            return "hours"
        empty = any(begins == ends or begins == "24:00" for begins, ends in _spans(self.shifts))
        return "shifts" if empty else None


def _spans(spans: Week | ShiftSpans | None) -> Iterator[Span]:
    for name in spans.__struct_fields__ if spans else ():
        value = getattr(spans, name)
        if isinstance(spans, Week):
            yield from value
        elif value is not None:
            yield value


class VisitStarted(Body, frozen=True, kw_only=True):
    """Somebody goes in, and says when they mean to be out again."""

    visit_id: uuid.UUID
    expected_end_at: Moment
    with_staff: StaffIds = ()


class VisitEnded(Body, frozen=True, kw_only=True):
    """They are out again."""

    visit_id: uuid.UUID


class HelpRequested(Body, frozen=True, kw_only=True):
    """«Be om hjelp»: everyone on duty and the leader are told at once. Not an alarm in place of 112."""

    visit_id: uuid.UUID | None = None
    place_label: Line | None = None

"""A week of the duty list as a calendar: people as rows, days as columns, duties as bars drawn to the hour.

A bar has its place in thousandths of the day it stands on: a day of 23 or 25 hours is as wide as the others.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from fieldapp.domain.duty import DUTY
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.queries.duty import DutyDay, DutyRow

WHOLE = 1000
_MIDNIGHT = dt.time(0, 0)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Bar:
    """What somebody has of one day; it may have begun before it, or last beyond it."""

    row: DutyRow
    begins: int
    width: int
    begins_here: bool
    ends_here: bool


@dataclass(frozen=True)
class Line:
    """One person, with the bars of each day."""

    staff_id: UUID
    name: str
    works_here: bool
    days: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True)
class Week:
    """Everybody's lines; for each day where somebody is on duty, as (begins, width), backups not counted; and where in
    its day the present is."""

    covers: tuple[tuple[tuple[int, int], ...], ...]
    lines: tuple[Line, ...]
    now_at: int


def week_of(days: Sequence[DutyDay], members: Iterable[tuple[UUID, str]], now: dt.datetime) -> Week:
    """Lay out a week: those who can be put on duty, and whoever else stands on the list in it, by name."""
    working = dict(members)
    names = {row.staff_id: row.name for day in days for row in day.rows} | working
    lines = tuple(
        Line(staff_id, name, staff_id in working, tuple(tuple(_bars(day, staff_id)) for day in days))
        for staff_id, name in sorted(names.items(), key=lambda one: (one[1], str(one[0])))
    )
    return Week(tuple(tuple(_cover(day)) for day in days), lines, _place(now, *_edges(day_of(now))))


def _bars(day: DutyDay, staff_id: UUID) -> Iterator[Bar]:
    opens, closes = _edges(day.on)
    for row in day.rows:
        if row.staff_id == staff_id:
            begins, ends = _place(row.from_at, opens, closes), _place(row.to_at, opens, closes)
            yield Bar(row, begins, ends - begins, row.from_at >= opens, row.to_at <= closes)


def _cover(day: DutyDay) -> Iterator[tuple[int, int]]:
    opens, closes = _edges(day.on)
    for row in day.rows:
        if row.duty == DUTY and row.works_here:
            begins, ends = _place(row.from_at, opens, closes), _place(row.to_at, opens, closes)
            yield begins, ends - begins


def _edges(on: dt.date) -> tuple[dt.datetime, dt.datetime]:
    return at_wall_time(on, _MIDNIGHT), at_wall_time(on + _DAY, _MIDNIGHT)


def _place(at: dt.datetime, opens: dt.datetime, closes: dt.datetime) -> int:
    part = (at - opens) / (closes - opens)
    return round(WHOLE * min(max(part, 0), 1))

"""A client's year on one page: how they were met month by month, what happened, and where they were.

Counted from codes and times alone; of what was written only the turning points are read.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.models import Absence, Entry, EntryState
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries import cases, entries
from fieldapp.queries.cases import CaseRow
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.visible import visible_clients
from sync.entry_types import types_that

MOST_TURNS = 150
_DEGREES = ("seen", "heard", "reported", "attempt")
_STANDS = ("agreement", "housing", "decision", "plan", "meeting", "risk")
TURNS = types_that(
    lambda row: (
        row.opens_case
        or row.registers
        or row.gives_team
        or row.follow_up is not None
        or row.terms is not None
        or (row.death is not None and row.timeline == "client")
        or (row.stands is not None and row.stands.kind in _STANDS and row.stands.part not in ("reads", "reviews"))
    )
)
"""What a year is told by: cases and crises, who follows, agreements, plans, housing, decisions, meetings."""


@dataclass(frozen=True)
class Month:
    """One month: how often they were met, by degree, and on how many days they were away."""

    first: dt.date
    met: Counter[str]
    away: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it."""
        return not self.met and not self.away


@dataclass(frozen=True)
class Away:
    """One absence, or the part of it that lies in the year."""

    kind: str
    from_on: dt.date
    to_on: dt.date | None


@dataclass(frozen=True)
class Year:
    """All of it. `turns`: the oldest first; `left_out`: there are more than a page holds."""

    year: int
    months: tuple[Month, ...]
    total: Month
    absences: tuple[Away, ...]
    cases: tuple[CaseRow, ...]
    turns: tuple[EntryRow, ...]
    left_out: bool


def client_year(session: Session, viewer: Viewer, client_id: UUID, year: int, now: dt.datetime) -> Year:
    """Of a client that the viewer sees; of this year what has been."""
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), day_of(now))
    begins, ends = at_wall_time(first, dt.time.min), at_wall_time(dt.date(year + 1, 1, 1), dt.time.min)
    away = _away(session, viewer, client_id, begins, ends)
    months = _months(_met(session, viewer, client_id, begins, ends), away, first, last)
    standing = and_(EntryState.struck_by.is_(None), begins <= HAPPENED_AT, ends > HAPPENED_AT)
    turns = entries.found_of_client(session, viewer, client_id, and_(standing, Entry.type.in_(TURNS)), MOST_TURNS + 1)
    entries.note(session, turns[:MOST_TURNS])
    met: Counter[str] = sum((month.met for month in months), Counter())
    return Year(
        year=year,
        months=months,
        total=Month(first, met, sum(month.away for month in months)),
        absences=tuple(away),
        cases=tuple(one for one in cases.cases_of_client(session, viewer, client_id) if _is_in(one, begins, ends)),
        turns=tuple(reversed(turns[:MOST_TURNS])),
        left_out=len(turns) > MOST_TURNS,
    )


def _met(
    session: Session, viewer: Viewer, client_id: UUID, begins: dt.datetime, ends: dt.datetime
) -> list[tuple[str, dt.date]]:
    """(degree, day) of every contact and attempt."""
    met = and_(EntryState.contact_at >= begins, EntryState.contact_at < ends, EntryState.degree.in_(_DEGREES))
    query = (
        select(EntryState.degree, EntryState.contact_at)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(EntryState.client_id == client_id, met, entries.visible_entries(viewer))
    )
    return [(degree, day_of(at)) for degree, at in session.execute(query)]


def _away(session: Session, viewer: Viewer, client_id: UUID, begins: dt.datetime, ends: dt.datetime) -> list[Away]:
    in_year: ColumnElement[bool] = and_(
        Absence.started_at < ends, or_(Absence.ended_at.is_(None), Absence.ended_at >= begins)
    )
    query = (
        select(Absence.id, Absence.kind, Absence.started_at, Absence.ended_at)
        .where(Absence.client_id == client_id, Absence.client_id.in_(visible_clients(viewer)), in_year)
        .order_by(Absence.started_at, Absence.id)
    )
    rows = session.execute(query).all()
    for absence_id, *_ in rows:
        shown(session, "absence", client_id, absence_id)
    return [Away(kind, day_of(from_at), day_of(to_at) if to_at else None) for _, kind, from_at, to_at in rows]


def _months(
    met: Sequence[tuple[str, dt.date]], away: Sequence[Away], first: dt.date, last: dt.date
) -> tuple[Month, ...]:
    by_month: dict[int, Counter[str]] = {}
    for degree, day in met:
        by_month.setdefault(day.month, Counter())[degree] += 1
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    days_away = Counter(day.month for day in days if any(_covers(one, day) for one in away))
    return tuple(
        Month(first.replace(month=month), by_month.get(month, Counter()), days_away[month])
        for month in range(1, last.month + 1)
    )


def _covers(one: Away, day: dt.date) -> bool:
    """A day is away when its night is: the day of coming home is not."""
    return one.from_on <= day and (one.to_on is None or day < one.to_on)


def _is_in(case: CaseRow, begins: dt.datetime, ends: dt.datetime) -> bool:
    return case.opened_at < ends and (case.closed_at is None or case.closed_at >= begins)

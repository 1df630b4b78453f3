"""What threatens a client's home, in one line of time: rent, complaints, incidents, letters, and where they live.

The law's dates stand beside it in two lists that are never mixed: what must be answered by a day, and what can happen
from one (domain/tenancy.py).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.domain.tenancy import LegalDate
from fieldapp.queries import cases, entries
from fieldapp.queries.cases import TENANCY_KINDS, CaseRow
from fieldapp.queries.entry_rows import EntryRow


@dataclass(frozen=True)
class Happening:
    """One point: an entry, or a letter on the day it is dated (`received_on` where only that is known)."""

    on: dt.date
    case: CaseRow | None
    entry: EntryRow | None = None
    letter: dict[str, Any] | None = None


@dataclass(frozen=True)
class TenancyLine:
    """All of it. `by_dates` and `from_dates`: of the open cases, the earliest first."""

    cases: tuple[CaseRow, ...]
    by_dates: tuple[tuple[LegalDate, CaseRow], ...]
    from_dates: tuple[tuple[LegalDate, CaseRow], ...]
    own_deadlines: tuple[tuple[dt.date, CaseRow], ...]
    happenings: tuple[Happening, ...]
    """The newest first."""
    without_day: tuple[Happening, ...] = ()
    """Letters of which nobody knows the day."""


def tenancy_line(session: Session, viewer: Viewer, client_id: UUID) -> TenancyLine:
    """Of a client that the viewer sees."""
    found = tuple(one for one in cases.cases_of_client(session, viewer, client_id) if one.kind in TENANCY_KINDS)
    by_id = {one.id: one for one in found}
    told = entries.entries_of_tenancy(session, viewer, client_id, list(by_id))
    happened = [Happening(day_of(one.at), by_id.get(one.case_id) if one.case_id else None, entry=one) for one in told]
    letters = [one for case in found for one in _letters(case)]
    dated = [*happened, *(one for one in letters if one.on != dt.date.min)]
    return TenancyLine(
        cases=found,
        by_dates=_sorted((date, case) for case in found for date in case.by_dates),
        from_dates=_sorted((date, case) for case in found for date in case.from_dates),
        own_deadlines=tuple((day, case) for case in found if case.is_open and (day := _own_deadline(case))),
        happenings=tuple(sorted(dated, key=_newest_first, reverse=True)),
        without_day=tuple(one for one in letters if one.on == dt.date.min),
    )


def _letters(case: CaseRow) -> Iterator[Happening]:
    for letter in case.facts.get("letters") or ():
        day = letter.get("dated_on") or letter.get("sent_on") or letter.get("received_on")
        yield Happening(dt.date.fromisoformat(day) if day else dt.date.min, case, letter=letter)


def _own_deadline(case: CaseRow) -> dt.date | None:
    """What the team has set itself: the case's deadline is the earliest of that and the law's."""
    day = case.facts.get("deadline_on")
    return dt.date.fromisoformat(day) if day else None


def _sorted(dates: Iterator[tuple[LegalDate, CaseRow]]) -> tuple[tuple[LegalDate, CaseRow], ...]:
    return tuple(sorted(dates, key=lambda one: (one[0].on, one[0].code)))


def _newest_first(one: Happening) -> tuple[dt.date, str]:
    return one.on, one.entry.at.isoformat() if one.entry else ""

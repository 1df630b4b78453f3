"""A client's entries as they are searched and leafed through: by kind, person, period and words, month by month.

Bodies lie under the client's key, so words are looked for here and not by the database: in so many entries at a time,
and of what the viewer is shown of each. Only what is found is noted as read.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.models import Entry, EntryState, Staff
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries import entries
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.texts.entry_fields import fields_of
from fieldapp.texts.entry_words import entry_title
from sync.folding import folded_words

PAGE = 50
AT_A_TIME = 250
MOST_TIMES = 4
"""How many entries one request looks for words in: `AT_A_TIME` times this."""

Place = tuple[dt.datetime, UUID]
"""Where a page ended: the time and the id of its last entry."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty: everything. `until`: the last day, included."""

    kind: str = ""
    author_id: UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    words: str = ""
    before: Place | None = None


@dataclass(frozen=True)
class Page:
    """Entries, the newest first. `older`: where the next page begins, None at the end; `looked_to`: how far back words
    were looked for, where that is not the end."""

    entries: tuple[EntryRow, ...]
    older: Place | None
    looked_to: dt.datetime | None = None


@dataclass(frozen=True)
class Known:
    """What the entries of a client can be narrowed to."""

    kinds: tuple[str, ...]
    authors: tuple[tuple[UUID, str], ...]
    months: tuple[tuple[dt.date, int], ...]
    """The first day of each month in which something happened, the newest first, and how many entries."""

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something happened, the newest first."""
        return tuple(dict.fromkeys(month.year for month, _ in self.months))


def known(session: Session, viewer: Viewer, client_id: UUID) -> Known:
    """Of the entries that the viewer sees."""
    query = (
        select(Entry.type, Entry.author_id, HAPPENED_AT)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(EntryState.client_id == client_id, entries.visible_entries(viewer))
    )
    rows = session.execute(query).all()
    authors = {author_id for _, author_id, _ in rows}
    names = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(authors)).order_by(Staff.name, Staff.id))
    months = Counter(day_of(at).replace(day=1) for _, _, at in rows)
    return Known(
        kinds=tuple(sorted({type_ for type_, _, _ in rows})),
        authors=tuple((staff_id, name) for staff_id, name in names),
        months=tuple(sorted(months.items(), reverse=True)),
    )


def search(session: Session, viewer: Viewer, client_id: UUID, wanted: Wanted, now: dt.datetime) -> Page:
    """One page of the entries that fit."""
    words = folded_words(wanted.words)
    fold = cache(_folded)  # the same words come again and again; kept no longer than this search
    found: list[EntryRow] = []
    before, step = wanted.before, AT_A_TIME if words else PAGE + 1
    for _ in range(MOST_TIMES if words else 1):
        rows = entries.found_of_client(session, viewer, client_id, _conditions(wanted, before), step)
        found += [row for row in rows if _says(row, words, now, fold)]
        is_end = len(rows) < step
        if is_end or len(found) > PAGE:
            break
        before = rows[-1].at, rows[-1].id
    entries.note(session, found[:PAGE])
    if len(found) > PAGE:
        last = found[PAGE - 1]
        return Page(tuple(found[:PAGE]), (last.at, last.id))
    return Page(tuple(found), None) if is_end else Page(tuple(found), before, before[0] if before else None)


def _conditions(wanted: Wanted, before: Place | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.kind:
        conditions.append(Entry.type == wanted.kind)
    if wanted.author_id:
        conditions.append(Entry.author_id == wanted.author_id)
    if wanted.since:
        conditions.append(at_wall_time(wanted.since, dt.time.min) <= HAPPENED_AT)
    if wanted.until:
        conditions.append(at_wall_time(wanted.until + dt.timedelta(days=1), dt.time.min) > HAPPENED_AT)
    if before:
        at, entry_id = before
        conditions.append(or_(at > HAPPENED_AT, and_(HAPPENED_AT.in_((at,)), Entry.id < entry_id)))
    return and_(*conditions)


def _says(row: EntryRow, words: Sequence[str], now: dt.datetime, fold: Callable[[str], str]) -> bool:
    """Whether every word stands in what the reader is shown of it, its title and its author among that."""
    if not words:
        return True
    said = fields_of(row.type, row.body, row.names, now, row.corrects)
    told = " ".join([entry_title(row.type, row.body), row.author, *(one.words for one in said)])
    text = " ".join(map(fold, told.split()))
    return all(word in text for word in words)


def _folded(word: str) -> str:
    return " ".join(folded_words(word))

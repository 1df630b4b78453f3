"""Entries of one client that a phone does not keep, newest first, page after page.

Pages go by time and id: change numbers are given anew when somebody gains sight of the client.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Change, Entry, EntryState
from fieldapp.models.read_log import shown
from fieldapp.queries.sync.changes import allowed, bounded
from fieldapp.queries.sync.entry_data import COLUMNS, EntryColumns, entry_data, with_entries
from fieldapp.queries.visible import is_shown
from sync.envelope import Change as ChangeOut

PAGE = 200
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """Where a page ended: the clock time and id of its last entry."""

    clock_at: dt.datetime
    entry_id: uuid.UUID


@dataclass(frozen=True)
class OlderPage:
    """One page; `before` asks for the next, None when there is no more."""

    changes: list[msgspec.Raw]
    """Each a `sync.envelope.Change`, as JSON."""
    before: str | None


class _Row(NamedTuple):
    seq: int
    clock_at: dt.datetime
    columns: EntryColumns

    @property
    def id(self) -> str:
        """The entry's."""
        return str(self.columns[0])


def older_entries(session: Session, viewer: Viewer, client_id: uuid.UUID, before: Place | None) -> OlderPage:
    """The entries of one client before a place, newest first."""
    query = (
        with_entries(select(Change.seq, Entry.clock_at, *COLUMNS))
        .where(Change.kind == "entry", Change.client_id == client_id, Entry.id.is_not(None))
        .where(
            allowed(viewer),
            is_shown(viewer),
            _is_before(before),
            EntryState.struck_as.is_distinct_from("wrong_client"),
        )
        .order_by(Entry.clock_at.desc(), Entry.id.desc())
        .limit(PAGE + 1)
    )
    rows = [_Row(seq, clock_at, columns) for seq, clock_at, *columns in session.connection().execute(query)]
    data = entry_data(session, viewer, [row.columns for row in rows[:PAGE]])
    page = [row for row in rows[:PAGE] if row.id in data]
    sent = bounded([ChangeOut(kind="entry", id=row.id, seq=row.seq, data=data[row.id]) for row in page])
    for row in page[: len(sent)]:
        shown(session, "entry", client_id, uuid.UUID(row.id))
    if not sent or (len(rows) <= PAGE and len(sent) == len(page)):
        return OlderPage(sent, None)
    last = page[len(sent) - 1]
    return OlderPage(sent, write(Place(last.clock_at, uuid.UUID(last.id))))


def _is_before(place: Place | None) -> ColumnElement[bool]:
    if place is None:
        return Entry.id.is_not(None)
    same = and_(Entry.clock_at == place.clock_at, Entry.id < place.entry_id)
    return or_(Entry.clock_at < place.clock_at, same)


def write(place: Place) -> str:
    """The place as the phone sends it back."""
    return f"{(place.clock_at - _EPOCH) // _MICROSECOND}.{place.entry_id.hex}"


def read(text: str) -> Place | None:
    """The place in a text that `write` made; None, which is the newest entry, for any other."""
    found = re.fullmatch(r"(-?\d{1,17})\.([0-9a-f]{32})", text, re.ASCII)
    if found is None:
        return None
    try:
        return Place(_EPOCH + int(found[1]) * _MICROSECOND, uuid.UUID(hex=found[2]))
    except OverflowError:
        return None

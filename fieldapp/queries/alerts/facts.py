"""Entries as evidence: who wrote what, by whose clock, from where, when it came in, and what became of it since.

Visible are the same entries as elsewhere: what was moved out of the wrong client's record is out of sight here too.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.domain.contact import Degree, degree_of
from fieldapp.models import Client, Device, Entry, EntryState, Staff
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries import code6
from fieldapp.queries.entries import visible_entries
from sync.entry_types import parse_body


@dataclass(frozen=True)
class Struck:
    """The correction that took an entry out: who, when it came in, and why."""

    by: str
    at: dt.datetime
    as_: str
    reason: str | None


@dataclass(frozen=True)
class Fact:
    """One entry. `written_at`: what the phone's own clock showed; `at`: the clock time the alerts go by."""

    id: UUID
    type: str
    case_id: UUID | None
    author: str
    body: dict[str, Any]
    at: dt.datetime
    written_at: dt.datetime
    received_at: dt.datetime
    time_chosen: bool
    flags: tuple[str, ...]
    device: str | None
    """The name of the phone; "" for one without a name; None from the office."""
    degree: str
    source: str | None
    contact_at: dt.datetime
    struck: Struck | None
    amended: bool

    @property
    def degree_as_written(self) -> str:
        """The degree of contact it would have, had it not been struck."""
        if self.struck is None:
            return self.degree
        return degree_of(self.type, parse_body(self.type, self.body)).value

    @property
    def is_contact(self) -> bool:
        """Whether it tells of a contact or an attempt."""
        return self.degree_as_written != Degree.none


def facts(session: Session, viewer: Viewer, *wanted: ColumnElement[bool]) -> list[Fact]:
    """The entries that meet the conditions (on Entry and EntryState), by clock time."""
    correction, corrector = aliased(Entry), aliased(Staff)
    query = (
        select(Entry, EntryState, Staff.name, Device.name, correction, corrector.name, Client.protected)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(Staff, Staff.id == Entry.author_id)
        .outerjoin(Device, Device.id == Entry.device_id)
        .outerjoin(correction, correction.id == EntryState.struck_by)
        .outerjoin(corrector, corrector.id == correction.author_id)
        .outerjoin(Client, Client.id == EntryState.client_id)
        .where(visible_entries(viewer), *wanted)
        .order_by(HAPPENED_AT, Entry.id)
    )
    rows = session.execute(query).all()
    for entry, state, *_ in rows:
        shown(session, "entry", state.client_id, entry.id)
    bodies = code6.bodies(session, viewer, [(row[0], row[6]) for row in rows], clock.now())
    return [_fact(*row[:6], bodies.of(row[0], row[1].body, row[6])) for row in rows]


def _fact(
    entry: Entry,
    state: EntryState,
    author: str,
    device: str | None,
    correction: Entry | None,
    corrector: str | None,
    body: dict[str, Any],
) -> Fact:
    return Fact(
        id=entry.id,
        type=entry.type,
        case_id=entry.case_id,
        author=author,
        body=body,
        at=state.happened_at(entry),
        written_at=msgspec.convert(entry.occurred_at, dt.datetime),
        received_at=entry.received_at,
        time_chosen=entry.time_chosen,
        flags=tuple(state.flags_of(entry)),
        device=None if entry.device_id is None else device or "",
        degree=state.degree,
        source=state.source,
        contact_at=state.contact_at,
        struck=_struck(correction, corrector or "", state.struck_as or "") if correction is not None else None,
        amended=state.amended_by is not None,
    )


def _struck(correction: Entry, by: str, as_: str) -> Struck:
    return Struck(by, correction.received_at, as_, correction.body.get("reason"))

"""An entry as a page shows it: what it says now, what the ids in it are called, and what later entries did to it.

Invariant: a body leaves here as its reader may see it: without what code 6 hides, and of what is partly shared
only that. Which entries somebody may see is for entries.py.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import AccessGrant, BoardColumns, Client, Entry, EntryState, Staff, Team
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries import code6
from fieldapp.queries.names import staff_names
from fieldapp.queries.partly import part, partly_read, told
from sync.entry_types import types_that
from sync.envelope import LOCKED

CORRECTION = "entry_corrected"
_TEAMS = ("team_id", "to_team_id")
_PEOPLE = ("staff_id", "to_staff_id", "owner_id", "primary_staff_id", "coordinator_id")
_MANY = ("to_staff_ids", "staff_ids", "with_staff")


@dataclass(frozen=True)
class EntryRow:
    """One entry with the body as it reads after corrections. `struck`: it was retracted, and counts for nothing."""

    id: UUID
    type: str
    client_id: UUID | None
    case_id: UUID | None
    author_id: UUID
    author: str
    at: dt.datetime
    received_at: dt.datetime
    degree: str
    body: dict[str, Any]
    struck: bool
    amended: bool
    clock_uncertain: bool
    no_effect: bool
    locked: bool
    """Written on a locked phone, and its author has not said yet that it is theirs."""
    partly: bool = False
    """Its reader is shown only a part of it."""
    supervisor: str | None = None
    """Who answers for the author, a student then."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the ids in the body are called: teams and people."""
    corrects: str | None = None
    """Of a correction the type of what it corrects."""
    written: dict[str, Any] | None = None
    """The body as it was written, where a correction has changed it."""
    written_at: dt.datetime | None = None
    """Its time before a correction gave it another; None where none has."""
    time_chosen: bool = False


def entry_rows(
    session: Session,
    viewer: Viewer | None,
    seen: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[EntryRow]:
    """The entries this condition holds for, as they are read; noted as shown by whoever shows them."""
    order = (HAPPENED_AT.desc(), Entry.id.desc()) if newest_first else (HAPPENED_AT, Entry.id)
    query = (
        select(Entry, EntryState, Staff.name, _SUPERVISOR, Client.protected)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(Staff, Staff.id == Entry.author_id)
        .outerjoin(Client, Client.id == EntryState.client_id)
        .where(seen)
        .order_by(*order)
        .limit(limit)
    )
    rows = session.execute(query).all()
    names = _names(session, [one.body for row in rows for one in row[:2]]) | _columns(session, [row[0] for row in rows])
    bodies = code6.bodies(session, viewer, [(entry, protected) for entry, _, _, _, protected in rows], clock.now())
    partly = partly_read(session, viewer, [told(row[0]) for row in rows])
    corrected = _corrected(session, [row[0] for row in rows])
    return [
        replace(
            _row(
                entry, state, author, supervisor, bodies.of(entry, state.body, protected), names, partly.get(entry.id)
            ),
            corrects=corrected.get(entry.subject_id) if entry.type == CORRECTION else None,
            written=_written(entry, state, bodies, protected, partly.get(entry.id)),
        )
        for entry, state, author, supervisor, protected in rows
    ]


def _written(
    entry: Entry, state: EntryState, bodies: code6.Body, protected: str | None, fields: Collection[str] | None
) -> dict[str, Any] | None:
    if state.amended_by is None or entry.body == state.body:
        return None
    body = bodies.of(entry, entry.body, protected)
    return body if fields is None else part(body, fields)


def _corrected(session: Session, entries: Collection[Entry]) -> dict[UUID | None, str]:
    """The types of what the corrections among these are of, by id."""
    ids = {entry.subject_id for entry in entries if entry.type == CORRECTION}
    query = select(Entry.id, Entry.type).where(Entry.id.in_(ids))
    return dict(session.execute(query).all()) if ids else {}


_veileder = aliased(Staff)
_SUPERVISOR = (
    select(_veileder.name)
    .join(AccessGrant, AccessGrant.supervisor_id == _veileder.id)
    .where(AccessGrant.staff_id == Entry.author_id)
    .order_by(AccessGrant.from_at.desc())
    .limit(1)
    .correlate(Entry)
    .scalar_subquery()
)
"""Of a student's entries the name of who answers for them: their newest veileder."""


def _names(session: Session, bodies: Collection[dict[str, Any]]) -> dict[str, str]:
    """Of the teams and people these bodies name, by id as text; also of those who have left or ended."""
    given = [pair for body in bodies for part in _parts(body) for pair in part.items()]
    team_ids = {UUID(value) for name, value in given if name in _TEAMS and value}
    named = [value for name, value in given if name in _PEOPLE and value]
    named += [one for name, value in given if name in _MANY and value for one in value]
    people = staff_names(session, {UUID(value) for value in named})
    teams = session.execute(select(Team.id, Team.name).where(Team.id.in_(team_ids))) if team_ids else ()
    return {str(id_): name for id_, name in [*people.items(), *teams]}


def _columns(session: Session, entries: Collection[Entry]) -> dict[str, str]:
    """What the columns of their teams' boards are called, by key."""
    placed = [entry for entry in entries if entry.type in _PLACED]
    team_ids = {entry.team_id for entry in placed} | {UUID(id_) for one in placed if (id_ := one.body.get("team_id"))}
    query = select(BoardColumns.columns).where(BoardColumns.team_id.in_(team_ids))
    return {one["key"]: one["name"] for columns in session.scalars(query) for one in columns} if placed else {}


_PLACED = types_that(lambda row: "column" in row.body.__struct_fields__)


def _parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A body, the card within it, and of a correction what it puts right."""
    yield body
    yield from (body["fields"],) if isinstance(body.get("fields"), dict) else ()
    yield from _parts(body["body"]) if isinstance(body.get("body"), dict) else ()


def _row(
    entry: Entry,
    state: EntryState,
    author: str,
    supervisor: str | None,
    body: dict[str, Any],
    names: Mapping[str, str],
    fields: Collection[str] | None,
) -> EntryRow:
    return EntryRow(
        id=entry.id,
        type=entry.type,
        client_id=state.client_id,
        case_id=entry.case_id,
        author_id=entry.author_id,
        author=author,
        supervisor=supervisor,
        at=state.happened_at(entry),
        received_at=entry.received_at,
        degree=state.degree,
        body=body if fields is None else part(body, fields),
        partly=fields is not None,
        struck=state.struck_by is not None,
        amended=state.amended_by is not None,
        clock_uncertain="clock_uncertain" in entry.flags,
        no_effect=NO_EFFECT in entry.flags,
        locked=LOCKED in state.flags_of(entry),
        names=names,
        written_at=entry.clock_at if state.amended_at else None,
        time_chosen=entry.time_chosen,
    )

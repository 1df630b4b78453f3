"""Accepted entries as a page shows them: who wrote what when, and what later entries did to it."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import protection
from fieldapp.domain.access import Viewer
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import AccessGrant, Client, Entry, EntryState, Staff, Team
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries.names import staff_names
from fieldapp.queries.visible import is_read_by, visible_clients
from sync.envelope import LOCKED

_TEAMS = ("team_id", "to_team_id")
_PEOPLE = ("staff_id", "to_staff_id", "owner_id", "primary_staff_id")


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
    supervisor: str | None = None
    """Who answers for the author, a student then."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the ids in the body are called: teams and people."""


def entries_of_client(session: Session, viewer: Viewer, client_id: UUID, limit: int) -> list[EntryRow]:
    """The client's newest entries, newest first."""
    return _rows(session, viewer, EntryState.client_id == client_id, newest_first=True, limit=limit)


def entries_of_case(session: Session, viewer: Viewer, case_id: UUID) -> list[EntryRow]:
    """The case's timeline, oldest first."""
    return _rows(session, viewer, Entry.case_id == case_id)


def entries_by_id(session: Session, viewer: Viewer, ids: Collection[UUID | None]) -> dict[UUID, EntryRow]:
    """Those of these entries that the viewer may see."""
    wanted = [id_ for id_ in ids if id_ is not None]
    return {row.id: row for row in _rows(session, viewer, Entry.id.in_(wanted))} if wanted else {}


def contacts_since(session: Session, viewer: Viewer, since: dt.datetime) -> list[EntryRow]:
    """Every contact and every attempt since then, newest first; a street contact without a name by its team."""
    return _rows(
        session,
        viewer,
        and_(EntryState.degree != "none", EntryState.contact_at >= since),
        newest_first=True,
    )


def whole_record(session: Session, client_id: UUID) -> tuple[Client, list[EntryRow]]:
    """The client and every entry of the record, oldest first. For innsyn alone, whose right is judged before."""
    shown(session, "record", client_id, opened=True)
    of_record = or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client")
    rows = _seen_rows(session, and_(EntryState.client_id == client_id, of_record))
    return session.get_one(Client, client_id), rows


def _rows(
    session: Session,
    viewer: Viewer,
    wanted: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[EntryRow]:
    seen = and_(wanted, visible_entries(viewer))
    return _seen_rows(session, seen, newest_first=newest_first, limit=limit)


def _seen_rows(
    session: Session, seen: ColumnElement[bool], *, newest_first: bool = False, limit: int | None = None
) -> list[EntryRow]:
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
    names = _names(session, [row[1].body for row in rows])
    for _, state, *_ in rows:
        shown(session, "entry", state.client_id, state.entry_id)
    return [
        _row(entry, state, author, supervisor, protected, names) for entry, state, author, supervisor, protected in rows
    ]


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
    given = [pair for body in bodies for part in (body, body.get("fields") or {}) for pair in part.items()]
    team_ids = {UUID(value) for name, value in given if name in _TEAMS and value}
    people = staff_names(session, {UUID(value) for name, value in given if name in _PEOPLE and value})
    teams = session.execute(select(Team.id, Team.name).where(Team.id.in_(team_ids))) if team_ids else ()
    return {str(id_): name for id_, name in [*people.items(), *teams]}


def visible_entries(viewer: Viewer) -> ColumnElement[bool]:
    """The client decides, without a client the team; out of the wrong client's record is out of sight at once."""
    return and_(
        or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client"),
        is_read_by(viewer.role),
        or_(
            EntryState.client_id.in_(visible_clients(viewer)),
            and_(EntryState.client_id.is_(None), Entry.team_id.in_(viewer.team_ids)),
        ),
    )


def _row(
    entry: Entry,
    state: EntryState,
    author: str,
    supervisor: str | None,
    protected: str | None,
    names: Mapping[str, str],
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
        body=protection.shown(state.body, protected or "none"),
        struck=state.struck_by is not None,
        amended=state.amended_by is not None,
        clock_uncertain="clock_uncertain" in entry.flags,
        no_effect=NO_EFFECT in entry.flags,
        locked=LOCKED in state.flags_of(entry),
        names=names,
    )

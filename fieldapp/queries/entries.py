"""Accepted entries as a page shows them: who wrote what when, and what later entries did to it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp import clock
from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import AccessGrant, BoardColumns, Client, Entry, EntryState, Staff, Team
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries import code6
from fieldapp.queries.names import staff_names
from fieldapp.queries.partly import part, partly_read, told
from fieldapp.queries.visible import is_shown, visible_clients
from sync.entry_types import types_that
from sync.envelope import LOCKED

_CORRECTION = "entry_corrected"
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


def entries_of_client(session: Session, viewer: Viewer, client_id: UUID, limit: int | None) -> list[EntryRow]:
    """The client's newest entries, newest first; None: all of them."""
    return _rows(session, viewer, EntryState.client_id == client_id, newest_first=True, limit=limit)


def entries_of_case(session: Session, viewer: Viewer, case_id: UUID) -> list[EntryRow]:
    """The case's timeline, oldest first."""
    return _rows(session, viewer, Entry.case_id == case_id)


def steps_of_alert(session: Session, viewer: Viewer, alert_id: UUID) -> list[EntryRow]:
    """The steps of the check on this alert that stand, oldest first."""
    of_check = and_(Entry.subject_id == alert_id, Entry.type.in_(_STEPS), EntryState.struck_by.is_(None))
    return _rows(session, viewer, of_check)


_STEPS = types_that(lambda row: row.points_at == "alert" and row.answers is None)


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


def entries_since(session: Session, viewer: Viewer, types: Collection[str], since: dt.datetime) -> list[EntryRow]:
    """What of these types has happened, or come in, since then and nobody has taken back, newest first."""
    new = or_(since <= HAPPENED_AT, Entry.received_at >= since)
    standing = and_(Entry.type.in_(sorted(types)), EntryState.struck_by.is_(None), new)
    return _rows(session, viewer, standing, newest_first=True)


def incidents_of_teams(session: Session, viewer: Viewer) -> list[EntryRow]:
    """What has happened to staff of the viewer's teams, newest first: all that still stands."""
    of_teams = and_(Entry.type.in_(PARTLY_SHARED), Entry.team_id.in_(viewer.team_ids), EntryState.struck_by.is_(None))
    return _rows(session, viewer, of_teams, newest_first=True)


def whole_record(session: Session, client_id: UUID) -> tuple[Client, list[EntryRow]]:
    """The client and every entry of the record, oldest first. For innsyn alone, whose right is judged before."""
    shown(session, "record", client_id, opened=True)
    of_record = or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client")
    rows = _seen_rows(session, None, and_(EntryState.client_id == client_id, of_record))
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
    return _seen_rows(session, viewer, seen, newest_first=newest_first, limit=limit)


def _seen_rows(
    session: Session,
    viewer: Viewer | None,
    seen: ColumnElement[bool],
    *,
    newest_first: bool = False,
    limit: int | None = None,
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
    names = _names(session, [row[1].body for row in rows]) | _columns(session, [row[0] for row in rows])
    bodies = code6.bodies(session, viewer, [(entry, protected) for entry, _, _, _, protected in rows], clock.now())
    partly = partly_read(session, viewer, [told(row[0]) for row in rows])
    corrected = _corrected(session, [row[0] for row in rows])
    for _, state, *_ in rows:
        shown(session, "entry", state.client_id, state.entry_id)
    return [
        replace(
            _row(
                entry, state, author, supervisor, bodies.of(entry, state.body, protected), names, partly.get(entry.id)
            ),
            corrects=corrected.get(entry.subject_id) if entry.type == _CORRECTION else None,
        )
        for entry, state, author, supervisor, protected in rows
    ]


def _corrected(session: Session, entries: Collection[Entry]) -> dict[UUID | None, str]:
    """The types of what the corrections among these are of, by id."""
    ids = {entry.subject_id for entry in entries if entry.type == _CORRECTION}
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


def visible_entries(viewer: Viewer) -> ColumnElement[bool]:
    """The client decides, without a client the team; out of the wrong client's record is out of sight at once."""
    return and_(
        or_(EntryState.struck_as.is_(None), EntryState.struck_as != "wrong_client"),
        is_shown(viewer),
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
    )

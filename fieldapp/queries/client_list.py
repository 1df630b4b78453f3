"""The list of clients at the office: who is followed, by whom, how it stands; searched, filtered, a page at a time.

Names lie under their clients' keys, so search and order are made here and not by the database: as many statements for
five clients as for five thousand.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer, sees_board, sees_watch
from fieldapp.domain.board import OTHER
from fieldapp.domain.client_search import Findable, maybe_same, search
from fieldapp.models import BoardCard, BoardColumns, Client, ClientTeam, EntryState, Staff, Team, Watch
from fieldapp.models.read_log import shown
from fieldapp.queries import standing, still_here
from fieldapp.queries.names import staff_names
from fieldapp.queries.next_contact import next_contacts
from fieldapp.queries.visible import hidden_entries, visible_clients

PAGE = 100
NOBODY = "ingen"
COLUMNS = ("sist", "frist", "neste", "primar", "team", "tavla", "se-pa", "kontakt", "avtale", "telefon", "adresse")
"""What can stand beside the name, in this order."""
USUAL = ("sist", "frist", "primar", "team", "se-pa")
"""What stands there until somebody has chosen."""


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to."""

    text: str = ""
    primary: str = ""
    """The id of somebody, or `ingen`."""
    which: str = ""
    """One of `WHICH`; "": everybody who is followed."""
    page: int = 1


@dataclass(frozen=True)
class BoardPlace:
    """Where on a team's board somebody is; `name` None: a usual column, whose words the screen has."""

    key: str
    name: str | None


@dataclass(frozen=True)
class ClientLine:
    """One client in the list."""

    id: UUID
    name: str
    alias: str | None
    birth_year: int | None
    primary: str | None
    watch_mode: str
    agreed: bool
    last_seen_at: dt.datetime | None
    last_seen_as: str | None
    due_at: dt.datetime | None
    is_paused: bool
    review_on: dt.date | None
    ended_at: dt.datetime | None
    deceased: bool
    teams: tuple[str, ...] = ()
    old_risks: int = 0
    next_on: dt.date | None = None
    contact_interval_days: int | None = None
    on_board: tuple[BoardPlace, ...] = ()
    phone: str | None = None
    address: str | None = None
    """None too for one behind a code: it stands in no list."""


@dataclass(frozen=True)
class ClientList:
    """A page of the list. `found`: how many there are on all pages."""

    lines: tuple[ClientLine, ...]
    found: int
    page: int
    pages: int


def client_list(session: Session, viewer: Viewer, wanted: Wanted, now: dt.datetime, today: dt.date) -> ClientList:
    """Those whom the viewer sees and the list is narrowed to, by name, or best fit first; nobody else is counted."""
    found = _found(session, viewer, wanted, now, today)
    pages = max(1, -(-len(found.ids) // PAGE))
    page = min(max(1, wanted.page), pages)
    lines = _lines(session, viewer, found, found.ids[(page - 1) * PAGE : page * PAGE], now)
    return ClientList(tuple(lines), len(found.ids), page, pages)


def exported(
    session: Session, viewer: Viewer, wanted: Wanted, now: dt.datetime, today: dt.date
) -> Sequence[ClientLine]:
    """All pages of the list, for a file: without those of code 6, who leave Sett in none."""
    found = _found(session, viewer, wanted, now, today)
    ids = [id_ for id_ in found.ids if found.rows[id_].Client.protected != "code6"]
    return _lines(session, viewer, found, ids, now)


@dataclass(frozen=True)
class _Found:
    """Who the list is of, in order, with what it is narrowed by."""

    ids: Sequence[UUID]
    rows: Mapping[UUID, Any]
    primaries: Mapping[UUID, UUID | None]
    risks: Mapping[UUID, int]
    up: Mapping[UUID, tuple[BoardPlace, ...]]


def _found(session: Session, viewer: Viewer, wanted: Wanted, now: dt.datetime, today: dt.date) -> _Found:
    rows = _rows(session, viewer)
    here = still_here.primaries(session, list(rows))
    risks = standing.old_risk_counts(session, viewer, today)
    up = _on_board(session, viewer)
    keep = WHICH.get(wanted.which, _is_followed)
    kept = {
        client_id: row
        for client_id, row in rows.items()
        if keep(row, Sign(risks.get(client_id, 0), client_id in up), now)
        and _has_primary(here[client_id], wanted.primary)
    }
    ids = search({client_id: _findable(row) for client_id, row in kept.items()}, wanted.text)
    return _Found(ids, kept, here, risks, up)


def _on_board(session: Session, viewer: Viewer) -> dict[UUID, tuple[BoardPlace, ...]]:
    """Who is up on a board of the viewer's teams, and where; nobody for who is not shown it."""
    query = (
        select(BoardCard.client_id, BoardCard.team_id, BoardCard.column)
        .where(BoardCard.team_id.in_(viewer.team_ids), BoardCard.client_id.in_(visible_clients(viewer)))
        .where(BoardCard.placed_entry_id.not_in(hidden_entries(viewer)))
        .order_by(BoardCard.since_at, BoardCard.id)
    )
    rows = session.execute(query).all() if sees_board(viewer.role) else []
    own = select(BoardColumns.team_id, BoardColumns.columns).where(BoardColumns.team_id.in_({row[1] for row in rows}))
    names = {
        team_id: {one["key"]: one["name"] for one in columns}
        for team_id, columns in (session.execute(own) if rows else ())
    }
    found: dict[UUID, tuple[BoardPlace, ...]] = {}
    for client_id, team_id, column in rows:
        columns = names.get(team_id)
        key = column if columns is None or column in columns else OTHER
        found[client_id] = (*found.get(client_id, ()), BoardPlace(key, (columns or {}).get(key)))
    return found


def maybe_registered(session: Session, viewer: Viewer, new: Findable) -> list[tuple[UUID, str, int | None]]:
    """(id, name, birth year) of those the viewer sees who may be this person. Whom they do not see is never asked of:
    a hint must not tell that somebody hidden is there."""
    rows = _rows(session, viewer)
    ids = maybe_same({client_id: _findable(row) for client_id, row in rows.items()}, new)
    for client_id in ids:
        shown(session, "client", client_id)
    return [(client_id, rows[client_id].Client.name, rows[client_id].Client.birth_year) for client_id in ids]


def primaries(session: Session, viewer: Viewer) -> list[tuple[UUID, str]]:
    """Who is the primary contact of somebody the viewer sees, by name."""
    query = (
        select(Staff.id, Staff.name)
        .where(Staff.ended_at.is_(None))
        .where(Staff.id.in_(select(Client.primary_staff_id).where(Client.id.in_(visible_clients(viewer)))))
        .order_by(Staff.name, Staff.id)
    )
    return [(staff_id, name) for staff_id, name in session.execute(query)]


def _rows(session: Session, viewer: Viewer) -> dict[UUID, Any]:
    if not sees_watch(viewer.role):
        return {}
    query = (
        select(Client, Watch, EntryState.degree)
        .join(Watch, Watch.client_id == Client.id)
        .outerjoin(EntryState, EntryState.entry_id == Watch.last_seen_entry_id)
        .where(Client.id.in_(visible_clients(viewer)))
    )
    return {row.Client.id: row for row in session.execute(query)}


def _findable(row: Any) -> Findable:
    """Nobody is found by an address behind code 7: that would tell it."""
    client = row.Client
    address = client.address if client.protected == "none" else None
    return Findable(client.name, client.alias, client.birth_year, address)


def _is_ended(row: Any) -> bool:
    return row.Client.ended_at is not None or row.Client.deceased


@dataclass(frozen=True)
class Sign:
    """What else is known of somebody that a list can be narrowed by."""

    old_risks: int
    is_up: bool


def _is_followed(row: Any, _sign: Sign, _now: dt.datetime) -> bool:
    return not _is_ended(row)


def _is_not_seen(row: Any, _sign: Sign, now: dt.datetime) -> bool:
    return not _is_ended(row) and row.Watch.due_at is not None and row.Watch.due_at <= now


def _lacks_agreement(row: Any, _sign: Sign, _now: dt.datetime) -> bool:
    return not _is_ended(row) and row.Watch.mode != "off" and not row.Watch.agreed


WHICH: dict[str, Callable[[Any, Sign, dt.datetime], bool]] = {
    "mangler-avtale": _lacks_agreement,
    "ikke-sett": _is_not_seen,
    "pa-tavla": lambda row, sign, _now: not _is_ended(row) and sign.is_up,
    "gammel-risiko": lambda row, sign, _now: not _is_ended(row) and sign.old_risks > 0,
    "avsluttet": lambda row, _sign, _now: _is_ended(row),
}
"""What the list can be narrowed to, by its code in the address."""


def _has_primary(primary_id: UUID | None, wanted: str) -> bool:
    return not wanted or (str(primary_id) == wanted if primary_id else wanted == NOBODY)


def _lines(session: Session, viewer: Viewer, found: _Found, ids: Sequence[UUID], now: dt.datetime) -> list[ClientLine]:
    here = {id_: found.primaries[id_] for id_ in ids}
    names = staff_names(session, here.values())
    teams = _teams(session, ids)
    next_on = next_contacts(session, viewer, ids, now)
    for client_id in ids:
        shown(session, "watch", client_id)
    return [
        ClientLine(
            id=client.id,
            name=client.name,
            alias=client.alias,
            birth_year=client.birth_year,
            primary=names[one] if (one := here[client.id]) else None,
            watch_mode=watch.mode,
            agreed=watch.agreed,
            last_seen_at=watch.last_seen_at,
            last_seen_as=degree,
            due_at=watch.due_at,
            is_paused=watch.paused_by is not None and (watch.paused_until is None or watch.paused_until > now),
            review_on=watch.review_on,
            ended_at=client.ended_at,
            deceased=client.deceased,
            teams=tuple(teams.get(client.id, ())),
            old_risks=found.risks.get(client.id, 0),
            next_on=None if _is_ended(found.rows[client.id]) else next_on.get(client.id),
            contact_interval_days=client.contact_interval_days,
            on_board=found.up.get(client.id, ()),
            phone=client.phone,
            address=client.address if client.protected == "none" else None,
        )
        for client, watch, degree in (found.rows[id_] for id_ in ids)
    ]


def _teams(session: Session, client_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    query = (
        select(ClientTeam.client_id, Team.name)
        .join(Team, Team.id == ClientTeam.team_id)
        .where(and_(ClientTeam.client_id.in_(client_ids), ClientTeam.active.is_(True)))
        .order_by(Team.name)
    )
    found: dict[UUID, list[str]] = {}
    for client_id, name in session.execute(query) if client_ids else ():
        found.setdefault(client_id, []).append(name)
    return found

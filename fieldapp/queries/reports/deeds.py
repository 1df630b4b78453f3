"""Deeds of a period: entries by whose record they stand in and when they happened, as codes and numbers.

One range of an index per client and degree, so what it costs follows from the period and not from how many years the
database holds. No word is opened: what is covered stays covered.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from fieldapp.domain import board
from fieldapp.domain.access import PARTLY_SHARED
from fieldapp.domain.contact import Degree
from fieldapp.domain.norway import OSLO
from fieldapp.domain.reports.basis import BoardStay, Deed, Period
from fieldapp.models import Client, Entry, EntryState
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries.json_columns import JsonValue
from fieldapp.queries.reports.asked import Asked, Clients, is_counted
from fieldapp.queries.visible import hidden_entries
from sync.entry_types import types_that

TYPES = types_that(lambda row: bool(row.contact))
"""Whatever may say that somebody was met."""
ON_BOARD = types_that(lambda row: "board" in row.refreshes)
_DEGREES = tuple(degree.value for degree in Degree)
_CODES = type_coerce(EntryState.body, JsonValue())
_MINUTE = timedelta(minutes=1)


def deeds_of(session: Session, asked: Asked, clients: Clients, period: Period) -> list[Deed]:
    """What the teams' clients and nobody known were met, tried and called, oldest first: of a client while a team of
    these followed, of nobody known what was written for these teams."""
    of_clients = EntryState.client_id.in_(clients.ids)
    of_nobody = EntryState.client_id.is_(None) & Entry.team_id.in_(asked.team_ids)
    followed = clients.followed
    found = []
    for whose in (of_clients, of_nobody):
        for type_, client_id, author_id, degree, at, received_at, body in session.execute(_query(asked, period, whose)):
            wall = at.astimezone(OSLO)
            if client_id is None or followed.on(client_id, wall.date()):
                late = (received_at - at) // _MINUTE
                found.append(Deed(type_, client_id, author_id, degree, wall, late, body))
    return sorted(found, key=lambda deed: deed.at)


def _query(asked: Asked, period: Period, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Entry.type,
            EntryState.client_id,
            Entry.author_id,
            EntryState.degree,
            EntryState.contact_at,
            Entry.received_at,
            _CODES,
        )
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(
            whose,
            EntryState.degree.in_(_DEGREES),
            EntryState.contact_at >= period.begins,
            EntryState.contact_at < period.ends,
            _is_one_of(TYPES),
            *_stands(asked),
        )
    )


def _stands(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Neither taken back nor barred for the viewer."""
    return EntryState.struck_by.is_(None), Entry.id.not_in(hidden_entries(asked.viewer))


def _is_one_of(types: Collection[str]) -> ColumnElement[bool]:
    """Of these types, as an expression: or SQLite starts from the index of types, at every visit there ever was."""
    return Entry.type.concat("").in_(sorted(types))


def incidents_of(session: Session, asked: Asked) -> list[Mapping[str, Any]]:
    """The bodies of the incidents against the teams' staff in the period, as codes, whoever they were with."""
    query = (
        select(_CODES)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(
            Entry.team_id.in_(asked.team_ids),
            or_(EntryState.client_id.is_(None), is_counted(asked, EntryState.client_id)),
            asked.period.begins <= HAPPENED_AT,
            asked.period.ends > HAPPENED_AT,
            Entry.type.in_(sorted(PARTLY_SHARED)),
            *_stands(asked),
        )
    )
    return list(session.scalars(query))


def board_days(session: Session, asked: Asked, period: Period) -> int:
    """On how many days the teams held a board meeting that is about no single client."""
    query = (
        select(EntryState.contact_at, _CODES)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(
            EntryState.client_id.is_(None),
            EntryState.degree == Degree.none.value,
            EntryState.contact_at >= period.begins,
            EntryState.contact_at < period.ends,
            Entry.team_id.in_(asked.team_ids),
            _is_one_of({"meeting_held"}),
            *_stands(asked),
        )
    )
    held = {at.astimezone(OSLO).date() for at, body in session.execute(query) if body["kind"] == "board"}
    return len(held)


def board_stays(session: Session, asked: Asked, clients: Clients) -> list[BoardStay]:
    """Every time that a client of the teams was on a board of theirs. Of these entries there are few, so that the index
    of types finds them."""
    query = (
        select(EntryState.client_id, Entry.id, HAPPENED_AT, Entry.team_id, Entry.type, _CODES)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type.in_(sorted(ON_BOARD)), EntryState.client_id.in_(clients.ids), *_stands(asked))
    )
    moves: dict[UUID, list[board.Move]] = {}
    for client_id, entry_id, at, team_id, type_, body in session.execute(query):
        of_team = UUID(body["team_id"]) if body.get("team_id") else team_id
        if of_team in asked.team_ids:
            column = body.get("column") if type_ == board.PLACED else None
            moves.setdefault(client_id, []).append(board.Move(at, entry_id, of_team, column))
    return [
        _stay(clients, client_id, stay) for client_id, of_client in moves.items() for stay in board.stays(of_client)
    ]


def _stay(clients: Clients, client_id: UUID, stay: tuple[datetime, datetime | None]) -> BoardStay:
    from_on, to_on = (at.astimezone(OSLO).date() if at else None for at in stay)
    placed_on, removed_on = (
        on if on is not None and clients.followed.on(client_id, on) else None for on in (from_on, to_on)
    )
    return BoardStay(placed_on, removed_on, (to_on - from_on).days if from_on and to_on else 0)


def last_seen(session: Session, ids: Collection[UUID], before: datetime) -> dict[UUID, datetime]:
    """When each client was last seen before a moment, whoever it was that saw them: the end of one range of an index
    each."""
    newest = (
        select(func.max(EntryState.contact_at, type_=EntryState.contact_at.type))
        .where(
            EntryState.client_id == Client.id,
            EntryState.degree == Degree.seen.value,
            EntryState.contact_at < before,
        )
        .correlate(Client)
        .scalar_subquery()
    )
    query = select(Client.id, newest).where(Client.id.in_(ids))
    return {client_id: at for client_id, at in session.execute(query) if at is not None}

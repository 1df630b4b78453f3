"""A team's board: who is up, why and since when, with what the entries say of each since; and everybody else.

As it stood on an earlier morning it is computed from what had come by then. Access is always as it is now.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.domain import board as rules
from fieldapp.domain import board_review
from fieldapp.domain.access import Viewer, sees_board
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.domain.protection import UNTOLD
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import (
    Absence,
    BoardCard,
    BoardColumns,
    Case,
    Client,
    ClientTeam,
    Entry,
    EntryState,
    Standing,
    TeamSetting,
)
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries import code6
from fieldapp.queries.next_contact import next_contacts, told_of
from fieldapp.queries.visible import hidden_cases, hidden_entries, visible_clients
from sync.bodies_board import REVIEWED_AFTER_DAYS
from sync.codes_board import BoardColumn
from sync.entry_types import types_that

MOST_OTHERS = 200
_ON_BOARD = types_that(lambda row: "board" in row.refreshes)
_COLUMNS_SET = types_that(lambda row: "board_columns" in row.refreshes)
_OF_A_DAY = types_that(lambda row: (bool(row.contact) or row.opens_case) and row.points_at != "alert")
"""What fills «siste dager» by itself: contacts, and cases that were opened."""
_OUT_OF = ("admitted", "treatment", "detox", "prison")


@dataclass(frozen=True)
class Column:
    """One column; `name` None: one of the usual ones, whose words the screen has."""

    key: str
    name: str | None


@dataclass(frozen=True)
class LastEntry:
    """What was written last of the client, since the working day before."""

    id: uuid.UUID
    type: str
    body: dict[str, Any]
    at: dt.datetime


@dataclass(frozen=True)
class Card:
    """Somebody who is up. `review`: concern · missed · discharge, when that has come since they were placed."""

    client_id: uuid.UUID
    client: str
    column: str
    since_at: dt.datetime
    placed_at: dt.datetime
    reasons: tuple[str, ...]
    goal: str | None
    down_when: str | None
    review_on: dt.date
    last: LastEntry | None = None
    next_at: dt.datetime | None = None
    """The visit that is planned."""
    next_on: dt.date | None = None
    """The day they should next be met, where no visit is planned."""
    away: str | None = None
    has_crisis_plan: bool = False
    open_cases: int = 0
    review: str | None = None

    @property
    def has_medicine(self) -> bool:
        """Whether a depot, medicine or LAR is why they are up."""
        return bool({"medication", "lar"} & set(self.reasons))


@dataclass(frozen=True)
class OtherLine:
    """Somebody the team follows who is not up, by when they should next be met."""

    client_id: uuid.UUID
    client: str
    next_on: dt.date | None


@dataclass(frozen=True)
class Board:
    """One team's board, its columns from left to right; the longest up first."""

    columns: tuple[Column, ...]
    cards: Mapping[str, tuple[Card, ...]]
    others: tuple[OtherLine, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many are up."""
        return sum(len(cards) for cards in self.cards.values())


def team_board(
    session: Session, viewer: Viewer, team_id: uuid.UUID, now: dt.datetime, *, with_others: bool = True
) -> Board:
    """The board as it stands; empty for who is not shown it."""
    cards = _cards_of(session, viewer, team_id)
    facts = _Facts(session, viewer, cards, now)
    others = _others(session, viewer, team_id, {card.client_id for card in cards}, now) if with_others else ()
    return _board(columns_of(session, team_id), [facts.fill(card) for card in cards], others)


def board_at(session: Session, viewer: Viewer, team_id: uuid.UUID, at: dt.datetime) -> Board:
    """The board as it stood then, of the clients this person is shown now."""
    of_board = Entry.type.in_(_ON_BOARD), Entry.received_at <= at
    query = (
        select(Entry, EntryState.client_id, Client.name, Client.protected)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(Client, Client.id == EntryState.client_id)
        .where(*of_board, *_are_shown(viewer, team_id, EntryState.client_id, then=at))
        .order_by(Entry.id)
    )
    entries: dict[uuid.UUID, list[Entry]] = {}
    names: dict[uuid.UUID, str] = {}
    protection: dict[uuid.UUID, str] = {}
    rows = session.execute(query).all()
    for entry, client_id, name, protected in rows:
        assert client_id is not None  # joined by it
        entries.setdefault(client_id, []).append(entry)
        names[client_id], protection[client_id] = name, protected
    bodies = code6.bodies(session, viewer, [(entry, protected) for entry, _, _, protected in rows], clock.now())
    fixes = _fixes(session, [one.id for some in entries.values() for one in some], at)
    cards = []
    for client_id, some in entries.items():
        corrected = [fix for one in some for fix in fixes.get(one.id, ())]
        for card, body in rules.as_it_stood(map(_written, some), corrected):
            if card.team_id == team_id:
                placed = next(one for one in some if one.id == card.entry_id)
                told = bodies.of(placed, body, protection[client_id])
                cards.append(_card(names[client_id], client_id, card.column, card.since_at, placed.clock_at, told))
                shown(session, "board", client_id)
    return _board(_columns_at(session, team_id, at), sorted(cards, key=lambda card: (card.since_at, card.client)))


def card_of(session: Session, viewer: Viewer, team_id: uuid.UUID, client_id: uuid.UUID) -> Card | None:
    """One client's card on this board, as it stands."""
    return next(iter(_cards_of(session, viewer, team_id, BoardCard.client_id == client_id)), None)


def _cards_of(session: Session, viewer: Viewer, team_id: uuid.UUID, *wanted: ColumnElement[bool]) -> list[Card]:
    """The cards on this board, the longest up first."""
    query = (
        select(BoardCard, Entry, EntryState, Client.name, Client.protected)
        .join(Client, Client.id == BoardCard.client_id)
        .join(Entry, Entry.id == BoardCard.placed_entry_id)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(BoardCard.team_id == team_id, *_are_shown(viewer, team_id, BoardCard.client_id), *wanted)
        .order_by(BoardCard.since_at, BoardCard.id)
    )
    rows = session.execute(query).all()
    bodies = code6.bodies(session, viewer, [(entry, protected) for _, entry, _, _, protected in rows], clock.now())
    for row, *_ in rows:
        shown(session, "board", row.client_id)
    return [
        _card(name, row.client_id, row.column, row.since_at, state.happened_at(entry),
              bodies.of(entry, state.body, protected))
        for row, entry, state, name, protected in rows
    ]  # fmt: skip


def whole_card_of(
    session: Session, viewer: Viewer, team_id: uuid.UUID, client_id: uuid.UUID, now: dt.datetime
) -> Card | None:
    """The same with what the entries say since."""
    card = card_of(session, viewer, team_id, client_id)
    return _Facts(session, viewer, [card], now).fill(card) if card else None


def ids_in_order(session: Session, viewer: Viewer, team_id: uuid.UUID) -> list[uuid.UUID]:
    """Who is up, column by column, the longest up first: the order of a meeting. Nothing of them is shown."""
    query = (
        select(BoardCard.client_id, BoardCard.column)
        .join(Client, Client.id == BoardCard.client_id)
        .join(Entry, Entry.id == BoardCard.placed_entry_id)
        .where(BoardCard.team_id == team_id, *_are_shown(viewer, team_id, BoardCard.client_id))
        .order_by(BoardCard.since_at, BoardCard.id)
    )
    keys = [column.key for column in columns_of(session, team_id)]
    rows = session.execute(query).all()
    return [row.client_id for row in sorted(rows, key=lambda row: keys.index(rules.column_of(row.column, keys)))]


@dataclass(frozen=True)
class BoardClient:
    """A client who may be put up: the name, and whether they are followed up still."""

    name: str
    is_followed_up: bool


def client_of_team(session: Session, viewer: Viewer, team_id: uuid.UUID, client_id: uuid.UUID) -> BoardClient | None:
    """A client whose team this is and whom this person is shown; None: there is no such one for them."""
    followed = select(ClientTeam.client_id).where(ClientTeam.team_id == team_id, ClientTeam.active.is_(True))
    in_sight = Client.id.in_(visible_clients(viewer)), Client.id.in_(followed)
    query = select(Client.name, Client.ended_at, Client.deceased).where(Client.id == client_id, *in_sight)
    row = session.execute(query).first()
    if row is None or not sees_board(viewer.role):
        return None
    shown(session, "client", client_id)
    return BoardClient(row.name, row.ended_at is None and not row.deceased)


def columns_of(session: Session, team_id: uuid.UUID) -> tuple[Column, ...]:
    """A team's columns, its own or the usual; «annet» is always there."""
    row = session.get(BoardColumns, team_id)
    return _with_other(row.columns if row else None)


def review_days(session: Session, team_id: uuid.UUID) -> int:
    """The days to the next look, where nobody has chosen one."""
    row = session.get(TeamSetting, (team_id, "review_days"))
    return int(row.value) if row and row.value else REVIEWED_AFTER_DAYS


def _with_other(columns: Sequence[Mapping[str, str]] | None) -> tuple[Column, ...]:
    if columns is None:
        return tuple(Column(key.value, None) for key in BoardColumn)
    found = tuple(Column(one["key"], one["name"]) for one in columns)
    return found if any(one.key == rules.OTHER for one in found) else (*found, Column(rules.OTHER, None))


def _board(columns: tuple[Column, ...], cards: Sequence[Card], others: Sequence[OtherLine] = ()) -> Board:
    keys = [column.key for column in columns]
    placed: dict[str, list[Card]] = {}
    for card in cards:
        placed.setdefault(rules.column_of(card.column, keys), []).append(card)
    return Board(columns, {key: tuple(some) for key, some in placed.items()}, tuple(others))


def _are_shown(
    viewer: Viewer, team_id: uuid.UUID, client_id: Any, then: dt.datetime | None = None, *, barred: bool = True
) -> list[ColumnElement[bool]]:
    """Clients within sight that the team follows (`then`: or that had not ended then), and entries not barred."""
    followed = select(ClientTeam.client_id).where(ClientTeam.team_id == team_id)
    if then is None:
        is_up: list[ColumnElement[bool]] = [Client.ended_at.is_(None), Client.deceased.is_(False)]
        followed = followed.where(ClientTeam.active.is_(True))
    else:
        is_up = [(Client.ended_at.is_(None)) | (Client.ended_at > then)]
        followed = followed.where(ClientTeam.from_on <= day_of(then))
    if not sees_board(viewer.role):
        is_up.append(Client.id.is_(None))
    if barred:
        is_up.append(Entry.id.not_in(hidden_entries(viewer)))
    return [client_id.in_(visible_clients(viewer)), client_id.in_(followed), *is_up]


def _card(
    client: str, client_id: uuid.UUID, column: str, since_at: dt.datetime, placed_at: dt.datetime, body: dict[str, Any]
) -> Card:
    return Card(
        client_id=client_id,
        client=client,
        column=column,
        since_at=since_at,
        placed_at=placed_at,
        reasons=tuple(body.get("reasons") or ()),
        goal=_told(body.get("goal")),
        down_when=_told(body.get("down_when")),
        review_on=dt.date.fromisoformat(body["review_on"]),
    )


def _told(text: str | None) -> str | None:
    """Nothing of what is hidden: it would be sent again with the next move, as if somebody had written that."""
    return None if text == UNTOLD else text


def _written(entry: Entry) -> rules.Written:
    return rules.Written(entry.id, entry.type, entry.clock_at, entry.received_at, entry.team_id, entry.body)


def _fixes(session: Session, entry_ids: Collection[uuid.UUID], at: dt.datetime) -> dict[uuid.UUID, list[rules.Fix]]:
    query = select(Entry).where(
        Entry.type == "entry_corrected", Entry.subject_id.in_(entry_ids), Entry.received_at <= at
    )
    found: dict[uuid.UUID, list[rules.Fix]] = {}
    for entry in session.scalars(query) if entry_ids else ():
        if NO_EFFECT in entry.flags or entry.subject_id is None:
            continue
        told = entry.body.get("occurred_at")
        fix = rules.Fix(
            entry.subject_id,
            entry.clock_at,
            entry.id,
            strikes=entry.body["what"] != "text",
            fields=entry.body.get("body") or {},
            occurred_at=msgspec.convert(told, dt.datetime).astimezone(dt.UTC) if told else None,
        )
        found.setdefault(entry.subject_id, []).append(fix)
    return found


def _columns_at(session: Session, team_id: uuid.UUID, at: dt.datetime) -> tuple[Column, ...]:
    query = select(Entry).where(Entry.type.in_(_COLUMNS_SET), Entry.subject_id == team_id, Entry.received_at <= at)
    entries = session.scalars(query).all()
    fixes = _fixes(session, [one.id for one in entries], at)
    stand = [one for one in entries if not any(fix.strikes for fix in fixes.get(one.id, ()))]
    newest = max(stand, key=lambda one: (one.clock_at, one.id.hex), default=None)
    if newest is None:
        return _with_other(None)
    body = newest.body
    for fix in sorted(fixes.get(newest.id, ()), key=lambda fix: (fix.at, fix.id.hex)):
        body = body | fix.fields
    return _with_other(body["columns"])


def _others(
    session: Session, viewer: Viewer, team_id: uuid.UUID, up: Collection[uuid.UUID], now: dt.datetime
) -> list[OtherLine]:
    """Who is not up: by when they should next be met; without a plan last."""
    query = select(Client.id, Client.name).where(
        *_are_shown(viewer, team_id, Client.id, barred=False), Client.id.not_in(up)
    )
    names = {client_id: name for client_id, name in session.execute(query)}  # noqa: C416 - rows are not pairs to mypy
    next_on = next_contacts(session, viewer, list(names), now)
    lines = [OtherLine(client_id, name, next_on.get(client_id)) for client_id, name in names.items()]
    lines.sort(key=lambda line: (line.next_on is None, line.next_on or dt.date.max, line.client))
    for line in lines[:MOST_OTHERS]:
        shown(session, "client", line.client_id)
    return lines[:MOST_OTHERS]


class _Facts:
    """What the entries of those who are up say since, read for all at once."""

    def __init__(self, session: Session, viewer: Viewer, cards: Sequence[Card], now: dt.datetime) -> None:
        self._ids = [card.client_id for card in cards]
        self._session, self._viewer, self._now = session, viewer, now
        self._hidden = hidden_entries(viewer)
        self._recent = self._entries(min((card.placed_at for card in cards), default=now)) if cards else {}
        self._absences = self._of(Absence)
        self._plans = self._standing("plan")
        self._planned = self._standing("planned")
        self._next_on = next_contacts(session, viewer, self._ids, now)
        counted = Case.client_id.in_(self._ids), Case.closed_at.is_(None), Case.id.not_in(hidden_cases(viewer))
        open_cases = select(Case.client_id, func.count()).where(*counted).group_by(Case.client_id)
        self._cases = {row[0]: row[1] for row in session.execute(open_cases)}

    def fill(self, card: Card) -> Card:
        """The card with what is known of the client."""
        absences = self._absences.get(card.client_id, [])
        away = next((one.kind for one in absences if one.ended_at is None), None)
        recent = self._recent.get(card.client_id, [])
        coming = [one.due_at for one in self._planned.get(card.client_id, ()) if one.due_at and one.due_at >= self._now]
        last = next((one for one in recent if one[0].type in _OF_A_DAY), None)
        return replace(
            card,
            last=LastEntry(last[0].id, last[0].type, last[1].body, last[1].happened_at(last[0])) if last else None,
            next_at=min(coming, default=None),
            next_on=None if coming else self._next_on.get(card.client_id),
            away=away,
            has_crisis_plan=any(one.code == "crisis" for one in self._plans.get(card.client_id, ())),
            open_cases=self._cases.get(card.client_id, 0),
            review=_reason_to_review(card, recent, absences),
        )

    def _entries(self, since: dt.datetime) -> dict[uuid.UUID, list[tuple[Entry, EntryState]]]:
        earliest = min(since, at_wall_time(day_of(self._now) - dt.timedelta(days=4), dt.time.min))
        query = (
            select(Entry, EntryState)
            .join(EntryState, EntryState.entry_id == Entry.id)
            .where(EntryState.client_id.in_(self._ids), EntryState.struck_by.is_(None), earliest <= HAPPENED_AT)
            .where(Entry.type.in_(_OF_A_DAY | board_review.TYPES))
            .where(Entry.id.not_in(self._hidden))
            .order_by(HAPPENED_AT.desc(), Entry.id.desc())
        )
        found: dict[uuid.UUID, list[tuple[Entry, EntryState]]] = {}
        for entry, state in self._session.execute(query):
            assert state.client_id is not None  # asked for
            found.setdefault(state.client_id, []).append((entry, state))
        return found

    def _of(self, model: Any) -> dict[uuid.UUID, list[Any]]:
        found: dict[uuid.UUID, list[Any]] = {}
        for row in self._session.scalars(select(model).where(model.client_id.in_(self._ids))):
            found.setdefault(row.client_id, []).append(row)
        return found

    def _standing(self, kind: str) -> dict[uuid.UUID, list[Standing]]:
        query = select(Standing).where(
            Standing.client_id.in_(self._ids), Standing.kind == kind, Standing.ended_at.is_(None)
        )
        found: dict[uuid.UUID, list[Standing]] = {}
        for row in told_of(self._session, self._viewer, self._session.scalars(query).all()):
            if row.client_id is not None:
                found.setdefault(row.client_id, []).append(row)
        return found


def _reason_to_review(
    card: Card, recent: Iterable[tuple[Entry, EntryState]], absences: Iterable[Absence]
) -> str | None:
    """What has come since the team last placed them, and asks that they are looked at again."""
    fresh = [(entry.type, state.body) for entry, state in recent if state.happened_at(entry) > card.placed_at]
    if asked := board_review.asks_for_review(fresh):
        return asked
    home = any(one.kind in _OUT_OF and one.ended_at and one.ended_at > card.placed_at for one in absences)
    return "discharge" if home else None

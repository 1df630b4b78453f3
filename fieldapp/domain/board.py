"""Who is up on a team's board: the newest word about a client stands, by clock time, then id. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

PLACED = "board_placed"
OTHER = "other"
"""The column that holds what the board has no column for."""


@dataclass(frozen=True)
class Move:
    """One entry about one client and one team's board; `column` None: taken down."""

    at: datetime
    entry_id: UUID
    team_id: UUID
    column: str | None


@dataclass(frozen=True)
class Card:
    """Somebody who is up: by which entry they stand where they do, and by which (`id`) and since when they are up
    without a break."""

    id: UUID
    team_id: UUID
    column: str
    entry_id: UUID
    since_at: datetime


def cards(moves: Iterable[Move]) -> list[Card]:
    """The card of each team that has the client up, in the order in which they were first put up."""
    up: dict[UUID, Card] = {}
    for move in sorted(moves, key=lambda move: (move.at, move.entry_id.hex)):
        before = up.pop(move.team_id, None)
        if move.column is not None:
            id_, since_at = (before.id, before.since_at) if before else (move.entry_id, move.at)
            up[move.team_id] = Card(id_, move.team_id, move.column, move.entry_id, since_at)
    return sorted(up.values(), key=lambda card: (card.since_at, card.team_id.hex))


def stays(moves: Iterable[Move]) -> list[tuple[datetime, datetime | None]]:
    """Give from when until when one client was up on a board without a break, in order; no end: still up."""
    found: list[tuple[datetime, datetime | None]] = []
    since: dict[UUID, datetime] = {}
    for move in sorted(moves, key=lambda move: (move.at, move.entry_id.hex)):
        if move.column is not None:
            since.setdefault(move.team_id, move.at)
        elif move.team_id in since:
            found.append((since.pop(move.team_id), move.at))
    return sorted([*found, *((at, None) for at in since.values())], key=lambda stay: stay[0])


def initials(name: str) -> str:
    """«K. N.»: what a big screen and the minutes of a meeting call somebody."""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def column_of(key: str, keys: Iterable[str]) -> str:
    """Give the column a card shows in: its own, or «annet» when the board does not have it (any longer)."""
    return key if key in keys else OTHER


@dataclass(frozen=True)
class Written:
    """One entry of a client's as it came: `column` of the body decides nothing before its corrections are told."""

    id: UUID
    type: str
    at: datetime
    received_at: datetime
    team_id: UUID | None
    body: dict[str, Any]


@dataclass(frozen=True)
class Fix:
    """One correction of such an entry: its text, or that it was struck."""

    entry_id: UUID
    at: datetime
    id: UUID
    strikes: bool
    fields: dict[str, Any]
    occurred_at: datetime | None = None


def as_it_stood(entries: Iterable[Written], fixes: Iterable[Fix]) -> list[tuple[Card, dict[str, Any]]]:
    """Give one client's cards, each with what was said of it, from what had come by then: the same rule as now."""
    bodies: dict[UUID, dict[str, Any]] = {}
    moves = []
    by_entry: dict[UUID, list[Fix]] = {}
    for fix in sorted(fixes, key=lambda fix: (fix.at, fix.id.hex)):
        by_entry.setdefault(fix.entry_id, []).append(fix)
    for entry in entries:
        of_entry = by_entry.get(entry.id, [])
        if any(fix.strikes for fix in of_entry):
            continue
        body, at = entry.body, entry.at
        for fix in of_entry:
            body = body | fix.fields
            at = min(fix.occurred_at, entry.received_at) if fix.occurred_at else at
        team_id = UUID(body["team_id"]) if body.get("team_id") else entry.team_id
        if team_id is not None:
            bodies[entry.id] = body
            moves.append(Move(at, entry.id, team_id, body.get("column") if entry.type == PLACED else None))
    return [(card, bodies[card.entry_id]) for card in cards(moves)]

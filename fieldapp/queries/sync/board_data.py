"""The data of `board` changes: a card with what was said when it was placed, and a team's own columns."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import BoardCard, BoardColumns, Entry, EntryState
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries.json_columns import IDS, as_json, json_columns, read
from fieldapp.queries.sync.entry_data import Data
from fieldapp.queries.visible import hidden_entries

_CARD = ("id", "client_id", "team_id", "column", "since_at", "review_on")
_SAID = ("reasons", "goal", "down_when", "note")


def board_data(session: Session, viewer: Viewer, ids: Sequence[uuid.UUID]) -> Data:
    """What this person is shown of these cards and columns, by id; without the cards whose entry is barred."""
    about = {"ids": list(ids)}
    found: Data = {
        row[0]: {"id": row[0], "team_id": row[0], "columns": row[1]} for row in read(session, _COLUMNS, about)
    }
    cards = _CARDS.where(Entry.id.not_in(hidden_entries(viewer)))
    for *card, entry_id, author_id, noted_at, body in read(session, cards, about):
        data = dict(zip(_CARD, card, strict=True))
        said: dict[str, Any] = {name: body[name] for name in _SAID if body.get(name)}
        by = {"entry_id": entry_id, "author_id": author_id, "noted_at": noted_at}
        found[data["id"]] = said | data | by
    return found


_COLUMNS = select(as_json(BoardColumns.team_id), BoardColumns.columns).where(BoardColumns.team_id.in_(IDS))
_CARDS = (
    select(*json_columns(BoardCard, _CARD))
    .add_columns(as_json(Entry.id), as_json(Entry.author_id), as_json(HAPPENED_AT), as_json(EntryState.body))
    .join(Entry, Entry.id == BoardCard.placed_entry_id)
    .join(EntryState, EntryState.entry_id == Entry.id)
    .where(BoardCard.id.in_(IDS))
)

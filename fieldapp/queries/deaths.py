"""The day somebody died, by the entries that say so."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.norway import day_of
from fieldapp.models import Entry, EntryState
from sync.entry_types import ENTRY_TYPES, types_that

_TOLD_BY = types_that(lambda row: row.death is not None)


def death_days(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """The first day that was told of, by client; the others are left out."""
    if not client_ids:
        return {}
    query = (
        select(Entry, EntryState)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(EntryState.client_id.in_(client_ids), Entry.type.in_(_TOLD_BY), EntryState.struck_by.is_(None))
    )
    found: dict[uuid.UUID, dt.date] = {}
    for entry, state in session.execute(query):
        day = _day(entry, state.body)
        if day is not None and state.client_id is not None:
            found[state.client_id] = min(day, found.get(state.client_id, day))
    return found


def _day(entry: Entry, body: dict[str, Any]) -> dt.date | None:
    field, code = ENTRY_TYPES[entry.type].death or ("", "")
    if body.get(field) != code:
        return None
    return dt.date.fromisoformat(body["on"]) if body.get("on") else day_of(entry.clock_at)

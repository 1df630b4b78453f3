"""«Til journal» at the office: what is logged and not yet copied into the journal, by client. The phone's rules
(views/journal.js): not what is private, not what is about staff, not what was taken back, a week at most."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.queries import entries
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import client_names
from sync.entry_types import type_that, types_that

DAYS = 7
"""How far back an entry is still asked for: the same as on the phone."""
MOST = 200
"""How many entries one tick names, by the contract."""
_NOTES = type_that(lambda row: row.points_at == "noted")
_TOLD = types_that(lambda row: row.timeline == "client") - PARTLY_SHARED


@dataclass(frozen=True)
class ToJournal:
    """What of one client is left to copy, the oldest first."""

    client_id: UUID
    client: str
    entries: tuple[EntryRow, ...]


def to_journal(session: Session, viewer: Viewer, since: dt.datetime, *, all_authors: bool) -> list[ToJournal]:
    """By client, who waited longest first. `all_authors`: the whole team's, for its leader; else one's own."""
    told = entries.entries_since(session, viewer, _TOLD | {_NOTES}, since)
    noted = {str(id_) for one in told if one.type == _NOTES for id_ in one.body.get("entry_ids", ())}
    left: dict[UUID, list[EntryRow]] = {}
    for one in reversed(told):
        is_left = one.type != _NOTES and str(one.id) not in noted and not one.body.get("private")
        if is_left and one.client_id is not None and (all_authors or one.author_id == viewer.staff_id):
            left.setdefault(one.client_id, []).append(one)
    names = client_names(session, left)
    return [ToJournal(client_id, names[client_id], tuple(them[:MOST])) for client_id, them in left.items()]

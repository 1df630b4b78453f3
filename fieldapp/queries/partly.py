"""Entries of which a reader is shown only a part: that it happened, and the fields its type shares.

Every query that gives bodies of entries to somebody asks here; the rule is domain/access.py's.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.models import Entry
from sync.entry_types import ENTRY_TYPES

_OF_A_CORRECTION = ("entry_id", "what")


class Told(NamedTuple):
    """One entry that is about to be shown; `target_id`: what it corrects."""

    id: uuid.UUID
    type: str
    author_id: uuid.UUID
    team_id: uuid.UUID | None
    target_id: uuid.UUID | None = None


def told(entry: Entry) -> Told:
    """What is asked about this entry."""
    target_id = entry.subject_id if entry.type == "entry_corrected" else None
    return Told(entry.id, entry.type, entry.author_id, entry.team_id, target_id)


def partly_read(session: Session, viewer: Viewer | None, entries: Iterable[Told]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The fields that are shown, of each entry that this reader may not read whole. `viewer` None: a print for the
    client."""
    entries = list(entries)
    found = {
        one.id: ENTRY_TYPES[one.type].shared or ()
        for one in entries
        if one.type in PARTLY_SHARED and not access.reads_whole(viewer, one.author_id, one.team_id)
    }
    corrections = [one for one in entries if one.type == "entry_corrected" and one.target_id is not None]
    hidden = _hidden_targets(session, viewer, {one.target_id for one in corrections if one.target_id})
    own = viewer.staff_id if viewer is not None else None
    return found | {one.id: _OF_A_CORRECTION for one in corrections if one.target_id in hidden and one.author_id != own}


def _hidden_targets(
    session: Session, viewer: Viewer | None, target_ids: Collection[uuid.UUID]
) -> Collection[uuid.UUID]:
    if not target_ids:
        return ()
    query = select(Entry.id, Entry.author_id, Entry.team_id).where(
        Entry.id.in_(target_ids), Entry.type.in_(PARTLY_SHARED)
    )
    return {
        id_ for id_, author_id, team_id in session.execute(query) if not access.reads_whole(viewer, author_id, team_id)
    }


def part(body: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Only these fields of a body."""
    return {name: value for name, value in body.items() if name in fields}

"""Entries of which a reader is shown only a part: that it happened, and the fields its type shares.

Every query that gives bodies of entries to somebody asks here; the rule is domain/access.py's.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.models import Entry
from sync.entry_types import ENTRY_TYPES, type_that

CORRECTS, ATTACHES = "entry_corrected", type_that(lambda row: row.points_at == "entry")
BESIDE = {CORRECTS: ("entry_id", "what"), ATTACHES: ("entry_id", "file_id", "kind")}
"""What stands beside another entry, with what is shown of it where that one is shown in part."""


class Told(NamedTuple):
    """One entry that is about to be shown; `target_id`: what it corrects, or is attached to."""

    id: uuid.UUID
    type: str
    author_id: uuid.UUID
    team_id: uuid.UUID | None
    target_id: uuid.UUID | None = None


def told(entry: Entry) -> Told:
    """What is asked about this entry."""
    target_id = entry.subject_id if entry.type in BESIDE else None
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
    own = viewer.staff_id if viewer is not None else None
    beside = [one for one in entries if one.type in BESIDE and one.target_id is not None and one.author_id != own]
    hidden = _hidden_targets(session, viewer, {one.target_id for one in beside if one.target_id})
    return found | {one.id: BESIDE[one.type] for one in beside if one.target_id in hidden}


def _hidden_targets(
    session: Session, viewer: Viewer | None, target_ids: Collection[uuid.UUID]
) -> Collection[uuid.UUID]:
    """Those of these entries that are not read whole, or are attached to one that is not."""
    if not target_ids:
        return ()
    entry, carrier = aliased(Entry), aliased(Entry)
    attached = and_(carrier.id == entry.subject_id, entry.type == ATTACHES)
    query = (
        select(entry.id, entry.author_id, entry.team_id, carrier.author_id, carrier.team_id)
        .outerjoin(carrier, attached)
        .where(entry.id.in_(target_ids), func.coalesce(carrier.type, entry.type).in_(PARTLY_SHARED))
    )
    found = (
        (id_, *((author_id, team_id) if of_author is None else (of_author, of_team)))
        for id_, author_id, team_id, of_author, of_team in session.execute(query)
    )
    return {id_ for id_, author_id, team_id in found if not access.reads_whole(viewer, author_id, team_id)}


def part(body: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Only these fields of a body."""
    return {name: value for name, value in body.items() if name in fields}

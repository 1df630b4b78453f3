"""What says that two clients are one, read: the entries of a merge and of all that it is connected with."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from fieldapp.models.client import Client
from fieldapp.models.entry import Entry, EntryState
from sync.entry_types import types_that

MERGES = types_that(lambda row: row.merges)


def merge_entries(session: Session, client_ids: Collection[uuid.UUID]) -> list[tuple[Entry, EntryState]]:
    """All that says of one of these clients, or of one that is so reached, that it is another; taken back or not."""
    found: dict[uuid.UUID, tuple[Entry, EntryState]] = {}
    asked: set[uuid.UUID] = set()
    ahead = set(client_ids)
    while ahead:
        asked |= ahead
        query = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
        names_one = or_(Entry.client_id.in_(ahead), Entry.subject_id.in_(ahead))
        for entry, state in session.execute(query.where(Entry.type.in_(MERGES), names_one)):
            found[entry.id] = entry, state
        ahead = {id_ for entry, _ in found.values() for id_ in two_of(entry)} - asked
    return list(found.values())


def two_of(merge: Entry) -> tuple[uuid.UUID, uuid.UUID]:
    """The duplicate and the other of an entry that says so."""
    assert merge.client_id is not None
    assert merge.subject_id is not None  # it was checked at the door
    return merge.client_id, merge.subject_id


def all_of(client_id: uuid.UUID) -> Select[uuid.UUID]:
    """The ids of the client and of all duplicates in its record, as a sub-query."""
    return select(Client.id).where(or_(Client.id == client_id, Client.merged_into == client_id))


def record_of(session: Session, client_id: uuid.UUID) -> uuid.UUID:
    """The client in whose record this one stands: itself, unless it is a duplicate."""
    merged_into = session.scalar(select(Client.merged_into).where(Client.id == client_id))
    return merged_into or client_id

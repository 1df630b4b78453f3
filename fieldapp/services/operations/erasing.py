"""Deleting a record for good, by destroying its key (hpl § 43, pjl § 25; docs/adr/0025).

Ids, codes, numbers and times stay, so that counts, chains and seals hold; what was said, names, addresses and phone
numbers open no more: here, in the log beside the database, and in every backup made afterwards.

Invariants: an entry that was moved into another record goes with the record it stands in, not with the one it was
first written in; nothing outside the database (the list of destroyed keys, photos, the keys this process has opened)
is touched before the commit. `finish` does that.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError, CannotDo
from fieldapp.models import AttachedFile, Client, DestroyedKey, Entry, EntryState, RecordKey, StaffTeam, StoredFile
from fieldapp.models.change import lose_sight, mark_changed
from fieldapp.models.ciphered import cover_under
from fieldapp.models.merged import all_of
from fieldapp.services.audit import anchors, destroyed
from fieldapp.services.audit.destroyed import Destroyed
from fieldapp.services.audit.handling import may_handle
from fieldapp.services.casefile import hold
from fieldapp.services.entries.files import Store
from fieldapp.services.following import following_teams
from fieldapp.services.writing import chunks
from sync.folding import folded

_log = structlog.get_logger()
GROUNDS = ("asked", "wrong_person", "kept_long_enough")
"""The client asked for it, it was written about the wrong person, or it has been kept for as long as it must."""


def is_called(session: Session, client_id: UUID, name: str) -> bool:
    """Whether this is the client's name, however it is spelled in capitals and spaces."""
    return folded(session.get_one(Client, client_id).name) == folded(name)


def erased_at(session: Session, client_id: UUID) -> dt.datetime | None:
    """When the record was deleted; None while it stands."""
    return session.scalar(select(DestroyedKey.destroyed_at).where(DestroyedKey.owner_id == client_id))


@dataclass(frozen=True)
class Erased:
    """What a transaction has destroyed: how many keys, and the photos that go with them."""

    keys: int = 0
    file_ids: tuple[UUID, ...] = ()


class Tidies(anchors.Reads, Protocol):
    """What is needed of a database once it has forgotten something."""

    def tidy(self) -> None: ...


def erase(session: Session, viewer: Viewer, client_id: UUID, ground: str, now: dt.datetime) -> Erased:
    """Destroy the keys of a record nobody follows up any longer, those of what was merged into it, too; `finish` the
    rest once it is committed.

    Raises AppError not_found, not_permitted (it is followed up, or deleted already), invalid_field; OSError.
    """
    if not may_handle(session, viewer, client_id):
        raise AppError("not_found")
    if ground not in GROUNDS:
        raise AppError("invalid_field", field="ground")
    client = hold(session, [client_id]).client(client_id)
    if client is None or (client.ended_at is None and not client.deceased) or erased_at(session, client_id) is not None:
        raise AppError("not_permitted")
    destroyed.must_be_writable(session)
    ids = session.scalars(all_of(client_id).order_by(Client.id)).all()
    for one in ids:
        _sort_out_what_was_moved(session, one)
    _tell_phones(session, client_id, ids, now)
    keys = session.execute(select(RecordKey.id, RecordKey.owner_id).where(RecordKey.owner_id.in_(ids))).all()
    return destroy(session, [Destroyed(key_id, owner_id, now) for key_id, owner_id in keys], viewer.staff_id, ground)


def destroy(session: Session, gone: Sequence[Destroyed], by_staff_id: UUID | None, ground: str | None = None) -> Erased:
    """Destroy these keys, where they are not gone already."""
    if session.get_bind().dialect.name == "sqlite":  # what is deleted is not left in a free part of a page
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON").close()
    ids = {one.key_id for one in gone}
    known = set(session.scalars(select(DestroyedKey.id).where(DestroyedKey.id.in_(ids))))
    session.add_all(
        DestroyedKey(id=one.key_id, owner_id=one.owner_id, destroyed_at=one.at, by_staff_id=by_staff_id, ground=ground)
        for one in gone
        if one.key_id not in known
    )
    session.flush()
    session.execute(delete(RecordKey).where(RecordKey.id.in_(ids)))
    return Erased(len(ids - known), _forget_files(session, {one.owner_id for one in gone}))


def finish(database: Tidies, store: Store, erased: Erased, now: dt.datetime) -> None:
    """What follows the commit. What fails is an error in the server's log: the worker writes the list within the hour,
    and takes photos that are nobody's within a month."""
    database.tidy()
    for file_id in erased.file_ids:
        with suppress(OSError):
            store.remove(file_id)
    try:
        with database.reading() as session:
            destroyed.write_missing(session, now)
    except (OSError, CannotDo):
        _log.exception("destroyed_keys_not_listed")


def _sort_out_what_was_moved(session: Session, client_id: UUID) -> None:
    """Into this record: it goes with it. Out of it: it stays, under the key of the record it stands in."""
    moved = or_(
        (Entry.client_id == client_id) & (EntryState.client_id != client_id),
        (Entry.client_id.is_distinct_from(client_id)) & (EntryState.client_id == client_id),
    )
    query = select(Entry.id, EntryState.client_id).join(EntryState, EntryState.entry_id == Entry.id).where(moved)
    stands_in = {entry_id: owner_id for entry_id, owner_id in session.execute(query) if owner_id is not None}
    for part in chunks(sorted(stands_in)):
        for entry in session.scalars(select(Entry).where(Entry.id.in_(part))):
            cover_under(session, entry, stands_in[entry.id])
        session.flush()


def _forget_files(session: Session, client_ids: set[UUID]) -> tuple[UUID, ...]:
    """Photos lie under the installation's key, so they go themselves."""
    attached = select(AttachedFile.file_id).join(EntryState, EntryState.entry_id == AttachedFile.entry_id)
    ids = session.scalars(attached.where(EntryState.client_id.in_(client_ids)).distinct()).all()
    session.execute(delete(StoredFile).where(StoredFile.id.in_(ids)))
    return tuple(ids)


def _tell_phones(session: Session, client_id: UUID, ids: Sequence[UUID], now: dt.datetime) -> None:
    """They let go of the client, and of the ids that stood in that record."""
    teams = following_teams(session, client_id)
    for staff_id in session.scalars(select(StaffTeam.staff_id).where(StaffTeam.team_id.in_(teams)).distinct()):
        lose_sight(session, staff_id, ids, now)
    mark_changed(session, "client", client_id, client_id=client_id)

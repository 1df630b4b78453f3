"""Which files somebody may read: those that an entry they read attaches to an entry they read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import PARTLY_SHARED, Viewer
from fieldapp.models import AttachedFile, Entry, EntryState, StoredFile
from fieldapp.models.read_log import shown
from fieldapp.queries.entries import visible_entries


def readable_type(session: Session, viewer: Viewer, file_id: UUID) -> str | None:
    """The media type of a whole file that this person may read, noted as opened; None for any other.

    A file is its sender's: an entry of somebody else, who names its id, gives nobody sight of it.
    """
    target = aliased(Entry)
    query = (
        select(StoredFile.type, EntryState.client_id, target.type, target.author_id, target.team_id)
        .join(AttachedFile, AttachedFile.file_id == StoredFile.id)
        .join(Entry, Entry.id == AttachedFile.entry_id)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(target, target.id == Entry.subject_id)
        .where(StoredFile.id == file_id, StoredFile.state == "whole", Entry.author_id == StoredFile.staff_id)
        .where(visible_entries(viewer), target.type.not_in(access.unread_types(viewer.role)))
    )
    for media_type, client_id, type_, author_id, team_id in session.execute(query):
        if _is_read(viewer, type_, author_id, team_id):
            shown(session, "file", client_id, file_id, opened=True)
            return str(media_type)
    return None


def files_of_entries(session: Session, viewer: Viewer, entry_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """The files attached to each of these entries that stand, the oldest first, by entry; of one that is read in part
    none."""
    if not entry_ids:
        return {}
    target = aliased(Entry)
    query = (
        select(target.id, AttachedFile.file_id, target.type, target.author_id, target.team_id)
        .select_from(Entry)
        .join(AttachedFile, AttachedFile.entry_id == Entry.id)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(StoredFile, StoredFile.id == AttachedFile.file_id)
        .join(target, target.id == Entry.subject_id)
        .where(Entry.subject_id.in_(entry_ids), StoredFile.state == "whole", Entry.author_id == StoredFile.staff_id)
        .where(visible_entries(viewer))
        .order_by(Entry.clock_at, Entry.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for entry_id, file_id, type_, author_id, team_id in session.execute(query):
        if _is_read(viewer, type_, author_id, team_id):
            found.setdefault(entry_id, []).append(file_id)
    return found


def _is_read(viewer: Viewer, type_: str, author_id: UUID, team_id: UUID | None) -> bool:
    """Whether the entry that carries a file is read whole."""
    return type_ not in PARTLY_SHARED or access.reads_whole(viewer, author_id, team_id)

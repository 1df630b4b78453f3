"""Which entry attaches which file, so that a file is found by its id; one that was struck attaches nothing."""

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from fieldapp.models import AttachedFile, Entry, EntryState


def refresh_attached(session: Session, entry: Entry, state: EntryState) -> None:
    """Compute the row of one attachment anew."""
    session.flush()
    session.execute(delete(AttachedFile).where(AttachedFile.entry_id == entry.id))
    if state.struck_by is None:
        session.add(AttachedFile(entry_id=entry.id, file_id=uuid.UUID(state.body["file_id"])))
        session.flush()

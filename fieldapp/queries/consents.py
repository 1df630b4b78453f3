"""The consents of a client that stand: what sharing with another service or party can rest on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Standing
from fieldapp.queries.entries import entries_by_id
from fieldapp.queries.visible import sees


def consents_of(session: Session, viewer: Viewer, client_id: UUID) -> list[tuple[UUID, str]]:
    """(id, "Huseier: leia") of each that the viewer reads, by whom it is to; none for a client out of sight."""
    if not sees(session, viewer, client_id):
        return []
    query = select(Standing).where(Standing.kind == "agreement", Standing.client_id == client_id)
    rows = session.scalars(query.where(Standing.code == "consent", Standing.ended_at.is_(None))).all()
    said = entries_by_id(session, viewer, [UUID(row.entry_ids[0]) for row in rows])
    found = []
    for row in rows:
        entry = said.get(UUID(row.entry_ids[0]))
        words = [entry.body[name] for name in ("party", "purpose") if entry.body.get(name)] if entry else []
        if words:
            found.append((row.id, ": ".join(words)))
    return sorted(found, key=lambda one: one[1])

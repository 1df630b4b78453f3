"""Who is behind an id: names of staff, clients and teams, looked up together for a page."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Client, Staff
from fieldapp.models.read_log import shown

_MOST_AT_ONCE = 500


def staff_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these people, also of those who have left."""
    return _names(session, Staff, ids)


def client_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these clients. Only for ids the viewer has been found to see."""
    found = _names(session, Client, ids)
    for client_id in found:
        shown(session, "client", client_id)
    return found


def _names(session: Session, table: type[Staff] | type[Client], ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    found: dict[UUID, str] = {}
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        part = wanted[start : start + _MOST_AT_ONCE]
        rows = session.execute(select(table.id, table.name).where(table.id.in_(part)))
        found.update((row.id, row.name) for row in rows)
    return found

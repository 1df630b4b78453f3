"""Cases over a client's record (innsyn, correcting and barring, deleting): who handles them, and how a step of one is
written."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import Client, InnsynStep, RecordStep
from fieldapp.models.access import blocked_clients
from sync.ids import uuid7


def may_handle(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the person decides over this client's record. Whoever is blocked from the client does not."""
    there = select(Client.id).where(Client.id == client_id, Client.id.not_in(blocked_clients(viewer.staff_id)))
    return access.handles_records(viewer) and session.scalar(there) is not None


def must(is_so: bool) -> None:
    """What is not there and what is not one's own get the same answer. Raises AppError not_found."""
    if not is_so:
        raise AppError("not_found")


def add_step(
    table: type[InnsynStep] | type[RecordStep],
    session: Session,
    case_id: UUID,
    client_id: UUID,
    what: str,
    viewer: Viewer,
    now: dt.datetime,
    **more: Any,
) -> None:
    """Write a step of a case."""
    row = table(id=uuid7(), case_id=case_id, client_id=client_id, what=what, at=now, **more)
    row.by_staff_id = viewer.staff_id
    session.add(row)
    session.flush()

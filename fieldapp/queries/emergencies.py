"""What was asked for by nødtilgang, as leaders and privacy read it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import AccessGrant, EmergencyAsked, Staff
from fieldapp.models.access import forbidden_clients, running_grants
from fieldapp.models.read_log import shown
from fieldapp.queries.visible import colleagues, visible_clients

MOST = 100


@dataclass(frozen=True)
class Asked:
    """One question. `client_id`: only for those who see the client; a client that does not exist for the reader was
    not found."""

    who: str
    at: dt.datetime
    name: str
    birth_year: int
    reason: str
    found: bool
    until_at: dt.datetime | None
    client_id: UUID | None


def asked(session: Session, viewer: Viewer) -> list[Asked]:
    """The newest first: of the reader's colleagues, and of the clients they see; privacy reads them all."""
    hidden = AccessGrant.client_id.in_(forbidden_clients(viewer.staff_id))
    seen = AccessGrant.client_id.in_(visible_clients(viewer))
    query = (
        select(EmergencyAsked, Staff.name, AccessGrant.until_at, AccessGrant.client_id)
        .add_columns(hidden.label("is_hidden"), seen.label("is_seen"))
        .join(Staff, Staff.id == EmergencyAsked.staff_id)
        .outerjoin(AccessGrant, AccessGrant.id == EmergencyAsked.grant_id)
        .order_by(EmergencyAsked.at.desc(), EmergencyAsked.id)
        .limit(MOST)
    )
    if not access.oversees_all(viewer):
        query = query.where(EmergencyAsked.staff_id.in_(colleagues(viewer)) | seen)
    lines = [_row(*row) for row in session.execute(query)]
    for line in lines:
        shown(session, "emergency", line.client_id)
    return lines


def _row(
    one: EmergencyAsked, who: str, until_at: dt.datetime | None, client_id: UUID | None, is_hidden: bool, is_seen: bool
) -> Asked:
    found = client_id is not None and not is_hidden
    return Asked(
        who,
        one.at,
        one.name,
        one.birth_year,
        one.reason,
        found,
        until_at if found else None,
        client_id if found and is_seen else None,
    )


def granted_until(
    session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime
) -> tuple[str, dt.datetime] | None:
    """On which ground a grant lets the viewer see the client, and until when; None where none does."""
    query = (
        select(AccessGrant.ground, AccessGrant.until_at)
        .where(AccessGrant.staff_id == viewer.staff_id, AccessGrant.client_id == client_id, running_grants(now))
        .order_by(AccessGrant.until_at.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return (row.ground, row.until_at) if row else None

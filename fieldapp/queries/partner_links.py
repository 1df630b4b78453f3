"""Partners' links as the office lists them, and what a partner may read back: its own report while it can be undone."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Client, Entry, EntryState, PartnerLink, Staff
from fieldapp.models.merged import all_of
from fieldapp.models.read_log import shown
from fieldapp.queries.visible import sees

_MOST_SHOWN = 20


@dataclass(frozen=True)
class LinkRow:
    """One link for one client; the address itself is known to nobody here."""

    id: UUID
    name: str
    source: str
    made_by: str
    created_at: dt.datetime
    ends_at: dt.datetime
    last_used_at: dt.datetime | None


@dataclass(frozen=True)
class Receipt:
    """What was reported, and when."""

    what: str
    at: dt.datetime


def may_invite(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the viewer makes and ends links for this client."""
    client = session.get(Client, client_id) if sees(session, viewer, client_id) else None
    return client is not None and access.may_invite_partner(viewer, client.primary_staff_id == viewer.staff_id)


def links_of_client(session: Session, viewer: Viewer, client_id: UUID) -> list[LinkRow]:
    """The client's links, those that last longest first, the ended ones too; none for a client out of sight."""
    if not sees(session, viewer, client_id):
        return []
    maker = aliased(Staff)
    query = (
        select(PartnerLink, Staff.name, maker.name)
        .join(Staff, Staff.id == PartnerLink.staff_id)
        .join(maker, maker.id == PartnerLink.created_by)
        .where(PartnerLink.client_id.in_(all_of(client_id)))
        .order_by(PartnerLink.ends_at.desc(), PartnerLink.id)
        .limit(_MOST_SHOWN)
    )
    rows = session.execute(query).all()
    for link, _, _ in rows:
        shown(session, "partner_link", client_id, link.id)
    return [
        LinkRow(link.id, name, link.source, made_by, link.created_at, link.ends_at, link.last_used_at)
        for link, name, made_by in rows
    ]


def receipt(session: Session, partner: Viewer, entry_id: UUID, now: dt.datetime) -> Receipt | None:
    """The partner's own report while it stands and can be taken back; nothing else, and nothing later."""
    row = session.execute(
        select(EntryState.body, Entry.received_at)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(Entry.id == entry_id, Entry.author_id == partner.staff_id, EntryState.struck_by.is_(None))
    ).one_or_none()
    if row is None or now - row.received_at > access.PARTNER_UNDO:
        return None
    return Receipt(row.body["what"], row.received_at)

"""Partners' links: made and ended by the team, and the way in for the three things a partner can say.

A link is an account that stands as author, and so not an entry; what comes through it is, by the one write door.
Who may what is in domain/access.py. A link that has ended and one that never was are the same: None.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError, Rejected
from fieldapp.models import Client, EntryState, PartnerLink, Staff, Team, Watch
from fieldapp.services.casefile import case_file
from fieldapp.services.entries import ingest
from fieldapp.services.entries.candidates import follows
from sync import names
from sync.entry_types import type_that
from sync.ids import uuid7

SOURCES = ("lar", "pharmacy", "shelter", "drop_in", "home_care", "hospital", "police", "partner")
"""Those who can be given a link; family and neighbours tell somebody on the team."""
OWN = "client"
"""Of the client's own link, by which they say themselves how it is."""
LASTS_DAYS = (180, 90, 30)
"""At most half a year: then somebody asks the client again."""
LONGEST_NAME = 100


@dataclass(frozen=True)
class OpenLink:
    """A link that is good now: whom it is about, and who its reports are by."""

    id: UUID
    client_id: UUID
    source: str
    team: str
    viewer: Viewer


def make(session: Session, by: Viewer, client_id: UUID, source: str, name: str, days: int, now: dt.datetime) -> str:
    """Make a link; returns the token for its address, which is kept nowhere. Raises AppError."""
    _check_right(session, by, client_id)
    if source != OWN and source not in sources_to_choose(session, client_id):
        raise AppError("invalid_field", field="source")
    if days not in LASTS_DAYS:
        raise AppError("invalid_field", field="days")
    token, link_id = secrets.token_urlsafe(32), uuid7()
    author = Staff(id=uuid7(), username=f"lenke {link_id}", name=_checked(name), role=access.PARTNER, created_at=now)
    session.add(author)
    session.flush()
    session.add(
        PartnerLink(
            id=link_id,
            token_hash=_hash(token),
            client_id=client_id,
            staff_id=author.id,
            source=source,
            created_by=by.staff_id,
            created_at=now,
            ends_at=now + dt.timedelta(days=days),
        )
    )
    session.flush()
    return token


def sources_to_choose(session: Session, client_id: UUID) -> tuple[str, ...]:
    """Where the client can be reported from: only whom they have said yes to, when the agreement lists any."""
    watch = session.get(Watch, client_id)
    if watch is None or watch.sources is None:
        return SOURCES
    return tuple(source for source in SOURCES if source in watch.sources)


def end(session: Session, by: Viewer, client_id: UUID, link_id: UUID, now: dt.datetime) -> None:
    """End a link at once; what came through it stays. Raises AppError."""
    _check_right(session, by, client_id)
    link = session.get(PartnerLink, link_id)
    if link is None or case_file(session).record_of(link.client_id) != client_id:
        raise AppError("not_found")
    link.ends_at = min(link.ends_at, now)
    session.flush()


def find(session: Session, token: str, now: dt.datetime) -> OpenLink | None:
    """The link of this token, while it is good and somebody follows the client."""
    named = aliased(Client)
    row = session.execute(
        select(PartnerLink, Client.id, Staff.name, Team.name)
        .join(named, named.id == PartnerLink.client_id)
        .join(Client, Client.id == func.coalesce(named.merged_into, named.id))
        .join(Staff, Staff.id == PartnerLink.staff_id)
        .join(Watch, Watch.client_id == Client.id)
        .join(Team, Team.id == Watch.team_id)
        .where(PartnerLink.token_hash == _hash(token), PartnerLink.ends_at > now)
        .where(Client.ended_at.is_(None), Client.deceased.is_(False))
    ).one_or_none()
    if row is None:
        return None
    link, client_id, name, team = row
    viewer = Viewer(link.staff_id, access.PARTNER, frozenset(), name, linked_client_id=client_id)
    if not follows(session, viewer, client_id, None):
        return None
    return OpenLink(link.id, client_id, link.source, team, viewer)


def report(session: Session, link: OpenLink, what: str, note: str | None, now: dt.datetime) -> UUID:
    """One sighting through the link; its id. Raises Rejected."""
    body = {"source": link.source, "what": what} | ({"note": note} if note else {})
    entry_id = ingest.submit(session, link.viewer, "sighting_reported", body, client_id=link.client_id, now=now)
    session.get_one(PartnerLink, link.id).last_used_at = now
    return entry_id


def check_in(session: Session, link: OpenLink, what: str, note: str | None, now: dt.datetime) -> UUID:
    """The client's own word through the client's own link; the entry's id. Raises Rejected."""
    body = {"what": what} | ({"note": note} if note else {})
    entry_id = ingest.submit(session, link.viewer, _CHECKS_IN, body, client_id=link.client_id, now=now)
    session.get_one(PartnerLink, link.id).last_used_at = now
    return entry_id


_CHECKS_IN = type_that(lambda row: row.roles == {access.PARTNER})


def take_back(session: Session, link: OpenLink, entry_id: UUID, now: dt.datetime) -> None:
    """Angre, once. Raises Rejected when it is too late, another's, or already done."""
    state = session.get(EntryState, entry_id)
    if state is None or state.struck_by is not None:
        raise Rejected("unknown_reference", "body.entry_id")
    body = {"entry_id": str(entry_id), "what": "retracted", "reason": "angret"}
    ingest.submit(session, link.viewer, "entry_corrected", body, client_id=link.client_id, now=now)


def _check_right(session: Session, by: Viewer, client_id: UUID) -> None:
    """Out of reach looks like missing; within reach, it takes the leader or the primary contact."""
    client = session.get(Client, client_id)
    if client is None or not follows(session, by, client_id, None):
        raise AppError("not_found")
    if not access.may_invite_partner(by, client.primary_staff_id == by.staff_id):
        raise AppError("not_permitted")


def _checked(name: str) -> str:
    cleaned = names.clean(name)
    if not names.is_name(name) or len(cleaned) > LONGEST_NAME:
        raise AppError("invalid_field", field="name")
    return cleaned


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()

"""Links to the duty calendar: made and ended by the person they belong to, and found by the token in their address.

A person has one link for the duties that are their own, and one for the list of each team they work in; a new one ends
the one before. The token is kept nowhere. A link that has ended, whose owner has left or is let into the team no
longer, and one that never was are the same: None.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import CalendarLink, Staff
from fieldapp.services.people import sessions
from sync.ids import uuid7


@dataclass(frozen=True)
class OpenCalendar:
    """A link that is good now: whose it is, in which language, and for which team (None: the person's own duties)."""

    id: UUID
    staff_id: UUID
    team_id: UUID | None
    language: str


def make(session: Session, by: Viewer, team_id: UUID | None, now: dt.datetime) -> str:
    """Make a link; returns the token for its address, which is kept nowhere. Raises AppError."""
    if not _may_have(by, team_id):
        raise AppError("not_found")
    session.execute(select(Staff.id).where(Staff.id == by.staff_id).with_for_update(key_share=True)).all()
    before = CalendarLink.team_id.is_(None) if team_id is None else CalendarLink.team_id == team_id
    query = select(CalendarLink).where(CalendarLink.staff_id == by.staff_id, before, CalendarLink.ended_at.is_(None))
    for link in session.scalars(query):
        link.ended_at = now
    token = secrets.token_urlsafe(32)
    session.add(
        CalendarLink(id=uuid7(), token_hash=_hash(token), staff_id=by.staff_id, team_id=team_id, created_at=now)
    )
    session.flush()
    return token


def end(session: Session, by: Viewer, link_id: UUID, now: dt.datetime) -> None:
    """End a link at once: one's own, and for a leader any link to the team's list. Raises AppError."""
    link = session.get(CalendarLink, link_id)
    if link is None or not (link.staff_id == by.staff_id or _leads(by, link.team_id)):
        raise AppError("not_found")
    link.ended_at = link.ended_at or now
    session.flush()


def find(session: Session, token: str, now: dt.datetime) -> OpenCalendar | None:
    """The link of this token, while it stands and its owner works here and might make it now."""
    row = session.execute(
        select(CalendarLink, Staff)
        .join(Staff, Staff.id == CalendarLink.staff_id)
        .where(CalendarLink.token_hash == _hash(token), CalendarLink.ended_at.is_(None), Staff.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    link, owner = row
    if not _may_have(sessions.viewer_of(session, owner, now), link.team_id):
        return None
    return OpenCalendar(link.id, owner.id, link.team_id, owner.language)


def note_use(session: Session, link_id: UUID, now: dt.datetime) -> None:
    """A calendar program has fetched it."""
    session.get_one(CalendarLink, link_id).last_used_at = now


def _may_have(by: Viewer, team_id: UUID | None) -> bool:
    if team_id is None:
        return by.role in access.TEAM_ROLES
    return access.may_use_office(by) and access.works_in(by, team_id)


def _leads(by: Viewer, team_id: UUID | None) -> bool:
    return team_id is not None and access.may_lead(by, team_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()

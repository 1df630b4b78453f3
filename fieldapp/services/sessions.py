"""Signed-in devices: one row each, looked up for every request, so that deleting it ends the session at once."""

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import LoginSession, Staff, StaffTeam
from fieldapp.services import devices, ended_sessions
from fieldapp.services.ended_sessions import hash_token
from sync.ids import uuid7

LASTS = dt.timedelta(hours=14)
"""A shift and the way home."""
_KEPT = dt.timedelta(days=30)
"""An ended session can still sign out, which ends the pushes to its device."""
_LONGEST_USER_AGENT = 300


@dataclass(frozen=True)
class OpenSession:
    """A session that is good now, and whose it is."""

    session_id: UUID
    viewer: Viewer
    device_id: UUID | None
    name: str
    language: str


def open_session(
    session: Session, staff_id: UUID, user_agent: str, now: dt.datetime, *, after: str | None = None
) -> str:
    """Sign the person in; returns the token for the cookie. Only its hash is kept.

    `after`: the token this browser came with, good or not.
    """
    session.execute(delete(LoginSession).where(LoginSession.ends_at <= now - _KEPT))
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            id=uuid7(),
            token_hash=hash_token(token),
            staff_id=staff_id,
            user_agent=user_agent.replace("\0", "")[:_LONGEST_USER_AGENT],
            created_at=now,
            ends_at=now + LASTS,
            last_used_at=now,
            came_from_device_id=_device_of(session, after),
        )
    )
    session.flush()
    return token


def _device_of(session: Session, token: str | None) -> UUID | None:
    if not token:
        return None
    query = select(LoginSession.device_id, LoginSession.came_from_device_id)
    row = session.execute(query.where(LoginSession.token_hash == hash_token(token))).one_or_none()
    return (row[0] or row[1]) if row else None


def find(session: Session, token: str, now: dt.datetime) -> OpenSession | None:
    """The session of this token, if it is good now and its person still works here."""
    row = session.execute(
        select(LoginSession.id, LoginSession.device_id, Staff)
        .join(Staff, Staff.id == LoginSession.staff_id)
        .where(LoginSession.token_hash == hash_token(token), LoginSession.ends_at > now, Staff.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    session_id, device_id, person = row
    return OpenSession(session_id, viewer_of(session, person), device_id, person.name, person.language)


def whose(session: Session, token: str) -> UUID | None:
    """Whose session this token is or was, also when it has run out."""
    return session.scalar(select(LoginSession.staff_id).where(LoginSession.token_hash == hash_token(token)))


def viewer_of(session: Session, person: Staff) -> Viewer:
    """The person as rules about rights see them."""
    team_ids = session.scalars(select(StaffTeam.team_id).where(StaffTeam.staff_id == person.id))
    return Viewer(person.id, person.role, frozenset(team_ids), person.name)


def sign_out(session: Session, token: str, now: dt.datetime) -> bool:
    """End the session and the person's pushes on its device; also when it has run out. False when there is none."""
    row = session.scalar(select(LoginSession).where(LoginSession.token_hash == hash_token(token)))
    if row is None:
        return False
    _end(session, row, now)
    return True


def revoke(session: Session, staff_id: UUID, session_id: UUID, now: dt.datetime) -> None:
    """End one of the person's own sessions from elsewhere. With a device, the device is taken off their list too."""
    row = session.get(LoginSession, session_id)
    if row is None or row.staff_id != staff_id:
        return
    if row.device_id:
        devices.take_off(session, row.device_id, staff_id, now)
    else:
        ended_sessions.end_for_good(session, LoginSession.id == session_id, now)


def _end(session: Session, row: LoginSession, now: dt.datetime) -> None:
    if row.device_id:
        devices.sign_out(session, row.device_id, row.staff_id, now)
    session.delete(row)
    session.flush()

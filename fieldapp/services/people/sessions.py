"""Signed-in devices: one row each, looked up for every request, so that deleting it ends the session at once."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import AccessGrant, LoginSession, Staff, StaffTeam
from fieldapp.models.base import NOW
from fieldapp.services.people import devices, ended_sessions
from fieldapp.services.people.ended_sessions import hash_token
from sync.ids import uuid7

LASTS = dt.timedelta(hours=14)
"""A shift and the way home."""
_KEPT = dt.timedelta(days=30)
"""An ended session can still sign out, which ends the pushes to its device."""
_LONGEST_USER_AGENT = 300
MOST_PER_PERSON = 20
"""Sessions of one person; beyond it the oldest ends."""


@dataclass(frozen=True)
class OpenSession:
    """A session that is good now, and whose it is; `has_account_news`: see services/people/account_history.py."""

    session_id: UUID
    viewer: Viewer
    device_id: UUID | None
    name: str
    language: str
    has_account_news: bool = False


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
    _end_oldest(session, staff_id, now)
    return token


def _device_of(session: Session, token: str | None) -> UUID | None:
    if not token:
        return None
    query = select(LoginSession.device_id, LoginSession.came_from_device_id)
    row = session.execute(query.where(LoginSession.token_hash == hash_token(token))).one_or_none()
    return (row[0] or row[1]) if row else None


def expire_all(session: Session, now: dt.datetime, staff_id: UUID | None = None) -> None:
    """End the sessions of a person, or of all, as if they had run out long ago: a clock set back opens none again.

    The rows stay: with its cookie a phone can still sign out.
    """
    query = update(LoginSession).where(LoginSession.ends_at > now - LASTS).values(ends_at=now - LASTS)
    session.execute(query if staff_id is None else query.where(LoginSession.staff_id == staff_id))


def _end_oldest(session: Session, staff_id: UUID, now: dt.datetime) -> None:
    """Whatever is stored for one person has a limit. On a device the session ends as if it had run out."""
    query = select(LoginSession).where(LoginSession.staff_id == staff_id)
    newest_first = query.order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
    for row in session.scalars(newest_first.offset(MOST_PER_PERSON)).all():
        if row.device_id is None:
            session.delete(row)
        else:
            row.ends_at = min(row.ends_at, now - LASTS)
    session.flush()


def find(session: Session, token: str, now: dt.datetime) -> OpenSession | None:
    """The session of this token, if it is good now and its person still works here."""
    rows = session.connection().execute(_OPEN, {"token_hash": hash_token(token), "now": now}).all()
    if not rows:
        return None
    session_id, device_id, staff_id, role, name, language, news_at = rows[0][:7]
    viewer = _viewer(staff_id, role, name, rows, now)
    return OpenSession(session_id, viewer, device_id, name, language, news_at is not None)


_GRANT = (
    AccessGrant.client_id.label("granted_client"),
    AccessGrant.team_id.label("granted_team"),
    AccessGrant.until_at.label("granted_until"),
)
_OPEN_GRANT = and_(AccessGrant.staff_id == Staff.id, AccessGrant.ended_at.is_(None), AccessGrant.from_at <= NOW)
_OPEN = (
    select(LoginSession.id, LoginSession.device_id)
    .add_columns(Staff.id, Staff.role, Staff.name, Staff.language, Staff.account_news_at, StaffTeam.team_id)
    .add_columns(*_GRANT)
    .join(Staff, Staff.id == LoginSession.staff_id)
    .outerjoin(StaffTeam, StaffTeam.staff_id == Staff.id)
    .outerjoin(AccessGrant, _OPEN_GRANT)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.ends_at > NOW, Staff.ended_at.is_(None))
)
"""Asked for every request: made once. One row for each team, and for each grant in it."""


def _viewer(staff_id: UUID, role: str, name: str, rows: Iterable[Any], now: dt.datetime) -> Viewer:
    """What a grant gave is gone when its time is past, whether or not the worker has come by."""
    rows = list(rows)
    past = {row.granted_team for row in rows if row.granted_until is not None and row.granted_until <= now}
    granted = {row.granted_client for row in rows if row.granted_until is not None and row.granted_until > now}
    team_ids = {row.team_id for row in rows} - past
    return Viewer(staff_id, role, frozenset(team_ids - {None}), name, granted=frozenset(granted - {None}))


def device_of(session: Session, token: str) -> UUID | None:
    """The device of this token's session, also when it has run out."""
    return session.scalar(select(LoginSession.device_id).where(LoginSession.token_hash == hash_token(token)))


def whose(session: Session, token: str) -> UUID | None:
    """Whose session this token is or was, also when it has run out."""
    return session.scalar(select(LoginSession.staff_id).where(LoginSession.token_hash == hash_token(token)))


def viewer_of(session: Session, person: Staff, now: dt.datetime) -> Viewer:
    """The person as rules about rights see them."""
    rows = session.execute(_RIGHTS, {"staff_id": person.id, "now": now})
    return _viewer(person.id, person.role, person.name, rows, now)


_RIGHTS = (
    select(Staff.id, StaffTeam.team_id, *_GRANT)
    .outerjoin(StaffTeam, StaffTeam.staff_id == Staff.id)
    .outerjoin(AccessGrant, _OPEN_GRANT)
    .where(Staff.id == bindparam("staff_id"))
)


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

"""Sessions that a person ended: the device taken off a list, the session ended from afar, the employment over.

Invariant: only such an act leaves a mark here. A session that ran out, was purged or was lost in a restore answers as
expired, and the phone behind it keeps what it has. Behind a marked one it drops everything but what is unsent.
"""

import datetime as dt
import hashlib
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from fieldapp.models import EndedSession, LoginSession

_KEPT = dt.timedelta(days=60)
"""A browser forgets its cookie thirty days after signing in."""


def hash_token(token: str) -> bytes:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def end_for_good(session: Session, which: ColumnElement[bool], now: dt.datetime) -> None:
    """End the sessions that match, also those that had run out, and mark that a person did so."""
    rows = session.execute(select(LoginSession.token_hash, LoginSession.staff_id).where(which)).all()
    if rows:
        marks = [{"token_hash": hash_, "staff_id": staff_id, "ended_at": now} for hash_, staff_id in rows]
        session.execute(insert(EndedSession), marks)
        session.execute(delete(LoginSession).where(which))


def whose_was_ended(session: Session, token: str) -> UUID | None:
    """The person whose session with this token was ended for good, or None."""
    return session.scalar(select(EndedSession.staff_id).where(EndedSession.token_hash == hash_token(token)))


def is_old(now: dt.datetime) -> ColumnElement[bool]:
    """Which marks no browser can still name."""
    return EndedSession.ended_at <= now - _KEPT


def forget(session: Session, now: dt.datetime) -> int:
    """Drop the marks of sessions that no browser can still name; how many."""
    done = session.execute(delete(EndedSession).where(is_old(now)))
    return int(done.rowcount)  # type: ignore[attr-defined]

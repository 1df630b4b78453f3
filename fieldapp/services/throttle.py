"""Slows down guessing of passwords, and partners' links that run wild.

Only failed sign-ins count, and every report; per account or link and per address, and nobody is locked out for longer
than the window. Every attempt to sign in is noted as failed before the password is looked at and struck out again when
it was right, so that guesses in parallel are counted too.
"""

import datetime as dt
import hashlib
import math
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.errors import AppError
from fieldapp.models import FailedSignIn

WINDOW = dt.timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 50
MOST_REPORTS = 10
"""Through one partner's link; a report that was taken back counts too."""


def note_attempt(session: Session, username: str, address: str, now: dt.datetime) -> int:
    """Note an attempt and return its number for `forgive`. Raises AppError slow_down when there were too many."""
    return _note(session, _digest(username), address, MOST_PER_ACCOUNT, now)


def note_report(session: Session, link_id: UUID, address: str, now: dt.datetime) -> None:
    """Note a report through a partner's link, in a count of its own. Raises AppError slow_down when there were many."""
    _note(session, f"link {link_id}", f"link {address}", MOST_REPORTS, now)


def _note(session: Session, account: str, address: str, most: int, now: dt.datetime) -> int:
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - WINDOW))
    waits = (
        _wait(session, FailedSignIn.username, account, most, now),
        _wait(session, FailedSignIn.address, address, MOST_PER_ADDRESS, now),
    )
    if max(waits) > 0:
        raise AppError("slow_down", headers={"Retry-After": str(max(waits))})
    attempt = FailedSignIn(username=account, address=address, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def forgive(session: Session, attempt: int) -> None:
    """The attempt succeeded after all."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.id == attempt))


def _wait(session: Session, column: InstrumentedAttribute[str], value: str, most: int, now: dt.datetime) -> int:
    """Seconds until fewer than `most` failures are left in the window; 0 when that is so now."""
    oldest_that_blocks = session.scalar(
        select(FailedSignIn.at)
        .where(column == value, FailedSignIn.at > now - WINDOW)
        .order_by(FailedSignIn.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    return math.ceil((oldest_that_blocks + WINDOW - now).total_seconds()) if oldest_that_blocks else 0


def _digest(username: str) -> str:
    """People type their password into the wrong box; what was typed is therefore not kept."""
    return hashlib.sha256(username.encode()).hexdigest()

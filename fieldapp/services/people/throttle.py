"""Slows down guessing of passwords, partners' and calendars' links that run wild, and sealed entries from nobody.

Only failed sign-ins count, and every report; per account or link and per address. Every attempt to sign in is noted as
failed before the password is looked at and struck out again when it was right, so that guesses in parallel are counted
too.

Invariants: nobody waits longer than the window, whatever the clock has done in between; and where a person has signed
in before, what others guess, from wherever, never keeps them out: such a browser is counted by itself.
"""

import datetime as dt
import hashlib
import math
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.errors import AppError
from fieldapp.models import FailedSignIn

WINDOW = dt.timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 50
MOST_REPORTS = 10
"""Through one partner's link; a report that was taken back counts too."""
MOST_FETCHES = 20
"""Of one calendar; programs ask once an hour, and a person has a few of them."""
_AT_THE_SAME_TIME = dt.timedelta(minutes=1)
_KNOWN = "known browser"
"""Stands for the address of all of these, and counts for none; of calendars, too, which the large services fetch for
all their people from a few addresses."""


def note_attempt(session: Session, username: str, address: str, now: dt.datetime, *, known_browser: str = "") -> int:
    """Note an attempt and return its number for `forgive`. Raises AppError slow_down when there were too many.

    `known_browser`: the token of a browser where this person has signed in before; empty for any other.
    """
    if known_browser:
        return _note(session, _digest(f"{known_browser} {username}"), _KNOWN, MOST_PER_ACCOUNT, now)
    return _note(session, _digest(username), address, MOST_PER_ACCOUNT, now)


def note_report(session: Session, link_id: UUID, address: str, now: dt.datetime) -> None:
    """Note a report through a partner's link, in a count of its own. Raises AppError slow_down when there were many."""
    _note(session, f"link {link_id}", f"link {address}", MOST_REPORTS, now)


def note_fetch(session: Session, link_id: UUID, now: dt.datetime) -> None:
    """Note that a calendar was fetched, whatever the address. Raises AppError slow_down when it was so often."""
    _note(session, f"calendar {link_id}", _KNOWN, MOST_FETCHES, now)


def note_unproven(session: Session, address: str, now: dt.datetime) -> None:
    """Note a request with sealed entries that neither a session nor a key lets in. Raises AppError slow_down when there
    were many from this address: those with a key that is or was right are never asked."""
    _note(session, f"unproven {address}", f"unproven {address}", MOST_PER_ADDRESS, now)


def _note(session: Session, account: str, address: str, most: int, now: dt.datetime) -> int:
    session.execute(delete(FailedSignIn).where(~_is_recent(now)))
    waits = [_wait(session, FailedSignIn.username, account, most, now)]
    if address != _KNOWN:
        waits.append(_wait(session, FailedSignIn.address, address, MOST_PER_ADDRESS, now))
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
        .where(column == value, _is_recent(now))
        .order_by(FailedSignIn.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    if oldest_that_blocks is None:
        return 0
    return math.ceil(min(oldest_that_blocks + WINDOW - now, WINDOW).total_seconds())


def _is_recent(now: dt.datetime) -> ColumnElement[bool]:
    """What lies ahead was noted before the clock was set back: how long ago nobody knows, so it counts no more. A
    little ahead are those of requests that were at work at the same time."""
    return and_(FailedSignIn.at > now - WINDOW, FailedSignIn.at <= now + _AT_THE_SAME_TIME)


def _digest(username: str) -> str:
    """People type their password into the wrong box; what was typed is therefore not kept."""
    return hashlib.sha256(username.encode()).hexdigest()

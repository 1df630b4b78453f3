"""What has happened to somebody's account: told to the person until they say they have seen it, and kept for ever.

Who can make a code for somebody, or learns their password, can sign in as them; so neither happens behind their back.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import AccountEvent, Staff
from sync.ids import uuid7


def note(
    session: Session, staff_id: UUID, what: str, now: dt.datetime, *, by: UUID | None, is_news: bool = True
) -> None:
    """Write it down, and tell the person from now on. `by`: who did it, None for the command line."""
    session.add(AccountEvent(id=uuid7(), staff_id=staff_id, what=what, by_staff_id=by, at=now))
    if is_news:
        session.get_one(Staff, staff_id).account_news_at = now
    session.flush()


def is_empty(session: Session, staff_id: UUID) -> bool:
    """Whether nothing has happened to the account since it was made."""
    return session.scalar(select(AccountEvent.id).where(AccountEvent.staff_id == staff_id).limit(1)) is None


def have_seen(session: Session, staff_id: UUID) -> None:
    """The person says they have seen what was told."""
    session.get_one(Staff, staff_id).account_news_at = None

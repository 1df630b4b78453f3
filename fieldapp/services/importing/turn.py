"""One sheet at a time: two that are taken in at the same moment would each find nobody there before."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = 0x5E77_0003


def wait_for_turn(session: Session) -> None:
    """Wait for whoever takes a sheet in now, before anything is read of who is there. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})

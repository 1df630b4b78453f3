"""Identifiers, and the order of entries."""

import datetime as dt
import uuid

import uuid_utils.compat


def uuid7() -> uuid.UUID:
    """A new identifier. It sorts by its maker's clock, which may be wrong: never read a time out of it."""
    return uuid_utils.compat.uuid7()


def ordering_key(clock_at: dt.datetime, entry_id: uuid.UUID) -> tuple[str, str]:
    """Sorts entries by clock time, then id, in every language alike: texts of fixed width, UTC to the microsecond."""
    return clock_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), str(entry_id)

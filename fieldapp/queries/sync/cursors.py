"""The cursor: how far one person's phone has read the change log, as an opaque text.

A cursor fits one log (its epoch) and one person with one set of rights. When the role or the teams have changed, the
phone starts anew: what the old rights showed must not stay on it.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from fieldapp.domain.access import Viewer

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Cursor:
    """Every change up to `seq` was sent, and what depends on the time of sending is right as of `at_ms`."""

    seq: int
    first: int
    """Where the log ended when the first sync began: up to there the phone never had anything that could be gone."""
    at_ms: int

    def to(self, seq: int, now: dt.datetime) -> "Cursor":
        """The same reader, further on."""
        return replace(self, seq=seq, at_ms=to_ms(now))

    @property
    def at(self) -> dt.datetime:
        return _EPOCH + dt.timedelta(milliseconds=self.at_ms)


def to_ms(moment: dt.datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def write(cursor: Cursor, epoch: str, viewer: Viewer) -> str:
    """The cursor as the phone keeps it."""
    return f"{epoch}.{_rights(viewer)}.{cursor.first}.{cursor.at_ms}.{cursor.seq}"


def read(text: str, epoch: str, viewer: Viewer) -> Cursor | None:
    """The cursor in a text of this log and this person's rights; None for any other text."""
    parts = text.split(".")
    if len(parts) != 5 or parts[:2] != [epoch, _rights(viewer)] or not all(map(_is_number, parts[2:])):
        return None
    first, at_ms, seq = map(int, parts[2:])
    return Cursor(seq, first, at_ms)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS


def _rights(viewer: Viewer) -> str:
    teams = sorted(team_id.hex for team_id in viewer.team_ids)
    return hashlib.sha256("|".join([viewer.staff_id.hex, viewer.role, *teams]).encode()).hexdigest()[:32]

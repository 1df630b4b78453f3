"""What decides over a client or a team from now on, and what pauses or ends a clock: whose word that has to be. Pure.

Invariant: nobody gains by a correction or a back-dated time what they may not do directly. What steers takes somebody
who follows the client (or works in the team) now, to write it and to take it back alike; what stops a clock stops it
only on the word of somebody whose team follows when it arrives.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fieldapp.domain.absence import pauses
from fieldapp.domain.contact import dies
from fieldapp.domain.watch import expected_end
from sync.entry_types import ENTRY_TYPES

NO_EFFECT = "no_effect"
"""The flag of an entry that would have stopped a clock: kept, shown to the team that follows, and stopping nothing."""

Stop = tuple[UUID | str, datetime]
"""What stands still by what, and until when."""
_FOR_GOOD = datetime.max.replace(tzinfo=UTC)


def steers(entry_type: str, body: Any) -> bool:
    """Say whether taking such an entry back decides as much as writing it: then it takes the same right, now.

    A withdrawn watch agreement is one: without the withdrawal staff may unlock the door again.
    """
    row = ENTRY_TYPES[entry_type]
    if row.terms == "withdrawn":
        return bool(body.kind == "watch")
    return row.steering != "never" or dies(entry_type, body)


def stops(entry_type: str, body: Any, at: datetime) -> bool:
    """Say whether such an entry pauses or ends a clock."""
    return ENTRY_TYPES[entry_type].stops_clock and _stop_of(entry_type, body, at) is not None


def stops_more(entry_type: str, before: tuple[Any, datetime], after: tuple[Any, datetime]) -> bool:
    """Say whether the entry, (body, clock time), stops a clock for longer, or another one, after a correction."""
    was, now = (_stop_of(entry_type, *version) for version in (before, after))
    return now is not None and (was is None or was[0] != now[0] or now[1] > was[1])


def _started(body: Any) -> Stop | None:
    end = expected_end(body.expected_end_on, body.expected_end_at)
    return (body.absence_id, end or _FOR_GOOD) if pauses(body.kind, with_others_agreed=True) else None


def _confirmed(body: Any) -> Stop:
    """Still away: a new end holds, and one that has passed no longer does."""
    return body.absence_id, expected_end(body.expected_end_on, body.expected_end_at) or _FOR_GOOD


def _ended(body: Any, at: datetime) -> Stop:
    """It lets the clock go on, but a later end lets it go on later."""
    return body.absence_id, at


def _stop_of(entry_type: str, body: Any, at: datetime) -> Stop | None:
    if dies(entry_type, body):
        return "death", _FOR_GOOD
    row = ENTRY_TYPES[entry_type]
    if row.points_at == "new_absence":
        return _started(body)
    if row.points_at == "absence_step" and row.stops_clock:
        # Only that the watch does not run: a step during which it runs holds nobody's clock.
        return (body.step_id, body.to_at.astimezone(UTC)) if body.watch == "off" else None
    if row.points_at != "absence":
        return None
    return _confirmed(body) if row.stops_clock else _ended(body, at)

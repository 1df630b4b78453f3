"""«Fewer and truer alerts»: when a team's alerts are so many, or so often about a sighting nobody wrote down, that
another interval, other sources or other hours should be agreed with the clients. Counting is for queries/."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LOOKS_BACK = timedelta(days=28)
ONE_SHIFT = timedelta(hours=8)
FEWEST_ENDED = 5
"""Of fewer, a share says nothing."""


@dataclass(frozen=True)
class AlertLoad:
    """One team over `LOOKS_BACK`, its `not_seen` alerts only: how many opened, on how many shifts somebody had them,
    how many have ended, and how many of those because the person had been seen and it was not written down."""

    opened: int
    shifts: float
    ended: int
    not_logged: int


def shifts_in(from_at: datetime, to_at: datetime) -> float:
    """Count the shifts of one person's duty: 8 hours are one; a shorter duty is one too, a longer its part of them."""
    return max(1.0, (to_at - from_at) / ONE_SHIFT)


def proposals(load: AlertLoad) -> tuple[str, ...]:
    """Say what is to be proposed to the leader and why: too_many (more than one alert per person on duty and shift),
    not_logged (more than half ended as «var sett, ikke ført»), both or none."""
    found = []
    if load.opened > load.shifts:
        found.append("too_many")
    if load.ended >= FEWEST_ENDED and load.not_logged * 2 > load.ended:
        found.append("not_logged")
    return tuple(found)

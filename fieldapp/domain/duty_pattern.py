"""Duties that repeat: which spans a pattern of weekdays, times and weeks gives between two dates."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fieldapp.domain.duty import DutySpan
from fieldapp.domain.norway import at_wall_time

LONGEST = timedelta(weeks=26)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """Weekdays (0 is Monday) and wall times in Oslo, in every week or every n-th, the first one counted from."""

    weekdays: frozenset[int]
    begins: time
    ends: time
    first_on: date
    last_on: date
    every_weeks: int = 1

    def is_too_long(self) -> bool:
        """Say whether it reaches further than anybody should plan in one go."""
        return self.last_on - self.first_on > LONGEST


def spans(pattern: Pattern, left_out: Collection[date] = ()) -> Iterator[tuple[datetime, datetime]]:
    """Give each duty of the pattern as (from, to) in UTC, in order; an end that is not after the start is next day.

    A span of an hour that is skipped in spring has no length and is left out.
    """
    for day in _days(pattern):
        last_day = day if pattern.ends > pattern.begins else day + DAY
        from_at, to_at = at_wall_time(day, pattern.begins), at_wall_time(last_day, pattern.ends)
        if day not in left_out and from_at < to_at:
            yield from_at, to_at


def overlapping(
    wanted: tuple[datetime, datetime], duty: str, standing: Sequence[tuple[str, DutySpan]]
) -> tuple[str, ...]:
    """Name those who stand on the list for the same task in some of that time."""
    from_at, to_at = wanted
    covered = (name for name, span in standing if span.duty == duty and span.from_at < to_at and from_at < span.to_at)
    return tuple(dict.fromkeys(covered))


def _days(pattern: Pattern) -> Iterator[date]:
    monday = pattern.first_on - timedelta(days=pattern.first_on.weekday())
    day = pattern.first_on
    while day <= pattern.last_on:
        weeks = (day - monday).days // 7
        if day.weekday() in pattern.weekdays and weeks % pattern.every_weeks == 0:
            yield day
        day += DAY

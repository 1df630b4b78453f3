"""Duties that repeat: the spans that a pattern of weekdays, times and weeks gives, and whose turn each of them is."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from fieldapp.domain.duty import DutySpan
from fieldapp.domain.norway import at_wall_time, day_of

Person = TypeVar("Person")

TURNS = ("day", "week")
"""How long each has it before the next one takes over."""
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


def rotation(
    wanted: Sequence[tuple[datetime, datetime]], people: Sequence[Person], turn: str
) -> Iterator[tuple[Person, tuple[datetime, datetime]]]:
    """Give each span to one of the people, who take turns in their order: duty by duty, or week by week.

    Weeks are those in which there is a duty, and begin on Mondays: a week that is left out costs nobody their turn.
    """
    turns: dict[date, int] = {}
    for number, span in enumerate(wanted):
        monday = _monday(day_of(span[0]))
        turns.setdefault(monday, len(turns))
        yield people[(turns[monday] if turn == "week" else number) % len(people)], span


def overlapping(
    wanted: tuple[datetime, datetime], duty: str, standing: Sequence[tuple[str, DutySpan]]
) -> tuple[str, ...]:
    """Name those who stand on the list for the same task in some of that time."""
    from_at, to_at = wanted
    covered = (name for name, span in standing if span.duty == duty and span.from_at < to_at and from_at < span.to_at)
    return tuple(dict.fromkeys(covered))


def _days(pattern: Pattern) -> Iterator[date]:
    monday = _monday(pattern.first_on)
    day = pattern.first_on
    while day <= pattern.last_on:
        weeks = (day - monday).days // 7
        if day.weekday() in pattern.weekdays and weeks % pattern.every_weeks == 0:
            yield day
        day += DAY


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

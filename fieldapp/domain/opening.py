"""When a team is open: its weekly hours, public holidays and own closed days, turned into instants.

A public holiday has the team's Sunday hours, as shops and collective agreements have it: a team that works weekdays is
closed on 17 May, a house with staff round the clock is not. Hours are Norwegian wall time; a span whose end is not
after its beginning runs into the next day and belongs to the day it began.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from fieldapp.domain.norway import NOON, at_wall_time, day_of, is_working_day, public_holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SUNDAY = 6
MIDNIGHT_AFTER = "24:00"
LOOK_AHEAD = timedelta(days=60)
"""A team that does not open within this is treated as one that never closes: nothing may wait for ever."""
NOTICE_BEFORE_CLOSING = timedelta(minutes=60)
DIGEST_AT = time(7, 30)
"""When the morning's digest is sent; until noon where nobody could send it before."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """A team's opening hours: for each day of the week (Monday first) its spans of wall time, `("08:00", "15:30")`."""

    week: tuple[tuple[tuple[str, str], ...], ...]
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Morning:
    """A Norwegian day from the time of its digest to noon."""

    day: date
    begins: datetime


def morning_of(at: datetime) -> Morning | None:
    """Give the morning that an instant lies in; None before 07:30 and from noon on."""
    day = day_of(at)
    begins = at_wall_time(day, DIGEST_AT)
    return Morning(day, begins) if begins <= at < at_wall_time(day, NOON) else None


def next_morning(at: datetime) -> datetime:
    """Give the first 07:30 after an instant, whatever day it is."""
    begins = at_wall_time(day_of(at), DIGEST_AT)
    return begins if begins > at else at_wall_time(day_of(at) + timedelta(days=1), DIGEST_AT)


def opens_on(hours: Hours | None, day: date) -> bool:
    """Say whether a team opens on a day; one that has not said when (None) counts as open on working days."""
    return bool(_spans_of_day(hours, day)) if hours is not None else is_working_day(day)


def hours_of(week: Mapping[str, Sequence[Sequence[str]]], closed_days: Iterable[str]) -> Hours:
    """Read hours as `team_hours_set` has them: {mon…sun: [[from, to]]} and the closed days as `YYYY-MM-DD`."""
    spans = tuple(tuple((span[0], span[1]) for span in week.get(day) or ()) for day in WEEKDAYS)
    return Hours(spans, frozenset(date.fromisoformat(day) for day in closed_days))


def open_spans(hours: Hours, begins: datetime, ends: datetime) -> Iterator[Span]:
    """Give the spans (UTC, in order, those that touch joined) in which the team is open between two instants."""
    joined: Span | None = None
    day = day_of(begins) - timedelta(days=1)
    while day <= day_of(ends):
        for opens, closes in _spans_of_day(hours, day):
            if closes <= begins or opens >= ends:
                continue
            if joined is not None and opens <= joined[1]:
                joined = (joined[0], max(joined[1], closes))
                continue
            if joined is not None:
                yield joined
            joined = (opens, closes)
        day += timedelta(days=1)
    if joined is not None:
        yield joined


def is_open(hours: Hours, at: datetime) -> bool:
    """Say whether the team is open at this instant; at closing time it is closed."""
    return closes_at(hours, at) is not None


def closes_at(hours: Hours, at: datetime) -> datetime | None:
    """Say when the present opening ends; None when the team is closed. Looks no further than a day: an opening that
    goes on for longer is given an end further on than that, whatever its true one."""
    span = next(open_spans(hours, at, at + timedelta(days=1)), None)
    return span[1] if span is not None and span[0] <= at else None


def opens_at(hours: Hours, at: datetime) -> datetime | None:
    """Say when a closed team opens next; None when it is open, or does not open within 60 days."""
    span = next(open_spans(hours, at, at + timedelta(days=4)), None) or next(
        open_spans(hours, at, at + LOOK_AHEAD), None
    )
    return span[0] if span is not None and span[0] > at else None


@lru_cache(maxsize=4096)
def _spans_of_day(hours: Hours, day: date) -> tuple[Span, ...]:
    """The spans that begin on this day, sorted."""
    if day in hours.closed_days:
        return ()
    weekday = SUNDAY if day in public_holidays(day.year) else day.weekday()
    return tuple(sorted(wall_span(day, begins, ends) for begins, ends in hours.week[weekday]))


def wall_span(day: date, begins: str, ends: str) -> Span:
    """Turn `("22:30", "07:30")` on a day into instants; `24:00` is midnight at its end."""
    tomorrow = day + timedelta(days=1)
    from_wall = time.fromisoformat(begins)
    if ends == MIDNIGHT_AFTER:
        return at_wall_time(day, from_wall), at_wall_time(tomorrow, time(0, 0))
    to_wall = time.fromisoformat(ends)
    return at_wall_time(day, from_wall), at_wall_time(day if to_wall > from_wall else tomorrow, to_wall)

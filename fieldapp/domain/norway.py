"""Norwegian wall time and calendar: wall clocks in Oslo turned into UTC, working days, months as the law counts.

Rule for the two odd hours a year: a wall time that does not exist (spring) is read with the offset before the change,
one that exists twice (autumn) is the first of the two.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
NOON = time(12, 0)
SATURDAY = 5


def at_wall_time(day: date, wall: time) -> datetime:
    """Turn a wall time in Oslo into UTC."""
    return datetime.combine(day, wall, tzinfo=OSLO).astimezone(UTC)


def day_of(at: datetime) -> date:
    """Name the Norwegian calendar day of a moment."""
    return at.astimezone(OSLO).date()


@cache
def public_holidays(year: int) -> frozenset[date]:
    """List the public holidays of one year, 1 and 17 May included, ordinary Sundays not."""
    return frozenset(_holidays(year))


def holiday_name(day: date) -> str | None:
    """Name the public holiday in bokmål; None for any other day, an ordinary Sunday too."""
    return _holidays(day.year).get(day)


@cache
def _holidays(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("NO", years=year, language="no"))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def this_or_next_working_day(day: date) -> date:
    """Give the day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def next_working_day(day: date) -> date:
    """Give the first working day after the day."""
    return this_or_next_working_day(day + timedelta(days=1))


def add_months(day: date, months: int) -> date:
    """Give the same date some months on, or that month's last day when it has no such date (domstolloven § 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

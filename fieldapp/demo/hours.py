"""When each kind of team is out: ambulant teams on weekdays from nine to three and thinly at weekends, a staffed house
all its waking hours. Finds a moment in those hours before or after another."""

import datetime as dt

from fieldapp.demo.dice import Dice
from fieldapp.domain.norway import at_wall_time, day_of, is_working_day

_DAYTIME = (dt.time(9, 0), dt.time(15, 0))
_WEEKDAYS = {
    "staffed_housing": (dt.time(7, 45), dt.time(21, 45)),
    "outreach": (dt.time(11, 0), dt.time(19, 0)),
    "night": (dt.time(19, 30), dt.time(23, 30)),
    "housing_first": (dt.time(9, 30), dt.time(16, 0)),
}
_DAYS_OFF = {
    "staffed_housing": (dt.time(8, 30), dt.time(21, 30)),
    "night": (dt.time(19, 30), dt.time(23, 30)),
}
_WEEKEND_DUTY = (dt.time(11, 0), dt.time(14, 30))
_BUSIEST = dt.timedelta(hours=4)
_LEAST = dt.timedelta(minutes=4)
_DAYS_TO_LOOK = 12

Window = tuple[dt.datetime, dt.datetime]


def window(kind: str, day: dt.date, *, weekends: bool) -> Window | None:
    """From when until when the team is out that day; None when it is not."""
    if is_working_day(day):
        begins, ends = _WEEKDAYS.get(kind, _DAYTIME)
    elif kind in _DAYS_OFF:
        begins, ends = _DAYS_OFF[kind]
    elif weekends:
        begins, ends = _WEEKEND_DUTY
    else:
        return None
    return at_wall_time(day, begins), at_wall_time(day, ends)


def after(dice: Dice, kind: str, at: dt.datetime, *, weekends: bool) -> dt.datetime:
    """A moment in the first opening hours from `at` on, mostly early in them."""
    for days in range(_DAYS_TO_LOOK):
        found = window(kind, day_of(at) + dt.timedelta(days=days), weekends=weekends)
        if found and found[1] - max(at, found[0]) >= _LEAST:
            begins = max(at, found[0])
            return begins + dice.minutes(0, min(_BUSIEST, found[1] - begins).total_seconds() / 60)
    return at


def before(dice: Dice, kind: str, at: dt.datetime, earliest: dt.datetime, *, weekends: bool) -> dt.datetime | None:
    """A moment in the last opening hours up to `at`, later than `earliest`; None when there are none."""
    for days in range(_DAYS_TO_LOOK):
        found = window(kind, day_of(at) - dt.timedelta(days=days), weekends=weekends)
        if not found:
            continue
        begins, ends = max(found[0], earliest), min(found[1], at)
        if ends - begins >= _LEAST:
            return ends - dice.minutes(1, min(_BUSIEST, ends - begins).total_seconds() / 60)
    return None


def is_open(kind: str, at: dt.datetime) -> bool:
    """Whether somebody of the team is out then."""
    found = window(kind, day_of(at), weekends=True)
    return found is not None and found[0] <= at <= found[1]

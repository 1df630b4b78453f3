"""When a phone must prove again that it shows what it is sent, at what hours it is asked, and when it counts as silent.

Only a receipt is proof: what a push service took may never have been shown.
"""

from datetime import datetime, time, timedelta

from fieldapp.domain.norway import OSLO, day_of, is_working_day

PROOF_LASTS = timedelta(days=7)
"""A receipt, or a test push, this old no longer says anything: the phone is tested again."""
SHOWN_WITHIN = timedelta(hours=24)
"""A test push that was not shown by then makes the phone a silent one."""

_WORKING_HOURS = time(9), time(15)
_WAKING_HOURS = time(7), time(23)


def in_working_hours(now: datetime) -> bool:
    """Say whether it is a working day between 09 and 15 in Oslo: when those without a shift may be tested."""
    return is_working_day(day_of(now)) and _between(now, _WORKING_HOURS)


def in_waking_hours(now: datetime) -> bool:
    """Say whether it is between 07 and 23 in Oslo: when those on duty may be tested; a duty may be slept at home."""
    return _between(now, _WAKING_HOURS)


def _between(now: datetime, hours: tuple[time, time]) -> bool:
    begins, ends = hours
    return begins <= now.astimezone(OSLO).time() < ends

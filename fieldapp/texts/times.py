"""Times as people say them, in Europe/Oslo: «24. nov. kl. 09.10», «for 21 t siden», «2 døgn og 1 t»."""

import datetime as dt
from zoneinfo import ZoneInfo

from fieldapp.texts.catalogues import N_, gettext

TIMEZONE = ZoneInfo("Europe/Oslo")

_MONTHS = (
    N_("jan."),
    N_("feb."),
    N_("mars"),
    N_("april"),
    N_("mai"),
    N_("juni"),
    N_("juli"),
    N_("aug."),
    N_("sep."),
    N_("okt."),
    N_("nov."),
    N_("des."),
)
_HOUR = 60
_DAY = 24 * _HOUR


def local(at: dt.datetime) -> dt.datetime:
    """The same instant on the wall clock in Norway."""
    return at.astimezone(TIMEZONE)


def clock_time(at: dt.datetime) -> str:
    """«09.10»"""
    return f"{local(at):%H.%M}"


def day(on: dt.date | dt.datetime) -> str:
    """«24. nov.»"""
    on = local(on) if isinstance(on, dt.datetime) else on
    return f"{on.day}. {gettext(_MONTHS[on.month - 1])}"


def day_from(on: dt.date | dt.datetime, now: dt.datetime) -> str:
    """«24. nov.», and of another year than the present «24. nov. 2025»"""
    on = local(on).date() if isinstance(on, dt.datetime) else on
    return day(on) if on.year == local(now).year else f"{day(on)} {on.year}"


def moment(at: dt.datetime, now: dt.datetime | None = None) -> str:
    """«24. nov. kl. 09.10»; read at `now` in another year «24. nov. 2025 kl. 09.10»"""
    words = day_from(at, now) if now else day(at)
    return gettext(N_("%(day)s kl. %(time)s")) % {"day": words, "time": clock_time(at)}


def duration(length: dt.timedelta) -> str:
    """«under 1 min», «12 min», «21 t», «2 døgn og 1 t»; less than nothing counts as nothing."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 1:
        return gettext(N_("under 1 min"))
    if minutes < _HOUR:
        return gettext(N_("%(n)s min")) % {"n": minutes}
    if minutes < 2 * _DAY:
        return gettext(N_("%(n)s t")) % {"n": minutes // _HOUR}
    return _days(minutes // _DAY, minutes % _DAY // _HOUR)


def _days(days: int, hours: int) -> str:
    if not hours:
        return gettext(N_("%(n)s døgn")) % {"n": days}
    return gettext(N_("%(n)s døgn og %(hours)s t")) % {"n": days, "hours": hours}


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """«for 21 t siden», «nå nettopp»"""
    if (now - at).total_seconds() < 60:
        return gettext(N_("nå nettopp"))
    return gettext(N_("for %(time)s siden")) % {"time": duration(now - at)}

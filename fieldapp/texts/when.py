"""Times seen from now, as on the phone: «09.10», «i går 09.10», «i morgen 08.00», «tirsdag 09.10», «24. nov. 09.10».

A day of another year says which.
"""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import clock_time, day, day_from, local

_WEEKDAYS = (N_("mandag"), N_("tirsdag"), N_("onsdag"), N_("torsdag"), N_("fredag"), N_("lørdag"), N_("søndag"))
HOLIDAYS = (
    N_("Første nyttårsdag"),
    N_("Skjærtorsdag"),
    N_("Langfredag"),
    N_("Første påskedag"),
    N_("Andre påskedag"),
    N_("Arbeidernes dag"),
    N_("Grunnlovsdag"),
    N_("Kristi himmelfartsdag"),
    N_("Første pinsedag"),
    N_("Andre pinsedag"),
    N_("Første juledag"),
    N_("Andre juledag"),
)
_MONTHS = (
    *(N_("januar"), N_("februar"), N_("mars"), N_("april"), N_("mai"), N_("juni"), N_("juli"), N_("august")),
    *(N_("september"), N_("oktober"), N_("november"), N_("desember")),
)
_NEAR = {-1: N_("i går"), 0: N_("i dag"), 1: N_("i morgen")}
_WEEK = 7


def weekday(on: dt.date) -> str:
    """«tirsdag»"""
    return gettext(_WEEKDAYS[on.weekday()])


def month_name(on: dt.date) -> str:
    """«november»"""
    return gettext(_MONTHS[on.month - 1])


def holiday(name: str) -> str:
    """A public holiday, by its name in bokmål (domain/norway.py); two may fall on one day."""
    return ", ".join(gettext(one) for one in name.split("; "))


def long_day(on: dt.date) -> str:
    """«tirsdag 24. nov.»"""
    return f"{weekday(on)} {day(on)}"


def when(at: dt.datetime, now: dt.datetime) -> str:
    """A moment, with as much of the day as is needed to know which."""
    on = local(at).date()
    return clock_time(at) if on == local(now).date() else f"{near_day(on, now)} {clock_time(at)}"


def near_day(on: dt.date, now: dt.datetime) -> str:
    """«i dag», «i morgen», «fredag», «24. nov.», «24. nov. 2025»"""
    away = (on - local(now).date()).days
    if away in _NEAR:
        return gettext(_NEAR[away])
    return weekday(on) if 0 < away < _WEEK else day_from(on, now)

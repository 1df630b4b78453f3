"""Duties as iCalendar (RFC 5545). Times are written in UTC: an instant is one instant on both sides of a change of
clocks, and the calendar program shows it on the reader's own clock."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vUri

from fieldapp.queries.duty_feed import FeedDuty
from fieldapp.texts import N_, gettext, label

MIME = "text/calendar; charset=utf-8"
_FETCH_AGAIN = dt.timedelta(hours=1)


def calendar_of(duties: Iterable[FeedDuty], team: str | None, address: str) -> bytes:
    """The whole calendar: a team's list, or one person's own duties (`team` None). `address`: where the list stands."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sett//Vakt//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = gettext(N_("Vakt: %(team)s")) % {"team": team} if team else gettext(N_("Mine vakter i Sett"))
    for said in ("name", "x-wr-calname"):
        calendar.add(said, name)
    calendar.add("refresh-interval", _FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for duty in duties:
        calendar.add_component(_event(duty, team is None, address))
    return calendar.to_ical()


def _event(duty: FeedDuty, own: bool, address: str) -> Event:
    event = Event()
    event.add("uid", f"{duty.id}@{urlsplit(address).hostname}")
    event.add("dtstamp", duty.set_at)
    event.add("dtstart", duty.from_at)
    event.add("dtend", duty.to_at)
    task = label("duty", duty.duty)
    event.add("summary", f"{task}: {duty.team_name if own else duty.name}")
    event.add("url", vUri(address))
    event.add("transp", "OPAQUE" if own else "TRANSPARENT")
    return event

"""Contacts in figures: when and where, how many were met, by how many of us, how often nobody was there, the street,
and hours given against hours decided."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from fieldapp.domain.reports.basis import DAY, Decision, Deed, Followed, Period, week_of
from fieldapp.domain.reports.table import Column, Table, counted, resting_on

CONTACTS = ("visit_logged", "call_logged", "street_contact_logged")
"""What is a contact, whatever came of it."""
MISSED = ("no_answer", "not_home")
IN_DAYS = 30
"""How far back from the end of the period staff are told apart."""
_MANY = 5
BANDS = ("0", "1", "2", "3", "4", "5_or_more")
NO_DECISION, SEVERAL = "(none)", "(several)"
"""In place of a service: the client has no decision that day, or more than one: a visit does not say which it is of."""
_DAYS_OF_WEEK = 7
_MINUTES = 60


def contacts(deeds: Iterable[Deed]) -> Table:
    """Every visit, call and street contact, by kind, place and the hour it happened."""
    found = Counter(
        (_kind(deed), _place(deed), deed.at.hour) for deed in deeds if deed.is_visit or deed.type in CONTACTS
    )
    columns = (Column("kind"), Column("place"), Column("hour", "hour"), Column("count", "count"))
    return counted(columns, [(*key, found[key]) for key in sorted(found)])


def _kind(deed: Deed) -> str:
    return "visit_logged" if deed.is_visit else deed.type


def _place(deed: Deed) -> str:
    """The code of where a visit was; a call and a street contact have none."""
    return str(deed.body.get("place") or ("home" if deed.is_visit else ""))


def people_seen(period: Period, deeds: Iterable[Deed]) -> Table:
    """How many different clients were seen, week by week."""
    seen: dict[str, set[UUID]] = {week: set() for week in period.weeks()}
    for deed in deeds:
        if deed.degree == "seen" and deed.client_id is not None:
            seen[week_of(deed.at.date())].add(deed.client_id)
    columns = (Column("week", "week"), Column("people", "count"))
    return counted(columns, [(week, len(people)) for week, people in seen.items()])


def continuity(followed: Iterable[UUID], deeds: Iterable[Deed]) -> Table:
    """How many different staff each client met, given the deeds of thirty days and whoever was followed in them."""
    met: dict[UUID, set[str]] = {client_id: set() for client_id in followed}
    for deed in deeds:
        if deed.degree == "seen" and deed.client_id in met:
            met[deed.client_id] |= deed.staff
    found = Counter(str(len(staff)) if len(staff) < _MANY else BANDS[-1] for staff in met.values())
    return counted((Column("client_band"), Column("clients", "count")), [(band, found[band]) for band in BANDS])


def missed_visits(period: Period, deeds: Iterable[Deed]) -> Table:
    """Of the visits that were not cancelled, at how many nobody opened or nobody was home."""
    tried = [deed for deed in deeds if deed.is_visit and deed.body.get("outcome") != "cancelled"]
    attempts = Counter(week_of(deed.at.date()) for deed in tried)
    missed = Counter(week_of(deed.at.date()) for deed in tried if deed.body.get("outcome") in MISSED)
    columns = (Column("week", "week"), Column("attempts", "count"), Column("missed", "count"))
    return counted(columns, [(week, attempts[week], missed[week]) for week in period.weeks()])


def street(period: Period, deeds: Iterable[Deed]) -> Table:
    """Contacts on the street, how many were met in all, and how many pieces of equipment were handed out."""
    found: dict[str, list[int]] = {week: [0, 0, 0] for week in period.weeks()}
    for deed in deeds:
        if deed.type == "street_contact_logged":
            given = sum((deed.body.get("equipment") or {}).values())
            told = (1, deed.body.get("people") or 0, given)
            week = week_of(deed.at.date())
            found[week] = [before + more for before, more in zip(found[week], told, strict=True)]
    names = ("contacts", "people", "equipment")
    columns = (Column("week", "week"), *(Column(name, "count") for name in names))
    return counted(columns, [(week, *numbers) for week, numbers in found.items()])


def hours(period: Period, deeds: Iterable[Deed], decisions: Iterable[Decision], followed: Followed) -> Table:
    """Minutes decided and minutes given (the duration of what has one), by service and week.

    Of a decision per week each day is a seventh, of one per month a share of that month; «as needed» is no number.
    """
    of_client: dict[UUID, list[Decision]] = defaultdict(list)
    for one in decisions:
        of_client[one.client_id].append(one)
    decided: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    given: Counter[tuple[str, str]] = Counter()
    behind: dict[tuple[str, str], set[UUID | None]] = defaultdict(set)
    for client_id, on, running in _days(period, of_client, followed):
        key = _service(running), week_of(on)
        decided[key] += sum((_minutes_a_day(one, on) for one in running), Fraction())
        behind[key].add(client_id)
    for deed in deeds:
        if minutes := deed.body.get("duration_min"):
            on = deed.at.date()
            key = _service(_running(of_client.get(deed.client_id, ()) if deed.client_id else (), on)), week_of(on)
            given[key] += minutes
            behind[key].add(deed.client_id)
    columns = (
        Column("service", "words"),
        Column("week", "week"),
        Column("decided", "minutes"),
        Column("given", "minutes"),
    )
    keys = sorted(behind)
    return resting_on(columns, [((*key, round(decided[key]), given[key]), len(behind[key])) for key in keys])


def _days(
    period: Period, of_client: Mapping[UUID, Sequence[Decision]], followed: Followed
) -> Iterable[tuple[UUID, date, list[Decision]]]:
    for client_id, decisions in of_client.items():
        for on in period.days():
            running = _running(decisions, on)
            if running and followed.on(client_id, on):
                yield client_id, on, running


def _running(decisions: Iterable[Decision], on: date) -> list[Decision]:
    return [one for one in decisions if one.from_on <= on and (one.to_on is None or on <= one.to_on)]


def _service(running: Sequence[Decision]) -> str:
    names = {one.service for one in running}
    return SEVERAL if len(names) > 1 else next(iter(names), NO_DECISION)


def _minutes_a_day(decision: Decision, on: date) -> Fraction:
    if decision.hours is None or decision.per == "as_needed":
        return Fraction()
    first = on.replace(day=1)
    next_month = (first + 31 * DAY).replace(day=1)
    days = (next_month - first).days if decision.per == "month" else _DAYS_OF_WEEK
    return Fraction(decision.hours) * _MINUTES / days

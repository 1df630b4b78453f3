"""The ordinary days: when each client is met, by whom and how, and the uteteam's walks.

A watched client's contacts follow the clock, so that it runs out only where it is meant to; the others' follow their
planned contact. Between 15 and 20 in a hundred visits meet nobody.
"""

import datetime as dt
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from fieldapp.demo import contacts, hours
from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.dice import Dice
from fieldapp.demo.people import ClientPlan, Municipality, StaffPlan, TeamPlan
from fieldapp.domain.norway import at_wall_time, day_of, is_working_day

MARGIN = dt.timedelta(minutes=115)
"""A contact comes at least this long before the clock runs out: longer than a round takes to be sent."""
SPARE = dt.timedelta(hours=4, minutes=30)
"""Nobody but those the stories have chosen runs out sooner than this."""
_MISSED = {"staffed_housing": 0.007}
_USUALLY_MISSED = 0.035
_BOMTUR = {"staffed_housing": 0.15, "tenancy_support": 0.24, "outreach": 0.26}
_USUAL_BOMTUR = 0.24
_SHIFTS = ((dt.time(8, 15), dt.time(13, 30)), (dt.time(15, 40), dt.time(20, 30)))
_SHIFT_ENDS = (dt.time(15, 0), dt.time(22, 30))


class Days:
    """One client's days, from when history begins until now."""

    def __init__(self, town: Municipality, client: ClientPlan, begins: dt.datetime) -> None:
        self.town, self.client, self.kind = town, client, client.team.kind
        self.begins = max(begins, client.registered_at + dt.timedelta(minutes=40))
        self.ends = min(town.now, client.ended_at or town.now) - dt.timedelta(minutes=4)
        self.dice = town.dice("days", client.id)
        self.scribe = Scribe(self.dice)
        self.staff = town.members(client.team, "fieldworker")

    def deeds(self) -> Iterator[Deed]:
        """All meetings with this client."""
        if self.client.watch is None:
            yield from self._planned()
            return
        times = self._shift_by_shift() if self.client.watch.mode == "each_shift" else self._by_the_clock()
        for at in times:
            if self.begins <= at <= self.ends and not self.client.is_away(at):
                yield from self._watched_contact(at)

    # --- watched -------------------------------------------------------------------------------------------------

    def _by_the_clock(self) -> list[dt.datetime]:
        assert self.client.watch is not None
        interval = dt.timedelta(minutes=self.client.watch.minutes)
        last_at = self.client.due_at - interval if self.client.due_at else None
        at = hours.after(self.dice, self.kind, self.begins, weekends=True)
        times = [at]
        while True:
            at = self._next(times[-1], interval)
            if last_at is not None and at >= last_at - dt.timedelta(minutes=45):
                return [*(time for time in times if time < last_at), last_at]
            if at >= self.ends:
                return times if last_at else self._rested(times, interval)
            times.append(at)

    def _next(self, last: dt.datetime, interval: dt.timedelta) -> dt.datetime:
        away_until = next((end for start, end in self.client.away if end and start <= last + interval <= end), None)
        if away_until is not None:
            last = away_until
        due = last + interval
        if self.dice.chance(_MISSED.get(self.kind, _USUALLY_MISSED)):
            late = due + self.dice.minutes(20, 85)
            if hours.is_open(self.kind, late):
                return late
        wanted = last + interval * self.dice.uniform(0.45, 0.92)
        at = hours.after(self.dice, self.kind, wanted, weekends=interval < dt.timedelta(days=3))
        if at <= due - MARGIN:
            return at
        latest = due - MARGIN
        return hours.before(self.dice, self.kind, latest, last + dt.timedelta(minutes=30), weekends=True) or latest

    def _rested(self, times: list[dt.datetime], interval: dt.timedelta) -> list[dt.datetime]:
        """Nobody runs out in the next hours by chance."""
        must_be_after = self.town.now + SPARE - interval
        if times[-1] > must_be_after:
            return times
        earliest = max(must_be_after, times[-1])
        found = hours.before(self.dice, self.kind, self.ends, earliest, weekends=True)
        return [*times, found or self.ends - self.dice.minutes(5, 30)]

    def _shift_by_shift(self) -> Iterator[dt.datetime]:
        day = day_of(self.begins)
        while day <= day_of(self.town.now):
            late = self.dice.chance(_MISSED["staffed_housing"] * 2)
            for begins, ends in _SHIFTS:
                start, end = at_wall_time(day, begins), at_wall_time(day, ends)
                at = start + self.dice.minutes(0, (end - start).total_seconds() / 60)
                if late and ends < _SHIFT_ENDS[0]:
                    continue  # nobody thought of it on the day shift; the evening shift finds the alert
                yield start + self.dice.minutes(0, 25) if late else at
            day += dt.timedelta(days=1)

    def _watched_contact(self, at: dt.datetime) -> Iterator[Deed]:
        author = self._author(at)
        if self.dice.chance(_BOMTUR.get(self.kind, _USUAL_BOMTUR)):
            before = max(at - self.dice.minutes(20, 80), self.begins)
            yield self._deed(before, author, "visit_logged", contacts.bomtur(self.dice))
        counts_heard = self.client.watch is not None and "heard" in self.client.watch.counts
        calls_at = 0.3 if is_working_day(day_of(at)) else 0.75
        if not hours.is_open(self.kind, at) and counts_heard:
            body = {"direction": "in", "outcome": "spoke", "note": "Ringte vakttelefonen for å slå av en prat."}
            yield self._deed(at, author, "call_logged", body)
        elif counts_heard and self.dice.chance(calls_at):
            yield self._deed(at, author, "call_logged", contacts.call(self.dice, spoke=True))
        else:
            yield self._deed(at, author, "visit_logged", self._seen(at, author))

    # --- planned contact -----------------------------------------------------------------------------------------

    def _planned(self) -> Iterator[Deed]:
        pace = dt.timedelta(days=self.client.interval_days or 7)
        at = self.begins + pace * self.dice.uniform(0, 0.8)
        while True:
            at = hours.after(self.dice, self.kind, at, weekends=False)
            if at >= self.ends:
                return
            if self.client.is_away(at):
                at += dt.timedelta(days=1)
                continue
            met = yield from self._planned_contact(at)
            at += pace * self.dice.uniform(0.55, 1.2) if met else dt.timedelta(days=self.dice.randint(1, 3))

    def _planned_contact(self, at: dt.datetime) -> Generator[Deed, None, bool]:
        author, dice = self._author(at), self.dice
        if dice.chance(0.06):
            yield self._deed(at, author, "call_logged", contacts.call_with_others(dice))
        if dice.chance(0.22):
            spoke = dice.chance(0.75)
            yield self._deed(at, author, "call_logged", contacts.call(dice, spoke=spoke))
            return spoke
        if dice.chance(_BOMTUR.get(self.kind, _USUAL_BOMTUR)):
            yield self._deed(at, author, "visit_logged", contacts.bomtur(dice))
            return False
        if dice.chance(0.08):
            body = contacts.turned_away(dice) if dice.chance(0.7) else contacts.heard(dice)
            yield self._deed(at, author, "visit_logged", body)
            return True
        yield self._deed(at, author, "visit_logged", self._seen(at, author))
        return True

    # --- who -----------------------------------------------------------------------------------------------------

    def _seen(self, at: dt.datetime, author: StaffPlan) -> dict[str, Any]:
        others = [one for one in self.staff if one != author]
        return contacts.seen(self.dice, self.kind, at, self.dice.choice(others) if others else None)

    def _author(self, at: dt.datetime) -> StaffPlan:
        if self.kind == "staffed_housing":
            return on_shift(self.staff, at)
        return self.client.primary if self.dice.chance(0.62) else self.dice.choice(self.staff)

    def _deed(self, at: dt.datetime, author: StaffPlan, type_: str, body: Mapping[str, Any]) -> Deed:
        return self.scribe.deed(at, author, type_, dict(body), client=self.client)


def on_shift(staff: list[StaffPlan], at: dt.datetime) -> StaffPlan:
    """Who is at work in a house with three shifts: the same person all shift, another the next."""
    day = day_of(at)
    evening = at >= at_wall_time(day, dt.time(15, 0))
    return staff[(day.toordinal() * 2 + evening) % len(staff)]


def walks(town: Municipality, team: TeamPlan, begins: dt.datetime) -> Iterator[Deed]:
    """The uteteam's and the erfaringskonsulent's meetings outdoors, a few each weekday; some stay private."""
    dice = town.dice("walks", team.id)
    scribe, clients = Scribe(dice), town.clients_of(team)
    walkers = town.members(team, "peer", "fieldworker")
    day = day_of(begins)
    while day <= day_of(town.now) and walkers:
        if is_working_day(day) or dice.chance(0.25):
            walker = dice.choice(walkers)
            at = at_wall_time(day, dt.time(11, 30)) + dice.minutes(0, 180)
            for _ in range(dice.randint(1, 4)):
                at += dice.minutes(8, 70)
                yield from _meeting(scribe, dice, town, walker, team, clients, at)
        day += dt.timedelta(days=1)


def _meeting(
    scribe: Scribe,
    dice: Dice,
    town: Municipality,
    walker: StaffPlan,
    team: TeamPlan,
    clients: list[ClientPlan],
    at: dt.datetime,
) -> Iterator[Deed]:
    known = dice.choice(clients) if clients and dice.chance(0.35) else None
    if at >= town.now or (known and (known.is_away(at) or known.registered_at > at)):
        return
    private = walker.role == "peer" and dice.chance(0.3)
    body = contacts.street(dice, known=known is not None, private=private)
    yield scribe.deed(at, walker, "street_contact_logged", body, client=known, team=team)

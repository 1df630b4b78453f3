"""The reports as somebody would count them by hand: from the envelopes as they were sent, one at a time."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
BOARD = ("board_placed", "board_removed")
MET = {"seen", "heard", "reported"}
Rows = list[tuple[Any, ...]]


@dataclass
class Told:
    """One entry, as it stands after what was said of it later."""

    type: str
    id: str
    client: str | None
    case: str | None
    team: str | None
    author: str
    at: dt.datetime
    received_at: dt.datetime
    body: dict[str, Any]
    gone: bool = False

    @property
    def on(self) -> dt.date:
        return self.at.astimezone(OSLO).date()

    @property
    def week(self) -> str:
        year, week, _ = self.on.isocalendar()
        return f"{year}-W{week:02}"


@dataclass
class ByHand:
    """What was sent, who followed whom, and the question."""

    told: list[Told]
    follows: dict[str, list[tuple[str, dt.date, dt.date | None]]]
    """For each client the team, its first day and its last."""
    kept_out: set[str]
    """Clients that do not exist for whoever asks, or are of code 6."""
    teams: set[str]
    from_on: dt.date
    to_on: dt.date
    first: dict[str, str] = field(default_factory=dict)
    """The team that registered each client: what happened earlier is its."""

    def followed(self, client: str, on: dt.date) -> bool:
        if client in self.kept_out:
            return False
        began = min(from_on for _, from_on, _ in self.follows[client])
        for team, from_on, to_on in self.follows[client]:
            if team in self.teams:
                begins = dt.date.min if from_on == began else from_on
                if begins <= on and (to_on is None or on <= to_on):
                    return True
        return False

    def counts(self, one: Told) -> bool:
        if one.gone:
            return False
        return one.team in self.teams if one.client is None else self.followed(one.client, one.on)

    def within(self, from_on: dt.date | None = None) -> list[Told]:
        begins = from_on or self.from_on
        return [one for one in self.told if begins <= one.on <= self.to_on and self.counts(one)]

    def weeks(self) -> list[str]:
        days = [self.from_on + dt.timedelta(days=n) for n in range((self.to_on - self.from_on).days + 1)]
        return sorted({f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02}" for d in days})

    def contacts(self) -> Rows:
        found: Counter[tuple[Any, ...]] = Counter()
        for one in self.within():
            hour = one.at.astimezone(OSLO).hour
            if one.type == "visit_logged" or is_invited(one):
                found["visit_logged", one.body.get("place", "home"), hour] += 1
            elif one.type in ("call_logged", "street_contact_logged"):
                found[one.type, "", hour] += 1
        return sorted((*key, count) for key, count in found.items())

    def people_seen(self) -> Rows:
        return [
            (week, len({one.client for one in self.within() if one.week == week and one.client and is_seen(one)}))
            for week in self.weeks()
        ]

    def missed_visits(self) -> Rows:
        visits = [one for one in self.within() if one.type == "visit_logged" or is_invited(one)]
        tried = [one for one in visits if one.body.get("outcome") != "cancelled"]
        missed = [one for one in tried if one.body.get("outcome") in ("no_answer", "not_home")]
        return [
            (week, sum(one.week == week for one in tried), sum(one.week == week for one in missed))
            for week in self.weeks()
        ]

    def board(self) -> Rows:
        placed: Counter[str] = Counter()
        stood: dict[str, list[int]] = defaultdict(list)
        for client in self.follows:
            for team in self.teams:
                up: Told | None = None
                moves = [one for one in self.told if one.type in BOARD and one.client == client and one.team == team]
                for one in sorted(moves, key=lambda one: (one.at, one.id)):
                    if one.gone:
                        continue
                    counted = self.from_on <= one.on <= self.to_on and self.followed(client, one.on)
                    if one.type == "board_placed" and up is None:
                        up = one
                        placed[one.week] += counted
                    elif one.type == "board_removed" and up is not None:
                        if counted:
                            stood[one.week].append((one.on - up.on).days)
                        up = None
        return [
            (week, placed[week], len(stood[week]), median(stood[week]) if stood[week] else None)
            for week in self.weeks()
        ]

    def street(self) -> Rows:
        rows = []
        for week in self.weeks():
            met = [one.body for one in self.within() if one.type == "street_contact_logged" and one.week == week]
            given = sum(sum((body.get("equipment") or {}).values()) for body in met)
            rows.append((week, len(met), sum(body["people"] for body in met), given))
        return rows

    def home_entries(self) -> Rows:
        entered = [one.body for one in self.within() if one.type == "home_entered" and not is_invited(one)]
        grounds = sorted({body["ground"] for body in entered})
        return [
            (
                ground,
                sum(body["ground"] == ground for body in entered),
                sum(body["ground"] == ground and body.get("told", "not_yet") == "not_yet" for body in entered),
            )
            for ground in grounds
        ]

    def staff_incidents(self) -> Rows:
        found: Counter[tuple[str, str]] = Counter()
        for one in self.told:
            ours = one.team in self.teams and one.client not in self.kept_out
            if one.type == "staff_incident_logged" and ours and not one.gone and self.from_on <= one.on <= self.to_on:
                found.update((kind, one.body["by"]) for kind in one.body["kinds"])
        return sorted((*key, count) for key, count in found.items())

    def continuity(self) -> Rows:
        since = self.to_on - dt.timedelta(days=29)
        met: dict[str, set[str]] = {}
        for client, spans in self.follows.items():
            for team, from_on, to_on in spans:
                there = from_on <= self.to_on and (to_on is None or to_on >= since)
                if team in self.teams and there and client not in self.kept_out:
                    met[client] = set()
        for one in self.within(since):
            if one.client in met and is_seen(one):
                met[one.client] |= {one.author, *one.body.get("with_staff", [])}
        bands = Counter(min(len(staff), 5) for staff in met.values())
        return [(str(n) if n < 5 else "5_or_more", bands[n]) for n in range(6)]

    def cases(self, opener: str) -> list[tuple[str, dict[str, Any]]]:
        """The status and what is said of each case that opened within the period."""
        found = []
        for one in self.within():
            if one.type == opener:
                facts: dict[str, Any] = {}
                for told in sorted(self.told, key=lambda told: (told.at, told.id)):
                    if told.case == one.case and not told.gone:
                        facts |= told.body
                closed = any(t.type == "crisis_closed" and t.case == one.case and not t.gone for t in self.told)
                found.append(("closed" if closed else facts.get("status", "open"), facts))
        return found

    def tenancies(self) -> Rows:
        return sorted(Counter((status,) for status, _ in self.cases("rent_problem_reported")).items())  # type: ignore[return-value]

    def complaints(self) -> Rows:
        found: Counter[tuple[str, str, str]] = Counter()
        for status, facts in self.cases("neighbour_complaint_received"):
            found.update((what, facts["client_role"], status) for what in set(facts["what"]))
        return sorted((*key, count) for key, count in found.items())

    def crises(self) -> Rows:
        found: Counter[tuple[str, str, str]] = Counter()
        words = {True: "yes", False: "no", None: ""}
        for status, facts in self.cases("crisis_opened"):
            avoided = facts.get("admission_avoided")
            outcome = facts["outcome"] if status == "closed" else ""
            found[facts["kind"], outcome, words.get(avoided, avoided)] += 1
        return sorted((*key, count) for key, count in found.items())

    def hours(self) -> Rows:
        """Day by day and client by client."""
        decided: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        given: Counter[tuple[str, str]] = Counter()
        for n in range((self.to_on - self.from_on).days + 1):
            on = self.from_on + dt.timedelta(days=n)
            week = f"{on.isocalendar()[0]}-W{on.isocalendar()[1]:02}"
            for client in self.follows:
                running = self._running(client, on)
                if running and self.followed(client, on):
                    decided[service(running), week] += sum(a_day(body, on) for body in running)
        for one in self.within():
            if minutes := one.body.get("duration_min"):
                given[service(self._running(one.client, one.on)), one.week] += minutes
        keys = sorted(set(decided) | set(given))
        return [(*key, round(decided[key]), given[key]) for key in keys]

    def _running(self, client: str | None, on: dt.date) -> list[dict[str, Any]]:
        return [
            one.body
            for one in self.told
            if one.type == "decision_recorded" and one.client == client and client and not one.gone
            if one.body["from_on"] <= str(on) <= one.body.get("to_on", "9999-12-31")
        ]

    def not_seen(self, now: dt.datetime) -> Rows:
        ends = dt.datetime.combine(self.to_on + dt.timedelta(days=1), dt.time(0), tzinfo=OSLO)
        at = min(now, ends.astimezone(dt.UTC))
        found: Counter[str] = Counter()
        for client, spans in self.follows.items():
            if client in self.kept_out:
                continue
            if not any(t in self.teams and f <= self.to_on and (to is None or self.to_on <= to) for t, f, to in spans):
                continue
            seen = [
                one.at for one in self.told if one.client == client and not one.gone and is_seen(one) and one.at < at
            ]
            days = (at - max(seen)).total_seconds() / 86_400 if seen else None
            found[band(days)] += 1
        names = ("under_1_day", "1_to_3_days", "3_to_7_days", "7_to_14_days", "14_to_30_days", "over_30_days", "never")
        return [(name, found[name]) for name in names]

    def entries_late(self) -> int:
        kinds = ("visit_logged", "call_logged", "street_contact_logged")
        told = [one for one in self.within() if one.type in kinds or is_invited(one)]
        return sum(one.received_at - one.at >= dt.timedelta(minutes=24 * 60 + 1) for one in told)


def band(days: float | None) -> str:
    if days is None:
        return "never"
    for most, name in ((1, "under_1_day"), (3, "1_to_3_days"), (7, "3_to_7_days"), (14, "7_to_14_days")):
        if days < most:
            return name
    return "14_to_30_days" if days < 30 else "over_30_days"


def service(running: list[dict[str, Any]]) -> str:
    names = sorted({body["service"] for body in running})
    return "(several)" if len(names) > 1 else names[0] if names else "(none)"


def a_day(body: dict[str, Any], on: dt.date) -> Fraction:
    if "hours" not in body or body.get("per") == "as_needed":
        return Fraction(0)
    days = 7
    if body.get("per") == "month":
        days = ((on.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)).day
    return Fraction(body["hours"]) * 60 / days


def is_invited(one: Told) -> bool:
    return one.type == "home_entered" and one.body["ground"] == "invited"


def is_seen(one: Told) -> bool:
    if one.type == "visit_logged":
        contact = {"declined": one.body.get("contact", "heard"), "cancelled": one.body.get("contact", "none")}
        return contact.get(one.body["outcome"], one.body["outcome"]) == "seen"
    if one.type == "home_entered":
        return one.body["found"] in ("ok", "needs_help", "injured")
    if one.type == "crisis_closed":
        return one.body["outcome"] not in ("not_found", "died")
    return one.type == "street_contact_logged" and one.client is not None

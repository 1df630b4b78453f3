"""Random histories of everything that gives, takes or needs sight of a client: entries, some of them late, in one
transaction, with people who leave and days that pass. For alerts/test_whoever_is_notified.py."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Staff
from fieldapp.services.alerts import escalation, overdue, reminders, staff_safety
from fieldapp.services.entries import ingest
from fieldapp.services.entries.candidates import follows
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.operations import heartbeat
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest

START = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
FROM_DAYS = (-400, -2, -1, 0, 0, 1, 2, 13_000)
TO_DAYS = (None, None, None, -1, 0, 1, 13_100)


class History:
    """Three teams, six people, two clients, and whatever comes."""

    def __init__(self, session: Session, dice: random.Random) -> None:
        self.session, self.dice, self.now, self._made = session, dice, START, 0
        self.told: list[str] = []
        """What has happened, for whoever reads a failure."""
        self.accepted: list[dict[str, Any]] = []
        self.on_the_phone: list[dict[str, Any]] = []
        self.nord, self.sor, self.natt = (
            accounts.add_team(session, name, "act", (0, 15, 30, 45), START) for name in ("Nord", "Sør", "Natt")
        )
        self.people = [
            self._person(role, *teams)
            for role, teams in (
                ("leader", (self.nord, self.sor)),
                ("leader", (self.nord,)),
                ("leader", (self.sor,)),
                ("fieldworker", (self.nord,)),
                ("fieldworker", (self.sor,)),
                ("fieldworker", (self.natt,)),
            )
        ]
        self.clients = [str(uuid.UUID(int=n)) for n in (1, 2)]
        for client in self.clients:
            self.deliver(self.write(3, "client_registered", client, name="Kari", team_id=str(self.nord)))
        self.tick()

    def step(self) -> None:
        """Something happens."""
        happenings: tuple[tuple[int, Callable[[], None]], ...] = (
            (10, self._anything),
            (6, self._correct),
            (3, self._answer_an_alert),
            (2, self.deliver_what_waits),
            (3, self._let_time_pass),
            (1, self._somebody_leaves),
        )
        self.dice.choices([one for _, one in happenings], [weight for weight, _ in happenings])[0]()

    def tick(self) -> None:
        """What the worker does."""
        turn_dates(self.session, self.now)
        overdue.open_overdue(self.session, self.now)
        staff_safety.ask_all(self.session, self.now)
        reminders.open_reminders(self.session, self.now)
        while escalation.any_due(self.session, self.now):
            escalation.escalate(self.session, self.now)
        heartbeat.beat(self.session, "tests", self.now)

    def write(self, who: int, type_: str, client: str | None, case: str | None = None, **body: Any) -> dict[str, Any]:
        """An entry by one of the people, not delivered yet; a second after the last."""
        self._made += 1
        self.now += dt.timedelta(seconds=1)
        return {
            "id": str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | self._made)),
            "device_seq": self._made,
            "type": type_,
            "version": 1,
            "author_id": str(self.people[who].staff_id),
            "client_id": client,
            "case_id": case,
            "occurred_at": self.now.isoformat(),
            "clock_offset_ms": 0,
            "body": {name: value for name, value in body.items() if value is not None},
        }

    def deliver(self, entry: dict[str, Any]) -> str:
        """The verdict, or its code when it was refused."""
        author = next(one for one in self.people if str(one.staff_id) == entry["author_id"])
        if self.has_left(author):
            return "author_unproven"
        phone = uuid.UUID(int=99)
        request = SyncRequest(protocol=1, device_id=phone, sent_at=self.now, unsent_after=0, entries=[entry])
        (verdict,) = ingest.receive(self.session, request, None, {author.staff_id: author}, self.now)
        if verdict.verdict == "accepted":
            self.accepted.append(entry)
        told = verdict.code or verdict.verdict
        self._tell(f"P{self.people.index(author)} {entry['type']} {entry['client_id']} {entry['body']}: {told}")
        return told

    def has_left(self, person: Viewer) -> bool:
        return self.session.get_one(Staff, person.staff_id).ended_at is not None

    def deliver_what_waits(self) -> None:
        """In any order."""
        self.dice.shuffle(self.on_the_phone)
        while self.on_the_phone:
            self.deliver(self.on_the_phone.pop())

    def some_days(self) -> dict[str, Any]:
        """A first and perhaps a last day, also mistyped ones."""
        from_days, to_days = self.dice.choice(FROM_DAYS), self.dice.choice(TO_DAYS)
        ends = to_days is not None and to_days >= from_days
        return {"from_on": self.day(from_days), "to_on": self.day(to_days) if ends and to_days is not None else None}

    def day(self, ahead: int) -> str:
        return str(self.now.date() + dt.timedelta(days=ahead))

    def at(self, hours: float) -> str:
        return (self.now + dt.timedelta(hours=hours)).isoformat()

    def somebody(self, client: str) -> int:
        """Most often somebody who sees the client."""
        anybody = list(range(len(self.people)))
        seeing = [n for n in anybody if follows(self.session, self.people[n], uuid.UUID(client), None)]
        return self.dice.choice(seeing if seeing and self.dice.random() < 0.85 else anybody)

    def known(self, type_: str, client: str) -> dict[str, Any] | None:
        """One accepted entry of a type about the client."""
        found = [one for one in self.accepted if one["type"] == type_ and one["client_id"] == client]
        return self.dice.choice(found) if found else None

    def new_id(self) -> str:
        return str(uuid.UUID(int=0x5000 + self._made))

    def _person(self, role: str, *teams: uuid.UUID) -> Viewer:
        added = accounts.add_staff(self.session, uuid.uuid4().hex, role, role, list(teams), None, START)
        return Viewer(added.id, role, frozenset(teams))

    def _tell(self, what: str) -> None:
        self.told.append(f"{self.now:%d. %H:%M} {what}")

    def _send_or_keep(self, entry: dict[str, Any] | None) -> None:
        if entry is not None and self.dice.random() < 0.25:
            self.on_the_phone.append(entry)
        elif entry is not None:
            self.deliver(entry)

    def _anything(self) -> None:
        client = self.dice.choice(self.clients)
        self._send_or_keep(self.dice.choice(WRITERS)(self, self.somebody(client), client))

    def _correct(self) -> None:
        """Take back or rewrite something accepted: most often what gives a client to a team, or its author's own."""
        of_sight = [one for one in self.accepted if one["type"] in ("client_registered", "client_team_set")]
        entry = self.dice.choice(of_sight if self.dice.random() < 0.5 else self.accepted)
        if entry["type"] == "entry_corrected":
            return
        author = next(n for n, one in enumerate(self.people) if str(one.staff_id) == entry["author_id"])
        what = self.dice.choice(("retracted", "retracted", "wrong_client", "text"))
        body = self._rewritten(entry) if what == "text" else None
        who = self.dice.choice((author, author, 0, 1, 2))
        correction = {"entry_id": entry["id"], "what": what, "reason": "feil", "body": body}
        self._send_or_keep(self.write(who, "entry_corrected", None, **correction))

    def _rewritten(self, entry: dict[str, Any]) -> dict[str, Any]:
        body = dict(entry["body"])
        if "team_id" in body:
            body["team_id"] = str(self.dice.choice((self.nord, self.sor)))
        return body | (self.some_days() if "from_on" in body else {})

    def _answer_an_alert(self) -> None:
        alerts = self.session.scalars(select(Alert).order_by(Alert.opened_at, Alert.id)).all()
        if not alerts:
            return
        alert, to = self.dice.choice(alerts), self.dice.choice(self.people)
        type_, body = self.dice.choice(
            (
                ("alert_acknowledged", {}),
                ("alert_snoozed", {"until": self.at(3), "reason": "venter"}),
                ("alert_resolved", {"reason": "ferdig", "outcome": "other"}),
                ("alert_handed_over", {"to_staff_id": str(to.staff_id)}),
            )
        )
        who = self.dice.randrange(6) if alert.client_id is None else self.somebody(str(alert.client_id))
        self._send_or_keep(self.write(who, type_, None, alert_id=str(alert.id), **body))

    def _let_time_pass(self) -> None:
        self.now += dt.timedelta(hours=self.dice.choice((0.1, 1.5, 25, 50)))
        self._tell("time has passed")
        self.tick()

    def _somebody_leaves(self) -> None:
        """Never the first leader: there is always somebody to ring in Nord and Sør."""
        person = self.people[self.dice.randrange(1, 6)]
        if not self.has_left(person):
            self._tell(f"P{self.people.index(person)} leaves")
            accounts.end_staff(self.session, self.session.get_one(Staff, person.staff_id).username, self.now)


def _gives(h: History, who: int, client: str) -> dict[str, Any]:
    team = h.dice.choice((h.nord, h.sor))
    leader = h.dice.choice((who, 0, 1, 2))
    return h.write(leader, "client_team_set", client, team_id=str(team), **h.some_days())


def _worries(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "concern_raised", client, reason="svarer ikke")


def _opens_crisis(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "crisis_opened", client, h.new_id(), kind="overdose")


def _closes_crisis(h: History, who: int, client: str) -> dict[str, Any] | None:
    opened = h.known("crisis_opened", client)
    return h.write(who, "crisis_closed", client, opened["case_id"], outcome="calmed_home") if opened else None


def _asks_for_help(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "help_requested", client)


def _goes_in(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "visit_started", client, visit_id=h.new_id(), expected_end_at=h.at(1))


def _comes_out(h: History, who: int, client: str) -> dict[str, Any] | None:
    visit = h.known("visit_started", client)
    return h.write(who, "visit_ended", None, visit_id=visit["body"]["visit_id"]) if visit else None


def _is_away(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "absence_started", client, absence_id=h.new_id(), kind="travel", expected_end_at=h.at(1))


def _has_a_deadline(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "rent_problem_reported", client, h.new_id(), deadline_on=h.day(0))


def _ends(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "follow_up_ended", client, reason="moved")


def _resumes(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "follow_up_resumed", client)


def _sees(h: History, who: int, client: str) -> dict[str, Any]:
    return h.write(who, "visit_logged", client, outcome="seen", place="home")


def _watches(h: History, who: int, client: str) -> dict[str, Any]:
    leader, mode = h.dice.choice((0, 1, 2)), h.dice.choice(("interval", "interval", "off"))
    team = min(h.people[leader].team_ids)
    return h.write(leader, "watch_set", client, mode=mode, interval_minutes=60, reason="avtalt", team_id=str(team))


def _sets_hours(h: History, _who: int, _client: str) -> dict[str, Any]:
    """Nord is closed, and hands over to the night."""
    hours = {"team_id": str(h.nord), "hours": {"sun": [["08:00", "09:00"]]}, "to_team_id": str(h.natt)}
    return h.write(1, "team_hours_set", None, when_closed="hand_over", **hours)


def _hands_over(h: History, who: int, client: str) -> dict[str, Any]:
    to = h.dice.choice((h.natt, h.sor))
    return h.write(who, "watch_handed_over", client, to_team_id=str(to), until_at=h.at(h.dice.choice((1, 30))))


def _takes_over(h: History, _who: int, client: str) -> dict[str, Any] | None:
    asked = h.known("watch_handed_over", client)
    return h.write(h.dice.choice((2, 4, 5)), "watch_taken_over", client, handed_over_id=asked["id"]) if asked else None


def _sets_duty(h: History, _who: int, _client: str) -> dict[str, Any]:
    on_duty = {"staff_id": str(h.people[h.dice.choice((1, 3))].staff_id), "from_at": h.at(-1), "to_at": h.at(30)}
    return h.write(1, "duty_set", None, team_id=str(h.nord), duty="duty", **on_duty)


WRITERS: list[Callable[[History, int, str], dict[str, Any] | None]] = [
    *[_gives] * 6, *[_worries] * 5, *[_opens_crisis] * 3, _closes_crisis, _asks_for_help, _goes_in, _comes_out,
    _is_away, _has_a_deadline, _ends, _ends, _resumes, _sees, _watches, _sets_hours, *[_hands_over] * 2, _takes_over,
    _sets_duty,
]  # fmt: skip

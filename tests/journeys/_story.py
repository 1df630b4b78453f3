"""Telling a story: the world, a push service that decrypts, and a worker that never sleeps past anything due.

story.at("tue 09:24")                     # the clock moves; all that was due meanwhile has happened, at its own minute
story.told() == [("tue 09:10", "Kaia", ALERT)]
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.models import Staff
from fieldapp.queries import cases
from fieldapp.queries.alerts import unresolved
from fieldapp.services.people.sessions import viewer_of
from tests._client import CheckedClient
from tests._push_service import Phone, PushService, Received
from tests._world import Person, TeamOfWorld, World

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = dt.date(2026, 11, 23)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ALERT = "Nytt varsel i Sett"
CRISIS = "Krise i Sett"
OVER = "Varsel avsluttet i Sett"
DIGEST = "Dagens overlevering i Sett"

SEEN = {"outcome": "seen", "place": "home"}
A_MOMENT = dt.timedelta(milliseconds=1)


@dataclass(frozen=True)
class Push:
    """One message that a phone has shown, and the minute it came."""

    at: str
    to: str
    title: str
    message: Received


class Story:
    """Who does what when. Every phone shows what it gets and says so, unless it is off."""

    def __init__(self, world: World, service: PushService, sender: Sender) -> None:
        self.world = world
        self._service = service
        self._sender = sender
        self._phones: dict[str, tuple[Person, Phone]] = {}
        self._off: set[str] = set()
        self._pushes: list[Push] = []
        self._read = 0
        self._names: set[str] = set()
        self._anybody = CheckedClient.of(world.app)

    # --- who ------------------------------------------------------------------------------------------------------

    def staff(self, role: str, *teams: TeamOfWorld, name: str) -> Person:
        """Somebody whose phone takes pushes."""
        person = self.world.staff(role, *teams, name=name)
        phone = person.subscribe(self._service)
        self._phones[phone.path] = (person, phone)
        self._names.add(name)
        return person

    def client(self, by: Person, name: str, **registration: Any) -> str:
        self._names.add(name)
        return by.register(name, **registration)

    def duty(self, leader: Person, person: Person, from_: str, to: str, kind: str = "duty") -> None:
        """The leader puts somebody on the list."""
        span = {"from_at": moment(from_).isoformat(), "to_at": moment(to).isoformat()}
        leader.log("duty_set", {"team_id": leader.teams[0].id, "staff_id": person.id, "duty": kind} | span)

    def turn_off(self, person: Person) -> None:
        """The phone is dead: pushes wait at the push service, nothing is shown."""
        self._off.add(person.id)

    # --- when -----------------------------------------------------------------------------------------------------

    def at(self, when: str) -> None:
        """Let the time pass until then, with a worker that wakes for everything due on the way."""
        target = moment(when)
        while True:
            looked_at = self._now()  # the clock runs on while the worker works: what falls due meanwhile is next
            self.tick()
            due_at = tasks.next_due_at(self.world.database, looked_at)
            if due_at is None or due_at >= target:
                break
            self._move_to(due_at + A_MOMENT)
        self._move_to(target)
        self.tick()

    def tick(self) -> None:
        """What the worker does now; then the phones show what came."""
        assert tasks.tick_until_quiet(self.world.database, self._sender, "story")
        self._show()

    # --- what can be seen -----------------------------------------------------------------------------------------

    def told(self, since: str = "mon 00:00") -> list[tuple[str, str, str]]:
        """(when, to whom, title) of every push since then; those of one minute by name. The digest of each morning,
        which is about no alert, is told of in services/alerts/test_morning_digest.py."""
        first = moment(since)
        pushes = (push for push in self._pushes if push.title != DIGEST)
        return sorted(
            ((push.at, push.to, push.title) for push in pushes if moment(push.at) >= first),
            key=lambda one: (moment(one[0]), *one[1:]),
        )

    def alert_line(self, reader: Person, alert_id: str) -> list[tuple[str, str]]:
        """What the office's page of an alert tells of its history: (when, what)."""
        return [(minute(one.at), one.event) for one in self.alert(reader, alert_id).history]

    def alert(self, reader: Person, alert_id: str) -> unresolved.AlertDetail:
        """An alert as the office's page shows it, ended or not."""
        with self.world.database.deciding() as session:
            found = unresolved.one_alert(session, self._viewer(session, reader), UUID(alert_id), self._now())
        assert found is not None
        return found

    def case(self, reader: Person, case_id: str) -> cases.CaseRow | None:
        """A case as the office's page shows it, with the law's dates."""
        with self.world.database.deciding() as session:
            return cases.one_case(session, self._viewer(session, reader), UUID(case_id))

    def _viewer(self, session: Any, person: Person) -> Viewer:
        return viewer_of(session, session.get_one(Staff, UUID(person.id)), clock.now())

    def _show(self) -> None:
        messages = self._service.messages()
        for message in messages[self._read :]:
            self._refuse_names(message)
            person, _ = self._phones[message.path]
            if person.id not in self._off:
                self._show_one(person, message)
        self._read = len(messages)
        assert self._service.faults == []

    def _show_one(self, person: Person, message: Received) -> None:
        title = message.json["notification"]["title"]
        self._pushes.append(Push(minute(self._now()), person.name, title, message))
        receipt = {"notification_id": message.json["notification_id"]}
        assert self._anybody.post("/api/push/receipts", json=receipt).status_code == 204

    def _refuse_names(self, message: Received) -> None:
        """Lock screens are read by others, and topics by the push service."""
        headers = {name: value for name, value in message.headers.items() if name != "authorization"}
        seen_by_others = message.plaintext.decode() + json.dumps(headers)
        assert not [name for name in self._names if name in seen_by_others]

    def _now(self) -> dt.datetime:
        return self.world.clock.now()

    def _move_to(self, target: dt.datetime) -> None:
        if target > self._now():
            self.world.clock.move_to(target)


def moment(when: str) -> dt.datetime:
    """«tue 09:10» in the week of 23 November 2026, Norwegian wall time; «next tue 09:10» in the one after, «week 6 tue
    09:10» six weeks on."""
    *week, day, clock = when.split()
    weeks = int(week[1]) if week[:1] == ["week"] else len(week)
    on = MONDAY + dt.timedelta(days=DAYS.index(day) + 7 * weeks)
    hour, minute_ = clock.split(":")
    return dt.datetime(on.year, on.month, on.day, int(hour), int(minute_), tzinfo=OSLO).astimezone(dt.UTC)


def minute(at: dt.datetime) -> str:
    """The instant as stories write it."""
    local = at.astimezone(OSLO)
    weeks = (local.date() - MONDAY).days // 7
    week = f"week {weeks} " if weeks > 1 else "next " if weeks == 1 else ""
    return f"{week}{DAYS[local.weekday()]} {local:%H:%M}"


def timeline(person: Person, client_id: str) -> list[tuple[str, str]]:
    """What has been written about a client, as this person's phone shows it: (when, type), oldest first."""
    entries = [data for (kind, _), data in person.pull().items() if kind == "entry" and data["client_id"] == client_id]
    entries.sort(key=lambda data: (data["corrected_at"], data["id"]))
    return [(minute(dt.datetime.fromisoformat(data["corrected_at"])), data["type"]) for data in entries]


def watch(person: Person, client_id: str) -> dict[str, Any]:
    """The client's clock as this person's phone shows it."""
    found: dict[str, Any] = person.pull()["client", client_id]["watch"]
    return found


def at_minute(text: str | None) -> str | None:
    """A time out of an answer, as stories write it."""
    return minute(dt.datetime.fromisoformat(text)) if text else None

"""A small world to tell stories in: teams, signed-in people with phones, and a clock that moves when told to.

alice = world.staff("leader", team, name="Alice")
kari = alice.register("Kari", team)
alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
phone = alice.subscribe(push_service)
world.clock.shift(hours=25)
world.tick()
alice.sign_in()  # her session ran out meanwhile
"""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fieldapp import clock
from fieldapp.cli import _alerting
from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.models import Staff
from fieldapp.services.people import accounts, sessions
from sync.ids import uuid7
from tests._client import CheckedClient
from tests._push_service import Phone, PushService

MONDAY_MORNING = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
"""10:00 in Oslo, winter time; every world begins here."""
DEVICE_COOKIE = "__Host-sett_device"
PASSWORD = "riktig hest batteri stift"
PIN = "739152"
"""What everybody chooses on a phone."""
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""What is slow on purpose costs as much at every sign-in. What the accounts' own hashes cost is told in
services/people/test_accounts.py."""


class Clock:
    """The clock of this process. It runs on by itself, as clocks do."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def now(self) -> dt.datetime:
        return clock.now()

    def shift(self, **how_far: float) -> None:
        """Move on (or back) by `dt.timedelta(**how_far)`."""
        self._traveller.shift(dt.timedelta(**how_far))

    def move_to(self, moment: dt.datetime) -> None:
        self._traveller.move_to(moment)


@dataclass(frozen=True)
class TeamOfWorld:
    id: str
    name: str


@dataclass
class Person:
    """A member of staff with a phone in hand, signed in. Everything goes through the real HTTP API."""

    id: str
    name: str
    username: str
    http: CheckedClient
    teams: tuple[TeamOfWorld, ...]
    device_id: str = field(default_factory=lambda: str(uuid7()))
    delivery_key: str = ""
    cursor: str | None = None
    replica: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    _seq: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def get(self, path: str) -> TestResponse:
        return self.http.get(path)

    def post(self, path: str, json: Any) -> TestResponse:
        return self.http.post(path, json=json)

    def entry(
        self, type: str, body: dict[str, Any] | None = None, *, client: str | None = None, case: str | None = None,
        at: dt.datetime | None = None, **envelope: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """An envelope as the phone would make it now (or at `at`), not sent yet."""
        made = {
            "id": str(uuid7()),
            "device_seq": next(self._seq),
            "type": type,
            "version": 1,
            "client_id": client,
            "case_id": case,
            "team_id": self.teams[0].id if client is None and self.teams else None,
            "occurred_at": (at or clock.now()).isoformat(),
            "time_chosen": at is not None,
            "clock_offset_ms": 0,
            "body": body or {},
        }
        return made | envelope

    def sync(self, *entries: dict[str, Any], **request: Any) -> dict[str, Any]:
        """One `POST /api/sync`; the answer's changes are folded into `replica`. Anything but 200 fails the test."""
        answer = self.post("/api/sync", self.sync_request(*entries, **request))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        received: dict[str, Any] = answer.get_json()
        self._apply(received)
        return received

    def sync_request(self, *entries: dict[str, Any], **request: Any) -> dict[str, Any]:
        asked = {
            "protocol": 1,
            "device_id": self.device_id,
            "sent_at": clock.now().isoformat(),
            "cursor": self.cursor,
            "unsent_after": 0,
            "entries": list(entries),
        }
        return asked | request

    def pull(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Sync until there is no more; return the replica, by (kind, id)."""
        while self.sync()["more"]:
            pass
        return self.replica

    def judged(self, type: str, body: dict[str, Any] | None = None, **envelope: Any) -> dict[str, Any]:
        """Send one entry; its verdict, whatever it is."""
        return self._judged(self.entry(type, body, **envelope))

    def log(self, type: str, body: dict[str, Any] | None = None, **envelope: Any) -> dict[str, Any]:
        """Send one entry and insist that it was accepted; return it."""
        entry = self.entry(type, body, **envelope)
        verdict = self._judged(entry)
        assert verdict["verdict"] == "accepted", verdict
        return entry

    def _judged(self, entry: dict[str, Any]) -> dict[str, Any]:
        (verdict,) = self.sync(entry)["results"]
        found: dict[str, Any] = verdict
        return found

    def register(self, name: str, team: TeamOfWorld | None = None, **body: Any) -> str:
        """Register a client in the team (the first of one's own by default); return the client's id."""
        client_id = str(uuid7())
        in_team = team or self.teams[0]
        self.log("client_registered", {"name": name, "team_id": in_team.id} | body, client=client_id)
        return client_id

    def alerts(self) -> list[dict[str, Any]]:
        answer = self.get("/api/alerts")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        listed: list[dict[str, Any]] = answer.get_json()["alerts"]
        return listed

    def sign_in(self) -> None:
        """Sign in (again): a session lasts 14 hours."""
        answer = self.post("/api/session", {"username": self.username, "password": PASSWORD})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.register_device()

    def register_device(self) -> None:
        told = {"device_id": self.device_id, "name": f"{self.name}s telefon", "platform": "android"}
        answer = self.post("/api/devices", told)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert answer.get_json()["device_id"] == self.device_id
        self.delivery_key = answer.get_json()["delivery_key"]

    def use_phone_of(self, other: "Person") -> None:
        """Take over another's phone: the same device, in the same browser."""
        self.device_id = other.device_id
        known = other.http.get_cookie(DEVICE_COOKIE, domain="sett.example")
        assert known is not None
        self.http.set_cookie(DEVICE_COOKIE, known.value, domain="sett.example", secure=True)
        self.register_device()

    def subscribe(self, service: PushService) -> Phone:
        """Turn pushes on for this phone; what arrives is in `service.messages(phone)`."""
        phone = service.subscribe()
        key_id = self.get("/api/push/key").get_json()["key_id"]
        answer = self.post("/api/push/subscriptions", phone.body(self.device_id, key_id))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return phone

    def sign_out(self) -> None:
        assert self.http.delete("/api/session").status_code == 204

    def _apply(self, answer: dict[str, Any]) -> None:
        if answer["reset"]:
            self.replica.clear()
            self.cursor = None
            return
        for change in answer["changes"]:
            key = (change["kind"], change["id"])
            if change.get("removed"):
                self._remove(*key)
            else:
                self.replica[key] = change["data"]
        self.cursor = answer["cursor"]

    def _remove(self, kind: str, id: str) -> None:
        """A client takes everything with it that is about it."""
        self.replica.pop((kind, id), None)
        if kind == "client":
            self.replica = {key: data for key, data in self.replica.items() if data.get("client_id") != id}


class World:
    """Who exists, and what time it is."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.database: Database = app.extensions["db"]
        self._count = itertools.count(1)

    @classmethod
    @contextmanager
    def on(cls, app: Flask) -> Iterator[Self]:
        with time_machine.travel(MONDAY_MORNING, tick=True) as traveller:
            yield cls(app, Clock(traveller))

    def tick(self) -> None:
        """Let the alert worker do all that is due now, real pushes included."""
        sender = Sender(self.database, _alerting.channels(self.app.extensions["settings"], self.database), "tests")
        try:
            assert tasks.tick_until_quiet(self.database, sender, "tests")
        finally:
            sender.stop()

    def team(self, name: str = "", kind: str = "act", escalation: tuple[float, ...] = (0, 15, 30, 45)) -> TeamOfWorld:
        name = name or f"Team {next(self._count)}"
        with self.database.transaction() as session:
            return TeamOfWorld(str(accounts.add_team(session, name, kind, escalation, clock.now())), name)

    def staff(self, role: str = "fieldworker", *teams: TeamOfWorld, name: str = "", phone: bool = True) -> Person:
        """Add a person in these teams and sign them in, on a registered phone unless `phone` is False."""
        number = next(self._count)
        name = name or f"{role.capitalize()} {number}"
        username = f"{name.split()[0].lower()}{number}"
        with self.database.transaction() as session:
            id = self._add(session, username, name, role, teams)
            token = sessions.open_session(session, id, "tests", clock.now())
        person = Person(str(id), name, username, CheckedClient.of(self.app), teams)
        person.http.set_cookie("__Host-sett", token, domain="sett.example", secure=True)
        if phone:
            person.register_device()
        return person

    def _add(self, session: Session, username: str, name: str, role: str, teams: tuple[TeamOfWorld, ...]) -> uuid.UUID:
        added = accounts.add_staff(session, username, name, role, [uuid.UUID(t.id) for t in teams], None, clock.now())
        session.get_one(Staff, added.id).password_hash = PASSWORD_HASH
        return added.id

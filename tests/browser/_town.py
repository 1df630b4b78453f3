"""A running installation to open phones against: web and worker as processes, and people, clients and a clock.

town = Town.started(tmp_path, push_service)
bob = town.staff("fieldworker", team, name="Bob")   # signed in over HTTP, and able to sign in on a phone
town.at("mon 09:10")                                # moves the clock of the servers and of every phone
"""

import datetime as dt
import itertools
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import requests
from sqlalchemy import select

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Delivery, Staff, Team
from fieldapp.services.people import accounts, keys
from sync import sealed
from tests._push_service import PushService
from tests._server import ROOT, Server
from tests._world import PASSWORD_HASH, Person, TeamOfWorld
from tests.journeys._story import moment


class Answer:
    """An answer over real HTTP, asked as the test client's answers are."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status_code = response.status_code

    def get_json(self) -> Any:
        return self._response.json()

    def get_data(self, *, as_text: bool) -> str:
        return self._response.text

    def get_bytes(self) -> bytes:
        return self._response.content


class Http:
    """One person's connection to the server, cookies kept."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def get(self, path: str) -> Answer:
        return Answer(self._session.get(self._url + path, timeout=60))

    def post(self, path: str, json: Any) -> Answer:
        return Answer(self._session.post(self._url + path, json=json, timeout=60))

    def form(self, path: str, **fields: str) -> None:
        """Send a form of the office, as its page would."""
        self._session.post(self._url + path, data=fields, headers={"Origin": self._url}, timeout=60).raise_for_status()

    def close(self) -> None:
        self._session.close()


@dataclass
class Colleague(Person):
    """Somebody who works over HTTP, by the town's clock."""

    now: Callable[[], dt.datetime] = field(default=clock.now)

    def entry(self, type: str, body: dict[str, Any] | None = None, **around: Any) -> dict[str, Any]:
        return super().entry(type, body, **({"occurred_at": self.now().isoformat()} | around))

    def sync_request(self, *entries: dict[str, Any], **request: Any) -> dict[str, Any]:
        return super().sync_request(*entries, **({"sent_at": self.now().isoformat()} | request))


class Town:
    """One installation, its people, and what time it is there."""

    def __init__(self, server: Server, push: PushService) -> None:
        self.server = server
        self.url = server.url
        self.push = push
        self.shift = dt.timedelta()
        self.followers: list[Callable[[dt.timedelta], None]] = []
        """Told when the clock is moved: the phones."""
        self._database = Database(Settings.from_env(server.env))
        self._connections: list[Http] = []
        self._count = itertools.count(1)

    @classmethod
    @contextmanager
    def started(
        cls, folder: Path, push: PushService, *, movable_clock: bool = False, **settings: str
    ) -> Iterator[Self]:
        usual = {"push_hosts": push.host, "tick_seconds": "0.2", "vapid_subject": "mailto:drift@sett.example"}
        server = Server(folder, **usual | settings)
        server.env["FIELDAPP_PUBLIC_URL"] = server.url
        if movable_clock:
            server.make_clock_movable()
        server.make_database()
        town = cls(server, push)
        try:
            server.start_web()
            server.start_worker()
            server.wait_until_healthy()
            yield town
        finally:
            server.stop()
            town.close()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._database.dispose()

    # --- when -----------------------------------------------------------------------------------------------------

    def now(self) -> dt.datetime:
        return clock.now() + self.shift

    def at(self, when: str) -> None:
        """Move the clock to «tue 09:10», as in the stories, and let the worker do what is due by then."""
        self.move_to(moment(when))
        self.let_worker_tick()

    def move_to(self, moment: dt.datetime) -> None:
        """Move the clock of servers and phones."""
        target = moment - clock.now()
        self.server.shift_clock(seconds=(target - self.shift).total_seconds())
        self.shift = target
        for follow in self.followers:
            follow(target)

    def let_worker_tick(self) -> None:
        """Return when the worker has done all that was due by now, and the web server knows what time it is."""
        asked_at = self.now()
        deadline = time.monotonic() + 90
        while True:
            worker: dict[str, Any] = requests.get(f"{self.url}/healthz", timeout=60).json()["worker"]
            if dt.datetime.fromisoformat(worker["last_tick_at"]) >= asked_at and abs(worker["age_s"]) < 10:
                return
            assert time.monotonic() < deadline, "the worker does not tick"
            time.sleep(0.05)

    def wait_for_receipt(self, delivery_id: str) -> None:
        """Return when the phone's receipt for this message is here: before the clock is moved on."""
        deadline = time.monotonic() + 60
        while True:
            with self._database.reading() as session:
                if session.get_one(Delivery, delivery_id).shown_at:
                    return
            assert time.monotonic() < deadline, "no receipt"
            time.sleep(0.05)

    # --- who ------------------------------------------------------------------------------------------------------

    def team(self, name: str = "", kind: str = "act", escalation: tuple[float, ...] = (0, 15, 30, 45)) -> TeamOfWorld:
        """A new team; one of an earlier test by that name makes room, since no two teams have the same."""
        name = name or f"Team {next(self._count)}"
        with self._database.transaction() as session:
            for earlier in session.scalars(select(Team).where(Team.name == name)).all():
                earlier.name = f"{name} {next(self._count)}"
            session.flush()
            return TeamOfWorld(str(accounts.add_team(session, name, kind, escalation, clock.now())), name)

    def staff(self, role: str, *teams: TeamOfWorld, name: str) -> Colleague:
        """A person of these teams, signed in over HTTP; on a phone they sign in with `username` and PASSWORD."""
        username = f"{name.split()[0].lower()}-{uuid.uuid4().hex[:8]}"
        with self._database.transaction() as session:
            added = accounts.add_staff(
                session, username, name, role, [uuid.UUID(t.id) for t in teams], None, clock.now()
            )
            session.get_one(Staff, added.id).password_hash = PASSWORD_HASH
        http = Http(self.url)
        self._connections.append(http)
        person = Colleague(str(added.id), name, username, http, teams, now=self.now)  # type: ignore[arg-type]
        person.sign_in()
        return person

    # --- what is sealed -------------------------------------------------------------------------------------------

    def opened(self, row: dict[str, Any]) -> dict[str, Any]:
        """The entry in a row of a phone's outbox, which nobody but the server can read."""
        settings = Settings.from_env(self.server.env)
        with self._database.reading() as session:
            private = keys.private_sealing_keys(session, settings.secret_key, [row["key_id"]])
        inside: dict[str, Any] = sealed.opened(row, private).raw
        return inside

    # --- versions -------------------------------------------------------------------------------------------------

    def restart_web(self, **settings: str) -> None:
        """Stop the web server and start it again, with these settings changed."""
        self.server.env |= {f"FIELDAPP_{name.upper()}": value for name, value in settings.items()}
        web = self.server.processes[0]
        web.terminate()
        web.wait(30)
        self.server.processes.remove(web)
        self.server.processes.insert(0, self.server.start_web())
        self.server.processes.pop()
        self.server.wait_until_healthy()

    def release(self, folder: Path) -> None:
        """Put a new version of the program into use: a copy whose built style has one line more."""
        for part in ("fieldapp", "sync"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "wsgi.py", folder)
        with (folder / "fieldapp/static/build/field.css").open("a") as style:
            style.write("\n:root { --next-version: 1; }\n")
        self.server.root = folder
        self.restart_web()

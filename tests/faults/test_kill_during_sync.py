"""SIGKILL to the whole web server while phones sync: what was acked is there, once; the rest is taken later, once."""

import http.client
import itertools
import json
import random
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Change, Device, DeviceArrival, Entry, EntryState, Watch
from fieldapp.services.people import accounts, sessions
from sync.ids import uuid7
from tests._server import free_port
from tests._wait import wait_until
from tests.faults._quick_server import QuickServer

PHONES = 5


def test_nothing_acked_is_lost_or_doubled_when_the_server_is_killed(
    database: Database, settings: Settings, tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    dice = random.Random(20)
    server = QuickServer(tmp_path / "server", database_url=settings.database_url)
    phones = make_phones(database)
    try:
        for number in range(rounds(10, 300)):
            web = start_web(server, phones)
            if number == 0:
                for phone in phones:
                    phone.register()
                die_between_commit_and_answer(server, web, phones[0], database)
                continue
            syncing = [threading.Thread(target=phone.sync_until_the_server_is_gone) for phone in phones]
            enough = sum(phone.answered for phone in phones) + dice.randint(0, 3 * PHONES)
            for thread in syncing:
                thread.start()
            while sum(phone.answered for phone in phones) < enough:
                assert any(one.is_alive() for one in syncing), f"gone by itself:\n{server.log.read_text()}"
                threading.Event().wait(0.005)
            threading.Event().wait(dice.uniform(0, 0.04))
            server.kill(web)
            for thread in syncing:
                thread.join(120)
        start_web(server, phones)
        acked_before = [set(phone.acked) for phone in phones]
        for phone, acked in zip(phones, acked_before, strict=True):
            assert phone.wrong == []
            assert phone.offer_everything_again(acked) == [], "what was acked is a duplicate for ever"
    finally:
        server.stop()
    assert something_was_taken_unheard(phones)
    everything_is_there_once(database, phones)


def die_between_commit_and_answer(server: QuickServer, web: Any, phone: "Phone", database: Database) -> None:
    """The hard case, which is rare by chance, made certain: the phone offers all of it again, and to no effect."""
    connection = phone.ask_and_never_hear()
    asked = [uuid.UUID(entry["id"]) for entry in phone.written]
    wait_until(lambda: count_stored(database, asked) == len(asked), 60)
    server.kill(web)
    connection.close()


def count_stored(database: Database, ids: list[uuid.UUID]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Entry.id.in_(ids))) or 0


def something_was_taken_unheard(phones: list["Phone"]) -> bool:
    return any("duplicate" in phone.acked.values() for phone in phones)


def start_web(server: QuickServer, phones: list["Phone"]) -> Any:
    """On a port of its own each time: the old one may not be free at once."""
    server.move_to(free_port())
    for phone in phones:
        phone.port = server.port
    process = server.start_web()
    server.wait_until_healthy(with_worker=False)
    return process


def everything_is_there_once(database: Database, phones: list["Phone"]) -> None:
    with database.reading() as session:
        stored = set(session.scalars(select(Entry.id).where(Entry.type == "visit_logged")))
        written = {uuid.UUID(entry["id"]) for phone in phones for entry in phone.written}
        assert stored == written
        assert session.scalar(select(func.count()).select_from(EntryState)) == len(written) + PHONES
        assert session.scalar(select(func.count()).where(Change.kind == "entry")) == len(written) + PHONES
        for phone in phones:
            device = session.get_one(Device, phone.device_id)
            numbers = select(func.count()).where(DeviceArrival.device_id == phone.device_id)
            expected = len(phone.written) + 1
            assert (device.highest_seq, device.arrived_count, session.scalar(numbers)) == (expected,) * 3
            watch = session.get_one(Watch, phone.client_id)
            assert str(watch.last_seen_entry_id) == phone.written[-1]["id"]


class Phone:
    """Logs and sends without a pause; keeps what is not acked and offers it again first."""

    def __init__(self, token: str, team_id: uuid.UUID) -> None:
        self.device_id, self.client_id = uuid7(), uuid7()
        self._headers = {"Content-Type": "application/json", "Cookie": f"sett={token}"}
        self.port = 0
        self._seq = itertools.count(1)
        self.acked: dict[str, str] = {}
        self.answered = 0
        self.wrong: list[Any] = []
        self._registration = self._entry("client_registered", {"name": "Kari", "team_id": str(team_id)})
        self.written: list[dict[str, Any]] = []

    def register(self) -> None:
        connection = self._connect()
        self._settle(self._post(connection, [self._registration]))
        connection.close()

    def ask_and_never_hear(self) -> http.client.HTTPConnection:
        """Send four entries; the answer lies in the connection, unread."""
        connection = self._connect()
        self._ask(connection, self._log_four())
        return connection

    def sync_until_the_server_is_gone(self) -> None:
        connection = self._connect()
        try:
            while True:
                self._sync(connection)
        except (OSError, http.client.HTTPException):
            pass  # taken or not? only asking again tells
        finally:
            connection.close()

    def offer_everything_again(self, acked: set[str]) -> list[Any]:
        """Send all that was ever written; what should have been a duplicate and was not."""
        connection = self._connect()
        surprising = []
        for start in range(0, len(self.written), 50):
            for one in self._post(connection, self.written[start : start + 50])["results"]:
                expected = ("duplicate",) if one["id"] in acked else ("accepted", "duplicate")
                surprising += [] if one["verdict"] in expected else [one]
        connection.close()
        return surprising

    def _sync(self, connection: http.client.HTTPConnection) -> None:
        waiting = [entry for entry in self.written if entry["id"] not in self.acked]
        self._settle(self._post(connection, (waiting + self._log_four())[:100]))

    def _log_four(self) -> list[dict[str, Any]]:
        new = [self._entry("visit_logged", {"outcome": "seen", "place": "home"}) for _ in range(4)]
        self.written += new  # on the phone's disk before it is sent
        return new

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _ask(self, connection: http.client.HTTPConnection, entries: list[dict[str, Any]]) -> None:
        asked = {"protocol": 1, "device_id": str(self.device_id), "sent_at": clock.now().isoformat(), "cursor": "-",
                 "unsent_after": 0, "entries": entries}  # fmt: skip
        connection.request("POST", "/api/sync", json.dumps(asked), self._headers)

    def _post(self, connection: http.client.HTTPConnection, entries: list[dict[str, Any]]) -> dict[str, Any]:
        self._ask(connection, entries)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            self.wrong.append((answer.status, body))
            raise http.client.HTTPException
        parsed: dict[str, Any] = json.loads(body)
        return parsed

    def _settle(self, answer: dict[str, Any]) -> None:
        self.answered += 1
        for one in answer["results"]:
            if one["verdict"] not in ("accepted", "duplicate"):
                self.wrong.append(one)
            self.acked[one["id"]] = one["verdict"]

    def _entry(self, type: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(uuid7()), "device_seq": next(self._seq), "type": type, "version": 1,
            "client_id": str(self.client_id), "occurred_at": clock.now().isoformat(), "body": body,
        }  # fmt: skip


def make_phones(database: Database) -> list[Phone]:
    """One phone each for some people of one team, signed in."""
    now = clock.now()
    phones = []
    with database.transaction() as session:
        team_id = accounts.add_team(session, "Granstua", "staffed_housing", (0, 15, 30, 45), now)
        for number in range(PHONES):
            person = accounts.add_staff(session, f"bob{number}", "Bob", "fieldworker", [team_id], None, now)
            phones.append(Phone(sessions.open_session(session, person.id, "tests", now), team_id))
    return phones

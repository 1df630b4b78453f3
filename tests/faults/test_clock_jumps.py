"""Clocks that jump, a worker standing still, a database that is away, a disk that is full: nothing missed in silence.

Real processes on a clock that is moved from outside while they run. What people see meanwhile is /healthz and
`alerting_ok` (the banner of every phone and screen), and 503 for what is not saved.
"""

import datetime as dt
import os
import resource
import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Entry, Heartbeat
from fieldapp.services.people import sessions
from sync.ids import uuid7
from tests._postgres import PostgreSQL
from tests._push_service import PushService
from tests._scene import SECRET, Scene, seconds
from tests._server import Server
from tests._wait import wait_until
from tests._world import World

DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=365)


class Town:
    """One installation as processes, its rows within reach, and one phone that syncs."""

    def __init__(self, folder: Path, database: Database, database_url: str, push: PushService) -> None:
        self.scene = Scene(database, push, began=clock.now() - DAY)  # which the clock is set back
        self.push = push
        self.server = _QuietServer(
            folder, database_url=database_url, push_hosts=push.host, tick_seconds="0.2", secret_key=SECRET,
            vapid_subject="mailto:drift@sett.example", public_url="https://sett.example",
        )  # fmt: skip
        self.server.make_clock_movable()
        self.shift = dt.timedelta()
        self.team = self.scene.team(duty_list=False)
        self.bob = self.scene.person(self.team)
        with database.transaction() as session:
            token = sessions.open_session(session, self.bob, "tests", clock.now() + 2 * DAY)
        self._headers = {"Cookie": f"sett={token}"}
        self._device_id = str(uuid7())

    def start(self) -> None:
        self.web = self.server.start_web()
        self.worker = self.server.start_worker()
        self.server.wait_until_healthy()

    def started(self) -> int:
        """How many processes are up: each writes an anchor of the read log when it is."""
        return (self.server.data_dir / "read-log-anchors.jsonl").read_text().count('"start"')

    def now(self) -> dt.datetime:
        return clock.now() + self.shift

    def move_clock(self, **how_far: float) -> None:
        self.shift += dt.timedelta(**how_far)
        self.server.shift_clock(**how_far)

    def is_well(self) -> bool:
        return bool(self.health()["status"] == "ok")

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = self._ask("GET", "/healthz").json()
        return told

    def sync(self, *entries: dict[str, Any]) -> requests.Response:
        asked = {"protocol": 1, "device_id": self._device_id, "sent_at": self.now().isoformat(), "cursor": "-",
                 "unsent_after": 0, "entries": list(entries)}  # fmt: skip
        return self._ask("POST", "/api/sync", json=asked, headers=self._headers)

    def _ask(self, method: str, path: str, **what: Any) -> requests.Response:
        """A process that was killed may just be starting again."""
        for _ in range(100):
            try:
                return requests.request(method, self.server.url + path, timeout=60, **what)
            except requests.ConnectionError:
                threading.Event().wait(0.1)
        raise AssertionError("nobody answers")

    def registration(self, seq: int) -> dict[str, Any]:
        return {"id": str(uuid7()), "device_seq": seq, "type": "client_registered", "version": 1,
                "client_id": str(uuid7()), "occurred_at": self.now().isoformat(),
                "body": {"name": "Kari", "team_id": str(self.team)}}  # fmt: skip

    def alerting_ok(self) -> bool:
        answer = self.sync()
        assert answer.status_code == 200, answer.text
        ok: bool = answer.json()["alerting_ok"]
        return ok

    def pushes(self, kind: str = "alert") -> list[str]:
        return [one.json["notification_id"] for one in self.push.accepted() if one.json["kind"] == kind]

    def alerted_once_each(self, clients: list[uuid.UUID]) -> bool:
        return sorted(alert.client_id for alert in self.scene.alerts() if alert.client_id) == sorted(clients)

    def is_alive(self) -> bool:
        return self.web.poll() is None and self.worker.poll() is None


class _QuietServer(Server):
    """Says nothing to a file: the limit on what may be written must not reach the log."""

    log = Path(os.devnull)  # type: ignore[assignment]


@pytest.fixture
def push() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def town(tmp_path: Path, database: Database, settings: Settings, push: PushService) -> Iterator[Town]:
    town = Town(tmp_path / "server", database, settings.database_url, push)
    yield town
    town.server.stop()


def test_a_clock_set_back_a_day_stops_neither_the_tick_nor_an_alert_on_its_way_up(town: Town) -> None:
    leader = town.scene.person(town.team, "leader")
    climbing = town.scene.client(town.team, due_at=town.now())
    town.start()
    town.push.wait_for(2)
    assert town.scene.alert().step == 0
    town.move_clock(days=-1)
    wait_until(town.is_well, 60)
    wait_until(town.alerting_ok, 60)
    due = town.scene.client(town.team, due_at=town.now() + seconds(1))
    wait_until(lambda: town.alerted_once_each([climbing, due]), 60)
    wait_until(lambda: all(alert.step_began_at <= town.now() for alert in town.scene.alerts()), 60)
    for step in (1, 2):  # nobody's phone has shown it, so each step lasts two minutes
        town.move_clock(minutes=2.1)
        wait_until(lambda step=step: {one.step for one in town.scene.alerts()} == {step}, 60)
    assert leader in town.scene.told(step=2)
    assert not town.pushes("down")


def test_a_clock_set_forward_a_day_alerts_once_each_and_is_no_outage(town: Town) -> None:
    clients = town.scene.clients(town.team, 3, due_at=town.now() + DAY / 2)
    town.start()
    town.move_clock(days=1)
    wait_until(lambda: town.alerted_once_each(clients), 60)
    wait_until(town.is_well, 60)
    town.push.wait_for(3)
    town.move_clock(days=-1)  # and put right again
    wait_until(town.is_well, 60)
    wait_until(lambda: all(alert.step_began_at <= town.now() for alert in town.scene.alerts()), 60)
    assert town.alerted_once_each(clients)
    assert not town.pushes("down")


@pytest.mark.engines("sqlite")
def test_a_clock_set_forward_a_year_is_ticked_on_at_once_and_without_more_memory(town: Town) -> None:
    (client,) = town.scene.clients(town.team, 1, due_at=town.now() + DAY)
    town.start()
    wait_until(town.is_well, 60)
    before_kb, cpu_before_s = memory_kb(town.worker.pid), cpu_s(town.worker.pid)
    town.move_clock(days=365)
    wait_until(lambda: town.alerted_once_each([client]), 60)
    wait_until(town.is_well, 60)
    # Time of the processor and not of the wall: other tests may be at work beside this one. Listing what was missed
    # took 36 s and 435 MB.
    assert cpu_s(town.worker.pid) - cpu_before_s < 6
    assert memory_kb(town.worker.pid) - before_kb < 60_000


def memory_kb(pid: int) -> int:
    """The most memory that the process has had at once."""
    told = Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1]
    return int(told.split()[0])


def cpu_s(pid: int) -> float:
    """How long the processor has worked for the process."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.engines("sqlite")
def test_a_clock_set_back_under_a_worker_that_is_dead_hides_nothing(town: Town) -> None:
    """The last heartbeat lies a day ahead: without care all would look well for a day."""
    town.start()
    town.server.kill(town.worker)
    town.move_clock(days=-1)
    wait_until(lambda: town.health()["status"] == "fail", 60)
    assert town.health()["problem"] == "the last tick lies ahead of the clock"
    wait_until(lambda: not town.alerting_ok(), 60)


def test_a_worker_that_stood_still_for_two_minutes_is_seen_and_then_makes_up_for_it(town: Town) -> None:
    town.start()
    clients = town.scene.clients(town.team, 3, due_at=town.now() + seconds(60))
    with town.scene.database.transaction() as session:  # it must not stop while SQLite's one writer is the worker
        session.scalar(select(Heartbeat.ticked_at))
        town.worker.send_signal(signal.SIGSTOP)
    town.move_clock(minutes=2)
    wait_until(lambda: town.health()["status"] == "fail", 60)
    wait_until(lambda: not town.alerting_ok(), 60)  # two web processes, and each sees by itself what time it is
    assert town.scene.alerts() == []
    town.worker.send_signal(signal.SIGCONT)
    wait_until(lambda: town.alerted_once_each(clients), 60)
    wait_until(town.is_well, 60)
    wait_until(town.alerting_ok, 60)
    town.push.wait_for(3)
    wait_until(lambda: town.scene.deliveries("pending") == [], 60)
    assert len(set(town.pushes())) == len(town.pushes()) == 3


@pytest.mark.engines("postgresql")
def test_a_database_that_is_away_for_ten_minutes_takes_nobody_along(tmp_path: Path, push: PushService) -> None:
    from tests.conftest import migrate_url

    postgresql = PostgreSQL()
    postgresql.make_template(migrate_url)
    url = postgresql.url(postgresql.new_database())
    database = Database(Settings(database_url=url, data_dir=tmp_path, secret_key=SECRET))
    town = Town(tmp_path / "server", database, url, push)
    try:
        town.start()
        wait_until(lambda: town.started() == 3, 60)  # a process that is still starting ends without its database
        entry = town.registration(1)
        clients = town.scene.clients(town.team, 3, due_at=town.now() + seconds(300))
        database.dispose()
        postgresql.go_away()
        assert town.health()["database"] == "fail"
        answer = town.sync(entry)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"]
        town.move_clock(minutes=10)
        assert town.sync(entry).status_code == 503
        assert town.is_alive()
        postgresql.come_back()
        wait_until(lambda: town.alerted_once_each(clients), 60)
        wait_until(town.is_well, 60)
        assert town.sync(entry).json()["results"][0]["verdict"] == "accepted"
        town.push.wait_for(3)
        wait_until(lambda: town.scene.deliveries("pending") == [], 60)
        assert len(set(town.pushes())) == len(town.pushes()) == 3
        assert town.is_alive()
    finally:
        town.server.stop()
        database.dispose()
        postgresql.stop()


@pytest.mark.engines("sqlite")
def test_on_a_full_disk_nothing_is_acked_that_is_not_kept_and_the_alerting_goes_on_when_there_is_room(
    town: Town,
) -> None:
    town.start()
    client = town.scene.client(town.team, due_at=town.now() + seconds(30))
    fill_disk(town, 4096)
    offered = [town.registration(seq) for seq in range(1, 6)]
    acked = []
    for entry in offered:
        answer = town.sync(entry)
        assert answer.status_code in (200, 503), answer.text
        acked += [entry["id"]] if answer.status_code == 200 else []
    assert len(acked) < len(offered), "the disk was not full"
    town.move_clock(seconds=100)
    wait_until(lambda: town.health()["status"] == "fail", 60)
    assert town.is_alive()
    fill_disk(town, resource.RLIM_INFINITY)
    wait_until(lambda: town.alerted_once_each([client]), 60)
    wait_until(town.is_well, 60)
    town.push.wait_for(1)
    with town.scene.database.reading() as session:
        kept = {str(id) for id in session.scalars(select(Entry.id))}
    assert kept >= set(acked)
    for entry in offered:
        expected = "duplicate" if entry["id"] in kept else "accepted"
        assert town.sync(entry).json()["results"][0]["verdict"] == expected


def fill_disk(town: Town, most: int) -> None:
    """Let no process of the server write beyond this many bytes of any file: it fails as on a full disk."""
    for process in (town.web, town.worker):
        for pid in (process.pid, *children(process.pid)):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(one) for one in listed]


@pytest.mark.parametrize("wrong", [YEAR, -YEAR])
def test_a_phone_whose_clock_is_a_year_wrong_is_taken_flagged_and_hides_no_alert(
    world: World, wrong: dt.timedelta
) -> None:
    alice = world.staff("leader", world.team())
    kari = alice.register("Kari")
    world.clock.shift(hours=20)
    alice.sign_in()
    phone_now = clock.now() + wrong
    visit = alice.entry(
        "visit_logged", {"outcome": "seen", "place": "home"}, client=kari, occurred_at=phone_now.isoformat()
    )
    (verdict,) = alice.sync(visit, sent_at=phone_now.isoformat())["results"]
    assert verdict["verdict"] == "accepted"
    assert "clock_uncertain" in alice.pull()["entry", visit["id"]]["flags"]
    world.clock.shift(hours=24, minutes=1)
    world.tick()
    alice.sign_in()
    (alert,) = alice.alerts()
    assert alert["client_id"] == kari

    acknowledged = alice.entry(
        "alert_acknowledged", {"alert_id": alert["id"]}, occurred_at=(clock.now() + wrong).isoformat(), team_id=None
    )
    assert alice.sync(acknowledged, sent_at=(clock.now() + wrong).isoformat())["results"][0]["verdict"] == "accepted"
    world.clock.shift(minutes=61)
    world.tick()
    assert alice.alerts()[0]["owner"] is None, "taken by a wrong clock, it is held an hour at most"

"""Four worker processes on one database, killed in the middle: each alert and each notification once, none lost."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.jobs.sender import THREADS
from fieldapp.models import Alert, AlertTransition, Delivery, Notification
from tests._push_service import Answer, PushService
from tests._scene import SECRET, Scene
from tests._server import DIES_WITH_US
from tests._wait import wait_until


@pytest.fixture
def push() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def scene(database: Database, push: PushService) -> Scene:
    return Scene(database, push, began=clock.now())


PER_PERSON = 2


class Workers:
    """`fieldapp worker` processes on the test's database."""

    def __init__(self, settings: Settings, push: PushService) -> None:
        self._env = os.environ | {
            "FIELDAPP_DATABASE_URL": settings.database_url,
            "FIELDAPP_DATA_DIR": str(settings.data_dir),
            "FIELDAPP_SECRET_KEY": SECRET,
            "FIELDAPP_PUBLIC_URL": settings.public_url,
            "FIELDAPP_VAPID_SUBJECT": settings.vapid_subject,
            "FIELDAPP_PUSH_HOSTS": push.host,
            "FIELDAPP_TICK_SECONDS": "0.2",
        }
        self._log = (Path(settings.data_dir) / "workers.log").open("ab")
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        command = [*DIES_WITH_US, sys.executable, "-m", "fieldapp.cli", "worker"]
        self.running.append(subprocess.Popen(command, env=self._env, stdout=self._log, stderr=self._log))

    def kill_one(self) -> None:
        """Without a word of warning, and another takes its place."""
        victim = self.running.pop(random.randrange(len(self.running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.start()

    def stop(self) -> None:
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(120)
        self._log.close()


@pytest.fixture
def workers(settings: Settings, push: PushService) -> Iterator[Workers]:
    workers = Workers(settings, push)
    yield workers
    workers.stop()


def test_each_alert_and_notification_once_although_workers_are_killed(
    scene: Scene, push: PushService, workers: Workers, rounds: Callable[[int, int], int]
) -> None:
    team = scene.team(duty_list=False)
    clients, kills = rounds(100, 600), rounds(3, 20)
    due_at = clock.now() + dt.timedelta(seconds=2)
    for _ in range(clients // PER_PERSON):  # few enough for each that they do not go together in one message
        bob = scene.person(team)
        scene.phone(bob)
        scene.clients(team, PER_PERSON, due_at=due_at, primary=bob)
    push.behave(Answer(fault="slow", seconds=0.01))
    for _ in range(4):
        workers.start()
    expected = clients * 2  # phones each
    for kill in range(1, kills + 1):
        wait_until(lambda kill=kill: len(push.messages()) >= kill * expected // (kills + 2), 180)
        workers.kill_one()
    # On a crowded machine a send may time out, and is tried again after minutes.
    wait_until(lambda: everything_is_claimed_or_done(scene, clients), 600)
    let_the_leases_of_the_dead_run_out(scene, [one.pid for one in workers.running])
    wait_until(lambda: scene.deliveries("pending") == [], 600)

    assert scene.count(Alert) == clients
    with scene.database.reading() as session:
        assert len(set(session.scalars(select(Alert.subject_id)))) == clients
        opened = select(func.count()).where(AlertTransition.event == "opened")
        assert session.scalar(opened) == clients
        assert session.scalar(select(func.count()).where(Notification.step == 0)) == clients
    on_the_wire = Counter(one.json["notification_id"] for one in push.accepted())
    assert set(on_the_wire) >= {one.id for one in scene.deliveries("handed_over")}
    assert {one.state for one in scene.deliveries()} == {"handed_over"}, "none lost"
    doubled = sum(count - 1 for count in on_the_wire.values())
    assert doubled <= kills * THREADS, "only what a killed worker had on its way may come twice"


def everything_is_claimed_or_done(scene: Scene, clients: int) -> bool:
    waiting = [one for one in scene.deliveries("pending") if one.claimed_until is None]
    return not waiting and scene.count(Alert) == clients


def let_the_leases_of_the_dead_run_out(scene: Scene, alive: list[int]) -> None:
    """A minute passes for them."""
    with scene.database.transaction() as session:
        dead = Delivery.state == "pending"
        for pid in alive:
            dead &= ~Delivery.claimed_by.contains(f":{pid}.")
        session.execute(update(Delivery).where(dead).values(claimed_until=clock.now()))


@pytest.mark.engines("sqlite")
def test_a_worker_that_is_asked_to_stop_finishes_what_it_was_sending(
    scene: Scene, push: PushService, workers: Workers
) -> None:
    team = scene.team(duty_list=False)
    bob = scene.person(team)
    scene.client(team, due_at=clock.now())
    push.behave(Answer(fault="slow", seconds=0.5))
    workers.start()
    push.wait_until_asked(scene.phones[bob][0])
    workers.running[0].terminate()
    assert workers.running[0].wait(60) == 0
    assert [one.state for one in scene.deliveries()] == ["handed_over"]

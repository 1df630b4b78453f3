"""When the worker ticks: at the next clock that runs out, whatever happens to its own; and whom it tells."""

import datetime as dt
import http.server
import threading
import time

import pytest
from sqlalchemy import select

from fieldapp import clock
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.jobs import tasks
from fieldapp.jobs.pinger import Pinger
from fieldapp.jobs.scheduler import Worker
from fieldapp.models import Duty, Heartbeat, Watch
from fieldapp.services import operator
from sync.ids import uuid7
from tests._push_service import PushService
from tests._scene import Scene, minutes, seconds
from tests._wait import wait_until
from tests.jobs._tick import channel

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def test_the_worker_sleeps_until_the_next_clock_runs_out_not_until_its_longest_sleep(
    scene: Scene, push: PushService
) -> None:
    scene.began = clock.now()
    team = scene.team()
    scene.person(team, on="duty")
    worker = Worker(scene.database, channel(scene), tick_seconds=30)
    running = threading.Thread(target=worker.run, daemon=True)
    scene.client(team, due_at=clock.now() + seconds(1.5))
    with scene.database.transaction() as session:
        for duty in session.scalars(select(Duty)):
            duty.from_at, duty.to_at = clock.now() - minutes(60), clock.now() + minutes(60)
    running.start()
    (received,) = push.wait_for(1)
    with scene.database.reading() as session:
        due_at = session.scalars(select(Watch.due_at)).one()
    assert due_at is not None
    late = clock.now() - due_at - seconds(time.perf_counter() - received.at)
    assert seconds(0) < late < seconds(15), "its longest sleep would make it more than 18"
    worker.stop()
    running.join(20)
    assert not running.is_alive()


@pytest.mark.engines("sqlite")
def test_a_clock_set_back_does_not_put_the_worker_to_sleep(scene: Scene) -> None:
    worker = Worker(scene.database, channel(scene), tick_seconds=0.2)
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    wait_until(lambda: scene.count(Heartbeat) == 1)
    worker._scheduler.modify_job(tasks.ALERTS, next_run_time=clock.now() + minutes(1440))
    with scene.database.transaction() as session:
        session.get_one(Heartbeat, 1).ticked_at = LONG_AGO
    wait_until(lambda: heartbeat_at(scene) > LONG_AGO)
    worker.stop()
    running.join(20)


@pytest.mark.engines("sqlite")
def test_the_worker_ticks_where_a_clock_shifted_from_outside_makes_waits_by_the_steady_clock_endless(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            return super().wait()

    monkeypatch.setattr("apscheduler.schedulers.background.Event", Endless)
    worker = Worker(scene.database, channel(scene), tick_seconds=0.2)
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    wait_until(lambda: scene.count(Heartbeat) == 1)
    with scene.database.transaction() as session:
        session.get_one(Heartbeat, 1).ticked_at = LONG_AGO
    wait_until(lambda: heartbeat_at(scene) > LONG_AGO)
    worker.stop()
    running.join(20)
    assert not running.is_alive()


def heartbeat_at(scene: Scene) -> dt.datetime:
    with scene.database.reading() as session:
        return session.get_one(Heartbeat, 1).ticked_at


@pytest.mark.engines("sqlite")
def test_an_alarm_is_passed_on_once_also_when_it_is_written_down_later_than_the_time_it_carries(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(scene.database, channel(scene), tick_seconds=30)
    passed_on: list[str] = []
    monkeypatch.setattr(worker._pinger, "alarm", lambda: passed_on.append("fail"))
    raised_at, subject = clock.now(), uuid7()
    worker._pass_on_alarms()
    assert passed_on == []
    for rings in (1, 2):
        with scene.database.transaction() as session:
            operator.alarm(session, Alarm.PUSH_REFUSED, subject, "403", raised_at)
        worker._pass_on_alarms()
        worker._pass_on_alarms()
        assert passed_on == ["fail"] * rings


@pytest.mark.engines("sqlite")
def test_the_monitor_hears_of_good_ticks_and_of_what_needs_an_operator() -> None:
    heard: list[str] = []

    class Monitor(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Monitor)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    pinger = Pinger(f"http://127.0.0.1:{server.server_port}/ping/abc")
    pinger.good()
    wait_until(lambda: len(heard) == 1)
    pinger.alarm()
    wait_until(lambda: len(heard) == 2)
    pinger.stop()
    server.shutdown()
    server.server_close()
    assert heard == ["/ping/abc", "/ping/abc/fail"]

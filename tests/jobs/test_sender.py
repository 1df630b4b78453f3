"""What is due is sent once, beside whatever hangs, crashes or runs out of threads, and it is recorded how it went."""

import datetime as dt
import errno
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from fieldapp import clock
from fieldapp.channels.webpush import WebPush
from fieldapp.jobs import sender as sending
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.models import Alert, Heartbeat, OperatorAlarm, Watch
from fieldapp.services.alerts import ending
from fieldapp.services.notify import delivery, outcomes
from fieldapp.services.notify.messages import Delivered, Message, OurFault, Outcome
from tests._push_service import Answer, PushService
from tests._scene import NOON, Scene, minutes, seconds
from tests.jobs._tick import Tick, channel


def test_a_service_that_fails_for_now_gets_it_a_little_later_and_only_once(
    scene: Scene, push: PushService, tick: Tick
) -> None:
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.client(team)
    push.script(scene.phones[bob][0], 503, Answer(fault="reset"), 201)
    for at in (0, 6, 24, 60):
        tick(NOON + seconds(at))
    assert len(push.accepted()) == 1
    assert [one.state for one in scene.deliveries()] == ["handed_over"]
    assert scene.deliveries()[0].attempts == 3


def test_over_comes_under_the_topic_of_the_alert(scene: Scene, push: PushService, tick: Tick) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    client = scene.client(team)
    tick(NOON)
    scene.receipt(next(iter(scene.phones)), NOON)
    with scene.database.transaction() as session:
        alert = session.get_one(Alert, scene.alert_id())
        ending.resolve(session, alert, resolution="seen_late", staff_id=None, entry_id=None, now=NOON + minutes(5))
    scene.set_due(client, NOON + minutes(600))
    tick(NOON + minutes(5))
    first, over = push.messages()
    assert (over.json["kind"], over.json["notification"]["title"]) == ("over", "Varsel avsluttet i Sett")
    assert over.headers["topic"] == first.headers["topic"]


def test_a_channel_that_crashes_takes_nobody_along_and_tries_again_ever_later_while_the_ladder_climbs(
    scene: Scene,
) -> None:
    tried: list[dt.datetime] = []

    class Broken:
        def send(self, message: Message, now: dt.datetime) -> Outcome:
            tried.append(now)
            raise RuntimeError("can't start new thread")

    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team)
    times = [NOON + seconds(n) for n in range(120)]
    sender = Sender(scene.database, Broken(), "test", clock_now=lambda: times[0])
    while len(times) > 1:
        assert tasks.tick(scene.database, sender, "test", lambda: times[0])
        assert sender.wait(10)
        times.pop(0)
    assert len(tried) == 4
    assert tried[-1] - NOON >= seconds(55)
    assert [one.state for one in scene.deliveries()] == ["pending"]
    with scene.database.reading() as session:
        assert session.scalars(select(OperatorAlarm.code)).all() == ["sending_crashed"]
    scene.climb(NOON + minutes(2))
    assert scene.alert().step == 1
    sender.stop()


def test_what_failed_while_the_database_was_away_is_sent_when_it_is_back(scene: Scene, push: PushService) -> None:
    times = [NOON]
    first = [OperationalError("SELECT", {}, Exception("server closed the connection"))]

    def key_of(key_id: str) -> str | None:
        if first:
            raise first.pop()
        return scene.vapid_key(key_id)

    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team)
    push_channel = WebPush("https://sett.example", "mailto:drift@sett.example", key_of)
    sender = Sender(scene.database, push_channel, "test", clock_now=lambda: times[-1])
    tasks.tick_until_quiet(scene.database, sender, "test", lambda: times[-1])
    assert push.messages() == []
    times.append(NOON + seconds(6))
    tasks.tick_until_quiet(scene.database, sender, "test", lambda: times[-1])
    sender.stop()
    assert len(push.messages()) == 1
    with scene.database.reading() as session:
        assert session.scalars(select(OperatorAlarm.cleared_at)).all() == [NOON + seconds(6)]


@pytest.mark.engines("sqlite")
def test_one_service_that_hangs_delays_no_other(
    scene: Scene, push: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for never in ("webpush.TIMEOUT_SECONDS", "http.WHOLE_SECONDS"):
        monkeypatch.setattr(f"fieldapp.channels.{never}", 300)
    with PushService() as black_hole:
        team = scene.team()
        scene.push = black_hole
        for _ in range(40):
            scene.person(team, on="duty")
        black_hole.behave(Answer(fault="hang"))
        scene.push = push
        quick = scene.person(team, on="duty")
        scene.client(team)
        scene.open(NOON)
        sender = Sender(scene.database, channel(scene), "test", clock_now=lambda: NOON)
        sender.pump()
        push.wait_for(1, scene.phones[quick][0], seconds=60)
        assert len(black_hole.messages()) == 0
        busy = [one for one in scene.deliveries("pending") if one.claimed_by]
        assert len(busy) <= delivery.PER_HOST + 1
    sender.wait(20)
    sender.stop()


@pytest.mark.engines("sqlite")
def test_where_no_thread_can_be_started_the_tick_fails_and_all_is_sent_when_one_can(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    sent: list[str] = []

    class Slow:
        def send(self, message: Message, now: dt.datetime) -> Outcome:
            assert may_end.wait(30)
            sent.append(message.delivery_id)
            return Delivered(201)

    team = scene.team()
    people = [scene.person(team, on="duty") for _ in range(delivery.PER_HOST)]
    scene.client(team)
    times = [NOON]
    sender = Sender(scene.database, Slow(), "test", clock_now=lambda: times[-1])
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", only_so_many_threads(3))
        assert not tasks.tick(scene.database, sender, "test", lambda: times[-1])
    may_end.set()
    assert sender.wait(30)
    assert len(sent) == 3
    times.append(NOON + delivery.LEASE)
    assert tasks.tick_until_quiet(scene.database, sender, "test", lambda: times[-1])
    sender.stop()
    assert len(sent) == len(set(sent)) == len(people)


def only_so_many_threads(allowed: int) -> Callable[[threading.Thread], None]:
    """As where the system lets a process have no more threads to send with."""
    start = threading.Thread.start
    left = [None] * allowed

    def start_if_allowed(thread: threading.Thread) -> None:
        if thread.name.startswith("send"):
            if not left:
                raise RuntimeError("can't start new thread")
            left.pop()
        start(thread)

    return start_if_allowed


def test_what_cannot_be_recorded_is_given_up_in_the_end_and_the_recorder_goes_on(
    scene: Scene, push: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team)
    times = [NOON]
    sender = Sender(scene.database, channel(scene), "test", clock_now=lambda: times[-1])
    with monkeypatch.context() as patched:
        patched.setattr(outcomes, "record", a_process_out_of_files)
        patched.setattr(clock.Stopper, "wait", a_process_out_of_files)
        patched.setattr(sending, "_log", Log())
        tasks.tick(scene.database, sender, "test", lambda: times[-1])
        assert sender.wait(10)
    times.append(NOON + delivery.LEASE)
    assert tasks.tick_until_quiet(scene.database, sender, "test", lambda: times[-1])
    sender.stop()
    assert [one.state for one in scene.deliveries()] == ["handed_over"]
    assert len(push.messages()) == 2


class Log:
    """One that takes nothing, as on a full disk."""

    def exception(self, *_: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def a_process_out_of_files(*_: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_without_anybody_to_record_no_tick_is_good_even_where_nothing_is_due(scene: Scene) -> None:
    sender = Sender(scene.database, channel(scene), "test", clock_now=lambda: NOON)
    assert tasks.tick(scene.database, sender, "test", lambda: NOON)
    sender.stop()
    assert not tasks.tick(scene.database, sender, "test", lambda: NOON + seconds(5))
    with scene.database.reading() as session:
        assert session.scalars(select(Heartbeat.ticked_at)).all() == [NOON]


def test_nothing_is_held_open_while_sending(scene: Scene) -> None:
    """Sending happens between two transactions: another writer gets its turn meanwhile."""
    sent, go_on = threading.Event(), threading.Event()

    class Slow:
        def send(self, message: Message, now: dt.datetime) -> Outcome:
            sent.set()
            go_on.wait(60)
            return OurFault(None, "x")

    team = scene.team()
    scene.person(team, on="duty")
    client = scene.client(team)
    scene.open(NOON)
    sender = Sender(scene.database, Slow(), "test", clock_now=lambda: NOON)
    sender.pump()
    assert sent.wait(60)
    assert scene.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    with scene.database.transaction() as session:
        session.get_one(Watch, client).due_at = NOON + minutes(1)
    go_on.set()
    assert sender.wait(60)
    sender.stop()


def test_every_message_claimed_has_a_thread_free_for_it() -> None:
    assert sending.THREADS >= 2 * (delivery.PER_HOST + delivery.PER_HOST_SLOW)

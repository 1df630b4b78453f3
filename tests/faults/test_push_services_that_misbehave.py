"""Every way a push service can answer, through the worker's own sender, and that a slow one delays no other.

What each answer leads to in the rows is in tests/services/notify/test_delivery.py and what it means on the wire in
tests/channels/; here all of it together, as a person on duty meets it.
"""

import datetime as dt
import socket
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update

from fieldapp.channels.contract import Message, Outcome
from fieldapp.channels.webpush import WebPush
from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.models import Delivery, OperatorAlarm, Subscription
from fieldapp.services.notify import delivery
from tests._push_service import Answer, PushService
from tests._scene import NOON, Scene, minutes, seconds

USUAL = (5, 15, 45, 120, 300, 600, 600)
"""Seconds until it is tried again, ±10 %."""


@pytest.fixture
def push() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


class Duty:
    """One person on duty with one phone, one alert, and a worker whose clock is moved by hand."""

    def __init__(self, database: Database, push: PushService) -> None:
        self.scene = Scene(database, push)
        self.now = NOON
        team = self.scene.team()
        self.bob = self.scene.person(team, on="duty")
        self.phone = self.scene.phones[self.bob][0]
        self.scene.client(team)
        channel = WebPush("https://sett.example", "mailto:drift@sett.example", self.scene.vapid_key)
        self.sender = Sender(database, channel, "test", clock_now=lambda: self.now)
        self.scene.open(NOON)
        (first,) = self.scene.deliveries()
        self.first_id = first.id

    def send(self) -> Delivery:
        assert tasks.tick(self.scene.database, self.sender, "test", lambda: self.now)
        assert self.sender.wait(30)
        return self.sent

    @property
    def sent(self) -> Delivery:
        """The first message; what the ladder sends besides is another test's."""
        with self.scene.database.reading() as session:
            return session.get_one(Delivery, self.first_id)

    @property
    def subscription(self) -> Subscription:
        with self.scene.database.reading() as session:
            return session.scalars(select(Subscription)).one()

    @property
    def alarms(self) -> list[str]:
        with self.scene.database.reading() as session:
            return list(session.scalars(select(OperatorAlarm.code)))

    def waits(self, times: int) -> list[float]:
        """Let it be tried so many times, each when its time has come; how long each waited for the next."""
        waited = []
        for _ in range(times):
            row = self.send()
            waited.append((row.next_attempt_at - self.now).total_seconds())
            self.now = row.next_attempt_at
        return waited


@pytest.fixture
def duty(database: Database, push: PushService) -> Iterator[Duty]:
    duty = Duty(database, push)
    yield duty
    duty.sender.stop()


def about(waited: list[float]) -> bool:
    return all(0.9 * usual <= one <= 1.1 * usual for one, usual in zip(waited, USUAL, strict=False))


def test_201_is_handed_over_and_the_step_has_its_time(duty: Duty) -> None:
    assert duty.send().state == "handed_over"
    assert (duty.scene.alert().step, duty.alarms) == (0, [])


@pytest.mark.parametrize("status", [404, 410])
def test_gone_ends_the_subscription_and_the_alert_climbs_at_once(duty: Duty, push: PushService, status: int) -> None:
    push.answer(status)
    assert duty.send().state == "unreachable"
    assert duty.subscription.ended_reason == "gone"
    duty.send()
    assert duty.scene.alert().step > 0
    assert duty.alarms == []


@pytest.mark.parametrize("status", [400, 401, 403])
def test_our_keys_fault_keeps_the_subscription_and_the_alert_climbs(duty: Duty, push: PushService, status: int) -> None:
    push.answer(status)
    assert duty.send().state == "our_fault"
    assert duty.subscription.ended_at is None
    assert duty.alarms == ["push_refused"]
    duty.send()
    assert duty.scene.alert().step > 0


def test_413_is_said_shorter_at_once(duty: Duty, push: PushService) -> None:
    push.script(duty.phone, 413)
    duty.send()
    assert duty.send().state == "handed_over"
    long, short = push.messages(duty.phone)
    assert len(short.plaintext) < len(long.plaintext)
    assert duty.alarms == []


@pytest.mark.parametrize("answer", [Answer(429), Answer(500), Answer(503), Answer(fault="reset")])
def test_what_may_pass_is_tried_again_on_schedule_and_the_step_waits(
    duty: Duty, push: PushService, answer: Answer
) -> None:
    push.behave(answer)
    assert about(duty.waits(3))
    assert (duty.sent.state, duty.scene.alert().step, duty.subscription.ended_at) == ("pending", 0, None)
    push.behave(Answer(201))
    assert duty.send().state == "handed_over"


def test_tried_for_at_least_four_hours_and_then_given_up(duty: Duty, push: PushService) -> None:
    push.answer(503)
    waited = duty.waits(7)
    assert about(waited)
    while duty.sent.state == "pending":
        duty.now = max(duty.now, duty.sent.next_attempt_at)
        duty.sender.pump()
        assert duty.sender.wait(30)
    assert duty.now - NOON >= dt.timedelta(hours=4)
    assert duty.subscription.ended_at is None


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(duty: Duty, push: PushService, status: int) -> None:
    push.answer(status, Retry_After="90")
    duty.send()
    assert duty.sent.next_attempt_at == NOON + seconds(90)


@pytest.mark.parametrize("where", ["hangs", "black_hole", "drops"])
@pytest.mark.engines("sqlite")
def test_no_answer_is_given_up_in_time_and_tried_again_in_the_slow_lane(
    duty: Duty, push: PushService, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("fieldapp.channels.webpush.TIMEOUT_SECONDS", 0.3)
    push.behave(Answer(fault="hang"))
    with no_answer(where) as host:
        if host:
            move(duty.scene, host)
        began = time.perf_counter()
        assert duty.send().state == "pending"
        assert time.perf_counter() - began < 10
    assert about([(duty.sent.next_attempt_at - NOON).total_seconds()])
    assert duty.subscription.slow_since_at == NOON


@pytest.mark.engines("sqlite")
def test_tls_that_does_not_hold_is_tried_again_and_nothing_is_said_over_it(duty: Duty, tmp_path: Path) -> None:
    with PushService(tmp_path) as liar:
        move(duty.scene, liar.host, scheme="https")
        assert about(duty.waits(2))
        assert (duty.sent.state, duty.sent.last_error) == ("pending", "SSLError")
        assert liar.messages() == []


@contextmanager
def no_answer(where: str) -> Iterator[str]:
    """A port that takes the connection and never says a word, or one that drops it unseen."""
    if where == "hangs":
        yield ""
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        fill: list[socket.socket] = []
        if where == "drops":  # its queue is full: the kernel answers no further SYN
            for _ in range(3):
                fill.append(socket.socket())
                fill[-1].setblocking(False)
                fill[-1].connect_ex(listener.getsockname())
        yield host
        for one in fill:
            one.close()


def move(scene: Scene, host: str, scheme: str = "http") -> None:
    """Every subscription and delivery there is goes to this host from now on."""
    with scene.database.transaction() as session:
        session.execute(update(Subscription).values(endpoint=f"{scheme}://{host}/push/x"))
        session.execute(update(Delivery).values(host=host))


# --- one slow service ---------------------------------------------------------------------------------------------

QUICK_PEOPLE, SLOW_PEOPLE, ALERTS, WAVES = 6, 8, 3, 6
ADDS_AT_MOST_S = 2.0


@pytest.mark.parametrize("fault", [Answer(fault="slow", seconds=1.5), Answer(fault="hang")])
@pytest.mark.engines("sqlite")
def test_a_slow_service_delays_no_other(database: Database, push: PushService, fault: Answer) -> None:
    """From due to arrived at the quick service, really measured: while the other answers well, and while it does not.

    On an idle machine p99 is far below two seconds; on a busy one it is what the slow service adds that counts. And
    what it adds to most waves: a pause of the machine spoils one or two, a slow service all.
    """
    with PushService() as slow:
        scene = Scene(database, slow)
        team = scene.team()
        for _ in range(SLOW_PEOPLE):
            scene.person(team, on="duty")
        scene.push = push
        for _ in range(QUICK_PEOPLE):
            scene.person(team, on="duty")
        channel = Counted(WebPush("https://sett.example", "mailto:drift@sett.example", scene.vapid_key), slow.host)
        woken = threading.Event()
        sender = Sender(database, channel, "test", wake=woken.set, clock_now=lambda: NOON + minutes(1))
        well = send_waves(scene, team, sender, push, woken)
        assert sender.wait(30)
        slow.behave(fault)
        badly = send_waves(scene, team, sender, push, woken)
    sender.stop()
    assert 0 < channel.most <= delivery.PER_HOST + delivery.PER_HOST_SLOW
    print(f"\n{fault.fault}: p99 {p99(well):.3f} s while it answers, {p99(badly):.3f} s while it does not")
    assert last_of_a_wave(badly) - last_of_a_wave(well) < ADDS_AT_MOST_S


class Counted:
    """A channel that knows how many messages were on their way to one service at a time, at most."""

    def __init__(self, channel: WebPush, host: str) -> None:
        self._channel, self._host = channel, host
        self._lock, self._now, self.most = threading.Lock(), 0, 0

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        if message.host != self._host:
            return self._channel.send(message, now)
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._channel.send(message, now)
        finally:
            with self._lock:
                self._now -= 1


Waves = list[list[float]]
"""How late each message came, wave by wave."""


def send_waves(scene: Scene, team: uuid.UUID, sender: Sender, push: PushService, woken: threading.Event) -> Waves:
    late = []
    for _ in range(WAVES):
        scene.clients(team, ALERTS, due_at=NOON - seconds(30))
        scene.open(NOON)
        late.append(until_all_have_come(sender, push, ALERTS * QUICK_PEOPLE, woken))
    return late


def p99(waves: Waves) -> float:
    late = sorted(one for wave in waves for one in wave)
    return late[len(late) * 99 // 100]


def last_of_a_wave(waves: Waves) -> float:
    return statistics.median(max(wave) for wave in waves)


def until_all_have_come(sender: Sender, push: PushService, count: int, woken: threading.Event) -> list[float]:
    """Pump as the worker does, whenever it is woken, until so many more have come; how late each of them was."""
    before, began = len(push.messages()), time.perf_counter()
    while len(push.messages()) < before + count:
        sender.pump()
        woken.wait(0.02)
        woken.clear()
        assert time.perf_counter() - began < 120
    return [one.at - began for one in push.messages()[before:]]

"""A worker that dies at any point between claiming a message and having written down what came of it.

Each round a fault is injected at one of its points and the worker is gone: its sender is dropped, its lease runs out by
the clock, and the next one takes over. In the end every message was handed over, none is lost, and one came twice only
where the worker died after the service had it and before that was written down.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from fieldapp.db import Database
from fieldapp.services.notify import delivery, outcomes
from fieldapp.services.notify.messages import Delivered, Message, Outcome, Retry, Sent
from tests._scene import NOON, Scene, minutes, seconds

POINTS = ("during_claim", "after_claim", "during_send", "after_send", "during_record", "service_fails", "none")
MAY_DOUBLE = ("after_send", "during_record")
"""The service has it, we have not written that down: the only place where a second message is right."""


class Killed(BaseException):
    """The worker is gone; nothing catches this on the way."""


class Service:
    """What the service has taken, by message id."""

    def __init__(self) -> None:
        self.has: Counter[str] = Counter()

    def send(self, message: Message, fault: str) -> Outcome:
        if fault == "during_send":
            raise Killed
        if fault == "service_fails":
            return Retry(503, "Service Unavailable")
        self.has[message.delivery_id] += 1
        return Delivered(201)


def a_workers_life(database: Database, service: Service, now: dt.datetime, fault: str) -> None:
    """Claim, send and record what is due, and die at the point given."""
    with database.transaction() as session:
        messages = delivery.claim(session, "worker", now, busy={}, room=8)
        if fault == "during_claim":
            raise Killed
    if not messages:
        return
    if fault == "after_claim":
        raise Killed
    results = [Sent(message, service.send(message, fault), now + seconds(1)) for message in messages]
    if fault == "after_send":
        raise Killed
    with database.transaction() as session:
        outcomes.record(session, results, now + seconds(1))
        if fault == "during_record":
            raise Killed


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    return Scene(database)


def test_a_worker_killed_anywhere_between_claim_and_record_loses_nothing(
    scene: Scene, rounds: Callable[[int, int], int]
) -> None:
    """Alerts one by one and in bundles, to one phone and to two; each round one life, half a minute to 70 s apart."""
    dice = random.Random(20261123)
    team = scene.team()
    for _ in range(2):
        scene.phone(scene.person(team, on="duty"))
    service, now, deaths, may_double = Service(), NOON, Counter[str](), 0
    for n in range(rounds(30, 1000)):
        if n % 4 == 0:
            scene.clients(team, dice.choice((1, 2, 5)), due_at=now - minutes(1))
            scene.open(now)
        fault = dice.choice(POINTS)
        held = sum(service.has.values())
        try:
            a_workers_life(scene.database, service, now, fault)
        except Killed:
            deaths[fault] += 1
            if fault in MAY_DOUBLE:
                may_double += sum(service.has.values()) - held
        now += seconds(dice.uniform(30, 70))
    now = finish(scene, service, now)

    rows = scene.deliveries()
    assert {one.state for one in rows} == {"handed_over"}, "none lost"
    on_the_wire = {one.id for one in rows if not one.carried_by}
    assert set(service.has) == on_the_wire, "and each was really sent, and nothing else"
    doubled = sum(service.has.values()) - len(on_the_wire)
    assert doubled <= may_double, "only what was sent and not written down came twice"
    assert set(deaths) >= set(POINTS) - {"service_fails", "none"}
    print(f"\n{sum(deaths.values())} deaths {dict(deaths)}, {len(on_the_wire)} messages, {doubled} doubled")


def finish(scene: Scene, service: Service, now: dt.datetime) -> dt.datetime:
    """Nobody dies any more: what is left goes out, however long its next attempt was put off."""
    for _ in range(2000):
        now += minutes(1)
        a_workers_life(scene.database, service, now, "none")
        if not scene.deliveries("pending"):
            return now
    raise AssertionError("something is never sent")

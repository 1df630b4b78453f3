"""Claim, send, record: what each answer leads to, and that no crash and no second worker loses or doubles a message."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.models import Alert, Delivery, DeviceStaff, OperatorAlarm, Subscription
from fieldapp.services.alerts import ending
from fieldapp.services.notify import delivery, outcomes
from fieldapp.services.notify.messages import Delivered, Gone, Message, OurFault, Outcome, Retry, Sent, TooLarge
from fieldapp.services.operations import clock_set_back
from tests._scene import NOON, Scene, minutes, seconds


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    """One person on duty with one phone, and one alert about to be sent there."""
    scene = Scene(database)
    scene.team_id = scene.team()  # type: ignore[attr-defined]
    scene.bob = scene.person(scene.team_id, on="duty")  # type: ignore[attr-defined]
    scene.client(scene.team_id)  # type: ignore[attr-defined]
    scene.open(NOON)
    return scene


def claim(
    scene: Scene, now: dt.datetime, worker: str = "worker", busy: dict | None = None, room: int = 99
) -> list[Message]:
    with scene.database.transaction() as session:
        return delivery.claim(session, worker, now, busy=busy or {}, room=room)


def record(scene: Scene, message: Message, outcome: Outcome, now: dt.datetime) -> Delivery:
    with scene.database.transaction() as session:
        outcomes.record(session, [Sent(message, outcome, now)], now)
    return row(scene, message)


def row(scene: Scene, message: Message) -> Delivery:
    with scene.database.reading() as session:
        return session.get_one(Delivery, message.delivery_id)


def subscription(scene: Scene) -> Subscription:
    with scene.database.reading() as session:
        return session.scalars(select(Subscription)).one()


def test_handed_over_is_not_shown_and_a_receipt_is(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    sent = record(scene, message, Delivered(201), NOON + seconds(1))
    assert (sent.state, sent.handed_over_at, sent.shown_at) == ("handed_over", NOON + seconds(1), None)
    with scene.database.transaction() as session:
        assert outcomes.receive(session, message.delivery_id, NOON + seconds(4))
        assert outcomes.receive(session, message.delivery_id, NOON + seconds(9))
        assert not outcomes.receive(session, "ukjent", NOON)
    assert row(scene, message).shown_at == NOON + seconds(4)
    assert subscription(scene).last_receipt_at == NOON + seconds(4)


def test_nothing_is_marked_before_it_was_sent_so_a_crash_loses_nothing(scene: Scene) -> None:
    (lost,) = claim(scene, NOON, "killed")
    assert row(scene, lost).state == "pending"
    assert claim(scene, NOON + delivery.LEASE - seconds(1), "next") == []
    (again,) = claim(scene, NOON + delivery.LEASE, "next")
    assert again.delivery_id == lost.delivery_id


def test_the_lease_is_longer_than_the_longest_send_and_only_one_worker_holds_it(scene: Scene) -> None:
    assert delivery.LEASE >= seconds(2 * (10 + 10))
    assert len(claim(scene, NOON, "one")) == 1
    assert claim(scene, NOON, "two") == []


def test_a_result_that_comes_after_its_lease_passed_on_counts_only_if_it_was_handed_over(scene: Scene) -> None:
    (slow,) = claim(scene, NOON, "slow")
    (taken,) = claim(scene, NOON + delivery.LEASE, "quick")
    assert record(scene, slow, OurFault(403, "Forbidden"), NOON + minutes(2)).state == "pending"
    assert record(scene, slow, Delivered(201), NOON + minutes(2)).state == "handed_over"
    assert record(scene, taken, Gone(410), NOON + minutes(2)).state == "handed_over"


@pytest.mark.parametrize("status", [404, 410])
def test_gone_ends_the_subscription_and_lets_the_alert_climb(scene: Scene, status: int) -> None:
    (message,) = claim(scene, NOON)
    assert record(scene, message, Gone(status), NOON + seconds(2)).state == "unreachable"
    assert (subscription(scene).ended_at, subscription(scene).ended_reason) == (NOON + seconds(2), "gone")
    scene.climb(NOON + seconds(2))
    assert scene.alert().step > 0


@pytest.mark.parametrize("status", [400, 401, 403])
def test_our_keys_fault_keeps_the_subscription_tells_the_operator_and_lets_the_alert_climb(
    scene: Scene, status: int
) -> None:
    (message,) = claim(scene, NOON)
    assert record(scene, message, OurFault(status, "Forbidden"), NOON + seconds(2)).state == "our_fault"
    assert subscription(scene).ended_at is None
    with scene.database.reading() as session:
        assert session.scalars(select(OperatorAlarm.code)).all() == ["push_refused"]
    scene.climb(NOON + seconds(2))
    assert scene.alert().step > 0


def test_too_large_is_said_shorter_once_and_then_the_operator_is_told(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    assert not message.shortened
    record(scene, message, TooLarge(), NOON)
    (again,) = claim(scene, NOON)
    assert again.shortened
    assert record(scene, again, TooLarge(), NOON).state == "our_fault"
    assert subscription(scene).ended_at is None
    assert scene.count(OperatorAlarm) == 1


def test_failures_are_tried_again_after_5_15_45_seconds_then_2_5_10_minutes_for_four_hours(scene: Scene) -> None:
    now, waits = NOON, []
    while True:
        (message,) = claim(scene, now)
        after = record(scene, message, Retry(503, "Service Unavailable"), now)
        if after.state != "pending":
            break
        waits.append((after.next_attempt_at - now).total_seconds())
        assert claim(scene, after.next_attempt_at - seconds(0.5)) == []
        now = after.next_attempt_at
    for waited, usual in zip(waits, [5, 15, 45, 120, 300, 600, 600], strict=False):
        assert 0.9 * usual <= waited <= 1.1 * usual
    assert after.state == "given_up"
    assert now - NOON >= dt.timedelta(hours=4)
    assert subscription(scene).ended_at is None


def test_hours_in_which_nobody_tried_are_no_hours_of_trying(scene: Scene) -> None:
    """A worker dies with it, and for five hours there is none: one failure after that is no reason to give up."""
    claim(scene, NOON, "killed")
    later = NOON + dt.timedelta(hours=5)
    (message,) = claim(scene, later)
    assert record(scene, message, Retry(503, "Service Unavailable"), later).state == "pending"
    (again,) = claim(scene, later + dt.timedelta(hours=5))
    assert record(scene, again, Retry(503, "Service Unavailable"), later + dt.timedelta(hours=5)).state == "pending"


def test_retry_after_is_honoured(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    after = record(scene, message, Retry(429, "Too Many Requests", after_s=300), NOON)
    assert after.next_attempt_at == NOON + seconds(300)


def test_retry_after_is_honoured_also_where_the_first_attempt_came_late(scene: Scene) -> None:
    late = NOON + minutes(3)
    (message,) = claim(scene, late)
    after = record(scene, message, Retry(429, "Too Many Requests", after_s=1800), late + seconds(1))
    assert after.first_attempt_at == late
    with scene.database.transaction() as session:
        assert clock_set_back.mend(session, late + seconds(5)) == 0
    assert row(scene, message).next_attempt_at == late + seconds(1801)


def test_a_refusal_for_now_does_not_count_as_not_reached(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    record(scene, message, Retry(429, "Too Many Requests"), NOON)
    scene.climb(NOON + seconds(60))
    assert scene.alert().step == 0


def test_what_has_ended_before_it_was_sent_is_called_off_but_over_is_sent(scene: Scene) -> None:
    (first,) = claim(scene, NOON)
    record(scene, first, Delivered(201), NOON)
    scene.phone(scene.bob)  # type: ignore[attr-defined]
    scene.receipt(scene.bob, NOON)  # type: ignore[attr-defined]
    scene.climb(NOON + minutes(15))
    with scene.database.transaction() as session:
        alert = session.get_one(Alert, scene.alert_id())
        ending.resolve(session, alert, resolution="seen_late", staff_id=None, entry_id=None, now=NOON + minutes(16))
    sent = claim(scene, NOON + minutes(16))
    assert {message.kind for message in sent} == {"over"}
    assert {message.topic for message in sent} == {first.topic}, "an alert's messages share one topic"
    assert len(scene.deliveries("called_off")) == 2


def test_over_never_overtakes_the_alert_that_is_on_its_way(scene: Scene) -> None:
    (on_its_way,) = claim(scene, NOON)
    with scene.database.transaction() as session:
        alert = session.get_one(Alert, scene.alert_id())
        ending.resolve(session, alert, resolution="seen_late", staff_id=None, entry_id=None, now=NOON + seconds(1))
    assert claim(scene, NOON + seconds(2)) == []
    record(scene, on_its_way, Delivered(201), NOON + seconds(3))
    assert [message.kind for message in claim(scene, NOON + seconds(4))] == ["over"]


def test_what_failed_and_then_ended_is_not_tried_again(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    with scene.database.transaction() as session:
        alert = session.get_one(Alert, scene.alert_id())
        ending.resolve(session, alert, resolution="seen_late", staff_id=None, entry_id=None, now=NOON + seconds(1))
    record(scene, message, Retry(None, "ReadTimeout", waited=True), NOON + seconds(10))
    assert [one.kind for one in claim(scene, NOON + minutes(1))] == ["over"]
    assert row(scene, message).state == "called_off"


def test_who_signs_out_before_it_is_sent_gets_nothing(scene: Scene) -> None:
    with scene.database.transaction() as session:
        for presence in session.scalars(select(DeviceStaff)):
            presence.signed_out_at = NOON
    assert claim(scene, NOON) == []
    assert [one.state for one in scene.deliveries()] == ["called_off"]


def test_what_nobody_wants_any_more_keeps_nothing_waiting_behind_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_LOOK_AHEAD", 2)
    scene.clients(scene.team_id, 3, due_at=NOON)  # type: ignore[attr-defined]
    scene.open(NOON + seconds(1))
    with scene.database.transaction() as session:
        for presence in session.scalars(select(DeviceStaff)):
            presence.signed_out_at = NOON
    hears = scene.person(scene.team_id, on="duty")  # type: ignore[attr-defined]
    scene.client(scene.team_id, due_at=NOON + seconds(2), primary=hears)  # type: ignore[attr-defined]
    scene.open(NOON + seconds(2))
    assert len(claim(scene, NOON + seconds(2))) == 1


def test_one_result_that_cannot_be_recorded_keeps_no_other_from_being(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.client(scene.team_id)  # type: ignore[attr-defined]
    scene.open(NOON + seconds(1))
    poisoned, fine = claim(scene, NOON + seconds(1))
    as_it_was = outcomes._record_one

    def stumble(session: object, row: Delivery, *rest: object) -> None:
        if row.id == poisoned.delivery_id:
            raise ValueError("a mistake of ours")
        as_it_was(session, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(outcomes, "_record_one", stumble)
    results = [Sent(poisoned, Gone(410), NOON), Sent(fine, Delivered(201), NOON)]
    with scene.database.transaction() as session:
        outcomes.record(session, results, NOON + seconds(2))
    assert (row(scene, poisoned).state, row(scene, fine).state) == ("pending", "handed_over")
    assert scene.count(OperatorAlarm) == 1


def test_a_slow_service_fills_its_own_lane_only(scene: Scene) -> None:
    for _ in range(delivery.PER_HOST + 4):
        scene.phone(scene.bob)  # type: ignore[attr-defined]
    elsewhere = scene.phone(scene.bob)  # type: ignore[attr-defined]
    with scene.database.transaction() as session:
        session.get_one(Subscription, elsewhere).endpoint = "http://127.0.0.1:8/push/elsewhere"
    scene.client(scene.team_id)  # type: ignore[attr-defined]
    scene.open(NOON + seconds(1))
    taken = claim(scene, NOON + seconds(1))
    by_host = [message.host for message in taken]
    assert by_host.count("127.0.0.1:9") == delivery.PER_HOST
    assert by_host.count("127.0.0.1:8") == 1
    busy = {("127.0.0.1:9", False): delivery.PER_HOST}
    assert claim(scene, NOON + seconds(1), busy=busy) == [], "its lane is full"


def test_a_subscription_that_keeps_us_waiting_goes_in_the_slow_lane_until_it_answers(scene: Scene) -> None:
    (message,) = claim(scene, NOON)
    record(scene, message, Retry(None, "ReadTimeout", waited=True), NOON)
    (again,) = claim(scene, NOON + minutes(1))
    assert again.slow
    assert claim(scene, NOON + minutes(1), busy={(again.host, True): delivery.PER_HOST_SLOW}) == []
    record(scene, again, Delivered(201), NOON + minutes(1))
    assert subscription(scene).slow_since_at is None


def test_no_more_is_claimed_than_there_is_room_for(scene: Scene) -> None:
    scene.clients(scene.team_id, 3, due_at=NOON)  # type: ignore[attr-defined]
    scene.open(NOON + seconds(1))
    assert len(claim(scene, NOON + seconds(1), room=2)) == 2
    assert len(claim(scene, NOON + seconds(1), room=99)) == 2

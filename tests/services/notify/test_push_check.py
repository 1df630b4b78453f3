"""The weekly check by a test push: to whom, when, and what it makes of a phone that does not show it."""

import datetime as dt
import threading
import uuid
from collections.abc import Collection

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.norway import at_wall_time
from fieldapp.models import Delivery, DeviceStaff, Notification, Staff, StaffTeam, Subscription
from fieldapp.queries.phones.push_health import silent_phones, silent_since
from fieldapp.services.notify import outcomes, push_check
from fieldapp.services.people import subscriptions
from tests._scene import NOON, Scene, minutes, seconds

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
MONDAY = NOON.date()
SATURDAY = MONDAY + dt.timedelta(days=5)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def oslo(hour: int, minute: int = 0, day: dt.date = MONDAY) -> dt.datetime:
    return at_wall_time(day, dt.time(hour, minute))


def check(scene: Scene, now: dt.datetime) -> int:
    with scene.database.transaction() as session:
        return push_check.check_quiet_phones(session, now)


def set_all(scene: Scene, **values: object) -> None:
    with scene.database.transaction() as session:
        session.execute(update(Subscription).values(**values))


def a_quiet_phone(scene: Scene, role: str = "fieldworker", *, duty_list: bool = False, **more: object) -> uuid.UUID:
    """A person whose phone was subscribed two weeks ago and has shown nothing since."""
    person: uuid.UUID = scene.person(scene.team(duty_list=duty_list), role, **more)
    set_all(scene, created_at=NOON - 2 * WEEK)
    return person


def told_by_a_test(scene: Scene) -> list[uuid.UUID | None]:
    with scene.database.reading() as session:
        return list(session.scalars(select(Notification.staff_id).where(Notification.kind == "test")))


def silent(scene: Scene, now: dt.datetime) -> Collection[dt.datetime]:
    with scene.database.reading() as session:
        found = silent_since(session, now)
        assert silent_phones(session, now) == len(found)
        return found.values()


def show_the_last_test(scene: Scene, at: dt.datetime) -> None:
    with scene.database.transaction() as session:
        newest = select(Delivery.id).join(Notification).order_by(Notification.created_at.desc()).limit(1)
        assert outcomes.receive(session, session.scalars(newest).one(), at)


def test_a_phone_without_a_receipt_for_a_week_gets_one_test_and_no_second_within_the_next(scene: Scene) -> None:
    bob = a_quiet_phone(scene)
    assert [check(scene, NOON + minutes(n)) for n in (0, 1, 60)] == [1, 0, 0]
    assert told_by_a_test(scene) == [bob]
    assert check(scene, NOON + WEEK) == 1


def test_a_receipt_is_proof_for_a_week(scene: Scene) -> None:
    a_quiet_phone(scene)
    set_all(scene, last_receipt_at=NOON - WEEK + minutes(1))
    assert check(scene, NOON) == 0
    assert check(scene, NOON + minutes(1)) == 1


def test_a_phone_that_just_subscribed_has_a_week_to_show_something(scene: Scene) -> None:
    scene.person(scene.team(duty_list=False))
    assert check(scene, NOON) == 0


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (oslo(8, 59), 0),
        (oslo(9), 1),
        (oslo(14, 59), 1),
        (oslo(15), 0),
        (oslo(12, day=SATURDAY), 0),
        (oslo(12, day=dt.date(2026, 12, 25)), 0),
    ],
)
@pytest.mark.engines("sqlite")
def test_without_a_duty_list_one_is_asked_in_working_hours_only(scene: Scene, now: dt.datetime, asked: int) -> None:
    a_quiet_phone(scene)
    assert check(scene, now) == asked


@pytest.mark.parametrize(
    ("now", "asked"), [(oslo(23), 0), (oslo(6, 59), 0), (oslo(7), 1), (oslo(22, 59), 1), (oslo(12, day=SATURDAY), 1)]
)
@pytest.mark.parametrize("on", ["duty", "backup"])
@pytest.mark.engines("sqlite")
def test_with_a_duty_list_one_is_asked_on_duty_at_any_waking_hour(
    scene: Scene, now: dt.datetime, asked: int, on: str
) -> None:
    bob = a_quiet_phone(scene, duty_list=True)
    with scene.database.reading() as session:
        team_id = session.scalars(select(StaffTeam.team_id)).one()
    scene.put_on(team_id, bob, on, now - minutes(60), now + minutes(60))
    assert check(scene, now) == asked


def test_off_duty_nobody_is_asked_but_the_leader_who_is_told_all_the_same(scene: Scene) -> None:
    a_quiet_phone(scene, duty_list=True)
    leader = a_quiet_phone(scene, "leader", duty_list=True)
    assert check(scene, NOON) == 1
    assert told_by_a_test(scene) == [leader]
    assert check(scene, oslo(15)) == 0


def test_a_phone_nobody_is_signed_in_on_and_the_ended_are_left_alone(scene: Scene) -> None:
    bob = a_quiet_phone(scene)
    set_all(scene, ended_at=NOON - DAY)
    assert check(scene, NOON) == 0
    set_all(scene, ended_at=None)
    with scene.database.transaction() as session:
        session.get_one(Staff, bob).ended_at = NOON - DAY
    assert check(scene, NOON) == 0


def test_they_are_spread_out_the_longest_without_proof_first(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    for _ in range(push_check.AT_A_TIME + 5):
        scene.person(team)
    set_all(scene, created_at=NOON - 2 * WEEK)
    oldest = scene.person(team)
    with scene.database.transaction() as session:
        endpoint = scene.phones[oldest][0].endpoint
        session.execute(
            update(Subscription).where(Subscription.endpoint == endpoint).values(created_at=NOON - 3 * WEEK)
        )
    assert check(scene, NOON) == push_check.AT_A_TIME
    assert oldest in told_by_a_test(scene)
    assert check(scene, NOON + minutes(1)) == 6


def test_a_shared_phone_is_asked_once(scene: Scene) -> None:
    a_quiet_phone(scene)
    with scene.database.reading() as session:
        device_id = session.scalars(select(Subscription.device_id)).one()
    other = scene.person(scene.team(duty_list=False), phone=False)
    with scene.database.transaction() as session:
        session.add(DeviceStaff(device_id=device_id, staff_id=other, signed_in_at=NOON - DAY))
    assert check(scene, NOON) == 1


def test_several_workers_at_once_ask_once(scene: Scene) -> None:
    for _ in range(5):
        a_quiet_phone(scene)
    counts: list[int] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        counts.append(check(scene, NOON))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 5
    assert len(told_by_a_test(scene)) == 5


def test_a_test_not_shown_within_a_day_makes_the_phone_silent_until_a_receipt(scene: Scene) -> None:
    a_quiet_phone(scene)
    check(scene, NOON)
    assert not silent(scene, NOON + DAY - seconds(1))
    assert list(silent(scene, NOON + DAY)) == [NOON]
    check(scene, NOON + WEEK)
    assert list(silent(scene, NOON + WEEK + minutes(1))) == [NOON], "asked again, it is as silent as before"
    show_the_last_test(scene, NOON + WEEK + minutes(2))
    assert not silent(scene, NOON + 2 * WEEK - minutes(1))


def test_a_test_that_was_shown_leaves_nothing_behind(scene: Scene) -> None:
    a_quiet_phone(scene)
    check(scene, NOON)
    show_the_last_test(scene, NOON + seconds(3))
    assert not silent(scene, NOON + 3 * DAY)
    assert check(scene, NOON + WEEK) == 0, "a receipt a moment later than the check is proof a moment longer"


def test_a_test_somebody_asked_for_is_a_check_too(scene: Scene) -> None:
    bob = a_quiet_phone(scene)
    with scene.database.transaction() as session:
        subscription_id = session.scalars(select(Subscription.id)).one()
        subscriptions.send_test(session, subscription_id, bob, NOON)
    assert check(scene, NOON + minutes(1)) == 0
    assert list(silent(scene, NOON + DAY)) == [NOON]


def test_a_clock_that_was_set_back_does_not_put_off_the_check(scene: Scene) -> None:
    a_quiet_phone(scene)
    set_all(scene, last_receipt_at=NOON + 300 * DAY, checked_at=NOON + 300 * DAY)
    assert check(scene, NOON) == 1

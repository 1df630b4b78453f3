"""A worker's tick: from a clock that runs out to a message on a phone, and when a tick is good."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from fieldapp.domain.operator_alarms import Alarm
from fieldapp.jobs import tasks
from fieldapp.models import FailedSignIn, Heartbeat, OperatorAlarm
from fieldapp.queries import health
from fieldapp.services import operator
from fieldapp.services.alerts import overdue
from sync.ids import uuid7
from tests._push_service import PushService
from tests._scene import NOON, Scene, minutes, seconds
from tests.jobs._tick import Tick


def test_a_clock_that_runs_out_ends_as_a_message_on_the_phone(scene: Scene, push: PushService, tick: Tick) -> None:
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.client(team)
    assert tick(NOON - seconds(1))
    assert push.messages() == []
    assert tick(NOON)
    (received,) = push.messages(scene.phones[bob][0])
    assert received.json["kind"] == "alert"
    assert received.json["notification"]["navigate"] == f"https://sett.example/felt/varsel/{scene.alert().id}"
    assert received.json["notification"]["tag"] == received.headers["topic"] == scene.alert().topic
    (sent,) = scene.deliveries()
    assert (sent.state, sent.id) == ("handed_over", received.json["notification_id"])


def test_when_every_phone_is_refused_the_ladder_is_climbed_within_one_tick(
    scene: Scene, push: PushService, tick: Tick
) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    leader = scene.person(team, "leader")
    scene.client(team)
    push.answer(410)
    push.answer(201, scene.phones[leader][0])
    tick(NOON)
    assert scene.alert().step == 2
    assert [one.json["kind"] for one in push.accepted()] == ["alert"]


def test_after_an_outage_each_client_is_alerted_once(scene: Scene, push: PushService, tick: Tick) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    clients = [scene.client(team, due_at=NOON + minutes(10 * n)) for n in range(3)]
    tick(NOON + minutes(240))
    tick(NOON + minutes(241))
    assert sorted(alert.client_id for alert in scene.alerts()) == sorted(clients)
    assert len(push.messages()) == 3


def test_a_good_tick_leaves_a_heartbeat_and_a_failed_one_does_not(
    scene: Scene, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tick(NOON)
    with scene.database.reading() as session:
        assert session.scalars(select(Heartbeat.ticked_at)).all() == [NOON]
        assert health.alerting_ok(session, NOON + seconds(60))
        assert not health.alerting_ok(session, NOON + seconds(61))
    monkeypatch.setattr(overdue, "any_overdue", away)
    assert not tick(NOON + seconds(5))
    with scene.database.reading() as session:
        assert session.scalars(select(Heartbeat.ticked_at)).all() == [NOON]


def test_a_stage_that_fails_does_not_keep_the_next_from_being_tried(
    scene: Scene, push: PushService, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team)
    scene.open(NOON)
    monkeypatch.setattr(overdue, "any_overdue", away)
    assert not tick(NOON)
    assert len(push.messages()) == 1


def away(*_: object) -> None:
    raise OperationalError("SELECT", {}, Exception("server closed the connection"))


@pytest.mark.engines("sqlite")
def test_the_small_jobs_forget_old_sign_ins_and_clear_quiet_alarms(scene: Scene) -> None:
    with scene.database.transaction() as session:
        for age in (1, 60 * 48):
            session.add(FailedSignIn(username="bob", address="::1", at=NOON - minutes(age)))
        operator.quarantine(session, Alarm.CLIENT_ASIDE, uuid7(), RuntimeError(), NOON - minutes(11))
    for job in tasks.JOBS:
        tasks.run_job(scene.database, job, NOON)
    assert scene.count(FailedSignIn) == 1
    with scene.database.reading() as session:
        assert session.scalars(select(OperatorAlarm.cleared_at)).all() == [NOON]

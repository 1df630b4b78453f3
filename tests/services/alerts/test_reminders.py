"""Lines on I dag that never ring: an absence to ask about, a deadline."""

import datetime as dt

import pytest
from sqlalchemy import select

from fieldapp.models import OperatorAlarm
from fieldapp.services.alerts import reminders
from sync.ids import uuid7
from tests._push_service import PushService
from tests._world import World


@pytest.fixture
def kinds(world: World, push_service: PushService):  # type: ignore[no-untyped-def]
    """`kinds(person)`: tick, and list the alerts of the person by kind and state; no phone may ring."""

    def read(person):  # type: ignore[no-untyped-def]
        world.tick()
        person.sign_in()
        assert {message.json["kind"] for message in push_service.messages()} <= {"digest"}
        return [(alert["kind"], alert["state"]) for alert in person.alerts()]

    return read


def away(person, client, **body):  # type: ignore[no-untyped-def]
    absence_id = str(uuid7())
    person.log("absence_started", {"absence_id": absence_id, "kind": "admitted", **body}, client=client)
    return absence_id


@pytest.fixture
def mona(world: World, push_service: PushService):  # type: ignore[no-untyped-def]
    person = world.staff("leader", world.team(), name="Mona")
    person.subscribe(push_service)
    return person


@pytest.mark.parametrize(("expected", "days"), [({}, 7), ({"expected_end_on": "2126-12-01"}, 30)])
def test_an_absence_without_an_end_is_asked_about_every_week_and_one_mistyped_by_a_century_every_month(
    world, mona, kinds, expected, days
):
    kjell = mona.register("Kjell", watch={"mode": "interval"})
    absence_id = away(mona, kjell, **expected)
    world.clock.shift(days=days, hours=-1)
    assert kinds(mona) == []
    world.clock.shift(hours=2)
    assert kinds(mona) == [("absence_overdue", "open")]
    mona.log("absence_confirmed", {"absence_id": absence_id, "confirmed_with": "Avdeling 3"}, client=kjell)
    assert kinds(mona) == []
    world.clock.shift(days=days, hours=1)
    assert kinds(mona) == [("absence_overdue", "open")]
    end = (world.clock.now() + dt.timedelta(days=3)).isoformat()
    mona.log("absence_confirmed", {"absence_id": absence_id, "expected_end_at": end}, client=kjell)
    assert kinds(mona) == []
    world.clock.shift(days=3, hours=1)
    assert kinds(mona) == [("absence_overdue", "open")]
    mona.log("absence_ended", {"absence_id": absence_id}, client=kjell)
    assert kinds(mona) == []


def test_one_line_that_cannot_be_opened_is_quarantined_and_the_others_are_opened(world, mona, kinds, monkeypatch):
    kjell, berit = mona.register("Kjell"), mona.register("Berit")
    end = (world.clock.now() + dt.timedelta(minutes=5)).isoformat()
    poisoned = away(mona, kjell, expected_end_at=end)
    away(mona, berit, expected_end_at=end)
    world.clock.shift(minutes=6)
    row_of = reminders._row

    def stumble(line, *rest):  # type: ignore[no-untyped-def]
        if str(line.subject_id) == poisoned:
            raise ValueError("poisoned")
        return row_of(line, *rest)

    monkeypatch.setattr(reminders, "_row", stumble)
    assert kinds(mona) == [("absence_overdue", "open")]
    with world.database.reading() as session:
        (alarm,) = session.scalars(select(OperatorAlarm))
    assert (alarm.code, str(alarm.subject_id), alarm.detail) == ("line_aside", poisoned, "ValueError")
    monkeypatch.undo()
    world.clock.shift(minutes=2)
    assert kinds(mona) == [("absence_overdue", "open")] * 2


def test_an_absence_past_its_end_is_asked_about_once_and_a_new_end_answers(world, mona, kinds):
    kjell = mona.register("Kjell", watch={"mode": "interval", "interval_minutes": 20_000})
    end = (world.clock.now() + dt.timedelta(days=2)).isoformat()
    absence_id = away(mona, kjell, expected_end_at=end)
    world.clock.shift(days=2, minutes=1)
    assert kinds(mona) == kinds(mona) == [("absence_overdue", "open")]
    later = (world.clock.now() + dt.timedelta(days=3)).isoformat()
    confirmed = mona.log("absence_confirmed", {"absence_id": absence_id, "expected_end_at": later}, client=kjell)
    assert kinds(mona) == []
    mona.log("entry_corrected", {"entry_id": confirmed["id"], "what": "retracted", "reason": "angret"})
    assert kinds(mona) == [("absence_overdue", "open")]


def test_a_deadline_is_a_line_from_the_morning_of_its_day_until_it_is_moved_or_met(world, mona, kinds):
    kjell, case_id = mona.register("Kjell", watch={"mode": "off"}), str(uuid7())
    tomorrow = (world.clock.now() + dt.timedelta(days=1)).date().isoformat()
    mona.log("rent_problem_reported", {"deadline_on": tomorrow}, client=kjell, case=case_id)
    assert kinds(mona) == []
    world.clock.shift(days=1)
    assert kinds(mona) == [("case_deadline", "open")]
    assert next(one for one in mona.pull().values() if one.get("kind") == "case_deadline")["case_id"] == case_id
    next_week = (world.clock.now() + dt.timedelta(days=7)).date().isoformat()
    mona.log("rent_problem_updated", {"deadline_on": next_week}, client=kjell, case=case_id)
    assert kinds(mona) == []
    world.clock.shift(days=8)
    assert kinds(mona) == [("case_deadline", "open")]
    mona.log("rent_problem_updated", {"status": "resolved"}, client=kjell, case=case_id)
    assert kinds(mona) == []


def test_a_line_of_a_closed_team_waits_until_it_opens_and_stands_with_nobody_told(world, mona, kinds):
    (team,) = mona.teams
    mona.log("team_hours_set", {"team_id": team.id, "hours": {"tue": [["08:00", "15:00"]]}, "when_closed": "wait"})
    kjell = mona.register("Kjell", watch={"mode": "off"})
    away(mona, kjell, expected_end_at=(world.clock.now() + dt.timedelta(minutes=1)).isoformat())
    world.clock.shift(minutes=2)
    assert kinds(mona) == [("absence_overdue", "waiting")]
    world.clock.shift(days=1)
    assert kinds(mona) == [("absence_overdue", "open")]

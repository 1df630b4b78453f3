"""Climbing: step by step until a named human has taken it, at once past those who cannot be reached."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import event, select, update

from fieldapp.db import Database
from fieldapp.models import Alert, ClientTeam, Notification, OperatorAlarm, StaffTeam, Team, Watch
from fieldapp.services.alerts import escalation, lifecycle
from fieldapp.services.alerts.recipients import TeamsNow
from sync.ids import uuid7
from tests._scene import NOON, Scene, minutes, seconds
from tests.services._house import EVENING, House, climb_with_receipts, office_hours, open_and_show


def test_the_ladder_climbs_at_15_30_and_45_minutes_and_again_30_minutes_later(house: House) -> None:
    open_and_show(house)
    climb_with_receipts(house, 14)
    assert house.told() == [house.primary]
    climb_with_receipts(house, 15)
    assert set(house.told(step=1)) == {house.primary, house.colleague}
    climb_with_receipts(house, 30)
    assert house.told(step=2) == [house.leader]
    climb_with_receipts(house, 45)
    assert house.told(step=3) == [house.backup]
    climb_with_receipts(house, 74)
    assert house.alert().round == 1
    climb_with_receipts(house, 75)
    assert (house.alert().round, house.alert().step) == (2, 0)
    assert house.told(step=0, round=2) == [house.primary]
    climb_with_receipts(house, 90)
    assert set(house.told(step=1, round=2)) == {house.primary, house.colleague}


def test_each_person_is_told_once_a_step_however_often_the_workers_look(house: House) -> None:
    open_and_show(house)
    for _ in range(3):
        house.climb(NOON + minutes(15))
    assert len(house.told()) == 3


def test_no_receipt_within_two_minutes_starts_the_next_step_at_once(house: House) -> None:
    house.tick(NOON)
    house.climb(NOON + seconds(119))
    assert house.alert().step == 0
    house.climb(NOON + seconds(120))
    assert house.alert().step == 1


def test_handed_over_to_the_push_service_is_not_reached(house: House) -> None:
    house.tick(NOON)
    house.answer(house.primary, "handed_over")
    house.climb(NOON + minutes(2))
    assert house.alert().step == 1


def test_one_reached_person_is_enough_for_the_step_to_last_its_time(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(15))
    house.receipt(house.colleague, NOON + minutes(16))
    house.climb(NOON + minutes(17))
    house.climb(NOON + minutes(29))
    assert house.alert().step == 1
    house.climb(NOON + minutes(30))
    assert house.alert().step == 2


def test_refused_by_every_subscription_starts_the_next_step_at_once(house: House) -> None:
    house.tick(NOON)
    house.answer(house.primary, "unreachable")
    with house.database.transaction() as session:
        session.get_one(Alert, house.alert().id).next_at = NOON + seconds(3)  # what recording the refusal does
    house.climb(NOON + seconds(3))
    assert house.alert().step == 1


def test_when_nobody_has_a_phone_the_whole_ladder_is_climbed_at_once_and_then_waits_for_its_round(
    database: Database,
) -> None:
    scene = Scene(database)
    team = scene.team()
    scene.person(team, on="duty", phone=False)
    scene.person(team, "leader", phone=False)
    scene.client(team)
    scene.tick(NOON)
    alert = scene.alert()
    assert (alert.step, alert.round, alert.next_at) == (3, 1, NOON + minutes(30))
    assert len(scene.told()) == 3, "they are on the screen as told, even without a phone"
    scene.climb(NOON + minutes(29))
    assert scene.alert().round == 1
    scene.climb(NOON + minutes(30))
    assert scene.alert().round == 2


def test_nobody_on_duty_means_the_leader_at_once(database: Database) -> None:
    scene = Scene(database)
    team = scene.team()
    scene.person(team)
    leader = scene.person(team, "leader")
    scene.client(team)
    scene.tick(NOON)
    assert (scene.alert().step, scene.told()) == (2, [leader])


def test_after_an_outage_minutes_count_from_when_it_became_open_and_every_step_is_told(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(40))
    assert house.alert().step == 2
    assert set(house.told(step=1)) == {house.primary, house.colleague}
    assert house.told(step=2) == [house.leader]


def test_an_alert_opened_late_climbs_from_when_it_was_opened(house: House) -> None:
    house.tick(NOON + minutes(240))
    house.receipt(house.primary, NOON + minutes(240))
    house.climb(NOON + minutes(254))
    assert house.alert().step == 0
    house.climb(NOON + minutes(255))
    assert house.alert().step == 1


def test_a_team_with_its_own_times_climbs_by_them(database: Database) -> None:
    scene = Scene(database)
    team = scene.team(escalation=(0, 0.05, 0.1, 0.15))
    bob = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    assert scene.alert().next_at == NOON + seconds(3)
    scene.receipt(bob, NOON + seconds(1))
    scene.climb(NOON + seconds(3))
    assert scene.alert().step == 1


def test_a_crisis_tells_everyone_on_duty_and_the_leader_then_the_backup(house: House) -> None:
    opened(house, "crisis")
    assert set(house.told(step=0)) == {house.primary, house.colleague, house.leader}
    with house.database.reading() as session:
        assert set(session.scalars(select(Notification.kind))) == {"crisis"}
    house.receipt(house.leader, NOON)
    house.climb(NOON + minutes(30))
    assert house.alert().step == 0
    house.climb(NOON + minutes(45))
    assert (house.alert().step, house.told(step=3)) == (3, [house.backup])


def test_a_concern_climbs_as_a_clock_that_has_run_out(house: House) -> None:
    opened(house, "concern")
    assert house.told(step=0) == [house.primary]
    house.receipt(house.primary, NOON)
    house.climb(NOON + minutes(15))
    assert house.alert().step == 1


def test_one_poisoned_alert_is_quarantined_and_the_others_climb(house: House) -> None:
    open_and_show(house)
    ill = house.team()
    house.person(ill, on="duty")
    house.client(ill, due_at=NOON)
    house.open(NOON)
    with house.database.transaction() as session:
        session.get_one(Team, ill).escalation = ["ikke et tall"]
    house.climb(NOON + minutes(15))
    by_team = {alert.team_id: alert for alert in house.alerts()}
    assert by_team[house.team_id].step == 1
    assert (by_team[ill].step, by_team[ill].next_at) == (0, NOON + minutes(16))
    with house.database.reading() as session:
        (alarm,) = session.scalars(select(OperatorAlarm)).all()
    assert (alarm.code, alarm.subject_id) == ("alert_aside", by_team[ill].id)


def test_a_poisoned_alert_among_many_delays_none_of_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "ONE_BY_ONE", 3)
    clients = house.clients(house.team_id, 7, due_at=NOON - minutes(1), primary=house.primary)
    open_and_show(house)
    with house.database.transaction() as session:
        session.execute(update(Alert).where(Alert.client_id == clients[0]).values(kind="unknown"))
    while house.climb(NOON + minutes(15)):
        pass
    steps = {alert.client_id: alert.step for alert in house.alerts()}
    assert steps == {house.client_id: 1} | dict.fromkeys(clients, 1) | {clients[0]: 0}
    assert len(house.told(step=1)) == 7 * 2


def test_many_climb_with_as_few_questions_to_the_database_as_some(house: House) -> None:
    asked = [questions_to_climb(house, count, NOON + minutes(start)) for count, start in ((5, 60), (40, 120))]
    assert asked[0] == asked[1]


def test_a_worry_stays_with_its_team_when_the_watch_of_the_same_client_is_handed_over(house: House) -> None:
    opened(house, "concern")
    house.open(NOON)
    night = house.team()
    house.person(night, on="duty")
    handed = {"handed_to_team_id": night, "handed_from_at": NOON, "handed_until_at": NOON + minutes(600)}
    with house.database.transaction() as session:
        session.execute(update(Watch).values(handed))
    house.climb(NOON + minutes(2))
    assert {alert.kind: alert.team_id for alert in house.alerts()} == {"concern": house.team_id, "not_seen": night}


def test_a_call_for_help_rings_the_colleagues_of_a_closed_team_without_a_duty_list_too(house: House) -> None:
    team = house.team(duty_list=False)
    asks, colleague, leader = house.person(team), house.person(team), house.person(team, "leader")
    office_hours(house, team, "wait")
    opened(house, "staff_help", team, EVENING, staff_id=asks)
    assert sorted(house.told(step=0)) == sorted([colleague, leader])


def test_who_is_on_duty_in_the_team_handed_to_is_told_as_that_though_in_both_teams(house: House) -> None:
    night, day = house.team(), house.team()
    both, leader = house.person(night, on="duty"), house.person(day, "leader")
    client = house.client(day, due_at=NOON + minutes(6000))
    with house.database.transaction() as session:
        session.add(StaffTeam(staff_id=both, team_id=day))
        session.add(ClientTeam(client_id=client, team_id=night, from_on=NOON.date(), active=True))
    office_hours(house, day, "hand_over", night)
    opened(house, "concern", day, EVENING, client_id=client)
    assert house.told(step=0) == [both]
    house.climb(EVENING + minutes(2))
    house.climb(EVENING + minutes(4))
    assert leader in house.told(step=2)


def test_times_of_teams_are_read_once_a_moment(house: House) -> None:
    with house.database.reading() as session:
        teams = TeamsNow(session, NOON)
        assert teams.times(house.team_id) is teams.times(house.team_id)


def opened(
    house: House,
    kind: str,
    team_id: uuid.UUID | None = None,
    now: dt.datetime = NOON,
    *,
    client_id: uuid.UUID | None = None,
    staff_id: uuid.UUID | None = None,
) -> None:
    """About the house's client and for its team, unless another is named, or a colleague."""
    if client_id is None and staff_id is None:
        client_id = house.client_id
    with house.database.transaction() as session:
        alert = lifecycle.open_alert(
            session,
            lifecycle.Subject(
                kind=kind,
                subject_id=uuid7(),
                client_id=client_id,
                team_id=team_id or house.team_id,
                episode=uuid7(),
                due_at=now,
                staff_id=staff_id,
            ),
            now,
        )
        assert alert is not None


def questions_to_climb(house: House, count: int, at: dt.datetime) -> int:
    """How many SELECTs it takes for this many new alerts to begin the steps in which nobody can be reached."""
    with house.database.transaction() as session:
        session.execute(update(Watch).values(due_at=None))
        session.execute(update(Alert).values(state="resolved"))
    house.clients(house.team_id, count, due_at=at, primary=house.primary)
    assert house.open(at + seconds(1)) == count
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    assert house.climb(at + minutes(2) + seconds(1)) == count
    event.remove(house.database.engine, "before_cursor_execute", note)
    return sum(one.startswith("SELECT") for one in asked)

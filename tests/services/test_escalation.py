"""Climbing: step by step until a named human has taken it, at once past those who cannot be reached."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.models import Alert, AlertTransition, EntryState, Notification, OperatorAlarm, Team, Watch
from fieldapp.models.alert import HANDED_STEP, OVER_STEP
from fieldapp.services import alerts
from fieldapp.services.teams_now import TeamsNow
from sync.ids import uuid7
from tests._scene import NOON, Scene, minutes, seconds


@dataclass
class House(Scene):
    """A primary contact and a colleague on duty, a leader off duty, one on backup; and one overdue client."""

    def furnish(self) -> "House":
        self.team_id = self.team()
        self.primary = self.person(self.team_id, on="duty")
        self.colleague = self.person(self.team_id, on="duty")
        self.leader = self.person(self.team_id, "leader")
        self.backup = self.person(self.team_id, on="backup")
        self.client_id = self.client(self.team_id, primary=self.primary)
        return self


@pytest.fixture
def house(database: Database) -> House:
    return House(database).furnish()


def open_and_show(house: House) -> None:
    house.tick(NOON)
    house.receipt(house.primary, NOON + seconds(5))


def climb_with_receipts(house: House, until: float) -> None:
    """Every minute a tick, every phone showing what it was sent."""
    for minute in range(1, int(until) + 1):
        now = NOON + minutes(minute)
        house.climb(now)
        for person in (house.primary, house.colleague, house.leader, house.backup):
            house.receipt(person, now)


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


def test_an_acknowledgement_stops_the_ladder_for_an_hour_from_its_clock_time(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10), clock_at=NOON + minutes(8))
    alert = house.alert()
    assert (alert.state, alert.owner_id, alert.next_at) == ("acknowledged", house.primary, NOON + minutes(68))
    house.climb(NOON + minutes(67))
    assert house.alert().state == "acknowledged"
    house.climb(NOON + minutes(68))
    alert = house.alert()
    assert (alert.state, alert.owner_id, alert.step, alert.round) == ("open", None, 0, 2)
    assert house.told(step=0, round=2) == [house.primary], "it climbs again from that step"
    house.receipt(house.primary, NOON + minutes(68))
    house.climb(NOON + minutes(83))
    assert house.alert().step == 1


def test_an_acknowledgement_that_ran_out_before_it_arrived_is_history_and_stops_nothing(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(61), clock_at=NOON + minutes(1))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert events(house)[-1] == "came_late"


def test_of_those_who_took_it_the_earliest_clock_time_owns_it_and_then_the_next(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.colleague, NOON + minutes(20), clock_at=NOON + minutes(20))
    house.acknowledge(house.primary, NOON + minutes(21), clock_at=NOON + minutes(5))
    assert house.alert().owner_id == house.primary
    house.climb(NOON + minutes(65))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.colleague)
    house.climb(NOON + minutes(80))
    assert house.alert().state == "open"


def test_an_owner_whose_duty_ends_loses_it_and_it_climbs_at_once(database: Database) -> None:
    scene = Scene(database)
    team = scene.team()
    mona = scene.person(team)
    scene.put_on(team, mona, "duty", NOON - minutes(60), NOON + minutes(20))
    night = scene.person(team, on="duty")
    scene.client(team)
    scene.tick(NOON)
    scene.acknowledge(mona, NOON + minutes(1))
    scene.climb(NOON + minutes(19))
    assert scene.alert().owner_id == mona
    scene.climb(NOON + minutes(20))
    assert (scene.alert().state, scene.alert().owner_id) == ("open", None)
    assert scene.told(round=2) == [night]


def test_angre_of_an_acknowledgement_gives_it_to_the_next_or_lets_it_climb(house: House) -> None:
    open_and_show(house)
    first = house.acknowledge(house.primary, NOON + minutes(3))
    second = house.acknowledge(house.colleague, NOON + minutes(4))
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        alerts.retract_hold(session, alert, entry_id=first, now=NOON + minutes(5))
    assert house.alert().owner_id == house.colleague
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        alerts.retract_hold(session, alert, entry_id=second, now=NOON + minutes(6))
    assert (house.alert().state, house.alert().owner_id) == ("open", None)


@pytest.mark.parametrize(
    ("role", "asked", "given"), [("fieldworker", 600, 240), ("leader", 600, 600), ("leader", 2000, 1440)]
)
def test_a_snooze_lasts_at_most_four_hours_and_a_leaders_a_day(
    house: House, role: str, asked: float, given: float
) -> None:
    open_and_show(house)
    who = house.leader if role == "leader" else house.primary
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        alerts.snooze(
            session, alert, staff_id=who, entry_id=uuid7(), clock_at=NOON, until=NOON + minutes(asked),
            reason="Han er på tur", now=NOON + minutes(1),
        )  # fmt: skip
    assert (house.alert().state, house.alert().next_at) == ("snoozed", NOON + minutes(given))
    house.climb(NOON + minutes(given))
    assert house.alert().state == "open"


def test_a_hand_over_tells_the_named_person_and_climbs_until_they_take_it(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10))
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        alerts.hand_over(
            session, alert, from_staff_id=house.primary, to_staff_id=house.colleague, entry_id=uuid7(),
            now=NOON + minutes(20),
        )  # fmt: skip
    assert (house.alert().state, house.alert().owner_id) == ("open", None)
    assert house.told(step=HANDED_STEP) == [house.colleague]
    house.receipt(house.colleague, NOON + minutes(20))
    house.climb(NOON + minutes(34))
    assert house.alert().step == 0
    house.climb(NOON + minutes(35))
    assert house.alert().step == 1
    house.acknowledge(house.colleague, NOON + minutes(36))
    assert house.alert().owner_id == house.colleague


def test_a_hand_over_to_someone_who_cannot_be_reached_climbs_at_once(house: House) -> None:
    absent = house.person(house.team_id, phone=False)
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(10))
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert().id)
        alerts.hand_over(
            session, alert, from_staff_id=house.primary, to_staff_id=absent, entry_id=uuid7(), now=NOON + minutes(20)
        )
    assert (house.alert().state, house.alert().step) == ("open", 1)


def test_the_end_is_told_to_those_who_were_told_less_its_author(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(15))
    house.receipt(house.primary, NOON + minutes(15))
    house.receipt(house.colleague, NOON + minutes(15))
    resolve(house, by=house.colleague)
    assert house.told(step=OVER_STEP) == [house.primary]


def test_who_was_not_sent_anything_yet_is_not_told_that_it_is_over(house: House) -> None:
    house.tick(NOON)
    resolve(house, by=None)
    assert house.told(step=OVER_STEP) == []
    assert [row.state for row in house.deliveries()] == ["called_off"]


def test_a_death_is_pushed_to_nobody(house: House) -> None:
    open_and_show(house)
    with house.database.transaction() as session:
        watch = session.get_one(Watch, house.client_id)
        watch.due_at = None
        alerts.settle_not_seen(
            session, watch, resolution_if_ended="died", contact_at=None, staff_id=house.leader, entry_id=uuid7(),
            now=NOON + minutes(5),
        )  # fmt: skip
    assert house.alerts()[0].resolution == "died"
    assert house.told(step=OVER_STEP) == []


@pytest.mark.parametrize(("after_due", "resolution"), [(-10, "seen_in_time"), (0, "seen_in_time"), (1, "seen_late")])
def test_a_contact_ends_it_in_time_or_late(house: House, after_due: float, resolution: str) -> None:
    open_and_show(house)
    settle(house, due_in=600, contact_at=NOON + minutes(after_due))
    assert house.alerts()[0].resolution == resolution


def test_a_contact_that_leaves_the_clock_run_out_leaves_the_alert_with_owner_and_step(house: House) -> None:
    open_and_show(house)
    house.acknowledge(house.primary, NOON + minutes(2))
    settle(house, due_in=-1, contact_at=NOON - minutes(5))
    assert (house.alert().state, house.alert().owner_id) == ("acknowledged", house.primary)


def test_however_a_not_seen_alert_ends_a_clock_still_run_out_alerts_again(house: House) -> None:
    """The invariant: no way of ending it leaves a silent client."""
    open_and_show(house)
    resolve(house, by=house.primary)
    house.tick(NOON + minutes(10))
    assert house.alert().state == "open"


def test_a_resolved_alert_takes_acknowledgements_as_history(house: House) -> None:
    open_and_show(house)
    alert_id = house.alert().id
    resolve(house, by=house.primary)
    with house.database.transaction() as session:
        alerts.acknowledge(
            session, session.get_one(Alert, alert_id), staff_id=house.colleague, entry_id=uuid7(), clock_at=NOON,
            now=NOON + minutes(6),
        )  # fmt: skip
    assert house.alerts()[0].state == "resolved"
    assert events(house)[-1] == "came_late"


def test_one_poisoned_alert_is_put_aside_and_the_others_climb(house: House) -> None:
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


def test_every_change_is_a_row(house: House) -> None:
    open_and_show(house)
    house.climb(NOON + minutes(15))
    house.acknowledge(house.colleague, NOON + minutes(16))
    house.climb(NOON + minutes(76))
    resolve(house, by=house.primary, at=80)
    assert events(house) == ["opened", "step_began", "acknowledged", "hold_ran_out", "step_began", "resolved"]


def test_a_struck_acknowledgement_holds_nothing_after_recomputing(house: House) -> None:
    open_and_show(house)
    entry_id = house.acknowledge(house.primary, NOON + minutes(3))
    with house.database.transaction() as session:
        entry = house._registration(house.client_id, house.team_id, house.primary)
        entry.id = entry_id
        session.add(entry)
        session.flush()
        session.add(
            EntryState(
                entry_id=entry_id, client_id=house.client_id, body={}, degree="none", contact_at=NOON, struck_by=uuid7()
            )
        )
        session.flush()
        alerts.recompute_holds(session, house.alert_id(), NOON + minutes(4))
    assert house.alert().state == "open"


def test_times_of_teams_are_read_once_a_moment(house: House) -> None:
    with house.database.reading() as session:
        teams = TeamsNow(session, NOON)
        assert teams.times(house.team_id) is teams.times(house.team_id)


def opened(house: House, kind: str) -> None:
    with house.database.transaction() as session:
        alert = alerts.open_alert(
            session, kind=kind, subject_id=uuid7(), client_id=house.client_id, team_id=house.team_id,
            episode=uuid7(), due_at=NOON, now=NOON,
        )  # fmt: skip
        assert alert is not None


def resolve(house: House, *, by: uuid.UUID | None, at: float = 5) -> None:
    with house.database.transaction() as session:
        alert = session.get_one(Alert, house.alert_id())
        alerts.resolve(session, alert, resolution="other", staff_id=by, entry_id=uuid7(), now=NOON + minutes(at))


def settle(house: House, *, due_in: float, contact_at: dt.datetime) -> None:
    now = NOON + minutes(5)
    with house.database.transaction() as session:
        watch = session.get_one(Watch, house.client_id)
        watch.due_at = now + minutes(due_in)
        alerts.settle_not_seen(
            session, watch, resolution_if_ended="other", contact_at=contact_at, staff_id=house.primary,
            entry_id=uuid7(), now=now,
        )  # fmt: skip


def events(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(AlertTransition.event).order_by(AlertTransition.id)))

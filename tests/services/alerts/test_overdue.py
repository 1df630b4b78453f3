"""Opening: one alert for each clock that has run out, its first notifications with it, nobody delayed by another."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from fieldapp.db import Database
from fieldapp.models import (
    Alert,
    AlertTransition,
    Change,
    Delivery,
    DeviceStaff,
    Notification,
    OperatorAlarm,
    Subscription,
    Team,
)
from fieldapp.services.alerts import ending, ladder_steps, lifecycle, overdue
from tests._scene import NOON, Scene, minutes, seconds


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_clock_that_has_run_out_gets_one_alert_with_its_first_notifications(scene: Scene) -> None:
    team = scene.team()
    bob = scene.person(team, on="duty")
    client = scene.client(team, due_at=NOON)

    assert scene.open(NOON) == 1

    alert = scene.alert()
    assert (alert.kind, alert.subject_id, alert.client_id, alert.team_id) == ("not_seen", client, client, team)
    assert (alert.state, alert.step, alert.due_at, alert.opened_at) == ("open", 0, NOON, NOON)
    assert scene.told(step=0) == [bob]
    assert [row.state for row in scene.deliveries()] == ["pending"]
    with scene.database.reading() as session:
        (transition,) = session.scalars(select(AlertTransition)).all()
        assert (transition.event, transition.from_state, transition.to_state) == ("opened", None, "open")
        assert session.scalar(select(Change.kind).where(Change.subject_id == alert.id)) == "alert"


def test_opening_again_opens_nothing(scene: Scene) -> None:
    team = scene.team()
    scene.client(team, due_at=NOON)
    assert [scene.open(NOON), scene.open(NOON + seconds(1))] == [1, 0]
    assert len(scene.alerts()) == 1


def test_a_clock_that_runs_out_later_is_left_alone(scene: Scene) -> None:
    scene.client(scene.team(), due_at=NOON + seconds(1))
    assert scene.open(NOON) == 0


def test_the_index_refuses_a_second_unresolved_alert_even_from_a_worker_that_did_not_look(scene: Scene) -> None:
    team = scene.team()
    client = scene.client(team)
    scene.open(NOON)
    with scene.database.transaction() as session:
        again = lifecycle.open_alert(
            session,
            lifecycle.Subject(
                kind="not_seen",
                subject_id=client,
                client_id=client,
                team_id=team,
                episode=uuid.uuid4(),
                due_at=NOON,
            ),
            NOON,
        )
    assert again is None
    assert len(scene.alerts()) == 1


def test_the_episode_does_not_dedupe_so_an_angre_can_alert_again(scene: Scene) -> None:
    team = scene.team()
    client = scene.client(team)
    scene.open(NOON)
    with scene.database.transaction() as session:
        ending.resolve(
            session, session.get_one(Alert, scene.alert().id), resolution="seen_late", staff_id=None, entry_id=None,
            now=NOON + minutes(1),
        )  # fmt: skip
    scene.set_due(client, NOON)
    assert scene.open(NOON + minutes(2)) == 1
    first, second = scene.alerts()
    assert first.episode == second.episode


def test_the_most_overdue_are_opened_first_when_there_are_more_than_one_transaction_takes(scene: Scene) -> None:
    team = scene.team()
    late = scene.clients(team, 3, due_at=NOON - minutes(5))
    scene.clients(team, 3, due_at=NOON - minutes(1))
    with scene.database.transaction() as session:
        assert overdue.open_overdue(session, NOON, limit=3) == 3
    assert {alert.client_id for alert in scene.alerts()} == set(late)


def test_a_crash_before_the_commit_leaves_neither_alert_nor_notification(scene: Scene) -> None:
    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team)
    with pytest.raises(RuntimeError, match="power cut"), scene.database.transaction() as session:
        overdue.open_overdue(session, NOON)
        raise RuntimeError("power cut")
    assert [scene.count(model) for model in (Alert, AlertTransition, Notification, Delivery)] == [0, 0, 0, 0]
    scene.open(NOON)
    assert [scene.count(model) for model in (Alert, AlertTransition, Notification, Delivery)] == [1, 1, 1, 1]


def test_the_primary_contact_on_duty_is_told_alone_otherwise_everyone_on_duty(scene: Scene) -> None:
    team = scene.team()
    primary, other = scene.person(team, on="duty"), scene.person(team, on="duty")
    off_duty = scene.person(team)
    scene.client(team, primary=primary)
    scene.open(NOON)
    assert scene.told(step=0) == [primary]
    scene.client(team, primary=off_duty)
    scene.open(NOON + seconds(1))
    assert set(scene.told(step=0)[1:]) == {primary, other}


def test_a_team_that_never_made_a_duty_list_has_its_fieldworkers_and_leaders_on_duty(scene: Scene) -> None:
    team = scene.team(duty_list=False)
    told = {scene.person(team), scene.person(team, "leader")}
    for role in ("peer", "landlord", "privacy", "admin"):
        scene.person(team, role)
    scene.client(team)
    scene.open(NOON)
    assert set(scene.told()) == told


def test_a_person_gets_it_on_every_phone_where_they_have_not_signed_out(scene: Scene) -> None:
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.phone(bob)
    left = scene.phone(bob)
    with scene.database.transaction() as session:
        device = session.get_one(Subscription, left).device_id
        session.get_one(DeviceStaff, (device, bob)).signed_out_at = NOON - minutes(5)
    scene.client(team)
    scene.open(NOON)
    assert scene.told() == [bob]
    assert len(scene.deliveries()) == 2
    assert left not in {row.subscription_id for row in scene.deliveries()}


def test_one_poisoned_client_is_quarantined_for_a_minute_and_delays_no_other(scene: Scene) -> None:
    well, ill = scene.team(), scene.team()
    scene.person(well, on="duty")
    with scene.database.transaction() as session:
        session.get_one(Team, ill).escalation = ["ikke et tall"]
    scene.person(ill, on="duty")
    poisoned = scene.client(ill, due_at=NOON - minutes(9))
    fine = scene.clients(well, 4, due_at=NOON - minutes(1))

    scene.open(NOON)

    assert {alert.client_id for alert in scene.alerts()} == set(fine)
    with scene.database.reading() as session:
        (alarm,) = session.scalars(select(OperatorAlarm)).all()
    assert (alarm.code, alarm.subject_id, alarm.aside_until) == ("client_aside", poisoned, NOON + minutes(1))
    assert alarm.detail == "ValueError"
    assert scene.open(NOON + seconds(59)) == 0
    assert scene.open(NOON + seconds(60)) == 1, "tried again after a minute"
    with scene.database.transaction() as session:
        (alarm,) = session.scalars(select(OperatorAlarm)).all()
        assert alarm.count == 2
        session.get_one(Team, ill).escalation = [0, 15, 30, 45]
    assert scene.open(NOON + minutes(3)) == 1
    assert poisoned in {alert.client_id for alert in scene.alerts()}


def test_a_database_that_is_away_puts_nobody_aside(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("server closed the connection"))

    scene.client(scene.team())
    monkeypatch.setattr(overdue, "begin_batch", away)
    with pytest.raises(OperationalError):
        scene.open(NOON)
    monkeypatch.undo()
    assert scene.count(OperatorAlarm) == 0
    assert scene.open(NOON) == 1


@pytest.mark.parametrize("hours", [23, 24, 25])
def test_a_day_is_24_elapsed_hours_over_both_changes_of_the_clock(scene: Scene, hours: int) -> None:
    """What is stored is an instant: whatever the wall clock did in between, the alert opens at that instant."""
    seen_at = dt.datetime(2026, 10, 24, 22, 0, tzinfo=dt.UTC)
    client = scene.client(scene.team(), due_at=seen_at + dt.timedelta(hours=24))
    opened = scene.open(seen_at + dt.timedelta(hours=hours))
    assert opened == (1 if hours >= 24 else 0)
    assert client


# --- many at once -------------------------------------------------------------------------------------------------


def test_of_many_at_once_each_rings_those_of_its_own_team_and_its_own_primary_contact(scene: Scene) -> None:
    """One statement writes them all, whoever they are for."""
    nord, sor = scene.team(), scene.team()
    kari, per = scene.person(nord, on="duty"), scene.person(nord, on="duty")
    ola = scene.person(sor, on="duty")
    scene.person(sor)
    hers = scene.client(nord, primary=kari)
    anybodys, theirs = scene.client(nord), scene.client(sor, primary=kari)
    assert scene.open(NOON) == 3
    told = {alert.client_id: set(scene.told(of=alert.id)) for alert in scene.alerts()}
    assert told == {hers: {kari}, anybodys: {kari, per}, theirs: {ola}}


def test_of_many_at_once_none_is_lost_where_there_are_more_people_than_one_statement_takes(scene: Scene) -> None:
    team = scene.team()
    on_duty = [scene.person(team, on="duty", phone=False) for _ in range(18)]
    clients = [scene.client(team, primary=scene.person(team, phone=False)) for _ in range(30)]
    assert scene.open(NOON) == len(clients)
    assert {alert.subject_id for alert in scene.alerts()} == set(clients)
    assert all(set(scene.told(of=alert.id)) == set(on_duty) for alert in scene.alerts())


def test_an_alert_of_which_nobody_was_told_whatever_the_reason_climbs_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another changes the primary contact between two statements (PostgreSQL)."""
    team = scene.team()
    bob = scene.person(team, on="duty")
    scene.client(team)
    monkeypatch.setattr(ladder_steps, "notify_of_batch", lambda *_: None)
    scene.open(NOON)
    assert (scene.told(), scene.alert().next_at) == ([], NOON)
    scene.climb(NOON)
    assert (scene.told(), scene.alert().step) == ([bob], 1)


def test_of_many_at_once_one_that_reaches_nobody_is_looked_at_again_at_once_and_only_that(scene: Scene) -> None:
    ready, silent, quick = scene.team(), scene.team(), scene.team(escalation=(0, 1, 2, 3))
    scene.person(ready, on="duty"), scene.person(quick, on="duty")
    scene.person(silent, on="duty", phone=False)
    clients = {scene.client(team): team for team in (ready, silent, quick)}
    scene.open(NOON)
    looks = {clients[alert.subject_id]: alert.next_at for alert in scene.alerts()}
    assert looks == {ready: NOON + minutes(2), silent: NOON, quick: NOON + minutes(1)}

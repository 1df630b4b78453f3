"""When a team stops following a client: nothing of the client stays with it, and the clock rings somebody who sees."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import OperatorAlarm
from fieldapp.services.alerts.overdue import open_overdue
from fieldapp.services.entries import sight
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.projections.watch import refresh_watch
from tests._world import Person, World

VISIT = {"outcome": "seen", "place": "home"}


def hand_to(alice: Person, kari: str, world: World, leaving_on: dt.date) -> None:
    """Sør follows from today; Nord's last day is `leaving_on`."""
    nord, sor = alice.teams
    today = world.clock.now().date()
    alice.log("client_team_set", {"team_id": sor.id, "from_on": today.isoformat()}, client=kari)
    ended = {"team_id": nord.id, "from_on": "2026-01-01", "to_on": leaving_on.isoformat()}
    alice.log("client_team_set", ended, client=kari)


def test_an_alert_goes_to_a_team_that_still_follows_the_client(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, charlie = world.staff("leader", nord, sor), world.staff("fieldworker", sor)
    kari = alice.register("Kari", nord)
    hand_to(alice, kari, world, world.clock.now().date() - dt.timedelta(days=1))
    with world.database.transaction() as session:
        assert open_overdue(session, world.clock.now() + dt.timedelta(hours=25)) == 1
    assert [alert["team_id"] for alert in charlie.alerts()] == [sor.id]


def test_an_open_alert_moves_with_the_client_also_when_only_the_date_has_passed(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, charlie = world.staff("leader", nord, sor), world.staff("fieldworker", sor)
    kari = alice.register("Kari", nord)
    hand_to(alice, kari, world, world.clock.now().date())
    later = world.clock.now() + dt.timedelta(hours=25)
    with world.database.transaction() as session:
        open_overdue(session, later)
    assert [alert["team_id"] for alert in charlie.alerts()] == [nord.id]
    with world.database.transaction() as session:
        assert turn_dates(session, later) == 1
    assert [(alert["team_id"], alert["state"]) for alert in charlie.alerts()] == [(sor.id, "open")]


def test_one_client_that_cannot_be_turned_is_quarantined_and_the_others_are_turned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", nord, sor), world.staff("fieldworker", nord)
    kari, per = alice.register("Kari", nord), alice.register("Per", nord)
    for client in (kari, per):
        hand_to(alice, client, world, world.clock.now().date())
    later = world.clock.now() + dt.timedelta(hours=25)

    def stumble(session: Session, client_id: uuid.UUID, *rest: Any) -> Any:
        if str(client_id) == kari:
            raise ValueError("poisoned")
        return refresh_watch(session, client_id, *rest)

    monkeypatch.setattr(sight, "refresh_watch", stumble)
    with world.database.transaction() as session:
        assert turn_dates(session, later) == 1
    assert {key[1] for key in bob.pull() if key[0] == "client"} == {kari}
    with world.database.transaction() as session:
        (alarm,) = session.scalars(select(OperatorAlarm))
        assert (alarm.code, str(alarm.subject_id), alarm.detail) == ("teams_aside", kari, "ValueError")
        assert turn_dates(session, later) == 0, "left alone for a minute"
    monkeypatch.undo()
    with world.database.transaction() as session:
        assert turn_dates(session, later + dt.timedelta(minutes=1)) == 1


def test_own_entries_about_a_client_out_of_sight_do_not_come_back(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob = world.staff("leader", nord, sor), world.staff("fieldworker", nord)
    kari = bob.register("Kari")
    visit = bob.log("visit_logged", VISIT, client=kari)
    hand_to(alice, kari, world, world.clock.now().date() - dt.timedelta(days=1))
    bob.cursor = None
    bob.replica.clear()
    assert ("entry", visit["id"]) not in bob.pull()
    assert ("client", kari) not in bob.replica


def test_nobody_who_has_lost_a_client_turns_off_its_clock_with_a_back_dated_entry(world: World) -> None:
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, berit = world.staff("leader", nord, sor), world.staff("leader", nord)
    kari = berit.register("Kari", nord)
    hand_to(alice, kari, world, world.clock.now().date() - dt.timedelta(days=1))
    yesterday = world.clock.now() - dt.timedelta(days=1)
    off = berit.entry("watch_set", {"mode": "off", "reason": "x"}, client=kari, at=yesterday)
    seen = berit.entry("visit_logged", VISIT, client=kari, at=yesterday)
    first, second = berit.sync(off, seen)["results"]
    assert (first["verdict"], first["code"]) == ("rejected", "unknown_reference")
    assert second["verdict"] == "accepted"


@pytest.fixture
def nord_and_sor(world: World) -> tuple[Person, Person, Person, str]:
    """A leader of both teams, a fieldworker and a leader of Nord, and Kari, whom Nord follows."""
    nord, sor = world.team("Nord"), world.team("Sør")
    alice, bob, berit = world.staff("leader", nord, sor), world.staff("fieldworker", nord), world.staff("leader", nord)
    return alice, bob, berit, alice.register("Kari", nord)


def turn_the_day(world: World, *people: Person) -> None:
    world.clock.shift(days=1)
    with world.database.transaction() as session:
        turn_dates(session, world.clock.now())
    for person in people:
        person.sign_in()


def test_the_last_team_stays_until_another_has_come(world: World, nord_and_sor: tuple) -> None:
    """Sør comes in two days, Nord's last day is today: tomorrow somebody must still see Kari and her alert."""
    alice, bob, _, kari = nord_and_sor
    nord, sor = alice.teams
    today = world.clock.now().date()
    alice.log("client_team_set", {"team_id": sor.id, "from_on": str(today + dt.timedelta(days=2))}, client=kari)
    ended = {"team_id": nord.id, "from_on": "2026-01-01", "to_on": str(today)}
    alice.log("client_team_set", ended, client=kari)
    turn_the_day(world, alice, bob)
    world.clock.shift(hours=2)
    world.tick()
    (alert,) = bob.alerts()
    assert bob.judged("alert_acknowledged", {"alert_id": alert["id"]})["verdict"] == "accepted"
    turn_the_day(world, alice, bob)
    assert bob.alerts() == []
    assert [one["team_id"] for one in alice.alerts()] == [sor.id]


def test_a_team_may_leave_a_client_whose_follow_up_has_ended(world: World, nord_and_sor: tuple) -> None:
    alice, bob, _, kari = nord_and_sor
    nord, _ = alice.teams
    ended = {"team_id": nord.id, "from_on": "2026-01-01", "to_on": str(world.clock.now().date())}
    alice.log("client_team_set", ended, client=kari)
    alice.log("follow_up_ended", {"reason": "moved"}, client=kari)
    turn_the_day(world, bob)
    bob.cursor = None
    bob.replica.clear()
    assert ("client", kari) not in bob.pull()


def test_a_colleague_who_does_not_come_out_is_seen_by_their_team_also_when_it_has_left_the_client(
    world: World, nord_and_sor: tuple
) -> None:
    alice, bob, berit, kari = nord_and_sor
    world.clock.move_to(dt.datetime(2026, 11, 23, 21, tzinfo=dt.UTC))
    for person in nord_and_sor[:3]:
        person.sign_in()
    hand_to(alice, kari, world, world.clock.now().date())
    visit = {"visit_id": str(uuid.uuid4()), "expected_end_at": (world.clock.now() + dt.timedelta(hours=3)).isoformat()}
    bob.log("visit_started", visit, client=kari)
    turn_the_day(world, bob, berit)
    world.tick()
    (overdue,) = berit.alerts()
    assert (overdue["kind"], overdue["client_id"]) == ("staff_overdue", None), "whom he was with is not Nord's any more"
    assert ("alert", overdue["id"]) in berit.pull()
    one = f"/kontor/varsler/{overdue['id']}"
    for page in (one, f"{one}/hvorfor", "/kontor", "/kontor/varsler", "/kontor/saker"):
        answer = berit.get(page)
        assert answer.status_code == 200
        assert "Kari" not in answer.text
        assert kari not in answer.text
    taken = berit.entry("alert_acknowledged", {"alert_id": overdue["id"]}, client=kari)
    assert berit.sync(taken)["results"][0]["verdict"] == "accepted"


def test_help_is_never_refused_because_the_team_has_left_the_client(world: World, nord_and_sor: tuple) -> None:
    alice, bob, berit, kari = nord_and_sor
    hand_to(alice, kari, world, world.clock.now().date() - dt.timedelta(days=1))
    bob.cursor = None
    asked = bob.entry("help_requested", {}, client=kari)
    assert bob.sync(asked)["results"][0]["verdict"] == "accepted"
    assert [one["kind"] for one in berit.alerts()] == ["staff_help"]
    assert ("alert", berit.alerts()[0]["id"]) in berit.pull()


def test_a_visit_to_a_client_out_of_sight_is_the_teams_and_tells_nobody_of_the_client(
    world: World, nord_and_sor: tuple
) -> None:
    _, bob, berit, _ = nord_and_sor
    visit = {"visit_id": str(uuid.uuid4()), "expected_end_at": (world.clock.now() + dt.timedelta(hours=1)).isoformat()}
    assert bob.judged("visit_started", visit, client=str(uuid.uuid4()))["verdict"] == "accepted"
    world.clock.shift(hours=2)
    world.tick()
    assert [(one["kind"], one["client_id"]) for one in berit.alerts()] == [("staff_overdue", None)]


def test_a_worry_goes_along_to_the_team_that_follows_now(world: World, nord_and_sor: tuple) -> None:
    alice, bob, _, kari = nord_and_sor
    hand_to(alice, kari, world, world.clock.now().date())
    bob.log("concern_raised", {"reason": "svarer ikke"}, client=kari)
    assert [one["kind"] for one in bob.alerts()] == ["concern"]
    turn_the_day(world, alice, bob)
    assert bob.alerts() == []
    assert [(one["kind"], one["team_id"]) for one in alice.alerts()] == [("concern", alice.teams[1].id)]


def test_a_worry_written_offline_rings_those_who_see_the_client_when_it_comes(
    world: World, nord_and_sor: tuple
) -> None:
    alice, bob, berit, kari = nord_and_sor
    worry = bob.entry("concern_raised", {"reason": "svarer ikke"}, client=kari)
    hand_to(alice, kari, world, world.clock.now().date())
    turn_the_day(world, alice, bob, berit)
    assert bob.sync(worry)["results"][0]["verdict"] == "accepted"
    assert berit.alerts() == []
    assert [(one["kind"], one["team_id"]) for one in alice.alerts()] == [("concern", alice.teams[1].id)]

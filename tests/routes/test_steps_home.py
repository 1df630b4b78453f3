"""Coming home in steps: the watch runs while somebody is at home, and stands still again when they are not."""

import datetime as dt
from typing import Any

import pytest

from fieldapp.services.operations import verify
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("leader", world.team(), name="Bob")


@pytest.fixture
def kari(bob: Person) -> str:
    return bob.register("Kari")


def watch(person: Person, client: str) -> dict[str, Any]:
    found: dict[str, Any] = person.pull()["client", client]["watch"]
    return found


def away(person: Person, client: str) -> str:
    absence = str(uuid7())
    person.log("absence_started", {"absence_id": absence, "kind": "admitted"}, client=client)
    assert watch(person, client)["due_at"] is None
    return absence


def step(world: World, absence: str, begins: int, ends: int, watch: str = "on", step_id: str = "") -> dict[str, Any]:
    now = world.clock.now()
    times = {"from_at": (now + begins * HOUR).isoformat(), "to_at": (now + ends * HOUR).isoformat()}
    return {"absence_id": absence, "step_id": step_id or str(uuid7()), "watch": watch} | times


def in_hours(world: World, at: str | None) -> float | None:
    return at and round((dt.datetime.fromisoformat(at) - world.clock.now()).total_seconds() / 3600)


def test_a_step_home_runs_the_clock_and_a_short_one_asks_nothing(world: World, bob: Person, kari: str) -> None:
    absence = away(bob, kari)
    bob.log("absence_step_set", step(world, absence, 2, 12), client=kari)
    assert watch(bob, kari)["due_at"] is None
    long = step(world, absence, 24, 72)
    bob.log("absence_step_set", long, client=kari)
    assert in_hours(world, watch(bob, kari)["due_at"]) == 48
    bob.log("absence_step_set", step(world, absence, 24, 30, step_id=long["step_id"]), client=kari)
    assert watch(bob, kari)["due_at"] is None, "the same step again replaces"


def test_nobody_seen_at_home_is_an_alert_and_being_seen_ends_it(world: World, bob: Person, kari: str) -> None:
    absence = away(bob, kari)
    bob.log("absence_step_set", step(world, absence, 1, 60), client=kari)
    world.clock.shift(hours=26)
    world.tick()
    bob.sign_in()
    assert [one["kind"] for one in bob.alerts()] == ["not_seen"]
    bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert bob.alerts() == []
    assert in_hours(world, watch(bob, kari)["due_at"]) == 24
    world.clock.shift(hours=11)
    bob.sign_in()
    bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert watch(bob, kari)["due_at"] is None, "away again before the day is over"


def test_off_cuts_on_and_the_end_of_the_absence_ends_the_steps(world: World, bob: Person, kari: str) -> None:
    absence = away(bob, kari)
    bob.log("absence_step_set", step(world, absence, 1, 100), client=kari)
    bob.log("absence_step_set", step(world, absence, 20, 100, "off"), client=kari)
    assert watch(bob, kari)["due_at"] is None
    bob.log("absence_ended", {"absence_id": absence}, client=kari)
    assert in_hours(world, watch(bob, kari)["due_at"]) == 24


def test_the_order_of_arrival_never_matters(world: World, bob: Person) -> None:
    ends = set()
    for turned in (False, True):
        client, step_id = bob.register("Even"), str(uuid7())
        absence = away(bob, client)
        entries = [
            bob.entry("absence_step_set", step(world, absence, 10, 60, step_id=step_id), client=client),
            bob.entry("absence_step_set", step(world, absence, 20, 70, step_id=step_id), client=client),
        ]
        for entry in reversed(entries) if turned else entries:
            bob.sync(entry)
        ends.add(in_hours(world, watch(bob, client)["due_at"]))
    assert ends == {44}


def test_what_is_ready_for_coming_home_stands_on_the_absence(world: World, bob: Person, kari: str) -> None:
    absence = away(bob, kari)
    bob.log("discharge_planned", {"absence_id": absence, "checks": ["date"], "home": "no"}, client=kari)
    bob.log("discharge_planned", {"absence_id": absence, "checks": ["date", "home"], "home": "yes"}, client=kari)
    assert bob.pull()["absence", absence]["discharge"] == {"checks": ["date", "home"], "home": "yes"}
    missing = bob.entry("discharge_planned", {"absence_id": str(uuid7()), "checks": [], "home": "yes"}, client=kari)
    assert bob.sync(missing)["results"][0]["code"] == "unknown_reference"
    with world.database.transaction() as session:
        thrown_away = session.begin_nested()
        assert list(verify.differences(session, world.clock.now(), 1e9)) == []
        thrown_away.rollback()

"""What `fieldapp verify` calls silent: what the last tick should have seen, and did not."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import update

from fieldapp.models import Alert, ClientTeam, Heartbeat
from fieldapp.services.operations.silence import silent
from sync.ids import uuid7
from tests._world import Person, World

GRACE = dt.timedelta(seconds=10)
HOUR = dt.timedelta(hours=1)
OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def alice(world: World) -> Person:
    """A leader whose team waits while it is closed."""
    alice = world.staff("leader", world.team(), name="Alice")
    hours = {"team_id": alice.teams[0].id, "hours": OFFICE, "when_closed": "wait"}
    alice.log("team_hours_set", hours)
    return alice


def test_after_a_tick_nobody_is_silent(world: World, alice: Person) -> None:
    waiting(world, alice)
    alice.sign_in()
    alice.log("visit_started", visit_until(world, 1), client=alice.register("Per"))
    world.clock.shift(hours=2)
    world.tick()
    assert found(world) == []


def test_before_the_first_tick_nothing_is_said(world: World, alice: Person) -> None:
    alice.register("Kari")
    world.clock.shift(days=3)
    assert found(world) == []


def test_a_client_whose_clock_ran_out_before_the_last_tick_and_has_no_alert(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    ticked(world, 25 * HOUR)
    (line,) = found(world)
    assert line.startswith(f"watch {kari}: gikk ut")


def test_an_alert_that_rings_a_team_which_does_not_see_the_client(world: World, alice: Person) -> None:
    alice.log("concern_raised", {"reason": "svarer ikke"}, client=alice.register("Kari"))
    ticked(world, HOUR)
    with world.database.transaction() as session:
        session.execute(update(ClientTeam).values(active=False))
    assert any("som ikke ser brukeren" in line for line in found(world))


@pytest.mark.parametrize(("later", "count"), [(HOUR, 0), (15 * HOUR, 1)])
def test_a_waiting_alert_whose_team_has_opened_without_it(
    world: World, alice: Person, later: dt.timedelta, count: int
) -> None:
    waiting(world, alice)
    change(world, next_at=world.clock.now() + 100 * HOUR)
    ticked(world, later)
    lines = found(world)
    assert [f"alert {alert_id(alice)}: venter på at teamet åpner" in line for line in lines] == [True] * count


def test_a_waiting_alert_whose_team_opens_at_no_time(world: World, alice: Person) -> None:
    waiting(world, alice)
    change(world, waits_until_at=None)
    (line,) = found(world)
    assert "venter på at teamet åpner" in line


@pytest.mark.parametrize("state", ["open", "acknowledged", "waiting"])
def test_an_unresolved_alert_that_is_not_looked_at_again(world: World, alice: Person, state: str) -> None:
    waiting(world, alice)
    if state != "waiting":
        world.clock.shift(hours=16)
        world.tick()
        alice.sign_in()
    if state == "acknowledged":
        alice.log("alert_acknowledged", {"alert_id": alert_id(alice)})
    assert found(world) == []
    change(world, next_at=None)
    (line,) = found(world)
    assert line.startswith(f"alert {alert_id(alice)}: ikke avsluttet")
    change(world, next_at=world.clock.now() - 2 * HOUR)
    assert len(found(world)) == 1


def test_a_line_on_the_list_never_climbs_and_is_not_silent(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    alice.log("absence_started", {"absence_id": str(uuid7()), "kind": "travel"}, client=kari)
    world.clock.shift(days=7, hours=3)
    world.tick()
    alice.sign_in()
    assert [alert["kind"] for alert in alice.alerts()] == ["absence_overdue"]
    assert found(world) == []


def test_a_visit_past_its_end_that_nobody_was_asked_about(world: World, alice: Person) -> None:
    started = visit_until(world, 1)
    alice.log("visit_started", started)
    ticked(world, 2 * HOUR)
    (line,) = found(world)
    assert line.startswith(f"staff_visit {started['visit_id']}: skulle vært ute")
    alice.log("visit_ended", {"visit_id": started["visit_id"]})
    assert found(world) == []


def test_a_visit_heard_of_after_the_tick_is_for_the_next_one(world: World, alice: Person) -> None:
    world.tick()
    started = visit_until(world, 1)
    early = world.clock.now() - 5 * HOUR
    ended = alice.log("visit_started", started, at=early) and alice.log(
        "visit_ended", {"visit_id": started["visit_id"]}
    )
    ticked(world, 2 * HOUR)
    assert found(world) == []
    world.clock.shift(hours=3)
    alice.log("entry_corrected", {"entry_id": ended["id"], "what": "retracted", "reason": "angret"})
    assert found(world) == [], "whether they are still out was not known when the worker last looked"
    ticked(world, HOUR)
    assert len(found(world)) == 1


def test_what_is_heard_of_one_visit_says_nothing_of_another(world: World, alice: Person) -> None:
    first, second = visit_until(world, 1), visit_until(world, 1)
    alice.log("visit_started", first)
    corrected = alice.log("visit_started", second)
    ticked(world, 2 * HOUR)
    assert len(found(world)) == 2
    world.clock.shift(hours=3)
    alice.log(
        "entry_corrected",
        {"entry_id": corrected["id"], "what": "text", "reason": "feil", "body": {"note": "Står i gangen."}},
    )
    (line,) = found(world)
    assert line.startswith(f"staff_visit {first['visit_id']}: skulle vært ute")


def waiting(world: World, alice: Person) -> None:
    """Somebody registered at ten in the morning, whose twelve hours ran out while the team was closed."""
    alice.register("Kari", watch={"mode": "interval", "interval_minutes": 720})
    world.clock.shift(hours=13)
    world.tick()
    alice.sign_in()
    assert [alert["state"] for alert in alice.alerts()] == ["waiting"]


def visit_until(world: World, hours: float) -> dict[str, Any]:
    return {"visit_id": str(uuid7()), "expected_end_at": (world.clock.now() + hours * HOUR).isoformat()}


def alert_id(alice: Person) -> str:
    (alert,) = alice.alerts()
    return str(alert["id"])


def ticked(world: World, later: dt.timedelta) -> None:
    """A worker that ticked so much later and saw nothing."""
    with world.database.transaction() as session:
        at = world.clock.now() + later
        session.merge(Heartbeat(id=1, ticked_at=at, worker="tests"))


def change(world: World, **values: Any) -> None:
    with world.database.transaction() as session:
        session.execute(update(Alert).values(**values))


def found(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(silent(session, GRACE))

"""PostgreSQL lets two compute one client's clock at once: whoever comes second must see what the first has written.

The first holds its transaction open, the second runs until it waits for the first, or is done; then the first commits.
"""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import Watch
from fieldapp.services.entries import ingest
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.entries.sight import turn_dates
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("postgresql")

SEEN = {"outcome": "seen", "place": "home"}
EVERY_TWO_HOURS = {"mode": "interval", "interval_minutes": 120, "reason": "x"}
SHIFTS = {"mode": "each_shift", "shifts": ["evening"], "reason": "x"}


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("Nord"))


def test_angre_that_names_no_client_sees_the_new_terms_written_meanwhile(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    world.clock.shift(hours=1)
    visit = alice.log("visit_logged", SEEN, client=kari)
    at_once(
        world,
        lambda session: submit(session, alice, "watch_set", EVERY_TWO_HOURS, kari),
        lambda session: submit(session, alice, "entry_corrected", retraction(visit)),
    )
    assert due_at(world, kari) == rebuilt(world, kari)


def test_angre_that_names_no_client_sees_another_angre_of_the_same_client(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    visits = []
    for _ in range(3):
        world.clock.shift(hours=1)
        visits.append(alice.log("visit_logged", SEEN, client=kari))
    at_once(
        world,
        lambda session: submit(session, alice, "entry_corrected", retraction(visits[1])),
        lambda session: submit(session, alice, "entry_corrected", retraction(visits[2])),
    )
    assert due_at(world, kari) == rebuilt(world, kari)


def test_new_shifts_of_a_team_see_the_terms_written_meanwhile(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    alice.log("watch_set", SHIFTS, client=kari)
    at_once(
        world,
        lambda session: submit(session, alice, "watch_set", EVERY_TWO_HOURS, kari),
        lambda session: submit(session, alice, "team_hours_set", new_shifts(alice.teams[0])),
    )
    assert due_at(world, kari) == rebuilt(world, kari)


@pytest.mark.parametrize("hours_first", [True, False])
def test_a_client_that_goes_by_shifts_from_now_gets_those_that_are_set_meanwhile(
    world: World, alice: Person, hours_first: bool
) -> None:
    kari = alice.register("Kari")
    both: list[Callable[[Session], object]] = [
        lambda session: submit(session, alice, "team_hours_set", new_shifts(alice.teams[0])),
        lambda session: submit(session, alice, "watch_set", SHIFTS, kari),
    ]
    at_once(world, *(both if hours_first else both[::-1]))
    assert due_at(world, kari) == rebuilt(world, kari)


def test_the_turn_of_a_date_sees_the_visit_written_meanwhile(world: World) -> None:
    """The next day the clock is another team's, and goes by that team's evening."""
    nord, sor = world.team("Nord"), world.team("Sør")
    alice = world.staff("leader", nord, sor)
    kari = alice.register("Kari")
    alice.log("watch_set", SHIFTS, client=kari)
    alice.log("team_hours_set", new_shifts(sor))
    today = clock.now().date().isoformat()
    alice.log("client_team_set", {"team_id": sor.id, "from_on": today}, client=kari)
    alice.log("client_team_set", {"team_id": nord.id, "from_on": today, "to_on": today}, client=kari)
    world.clock.shift(hours=26)
    at_once(
        world,
        lambda session: submit(session, alice, "visit_logged", SEEN, kari),
        lambda session: turn_dates(session, clock.now()),
    )
    assert due_at(world, kari) == rebuilt(world, kari)


def retraction(entry: dict[str, Any]) -> dict[str, Any]:
    return {"entry_id": entry["id"], "what": "retracted", "reason": "x"}


def new_shifts(team: TeamOfWorld) -> dict[str, Any]:
    hours = {"mon": [["08:00", "23:00"]]}
    return {
        "team_id": team.id,
        "hours": hours,
        "shifts": {"evening": ["17:00", "21:30"]},
        "when_closed": "wait",
    }


def submit(session: Session, person: Person, type_: str, body: dict[str, Any], client: str | None = None) -> None:
    viewer = Viewer(uuid.UUID(person.id), "leader", frozenset(uuid.UUID(team.id) for team in person.teams))
    about = uuid.UUID(client) if client else None
    ingest.submit(session, viewer, type_, body, client_id=about, now=clock.now())


def at_once(world: World, first: Callable[[Session], object], second: Callable[[Session], object]) -> None:
    """The second begins when the first has done everything but commit."""
    failures: list[BaseException] = []

    def work() -> None:
        with world.database.transaction() as session:
            second(session)

    def run() -> None:
        try:
            world.database.again(work)
        except BaseException as error:
            failures.append(error)

    other = threading.Thread(target=run)
    with world.database.transaction() as session:
        first(session)
        session.flush()
        other.start()
        while other.is_alive() and not somebody_waits(world):
            other.join(0.01)
    other.join()
    assert failures == []


def somebody_waits(world: World) -> bool:
    with world.database.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def due_at(world: World, client: str) -> Any:
    with world.database.reading() as session:
        return session.get_one(Watch, uuid.UUID(client)).due_at


def rebuilt(world: World, client: str) -> Any:
    with world.database.transaction() as session:
        rebuild(session, clock.now())
        return session.get_one(Watch, uuid.UUID(client)).due_at

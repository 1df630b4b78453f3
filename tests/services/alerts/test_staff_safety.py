"""Asking those who should be out by now, while they are on their way out."""

import threading
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.services.alerts.staff_safety import ask_all
from fieldapp.services.entries import ingest
from tests._world import Person, World

pytestmark = pytest.mark.engines("postgresql")


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("Nord"))


def test_a_visit_being_ended_is_not_asked_about(world: World, alice: Person) -> None:
    visit_id = overdue(world, alice)
    with world.database.transaction() as session:
        end(session, alice, visit_id)
        asking, asked = ask_elsewhere(world)
        asking.join()
    assert asked == [0]
    assert alice.alerts() == []
    with world.database.transaction() as session:
        assert ask_all(session, clock.now()) == 0


def test_a_visit_ended_while_it_is_asked_about_ends_the_alert(world: World, alice: Person) -> None:
    visit_id = overdue(world, alice)

    def go_out() -> None:
        with world.database.transaction() as session:
            end(session, alice, visit_id)

    going = threading.Thread(target=go_out)
    with world.database.transaction() as session:
        assert ask_all(session, clock.now()) == 1
        going.start()
        while going.is_alive() and not somebody_waits(world):
            going.join(0.01)
    going.join()
    assert alice.alerts() == []


def overdue(world: World, alice: Person) -> str:
    visit_id = str(uuid.uuid4())
    alice.log("visit_started", {"visit_id": visit_id, "expected_end_at": "2026-11-23T11:00:00+01:00"})
    world.clock.shift(hours=2)
    return visit_id


def end(session: Any, alice: Person, visit_id: str) -> None:
    viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset(uuid.UUID(team.id) for team in alice.teams))
    ingest.submit(session, viewer, "visit_ended", {"visit_id": visit_id}, now=clock.now())


def ask_elsewhere(world: World) -> tuple[threading.Thread, list[int]]:
    asked: list[int] = []

    def ask() -> None:
        with world.database.transaction() as session:
            asked.append(ask_all(session, clock.now()))

    asking = threading.Thread(target=ask)
    asking.start()
    return asking, asked


def somebody_waits(world: World) -> bool:
    with world.database.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

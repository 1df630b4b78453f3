"""The same sheet taken in twice at the same moment, by a double click or from two tabs: once is enough."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import Client, Staff, Team
from fieldapp.services.importing import staffing
from fieldapp.services.importing.clients import take_clients
from fieldapp.services.importing.sheets import Line
from tests._world import World

AT_ONCE = 3


def added(world: World, take: Callable[[Any], Any]) -> list[int]:
    """How many each added, of some that begin together."""
    together = Barrier(AT_ONCE)

    def once(_: int) -> int:
        together.wait()
        with world.database.transaction(is_quick=False) as session:
            return int(take(session).added)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(once, range(AT_ONCE)))


def count(world: World, model: Any) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def sheet(*rows: tuple[str, ...]) -> list[Line]:
    return [Line(number, row) for number, row in enumerate(rows, 1)]


def test_clients_are_taken_in_once(world: World) -> None:
    alice = world.staff("leader", world.team("Nord"), name="Alice")
    author = Viewer(uuid.UUID(alice.id), "leader", frozenset({uuid.UUID(alice.teams[0].id)}), "Alice")
    lines = sheet(("Navn", "Team"), *((f"Bruker {number}", "Nord") for number in range(20)))
    assert added(world, lambda session: take_clients(session, lines, author, clock.now(), {})) == [0, 0, 20]
    assert count(world, Client) == 20


def test_staff_and_teams_are_taken_in_once(world: World) -> None:
    lines = sheet(("Navn", "Brukernavn", "Rolle"), *((f"Ansatt {n}", f"ansatt{n}", "ansatt") for n in range(20)))
    assert added(world, lambda session: staffing.take_staff(session, lines, clock.now(), {})) == [0, 0, 20]
    assert count(world, Staff) == 20
    teams = sheet(("Navn", "Slag"), *((f"Team {n}", "act") for n in range(20)))
    assert added(world, lambda session: staffing.take_teams(session, teams, clock.now(), {})) == [0, 0, 20]
    assert count(world, Team) == 20

"""The cast of most tests of routes: Alice leads a team, Bob works in it, Kari is their client, Ingrid gives innsyn."""

import pytest

from tests._world import Person, TeamOfWorld, World


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


@pytest.fixture
def alice(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Alice")


@pytest.fixture
def bob(world: World, team: TeamOfWorld) -> Person:
    return world.staff("fieldworker", team, name="Bob")


@pytest.fixture
def kari(alice: Person) -> str:
    return alice.register("Kari")


@pytest.fixture
def ingrid(world: World) -> Person:
    return world.staff("privacy", name="Ingrid")

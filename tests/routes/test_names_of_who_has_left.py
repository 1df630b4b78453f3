"""What somebody wrote keeps their name on the phones of those who read it, and they are on no list any longer."""

import uuid

import pytest

from fieldapp.services.people import accounts, staffing
from tests._world import Person, TeamOfWorld, World


def end(world: World, person: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, person.username, world.clock.now())


def move(world: World, person: Person, team: TeamOfWorld) -> None:
    with world.database.transaction() as session:
        staffing.edit_person(
            session, uuid.UUID(person.id), name=person.name, role="fieldworker", title="",
            team_ids=[uuid.UUID(team.id)], now=world.clock.now(),
        )  # fmt: skip


def told_of(person: Person, other: Person) -> dict[str, object] | None:
    return person.pull().get(("staff", other.id))


@pytest.fixture
def entry(bob: Person, kari: str) -> str:
    return str(bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)["id"])


@pytest.mark.parametrize("leaves", ["end", "move"])
def test_the_name_stays_and_nothing_else(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, entry: str, leaves: str
) -> None:
    assert told_of(alice, bob)["role"] == "fieldworker"
    if leaves == "end":
        end(world, bob)
    else:
        move(world, bob, world.team("Sør"))
    name_only = {"id": bob.id, "name": "Bob", "team_ids": []}
    assert told_of(alice, bob) == name_only, "a phone that followed along"
    assert alice.replica["entry", entry]["author_id"] == bob.id
    newcomer = world.staff("fieldworker", team, name="Cara")
    assert told_of(newcomer, bob) == name_only, "a phone that begins now"


def test_other_teams_and_other_roles_are_told_nothing(
    world: World, bob: Person, team: TeamOfWorld, entry: str, ingrid: Person
) -> None:
    odd, lars = world.staff("leader", world.team("Sør"), name="Odd"), world.staff("landlord", team, name="Lars")
    assert told_of(lars, bob) is not None
    end(world, bob)
    for person in (odd, lars, ingrid, world.staff("landlord", team, name="Nils")):
        assert told_of(person, bob) is None, person.name


def test_who_comes_back_is_a_colleague_again(
    world: World, alice: Person, bob: Person, team: TeamOfWorld, entry: str
) -> None:
    move(world, bob, world.team("Sør"))
    assert told_of(alice, bob)["team_ids"] == []
    move(world, bob, team)
    assert (told_of(alice, bob)["role"], told_of(alice, bob)["team_ids"]) == ("fieldworker", [team.id])

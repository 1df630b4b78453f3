"""`/kontor/team`: what a leader sets for the team besides the duty phone, and whose phones get it."""

import pytest

from tests._world import Person, TeamOfWorld, World


def save(person: Person, team: TeamOfWorld, **fields: str) -> int:
    said = {"aat_phone": "", "review_days": "", "places": ""} | fields
    return person.http.post(f"/kontor/team/{team.id}/innstillinger", data=said).status_code


def on_phone(person: Person, team: TeamOfWorld, key: str) -> str | None:
    return person.pull()["team", team.id].get(key)


def test_what_is_set_reaches_the_teams_phones(world: World, alice: Person, team: TeamOfWorld) -> None:
    bob = world.staff("fieldworker", team, name="Bob")
    assert save(alice, team, aat_phone="55 00 00 01", review_days="7", places="Havna, Torget") == 303
    assert [on_phone(bob, team, key) for key in ("aat_phone", "review_days", "places")] == [
        "55 00 00 01",
        "7",
        "Havna, Torget",
    ]
    page = alice.get("/kontor/team").text
    assert all(f'value="{value}"' in page for value in ("55 00 00 01", "7", "Havna, Torget"))
    world.clock.shift(minutes=1)
    assert save(alice, team, aat_phone="55 00 00 01", places="Havna") == 303
    assert [on_phone(bob, team, key) for key in ("aat_phone", "review_days", "places")] == [
        "55 00 00 01",
        None,
        "Havna",
    ]


def test_only_what_is_otherwise_is_written(world: World, alice: Person, team: TeamOfWorld) -> None:
    assert save(alice, team, review_days="7") == 303
    before = alice.pull()
    assert save(alice, team, review_days="7") == 303
    assert alice.sync()["changes"] == []
    assert before == alice.replica


@pytest.mark.parametrize(
    ("key", "value"),
    [("aat_phone", "ring oss"), ("review_days", "91"), ("review_days", "ti"), ("places", "Havna,, Torget")],
)
def test_a_value_that_is_none_is_said_so_and_stands(alice: Person, team: TeamOfWorld, key: str, value: str) -> None:
    said = {"aat_phone": "", "review_days": "", "places": "Torget"} | {key: value}
    answer = alice.http.post(f"/kontor/team/{team.id}/innstillinger", data=said)
    assert (answer.status_code, f'value="{value}"' in answer.text) == (422, True)
    assert on_phone(alice, team, "places") is None, "all or nothing"


def test_they_are_the_leaders(world: World, alice: Person, team: TeamOfWorld) -> None:
    bob, carla = world.staff("fieldworker", team), world.staff("leader", world.team("Sør"))
    assert (save(bob, team, review_days="7"), save(carla, team, review_days="7")) == (403, 404)

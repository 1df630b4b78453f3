"""`/kontor/varsler/tall`: one team's figures for its leader, and the proposal that follows from them."""

import datetime as dt
import uuid

import pytest

from tests._alerts import add_alert
from tests._world import Person, World

TALL = "/kontor/varsler/tall"


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("FACT Nord"), world.team("ACT Sør"), name="Alice")


def ring(world: World, alice: Person, count: int) -> str:
    even = alice.register("Even B.")
    for n in range(count):
        add_alert(world, alice, "not_seen", uuid.uuid4(), client=even, at=world.clock.now() - dt.timedelta(minutes=n))
    return even


def on_duty_today(world: World, alice: Person) -> None:
    now = world.clock.now()
    body = {
        "staff_id": alice.id,
        "team_id": alice.teams[0].id,
        "duty": "duty",
        "from_at": now.isoformat(),
        "to_at": (now + dt.timedelta(hours=8)).isoformat(),
    }
    alice.log("duty_set", body)


def test_a_small_cell_is_marked_and_a_large_one_shown(world: World, alice: Person) -> None:
    ring(world, alice, 4)
    path = f"{TALL}?team={alice.teams[0].id}"
    assert "færre enn 5" in alice.get(path).text
    ring(world, alice, 8)
    assert '<td data-label="Varsler">12</td>' in alice.get(path).text


def test_without_a_choice_it_is_the_first_team_and_another_is_a_choice_away(world: World, alice: Person) -> None:
    assert "ACT Sør, siste tolv uker" in alice.get(TALL).text
    assert "FACT Nord, siste tolv uker" in alice.get(f"{TALL}?team={alice.teams[0].id}").text


def test_another_teams_figures_are_as_good_as_missing(world: World, alice: Person) -> None:
    charlie = world.staff("leader", world.team("Uteteam"), name="Charlie")
    theirs = charlie.get(f"{TALL}?team={alice.teams[0].id}")
    assert "Uteteam, siste tolv uker" in theirs.text
    assert "FACT Nord" not in theirs.text


@pytest.mark.parametrize("role", ["fieldworker", "peer", "landlord", "admin", "privacy"])
def test_only_a_leader_sees_figures(world: World, alice: Person, role: str) -> None:
    person = world.staff(role, alice.teams[0])
    assert person.get(TALL).status_code == 403
    assert TALL not in person.get("/kontor/varsler").text


def test_a_leader_without_a_team_is_told_so(world: World) -> None:
    assert "Du er ikke med i noe team ennå." in world.staff("leader").get(TALL).text


def test_too_many_alerts_put_a_calm_proposal_on_the_leaders_pages(world: World, alice: Person) -> None:
    on_duty_today(world, alice)
    world.clock.shift(hours=1)
    even = ring(world, alice, 2)
    for path in (TALL + f"?team={alice.teams[0].id}", "/kontor"):
        page = alice.get(path).text
        assert "Færre og sannere varsler" in page
        assert f"/kontor/bruker/{even}" in page
    bob = world.staff("fieldworker", alice.teams[0])
    assert "Færre og sannere varsler" not in bob.get("/kontor").text


@pytest.mark.parametrize(("language", "words"), [("nn", "Varsla i tal"), ("en", "The alerts in figures")])
def test_it_is_there_in_every_language(world: World, alice: Person, language: str, words: str) -> None:
    alice.http.post("/konto/sprak", data={"language": language})
    ring(world, alice, 2)
    assert words in alice.get(TALL).text


def test_the_list_of_alerts_leads_a_leader_to_it(alice: Person) -> None:
    assert TALL in alice.get("/kontor/varsler").text

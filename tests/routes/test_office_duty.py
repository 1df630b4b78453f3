"""`/kontor/vakt` and `/kontor/team`: who gets the alerts, and in which order."""

import uuid

import pytest

from tests._world import Person, World


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("FACT Nord"), name="Alice")


@pytest.fixture
def bob(world: World, alice: Person) -> Person:
    return world.staff("fieldworker", *alice.teams, name="Bob")


def duty(person: Person, **form: str) -> dict[str, str]:
    day = {"staff_id": person.id, "duty": "duty", "on": "2026-11-23", "from": "08:00", "to": "15:30"}
    return day | {name.rstrip("_"): value for name, value in form.items()}


def test_a_team_without_a_list_is_told_who_gets_the_alerts(alice: Person, bob: Person) -> None:
    page = alice.get("/kontor/vakt").text
    assert "Ingen vaktliste: alle ansatte og ledere får varslene døgnet rundt." in page
    assert "Ingen på vakt" not in page


def test_a_duty_that_is_set_counts_at_once_and_the_gaps_show(alice: Person, bob: Person) -> None:
    answer = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob), follow_redirects=True)
    assert "Vakta er satt." in answer.text
    assert "Ingen på vakt 15.30–24.00" in answer.text
    assert "Ingen på vakt 00.00–24.00" in answer.text
    assert "på vakt: Bob" in alice.get("/kontor").text


def test_a_duty_past_midnight_ends_the_next_day_and_wants_a_channel_that_rings(alice: Person, bob: Person) -> None:
    alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, from_="22:30", to="07:30"))
    page = alice.get("/kontor/vakt?uke=2026-11-23").text
    assert "22.30–07.30" in page
    assert "Ingen på vakt 07.30–24.00" in page
    assert "Nattvakt uten ringende kanal." in page


def test_a_duty_can_be_taken_off_the_list_and_the_entry_stays(alice: Person, bob: Person) -> None:
    location = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob)).location
    entry_id = location.split("angre=")[1].split("&")[0]
    answer = alice.http.post(f"/kontor/vakt/{entry_id}/fjern", follow_redirects=True)
    assert "Vakta er fjernet." in answer.text
    assert "<strong>Bob</strong>" not in answer.text
    # Once a list was kept, an empty one means nobody.
    assert "Ingen på vakt" in answer.text


def test_only_the_leader_changes_the_list(alice: Person, bob: Person) -> None:
    assert "Sett vakta" not in bob.get("/kontor/vakt").text
    assert bob.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob)).status_code == 422
    assert "Ingen vaktliste" in alice.get("/kontor/vakt").text


def test_nobody_is_put_on_duty_in_a_team_they_do_not_work_in(world: World, alice: Person) -> None:
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    assert alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(charlie)).status_code == 422


def test_a_foreign_duty_is_a_missing_duty(world: World, alice: Person, bob: Person) -> None:
    entry_id = (
        alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob))
        .location.split("angre=")[1]
        .split("&")[0]
    )
    charlie = world.staff("leader", world.team(), name="Charlie")
    for id_ in (entry_id, uuid.uuid4()):
        assert charlie.http.post(f"/kontor/vakt/{id_}/fjern").status_code == 404


def test_a_form_that_is_not_filled_says_so_beside_each_field(alice: Person, bob: Person) -> None:
    answer = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, on="", from_="åtte"))
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert f'<option value="{bob.id}" selected>' in answer.text


def test_weeks_can_be_leafed_through_as_far_as_anybody_needs(alice: Person) -> None:
    for week in ("2026-12-28", "0001-01-01", "9999-12-31", "snart"):
        assert alice.get(f"/kontor/vakt?uke={week}").status_code == 200


def test_the_team_page_shows_who_would_be_told_now(alice: Person, bob: Person, world: World) -> None:
    world.staff("peer", *alice.teams, name="Rolf")
    page = alice.get("/kontor/team").text
    assert "erfaringskonsulent" in page
    ladder = page.split('class="ladder"')[1].split("</ol>")[0]
    assert "Alice, Bob" in ladder
    assert "Rolf" not in ladder


def test_the_leader_changes_the_minutes_of_the_ladder(alice: Person, bob: Person) -> None:
    path = f"/kontor/team/{alice.teams[0].id}/trapp"
    form = {"step0": "0", "step1": "2,5", "step2": "20", "step3": "45"}
    assert "Etter 2,5 min" in alice.http.post(path, data=form, follow_redirects=True).text
    for wrong in ({"step1": "30"}, {"step1": "femten"}, {"step1": ""}, {"step3": "nan"}, {"step3": "1e9"}):
        assert alice.http.post(path, data=form | wrong).status_code == 422
    assert bob.http.post(path, data=form).status_code == 403


def test_the_minutes_of_another_team_are_out_of_reach(world: World, alice: Person) -> None:
    other = world.team()
    for team_id in (other.id, uuid.uuid4()):
        assert alice.http.post(f"/kontor/team/{team_id}/trapp", data={}).status_code == 404


def test_a_leader_without_a_team_is_told_whom_to_ask(world: World) -> None:
    answer = world.staff("leader", phone=False).http.get("/kontor/vakt", follow_redirects=True)
    assert "Du er ikke med i noe team ennå." in answer.text


@pytest.mark.parametrize("name", ["from_", "to"])
def test_a_time_with_a_zone_is_no_time_of_the_wall_clock(alice: Person, bob: Person, name: str) -> None:
    refused = alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(bob, **{name: "10:00+02:00"}))
    assert refused.status_code == 422
    assert "Skriv dato eller klokkeslett slik feltet viser det." in refused.text


def test_a_landlord_is_never_on_duty(world: World, alice: Person) -> None:
    lars = world.staff("landlord", *alice.teams, name="Lars")
    assert lars.id not in alice.get("/kontor/vakt").text
    assert alice.http.post(f"/kontor/vakt?team={alice.teams[0].id}", data=duty(lars)).status_code == 422

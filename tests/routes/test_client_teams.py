"""Who follows a client, set on the client's page: any team of the municipality, and a primary contact who is in one."""

import re
from typing import NamedTuple

import pytest
from werkzeug.test import TestResponse

from fieldapp.services.entries.sight import turn_dates
from tests._world import Person, TeamOfWorld, World


class Municipality(NamedTuple):
    world: World
    north: TeamOfWorld
    south: TeamOfWorld
    alice: Person
    bob: Person
    sara: Person
    kari: str
    page: str


@pytest.fixture
def here(world: World) -> Municipality:
    """Alice leads Nord, which follows Kari; Sara leads Sør, where Alice does not work."""
    north, south = world.team("FACT Nord"), world.team("FACT Sør")
    alice, bob = world.staff("leader", north, name="Alice"), world.staff("fieldworker", north, name="Bob")
    sara = world.staff("leader", south, name="Sara")
    kari = alice.register("Kari L.")
    return Municipality(world, north, south, alice, bob, sara, kari, f"/kontor/bruker/{kari}")


def next_day(here: Municipality) -> None:
    """What the worker does once a minute, on the day after."""
    here.world.clock.shift(days=1)
    with here.world.database.transaction() as session:
        turn_dates(session, here.world.clock.now())
    here.alice.sign_in()
    here.sara.sign_in()


def send(person: Person, path: str, **form: str) -> TestResponse:
    return person.http.post(path, data=form)


def test_a_client_is_given_to_a_team_the_leader_is_not_in(here: Municipality) -> None:
    assert f'<option value="{here.south.id}">FACT Sør' in here.alice.get(here.page).text
    assert here.sara.get(here.page).status_code == 404
    answer = send(here.alice, f"{here.page}/team", team_id=here.south.id, from_on="2026-11-23", basis="same_service")
    assert "FACT Sør" in here.alice.get(answer.location).text
    assert "Kari L." in here.sara.get(here.page).text
    assert ("client", here.kari) in here.sara.pull()


def test_giving_a_client_wholly_away_can_be_undone(here: Municipality) -> None:
    form = {"team_id": here.south.id, "from_on": "2026-11-23", "ends_team_id": here.north.id, "basis": "same_service"}
    answer = send(here.alice, f"{here.page}/team", **form)
    page = here.alice.get(answer.location).text
    assert "til og med i dag" in page
    undo = re.search(r'name="entry_id" value="([^"]+)"', page)
    assert undo
    here.alice.http.post("/kontor/angre", data={"entry_id": undo[1], "tilbake": here.page})
    assert here.sara.get(here.page).status_code == 404
    assert "til og med" not in here.alice.get(here.page).text.split('class="timeline"')[0]
    send(here.alice, f"{here.page}/team", **form)
    next_day(here)
    assert here.alice.get(here.page).status_code == 404
    assert "Kari L." in here.sara.get(here.page).text


def test_a_fieldworker_gives_no_client_away(here: Municipality) -> None:
    assert "Gi til et annet team" not in here.bob.get(here.page).text
    assert (
        send(
            here.bob, f"{here.page}/team", team_id=here.south.id, from_on="2026-11-23", basis="same_service"
        ).status_code
        == 422
    )
    assert here.sara.get(here.page).status_code == 404


@pytest.mark.parametrize("day", ["", "2062-11-23", "snart", "2020-01-01"])
@pytest.mark.engines("sqlite")
def test_a_day_that_cannot_be_meant_says_what_to_do_beside_the_field(here: Municipality, day: str) -> None:
    answer = send(here.alice, f"{here.page}/team", team_id=here.south.id, from_on=day, basis="same_service")
    assert answer.status_code == 422
    assert 'id="team-from_on-error"' in answer.text


def test_only_a_team_of_ones_own_is_given_a_last_day(here: Municipality) -> None:
    send(here.alice, f"{here.page}/team", team_id=here.south.id, from_on="2026-11-23", basis="same_service")
    assert send(here.alice, f"{here.page}/team/{here.south.id}/slutt", to_on="2026-11-23").status_code == 404
    early = send(here.alice, f"{here.page}/team/{here.north.id}/slutt", to_on="2026-11-01")
    assert "Kan ikke være før teamet begynte." in early.text
    assert send(here.alice, f"{here.page}/team/{here.north.id}/slutt", to_on="2026-11-24").status_code == 303


def test_the_page_says_that_the_last_team_stays(here: Municipality) -> None:
    send(here.alice, f"{here.page}/team/{here.north.id}/slutt", to_on="2026-11-23")
    next_day(here)
    next_day(here)
    assert "blir til et annet team har kommet" in here.alice.get(here.page).text


def appoint(person: Person, page: str, staff_id: str) -> TestResponse:
    seq = re.search(r'name="base_seq" value="(\d+)"', person.get(page).text)
    return send(person, f"{page}/primarkontakt", primary_staff_id=staff_id, base_seq=seq[1] if seq else "0")


def test_the_primary_contact_is_somebody_of_a_team_that_follows(here: Municipality) -> None:
    form = here.alice.get(here.page).text.split('name="primary_staff_id"')[1].split("</select>")[0]
    assert here.bob.id in form
    assert here.sara.id not in form
    assert appoint(here.alice, here.page, here.bob.id).status_code == 303
    assert "primærkontakt: Bob" in here.alice.get(here.page).text
    refused = appoint(here.alice, here.page, here.sara.id)
    assert refused.status_code == 422
    assert 'id="primar-primary_staff_id-error"' in refused.text
    assert "primærkontakt: Bob" in here.alice.get(here.page).text
    assert appoint(here.alice, here.page, "").status_code == 303
    assert "ingen primærkontakt" in here.alice.get(here.page).text


def test_no_primary_contact_from_a_team_that_does_not_follow(here: Municipality) -> None:
    """Also not somebody who shares another team with whoever says so."""
    both = here.world.staff("leader", here.north, here.south, name="Dina")
    seq = both.sync()["changes"]
    base = max(one["seq"] for one in seq if one["id"] == here.kari)
    body = {"base_seq": base, "fields": {"primary_staff_id": here.sara.id}}
    verdict = both.judged("client_updated", body, client=here.kari)
    assert (verdict["verdict"], verdict["code"]) == ("rejected", "unknown_reference")
    assert verdict["field"] == "body.fields.primary_staff_id"
    new = both.entry("client_registered", {"name": "Ny", "team_id": here.north.id, "primary_staff_id": here.sara.id},
                     client="01890000-0000-7000-8000-00000000000a")  # fmt: skip
    assert both.sync(new)["results"][0]["field"] == "body.primary_staff_id"


def test_a_primary_contact_whose_team_has_left_is_pointed_out(here: Municipality) -> None:
    appoint(here.alice, here.page, here.bob.id)
    form = {"team_id": here.south.id, "from_on": "2026-11-23", "ends_team_id": here.north.id, "basis": "same_service"}
    send(here.alice, f"{here.page}/team", **form)
    next_day(here)
    assert "Primærkontakten, Bob, arbeider ikke i noe team som følger brukeren" in here.sara.get(here.page).text


def test_the_timeline_names_the_team_the_field_and_the_person(here: Municipality) -> None:
    appoint(here.alice, here.page, here.bob.id)
    send(here.alice, f"{here.page}/team", team_id=here.south.id, from_on="2026-11-25", basis="same_service")
    send(here.alice, f"{here.page}/team/{here.north.id}/slutt", to_on="2026-11-24")
    here.alice.log("client_updated", {"base_seq": 0, "fields": {"phone": "900 00 001"}}, client=here.kari)
    here.alice.log("contact_interval_set", {"days": 7}, client=here.kari)
    line = here.alice.get(here.page).text.split('class="timeline"')[1]
    for words in ("FACT Sør følger fra 25. nov.", "FACT Nord følger til og med 24. nov.", "Primærkontakt: Bob",
                  "Nytt: telefon.", "Hver 7. dag."):  # fmt: skip
        assert words in line, words

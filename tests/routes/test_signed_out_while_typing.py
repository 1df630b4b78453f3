"""A form at the office sent after the session has ended: nothing is saved, nothing is lost, and it is its writer's."""

import html
import re
import uuid

import pytest
from werkzeug.test import TestResponse

from tests._world import PASSWORD, Person, World

WORDS = "Snakket med boligkontoret.\nDe venter til fredag."


@pytest.fixture
def rent(alice: Person) -> str:
    case = str(uuid.uuid4())
    alice.log("rent_problem_reported", {}, client=alice.register("Aina R."), case=case)
    return f"/kontor/saker/{case}"


def send(person: Person, path: str, **form: str) -> TestResponse:
    return person.http.post(path, data=form, headers={"Referer": f"https://sett.example{path}"})


def sign_in(person: Person, page: str, username: str) -> TestResponse:
    hidden = {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }
    return person.http.post("/logg-inn", data=hidden | {"username": username, "password": PASSWORD})


def test_the_words_come_back_to_the_form_they_were_typed_in(world: World, alice: Person, rent: str) -> None:
    world.clock.shift(hours=15)
    asked = send(alice, rent, note=WORDS, plan="nav_management")
    assert asked.status_code == 401
    assert "Logg inn igjen" in asked.text
    back = sign_in(alice, asked.text, alice.username)
    assert back.status_code == 200
    assert f'data-page="{rent}"' in back.text
    assert f'data-to="{rent}"' in back.text
    assert html.escape(WORDS.splitlines()[0]) in back.text
    assert "nav_management" in back.text
    assert "Snakket med boligkontoret" not in alice.get(rent).text, "nothing was saved"


def test_a_mistyped_password_loses_nothing(world: World, alice: Person, rent: str) -> None:
    world.clock.shift(hours=15)
    asked = send(alice, rent, note=WORDS)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    wrong = alice.http.post("/logg-inn", data=hidden | {"username": alice.username, "password": "galt"})
    assert wrong.status_code == 401
    assert "Snakket med" in sign_in(alice, wrong.text, alice.username).text


def test_whoever_else_signs_in_gets_nothing_of_it(world: World, alice: Person, rent: str) -> None:
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    world.clock.shift(hours=15)
    asked = send(alice, rent, note=WORDS)
    other = sign_in(alice, asked.text, bob.username)
    assert other.status_code == 302
    assert "Snakket" not in other.text


def test_what_was_carried_cannot_be_made_up_and_does_not_last(world: World, alice: Person, rent: str) -> None:
    world.clock.shift(hours=15)
    asked = send(alice, rent, note=WORDS)
    changed = re.sub(r'(name="skjema" value=")..', r"\1XX", asked.text)
    assert "Snakket" not in sign_in(alice, changed, alice.username).text
    alice.http.post("/logg-ut")
    world.clock.shift(hours=2)
    assert "Snakket" not in sign_in(alice, asked.text, alice.username).text


@pytest.mark.engines("sqlite")
def test_every_form_of_the_office_is_carried(world: World, alice: Person, rent: str) -> None:
    """Whatever the route: it is done before any route runs."""
    world.clock.shift(hours=15)
    team = alice.teams[0].id
    paths = (f"/kontor/vakt?team={team}", f"/kontor/team/{team}/apningstid", "/admin/team",
             f"/kontor/varsler/{uuid.uuid4()}/avslutt", f"/kontor/bruker/{uuid.uuid4()}/lenker")  # fmt: skip
    for path in paths:
        page = send(alice, path, name="Uteteamet", reason="Skrevet lenge på dette").text
        assert "Skrevet lenge" in sign_in(alice, page, alice.username).text, path
        world.clock.shift(hours=15)


def test_a_page_that_is_only_asked_for_leads_back_to_itself(world: World, alice: Person, rent: str) -> None:
    world.clock.shift(hours=15)
    assert alice.get(rent).location == f"/logg-inn?neste={rent.replace('/', '%2F')}"

"""`/admin`: teams, people, codes and ended access, without a word about clients."""

import re
import uuid

import pytest

from tests._client import CheckedClient
from tests._world import Person, World


@pytest.fixture
def ada(world: World) -> Person:
    return world.staff("admin", name="Ada", phone=False)


def code_in(page: str) -> str:
    found = re.search(r'class="code-text">([^<]+)<', page)
    assert found
    return found[1]


def test_a_new_person_gets_a_code_once_and_chooses_a_password_with_it(world: World, ada: Person) -> None:
    team = world.team("FACT Nord")
    form = {"name": "Bob Berg", "username": "bob", "role": "fieldworker", "team_id": team.id}
    code = code_in(ada.http.post("/admin/ansatte", data=form).text)
    assert code not in ada.get("/admin").text
    somebody = CheckedClient.of(world.app)
    entry = {"username": "bob", "code": code, "password": "en lang og god setning"}
    assert somebody.post("/kom-i-gang", data=entry).status_code == 302
    assert somebody.get("/kontor/team").status_code == 200


def test_a_taken_username_is_refused_and_nothing_typed_is_lost(world: World, ada: Person) -> None:
    team = world.team("FACT Nord")
    form = {"name": "Ada to", "username": ada.username, "role": "leader", "team_id": team.id}
    answer = ada.http.post("/admin/ansatte", data=form)
    assert answer.status_code == 422
    assert "er i bruk" in answer.text
    assert 'value="Ada to"' in answer.text
    assert f'value="{team.id}" checked' in answer.text


def test_a_team_is_added_and_listed(ada: Person) -> None:
    page = ada.http.post("/admin/team", data={"name": "Uteteamet", "kind": "outreach"}, follow_redirects=True).text
    assert "Lagt til." in page
    assert "Uteteamet" in page
    assert ada.http.post("/admin/team", data={"name": "", "kind": "outreach"}).status_code == 422
    assert ada.http.post("/admin/team", data={"name": "X", "kind": "noe"}).status_code == 422


def test_a_name_longer_than_anybodys_is_refused_beside_what_was_typed(ada: Person) -> None:
    assert ada.http.post("/admin/team", data={"name": "x" * 101, "kind": "outreach"}).status_code == 422
    person = {"name": "x" * 101, "username": "bob", "role": "fieldworker"}
    refused = ada.http.post("/admin/ansatte", data=person)
    assert refused.status_code == 422
    assert "høyst 100 tegn" in refused.text


def test_ended_access_ends_at_once(world: World, ada: Person) -> None:
    bob = world.staff("fieldworker", world.team(), name="Bob")
    page = ada.http.post(f"/admin/ansatte/{bob.id}/avslutt", follow_redirects=True).text
    assert "Tilgangen er avsluttet." in page
    assert bob.get("/api/session").status_code == 401
    assert ada.http.post(f"/admin/ansatte/{bob.id}/kode").status_code == 404


def test_an_administrator_does_not_lock_herself_out(ada: Person) -> None:
    assert ada.http.post(f"/admin/ansatte/{ada.id}/avslutt").status_code == 422
    assert ada.get("/admin").status_code == 200


def test_a_new_code_puts_the_old_one_out_of_use(world: World, ada: Person) -> None:
    bob = world.staff("fieldworker", world.team(), name="Bob")
    first, second = (code_in(ada.http.post(f"/admin/ansatte/{bob.id}/kode").text) for _ in range(2))
    somebody = CheckedClient.of(world.app)
    answers = [
        somebody.post(
            "/kom-i-gang", data={"username": bob.username, "code": code, "password": "en lang og god setning"}
        )
        for code in (first, second)
    ]
    assert [answer.status_code for answer in answers] == [401, 302]


def test_whoever_does_not_exist_has_no_access_to_end(ada: Person) -> None:
    assert ada.http.post(f"/admin/ansatte/{uuid.uuid4()}/avslutt").status_code == 404


def test_no_client_is_ever_named_here(world: World, ada: Person) -> None:
    alice = world.staff("leader", world.team(), name="Alice")
    alice.register("Kari L.")
    assert "Kari" not in ada.get("/admin").text

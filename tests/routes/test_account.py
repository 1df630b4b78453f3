"""The pages about oneself."""

import dataclasses
import re

import pytest
from flask import Flask
from markupsafe import escape

from fieldapp.db import Database
from fieldapp.services.people import accounts
from tests._client import CheckedClient
from tests._push_service import PushService
from tests._world import PASSWORD, World


def sign_in(client: CheckedClient, username: str, password: str = PASSWORD, **form: str):
    return client.post("/logg-inn", data={"username": username, "password": password} | form)


@pytest.mark.parametrize(("role", "home"), [("leader", "/kontor"), ("fieldworker", "/felt"), ("admin", "/admin")])
def test_signing_in_leads_to_where_the_person_works(world: World, client: CheckedClient, role: str, home: str) -> None:
    person = world.staff(role, phone=False)
    answer = sign_in(client, person.username)
    assert (answer.status_code, answer.location) == (302, home)
    assert client.get("/").location == home


def test_the_start_page_of_somebody_unknown_is_the_phone_app(world: World, client: CheckedClient) -> None:
    world.staff("admin", phone=False)
    assert client.get("/").location == "/felt"


def test_a_wrong_password_keeps_the_name_and_says_why(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    answer = sign_in(client, alice.username, "wrong")
    assert answer.status_code == 401
    assert "Feil brukernavn eller passord." in answer.text
    assert f'value="{alice.username}"' in answer.text
    assert "wrong" not in answer.text


def test_the_page_one_came_for_is_where_one_ends_up(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    asked = client.get("/konto?x=1")
    assert asked.status_code == 302
    assert asked.location == "/logg-inn?neste=%2Fkonto%3Fx%3D1"
    assert 'value="/konto?x=1"' in client.get(asked.location).text
    assert sign_in(client, alice.username, neste="/konto?x=1").location == "/konto?x=1"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\tb", "felt"])
@pytest.mark.engines("sqlite")
def test_nobody_is_led_off_the_site(world: World, client: CheckedClient, elsewhere: str) -> None:
    alice = world.staff("leader", phone=False)
    assert sign_in(client, alice.username, neste=elsewhere).location == "/kontor"


def test_a_live_page_is_told_that_the_session_is_over_and_is_not_led_away(client: CheckedClient) -> None:
    """Somebody may be typing on it; the page itself asks to sign in (static/js/office.js)."""
    answer = client.get("/konto", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


def test_mine_enheter_lists_where_i_am_signed_in_and_ends_it(world: World, client: CheckedClient) -> None:
    alice = world.staff("fieldworker", world.team(), name="Alice <b>Berg</b>")
    sign_in(client, alice.username)
    page = client.get("/konto").text
    assert "Alice &lt;b&gt;Berg&lt;/b&gt;s telefon" in page
    assert page.count("Avslutt her") == 1
    end = re.search(r'action="(/konto/enheter/[^"]+/avslutt)"', page)
    assert end is not None
    assert client.post(end[1]).status_code == 302
    assert alice.get("/api/session").status_code == 401
    assert client.get("/konto").status_code == 200


def test_nobody_ends_the_device_of_another(world: World) -> None:
    team = world.team()
    alice, mallory = world.staff("fieldworker", team), world.staff("fieldworker", team, phone=False)
    other = CheckedClient.of(world.app)
    sign_in(other, alice.username)
    end = re.search(r'action="(/konto/enheter/[^"]+/avslutt)"', other.get("/konto").text)
    assert end is not None
    assert mallory.http.post(end[1]).status_code == 302
    assert alice.get("/api/session").status_code == 200


def test_signing_out_of_the_pages(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    sign_in(client, alice.username)
    assert client.post("/logg-ut").location == "/logg-inn"
    assert client.get("/konto").status_code == 302


def test_the_language_follows_the_person(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    sign_in(client, alice.username)
    assert '<html lang="nb"' in client.get("/konto").text
    assert client.post("/konto/sprak", data={"language": "nn"}).status_code == 302
    assert "Einingane mine" in client.get("/konto").text
    assert client.get("/api/finnes-ikke").get_json()["message"].startswith("Vi fann ikkje")
    assert client.post("/konto/sprak", data={"language": "xx"}).status_code == 422
    client.post("/logg-ut")
    assert "Brukarnamn" in client.get("/logg-inn").text


def test_choosing_a_first_password_on_the_page(world: World, client: CheckedClient) -> None:
    with world.database.transaction() as session:
        code = accounts.add_staff(session, "bob", "Bob", "peer", [], None, world.clock.now()).enrolment_code
    form = {"username": "bob", "code": "AAAA", "password": "en hel setning"}
    assert "Koden er feil" in client.post("/kom-i-gang", data=form).text
    assert client.post("/kom-i-gang", data=form | {"code": code}).location == "/felt"


def test_the_sign_in_page_slows_guessing_down_too(client: CheckedClient) -> None:
    answers = [sign_in(client, "nobody") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "Retry-After" in answers[-1].headers


# --- how alerts come ----------------------------------------------------------------------------------------------


def test_my_account_says_how_alerts_reach_me(world: World, push_service: PushService) -> None:
    alice = world.staff("fieldworker", world.team())
    assert "Ingen telefon tar imot push" in alice.get("/konto").text
    alice.subscribe(push_service)
    page = alice.get("/konto").text
    assert "Push på én telefon" in page
    assert "Ingen SMS eller oppringing" in page
    assert "E-post for varsler" not in page, "an installation that sends none does not ask for an address"


@pytest.fixture
def sends_email(app: Flask) -> None:
    """The installation has a mail server."""
    settings = dataclasses.replace(app.extensions["settings"], smtp_url="smtp://mail.example")
    app.extensions["db"].dispose()
    app.extensions["settings"], app.extensions["db"] = settings, Database(settings)


def test_i_choose_where_e_mail_goes_and_that_it_goes_nowhere(sends_email: None, world: World) -> None:
    alice = world.staff("fieldworker", world.team())
    assert alice.http.post("/konto/epost", data={"email": " alice@kommune.example "}).location == "/konto"
    assert "E-post til alice@kommune.example" in alice.get("/konto").text
    alice.http.post("/konto/epost", data={"email": ""})
    assert "Ingen e-post" in alice.get("/konto").text


@pytest.mark.parametrize(
    "wrong", ["alice", "a b@c.no", "a@b", "<a@b.no>", "a@b.no, c@d.no", "ø@b.no", "a" * 250 + "@b.no"]
)
@pytest.mark.engines("sqlite")
def test_what_is_no_address_is_said_so_and_not_kept(sends_email: None, world: World, wrong: str) -> None:
    alice = world.staff("fieldworker", world.team())
    answer = alice.http.post("/konto/epost", data={"email": wrong})
    assert answer.status_code == 422
    assert "E-postadressen må se ut som navn@eksempel.no." in answer.text
    assert str(escape(wrong)) in answer.text
    assert "Ingen e-post" in alice.get("/konto").text


@pytest.mark.engines("sqlite")
def test_every_role_finds_its_pages_from_its_own(world: World) -> None:
    """A page that nothing leads to is not there: each role's own page links to what it works with."""
    team = world.team()
    wanted = {
        "fieldworker": ("/kontor", "/kontor/nodtilgang"),
        "leader": ("/kontor", "/kontor/bekreft", "/kontor/logg", "/kontor/nodtilgang"),
        "landlord": ("/felt", "/kontor/delt"),
        "privacy": ("/kontor/logg", "/kontor/nodtilgang/spurt"),
        "admin": ("/admin",),
        "peer": ("/felt",),
    }
    for role, paths in wanted.items():
        person = world.staff(role, team)
        page = person.get("/konto").text
        for path in paths:
            assert f'href="{path}"' in page, (role, path)
            assert person.get(path).status_code == 200, (role, path)

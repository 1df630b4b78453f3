"""Fixation, replay and theft of sessions: what a token is worth before, elsewhere and afterwards, whatever way one
signs in, and how soon an ended access is over everywhere."""

from collections.abc import Callable

import pytest

from fieldapp.models import LoginSession
from fieldapp.services.people import accounts
from tests._client import CheckedClient
from tests._world import PASSWORD, Person, World

pytestmark = pytest.mark.engines("sqlite")

COOKIE = "__Host-sett"
NEW = "en helt ny setning å huske"


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("fieldworker", world.team(), name="Bob")


def token_of(client: CheckedClient) -> str:
    cookie = client.get_cookie(COOKIE, domain="sett.example")
    return cookie.value if cookie else ""


def with_token(world: World, token: str) -> CheckedClient:
    thief = CheckedClient.of(world.app)
    thief.set_cookie(COOKIE, token, domain="sett.example", secure=True)
    return thief


def is_in(client: CheckedClient) -> bool:
    return client.get("/api/session").status_code == 200


def by_form(client: CheckedClient, username: str) -> None:
    assert client.post("/logg-inn", data={"username": username, "password": PASSWORD}).status_code == 302


def by_machine(client: CheckedClient, username: str) -> None:
    assert client.post("/api/session", json={"username": username, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("sign_in", [by_form, by_machine])
def test_a_token_of_before_the_sign_in_is_worthless(
    world: World, bob: Person, client: CheckedClient, sign_in: Callable[[CheckedClient, str], None]
) -> None:
    planted = "planted-by-somebody-else"
    client.set_cookie(COOKIE, planted, domain="sett.example", secure=True)
    sign_in(client, bob.username)
    assert token_of(client) != planted
    assert not is_in(with_token(world, planted))


def test_an_anonymous_page_gives_no_token_to_fix(client: CheckedClient) -> None:
    client.get("/logg-inn")
    client.get("/logg-inn/passnokkel")
    assert token_of(client) == ""


def test_whose_session_is_open_in_a_browser_is_not_whose_the_next_is(
    world: World, bob: Person, client: CheckedClient
) -> None:
    mallory = world.staff("fieldworker", world.team(), name="Mallory", phone=False)
    by_form(client, mallory.username)
    planted = token_of(client)
    by_form(client, bob.username)
    thief = with_token(world, planted)
    assert token_of(client) != planted
    assert thief.get("/api/session").get_json()["staff"]["name"] == "Mallory", "her own, and no more"


def test_a_token_is_not_in_the_database(world: World, bob: Person, client: CheckedClient) -> None:
    by_form(client, bob.username)
    with world.database.reading() as session:
        rows = session.query(LoginSession).all()
    assert all(token_of(client).encode() not in row.token_hash for row in rows)


def test_a_stolen_token_ends_with_its_owners_sign_out(world: World, bob: Person, client: CheckedClient) -> None:
    by_form(client, bob.username)
    thief = with_token(world, token_of(client))
    assert is_in(thief)
    client.post("/logg-ut")
    assert not is_in(thief)


def the_owner_ends_the_device(world: World, bob: Person) -> None:
    with world.database.reading() as session:
        (session_id,) = session.query(LoginSession.id).filter(LoginSession.device_id.is_(None)).one()
    assert bob.http.post(f"/konto/enheter/{session_id}/avslutt").status_code == 302


def the_owner_changes_the_password(world: World, bob: Person) -> None:
    assert bob.http.post("/konto/passord", data={"now": PASSWORD, "new": NEW}).status_code == 303


def the_leader_makes_a_code(world: World, bob: Person) -> None:
    team = bob.teams[0]
    mona = world.staff("leader", team, name="Mona", phone=False)
    assert mona.http.post(f"/kontor/team/ansatte/{bob.id}/kode").status_code == 200


def the_employment_ends(world: World, bob: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())


@pytest.mark.parametrize(
    "deed",
    [the_owner_ends_the_device, the_owner_changes_the_password, the_leader_makes_a_code, the_employment_ends],
)
def test_a_stolen_token_is_over_with_the_next_request(
    world: World, bob: Person, client: CheckedClient, deed: Callable[[World, Person], None]
) -> None:
    """Well within the 5 seconds: sessions are rows, and every request looks its own up."""
    by_form(client, bob.username)
    thief = with_token(world, token_of(client))
    assert is_in(thief)
    deed(world, bob)
    for path in ("/api/session", "/api/alerts"):
        assert thief.get(path).status_code == 401, path
    assert thief.get("/kontor").status_code == 302
    assert thief.post("/api/sync", json=bob.sync_request()).status_code == 401


def test_a_token_that_ran_out_opens_nothing_again(world: World, bob: Person, client: CheckedClient) -> None:
    by_form(client, bob.username)
    token = token_of(client)
    world.clock.shift(hours=14, seconds=1)
    assert not is_in(with_token(world, token))
    by_form(client, bob.username)
    assert not is_in(with_token(world, token)), "a new sign-in does not lengthen the old one"

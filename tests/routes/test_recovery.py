"""Changing one's own password, and the code a leader makes for somebody who has forgotten theirs."""

import re
from urllib.parse import quote

import pytest
import segno

from fieldapp.models import Staff
from fieldapp.services.people import accounts, sessions
from tests._client import CheckedClient
from tests._world import PASSWORD, Person, TeamOfWorld, World

NEW = "en helt ny setning å huske"


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


@pytest.fixture
def mona(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Mona", phone=False)


def make_code(by: Person, of: Person) -> str:
    answer = by.http.post(f"/kontor/team/ansatte/{of.id}/kode")
    assert answer.status_code == 200, answer.text
    found = re.search(r'class="code-text">([^<]+)<', answer.text)
    assert found
    return found[1]


def sign_in(client: CheckedClient, person: Person, password: str) -> int:
    return client.post("/api/session", json={"username": person.username, "password": password}).status_code


def enrol(client: CheckedClient, person: Person, code: str, password: str = NEW) -> int:
    told = {"username": person.username, "code": code, "password": password}
    return client.post("/api/enrolment", json=told).status_code


def test_a_code_ends_what_was_before_it_at_once(world: World, mona: Person, bob: Person, client: CheckedClient) -> None:
    visit = bob.entry("follow_up_ended", {"reason": "other"}, author_id=bob.id)
    code = make_code(mona, bob)
    assert bob.get("/api/session").status_code == 401
    assert sign_in(client, bob, PASSWORD) == 401, "also before the code is used"
    assert enrol(client, bob, code) == 200
    assert enrol(CheckedClient.of(world.app), bob, code) == 401
    assert sign_in(CheckedClient.of(world.app), bob, NEW) == 200
    # What waits on the phone still gets in under his name.
    proof = [{"staff_id": bob.id, "key": bob.delivery_key}]
    (result,) = bob.sync(visit, deliver_for=proof)["results"]
    assert result.get("code") != "author_unproven"


def test_the_person_and_the_leader_are_told(world: World, mona: Person, bob: Person) -> None:
    ada = world.staff("admin", name="Ada", phone=False)
    assert bob.get("/api/session").get_json()["account_news"] is False
    page = ada.http.post(f"/admin/ansatte/{bob.id}/kode").text
    code = re.search(r'class="code-text">([^<]+)<', page)
    assert code
    assert "Ada laget en engangskode" in mona.get("/kontor/team").text
    assert enrol(bob.http, bob, code[1]) == 200
    assert bob.get("/api/session").get_json()["account_news"] is True
    assert "Nytt om kontoen din" in bob.get("/kontor").text
    page = bob.get("/konto").text
    assert "Ada laget en engangskode" in page
    assert "Nytt passord valgt med engangskode" in page
    assert "Jeg har sett det" in page
    assert bob.http.post("/konto/sett").status_code == 303
    assert bob.get("/api/session").get_json()["account_news"] is False
    page = bob.get("/konto").text
    assert "Jeg har sett det" not in page
    assert "Ada laget en engangskode" in page, "in the history for good"


def test_the_code_is_a_picture_too_whose_secret_no_server_is_sent(
    world: World, mona: Person, team: TeamOfWorld
) -> None:
    kari = world.staff("fieldworker", team, name="Kåre", phone=False)
    page = mona.http.post(f"/kontor/team/ansatte/{kari.id}/kode").text
    code = re.search(r'class="code-text">([^<]+)<', page)
    assert code
    address = f"https://sett.example/kom-i-gang#bruker={quote(kari.username)}&kode={code[1]}"
    drawn = segno.make_qr(address, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    for path in re.findall(r"<path[^>]+>", drawn):
        assert path in page
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert "style" not in picture
    assert code[1] not in picture


def test_the_leader_sees_who_made_the_code_and_when_after_it_is_used(
    world: World, mona: Person, bob: Person, client: CheckedClient
) -> None:
    code = make_code(mona, bob)
    world.clock.shift(hours=1)
    assert enrol(client, bob, code) == 200
    page = mona.get("/kontor/team").text
    assert "Mona laget en engangskode 23. nov. kl. 10.00" in page
    assert "Nytt passord valgt med engangskode 23. nov. kl. 11.00" in page


def test_a_leader_makes_codes_that_open_nothing_the_leader_has_not(
    world: World, mona: Person, team: TeamOfWorld
) -> None:
    elsewhere = world.team("Natt")
    refused = [
        world.staff("leader", team, phone=False),
        world.staff("fieldworker", team, elsewhere, phone=False),
        world.staff("privacy", team, phone=False),
        world.staff("admin", team, phone=False),
        mona,
    ]
    unseen = [world.staff("fieldworker", elsewhere, phone=False), world.staff("admin", phone=False)]
    statuses = [mona.http.post(f"/kontor/team/ansatte/{one.id}/kode").status_code for one in [*refused, *unseen]]
    assert statuses == [403] * len(refused) + [404] * len(unseen)
    assert mona.http.post(f"/kontor/team/ansatte/{team.id}/kode").status_code == 404
    for one in (*refused, *unseen):
        assert one.get("/api/session").status_code == 200
    for role in ("fieldworker", "peer", "landlord"):
        make_code(mona, world.staff(role, team, phone=False))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", ["fieldworker", "peer", "landlord", "admin", "privacy"])
def test_nobody_but_leaders_makes_codes(world: World, bob: Person, team: TeamOfWorld, role: str) -> None:
    somebody = world.staff(role, team, phone=False)
    assert somebody.http.post(f"/kontor/team/ansatte/{bob.id}/kode").status_code == 403
    assert "Lag engangskode" not in somebody.get("/kontor/team").text


def test_ones_own_password_ends_every_other_session(world: World, bob: Person, client: CheckedClient) -> None:
    assert sign_in(client, bob, PASSWORD) == 200
    answer = bob.http.post("/konto/passord", data={"now": PASSWORD, "new": NEW}, follow_redirects=True)
    assert "Passordet er byttet." in answer.text
    assert bob.get("/api/session").status_code == 200
    assert client.get("/api/session").status_code == 401
    assert sign_in(client, bob, PASSWORD) == 401
    assert sign_in(client, bob, NEW) == 200
    assert "Passordet ble byttet" in client.get("/konto").text


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("now", "new", "said"),
    [
        ("feil", NEW, "stemmer ikke"),
        (PASSWORD, "kort", "minst 12 tegn"),
        (PASSWORD, "x" * 1001, "høyst 1000 tegn"),
        (PASSWORD, "123456789012", "lett å gjette"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "lett å gjette"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(
    world: World, bob: Person, now: str, new: str, said: str
) -> None:
    answer = bob.http.post("/konto/passord", data={"now": now, "new": new})
    assert answer.status_code == 422
    assert said in answer.text
    assert sign_in(CheckedClient.of(world.app), bob, PASSWORD) == 200


@pytest.mark.engines("sqlite")
def test_guesses_of_ones_present_password_are_slowed_down(bob: Person) -> None:
    wrong = {"now": "feil", "new": NEW}
    statuses = [bob.http.post("/konto/passord", data=wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.engines("sqlite")
def test_a_clock_set_back_opens_no_session_again(world: World, mona: Person, bob: Person) -> None:
    make_code(mona, bob)
    world.clock.shift(minutes=-30)
    assert bob.get("/api/session").status_code == 401


def test_a_person_has_so_many_sessions_and_the_oldest_ends(world: World, bob: Person) -> None:
    with world.database.transaction() as session:
        staff_id = session.query(Staff.id).filter_by(username=bob.username).scalar()
        tokens = [
            sessions.open_session(session, staff_id, "", world.clock.now()) for _ in range(sessions.MOST_PER_PERSON)
        ]
        assert all(sessions.find(session, token, world.clock.now()) for token in tokens)
    assert bob.get("/api/session").status_code == 401
    with world.database.reading() as session:
        rows = session.query(sessions.LoginSession).filter_by(staff_id=staff_id).count()
    assert rows <= sessions.MOST_PER_PERSON + 1, "the phone's own row stays, to sign out with"
    bob.sign_out()


@pytest.mark.engines("sqlite")
def test_a_first_password_is_no_news_to_worry_about(world: World, client: CheckedClient) -> None:
    with world.database.transaction() as session:
        added = accounts.add_staff(session, "eva", "Eva", "fieldworker", [], None, world.clock.now())
    told = {"username": "eva", "code": added.enrolment_code, "password": NEW}
    assert client.post("/api/enrolment", json=told).status_code == 200
    assert client.get("/api/session").get_json()["account_news"] is False

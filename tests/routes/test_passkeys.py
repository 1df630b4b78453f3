"""Passkeys: made under Min konto, used at /logg-inn, and what an attacker may try with them."""

import json
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from fieldapp.models import Passkey, Staff
from fieldapp.services.people import accounts
from tests._authenticator import Authenticator
from tests._client import CheckedClient
from tests._world import PASSWORD, Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

NEW = "en helt ny setning å huske"


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


def begin(by: Person, password: str = PASSWORD, name: str = "jobbtelefonen") -> TestResponse:
    return by.http.post("/konto/passnokler/ny", data={"name": name, "now": password})


def add(by: Person, key: Authenticator, name: str = "jobbtelefonen") -> TestResponse:
    answer = key.make(begin(by, name=name).get_json())
    return by.http.post("/konto/passnokler", data={"name": name, "answer": answer})


@pytest.fixture
def key(bob: Person) -> Authenticator:
    """Bob's."""
    key = Authenticator()
    assert add(bob, key).status_code == 303
    return key


def options(client: CheckedClient) -> dict:
    answer = client.get("/logg-inn/passnokkel")
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict = answer.get_json()
    return told


def send(client: CheckedClient, answer: str, **form: str) -> TestResponse:
    return client.post("/logg-inn/passnokkel", data={"answer": answer} | form)


def sign_in(client: CheckedClient, key: Authenticator) -> TestResponse:
    return send(client, key.sign(options(client)))


def is_in(client: CheckedClient) -> bool:
    return client.get("/api/session").status_code == 200


def refused(answer: TestResponse) -> bool:
    return answer.status_code == 401 and "Passnøkkelen ble ikke godtatt" in answer.text


# --- as it is meant -----------------------------------------------------------------------------------------------


def test_a_passkey_signs_its_owner_in(bob: Person, key: Authenticator, client: CheckedClient) -> None:
    asked = options(client)
    assert asked["userVerification"] == "required"
    assert asked["allowCredentials"] == [], "nobody learns whose passkeys there are"
    answer = send(client, key.sign(asked), neste="/konto")
    assert (answer.status_code, answer.location) == (302, "/konto")
    assert client.get("/api/session").get_json()["staff"]["id"] == bob.id
    page = client.get("/konto").text
    assert "jobbtelefonen" in page
    assert "sist brukt" in page
    assert "En passnøkkel ble lagt til" in page


def test_a_new_passkey_is_news_to_the_person(bob: Person, key: Authenticator) -> None:
    assert bob.get("/api/session").get_json()["account_news"] is True


def test_making_one_asks_for_what_a_phone_must_do(bob: Person, key: Authenticator) -> None:
    asked = begin(bob).get_json()
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["rp"] == {"name": "Sett", "id": "sett.example"}
    assert len(asked["excludeCredentials"]) == 1


def test_an_open_screen_alone_makes_no_passkey(bob: Person) -> None:
    answer = begin(bob, "feil passord")
    assert (answer.status_code, answer.get_json()["message"]) == (422, "Passordet du har nå, stemmer ikke.")
    statuses = [begin(bob, "feil passord").status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u200b"])
def test_a_passkey_needs_a_name(bob: Person, name: str) -> None:
    assert begin(bob, name=name).status_code == 422


def test_what_was_typed_at_the_office_comes_along(world: World, team: TeamOfWorld, client: CheckedClient) -> None:
    mona = world.staff("leader", team, name="Mona")
    key = Authenticator()
    add(mona, key)
    world.clock.shift(hours=15)
    page = mona.http.post(f"/kontor/team/{team.id}/vakttelefon", data={"duty_phone": "400 00 000"})
    assert page.status_code == 401
    carried = re.search(r'id="passkey".*?name="skjema" value="([^"]+)"', page.text, re.DOTALL)
    assert carried
    answer = send(mona.http, key.sign(options(mona.http)), skjema=carried[1])
    assert answer.status_code == 200
    assert "400 00 000" in answer.text


# --- taken away ---------------------------------------------------------------------------------------------------


def removal(by: Person) -> str:
    found = re.search(r'action="(/konto/passnokler/[^"]+/fjern)"', by.get("/konto").text)
    assert found
    return found[1]


def test_a_removed_passkey_signs_nobody_in(bob: Person, key: Authenticator, client: CheckedClient) -> None:
    assert bob.http.post(removal(bob)).status_code == 303
    assert refused(sign_in(client, key))
    assert not is_in(client)
    assert "En passnøkkel ble fjernet" in bob.get("/konto").text


def test_nobody_removes_anothers_passkey(
    world: World, team: TeamOfWorld, bob: Person, key: Authenticator, client: CheckedClient
) -> None:
    mallory = world.staff("leader", team, phone=False)
    assert mallory.http.post(removal(bob)).status_code == 303
    assert sign_in(client, key).status_code == 302


def test_the_last_way_to_sign_in_is_not_removed(world: World, bob: Person, key: Authenticator) -> None:
    with world.database.transaction() as session:
        session.query(Staff).filter_by(username=bob.username).one().password_hash = None
    answer = bob.http.post(removal(bob))
    assert answer.status_code == 422
    assert "siste måten du kan logge inn på" in answer.text
    with world.database.reading() as session:
        assert session.query(Passkey).count() == 1


def new_code(world: World, bob: Person) -> None:
    with world.database.transaction() as session:
        staff_id = session.query(Staff.id).filter_by(username=bob.username).scalar()
        accounts.new_enrolment_code(session, staff_id, world.clock.now())


def new_password(world: World, bob: Person) -> None:
    assert bob.http.post("/konto/passord", data={"now": PASSWORD, "new": NEW}).status_code == 303


def end(world: World, bob: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())


def end_by_hand(world: World, bob: Person) -> None:
    """The employment over, and the passkey there all the same."""
    with world.database.transaction() as session:
        session.query(Staff).filter_by(username=bob.username).one().ended_at = world.clock.now()


@pytest.mark.parametrize("deed", [new_code, new_password, end, end_by_hand])
def test_what_ends_an_access_ends_its_passkeys(
    world: World, bob: Person, key: Authenticator, client: CheckedClient, deed: Callable[[World, Person], None]
) -> None:
    deed(world, bob)
    assert refused(sign_in(client, key))
    assert not is_in(client)


def test_a_sign_in_begun_before_the_code_is_refused_after_it(
    world: World, bob: Person, key: Authenticator, client: CheckedClient
) -> None:
    answer = key.sign(options(client))
    new_code(world, bob)
    assert refused(send(client, answer))


def test_a_passkey_begun_before_the_code_is_not_added_after_it(world: World, bob: Person) -> None:
    answer = Authenticator().make(begin(bob).get_json())
    new_code(world, bob)
    assert bob.http.post("/konto/passnokler", data={"name": "x", "answer": answer}).status_code == 401
    with world.database.reading() as session:
        assert session.query(Passkey).count() == 0


# --- attacks ------------------------------------------------------------------------------------------------------


def test_an_answer_is_good_once(bob: Person, key: Authenticator, client: CheckedClient) -> None:
    answer = key.sign(options(client))
    assert send(client, answer).status_code == 302
    client.post("/logg-ut")
    assert refused(send(client, answer))
    assert not is_in(client)


def test_an_answer_that_was_stolen_on_its_way_is_good_nowhere_else(
    world: World, key: Authenticator, client: CheckedClient
) -> None:
    answer, thief = key.sign(options(client)), CheckedClient.of(world.app)
    options(thief)
    assert refused(send(thief, answer))
    assert send(client, answer).status_code == 302


def test_nobody_is_signed_in_with_a_challenge_of_another_browser(
    world: World, key: Authenticator, client: CheckedClient
) -> None:
    mallory = CheckedClient.of(world.app)
    options(client)
    assert refused(send(client, key.sign(options(mallory))))


def test_a_challenge_runs_out(world: World, key: Authenticator, client: CheckedClient) -> None:
    answer = key.sign(options(client))
    world.clock.shift(minutes=11)
    assert refused(send(client, answer))


def test_a_challenge_from_before_the_clock_was_set_back_is_refused(
    world: World, key: Authenticator, client: CheckedClient
) -> None:
    answer = key.sign(options(client))
    world.clock.shift(hours=-2)
    assert refused(send(client, answer))


def test_a_challenge_for_signing_in_makes_no_passkey(bob: Person) -> None:
    asked = begin(bob).get_json() | {"challenge": options(bob.http)["challenge"]}
    answer = bob.http.post("/konto/passnokler", data={"name": "x", "answer": Authenticator().make(asked)})
    assert answer.status_code == 422
    assert "tok for lang tid" in answer.text


def test_a_challenge_for_a_new_passkey_signs_nobody_in(bob: Person, key: Authenticator, client: CheckedClient) -> None:
    asked = begin(bob).get_json()
    assert refused(send(bob.http, key.sign(asked)))


LIES: dict[str, Callable[[Authenticator], object]] = {
    "another origin": lambda key: setattr(key, "origin", "https://sett.example.evil"),
    "http": lambda key: setattr(key, "origin", "http://sett.example"),
    "another port": lambda key: setattr(key, "origin", "https://sett.example:444"),
    "another site": lambda key: setattr(key, "rp_id", "evil.example"),
    "no verification": lambda key: setattr(key, "is_verified", False),
    "another key": lambda key: setattr(key, "_key", Authenticator()._key),
    "another person": lambda key: setattr(key, "user_handle", b"x" * 16),
    "unknown": lambda key: setattr(key, "credential_id", b"y" * 32),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_does_not_fit_signs_nobody_in(bob: Person, key: Authenticator, client: CheckedClient, lie: str) -> None:
    LIES[lie](key)
    assert refused(sign_in(client, key))
    assert not is_in(client)


@pytest.mark.parametrize("lie", ["another origin", "another site", "no verification"])
def test_what_does_not_fit_is_not_kept_as_a_passkey(world: World, bob: Person, lie: str) -> None:
    key = Authenticator()
    LIES[lie](key)
    answer = add(bob, key)
    assert answer.status_code == 422
    assert "lot seg ikke lage" in answer.text
    with world.database.reading() as session:
        assert session.query(Passkey).count() == 0


def test_a_passkey_of_somebody_else_is_not_taken_over(
    world: World, team: TeamOfWorld, bob: Person, key: Authenticator, client: CheckedClient
) -> None:
    mallory = world.staff("fieldworker", team, phone=False)
    owner = key.user_handle
    assert add(mallory, key).status_code == 422
    key.user_handle = owner
    assert sign_in(client, key).status_code == 302
    assert client.get("/api/session").get_json()["staff"]["id"] == bob.id


def test_a_copied_passkey_is_refused_and_its_owner_told(
    world: World, bob: Person, key: Authenticator, client: CheckedClient
) -> None:
    for _ in range(3):
        assert sign_in(client, key).status_code == 302
    bob.http.post("/konto/sett")
    key.count = 1  # the copy has signed less often
    copy = CheckedClient.of(world.app)
    assert refused(sign_in(copy, key))
    assert not is_in(copy)
    assert "nøkkelen kan være kopiert" in bob.get("/konto").text
    assert bob.get("/api/session").get_json()["account_news"] is True
    key.count = 3
    assert sign_in(client, key).status_code == 302


def test_a_passkey_that_does_not_count_signs_in_every_time(
    bob: Person, key: Authenticator, client: CheckedClient
) -> None:
    for _ in range(2):
        key.count = -1  # `sign` makes it 0
        assert sign_in(client, key).status_code == 302


@pytest.mark.parametrize("sent", ["", "x", "{}", "[]", "null", '{"id": 1}', "\ud83d", json.dumps({"id": "å" * 9})])
def test_rubbish_is_refused(client: CheckedClient, sent: str) -> None:
    options(client)
    assert refused(send(client, sent.encode("utf-8", "replace").decode()))


def test_rubbish_is_no_passkey(bob: Person) -> None:
    for sent in ("", "x", "{}", "[]"):
        assert bob.http.post("/konto/passnokler", data={"name": "x", "answer": sent}).status_code == 422


def test_guessing_is_slowed_down_and_logged(
    key: Authenticator, client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    key.origin = "https://evil.example"
    statuses = [sign_in(client, key).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert caplog.text.count("'way': 'passkey'") == 6
    assert "bob" not in caplog.text


def test_what_is_signed_in_before_is_worth_nothing_after(key: Authenticator, client: CheckedClient) -> None:
    """Session fixation: whoever planted a token has nothing of the session that follows."""
    client.set_cookie("__Host-sett", "planted", domain="sett.example", secure=True)
    assert sign_in(client, key).status_code == 302
    kept = client.get_cookie("__Host-sett", domain="sett.example")
    assert kept is not None
    assert kept.value != "planted"


def test_where_no_browser_makes_passkeys_nothing_is_offered(bob: Person, client: CheckedClient) -> None:
    assert "passnøkkel" in client.get("/logg-inn").text
    elsewhere = {"base_url": "https://intern.example"}
    assert "passnøkkel" not in client.get("/logg-inn", **elsewhere).text
    assert client.get("/logg-inn/passnokkel", **elsewhere).status_code == 404

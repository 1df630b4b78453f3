"""The municipality's own sign-in, against a real provider on loopback: linked once, and what is not believed."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from fieldapp.channels.oidc import Provider
from fieldapp.errors import AppError
from fieldapp.models import Staff, StaffIdentity
from fieldapp.services.people import accounts
from tests._client import CheckedClient
from tests._oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests._world import PASSWORD, Person, World

pytestmark = pytest.mark.engines("sqlite")

BACK = "https://sett.example/logg-inn/oidc/svar"


@pytest.fixture
def provider(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    """One that asks for the level «high», and an application that knows it."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own: it would refuse plain http
    with OidcProvider(BACK) as provider:
        provider.become_known_to(app, "high", "higher")
        yield provider


@pytest.fixture
def alice(world: World, provider: OidcProvider) -> Person:
    return world.staff("fieldworker", world.team(), name="Alice")


def begin_link(by: Person, password: str = PASSWORD) -> TestResponse:
    return by.http.post("/konto/oidc", data={"now": password})


def address_in(page: TestResponse) -> str:
    found = re.search(r'href="(http://127[^"]+)"', page.text)
    assert found, page.text
    return found[1].replace("&amp;", "&")


def link(by: Person, provider: OidcProvider) -> TestResponse:
    return by.http.get(provider.visit(address_in(begin_link(by))))


@pytest.fixture
def linked(alice: Person, provider: OidcProvider) -> Person:
    assert link(alice, provider).status_code == 303
    return alice


def begin(client: CheckedClient, path: str = "/logg-inn/oidc") -> str:
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return answer.location


def sign_in(client: CheckedClient, provider: OidcProvider) -> TestResponse:
    return client.get(provider.visit(begin(client)))


def is_in(client: CheckedClient) -> bool:
    return client.get("/api/session").status_code == 200


def test_who_has_linked_it_is_signed_in(linked: Person, provider: OidcProvider, client: CheckedClient) -> None:
    assert "Logg inn med Kommunen" in client.get("/logg-inn").text
    answer = client.get(provider.visit(begin(client, "/logg-inn/oidc?neste=/konto")))
    assert (answer.status_code, answer.location) == (302, "/konto")
    page = client.get("/konto").text
    assert "Koblet til" in page
    assert "sist brukt" in page
    assert "Kommunens innlogging ble koblet til" in page
    assert client.get("/api/session").get_json()["account_news"] is True


def test_what_the_issuer_is_asked(linked: Person, provider: OidcProvider, client: CheckedClient) -> None:
    asked = parse_qs(urlsplit(begin(client, "/logg-inn/oidc?neste=/kontor/bruker/x")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["acr_values"] == ["high higher"]
    assert asked["scope"] == ["openid"], "no more than is needed"
    assert asked["redirect_uri"] == [BACK]
    assert {"state", "nonce"} <= set(asked)
    assert "kontor" not in str(asked), "the issuer does not learn where the person was going"


def test_too_low_a_level_is_refused_with_a_sentence(
    linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    for level in ("low", None, "High", ["high"]):
        provider.lies = {"acr": level}
        answer = sign_in(client, provider)
        assert answer.status_code == 403
        assert "for lavt nivå" in answer.text
        assert not is_in(client)
    provider.lies = {"acr": "higher"}
    assert sign_in(client, provider).status_code == 302


def test_nobody_is_known_by_name_or_address(alice: Person, provider: OidcProvider, client: CheckedClient) -> None:
    provider.lies = {"preferred_username": alice.username, "email": f"{alice.username}@kommune.example"}
    answer = sign_in(client, provider)
    assert answer.status_code == 401
    assert "ikke koblet til noen konto" in answer.text
    assert not is_in(client)


def test_an_open_screen_alone_links_nothing(alice: Person) -> None:
    answer = begin_link(alice, "feil passord")
    assert answer.status_code == 422
    assert "Passordet du har nå, stemmer ikke." in answer.text


def test_one_identity_belongs_to_one_person(world: World, linked: Person, provider: OidcProvider) -> None:
    bob = world.staff("fieldworker", world.team(), name="Bob")
    answer = link(bob, provider)
    assert answer.status_code == 422
    assert "koblet til en annen konto" in answer.text


def test_linking_begun_in_one_session_ends_in_no_other(
    world: World, alice: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    """Else somebody could be led to link the attacker's identity to their own account."""
    mallory = world.staff("fieldworker", world.team(), name="Mallory")
    back = provider.visit(address_in(begin_link(mallory)))
    assert alice.http.get(back).status_code == 401
    assert client.get(back).status_code == 401
    with world.database.reading() as session:
        assert session.query(StaffIdentity).count() == 0


def test_linking_is_not_ended_by_a_sign_in(alice: Person, provider: OidcProvider, client: CheckedClient) -> None:
    back = provider.visit(begin(alice.http))
    assert alice.http.get(back.replace("state=s", "state=k")).status_code == 401


# --- what is not believed -----------------------------------------------------------------------------------------

HOUR = 3600
LIES = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": ["another"]},
    "for two, by another": {"aud": [CLIENT_ID, "another"], "azp": "another"},
    "run out": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "a subject that is none": {"sub": 7},
    "an empty subject": {"sub": ""},
    "another person": {"sub": "subject-of-bob"},
    "not yet": {"nbf": 4_000_000_000},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_does_not_fit_is_refused(
    linked: Person, provider: OidcProvider, client: CheckedClient, lie: str
) -> None:
    provider.lies = LIES[lie]
    assert sign_in(client, provider).status_code == 401
    assert not is_in(client)


def test_an_id_token_signed_by_another_is_refused(
    linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert sign_in(client, provider).status_code == 401


def test_an_id_token_signed_with_the_shared_secret_is_refused(
    linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    provider.signs_with, provider.algorithm = OctKey.import_key(CLIENT_SECRET), "HS256"
    assert sign_in(client, provider).status_code == 401


def test_keys_that_the_issuer_has_changed_are_asked_for(
    linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    provider.key = provider.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert sign_in(client, provider).status_code == 302


def test_an_answer_is_good_once(linked: Person, provider: OidcProvider, client: CheckedClient) -> None:
    back = provider.visit(begin(client))
    assert client.get(back).status_code == 302
    client.post("/logg-ut")
    assert client.get(back).status_code == 401
    assert not is_in(client)


def test_an_answer_belongs_to_the_browser_that_asked(
    world: World, linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    """Else somebody could be signed in, unknowingly, as the attacker; or the attacker with a stolen address."""
    back = provider.visit(begin(client))
    other = CheckedClient.of(world.app)
    begin(other)
    assert other.get(back).status_code == 401
    assert client.get(back).status_code == 302


def test_an_answer_comes_too_late(world: World, linked: Person, provider: OidcProvider, client: CheckedClient) -> None:
    back = provider.visit(begin(client))
    world.clock.shift(minutes=11)
    assert client.get(back).status_code == 401


def test_a_code_of_another_attempt_is_refused(
    world: World, linked: Person, provider: OidcProvider, client: CheckedClient
) -> None:
    """PKCE: the code is worth nothing with another verifier."""
    other = CheckedClient.of(world.app)
    stolen = parse_qs(urlsplit(provider.visit(begin(other))).query)["code"][0]
    mine = provider.visit(begin(client))
    assert client.get(re.sub(r"code=[^&]+", f"code={stolen}", mine)).status_code == 401


@pytest.mark.parametrize("query", ["", "?state=s", "?code=x", "?code=x&state=s%00", "?error=access_denied&state=sAAAA"])
def test_rubbish_is_refused(provider: OidcProvider, client: CheckedClient, query: str) -> None:
    assert client.get(f"/logg-inn/oidc/svar{query}").status_code in (400, 401)


def test_an_answer_of_another_issuer_is_refused(linked: Person, provider: OidcProvider, client: CheckedClient) -> None:
    back = provider.visit(begin(client))
    assert client.get(f"{back}&iss=https://evil.example").status_code == 401


# --- what ends it -------------------------------------------------------------------------------------------------


def end(world: World, alice: Person) -> None:
    with world.database.transaction() as session:
        accounts.end_staff(session, alice.username, world.clock.now())


def end_by_hand(world: World, alice: Person) -> None:
    with world.database.transaction() as session:
        session.query(Staff).filter_by(username=alice.username).one().ended_at = world.clock.now()


def new_code(world: World, alice: Person) -> None:
    with world.database.transaction() as session:
        staff_id = session.query(Staff.id).filter_by(username=alice.username).scalar()
        accounts.new_enrolment_code(session, staff_id, world.clock.now())


def unlink(world: World, alice: Person) -> None:
    assert alice.http.post("/konto/oidc/fjern").status_code == 303


@pytest.mark.parametrize("deed", [end, end_by_hand, new_code, unlink])
def test_what_ends_the_access_ends_this_way_in(
    world: World, linked: Person, provider: OidcProvider, client: CheckedClient,
    deed: Callable[[World, Person], None],
) -> None:  # fmt: skip
    deed(world, linked)
    assert sign_in(client, provider).status_code == 401
    assert not is_in(client)


def test_the_last_way_in_is_not_taken_away(world: World, linked: Person) -> None:
    with world.database.transaction() as session:
        session.query(Staff).filter_by(username=linked.username).one().password_hash = None
    answer = linked.http.post("/konto/oidc/fjern")
    assert answer.status_code == 422
    assert "siste måten" in answer.text


# --- where requests go --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": "http://169.254.169.254/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "https://user@login.example/token"},
        {"jwks_uri": None},
    ],
)
def test_an_issuer_that_points_elsewhere_is_not_followed(
    provider: OidcProvider, client: CheckedClient, published: dict
) -> None:
    provider.published = published
    answer = client.get("/logg-inn/oidc")
    assert answer.status_code == 503
    assert "Får ikke kontakt med innloggingstjenesten" in answer.text


def test_an_issuer_that_is_away_leaves_the_password(app: Flask, provider: OidcProvider, client: CheckedClient) -> None:
    settings = dataclasses.replace(app.extensions["settings"], oidc_issuer="http://127.0.0.1:9")
    app.extensions["oidc"] = Provider(settings)
    answer = client.get("/logg-inn/oidc")
    assert answer.status_code == 503
    assert 'name="password"' in answer.text


def test_nobody_waits_for_an_issuer_that_was_away_just_now(
    world: World, provider: OidcProvider, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def black_hole(_: Provider, url: str) -> dict:
        asked.append(url)
        raise AppError("oidc_unavailable")

    monkeypatch.setattr(Provider, "_fetch", black_hole)
    assert [client.get("/logg-inn/oidc").status_code for _ in range(3)] == [503] * 3
    assert len(asked) == 1
    monkeypatch.undo()
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    world.clock.shift(seconds=11)
    assert client.get("/logg-inn/oidc").status_code == 303


def test_without_the_settings_there_is_no_such_way(client: CheckedClient) -> None:
    assert "oidc" not in client.get("/logg-inn").text
    assert client.get("/logg-inn/oidc").status_code == 404
    assert client.get("/logg-inn/oidc/svar?code=x&state=sAAAA").status_code == 404


def test_refusals_are_logged_without_names(
    alice: Person, provider: OidcProvider, client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, provider)
    assert "'way': 'oidc', 'reason': 'oidc_unknown'" in caplog.text
    assert provider.subject not in caplog.text

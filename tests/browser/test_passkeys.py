"""Passkeys in a real browser: made under Min konto, used with one button, and worth nothing once removed; and the
municipality's own sign-in."""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, Playwright, expect
from playwright.sync_api import TimeoutError as NotInTime

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Staff
from fieldapp.services.people import accounts
from tests import _browser
from tests._oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests._server import Server
from tests._world import PASSWORD, PASSWORD_HASH
from tests.browser._axe import judge

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One called localhost (no browser makes a passkey for an IP address), in a municipality with its own sign-in."""
    server = Server(tmp_path_factory.mktemp("localhost"))
    server.url = f"http://localhost:{server.port}"
    with pytest.MonkeyPatch.context() as patch, OidcProvider(f"{server.url}/logg-inn/oidc/svar") as provider:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own: it would refuse plain http
        server.env |= {"FIELDAPP_PUBLIC_URL": server.url, "FIELDAPP_OIDC_ISSUER": provider.issuer}
        server.env |= {"FIELDAPP_OIDC_CLIENT_ID": CLIENT_ID, "FIELDAPP_OIDC_CLIENT_SECRET": CLIENT_SECRET}
        server.env |= {"FIELDAPP_OIDC_MIN_ACR": "high", "FIELDAPP_OIDC_NAME": "Kommunen"}
        server.make_database()
        try:
            server.start_web()
            server.wait_until_healthy(with_worker=False)
            yield server
        finally:
            server.stop()


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    database = Database(Settings.from_env(server.env))
    yield database
    database.dispose()


@pytest.fixture
def bob(database: Database) -> str:
    """His user name."""
    username = f"bob-{uuid.uuid4().hex[:8]}"
    with database.transaction() as session:
        team = accounts.add_team(session, f"Team {username}", "act", (0, 15, 30, 45), clock.now())
        added = accounts.add_staff(session, username, "Bob Dal", "fieldworker", [team], None, clock.now())
        session.get_one(Staff, added.id).password_hash = PASSWORD_HASH
    return username


class Phone:
    """A browser with an authenticator in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable", {"enableUI": False})
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def sign_in(self, username: str) -> None:
        self.page.goto("/logg-inn?neste=/konto")
        self.page.get_by_label("Brukernavn").fill(username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn", exact=True).click()
        expect(self.page.get_by_role("heading", name="Min konto")).to_be_visible()

    def make_passkey(self) -> None:
        card = self.page.locator("#passkey")
        card.get_by_label("Hva skal den hete?").fill("jobbtelefonen")
        card.get_by_label("Passordet du har nå").fill(PASSWORD)
        card.get_by_role("button", name="Lag passnøkkel").click()
        expect(self.page.get_by_text("Passnøkkelen er klar til bruk.")).to_be_visible()

    def sign_out(self) -> None:
        self.offers(False)
        self.page.goto("/konto")
        self.page.get_by_role("button", name="Logg ut").click()
        expect(self.page.get_by_role("heading", name="Logg inn i Sett")).to_be_visible()

    def use_passkey(self, then: str = "/konto") -> None:
        self.page.goto(f"/logg-inn?neste={then}")
        button = self.page.get_by_role("button", name="Logg inn med passnøkkel")
        expect(button).to_be_visible()
        self.offers(True)
        with suppress(NotInTime):  # the page asks by itself, too, and may have gone on
            button.click(timeout=5_000)

    def offers(self, is_so: bool) -> None:
        """Whether somebody touches the sensor as soon as the browser asks."""
        told = {"authenticatorId": self.id, "enabled": is_so}
        self.cdp.send("WebAuthn.setAutomaticPresenceSimulation", told)

    def credentials(self) -> list:
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]


@pytest.fixture
def phone(playwright: Playwright, server: Server, tmp_path: Path) -> Iterator[Phone]:
    context = _browser.launch(playwright, tmp_path / "phone", base_url=server.url, reduced_motion="reduce")
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    yield Phone(context.pages[0])
    context.close()
    assert problems == []


def test_one_button_signs_in_and_a_removed_passkey_does_not(phone: Phone, bob: str) -> None:
    phone.sign_in(bob)
    phone.make_passkey()
    (made,) = phone.credentials()
    assert made["isResidentCredential"]
    assert made["rpId"] == "localhost"
    phone.sign_out()
    phone.use_passkey()
    expect(phone.page.get_by_role("heading", name="Min konto")).to_be_visible()
    expect(phone.page.get_by_text("sist brukt")).to_be_visible()
    phone.page.get_by_role("button", name="Fjern jobbtelefonen").click()
    expect(phone.page.get_by_text("En passnøkkel ble fjernet").first).to_be_visible()
    phone.sign_out()
    phone.use_passkey()
    expect(phone.page.get_by_role("alert").first).to_contain_text("Passnøkkelen ble ikke godtatt")


def test_the_code_is_filled_in_from_behind_the_hash(phone: Phone, server: Server) -> None:
    phone.page.goto("/kom-i-gang#bruker=k%C3%A5re&kode=ABCD-EFGH-JKLM")
    expect(phone.page.get_by_label("Brukernavn")).to_have_value("kåre")
    expect(phone.page.get_by_label("Kode")).to_have_value("ABCD-EFGH-JKLM")
    expect(phone.page.get_by_label("Nytt passord")).to_be_focused()
    assert phone.page.url == f"{server.url}/kom-i-gang"
    assert "ABCD-EFGH-JKLM" not in server.log.read_text()


def test_the_municipalitys_own_sign_in_is_linked_and_used(phone: Phone, bob: str) -> None:
    phone.sign_in(bob)
    card = phone.page.get_by_role("region", name="Innlogging med Kommunen")
    card.get_by_label("Passordet du har nå").fill(PASSWORD)
    card.get_by_role("button", name="Koble til").click()
    phone.page.get_by_role("link", name="Gå videre til Kommunen").click()
    expect(phone.page.get_by_text("Koblet til. Neste gang kan du logge inn med Kommunen.")).to_be_visible()
    phone.sign_out()
    phone.page.goto("/logg-inn?neste=/konto")
    phone.page.get_by_role("link", name="Logg inn med Kommunen").click()
    expect(phone.page.get_by_role("heading", name="Min konto")).to_be_visible()


def test_the_pages_about_oneself_are_for_everyone(phone: Phone, bob: str) -> None:
    """axe finds nothing in light or dark, and twice as large text on the smallest phone leaves nothing outside."""
    found: dict[str, object] = {}
    phone.page.goto("/kom-i-gang")
    judge(phone.page, found)
    phone.page.goto("/logg-inn")
    expect(phone.page.get_by_role("button", name="Logg inn med passnøkkel")).to_be_visible()
    judge(phone.page, found)
    phone.sign_in(bob)
    phone.make_passkey()
    judge(phone.page, found)
    assert found == {}


def test_whoever_has_left_is_refused(phone: Phone, bob: str, database: Database) -> None:
    phone.sign_in(bob)
    phone.make_passkey()
    with database.transaction() as session:
        accounts.end_staff(session, bob, clock.now())
    phone.offers(False)
    phone.use_passkey()
    expect(phone.page.get_by_role("alert").first).to_contain_text("Passnøkkelen ble ikke godtatt")
    phone.page.goto("/konto")
    expect(phone.page.get_by_role("heading", name="Logg inn i Sett")).to_be_visible()


def test_a_lock_that_does_not_open_signs_nobody_in(phone: Phone, bob: str) -> None:
    phone.sign_in(bob)
    phone.make_passkey()
    phone.sign_out()
    phone.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": phone.id, "isUserVerified": False})
    phone.use_passkey()
    expect(phone.page.locator("#passkey").get_by_role("alert")).to_contain_text("Prøv igjen")


def test_the_browser_offers_a_passkey_by_itself(phone: Phone, bob: str) -> None:
    phone.sign_in(bob)
    phone.make_passkey()
    phone.sign_out()
    phone.page.goto("about:blank")  # the sign-in page that stands would take the offer itself
    phone.offers(True)
    phone.page.goto("/logg-inn?neste=/konto")
    expect(phone.page.get_by_role("heading", name="Min konto")).to_be_visible()

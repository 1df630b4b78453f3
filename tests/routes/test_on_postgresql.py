"""Every page and every form once on PostgreSQL: all else that is told of routes runs on SQLite alone.

Whoever adds a route adds it here: the test says which were not answered.
"""

import dataclasses
import re
import uuid

import pytest
from flask import Flask, Response, request

from fieldapp.config import Settings
from fieldapp.models import Heartbeat
from fieldapp.services.people import devices, sessions
from tests._authenticator import Authenticator
from tests._client import CheckedClient
from tests._oidc_provider import OidcProvider
from tests._push_service import PushService
from tests._sealing import Seal
from tests._world import PASSWORD, Person, World

pytestmark = pytest.mark.engines("postgresql")
TOKEN = "a token for whoever measures, thirty-two long"
NEW_PASSWORD = "en lang og god setning"


@pytest.fixture
def settings(settings: Settings, push_service: PushService) -> Settings:
    return dataclasses.replace(settings, metrics_token=TOKEN, push_hosts=(push_service.host,))


@pytest.fixture
def answered(app: Flask) -> set[tuple[str, str]]:
    """Which routes gave what they were asked for."""
    seen: set[tuple[str, str]] = set()

    @app.after_request
    def note(response: Response) -> Response:
        if response.status_code < 400:
            seen.add((request.method, str(request.url_rule)))
        return response

    return seen


def test_every_page_and_every_form_is_answered(
    app: Flask,
    answered: set[tuple[str, str]],
    world: World,
    push_service: PushService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own: it would refuse plain http
    tour = Tour(world, push_service)
    for part in (tour.public, tour.ways_in, tour.account, tour.phone, tour.alerts, tour.cases, tour.client, tour.access,
                 tour.partner, tour.duty, tour.team, tour.sealed, tour.readers, tour.admin):  # fmt: skip
        part()
    there = {(method, str(rule)) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert {one for one in there - answered if one[0] not in ("HEAD", "OPTIONS")} == set()


class Tour:
    """A leader, a fieldworker and an administrator, and what they open and fill in."""

    def __init__(self, world: World, push: PushService) -> None:
        self.world = world
        self.push = push
        self.north, self.south = world.team("FACT Nord"), world.team("FACT Sør")
        self.alice = world.staff("leader", self.north, name="Alice")
        self.bob = world.staff("fieldworker", self.north, name="Bob")
        self.ada = world.staff("admin", name="Ada", phone=False)
        self.anybody = CheckedClient.of(world.app)
        self.kari = self.alice.register("Kari")
        self.page = f"/kontor/bruker/{self.kari}"

    def public(self) -> None:
        with self.world.database.transaction() as session:
            session.merge(Heartbeat(id=1, ticked_at=self.world.clock.now(), worker="test"))
        for path in ("/", "/logg-inn", "/kom-i-gang", "/felt", "/felt/brukere", "/manifest.webmanifest", "/sw.js",
                     "/healthz", "/api/schema", "/api/openapi.json", "/api/sealing/key"):  # fmt: skip
            assert self.anybody.get(path).status_code in (200, 302), path
        style = found(r'href="(/static/[^"]+\.css)"', self.anybody.get("/logg-inn").text)
        assert self.anybody.get(style).status_code == 200
        measured = self.anybody.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert measured.status_code == 200

    def ways_in(self) -> None:
        """A passkey and the municipality's own sign-in: made, used and taken away."""
        bob, key = self.bob.http, Authenticator()
        asked = bob.post("/konto/passnokler/ny", data={"name": "PC", "now": PASSWORD}).get_json()
        fill_in(bob, "/konto/passnokler", name="PC", answer=key.make(asked))
        other = CheckedClient.of(self.world.app)
        fill_in(other, "/logg-inn/passnokkel", answer=key.sign(other.get("/logg-inn/passnokkel").get_json()))
        fill_in(bob, found(r'action="(/konto/passnokler/[^"]+/fjern)"', bob.get("/konto").text))
        with OidcProvider("https://sett.example/logg-inn/oidc/svar") as provider:
            provider.become_known_to(self.world.app, "high")
            page = bob.post("/konto/oidc", data={"now": PASSWORD}).text
            assert bob.get(provider.visit(found(r'href="(http://127[^"]+)"', page).replace("&amp;", "&"))).location
            assert other.get(provider.visit(other.get("/logg-inn/oidc").location)).location
            fill_in(bob, "/konto/oidc/fjern")

    def account(self) -> None:
        signed_in = CheckedClient.of(self.world.app)
        given = {"username": self.bob.username, "password": PASSWORD}
        fill_in(signed_in, "/logg-inn", **given)
        end = found(r'action="(/konto/enheter/[^"]+/avslutt)"', signed_in.get("/konto").text)
        fill_in(signed_in, end)
        self.bob.sign_in()
        fill_in(signed_in, "/konto/epost", email="bob@kommune.example")
        fill_in(signed_in, "/konto/telefon", phone="900 00 001")
        fill_in(signed_in, "/konto/sprak", language="nb")
        fill_in(signed_in, "/konto/sett")
        fill_in(signed_in, "/konto/passord", now=PASSWORD, new=PASSWORD + "er")
        fill_in(signed_in, "/logg-ut")
        assert self.anybody.post("/api/session", json=given | {"password": PASSWORD + "er"}).status_code == 200
        assert self.anybody.delete("/api/session").status_code == 204

    def phone(self) -> None:
        self.bob = self.world.staff("fieldworker", self.north, name="Bo")
        assert self.bob.get("/api/session").status_code == 200
        assert self.bob.get("/api/push/key").status_code == 200
        self.bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=self.kari)
        assert self.bob.get(f"/api/clients/{self.kari}/entries").status_code == 200
        phone = self.bob.subscribe(self.push)
        subscription = self.bob.post(
            "/api/push/subscriptions",
            phone.body(self.bob.device_id, self.bob.get("/api/push/key").get_json()["key_id"]),
        ).get_json()["id"]
        assert self.bob.post(f"/api/push/subscriptions/{subscription}/test", {}).status_code == 202
        self.world.tick()
        (shown,) = self.push.messages(phone)
        told = {"notification_id": shown.json["notification_id"]}
        assert self.bob.post("/api/push/receipts", told).status_code == 204
        assert self.bob.http.delete(f"/api/push/subscriptions/{subscription}").status_code == 204

    def alerts(self) -> None:
        self.bob.log("concern_raised", {"reason": "svarer ikke", "urgency": "now"}, client=self.kari)
        (alert,) = self.alice.alerts()
        path = f"/kontor/varsler/{alert['id']}"
        for one in ("/kontor", "/kontor/varsler", "/kontor/varsler/tall", path, f"{path}/hvorfor"):
            see(self.alice, one)
        fill_in(self.alice.http, f"{path}/ta")

    def sealed(self) -> None:
        """Bob's phone is taken off his list with two entries unsent; one he confirms himself."""
        seal, bob = Seal(self.alice), self.world.staff("fieldworker", self.north, name="Bo")
        visits = [bob.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=self.kari) for _ in range(2)]
        with self.world.database.transaction() as session:
            devices.take_off(session, uuid.UUID(bob.device_id), uuid.UUID(bob.id), self.world.clock.now())
            token = sessions.open_session(session, uuid.UUID(bob.id), "tests", self.world.clock.now())
        self.alice.sync(*(seal.by(bob, visit) for visit in visits), device_id=bob.device_id)
        bob.http.set_cookie("__Host-sett", token, domain="sett.example", secure=True)
        fill_in(bob.http, found(r'action="(/konto/bekreft/\d+)"', bob.get("/konto").text), svar="ja")
        fill_in(
            self.alice.http, found(r'action="(/kontor/bekreft/\d+)"', see(self.alice, "/kontor/bekreft")), svar="ja"
        )
        assert "/bekreft/" not in see(self.alice, "/kontor/bekreft")

    def cases(self) -> None:
        rent = str(uuid.uuid4())
        self.alice.log("rent_problem_reported", {}, client=self.kari, case=rent)
        crisis = str(uuid.uuid4())
        self.alice.log("crisis_opened", {"kind": "overdose"}, client=self.kari, case=crisis)
        for path in ("/kontor/saker", f"/kontor/saker/{rent}", f"/kontor/saker/{crisis}"):
            see(self.alice, path)
        fill_in(self.alice.http, f"/kontor/saker/{rent}", note="Ringt utleier")
        fill_in(self.alice.http, f"/kontor/saker/{crisis}/avslutt", outcome="calmed_home", debrief="1")

    def client(self) -> None:
        worry = self.bob.log("concern_raised", {"reason": "stille", "urgency": "today"}, client=self.kari)["id"]
        seq = found(r'name="base_seq" value="(\d+)"', see(self.alice, self.page))
        fill_in(self.alice.http, f"{self.page}/primarkontakt", primary_staff_id=self.alice.id, base_seq=seq)
        fill_in(self.alice.http, f"{self.page}/fulgt-opp", entry_id=worry)
        fill_in(self.alice.http, f"{self.page}/team", team_id=self.south.id, from_on="2026-11-23")
        fill_in(self.alice.http, f"{self.page}/team/{self.north.id}/slutt", to_on="2026-12-24")
        visit = self.alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=self.kari)["id"]
        fill_in(self.alice.http, "/kontor/angre", entry_id=visit, tilbake=self.page)

    def access(self) -> None:
        page = f"{self.page}/tilgang"
        see(self.alice, page)
        blocked = {"staff_id": self.bob.id, "reason": "familie", "understood": "1"}
        fill_in(self.alice.http, f"{page}/sperr", **blocked)
        fill_in(self.alice.http, f"{page}/opphev/{self.bob.id}", reason="feil person")
        asker = self.world.staff("fieldworker", self.world.team("FACT Midt"))
        shared = {"username": asker.username, "until_on": "2026-12-01", "reason": "samarbeid"}
        fill_in(self.alice.http, f"{page}/del", **shared)
        fill_in(self.alice.http, found(r'action="([^"]+/tilgang/avslutt/[^"]+)"', see(self.alice, page)))
        hanne = self.alice.register("Hanne Hemmelig", birth_year=1980, address="Veien 1")
        asked = {"name": "Hanne Hemmelig", "birth_year": 1980, "reason": "haster"}
        assert asker.post("/api/access/emergency", asked).status_code == 200
        see(asker, "/kontor/nodtilgang")
        fill_in(asker.http, "/kontor/nodtilgang", **asked)
        see(self.alice, "/kontor/nodtilgang/spurt")
        of_hanne = f"/kontor/bruker/{hanne}"
        for code in ("code7", "code6"):
            seq = found(r'name="base_seq" value="(\d+)"', see(self.alice, f"{of_hanne}/tilgang"))
            fill_in(self.alice.http, f"{of_hanne}/tilgang/vern", protected=code, base_seq=seq)
            if code == "code7":
                fill_in(self.alice.http, f"{of_hanne}/adresse", reason="skal på besøk")
        fill_in(self.alice.http, f"{of_hanne}/tilgang/liste", staff_id=self.alice.id)
        see(self.alice, of_hanne)

    def partner(self) -> None:
        form = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
        page = fill_in(self.alice.http, f"{self.page}/lenker", **form).text
        link = found(r'value="https://sett\.example(/melding/[^"]+)"', page)
        assert self.anybody.get(link).status_code == 200
        given = fill_in(self.anybody, link, what="missed").location
        fill_in(self.anybody, f"{link}/angre", kvittering=found(r"kvittering=([^&]+)", given))
        end = found(r'action="([^"]+/lenker/[^"]+/avslutt)"', see(self.alice, f"{self.page}/lenker"))
        fill_in(self.alice.http, end)

    def duty(self) -> None:
        week = f"?team={self.north.id}"
        form = {"staff_id": self.bob.id, "duty": "duty", "on": "2026-11-24", "from": "08:00", "to": "15:30"}
        duty = found(r"angre=([^&]+)", fill_in(self.alice.http, f"/kontor/vakt{week}", **form).location)
        fill_in(self.bob.http, f"/kontor/vakt/{duty}/tilby", to_staff_id=self.alice.id)
        fill_in(self.alice.http, found(r'action="([^"]+/tilbud/[^"]+/ta[^"]*)"', see(self.alice, "/kontor/vakt")))
        removed = fill_in(self.alice.http, f"/kontor/vakt/{duty}/fjern", follow=True).text
        gone = found(r'name="duty_ids" value="([^"]+)"', removed)
        fill_in(self.alice.http, f"/kontor/vakt/sett-tilbake{week}", duty_ids=gone)
        many = {"mon": "1", "staff_id": self.bob.id, "duty": "duty", "shift": "day", "first_on": "2026-11-30",
                "last_on": "2026-12-31", "every_weeks": "1"}  # fmt: skip
        seen = found(r'name="seen" value="([^"]+)"', fill_in(self.alice.http, f"/kontor/vakt/flere{week}", **many).text)
        listed = fill_in(self.alice.http, f"/kontor/vakt/flere{week}", follow=True, **many, seen=seen).text
        fill_in(self.alice.http, found(r'action="(/kontor/vakt/flere/[^"]+/angre[^"]*)"', listed))

    def team(self) -> None:
        see(self.alice, "/kontor/team")
        own = f"/kontor/team/{self.north.id}"
        see(self.alice, f"{own}/apningstid")
        fill_in(self.alice.http, f"{own}/apningstid", mon="8-15.30", when_closed="wait", closed_days="")
        fill_in(self.alice.http, f"{own}/trapp", step0="0", step1="2,5", step2="20", step3="45")
        fill_in(self.alice.http, f"{own}/vakttelefon", duty_phone="400 00 100")
        fill_in(self.alice.http, f"/kontor/team/ansatte/{self.bob.id}/kode")
        fill_in(self.alice.http, f"{own}/vikar", name="Vera Vikar", phone="400 00 200")
        student = {"name": "Siri Student", "supervisor_id": self.alice.id, "until_on": "2026-12-18"}
        fill_in(self.alice.http, f"{own}/student", **student)
        end = found(r'action="(/kontor/team/tilganger/[^"]+/avslutt[^"]*)"', see(self.alice, "/kontor/team"))
        fill_in(self.alice.http, end)

    def readers(self) -> None:
        see(self.alice, "/kontor/logg?bruker=kar&ansatt=ali&fra=2026-01-01&til=2026-12-31&hva=opened")
        ingrid = self.world.staff("privacy", name="Ingrid", phone=False)
        see(ingrid, "/kontor/logg")
        see(ingrid, f"/api/clients/{self.kari}/readers")
        page = f"/kontor/innsyn/{self.kari}"
        fill_in(ingrid.http, page, reviewer_id=self.alice.id)
        entry = found(r'<li id="entry-([^"]+)"', see(self.alice, page))
        fill_in(self.alice.http, f"{page}/{entry}/ta-ut", reason="complainant")
        fill_in(self.alice.http, f"{page}/{entry}/ta-med")
        fill_in(self.alice.http, f"{page}/gjennomgatt")
        fill_in(ingrid.http, f"{page}/utlevert")

    def admin(self) -> None:
        http = self.ada.http
        see(self.ada, "/admin")
        see(self.ada, "/admin/varslingen")
        fill_in(http, "/admin/team", name="Uteteamet", kind="outreach")
        fill_in(http, f"/admin/team/{self.south.id}", name="FACT Vest")
        fill_in(http, f"/admin/team/{self.world.team('FACT Øst').id}/avslutt")
        page = fill_in(http, "/admin/ansatte", name="Eva", username="eva", role="peer", team_id=self.north.id).text
        entry = {"username": "eva", "password": NEW_PASSWORD}
        fill_in(CheckedClient.of(self.world.app), "/kom-i-gang", code=code_in(page), **entry)
        someone = f"/admin/ansatte/{self.bob.id}"
        fill_in(http, someone, name="Bo", role="fieldworker", title="", team_id=self.north.id)
        entry = {
            "username": self.bob.username,
            "password": NEW_PASSWORD,
            "code": code_in(fill_in(http, f"{someone}/kode").text),
        }
        assert self.anybody.post("/api/enrolment", json=entry).status_code == 200
        fill_in(http, f"{someone}/avslutt")
        fill_in(http, f"{someone}/hent-tilbake")
        fill_in(http, f"{someone}/avslutt")
        fill_in(http, f"{someone}/frigi")


def see(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def fill_in(http: CheckedClient, path: str, *, follow: bool = False, **form: str):
    """Send a form that must be taken."""
    answer = http.post(path, data=form, follow_redirects=follow)
    assert answer.status_code < 400, (path, answer.text)
    return answer


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, (pattern, text)
    return match[1].replace("&amp;", "&")


def code_in(page: str) -> str:
    return found(r'class="code-text">([^<]+)<', page)

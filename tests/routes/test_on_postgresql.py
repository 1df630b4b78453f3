"""Every page and every form once on PostgreSQL: all else that is told of routes runs on SQLite alone.

Whoever adds a route adds it here: the test says which were not answered.
"""

import dataclasses
import hashlib
import re
import uuid

import pytest
from flask import Flask, Response, request

from fieldapp.config import Settings
from fieldapp.models import Heartbeat
from fieldapp.models.change import newest_seq
from fieldapp.queries.reports.read import REPORTS
from fieldapp.services.people import accounts, devices, first_start, sessions
from sync.ids import uuid7
from tests._authenticator import Authenticator
from tests._client import CheckedClient
from tests._oidc_provider import OidcProvider
from tests._push_service import PushService
from tests._sealing import Seal
from tests._world import PASSWORD, Person, World
from tests.routes.test_files import jpeg

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
    for part in (tour.public, tour.ways_in, tour.account, tour.phone, tour.alerts, tour.board, tour.cases, tour.client,
                 tour.entry,
                 tour.access, tour.merge, tour.partner, tour.duty, tour.team, tour.sealed, tour.readers, tour.facts,
                 tour.photo,
                 tour.record, tour.admin, tour.first_start):  # fmt: skip
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
        for one in (
            "/kontor",
            "/kontor/varsler",
            "/kontor/varsler/tall",
            "/kontor/varsler/ovelser",
            path,
            f"{path}/hvorfor",
        ):
            see(self.alice, one)
        fill_in(self.alice.http, f"{path}/ta")
        fill_in(self.alice.http, f"/kontor/varsler/ovelser/{self.north.id}")

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

    def board(self) -> None:
        card = f"/kontor/tavle/bruker/{self.kari}"
        see(self.alice, card)
        fill_in(self.alice.http, card, column="tight", review_on="2026-12-01")
        fill_in(self.alice.http, f"{card}/flytt", column="new")
        fill_in(self.alice.http, f"/kontor/tavle/kolonner/{self.north.id}", **{"name-0": "Akutt"})
        see(self.alice, "/kontor/tavle")
        see(self.alice, f"/kontor/tavle?dag={self.world.clock.now().date()}")
        see(self.alice, "/kontor/tavle/vegg")
        self.meeting("/kontor/tavle/mote")
        fill_in(self.alice.http, f"{card}/ned")

    def meeting(self, page: str) -> None:
        for ends in ("/forkast", "/slutt"):
            see(self.alice, page)
            fill_in(self.alice.http, page)
            meeting = found(r'data-meeting="([^"]+)"', see(self.alice, f"{page}/1"))
            about = {"meeting_id": meeting, "client_id": self.kari}
            decided = {"what": "Ringe NAV", "owner_id": self.bob.id, "due_on": "2026-11-30"}
            fill_in(self.alice.http, f"{page}/1/vedtak", **about, **decided)
            fill_in(self.alice.http, f"{page}/1/referat", **about, words="Sover")
            see(self.alice, f"{page}/slutt")
            fill_in(self.alice.http, f"{page}/om", minutes="Kort", **about)
            fill_in(self.alice.http, f"{page}{ends}", **about)
        see(self.alice, f"{page}/{meeting}")

    def cases(self) -> None:
        rent = str(uuid.uuid4())
        self.alice.log("rent_problem_reported", {}, client=self.kari, case=rent)
        crisis = str(uuid.uuid4())
        self.alice.log("crisis_opened", {"kind": "overdose"}, client=self.kari, case=crisis)
        for path in ("/kontor/saker", f"/kontor/saker/{rent}", f"/kontor/saker/{crisis}"):
            see(self.alice, path)
        fill_in(self.alice.http, f"/kontor/saker/{rent}", note="Ringt utleier")
        fill_in(self.alice.http, f"/kontor/saker/{crisis}/avslutt", outcome="calmed_home", debrief="1")

    def entry(self) -> None:
        """An entry and what lies behind the client's page; of another client, whom nothing else needs."""
        nora, ola = (self.alice.register(name) for name in ("Nora", "Ola"))
        said = {"outcome": "seen", "place": "home", "next_contact_on": "2026-12-01"}
        one, other, third = (self.alice.log("visit_logged", said, client=nora)["id"] for _ in range(3))
        page = f"/kontor/oppforing/{one}"
        see(self.alice, f"{page}?sok=ola")
        corrected = {"note": "Drakk te", "correction_reason": "feil", "outcome": "seen", "place": "home", "seen": "",
                     "occurred_at": "2026-11-23T08:15"}  # fmt: skip
        fill_in(self.alice.http, f"{page}/rett", **corrected)
        see(self.alice, page)
        fill_in(self.alice.http, f"/kontor/oppforing/{other}/trekk-tilbake")
        fill_in(self.alice.http, f"/kontor/oppforing/{third}/feil-bruker", reason="forvekslet", to_client_id=ola)
        self.alice.log("rent_problem_reported", {"letters": [{"kind": "bailiff_letter", "received_on": "2026-11-16"}]},
                       client=nora, case=str(uuid.uuid4()))  # fmt: skip
        behind = f"/kontor/bruker/{nora}"
        found_in = see(self.alice, f"{behind}/oppforinger?ord=te&fra=2026-11-01&til=2026-11-30&art=visit_logged")
        assert one in found_in
        for what in ("oppforinger", "aar/2026", "bolig", "lest"):
            see(self.alice, f"{behind}/{what}")
        assert "Nora" in self.alice.get("/kontor/brukere/brukere.csv").text

    def client(self) -> None:
        worry = self.bob.log("concern_raised", {"reason": "stille", "urgency": "today"}, client=self.kari)["id"]
        seq = found(r'name="base_seq" value="(\d+)"', see(self.alice, self.page))
        see(self.alice, "/kontor/brukere?sok=kari&vis=")
        see(self.alice, "/kontor/brukere/ny")
        new = {"name": "Nils", "team_id": self.north.id, "watch_answer": "planned"}
        fill_in(self.alice.http, "/kontor/brukere/ny", **new)
        fill_in(self.alice.http, f"{self.page}/for/oppgave", what="Ringe NAV", due_on="2026-11-20")
        fill_in(self.alice.http, "/kontor/oppgaver", what="Rydde", team_id=self.north.id)
        task = found(r'id="task-([0-9a-f-]+)"', see(self.alice, "/kontor/oppgaver"))
        fill_in(self.alice.http, f"/kontor/oppgaver/{task}/rett", what="Ringe NAV nå")
        fill_in(self.alice.http, f"/kontor/oppgaver/{task}/done")
        fill_in(self.alice.http, "/kontor/overlevering", what="Bilen er borte", team_id=self.north.id)
        note = found(r'name="note_id" value="([^"]+)"', see(self.alice, "/kontor/overlevering"))
        fill_in(self.alice.http, "/kontor/overlevering/lest", note_id=note)
        left = found(r'name="entry_id" value="([^"]+)"', see(self.alice, "/kontor/til-journal"))
        fill_in(self.alice.http, "/kontor/til-journal", client_id=self.kari, entry_id=left)
        assert self.alice.get(f"/kontor/bruker/{self.kari}/fhir.json").status_code == 200
        fill_in(self.alice.http, f"{self.page}/primarkontakt", primary_staff_id=self.alice.id, base_seq=seq)
        fill_in(self.alice.http, f"{self.page}/fulgt-opp", entry_id=worry)
        fill_in(self.alice.http, f"{self.page}/team", team_id=self.south.id, from_on="2026-11-23", basis="same_service")
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

    def merge(self) -> None:
        one, other = (self.alice.register(name) for name in ("Nora Lund", "Nora L"))
        page = f"/kontor/bruker/{one}/sla-sammen"
        for asked in ("?q=nora", f"?med={other}"):
            see(self.alice, f"{page}{asked}")
        fill_in(self.alice.http, page, other_id=other, stands_id=one, reason="samme person")
        merged = found(r'name="entry_id" value="([^"]+)"', see(self.alice, f"/kontor/bruker/{other}"))
        fill_in(self.alice.http, "/kontor/angre", entry_id=merged, tilbake=f"/kontor/bruker/{one}")

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

        turns = many | {"staff_id": [self.bob.id, self.alice.id], "turn": "week"}
        assert "Dette blir satt" in fill_in(self.alice.http, f"/kontor/vakt/flere{week}", **turns).text
        self.calendar(week)

    def calendar(self, week: str) -> None:
        for make, page in (("/konto/kalender", "/konto"), (f"/kontor/vakt/kalender{week}", f"/kontor/vakt{week}")):
            made = fill_in(self.alice.http, make).text
            link = found(r'value="https://sett\.example(/vakt/[^"]+)"', made)
            assert self.anybody.get(link).status_code == 200
            fill_in(self.alice.http, found(r'action="([^"]+/stopp[^"]*)"', see(self.alice, page)))
            assert self.anybody.get(link).status_code == 404

    def team(self) -> None:
        see(self.alice, "/kontor/team")
        own = f"/kontor/team/{self.north.id}"
        see(self.alice, f"{own}/apningstid")
        fill_in(self.alice.http, f"{own}/apningstid", mon="8-15.30", when_closed="wait", closed_days="")
        fill_in(self.alice.http, f"{own}/trapp", step0="0", step1="2,5", step2="20", step3="45")
        fill_in(self.alice.http, f"{own}/vakttelefon", duty_phone="400 00 100")
        fill_in(self.alice.http, f"{own}/innstillinger", review_days="10")
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

    def facts(self) -> None:
        """What a landlord is told, texts from before code 6, the client's own link, and incidents."""
        lars, nina = self.world.staff("landlord", self.north, name="Lars"), self.alice.register("Nina")
        page = f"/kontor/bruker/{nina}"
        self.alice.log("rent_problem_reported", {"amount_nok": "900.00"}, client=nina, case=str(uuid7()))
        words = found(r"«(Skylder[^»]+)»", see(self.alice, f"{page}/deling"))
        told = {"what": "rent_owed", "to_staff_id": lars.id, "sier-rent_owed": words, "until_on": "2026-11-30"}
        fill_in(self.alice.http, f"{page}/deling", **told, basis="law", basis_words="sosialtjenesteloven § 44")
        see(lars, "/kontor/delt")
        fill_in(self.alice.http, found(r'action="([^"]+/deling/[^"]+/stopp)"', see(self.alice, f"{page}/deling")))
        fill_in(self.alice.http, f"{page}/lenker/egen", agreed="1")
        see(self.alice, "/kontor/hendelser")
        see(self.alice, "/kontor/hendelser/fil")
        for report in ("", *(f"/{name}" for name in REPORTS), "/hours.csv", "/hours.xlsx"):
            see(self.alice, f"/kontor/rapporter{report}")
        visit = self.alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Ved elva"}, client=nina)
        with self.world.database.reading() as session:
            seq = newest_seq(session, "client", uuid.UUID(nina))
        self.alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "code6"}}, client=nina)
        self.alice.log("client_access_listed", {"staff_ids": [self.alice.id]}, client=nina)
        see(self.alice, f"{page}/tekster")
        fill_in(self.alice.http, f"{page}/tekster/{visit['id']}", svar="kan-sta")

    def photo(self) -> None:
        raw, file_id = jpeg(), str(uuid7())
        told = {"id": file_id, "size": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "type": "image/jpeg"}
        assert self.alice.post("/api/files", told).status_code == 200
        headers = {"Content-Type": "application/octet-stream"}
        assert self.alice.http.put(f"/api/files/{file_id}?offset=0", data=raw, headers=headers).status_code == 200
        visit = self.alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=self.kari)
        attached = {"file_id": file_id, "entry_id": visit["id"], "kind": "letter"}
        self.alice.log("file_attached", attached, client=self.kari)
        assert self.alice.get(f"/api/files/{file_id}").status_code == 200
        assert self.alice.get(found(r'href="(/kontor/bilde/[^"]+)"', see(self.alice, self.page))).status_code == 200

    def record(self) -> None:
        """A case about barring, and a record that is deleted."""
        petra, nils = self.world.staff("privacy", name="Petra", phone=False), self.alice.register("Nils")
        visit = self.alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "x"}, client=nils)
        page = f"/kontor/innsyn/{nils}/krav"
        fill_in(petra.http, page, kind="barring", asker="client", note="Ikke for Bob", entry_id=visit["id"])
        case = found(r'id="krav-([^"]{36})"', see(petra, page))
        fill_in(petra.http, f"{page}/{case}/svar", answer="granted", law="pbrl_5_3", note="I slekt")
        fill_in(petra.http, f"{page}/{case}/sperr", whom=f"person:{self.bob.id}")
        fill_in(petra.http, found(r'action="([^"]+/opphev/[^"]+)"', see(petra, page)))
        self.alice.log("follow_up_ended", {"reason": "moved"}, client=nils)
        see(petra, f"/kontor/innsyn/{nils}/slett")
        fill_in(petra.http, f"/kontor/innsyn/{nils}/slett", ground="asked", name="Nils")

    def first_start(self) -> None:
        """With nobody left to administer it, an installation begins anew."""
        with self.world.database.transaction() as session:
            accounts.end_staff(session, self.ada.username, self.world.clock.now())
            secret = self.world.app.extensions["settings"].secret_key
            code = first_start.new_code(session, secret, self.world.clock.now())
        see(self.anybody, "/oppsett")
        people = {"admin_name": "Ås", "admin_username": "aas", "leader_name": "Li", "leader_username": "li"}
        team = {"team_name": "Nytt team", "team_kind": "act"}
        fill_in(self.anybody, "/oppsett", code=code, password=NEW_PASSWORD, **people, **team)

    def admin(self) -> None:
        http = self.ada.http
        see(self.ada, "/admin")
        see(self.ada, "/admin/varslingen")
        fill_in(http, "/admin/team", name="Uteteamet", kind="outreach")
        fill_in(http, f"/admin/team/{self.south.id}", name="FACT Vest")
        see(self.ada, "/admin/importer/team")
        sheet = '[[1, ["Navn", "Brukernavn", "Rolle"]], [2, ["Liv", "liv", "ansatt"]]]'
        fill_in(http, "/admin/importer/ansatte", lines=sheet, step="take")
        see(self.alice, "/kontor/brukere/importer")
        sheet = f'[[1, ["Navn", "Team"]], [2, ["Mari", "{self.north.name}"]]]'
        fill_in(self.alice.http, "/kontor/brukere/importer", lines=sheet, step="take")
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
    return answer.get_data().decode(errors="replace")  # a workbook is no text


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

"""Code 6 and code 7: who sees the client, where the address stands, who is rung."""

import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from fieldapp.domain.access import Viewer
from fieldapp.models import Client
from fieldapp.models.change import newest_seq
from fieldapp.queries.alerts.figures import alert_figures
from fieldapp.services.entries.rebuild import rebuild
from sync.ids import uuid7
from tests._push_service import PushService
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

SEEN = {"outcome": "seen", "place": "home"}
HOURLY = {"watch": {"mode": "interval", "interval_minutes": 60}}
STREET = "Hemmeligveien 7"


@dataclass
class Town:
    """Alice leads, Bob and Cato work in the team, Lise is its landlord."""

    world: World
    team: TeamOfWorld
    alice: Person
    bob: Person
    cato: Person
    kari: str

    def protect(self, code: str, by: Person | None = None) -> dict:
        who = by or self.alice
        who.pull()
        seq = next(
            (c["seq"] for c in who.sync(cursor=None)["changes"] if (c["kind"], c["id"]) == ("client", self.kari)), 0
        )
        body = {"base_seq": seq, "fields": {"protected": code}}
        return who.judged("client_updated", body, client=self.kari)

    def list_access(self, *people: Person, by: Person | None = None) -> dict:
        who = by or self.alice
        body = {"staff_ids": [one.id for one in people]}
        return who.judged("client_access_listed", body, client=self.kari)


@pytest.fixture
def town(world: World) -> Town:
    team = world.team("Nord")
    alice = world.staff("leader", team, name="Alice")
    bob, cato = world.staff("fieldworker", team, name="Bob"), world.staff("fieldworker", team, name="Cato")
    kari = alice.register("Kari Nordmann", team, address=STREET, birth_year=1980, **HOURLY)
    return Town(world, team, alice, bob, cato, kari)


@pytest.mark.parametrize("code", ["code6", "code7"])
def test_a_leader_sets_it_and_nobody_else_and_never_at_registration(town: Town, code: str) -> None:
    assert town.protect(code, by=town.bob)["code"] == "not_permitted"
    body = {"name": "Ola", "team_id": town.team.id, "protected": code}
    new = town.alice.entry("client_registered", body, client=str(uuid7()))
    assert town.alice.sync(new)["results"][0]["code"] == "not_permitted"
    assert town.protect(code)["verdict"] == "accepted"


@pytest.mark.parametrize("code", ["code6", "code7"])
def test_nobody_else_takes_it_back(town: Town, code: str) -> None:
    town.protect(code)
    town.list_access(town.alice, town.bob)
    for fields in ({"protected": "none"}, {"protected": "code7" if code == "code6" else "code6"}):
        entry = town.bob.entry("client_updated", {"base_seq": 10**6, "fields": fields}, client=town.kari)
        assert town.bob.sync(entry)["results"][0]["code"] in ("not_permitted", "stale_base")
    with town.world.database.reading() as session:
        assert session.get_one(Client, uuid.UUID(town.kari)).protected == code


def test_of_code_7_the_address_is_on_no_phone_and_on_no_page_but_for_a_reason(town: Town) -> None:
    town.protect("code7")
    for person in (town.alice, town.bob):
        person.cursor, person.replica = None, {}
        person.pull()
        assert ("client", town.kari) in person.replica
        assert STREET not in str(person.replica)
        assert "code7" not in str(person.replica), "nor is the code"
    page = town.bob.get(f"/kontor/bruker/{town.kari}").text
    assert STREET not in page
    path = f"/kontor/bruker/{town.kari}/adresse"
    without = town.bob.http.post(path, data={"reason": " "})
    assert (without.status_code, STREET in without.text) == (422, False)
    shown = town.bob.http.post(path, data={"reason": "skal på besøk"})
    assert (shown.status_code, STREET in shown.text) == (200, True)
    stranger = town.world.staff("fieldworker", town.world.team())
    assert stranger.http.post(path, data={"reason": "x"}).status_code == 404
    assert STREET not in str(town.bob.get(f"/api/clients/{town.kari}/entries").get_json())


def test_a_phone_that_had_the_address_is_given_the_client_without_it(town: Town) -> None:
    town.bob.pull()
    assert town.bob.replica["client", town.kari]["address"] == STREET
    town.protect("code7")
    town.bob.pull()
    assert town.bob.replica["client", town.kari]["address"] is None


@pytest.mark.parametrize("code", ["code6", "code7"])
def test_a_landlord_sees_neither(town: Town, code: str) -> None:
    lise = town.world.staff("landlord", town.team)
    lise.pull()
    assert ("client", town.kari) in lise.replica
    town.protect(code)
    lise.cursor, lise.replica = None, {}
    lise.pull()
    assert town.kari not in str(lise.replica)


def test_of_code_6_only_the_listed_see_the_client_and_no_phone_has_it(town: Town) -> None:
    for person in (town.alice, town.bob, town.cato):
        person.pull()
    town.protect("code6")
    town.list_access(town.alice, town.bob)
    for person in (town.alice, town.bob, town.cato):
        person.pull()
        assert town.kari not in str(person.replica), person.name
        person.cursor, person.replica = None, {}
        person.pull()
        assert town.kari not in str(person.replica), person.name
    assert [one.get(f"/kontor/bruker/{town.kari}").status_code for one in (town.alice, town.bob, town.cato)] == [
        200, 200, 404,
    ]  # fmt: skip
    page = town.bob.get(f"/kontor/bruker/{town.kari}").text
    assert STREET not in page
    assert "code6" not in page
    assert "kode 6" not in page.lower()


def test_whoever_set_it_is_alone_on_the_list_until_there_is_one(town: Town) -> None:
    town.protect("code6")
    assert town.alice.get(f"/kontor/bruker/{town.kari}").status_code == 200
    assert town.bob.get(f"/kontor/bruker/{town.kari}").status_code == 404


def test_the_list_is_never_empty_and_of_those_who_could_see_the_client(town: Town) -> None:
    town.protect("code6")
    stranger = town.world.staff("fieldworker", town.world.team())
    assert town.list_access()["code"] == "invalid_body"
    assert town.list_access(stranger)["code"] == "unknown_reference"
    town.alice.log("staff_blocked", {"staff_id": town.cato.id, "reason": "familie"}, client=town.kari)
    assert town.list_access(town.cato)["code"] == "unknown_reference"
    assert town.list_access(town.bob, by=town.bob)["code"] == "unknown_reference", "for Bob there is no such client"


def test_a_leader_and_privacy_edit_the_list_without_reading(town: Town) -> None:
    town.protect("code6")
    dina, petra = town.world.staff("leader", town.team, name="Dina"), town.world.staff("privacy")
    assert town.list_access(town.bob, by=dina)["verdict"] == "accepted"
    assert dina.get(f"/kontor/bruker/{town.kari}").status_code == 404
    assert "Kari" not in dina.get(f"/kontor/bruker/{town.kari}/tilgang").text
    assert town.list_access(town.cato, by=petra)["verdict"] == "accepted"
    assert town.cato.get(f"/kontor/bruker/{town.kari}").status_code == 200


def test_there_is_no_nodtilgang_to_code_6(town: Town) -> None:
    stranger = town.world.staff("fieldworker", town.world.team())
    asked = {"name": "Kari Nordmann", "birth_year": 1980, "reason": "haster"}
    town.protect("code6")
    assert stranger.post("/api/access/emergency", asked).status_code == 404


def test_no_address_is_written_down_while_it_is_code_6(town: Town) -> None:
    town.protect("code6")
    seq = town.alice.sync()["cursor"] and 10**6
    entry = town.alice.entry("client_updated", {"base_seq": seq, "fields": {"address": "Ny vei 1"}}, client=town.kari)
    assert town.alice.sync(entry)["results"][0]["code"] == "not_permitted"


def test_the_address_comes_back_with_the_code_taken_back(town: Town) -> None:
    town.protect("code6")
    path = f"/kontor/bruker/{town.kari}/tilgang/vern"
    with town.world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(town.kari))
    sent = {"protected": "none", "base_seq": str(seq)}
    assert town.alice.http.post(path, data=sent).status_code == 303
    town.bob.pull()
    assert town.bob.replica["client", town.kari]["address"] == STREET


def test_only_the_listed_are_rung_and_with_none_on_duty_the_leader_without_the_client(
    town: Town, push_service: PushService
) -> None:
    phones = {one.name: one.subscribe(push_service) for one in (town.alice, town.bob, town.cato)}
    town.protect("code6")
    town.list_access(town.bob)
    town.world.clock.shift(minutes=61)
    town.world.tick()
    assert [len(push_service.messages(phones[name])) for name in ("Alice", "Bob", "Cato")] == [0, 1, 0]
    now = town.world.clock.now()
    duty = {"team_id": town.team.id, "staff_id": town.cato.id, "duty": "duty", "from_at": now.isoformat()}
    town.alice.sign_in()
    town.alice.log("duty_set", duty | {"to_at": now.replace(year=now.year + 1).isoformat()})
    town.world.clock.shift(minutes=46)
    town.world.tick()
    told = push_service.messages(phones["Alice"])
    assert told
    assert told[0].json["notification"]["title"] == "Nytt varsel i Sett"
    assert told[0].json["notification"]["navigate"].endswith("/kontor")
    assert town.kari not in str([one.json for one in told])
    assert push_service.messages(phones["Cato"]) == []
    assert town.alice.alerts() == []


def test_code_6_is_in_no_count(town: Town) -> None:
    town.protect("code6")
    town.world.clock.shift(minutes=61)
    town.world.tick()
    viewer = Viewer(uuid.UUID(town.alice.id), "leader", frozenset({uuid.UUID(town.team.id)}))
    with town.world.database.reading() as session:
        found = alert_figures(session, viewer, uuid.UUID(town.team.id), town.world.clock.now().date())
    assert (found.total.alerts, found.total.clients) == (0, 0)


def test_a_rebuild_finds_the_same_list(town: Town) -> None:
    town.protect("code6")
    town.list_access(town.bob)
    with town.world.database.transaction() as session:
        rebuild(session, town.world.clock.now())
        assert session.scalar(select(Client.address).where(Client.id == uuid.UUID(town.kari))) is None
    assert [one.get(f"/kontor/bruker/{town.kari}").status_code for one in (town.alice, town.bob)] == [404, 200]


def test_the_forms_at_the_office(town: Town) -> None:
    path = f"/kontor/bruker/{town.kari}/tilgang"
    with town.world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(town.kari))
    assert town.alice.http.post(f"{path}/vern", data={"protected": "code6", "base_seq": str(seq)}).status_code == 303
    assert town.alice.http.post(f"{path}/liste", data={}).status_code == 422
    assert town.alice.http.post(f"{path}/liste", data={"staff_id": [town.alice.id, town.cato.id]}).status_code == 303
    assert town.cato.get(f"/kontor/bruker/{town.kari}").status_code == 200

"""A judged duty to report is for those who work in earnest with the client: never for peers, landlords or partners,
neither its words, nor that it is there, nor what corrects it."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.services.people import staffing
from sync.codes import ReportKind
from tests._client import CheckedClient
from tests._world import Person, TeamOfWorld, World
from tests.routes.test_files import IMAGE, attach, send

pytestmark = pytest.mark.engines("sqlite")

CANARY = "kanarifugl"
JUDGED = {"kind": "child", "decided": "not_reported", "reason": f"{CANARY} så ikke barnet", "note": f"{CANARY} notat"}


@dataclass
class House:
    """Bob writes, Alice leads, Pia is a peer and Ulla a landlord of the same team."""

    world: World
    team: TeamOfWorld
    alice: Person
    bob: Person
    pia: Person
    ulla: Person
    kari: str

    @property
    def outsiders(self) -> tuple[Person, Person]:
        return self.pia, self.ulla

    def judge(self, **body: str) -> dict[str, Any]:
        return self.bob.log("duty_to_report_noted", JUDGED | body, client=self.kari)

    def everything_of(self, person: Person) -> str:
        """What the person's phone is told from the beginning, and what it can ask for."""
        person.cursor = None
        answers = [person.sync()]
        while answers[-1]["more"]:
            answers.append(person.sync())
        older = person.get(f"/api/clients/{self.kari}/entries").get_data(as_text=True)
        return f"{answers} {older}"


@pytest.fixture
def house(world: World) -> House:
    team = world.team("Team Nord")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    pia, ulla = world.staff("peer", team, name="Pia"), world.staff("landlord", team, name="Ulla")
    return House(world, team, alice, bob, pia, ulla, alice.register("Kari Nordmann", team))


def test_what_is_attached_to_it_is_for_the_same(house: House) -> None:
    photo = attach(house.bob, send(house.bob, IMAGE), house.judge(), caption=f"{CANARY} på bildet")
    told = {"entry_id": photo["id"], "what": "text", "reason": CANARY, "body": {"caption": f"{CANARY} på et bilde"}}
    house.bob.log("entry_corrected", told, client=house.kari)
    assert CANARY in house.everything_of(house.alice)
    for person in house.outsiders:
        found = house.everything_of(person)
        assert CANARY not in found, person.name
        assert "file_attached" not in found, person.name
        assert "entry_corrected" not in found, person.name


def test_colleagues_and_leaders_get_it_whole(house: House) -> None:
    entry = house.judge()
    other = house.world.staff("fieldworker", house.team, name="Cato")
    for person in (house.alice, house.bob, other):
        found = person.pull()[("entry", entry["id"])]
        assert found["body"] == JUDGED
        assert found["degree"] == "none", "nobody was met by judging"
    assert entry["id"] in house.everything_of(other)


@pytest.mark.parametrize("kind", [code.value for code in ReportKind])
def test_of_no_kind_do_peers_and_landlords_hear_by_sync_or_older_entries(house: House, kind: str) -> None:
    entry = house.judge(kind=kind)
    for person in house.outsiders:
        assert "Kari Nordmann" in house.everything_of(person)
        assert CANARY not in house.everything_of(person)
        assert entry["id"] not in house.everything_of(person)


def test_nor_do_they_hear_of_it_while_they_follow_along(house: House) -> None:
    for person in house.outsiders:
        person.pull()
    entry = house.judge()
    for person in house.outsiders:
        told = str(person.sync()["changes"])
        assert entry["id"] not in told
        assert CANARY not in told


@pytest.mark.parametrize("what", ["text", "retracted", "wrong_client"])
def test_what_corrects_it_is_as_hidden(house: House, what: str) -> None:
    other = house.alice.register("Even Eksempel", house.team)
    entry = house.judge()
    for person in house.outsiders:
        person.pull()
    body: dict[str, Any] = {"entry_id": entry["id"], "what": what, "reason": f"{CANARY} feil"}
    more: dict[str, dict[str, Any]] = {
        "text": {"body": {"decided": "reported"}},
        "wrong_client": {"to_client_id": other},
    }
    body |= more.get(what, {})
    correction = house.bob.log("entry_corrected", body, client=house.kari)
    for person in house.outsiders:
        told = str(person.sync()["changes"])
        assert entry["id"] not in told, "not even that it left the record"
        assert correction["id"] not in told
        assert CANARY not in told
        everything = house.everything_of(person)
        assert not any(one in everything for one in (CANARY, entry["id"], correction["id"]))
    assert ("entry", correction["id"]) in house.alice.pull()


def test_moved_to_the_right_record_it_leaves_the_wrong_one_for_those_who_read_it(house: House) -> None:
    other = house.alice.register("Even Eksempel", house.team)
    entry = house.judge()
    house.alice.pull()
    body = {"entry_id": entry["id"], "what": "wrong_client", "reason": "feil bruker", "to_client_id": other}
    house.bob.log("entry_corrected", body, client=house.kari)
    assert house.alice.pull()[("entry", entry["id"])]["client_id"] == other


@pytest.mark.parametrize("role", ["peer", "landlord", "privacy", "admin"])
def test_only_fieldworkers_and_leaders_write_it(house: House, role: str) -> None:
    who = house.world.staff(role, *([] if role in ("privacy", "admin") else [house.team]))
    entry = who.entry("duty_to_report_noted", JUDGED, client=house.kari)
    assert who.sync(entry)["results"][0]["verdict"] == "rejected"


def test_to_peers_and_landlords_correcting_it_is_as_correcting_nothing(house: House) -> None:
    entry = house.judge()
    for person in house.outsiders:
        verdicts = []
        for entry_id in (entry["id"], "01934f00-0000-7000-8000-00000000ffff"):
            body = {"entry_id": entry_id, "what": "retracted", "reason": "x"}
            verdict = person.judged("entry_corrected", body, client=house.kari)
            verdicts.append({name: value for name, value in verdict.items() if name != "id"})
        assert verdicts[0] == verdicts[1]
        assert verdicts[0]["code"] == "unknown_reference"


def test_the_office_shows_it_to_those_who_read_it_and_to_nobody_else(house: House) -> None:
    house.judge()
    page = f"/kontor/bruker/{house.kari}"
    for person in (house.alice, house.bob):
        shown = person.get(page).get_data(as_text=True)
        assert CANARY in shown
        assert "Meldeplikt vurdert, ikke meldt" in shown
    for person in house.outsiders:
        answer = person.get(page)
        assert answer.status_code != 200
        assert CANARY not in answer.get_data(as_text=True)


def test_it_changes_no_count_and_no_clock(house: House) -> None:
    pages = ("/kontor", "/kontor/varsler", "/kontor/varsler/tall", "/kontor/saker", "/kontor/vakt")
    before = {page: _numbers(house.alice, page) for page in pages}
    watch = house.alice.pull()[("client", house.kari)]["watch"]
    house.judge()
    assert {page: _numbers(house.alice, page) for page in pages} == before
    assert house.alice.pull()[("client", house.kari)]["watch"] == watch


def test_a_fieldworker_who_becomes_a_peer_starts_anew_without_it(house: House) -> None:
    entry = house.judge()
    assert ("entry", entry["id"]) in house.bob.pull()
    with house.world.database.transaction() as session:
        staffing.edit_person(
            session,
            uuid.UUID(house.bob.id),
            name="Bob",
            role="peer",
            title="",
            team_ids=[uuid.UUID(house.team.id)],
            now=house.world.clock.now(),
        )
    house.bob.pull()
    assert CANARY not in str(house.bob.replica)
    assert CANARY not in house.everything_of(house.bob)


def test_a_partner_writes_none_and_sees_none(house: House) -> None:
    house.judge()
    form = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
    made = house.alice.http.post(f"/kontor/bruker/{house.kari}/lenker", data=form)
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', made.text)
    assert found is not None
    assert CANARY not in CheckedClient.of(house.world.app).get(found[1]).text
    assert not access.may_submit(Viewer(uuid.uuid4(), access.PARTNER, frozenset()), "duty_to_report_noted")
    assert "duty_to_report_noted" in access.unread_types(access.PARTNER)


def _numbers(person: Person, page: str) -> list[str]:
    text = re.sub(r"<[^>]*>", " ", person.get(page).get_data(as_text=True))
    return [word for word in re.findall(r"\b\d+\b(?![.:])", text) if len(word) < 3]

"""Incidents: in a home a case of its own kind; against staff whole for author and leader, for others its kinds."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes.test_files import IMAGE, attach, send

CANARY = "kanarifugl"
STRUCK = {
    "kinds": ["threats", "physical"],
    "by": "visitor",
    "injury": "doctor",
    "could_retreat": "no",
    "support": ["time_off"],
    "in_system": True,
    "report_number": f"{CANARY}-7",
    "note": f"{CANARY} slo etter meg",
}
SECRETS = (CANARY, "doctor", "time_off", "visitor")


@dataclass
class House:
    """Bob writes, Alice leads, Cato and the peer Pia are colleagues; Dina leads another team that follows Kari too."""

    world: World
    team: TeamOfWorld
    alice: Person
    bob: Person
    cato: Person
    pia: Person
    ulla: Person
    dina: Person
    kari: str

    def everything_of(self, person: Person) -> str:
        person.cursor, person.replica = None, {}
        answers = [person.sync()]
        while answers[-1]["more"]:
            answers.append(person.sync())
        older = person.get(f"/api/clients/{self.kari}/entries").get_data(as_text=True)
        return json.dumps(answers) + older


@pytest.fixture
def house(world: World) -> House:
    team, other = world.team("Team Nord"), world.team("Team Sør")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    cato, pia = world.staff("fieldworker", team, name="Cato"), world.staff("peer", team, name="Pia")
    ulla, dina = world.staff("landlord", team, name="Ulla"), world.staff("leader", other, name="Dina")
    kari = alice.register("Kari Nordmann", team)
    alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-11-20"}, client=kari)
    return House(world, team, alice, bob, cato, pia, ulla, dina, kari)


# --- against staff ---------------------------------------------------------------------------------------------------


def test_what_is_said_of_its_photo_is_as_secret(house: House) -> None:
    entry = house.bob.log("staff_incident_logged", STRUCK, client=house.kari)
    photo = attach(house.bob, send(house.bob, IMAGE), entry, caption=f"{CANARY} på armen")
    told = {"what": "text", "reason": "skrivefeil", "body": {"caption": f"{CANARY} på den venstre armen"}}
    house.alice.log("entry_corrected", {"entry_id": photo["id"]} | told, client=house.kari)
    pages = [f"/kontor/oppforing/{one['id']}" for one in (entry, photo)]
    pages += [f"/kontor/bruker/{house.kari}{rest}" for rest in ("", "/oppforinger")]
    for person in (house.alice, house.bob):
        assert "den venstre armen" in house.everything_of(person)
        assert all("Se bilde" in person.get(page).text for page in (pages[0], *pages[2:]))
    for person in (house.cato, house.pia, house.dina):
        assert CANARY not in house.everything_of(person), person.name
    for page in pages:
        text = house.cato.get(page).text
        assert CANARY not in text, page
        assert "Se bilde" not in text, page
    assert "Ingen" in house.cato.get(f"/kontor/bruker/{house.kari}/oppforinger?ord={CANARY}").text


@pytest.mark.parametrize("about_kari", [True, False])
def test_author_and_leader_read_it_whole_others_its_kinds(house: House, about_kari: bool) -> None:
    client = house.kari if about_kari else None
    entry = house.bob.log("staff_incident_logged", STRUCK, client=client)
    for person in (house.alice, house.bob):
        assert person.pull()["entry", entry["id"]]["body"] == STRUCK
    for person in (house.cato, house.pia):
        found = person.pull()["entry", entry["id"]]
        assert (found["body"], found["partly"]) == ({"kinds": STRUCK["kinds"]}, True)
    for person in (house.cato, house.pia, house.ulla, house.dina):
        assert not [word for word in SECRETS if f'"{word}' in house.everything_of(person)]
        assert CANARY not in house.everything_of(person)


def test_a_landlord_hears_nothing_of_it(house: House) -> None:
    entry = house.bob.log("staff_incident_logged", STRUCK, client=house.kari)
    assert entry["id"] not in house.everything_of(house.ulla)


def test_its_corrections_say_no_more_than_it_does(house: House) -> None:
    entry = house.bob.log("staff_incident_logged", {"kinds": ["verbal"], "by": "client"}, client=house.kari)
    fix = {"entry_id": entry["id"], "what": "text", "reason": f"{CANARY} grunn", "note": CANARY, "body": STRUCK}
    corrected = house.bob.log("entry_corrected", fix, client=house.kari, extra_of_a_newer_phone=CANARY)
    found = house.cato.pull()
    assert found["entry", entry["id"]]["amended_body"] == {"kinds": STRUCK["kinds"]}
    assert found["entry", corrected["id"]]["body"] == {"entry_id": entry["id"], "what": "text"}
    assert CANARY not in house.everything_of(house.cato)
    assert house.alice.pull()["entry", corrected["id"]]["body"]["body"] == STRUCK
    theirs = house.alice.log("entry_corrected", fix | {"reason": "lederens ord"}, client=house.kari)
    assert house.bob.pull()["entry", theirs["id"]]["body"]["reason"] == "lederens ord"
    assert "lederens ord" not in house.everything_of(house.cato)


def test_on_office_pages_too(house: House) -> None:
    house.bob.log("staff_incident_logged", STRUCK, client=house.kari)
    page = f"/kontor/bruker/{house.kari}"
    assert CANARY in house.alice.get(page).text
    assert CANARY in house.bob.get(page).text
    for person in (house.cato, house.dina):
        text = person.get(page).text
        assert "Trusler, slag, spark, dytting" in text
        assert "resten leses av den som førte det" in text
        assert not [word for word in (CANARY, "Trengte lege", "Fri resten av dagen") if word in text]


def test_the_clients_own_print_says_that_it_happened(house: House) -> None:
    house.bob.log("staff_incident_logged", STRUCK, client=house.kari)
    privacy = house.world.staff("privacy", phone=False)
    page = privacy.get(f"/kontor/innsyn/{house.kari}").text
    assert "Hendelse mot ansatt" in page
    assert CANARY not in page


def test_the_leader_has_a_list_and_a_file_without_the_client(house: House) -> None:
    house.bob.log("staff_incident_logged", STRUCK | {"report_number": "=1+1"}, client=house.kari)
    house.bob.log("staff_incident_logged", {"kinds": ["spitting"], "by": "client"}, client=house.kari)
    page = house.alice.get("/kontor/hendelser").text
    assert f"{CANARY} slo etter meg" in page
    file = house.alice.get("/kontor/hendelser/fil").get_data(as_text=True)
    assert "Trusler, Slag, spark, dytting" in file
    assert "'=1+1" in file
    assert not [word for word in ("Kari", CANARY, house.kari) if word in file]
    assert "Spytting" not in house.dina.get("/kontor/hendelser").text
    for path in ("/kontor/hendelser", "/kontor/hendelser/fil"):
        assert house.cato.get(path).status_code == 403


def test_a_colleague_who_reads_a_part_corrects_nothing(house: House) -> None:
    entry = house.bob.log("staff_incident_logged", STRUCK, client=house.kari)
    fix = {"entry_id": entry["id"], "what": "text", "reason": "feil", "body": {"injury": "none"}}
    verdict = house.cato.judged("entry_corrected", fix, client=house.kari)
    assert (verdict["verdict"], verdict["code"]) == ("rejected", "not_permitted")


# --- in a home -------------------------------------------------------------------------------------------------------


def opened(person: Person, kari: str, **body: Any) -> str:
    case = str(uuid7())
    told = {"what": ["unwanted_visitors", "damage"], "client_role": "suffers"} | body
    person.log("housing_incident_logged", told, client=kari, case=case)
    return case


def test_an_incident_in_a_home_is_a_case_on_both_surfaces(house: House) -> None:
    case = opened(house.bob, house.kari, note="Døra er sprengt")
    found = house.cato.pull()["case", case]
    assert (found["kind"], found["status"], found["next_step"]) == ("housing", "open", "help_client_who_suffers")
    assert found["facts"]["what"] == ["unwanted_visitors", "damage"]
    for page in ("/kontor/saker", "/kontor/saker?art=housing", f"/kontor/saker/{case}"):
        assert "Hendelse i boligen: uønskede besøkende, skade" in house.alice.get(page).text
    assert "Døra er sprengt" in house.alice.get(f"/kontor/saker/{case}").text


def test_the_office_goes_on_with_it_and_ends_it(house: House) -> None:
    case = opened(house.bob, house.kari)
    form = {"status": "handled", "client_role": "suffers", "landlord_informed": "1", "note": "Ny lås"}
    assert house.alice.http.post(f"/kontor/saker/{case}", data=form).status_code == 303
    found = house.cato.pull()["case", case]
    assert (found["status"], found["next_step"], found["facts"]["landlord_informed"]) == ("handled", None, True)
    assert case not in house.alice.get("/kontor/saker?art=housing").text
    assert case in house.alice.get("/kontor/saker?art=housing&status=avsluttet").text


def test_of_a_case_a_landlord_opened_it_hears_only_whether_it_is_open(house: House) -> None:
    mine, theirs = opened(house.ulla, house.kari, note="vann fra taket"), opened(house.bob, house.kari, note=CANARY)
    house.alice.log("housing_incident_updated", {"note": f"{CANARY} plan"}, client=house.kari, case=mine)
    text = house.everything_of(house.ulla)
    assert mine in text
    assert theirs not in text
    assert CANARY not in text
    assert "help_client_who_suffers" not in text
    entry = house.ulla.entry("housing_incident_updated", {"note": "nytt"}, client=house.kari, case=theirs)
    assert house.ulla.sync(entry)["results"][0]["code"] == "unknown_reference"


def test_an_update_of_another_kind_of_case_points_at_nothing(house: House) -> None:
    case = opened(house.bob, house.kari)
    entry = house.bob.entry("neighbour_complaint_updated", {"client_role": "causes"}, client=house.kari, case=case)
    assert house.bob.sync(entry)["results"][0]["code"] == "unknown_reference"
    nowhere = house.bob.entry("housing_incident_updated", {}, client=house.kari, case=str(uuid.uuid4()))
    assert house.bob.sync(nowhere)["results"][0]["code"] == "unknown_reference"

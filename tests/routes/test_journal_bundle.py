"""`/kontor/bruker/<id>/fhir.json`: what is in it, who may take it out, and that it is FHIR.

The validator is of R4B, whose resources used here are those of R4.
"""

import base64
import uuid
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from fieldapp.models.change import newest_seq
from sync.ids import uuid7
from tests._read_log import told
from tests._world import Person, World

SEEN = {"outcome": "seen", "place": "home", "duration_min": 30, "note": "Drakk kaffe"}


@pytest.fixture
def kari(alice: Person, bob: Person) -> str:
    kari = alice.register("Kari Nordmann", birth_year=1980, phone="900 00 000", address="Storgata 1")
    bob.log("visit_logged", SEEN, client=kari)
    bob.log("call_logged", {"direction": "out", "outcome": "no_answer"}, client=kari)
    bob.log("visit_logged", SEEN | {"outcome": "cancelled", "cancelled_by": "us"}, client=kari)
    risk = {"risk_id": str(uuid7()), "advice": ["dog"], "reason": "Stor hund", "review_on": "2027-02-01"}
    bob.log("risk_noted", risk, client=kari)
    mother = {"contact_id": str(uuid7()), "role": "next_of_kin", "name": "Anne", "call_if_not_found": "no"}
    bob.log("contact_person_noted", mother | {"phone": "911 11 111", "must_not_be_told": "om rus"}, client=kari)
    bob.log("plan_noted", {"kind": "crisis", "green": "Går tur", "red_need": "Ro"}, client=kari)
    complaint = {
        "what": ["noise"],
        "complainant": "neighbour",
        "client_role": "unclear",
        "complainant_name": "Frøken Ur",
    }
    bob.log("neighbour_complaint_received", complaint, client=kari, case=str(uuid7()))
    return kari


def bundle(person: Person, client: str) -> dict[str, Any]:
    answer = person.get(f"/kontor/bruker/{client}/fhir.json")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/fhir+json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=journal.fhir.json"
    read: dict[str, Any] = answer.get_json()
    return read


def of_type(found: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == type_]


def texts(found: dict[str, Any]) -> list[str]:
    attached = [one["content"][0]["attachment"]["data"] for one in of_type(found, "DocumentReference")]
    return [base64.b64decode(data).decode() for data in attached]


def test_it_is_fhir_and_every_reference_leads_somewhere(alice: Person, kari: str) -> None:
    found = bundle(alice, kari)
    Bundle.model_validate(found)
    urls = [one["fullUrl"] for one in found["entry"]]
    assert len(set(urls)) == len(urls)
    assert set(references(found)) <= set(urls)


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["reference"]] if "reference" in part else []
        return own + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


def test_it_holds_who_it_is_what_was_done_and_what_stands(alice: Person, kari: str) -> None:
    found = bundle(alice, kari)
    (patient,) = of_type(found, "Patient")
    assert (patient["name"][0]["text"], patient["birthDate"]) == ("Kari Nordmann", "1980")
    assert (patient["telecom"][0]["value"], patient["address"][0]["text"]) == ("900 00 000", "Storgata 1")
    met = sorted((one["status"], one["class"]["code"]) for one in of_type(found, "Encounter"))
    assert met == [("cancelled", "HH"), ("finished", "HH"), ("finished", "VR")]
    assert any("Drakk kaffe" in text for text in texts(found))
    flags = [one["code"]["text"] for one in of_type(found, "Flag")]
    assert sorted(flags) == ["Anne må ikke få vite: om rus", "Hund. Stor hund"]
    assert [one["telecom"][0]["value"] for one in of_type(found, "RelatedPerson")] == ["911 11 111"]
    (plan,) = of_type(found, "CarePlan")
    assert "Går tur" in plan["description"]
    assert [one["name"] for one in of_type(found, "Organization")] == ["FACT Nord"]


def test_it_does_not_hold_what_is_kept_apart(alice: Person, bob: Person, kari: str) -> None:
    gone = bob.log("visit_logged", SEEN | {"note": "feil bruker"}, client=kari)
    bob.log("entry_corrected", {"entry_id": gone["id"], "what": "retracted", "reason": "angret"}, client=kari)
    bob.log("staff_incident_logged", {"kinds": ["threats"], "by": "client", "note": "ble redd"}, client=kari)
    whole = "\n".join(texts(bundle(alice, kari)))
    assert not [word for word in ("Frøken Ur", "feil bruker", "ble redd") if word in whole]


def test_it_is_for_the_leader_and_stands_in_the_log(world: World, alice: Person, bob: Person, kari: str) -> None:
    charlie = world.staff("leader", world.team("Sør"), name="Charlie")
    missing = alice.get(f"/kontor/bruker/{uuid7()}/fhir.json")
    for person in (bob, charlie):
        answer = person.get(f"/kontor/bruker/{kari}/fhir.json")
        assert (answer.status_code, len(answer.data)) == (404, len(missing.data))
    assert ("opened", "print", kari) not in [read[:3] for read in told(world, alice)]
    bundle(alice, kari)
    assert ("opened", "print", kari) in [read[:3] for read in told(world, alice)]


@pytest.mark.parametrize(("protected", "status"), [("code6", 404), ("code7", 200)])
def test_a_protected_address_leaves_in_no_file(
    world: World, alice: Person, kari: str, protected: str, status: int
) -> None:
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(kari))
    alice.log("client_updated", {"base_seq": seq, "fields": {"protected": protected}}, client=kari)
    answer = alice.get(f"/kontor/bruker/{kari}/fhir.json")
    assert answer.status_code == status
    assert "Storgata" not in answer.text
    assert ("fhir.json" in alice.get(f"/kontor/bruker/{kari}").text) == (status == 200)

"""A landlord gets what it wrote itself, as it wrote it, whether its cases are open, and name and address of clients."""

import json
from typing import Any

from sync.ids import uuid7
from tests._world import Person, World

SECRETS = ("Alias hemmelig", "1971", "90000001", "benefit_stopped", "guardian", "suffers", "lederens ord", "heard")


def seen_by(person: Person) -> dict[tuple[str, str], dict[str, Any]]:
    person.replica, person.cursor = {}, None
    return person.pull()


def test_of_clients_name_and_address_only(world: World) -> None:
    team = world.team()
    alice, lars = world.staff("leader", team), world.staff("landlord", team)
    card = {"alias": "Alias hemmelig", "birth_year": 1971, "phone": "90000001", "primary_staff_id": alice.id}
    kari = alice.register("Kari", address="Granveien 3", **card)
    assert seen_by(lars)["client", kari] == {"id": kari, "name": "Kari", "address": "Granveien 3"}


def test_of_a_case_it_opened_only_whether_it_is_open(world: World) -> None:
    team = world.team()
    alice, lars = world.staff("leader", team), world.staff("landlord", team)
    kari, case = alice.register("Kari"), str(uuid7())
    lars.log("rent_problem_reported", {"amount_nok": "100.00"}, client=kari, case=case)
    news = {"cause": "benefit_stopped", "plan": "guardian", "deadline_on": "2026-12-24", "note": "lederens ord"}
    alice.log("rent_problem_updated", news, client=kari, case=case)
    seen = seen_by(lars)
    facts = {"id": case, "client_id": kari, "team_id": team.id, "kind": "rent", "opened_by": lars.id, "status": "open"}
    assert {name: value for name, value in seen["case", case].items() if name != "opened_at"} == facts
    alice.log("rent_problem_updated", {"status": "resolved", "tenancy": "saved"}, client=kari, case=case)
    seen = seen_by(lars)
    assert seen["case", case]["status"] == "closed"
    assert [kind for kind, _ in seen].count("entry") == 1
    text = json.dumps(list(seen.values()))
    assert not [secret for secret in SECRETS if secret in text]


def test_its_own_words_stay_as_it_wrote_and_corrected_them(world: World) -> None:
    team = world.team()
    alice, lars = world.staff("leader", team), world.staff("landlord", team)
    kari, case = alice.register("Kari"), str(uuid7())
    complaint = {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}
    entry = lars.log("neighbour_complaint_received", complaint | {"note": "bråk"}, client=kari, case=case)
    own = complaint | {"note": "bråk kl. 22"}
    correction = {"entry_id": entry["id"], "what": "text", "reason": "klokka"}
    lars.log("entry_corrected", correction | {"body": own}, client=kari)
    theirs = complaint | {"client_role": "suffers", "note": "lederens ord"}
    alice.log("entry_corrected", correction | {"body": theirs}, client=kari)
    seen = seen_by(lars)["entry", entry["id"]]
    assert (seen["body"]["note"], seen["amended_body"]) == ("bråk", own)
    alice.log("entry_corrected", {"entry_id": entry["id"], "what": "retracted", "reason": "feil"}, client=kari)
    assert seen_by(lars)["entry", entry["id"]]["struck_by"] is None


def test_whether_a_sighting_counts_is_not_told(world: World) -> None:
    team = world.team()
    alice, lars = world.staff("leader", team), world.staff("landlord", team)
    kari = alice.register("Kari")
    agreed = {"mode": "interval", "interval_minutes": 600, "counts": ["seen", "reported"], "reason": "avtalt"}
    alice.log("watch_set", agreed, client=kari)
    entry = lars.log("sighting_reported", {"source": "caretaker", "what": "seen"}, client=kari)
    assert "degree" not in seen_by(lars)["entry", entry["id"]]


def test_older_entries_of_the_team_are_not_fetched_either(world: World) -> None:
    team = world.team()
    alice, lars = world.staff("leader", team), world.staff("landlord", team)
    kari = alice.register("Kari")
    alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "lederens ord"}, client=kari)
    entry = lars.log("sighting_reported", {"source": "caretaker", "what": "seen"}, client=kari)
    page = lars.get(f"/api/clients/{kari}/entries").get_json()
    assert [change["id"] for change in page["changes"]] == [entry["id"]]
    assert "degree" not in page["changes"][0]["data"]

"""A client is given the whole record, once a named professional has gone through it; and is told what was taken out."""

import json
import time
import uuid

from flask.testing import FlaskClient

from tests._canary import Canaries, every_type, registered
from tests._read_log import told
from tests._world import Person, World


def visit(person: Person, client: str, note: str) -> str:
    body = {"outcome": "seen", "place": "home", "note": note}
    return str(person.log("visit_logged", body, client=client)["id"])


def post(person: Person, path: str, **form: str) -> int:
    return person.http.post(path, data=form).status_code


def test_a_record_is_gone_through_handed_out_and_says_what_was_taken_out(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    kari = alice.register("Kari Nordmann")
    kept, secret = visit(bob, kari, "Hun ville ha kaffe"), visit(bob, kari, "Moren sa i fortrolighet at")
    page = f"/kontor/innsyn/{kari}"
    assert bob.get(page).status_code == 404
    assert post(ingrid, page, reviewer_id=bob.id) == 303
    assert "Hun ville ha kaffe" in bob.get(page).text
    assert post(bob, f"{page}/{secret}/ta-ut", reason="told_in_confidence", note="Moren ba om det") == 303
    assert post(bob, f"{page}/{kept}/ta-ut", reason="complainant") == 303
    assert post(bob, f"{page}/{kept}/ta-med") == 303
    assert post(ingrid, f"{page}/utlevert") == 403, "before it was gone through"
    assert post(bob, f"{page}/gjennomgatt") == 303
    assert bob.get(page).status_code == 404, "it is done, and no longer theirs"
    shown = ingrid.get(page).text
    assert "Hun ville ha kaffe" in shown
    assert "Moren sa i fortrolighet" not in shown
    assert "Moren ba om det" not in shown
    assert "1 oppføring: sagt av andre i fortrolighet" in shown
    assert "Gått gjennom av Bob" in shown
    assert "Hvem som har lest om deg" in shown
    assert post(ingrid, f"{page}/utlevert") == 303
    assert "Levert ut" in ingrid.get(page).text
    assert any(row[:3] == ("opened", "print", kari) for row in told(world, ingrid))


def test_whoever_is_blocked_neither_goes_through_a_record_nor_gives_it(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    kari = alice.register("Kari")
    page = f"/kontor/innsyn/{kari}"
    assert bob.id in ingrid.get(page).text
    assert post(ingrid, page, reviewer_id=bob.id) == 303
    assert bob.get(page).status_code == 200
    for person in (bob, ingrid):
        alice.log("staff_blocked", {"staff_id": person.id, "reason": "i slekt"}, client=kari)
        assert person.get(page).status_code == 404
        assert post(person, f"{page}/gjennomgatt") == 404
    assert ingrid.get(f"/api/clients/{kari}/readers").status_code == 404
    assert kari not in ingrid.get("/kontor/logg").text
    other = world.staff("privacy", name="Petra")
    assert bob.id not in other.get(page).text


def test_only_whoever_is_named_goes_through_it_and_nobody_else_sees_it(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    kari = alice.register("Kari")
    entry = visit(bob, kari, "Et besøk")
    page = f"/kontor/innsyn/{kari}"
    peer = world.staff("peer", *alice.teams)
    outside = world.staff("fieldworker", world.team())
    for reviewer in (peer, outside, ingrid):
        assert post(ingrid, page, reviewer_id=reviewer.id) == 422
    assert post(ingrid, page) == 422
    assert post(bob, page, reviewer_id=bob.id) == 404
    assert post(ingrid, page, reviewer_id=bob.id) == 303
    assert post(ingrid, page, reviewer_id=bob.id) == 403, "one case at a time"
    for person in (alice, ingrid, peer, outside):
        assert post(person, f"{page}/{entry}/ta-ut", reason="complainant") == 404
        assert post(person, f"{page}/gjennomgatt") == 404
    for person in (alice, peer, outside):
        missing = person.get(f"/kontor/innsyn/{uuid.uuid4()}")
        assert (person.get(page).status_code, missing.status_code) == (404, 404)
    ola = alice.register("Ola")
    other = visit(bob, ola, "Et annet")
    assert post(bob, f"{page}/{other}/ta-ut", reason="complainant") == 404, "an entry of another record"
    assert post(bob, f"{page}/{entry}/ta-ut", reason="because") == 422


WHOLE = {
    "outcome": "seen",
    "place": "cafe",
    "duration_min": 90,
    "medication": "seen_taken",
    "interpreter": True,
    "topics": ["economy", "lar"],
    "next_contact_on": "2026-12-03",
    "agreed": "Ny time",
    "note": "Hund i gangen",
}
READ = (
    "1 t 30 min",
    "Så at den ble tatt",
    "Brukt tolk?</dt><dd>Ja",
    "Økonomi",
    "LAR",
    "3. des.",
    "Ny time",
    "Hund i gangen",
)


def test_every_field_of_an_entry_is_in_the_record(world: World, alice: Person, bob: Person, ingrid: Person) -> None:
    kari = alice.register("Kari")
    visited = bob.log("visit_logged", WHOLE | {"with_staff": [alice.id]}, client=kari)["id"]
    goals = [{"text": "Egen sofa", "since_on": "2026-11-02"}]
    planned = bob.log(
        "plan_noted", {"kind": "goals", "goals": goals, "bed": {"place": "DPS Sør", "nights": 2}}, client=kari
    )["id"]
    record = ingrid.get(f"/kontor/innsyn/{kari}").text
    assert [words for words in (*READ, "Alice", "Egen sofa · 2. nov.", "DPS Sør") if words not in record] == []
    pages = "".join(bob.get(f"/kontor/oppforing/{one}").text for one in (visited, planned))
    assert [words for words in (*READ, "DPS Sør") if words not in pages] == []
    with_landlord = world.staff("landlord", *alice.teams)
    assert with_landlord.get(f"/kontor/oppforing/{visited}").status_code == 403


def test_the_record_names_no_other_client_and_not_who_complained(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    kari, ola = alice.register("Kari"), alice.register("Ola Ukjent")
    wrong = visit(bob, kari, "Det var Ola")
    moved = {"entry_id": wrong, "what": "wrong_client", "reason": "feil kort", "to_client_id": ola}
    bob.log("entry_corrected", moved, client=kari)
    told = {"what": ["noise"], "complainant": "neighbour", "client_role": "causes", "complainant_name": "Nabo Nilsen"}
    complaint = bob.log("neighbour_complaint_received", told, client=kari, case=str(uuid.uuid4()))["id"]
    record = ingrid.get(f"/kontor/innsyn/{kari}").text
    assert "Ola Ukjent" not in record
    assert "Nabo Nilsen" not in record
    assert "Navn på den som klaget</dt><dd>Holdt for seg" in record
    page = bob.get(f"/kontor/oppforing/{complaint}").text
    assert "Nabo Nilsen" in page.split("<summary>Holdt for seg</summary>")[1]
    assert "Nabo Nilsen" not in bob.get(f"/kontor/bruker/{kari}").text


def test_a_correction_of_what_was_taken_out_says_nothing_of_it(alice: Person, bob: Person, ingrid: Person) -> None:
    kari = alice.register("Kari")
    kept, secret = visit(bob, kari, "Kaffe"), visit(bob, kari, "Moren sa")
    for entry, note in ((kept, "Te, ikke kaffe"), (secret, "Moren sa i fortrolighet")):
        body = {"entry_id": entry, "what": "text", "reason": "skrevet feil", "body": {"note": note}}
        bob.log("entry_corrected", body, client=kari)
    page = f"/kontor/innsyn/{kari}"
    assert post(ingrid, page, reviewer_id=bob.id) == 303
    assert bob.get(page).text.count("Moren sa i fortrolighet") == 2, "whoever goes through it reads all of it"
    assert post(bob, f"{page}/{secret}/ta-ut", reason="told_in_confidence") == 303
    assert post(bob, f"{page}/gjennomgatt") == 303
    record = ingrid.get(page).text
    assert "Moren sa" not in record
    assert record.count("Gjelder</dt><dd>Hjemmebesøk, traff") == 1
    assert "Slik skal det være</dt><dd>Notat: Te, ikke kaffe" in record


NOT_PRINTED = {
    *("none neighbour_complaint_received.complainant_name", "none neighbour_complaint_updated.complainant_name"),
    *("none staff_incident_logged.note", "none staff_incident_logged.report_number"),
}
"""Who complained, and what hit somebody at work."""


def test_all_that_anybody_wrote_is_in_the_record(alice: Person, bob: Person, ingrid: Person) -> None:
    canaries = Canaries()
    kari = registered(alice, canaries, "none")
    concern = bob.log("concern_raised", {"reason": "Stille", "urgency": "now"}, client=kari)
    alert = next(one["id"] for one in alice.alerts() if one["client_id"] == kari)
    ids = {"alert_id": alert, "entry_id": concern["id"], "entry_ids": [concern["id"]], "team_id": alice.teams[0].id}
    ids |= dict.fromkeys(("staff_id", "to_staff_id", "owner_id", "coordinator_id"), bob.id)
    ids |= {"cases": {}, "with_staff": [bob.id], "staff_ids": [bob.id]}
    sent = [one | {"client_id": kari} for one in every_type(alice, canaries, kari, "none", ids)]
    accepted = [one for one in sent if alice.sync(one)["results"][0]["verdict"] == "accepted"]
    assert len(accepted) > 45
    written = canaries.found_in(json.dumps(accepted))
    record = ingrid.get(f"/kontor/innsyn/{kari}").text
    assert {where for word, where in written.items() if word not in record} == NOT_PRINTED


def test_five_hundred_entries_are_there_within_two_seconds(world: World, alice: Person, ingrid: Person) -> None:
    kari = alice.register("Kari")
    for start in range(0, 500, 100):
        notes = [{"outcome": "seen", "place": "home", "note": f"Notat {start + n}"} for n in range(100)]
        alice.sync(*(alice.entry("visit_logged", body, client=kari) for body in notes))
    page = ingrid.get(f"/kontor/innsyn/{kari}").text
    assert min(seconds(world, ingrid, f"/kontor/innsyn/{kari}") for _ in range(3)) < 2
    assert page.count('<li id="entry-') == 501
    assert "Notat 0<" in page
    assert "Notat 499" in page


def seconds(world: World, person: Person, path: str) -> float:
    """How long the server takes, without the checks of the tests' own client."""
    plain = FlaskClient(world.app, world.app.response_class)
    known = person.http.get_cookie("__Host-sett", domain="sett.example")
    assert known is not None
    plain.set_cookie("__Host-sett", known.value, domain="sett.example", secure=True)
    began = time.perf_counter()
    assert plain.get(path, base_url="https://sett.example").status_code == 200
    return time.perf_counter() - began

"""Correcting and barring as cases: who asks, what was decided, and that what is barred is nowhere for whom it is."""

import json
import re
import uuid
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldapp.cli import _copies
from fieldapp.models import RecordStep
from fieldapp.services.operations.verify import differences
from sync.ids import uuid7
from tests._world import Person, TeamOfWorld, World
from tests.routes.test_files import IMAGE, attach, send

SECRET = "Hemmelig om broren"
RING = {"role": "next_of_kin", "name": "Anne", "call_if_not_found": "yes"}


def visit(person: Person, client: str, note: str = SECRET) -> str:
    return str(person.log("visit_logged", {"outcome": "seen", "place": "home", "note": note}, client=client)["id"])


def opened(ingrid: Person, client: str, kind: str, entry: str | None) -> str:
    """A case that was asked for; its id."""
    page = f"/kontor/innsyn/{client}/krav"
    form = {"kind": kind, "asker": "client", "note": "Jeg vil ikke at hun ser det"} | (
        {"entry_id": entry} if entry else {}
    )
    assert ingrid.http.post(page, data=form).status_code == 303
    return ingrid.get(page).text.split('<li class="card" id="krav-')[1][:36]


def granted(ingrid: Person, client: str, entry: str) -> str:
    case = opened(ingrid, client, "barring", entry)
    said = {"answer": "granted", "law": "pbrl_5_3", "note": "Hun er i slekt"}
    assert ingrid.http.post(f"/kontor/innsyn/{client}/krav/{case}/svar", data=said).status_code == 303
    return case


def bar(ingrid: Person, client: str, case: str, whom: str) -> int:
    return ingrid.http.post(f"/kontor/innsyn/{client}/krav/{case}/sperr", data={"whom": whom}).status_code


def everywhere(person: Person, client: str) -> str:
    """All that is shown to the person of the client."""
    person.pull()
    fresh = person.sync(cursor=None)
    older = person.get(f"/api/clients/{client}/entries").text
    pages = [f"/kontor/bruker/{client}", "/kontor", "/kontor/saker", "/kontor/varsler"]
    shown = "".join(person.get(path).text for path in pages)
    return json.dumps([list(person.replica.values()), fresh], ensure_ascii=False) + older + shown


@pytest.mark.parametrize("whom", ["person", "team", "alle"])
def test_a_barred_entry_is_gone_for_those_it_is_barred_for_alone(
    world: World, team: TeamOfWorld, alice: Person, bob: Person, ingrid: Person, kari: str, whom: str
) -> None:
    other = world.team("Sør")
    cato = world.staff("fieldworker", other, name="Cato")
    alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-01-01"}, client=kari)
    entry = visit(alice, kari)
    alice.log(
        "entry_corrected", {"entry_id": entry, "what": "text", "reason": SECRET, "body": {"note": SECRET}}, client=kari
    )
    for person in (bob, cato):
        assert SECRET in everywhere(person, kari)
    case = granted(ingrid, kari, entry)
    assert (
        bar(ingrid, kari, case, {"person": f"person:{bob.id}", "team": f"team:{team.id}", "alle": "alle"}[whom]) == 303
    )
    assert SECRET not in everywhere(bob, kari)
    assert ("entry", entry) not in bob.replica, "a phone that had it lets go of it"
    assert SECRET not in bob.get(f"/kontor/bruker/{kari}?team={team.id}").text
    assert (SECRET in everywhere(cato, kari)) == (whom != "alle")
    assert SECRET in ingrid.get(f"/kontor/innsyn/{kari}").text, "the entry stays, and the client is given it"
    with _copies.scratch(world.database) as session:
        assert list(differences(session, world.clock.now(), 10)) == []
    with world.database.reading() as session:
        (bar_id,) = session.scalars(select(RecordStep.id).where(RecordStep.what == "barred"))
    assert ingrid.http.post(f"/kontor/innsyn/{kari}/krav/{case}/opphev/{bar_id}").status_code == 303
    assert SECRET in everywhere(bob, kari)


def test_a_photo_of_a_barred_entry_is_barred_and_so_is_what_corrects_it(
    world: World, alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    entry = alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    photo = attach(alice, send(alice, IMAGE), entry, caption=SECRET)
    told = {"entry_id": photo["id"], "what": "text", "reason": SECRET, "body": {"caption": SECRET}}
    correction = alice.log("entry_corrected", told, client=kari)
    assert SECRET in everywhere(bob, kari)
    assert bar(ingrid, kari, granted(ingrid, kari, entry["id"]), f"person:{bob.id}") == 303
    assert SECRET not in everywhere(bob, kari)
    for one in (entry, photo, correction):
        assert ("entry", one["id"]) not in bob.replica, one["type"]
    assert SECRET in everywhere(alice, kari)


def test_choosing_another_team_to_look_at_shows_no_more(
    world: World, team: TeamOfWorld, alice: Person, ingrid: Person
) -> None:
    other = world.team("Sør")
    both = world.staff("fieldworker", team, other, name="Begge")
    kari = alice.register("Kari")
    alice.log("client_team_set", {"team_id": other.id, "from_on": "2026-01-01"}, client=kari)
    entry = visit(alice, kari)
    assert bar(ingrid, kari, granted(ingrid, kari, entry), f"team:{team.id}") == 303
    assert SECRET not in both.get(f"/kontor/bruker/{kari}?team={other.id}").text


def test_the_clock_goes_on_as_before(alice: Person, bob: Person, ingrid: Person) -> None:
    kari = alice.register("Kari", watch={"mode": "interval", "interval_minutes": 60})
    entry = visit(alice, kari)
    before = bob.pull()["client", kari]["watch"]["due_at"]
    assert bar(ingrid, kari, granted(ingrid, kari, entry), f"person:{bob.id}") == 303
    assert bob.pull()["client", kari]["watch"]["due_at"] == before


def test_a_case_that_says_what_a_barred_entry_said_is_gone_with_it(
    alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    case_id = str(uuid7())
    body = {"amount_nok": "123.00", "next_step": SECRET}
    entry = alice.log("rent_problem_reported", body, client=kari, case=case_id)
    bob.pull()
    assert ("case", case_id) in bob.replica
    assert bar(ingrid, kari, granted(ingrid, kari, str(entry["id"])), f"person:{bob.id}") == 303
    assert SECRET not in everywhere(bob, kari)
    assert ("case", case_id) not in bob.replica
    assert bob.get(f"/kontor/saker/{case_id}").status_code == 404


def test_what_is_barred_is_in_no_count(alice: Person, bob: Person, ingrid: Person, kari: str) -> None:
    other = alice.register("Kari Nordmann")
    placed = {"column": "crisis", "review_on": "2026-12-07", "reasons": ["crisis"], "team_id": alice.teams[0].id}
    alice.log("board_placed", placed, client=kari)
    pages = f"/kontor/bruker/{kari}/sla-sammen?med={other}", "/kontor/tavle"
    before = [counts(alice, page) for page in pages]
    entry = bob.log("rent_problem_reported", {"amount_nok": "123.00"}, client=kari, case=str(uuid7()))
    assert all(counts(alice, page) != was for page, was in zip(pages, before, strict=True))
    assert bar(ingrid, kari, granted(ingrid, kari, str(entry["id"])), f"person:{alice.id}") == 303
    assert [counts(alice, page) for page in pages] == before


def counts(person: Person, page: str) -> list[str]:
    """All that the page says, without its links and ids."""
    text = re.sub(r"<[^>]*>", " ", person.get(page).text.split("<main")[1])
    return text.split()


def test_a_barred_plan_or_visit_is_on_no_list(alice: Person, bob: Person, ingrid: Person, kari: str) -> None:
    alice.log("board_placed", {"column": "tight", "reasons": [], "review_on": "2026-12-07"}, client=kari)
    planned = {"plan_id": str(uuid7()), "at": "2026-11-28T10:00:00+00:00", "staff_ids": [alice.id]}
    made = (("visit_planned", planned), ("plan_noted", {"kind": "crisis", "green": "Ro"}))
    entries = [str(alice.log(type_, body, client=kari)["id"]) for type_, body in made]

    def told(person: Person) -> tuple[bool, bool, bool]:
        board = person.get("/kontor/tavle").text
        return (
            "neste lørdag 11.00" in board,
            "kriseplan: ja" in board,
            "lørdag" in person.get("/kontor/brukere?kolonne=neste").text,
        )

    assert told(bob) == (True, True, True)
    for entry in entries:
        assert bar(ingrid, kari, granted(ingrid, kari, entry), f"person:{bob.id}") == 303
    assert told(bob) == (False, False, False)
    assert told(alice) == (True, True, True)


def test_a_fact_that_rests_on_a_barred_case_is_told_no_longer(
    world: World, team: TeamOfWorld, alice: Person, ingrid: Person, kari: str
) -> None:
    lars = world.staff("landlord", team, name="Lars")
    entry = alice.log("rent_problem_reported", {"amount_nok": "123.00"}, client=kari, case=str(uuid7()))
    alice.log("fact_shared", {"what": "rent_owed", "to_staff_ids": [lars.id]}, client=kari)
    assert "123.00" in str(lars.pull())
    assert bar(ingrid, kari, granted(ingrid, kari, str(entry["id"])), f"person:{lars.id}") == 303
    assert "123.00" not in str(lars.pull())
    assert "123,00" not in lars.get("/kontor/delt").text
    assert "123,00" in alice.get(f"/kontor/bruker/{kari}").text


def test_what_stands_by_a_barred_entry_is_told_no_longer(alice: Person, bob: Person, ingrid: Person, kari: str) -> None:
    risk = {"risk_id": str(uuid7()), "advice": ["dog"], "reason": SECRET, "review_on": "2027-02-01"}
    around = {"contact_id": str(uuid7()), **RING, "may_be_told": SECRET}
    made = [alice.log("risk_noted", risk, client=kari), alice.log("contact_person_noted", around, client=kari)]
    bob.pull()
    assert {("risk", risk["risk_id"]), ("contact_person", around["contact_id"])} <= bob.replica.keys()
    for entry in made:
        assert bar(ingrid, kari, granted(ingrid, kari, str(entry["id"])), f"person:{bob.id}") == 303
    assert SECRET not in everywhere(bob, kari)
    assert not {("risk", risk["risk_id"]), ("contact_person", around["contact_id"])} & bob.replica.keys()
    assert SECRET in everywhere(alice, kari)


def test_of_two_versions_only_the_barred_one_is_left_out(
    world: World, team: TeamOfWorld, alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    cato = world.staff("fieldworker", team, name="Cato")
    around = {"contact_id": str(uuid7()), **RING}
    alice.log("contact_person_noted", around | {"must_not_be_told": "Adressen"}, client=kari)
    barred = cato.log("contact_person_noted", around | {"must_not_be_told": SECRET}, client=kari)
    assert bar(ingrid, kari, granted(ingrid, kari, str(barred["id"])), f"person:{bob.id}") == 303
    assert SECRET not in everywhere(bob, kari)
    assert bob.replica["contact_person", around["contact_id"]]["must_not_be_told"] == "Adressen"
    assert SECRET in str(alice.pull()["contact_person", around["contact_id"]])


def test_a_risk_of_which_a_review_is_barred_stays(alice: Person, bob: Person, ingrid: Person, kari: str) -> None:
    risk = {"risk_id": str(uuid7()), "advice": ["dog"], "reason": "Hunden", "review_on": "2027-02-01"}
    alice.log("risk_noted", risk, client=kari)
    review = {"risk_id": risk["risk_id"], "outcome": "changed", "reason": SECRET, "review_on": "2027-03-01"}
    entry = alice.log("risk_reviewed", review, client=kari)
    assert bar(ingrid, kari, granted(ingrid, kari, str(entry["id"])), f"person:{bob.id}") == 303
    assert SECRET not in everywhere(bob, kari)
    assert bob.replica["risk", risk["risk_id"]]["reason"] == "Hunden"


def test_a_barred_concern_is_off_the_list_and_the_barred_correct_nothing(
    alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    concern = alice.log("concern_raised", {"reason": SECRET, "urgency": "today"}, client=kari)
    assert SECRET in bob.get("/kontor").text
    assert bar(ingrid, kari, granted(ingrid, kari, str(concern["id"])), f"person:{bob.id}") == 303
    assert SECRET not in bob.get("/kontor").text
    mine = visit(bob, kari, "Mitt eget")
    assert bar(ingrid, kari, granted(ingrid, kari, mine), f"person:{bob.id}") == 303
    body = {"entry_id": mine, "what": "text", "reason": "feil", "body": {"note": "nytt"}}
    missing = body | {"entry_id": str(uuid.UUID(int=5))}
    answers = [bob.judged("entry_corrected", one, client=kari) for one in (body, missing)]
    assert [(one.get("code"), one.get("field")) for one in answers] == [("unknown_reference", "body.entry_id")] * 2


def test_who_goes_through_a_record_is_barred_from_nothing_of_it(
    alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    entry = visit(alice, kari)
    assert ingrid.http.post(f"/kontor/innsyn/{kari}", data={"reviewer_id": bob.id}).status_code == 303
    assert SECRET in bob.get(f"/kontor/innsyn/{kari}").text
    assert bar(ingrid, kari, granted(ingrid, kari, entry), f"person:{bob.id}") == 303
    assert bob.get(f"/kontor/innsyn/{kari}").status_code == 404


def test_a_refusal_is_told_with_its_reason_and_bars_nothing(
    alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    entry = visit(alice, kari)
    case = opened(ingrid, kari, "barring", entry)
    page = f"/kontor/innsyn/{kari}/krav"
    assert bar(ingrid, kari, case, "alle") == 403, "before it was answered"
    for law, status in (("hpl_42", 422), ("pjl_17", 303)):
        said = {"answer": "refused", "law": law, "note": "Tungtveiende grunner"}
        assert ingrid.http.post(f"{page}/{case}/svar", data=said).status_code == status
    assert bar(ingrid, kari, case, "alle") == 403
    assert "Tungtveiende grunner" in ingrid.get(f"/kontor/innsyn/{kari}").text
    assert "klages til statsforvalteren" in ingrid.get(page).text
    assert SECRET in everywhere(bob, kari)


def test_a_granted_correction_says_whether_it_was_made(alice: Person, ingrid: Person, kari: str) -> None:
    entry = visit(alice, kari)
    case = opened(ingrid, kari, "correction", entry)
    page = f"/kontor/innsyn/{kari}/krav"
    said = {"answer": "granted", "law": "hpl_42", "note": "Hun har rett"}
    assert ingrid.http.post(f"{page}/{case}/svar", data=said).status_code == 303
    assert "Ikke rettet ennå" in ingrid.get(page).text
    assert bar(ingrid, kari, case, "alle") == 403
    alice.log(
        "entry_corrected", {"entry_id": entry, "what": "text", "reason": "krav", "body": {"note": "rett"}}, client=kari
    )
    assert "Oppføringen er rettet." in ingrid.get(page).text


def test_what_makes_the_card_is_not_barred_by_itself(alice: Person, ingrid: Person, kari: str) -> None:
    page = f"/kontor/innsyn/{kari}/krav"
    watch = alice.log("watch_set", {"mode": "interval", "interval_minutes": 60, "reason": "avtalt"}, client=kari)
    form = {"kind": "barring", "asker": "client", "note": "x", "entry_id": str(watch["id"])}
    refused = ingrid.http.post(page, data=form)
    assert refused.status_code == 422
    assert "Sperr kollegaen" in refused.text


def test_only_whoever_handles_innsyn_and_is_not_blocked_decides(
    world: World, alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    entry = visit(alice, kari)
    page = f"/kontor/innsyn/{kari}/krav"
    form: dict[str, Any] = {"kind": "barring", "asker": "client", "note": "x", "entry_id": entry}
    for person in (alice, bob, world.staff("landlord", *alice.teams), world.staff("admin")):
        assert person.get(page).status_code == 404
        assert person.http.post(page, data=form).status_code == 404
    assert ingrid.http.post(page, data=form | {"entry_id": str(uuid.UUID(int=3))}).status_code == 404
    for wrong in ({"kind": "x"}, {"asker": "x"}, {"note": ""}, {"note": "x" * 1001}):
        assert ingrid.http.post(page, data=form | wrong).status_code == 422, wrong
    alice.log("staff_blocked", {"staff_id": ingrid.id, "reason": "slekt"}, client=kari)
    assert ingrid.get(page).status_code == 404


def test_verify_finds_a_bar_that_was_changed_by_hand(
    world: World, alice: Person, bob: Person, ingrid: Person, kari: str
) -> None:
    entry = visit(alice, kari)
    bar(ingrid, kari, granted(ingrid, kari, entry), f"person:{bob.id}")
    with world.database.engine.begin() as connection:
        table = RecordStep.__table__
        connection.execute(update(table).where(table.c.what == "barred").values(staff_id=uuid.UUID(alice.id)))
    with _copies.scratch(world.database) as session:
        assert any("record_step" in line for line in differences(session, world.clock.now(), 10))

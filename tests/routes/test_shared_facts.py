"""Single facts that a team shares with a landlord: exactly what the preview said, to whom it was meant, no longer."""

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.cli import _copies
from fieldapp.models import SharedFact
from fieldapp.models.change import newest_seq
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.operations.verify import differences
from sync.ids import uuid7
from tests._read_log import told
from tests._world import Person, TeamOfWorld, World

RENT = {
    "amount_nok": "14250.00",
    "cause": "other_priorities",
    "plan": "social_assistance",
    "next_step": "hemmelig steg",
    "next_step_on": "2026-12-04",
    "deadline_on": "2026-12-20",
    "note": "hemmelig notat",
}
SECRETS = ("other_priorities", "social_assistance", "hemmelig")


@pytest.fixture
def lars(world: World, team: TeamOfWorld) -> Person:
    return world.staff("landlord", team, name="Lars")


@pytest.fixture
def rent(alice: Person, kari: str) -> str:
    case = str(uuid7())
    alice.log("rent_problem_reported", RENT, client=kari, case=case)
    return case


def facts(person: Person) -> dict[str, dict[str, Any]]:
    person.pull()
    return {data["what"]: data for (kind, _), data in person.replica.items() if kind == "fact"}


def share(person: Person, client: str, *to: Person, what: str = "rent_owed", **more: Any) -> dict[str, Any]:
    return person.log("fact_shared", {"what": what, "to_staff_ids": [one.id for one in to]} | more, client=client)


def verdict(person: Person, type: str, client: str, **body: Any) -> tuple[str | None, str | None]:
    (result,) = person.sync(person.entry(type, body, client=client))["results"]
    return result.get("code"), result.get("field")


def test_nothing_flows_until_it_is_shared_and_then_that_one_fact(
    alice: Person, lars: Person, kari: str, rent: str
) -> None:
    assert facts(lars) == {}
    assert "14250" not in str(lars.replica)
    share(alice, kari, lars)
    (fact,) = facts(lars).values()
    assert (fact["amount_nok"], fact["client_id"], fact["staff_id"]) == ("14250.00", kari, lars.id)
    assert (fact["on"], fact["by_on"], fact["handled"]) == (None, None, None)
    assert not [secret for secret in SECRETS if secret in str(lars.replica)]
    assert "14 250,00 kr" in lars.get("/kontor/delt").text.replace("\u00a0", " ")


def test_of_a_plan_its_dates_and_of_a_complaint_whether_it_is_handled(
    alice: Person, lars: Person, kari: str, rent: str
) -> None:
    case = str(uuid7())
    complaint = {"what": ["noise"], "complainant": "neighbour", "client_role": "suffers", "note": "hemmelig"}
    alice.log("neighbour_complaint_received", complaint, client=kari, case=case)
    share(alice, kari, lars, what="plan_dates")
    share(alice, kari, lars, what="complaint_handled")
    seen = facts(lars)
    assert (seen["plan_dates"]["on"], seen["plan_dates"]["by_on"]) == ("2026-12-04", "2026-12-20")
    assert seen["complaint_handled"]["handled"] is False
    alice.log("neighbour_complaint_updated", {"status": "resolved"}, client=kari, case=case)
    assert facts(lars)["complaint_handled"]["handled"] is False, "nothing flows by itself"
    share(alice, kari, lars, what="complaint_handled")
    assert facts(lars)["complaint_handled"]["handled"] is True
    assert not [secret for secret in SECRETS if secret in json.dumps(list(lars.replica.values()))]


def test_what_was_shared_stays_as_it_stood_but_a_retracted_amount_goes(
    alice: Person, lars: Person, kari: str, rent: str
) -> None:
    share(alice, kari, lars)
    news = alice.log("rent_problem_updated", {"amount_nok": "99.00"}, client=kari, case=rent)
    assert facts(lars)["rent_owed"]["amount_nok"] == "14250.00"
    share(alice, kari, lars)
    assert facts(lars)["rent_owed"]["amount_nok"] == "99.00"
    alice.log("entry_corrected", {"entry_id": news["id"], "what": "retracted", "reason": "feil"}, client=kari)
    assert facts(lars)["rent_owed"]["amount_nok"] == "14250.00"


def test_it_ends_by_itself_and_in_one_tap(world: World, alice: Person, lars: Person, kari: str, rent: str) -> None:
    share(alice, kari, lars, until_on="2026-11-24")
    share(alice, kari, lars, what="plan_dates")
    assert set(facts(lars)) == {"rent_owed", "plan_dates"}
    world.clock.shift(hours=32)  # Tuesday evening
    for one in (alice, lars):
        one.sign_in()
    assert set(facts(lars)) == {"rent_owed", "plan_dates"}, "the last day is included"
    world.clock.shift(hours=8)
    for one in (alice, lars):
        one.sign_in()
    assert set(facts(lars)) == {"plan_dates"}
    with world.database.reading() as session:
        fact_id = session.scalar(select(SharedFact.id).where(SharedFact.what == "plan_dates"))
    assert alice.http.post(f"/kontor/bruker/{kari}/deling/{fact_id}/stopp").status_code == 303
    assert facts(lars) == {}
    assert "Ingenting er delt" in lars.get("/kontor/delt").text
    fresh = lars.sync(cursor=None)["changes"]
    assert not [change for change in fresh if change["kind"] == "fact"]


def test_angre_takes_it_back_and_whoever_was_stopped_can_be_told_again(
    alice: Person, lars: Person, kari: str, rent: str
) -> None:
    entry = share(alice, kari, lars)
    alice.log("entry_corrected", {"entry_id": entry["id"], "what": "retracted", "reason": "feil"}, client=kari)
    assert facts(lars) == {}
    share(alice, kari, lars)
    alice.log("fact_unshared", {"what": "rent_owed", "to_staff_ids": [lars.id]}, client=kari)
    assert facts(lars) == {}
    share(alice, kari, lars)
    assert set(facts(lars)) == {"rent_owed"}


def test_who_shares_and_with_whom(world: World, alice: Person, bob: Person, lars: Person, kari: str, rent: str) -> None:
    body = {"what": "rent_owed", "to_staff_ids": [lars.id]}
    for person in (bob, lars, world.staff("peer", *alice.teams)):
        assert verdict(person, "fact_shared", kari, **body)[0] == "not_permitted"
        assert person.http.post(f"/kontor/bruker/{kari}/deling", data=body).status_code in (403, 404)
    stranger = world.staff("landlord", world.team("Sør"), name="Fremmed")
    privacy = world.staff("privacy", name="Ingrid")
    unknown = ("unknown_reference", "body.to_staff_ids")
    for outside in (stranger.id, str(uuid.UUID(int=9))):
        assert verdict(alice, "fact_shared", kari, what="rent_owed", to_staff_ids=[outside]) == unknown
    assert verdict(alice, "fact_shared", kari, what="rent_owed", to_staff_ids=[privacy.id]) == unknown
    alice.log("staff_blocked", {"staff_id": lars.id, "reason": "slekt"}, client=kari)
    assert verdict(alice, "fact_shared", kari, **body) == unknown, "a blocked colleague is never told"


def test_the_primary_contact_shares_and_colleagues_see_that_it_is_shared(
    world: World, team: TeamOfWorld, alice: Person, bob: Person, lars: Person
) -> None:
    ola = alice.register("Ola", primary_staff_id=bob.id)
    share(bob, ola, lars, what="contract")
    other = world.staff("landlord", team, name="Nils")
    assert facts(other) == {}
    assert set(facts(alice)) == {"contract"}
    assert "Delt med huseier" in alice.get(f"/kontor/bruker/{ola}").text


@pytest.mark.parametrize("how", ["blocked", "code7", "code6", "moved", "ended"])
def test_whoever_loses_sight_is_told_no_longer(
    world: World, team: TeamOfWorld, alice: Person, lars: Person, kari: str, rent: str, how: str
) -> None:
    share(alice, kari, lars)
    assert facts(lars)
    if how == "blocked":
        alice.log("staff_blocked", {"staff_id": lars.id, "reason": "slekt"}, client=kari)
    elif how == "moved":
        alice.log("client_team_set", {"team_id": world.team("Sør").id, "from_on": "2026-11-01"}, client=kari)
        alice.log("client_team_set", {"team_id": team.id, "from_on": "2026-01-01", "to_on": "2026-11-22"}, client=kari)
    elif how == "ended":
        alice.log("fact_unshared", {"what": "rent_owed", "to_staff_ids": [lars.id]}, client=kari)
    else:
        seq = next(c["seq"] for c in alice.sync(cursor=None)["changes"] if (c["kind"], c["id"]) == ("client", kari))
        alice.log("client_updated", {"base_seq": seq, "fields": {"protected": how}}, client=kari)
    assert "14" not in lars.get("/kontor/delt").text.split("<h1>")[1]
    assert facts(lars) == {}, "a phone that had it lets go of it"
    assert how == "ended" or ("client", kari) not in lars.replica
    lars.cursor, lars.replica = None, {}
    assert facts(lars) == {}


@pytest.mark.parametrize("code", ["code6", "code7"])
def test_of_a_protected_client_nothing_is_shared_with_a_landlord(
    alice: Person, lars: Person, kari: str, code: str
) -> None:
    seq = next(c["seq"] for c in alice.sync(cursor=None)["changes"] if (c["kind"], c["id"]) == ("client", kari))
    alice.log("client_updated", {"base_seq": seq, "fields": {"protected": code}}, client=kari)
    body = {"what": "rent_owed", "to_staff_ids": [lars.id]}
    refused = "unknown_reference" if code == "code6" else "not_permitted"
    assert verdict(alice, "fact_shared", kari, **body) == (refused, "body.to_staff_ids")
    assert "Ingen huseier" in alice.get(f"/kontor/bruker/{kari}/deling").text


def test_the_office_shares_what_the_preview_said(alice: Person, lars: Person, kari: str, rent: str) -> None:
    page = f"/kontor/bruker/{kari}/deling"
    shown = alice.get(page).text
    words = "Skylder 14\u00a0250,00 kr i husleie."
    assert f"«{words}»" in shown
    assert "Ingen sluttdato er ført." in shown
    basis = {"basis": "law", "basis_words": "sosialtjenesteloven § 44"}
    form = {"what": "rent_owed", "to_staff_id": lars.id, "sier-rent_owed": words, **basis}
    alice.log("rent_problem_updated", {"amount_nok": "20000.00"}, client=kari, case=rent)
    late = alice.http.post(page, data=form)
    assert late.status_code == 422
    assert "Les det på nytt" in late.text
    assert facts(lars) == {}
    form["sier-rent_owed"] = "Skylder 20\u00a0000,00 kr i husleie."
    assert alice.http.post(page, data=form | {"until_on": "2026-11-22"}).status_code == 422, "a day that has passed"
    assert alice.http.post(page, data=form | {"until_on": "2026-11-30"}).status_code == 303
    assert facts(lars)["rent_owed"]["amount_nok"] == "20000.00"


# --- what gives the right to share ---------------------------------------------------------------------------------


def consent(person: Person, client: str) -> str:
    id_ = str(uuid7())
    body = {"agreement_id": id_, "kind": "consent", "words": "Det er greit", "party": "Huseier", "purpose": "leia"}
    person.log("agreement_recorded", body, client=client)
    return id_


def on(agreement_id: str) -> dict[str, str]:
    return {"basis": "consent", "agreement_id": agreement_id}


def test_what_rests_on_a_consent_ends_when_it_is_withdrawn(
    world: World, alice: Person, lars: Person, kari: str, rent: str
) -> None:
    first, second = consent(alice, kari), consent(alice, kari)
    share(alice, kari, lars, **on(first))
    share(alice, kari, lars, what="plan_dates", **on(second))
    share(alice, kari, lars, what="damage", basis="law", basis_words="sosialtjenesteloven § 44")
    assert set(facts(lars)) == {"rent_owed", "plan_dates", "damage"}
    no = {"kind": "consent", "how": "at_door", "agreement_id": first}
    withdrawn = alice.log("agreement_withdrawn", no, client=kari)
    assert set(facts(lars)) == {"plan_dates", "damage"}
    alice.log("entry_corrected", {"entry_id": withdrawn["id"], "what": "retracted", "reason": "feil"}, client=kari)
    assert set(facts(lars)) == {"rent_owed", "plan_dates", "damage"}
    world.clock.shift(minutes=1)
    alice.log("agreement_withdrawn", {"kind": "consent", "how": "at_door"}, client=kari)
    assert set(facts(lars)) == {"damage"}
    with _copies.scratch(world.database) as session:
        assert list(differences(session, world.clock.now(), 10)) == []


def test_a_consent_withdrawn_before_the_sharing_came_in_carries_nothing(
    world: World, alice: Person, lars: Person, kari: str, rent: str
) -> None:
    id_ = consent(alice, kari)
    world.clock.shift(minutes=1)
    alice.log("agreement_withdrawn", {"kind": "consent", "how": "at_door"}, client=kari)
    share(alice, kari, lars, **on(id_))
    assert facts(lars) == {}


@pytest.mark.parametrize(
    ("basis", "field"),
    [
        ({"basis": "consent"}, "body.agreement_id"),
        ({"basis": "law"}, "body.basis_words"),
        ({"basis": "danger", "basis_words": " "}, "body.basis_words"),
        ({"basis": "same_service"}, "body.basis"),
        ({"basis": "law", "basis_words": "§ 44", "agreement_id": str(uuid.UUID(int=7))}, "body.agreement_id"),
    ],
)
def test_a_basis_says_what_it_rests_on(
    alice: Person, lars: Person, kari: str, basis: dict[str, str], field: str
) -> None:
    said = verdict(alice, "fact_shared", kari, what="rent_owed", to_staff_ids=[lars.id], **basis)
    assert said == ("invalid_body", field)


def test_a_consent_is_the_clients_own_and_a_consent(alice: Person, lars: Person, kari: str) -> None:
    other = consent(alice, alice.register("Nina"))
    watch = str(uuid7())
    alice.log("agreement_recorded", {"agreement_id": watch, "kind": "service", "words": "Ja"}, client=kari)
    for id_ in (other, watch, str(uuid7())):
        for type_, body in (
            ("fact_shared", {"what": "rent_owed", "to_staff_ids": [lars.id]}),
            ("client_team_set", {"team_id": alice.teams[0].id, "from_on": "2026-11-23"}),
        ):
            assert verdict(alice, type_, kari, **body, **on(id_)) == ("unknown_reference", "body.agreement_id")


def test_the_office_asks_what_gives_the_right_and_shows_it(
    world: World, alice: Person, lars: Person, ingrid: Person, kari: str, rent: str
) -> None:
    page, words = f"/kontor/bruker/{kari}/deling", "Skylder 14\u00a0250,00 kr i husleie."
    form = {"what": "rent_owed", "to_staff_id": lars.id, "sier-rent_owed": words}
    assert "Ingen samtykker er ført" in alice.get(page).text
    for missing in ({}, {"basis": "consent"}, {"basis": "law"}):
        assert alice.http.post(page, data=form | missing).status_code == 422
    id_ = consent(alice, kari)
    assert "Huseier: leia" in alice.get(page).text
    assert alice.http.post(page, data=form | on(id_)).status_code == 303
    assert "Brukeren har samtykket" in alice.get(page).text
    assert "Brukeren har samtykket" in ingrid.get(f"/kontor/innsyn/{kari}").text
    south = world.team("Sør")
    give = {"team_id": south.id, "from_on": "2026-11-23"}
    assert alice.http.post(f"/kontor/bruker/{kari}/team", data=give).status_code == 422
    assert alice.http.post(f"/kontor/bruker/{kari}/team", data=give | on(id_)).status_code == 303


def test_it_is_logged_and_stands_in_innsyn(
    world: World, alice: Person, lars: Person, ingrid: Person, kari: str, rent: str
) -> None:
    share(alice, kari, lars)
    lars.pull()
    assert any("fact" in row[3] for row in told(world, lars)), "what the landlord read is in the log"
    page = ingrid.get(f"/kontor/innsyn/{kari}").text
    assert "Delt med huseier, skyldig husleie" in page
    assert "til Lars: Skylder 14\u00a0250,00 kr i husleie." in page


def test_a_rebuild_finds_the_same_and_verify_passes(
    world: World, alice: Person, lars: Person, kari: str, rent: str
) -> None:
    share(alice, kari, lars)
    alice.log("rent_problem_updated", {"amount_nok": "99.00"}, client=kari, case=rent)
    share(alice, kari, lars, what="plan_dates")
    alice.log("fact_unshared", {"what": "plan_dates", "to_staff_ids": [lars.id]}, client=kari)
    with world.database.transaction() as session:
        before = [(row.id, row.stands, row.amount_nok, row.on) for row in session.scalars(select(SharedFact)).all()]
        rebuild(session, world.clock.now())
        assert [(row.id, row.stands, row.amount_nok, row.on) for row in session.scalars(select(SharedFact))] == before
    with _copies.scratch(world.database) as session:
        assert list(differences(session, world.clock.now(), 10)) == []


def test_a_landlord_gets_the_client_whole_when_the_code_is_taken_back(
    world: World, alice: Person, lars: Person, kari: str, rent: str
) -> None:
    share(alice, kari, lars)
    own = lars.log("sighting_reported", {"source": "caretaker", "what": "seen"}, client=kari)
    assert facts(lars)
    for code, there in (("code7", False), ("none", True)):
        with world.database.reading() as session:
            seq = newest_seq(session, "client", uuid.UUID(kari))
        alice.log("client_updated", {"base_seq": seq, "fields": {"protected": code}}, client=kari)
        assert bool(facts(lars)) is there
        assert (("client", kari) in lars.replica, ("entry", own["id"]) in lars.replica) == (there, there)

"""Code 6: texts from before are gone through by those who see the client, and where help was asked for stays a day."""

import uuid

import pytest

from fieldapp.models.change import newest_seq
from tests._world import Person, TeamOfWorld, World

pytestmark = pytest.mark.engines("sqlite")

BEFORE = "Bor nå hos søsteren i Hemmeligveien 7"
PLACE = "Trappa bak Gulfjær kirke"


def protect(world: World, alice: Person, client: str, *listed: Person) -> None:
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(client))
    alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "code6"}}, client=client)
    alice.log("client_access_listed", {"staff_ids": [one.id for one in listed]}, client=client)


def visit(person: Person, client: str, note: str) -> str:
    return str(person.log("visit_logged", {"outcome": "seen", "place": "home", "note": note}, client=client)["id"])


def answer(person: Person, client: str, entry: str, said: str) -> int:
    return person.http.post(f"/kontor/bruker/{client}/tekster/{entry}", data={"svar": said}).status_code


def test_a_consent_that_tells_a_place_is_hidden_in_the_forms_too(
    world: World, alice: Person, bob: Person, kari: str
) -> None:
    world.team("Sør")
    said = {"kind": "consent", "words": "Ja", "party": BEFORE, "purpose": "post", "agreement_id": str(uuid.uuid4())}
    entry = str(bob.log("agreement_recorded", said, client=kari)["id"])
    protect(world, alice, kari, alice, bob)
    page = f"/kontor/bruker/{kari}"
    assert f"{BEFORE}: post" in alice.get(page).text
    assert answer(bob, kari, entry, "sted") == 303
    assert BEFORE not in alice.get(page).text


def test_what_was_written_before_waits_and_what_comes_after_does_not(
    world: World, alice: Person, bob: Person, kari: str
) -> None:
    entry, other = visit(bob, kari, BEFORE), visit(bob, kari, "Ville ha kaffe")
    bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    page = f"/kontor/bruker/{kari}/tekster"
    assert "Ingen tekster" in bob.get(page).text, "no client of code 6"
    protect(world, alice, kari, bob)
    visit(bob, kari, "Skrevet etterpå")
    shown = bob.get(page).text
    assert BEFORE in shown
    assert "Skrevet etterpå" not in shown
    assert "2 tekster fra før er ikke gått gjennom" in bob.get(f"/kontor/bruker/{kari}").text
    assert answer(bob, kari, other, "kan-sta") == 303
    assert answer(bob, kari, entry, "sted") == 303
    assert "Ikke gått gjennom" in bob.get(page).text
    card = bob.get(f"/kontor/bruker/{kari}").text
    assert BEFORE not in card, "a text that tells a place is hidden"
    assert "(teksten er skjult)" in card
    assert "Ville ha kaffe" in card
    assert "Skrevet etterpå" in card
    assert "fra før" not in card
    assert BEFORE in bob.get(page).text, "and here it can be answered anew"
    assert answer(bob, kari, entry, "kan-sta") == 303
    assert BEFORE in bob.get(f"/kontor/bruker/{kari}").text


def test_a_place_on_the_board_is_hidden_and_not_sent_again(world: World, alice: Person, bob: Person, kari: str) -> None:
    up = {"column": "tight", "reasons": ["new"], "goal": BEFORE, "down_when": BEFORE, "review_on": "2026-12-01"}
    entry = str(bob.log("board_placed", up, client=kari)["id"])
    protect(world, alice, kari, bob)
    pages = ("/kontor/tavle", f"/kontor/tavle/bruker/{kari}", "/kontor/tavle?dag=2026-11-24")
    assert BEFORE in bob.get(pages[0]).text
    assert answer(bob, kari, entry, "sted") == 303
    world.clock.shift(days=1)
    bob.sign_in()
    for page in pages:
        assert kari in bob.get(page).text, page
        assert BEFORE not in bob.get(page).text, page
    assert bob.http.post(f"/kontor/tavle/bruker/{kari}/flytt", data={"column": "new"}).status_code == 303
    assert BEFORE not in bob.get(pages[0]).text
    assert "teksten er skjult" not in bob.get(pages[0]).text


def test_a_place_within_a_plan_is_hidden_with_the_rest(world: World, alice: Person, bob: Person, kari: str) -> None:
    goals = [{"text": BEFORE, "since_on": "2026-11-02"}]
    said = {"kind": "goals", "goals": goals, "likes": [BEFORE], "when_admitted": {"keys": BEFORE}}
    entry = str(bob.log("plan_noted", said, client=kari)["id"])
    protect(world, alice, kari, bob)
    assert bob.get(f"/kontor/bruker/{kari}/tekster").text.count(BEFORE) == 3
    assert answer(bob, kari, entry, "sted") == 303
    assert BEFORE not in bob.get(f"/kontor/bruker/{kari}").text
    page = bob.get(f"/kontor/oppforing/{entry}").text
    assert BEFORE not in page
    assert "(teksten er skjult) · 2. nov." in page


def test_a_correction_is_reviewed_anew_and_shown_without_the_code(
    world: World, alice: Person, bob: Person, kari: str
) -> None:
    entry = visit(bob, kari, BEFORE)
    protect(world, alice, kari, alice, bob)
    assert answer(bob, kari, entry, "sted") == 303
    body = {"entry_id": entry, "what": "text", "reason": "uten sted", "body": {"note": "Har det bra"}}
    bob.log("entry_corrected", body, client=kari)
    assert "Har det bra" in bob.get(f"/kontor/bruker/{kari}/tekster").text.split("Gått gjennom")[0]
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(kari))
    alice.log("client_updated", {"base_seq": seq, "fields": {"protected": "none"}}, client=kari)
    assert "Ingen tekster" in bob.get(f"/kontor/bruker/{kari}/tekster").text


def test_nobody_else_goes_through_them(world: World, team: TeamOfWorld, alice: Person, bob: Person, kari: str) -> None:
    entry = visit(bob, kari, BEFORE)
    cato = world.staff("fieldworker", team, name="Cato")
    protect(world, alice, kari, bob)
    for person in (alice, cato):
        assert person.get(f"/kontor/bruker/{kari}/tekster").status_code == 404
        assert answer(person, kari, entry, "kan-sta") == 404
    assert answer(bob, kari, str(uuid.UUID(int=4)), "kan-sta") == 404
    assert answer(bob, kari, entry, "kanskje") == 422


def test_where_help_was_asked_for_is_shown_a_day_and_to_those_who_are_rung(
    world: World, team: TeamOfWorld, alice: Person, bob: Person, kari: str
) -> None:
    cato, dina = (world.staff("fieldworker", team, name=name) for name in ("Cato", "Dina"))
    protect(world, alice, kari, bob, cato, dina)
    now = world.clock.now()
    duty = {"team_id": team.id, "staff_id": cato.id, "duty": "duty", "from_at": now.isoformat()}
    alice.log("duty_set", duty | {"to_at": now.replace(year=now.year + 1).isoformat()})
    bob.log("help_requested", {"place_label": PLACE, "note": "Kom"}, client=kari)
    world.tick()
    page = f"/kontor/bruker/{kari}"
    assert PLACE in cato.get(page).text, "on duty, and rung"
    assert PLACE not in dina.get(page).text, "listed, and not rung"
    world.clock.shift(hours=25)
    for person in (cato, dina):
        person.sign_in()
        assert PLACE not in person.get(page).text


def test_the_story_of_an_alert_shows_no_more_than_the_card(world: World, alice: Person, bob: Person, kari: str) -> None:
    bob.log("concern_raised", {"reason": BEFORE, "urgency": "now"}, client=kari)
    alert = bob.alerts()[0]["id"]
    protect(world, alice, kari, bob)
    with world.database.reading() as session:
        from sqlalchemy import select

        from fieldapp.models import Entry

        entry = session.scalars(select(Entry.id).where(Entry.type == "concern_raised")).one()
    why = f"/kontor/varsler/{alert}/hvorfor"
    assert BEFORE in bob.get(why).text
    assert answer(bob, kari, str(entry), "sted") == 303
    assert BEFORE not in bob.get(why).text
    assert BEFORE not in bob.get(f"/kontor/varsler/{alert}").text


def test_what_hit_a_colleague_is_no_text_to_go_through(world: World, alice: Person, bob: Person, kari: str) -> None:
    told = {"kinds": ["threats"], "by": "client", "note": BEFORE}
    bob.log("staff_incident_logged", told, client=kari)
    cato = world.staff("fieldworker", *bob.teams, name="Cato")
    protect(world, alice, kari, bob, cato)
    page = f"/kontor/bruker/{kari}/tekster"
    assert BEFORE not in cato.get(page).text, "shared in part"
    assert BEFORE in bob.get(page).text, "who wrote it reads it whole"

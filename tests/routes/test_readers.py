"""Who may see who has read what: privacy of everybody, a leader of the clients in reach, and nobody else."""

import datetime as dt
import uuid

from tests._read_log import told
from tests._world import Person, World


def test_readers_are_those_who_opened_first_and_one_line_a_person_for_transfers(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    kari = alice.register("Kari")
    bob.pull()
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    bob.pull()
    bob.get(f"/kontor/bruker/{kari}")
    for person in (alice, ingrid):
        answer = person.get(f"/api/clients/{kari}/readers")
        assert answer.status_code == 200
        found = answer.get_json()["readers"]
        assert set(found[0]) == {
            "name", "team", "employer", "role", "ground", "kind", "from_at", "to_at", "what"
        }  # fmt: skip
        assert [one["kind"] for one in found if one["name"] == "Bob"] == ["opened", "transferred"]
        kinds = [one["kind"] for one in found]
        assert kinds == sorted(kinds), "opened before transferred"
    assert told(world, ingrid)[-1][:3] == ("opened", "api", kari)


def test_for_others_there_is_no_such_client(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    other = world.staff("leader", world.team(), name="Olga")
    people = [bob, other, *(world.staff(role, *alice.teams) for role in ("peer", "landlord", "admin"))]
    for person in people:
        answers = [person.get(f"/api/clients/{one}/readers") for one in (kari, uuid.uuid4())]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].data == answers[1].data


def test_privacy_searches_the_log_of_everybody_and_a_leader_of_her_own(
    world: World, alice: Person, bob: Person, ingrid: Person
) -> None:
    alice.register("Kari Nordmann")
    bob.pull()
    other = world.staff("leader", world.team(), name="Olga")
    other.register("Petter Sør")
    page = ingrid.get("/kontor/logg").text
    assert "Kari Nordmann" in page
    assert "Petter Sør" in page
    own = alice.get("/kontor/logg").text
    assert "Kari Nordmann" in own
    assert "Petter Sør" not in own
    assert alice.get("/kontor/logg?bruker=Petter").text.count("Petter Sør") == 0
    assert ">Bob<" in ingrid.get("/kontor/logg?ansatt=bob").text
    assert ">Bob<" not in ingrid.get("/kontor/logg?ansatt=alice").text
    assert ">Bob<" not in ingrid.get("/kontor/logg?til=2026-01-01&fra=2025-12-01").text
    assert "Overført på" not in ingrid.get("/kontor/logg?hva=opened").text
    assert "Skriv dato" in ingrid.get("/kontor/logg?fra=tull").text


def test_the_log_is_read_page_by_page(world: World, alice: Person, ingrid: Person) -> None:
    clients = [alice.register(f"Bruker {n:02}") for n in range(55)]
    for client in clients:
        alice.get(f"/kontor/bruker/{client}")
    first = ingrid.get("/kontor/logg?ansatt=Alice").text
    assert ">Eldre<" in first
    assert first.count("<tr><td>") == 50


def test_many_clients_in_an_hour_is_a_question(world: World, alice: Person, ingrid: Person) -> None:
    clients = [alice.register(f"Bruker {n:02}") for n in range(15)]
    assert "Verdt å spørre om" not in ingrid.get("/kontor/logg").text
    for client in clients:
        alice.get(f"/kontor/bruker/{client}")
    assert "Alice åpnet så mange som 15 på en time" in ingrid.get("/kontor/logg").text


def test_reading_far_from_a_duty_is_a_question(world: World, alice: Person, bob: Person, ingrid: Person) -> None:
    kari = alice.register("Kari")
    now = world.clock.now()
    near, far = [
        {"team_id": alice.teams[0].id, "staff_id": person.id, "duty": "duty",
         "from_at": (now + begin).isoformat(), "to_at": (now + begin + dt.timedelta(hours=8)).isoformat()}
        for person, begin in ((alice, dt.timedelta(hours=-1)), (bob, dt.timedelta(days=3)))
    ]  # fmt: skip
    alice.log("duty_set", near)
    alice.log("duty_set", far)
    alice.get(f"/kontor/bruker/{kari}")
    bob.get(f"/kontor/bruker/{kari}")
    page = ingrid.get("/kontor/logg").text
    assert "Bob åpnet Kari langt fra en vakt" in page
    assert "Alice åpnet Kari langt" not in page

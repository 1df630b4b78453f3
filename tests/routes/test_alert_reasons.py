"""`/kontor/varsler/<id>/hvorfor`: whole sentences for every kind of alert, and for nobody whom it does not concern."""

import uuid

import pytest

from fieldapp.domain.alert_states import KINDS
from tests._alerts import add_alert
from tests._world import Person, TeamOfWorld, World

HOURLY = {"mode": "interval", "interval_minutes": 60}


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("FACT Nord")


@pytest.fixture
def even(alice: Person) -> str:
    return alice.register("Even B.", watch=HOURLY)


def page(person: Person, alert_id: str) -> str:
    answer = person.get(f"/kontor/varsler/{alert_id}/hvorfor")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def overdue(world: World, alice: Person, even: str) -> str:
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(minutes=20)
    alice.log("call_logged", {"with": "client", "direction": "out", "outcome": "spoke"}, client=even)
    world.clock.shift(minutes=55)
    world.tick()
    found: str = alice.alerts()[0]["id"]
    return found


def test_the_arithmetic_stands_in_words_and_so_does_what_did_not_count(world: World, alice: Person, even: str) -> None:
    read = page(alice, overdue(world, alice, even))
    assert "Sist sett som avtalt: mandag 23. nov. 2026 kl. 10.00." in read
    assert "Avtalt: hver time. Derfor gikk klokka ut mandag 23. nov. 2026 kl. 11.00." in read
    assert "Varselet åpnet 15 min etter dette." in read
    assert "hørt, men avtalen teller ikke hørt" in read
    assert "har ingen telefon som tar imot varsler" in read
    assert "Neste trinn begynte før tida, fordi ingen av dem hadde en telefon som tok imot varsler." in read


def test_the_whole_course_is_there_when_it_is_over(world: World, alice: Person, even: str) -> None:
    alert_id = overdue(world, alice, even)
    bob = world.staff("fieldworker", *alice.teams, name="Bob")
    bob.log("alert_acknowledged", {"alert_id": alert_id}, client=even)
    handed = {"alert_id": alert_id, "to_staff_id": alice.id, "note": "Tar du den?"}
    bob.log("alert_handed_over", handed, client=even)
    until = (world.clock.now().replace(microsecond=0)).isoformat()
    alice.log("alert_snoozed", {"alert_id": alert_id, "until": until, "reason": "Sover til tolv"}, client=even)
    world.clock.shift(minutes=5)
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(days=40)
    alice.sign_in()
    read = page(alice, alert_id)
    assert "Bob tok varselet" in read
    assert "Bob ga varselet videre</strong> til Alice" in read
    assert "Sover til tolv" in read
    assert "sett for sent" in read
    assert "Bob hadde det fra mandag 23. nov. 2026 kl. 11.15" in read
    assert "Til personen var sett</dt><dd>5 min" in read


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_alert_has_its_page_in_every_language(
    world: World, alice: Person, even: str, kind: str, language: str
) -> None:
    alert_id = add_alert(world, alice, kind, uuid.UUID(even) if kind == "not_seen" else uuid.uuid4())
    alice.http.post("/konto/sprak", data={"language": language})
    read = page(alice, alert_id)
    assert alert_id in read
    never_rings = {"nb": "Slike varsler ringer ikke.", "nn": "Slike varsel ringjer ikkje.", "en": "never ring"}
    assert (never_rings[language] in read) is not KINDS[kind].climbs


def test_the_alert_page_leads_to_it(world: World, alice: Person, even: str) -> None:
    alert_id = overdue(world, alice, even)
    assert f"/kontor/varsler/{alert_id}/hvorfor" in alice.get(f"/kontor/varsler/{alert_id}").text


def test_what_is_missing_and_what_is_somebody_elses_look_the_same(world: World, alice: Person, even: str) -> None:
    alert_id = overdue(world, alice, even)
    charlie = world.staff("leader", world.team(), name="Charlie")
    theirs = charlie.get(f"/kontor/varsler/{alert_id}/hvorfor")
    missing = charlie.get(f"/kontor/varsler/{uuid.uuid4()}/hvorfor")
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.text == missing.text


@pytest.mark.parametrize("role", ["landlord", "admin", "privacy", "peer"])
def test_roles_without_an_office_never_read_it(world: World, alice: Person, even: str, role: str) -> None:
    alert_id = overdue(world, alice, even)
    person = world.staff(role, *alice.teams)
    assert person.get(f"/kontor/varsler/{alert_id}/hvorfor").status_code == 403


def test_a_fieldworker_of_the_team_reads_it(world: World, alice: Person, even: str) -> None:
    bob = world.staff("fieldworker", *alice.teams)
    assert "Even B." in page(bob, overdue(world, alice, even))

"""A crisis or a concern about somebody nobody knows yet, or from a locked phone: the team is rung all the same."""

from typing import Any

import pytest

from fieldapp.models.change import start_new_epoch
from fieldapp.services.entries import rebuild
from fieldapp.services.operations import verify
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")
ABOUT = "mann ca. 40, bak stasjonen"


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("Nord"), name="Alice")


@pytest.fixture
def bob(world: World, alice: Person) -> Person:
    return world.staff("fieldworker", *alice.teams, name="Bob")


@pytest.fixture
def eve(world: World) -> Person:
    return world.staff("leader", world.team("Sør"), name="Eve")


def of_kind(person: Person, kind: str) -> list[dict[str, Any]]:
    person.pull()
    return [data for (one, _), data in person.replica.items() if one == kind and data]


def test_a_crisis_without_a_client_rings_the_team(world: World, alice: Person, bob: Person, eve: Person) -> None:
    case = str(uuid7())
    opened = bob.entry("crisis_opened", {"kind": "other", "about": ABOUT}, case=case, locked=True)
    assert [one["verdict"] for one in bob.sync(opened)["results"]] == ["accepted"]
    (alert,) = of_kind(alice, "alert")
    assert (alert["kind"], alert["client_id"], alert["case_id"]) == ("crisis", None, case)
    (found,) = of_kind(alice, "case")
    assert (found["client_id"], found["status"], found["facts"]["about"]) == (None, "open", ABOUT)
    assert of_kind(eve, "alert") == of_kind(eve, "case") == []
    assert ABOUT in alice.get("/kontor").text
    assert ABOUT in alice.get(f"/kontor/saker/{case}").text
    assert alice.get(f"/kontor/varsler/{alert['id']}").status_code == 200
    assert eve.get(f"/kontor/saker/{case}").status_code == 404
    step = bob.entry("crisis_step_logged", {"step": "called_113"}, case=case, locked=True)
    closed = bob.entry("crisis_closed", {"outcome": "emergency_clinic"}, case=case)
    assert [one["verdict"] for one in bob.sync(step, closed)["results"]] == ["accepted"] * 2
    assert of_kind(alice, "alert") == []
    assert of_kind(alice, "case")[0]["status"] == "closed"


def test_a_concern_without_a_client_rings_until_somebody_has_it(
    world: World, alice: Person, bob: Person, eve: Person
) -> None:
    raised = bob.entry("concern_raised", {"urgency": "now", "about": ABOUT}, locked=True)
    assert [one["verdict"] for one in bob.sync(raised)["results"]] == ["accepted"]
    (alert,) = of_kind(alice, "alert")
    assert (alert["kind"], alert["client_id"], alert["state"]) == ("concern", None, "open")
    assert ABOUT in alice.get(f"/kontor/varsler/{alert['id']}").text
    assert of_kind(eve, "alert") == []
    taken = alice.entry("alert_acknowledged", {"alert_id": alert["id"]}, team_id=None)
    done = alice.entry("alert_resolved", {"alert_id": alert["id"], "reason": "Snakket med ham"}, team_id=None)
    assert [one["verdict"] for one in alice.sync(taken, done)["results"]] == ["accepted"] * 2
    assert of_kind(bob, "alert") == []


@pytest.mark.parametrize("kind", ["crisis_opened", "concern_raised"])
def test_without_a_client_it_needs_a_team_of_the_authors(bob: Person, eve: Person, kind: str) -> None:
    body = {"kind": "other"} if kind == "crisis_opened" else {"urgency": "now"}
    case = str(uuid7()) if kind == "crisis_opened" else None
    nobodys = bob.entry(kind, body, case=case, team_id=None)
    others = bob.entry(kind, body, case=case, team_id=eve.teams[0].id)
    told = [(one["verdict"], one["code"]) for one in bob.sync(nobodys, others)["results"]]
    assert told == [("rejected", "invalid_envelope"), ("rejected", "unknown_reference")]


def test_a_crisis_that_was_not_is_taken_back_and_its_alert_ends(alice: Person, bob: Person) -> None:
    case = str(uuid7())
    opened = bob.entry("crisis_opened", {"kind": "other"}, case=case, locked=True)
    bob.sync(opened)
    assert len(of_kind(alice, "alert")) == 1
    body = {"entry_id": opened["id"], "what": "retracted", "reason": "angret"}
    assert bob.judged("entry_corrected", body, team_id=None)["verdict"] == "accepted"
    assert of_kind(alice, "alert") == of_kind(alice, "case") == []


def test_whoever_died_was_nobody_known(world: World, alice: Person, bob: Person) -> None:
    case = str(uuid7())
    bob.sync(bob.entry("crisis_opened", {"kind": "overdose", "about": ABOUT}, case=case))
    closed = bob.entry("crisis_closed", {"outcome": "died"}, case=case)
    assert bob.sync(closed)["results"][0]["verdict"] == "accepted"
    assert of_kind(alice, "alert") == []


def test_another_team_adds_nothing_to_it(alice: Person, bob: Person, eve: Person) -> None:
    case = str(uuid7())
    bob.sync(bob.entry("crisis_opened", {"kind": "other"}, case=case))
    step = eve.entry("crisis_step_logged", {"step": "arrived"}, case=case)
    assert eve.sync(step)["results"][0]["code"] == "unknown_reference"


def wrong(world: World) -> list[str]:
    """What `fieldapp verify` finds; it computes everything anew, and that is thrown away."""
    with world.database.transaction() as session:
        thrown_away = session.begin_nested()
        found = list(verify.differences(session, world.clock.now(), 1e9))
        thrown_away.rollback()
        return found


def test_verify_and_rebuild_know_a_crisis_of_nobody(world: World, alice: Person, bob: Person) -> None:
    case = str(uuid7())
    bob.sync(bob.entry("crisis_opened", {"kind": "other", "about": ABOUT}, case=case))
    bob.sync(bob.entry("concern_raised", {"urgency": "now", "about": ABOUT}))
    assert wrong(world) == []
    with world.database.transaction() as session:
        rebuild.rebuild(session, world.clock.now())
        start_new_epoch(session)
    assert wrong(world) == []
    assert [one["id"] for one in of_kind(alice, "case")] == [case]

"""A death keeps silent what rings about the client; undone, in whatever way, all of it rings.

No alert may stay silent for somebody who turns out to be alive.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.models import Alert
from fieldapp.services.operations import verify
from sync.ids import uuid7
from tests._world import Person, World

DEAD_AT_HOME = {"ground": "police_or_ambulance", "reason": "Svarte ikke", "found": "dead"}
WORRY = {"reason": "roper", "urgency": "now"}
SEEN = {"outcome": "seen", "place": "home"}

Undo = Callable[[], dict[str, Any]]
"""Gives the entry that undoes the death, not sent yet."""


def retracted(alice: Person, entry: dict[str, Any]) -> dict[str, Any]:
    return alice.entry("entry_corrected", {"entry_id": entry["id"], "what": "retracted", "reason": "feil"})


def found_dead(alice: Person, eva: str, other: str) -> Undo:
    entry = alice.log("home_entered", DEAD_AT_HOME, client=eva)
    return lambda: retracted(alice, entry)


def found_dead_is_somebody_else(alice: Person, eva: str, other: str) -> Undo:
    entry = alice.log("home_entered", DEAD_AT_HOME, client=eva)
    moved = {"entry_id": entry["id"], "what": "wrong_client", "reason": "feil", "body": {"client_id": other}}
    return lambda: alice.entry("entry_corrected", moved)


def found_dead_is_found_well(alice: Person, eva: str, other: str) -> Undo:
    entry = alice.log("home_entered", DEAD_AT_HOME, client=eva)
    right = DEAD_AT_HOME | {"found": "nobody"}
    return lambda: alice.entry(
        "entry_corrected", {"entry_id": entry["id"], "what": "text", "reason": "feil", "body": right}
    )


def died_at_the_end_of_a_crisis(alice: Person, eva: str, other: str) -> Undo:
    case = str(uuid7())
    alice.log("crisis_opened", {"kind": "somatic"}, client=eva, case=case)
    entry = alice.log("crisis_closed", {"outcome": "died"}, client=eva, case=case)
    return lambda: retracted(alice, entry)


def ended_as_dead(alice: Person, eva: str, other: str) -> Undo:
    entry = alice.log("follow_up_ended", {"reason": "died"}, client=eva)
    return lambda: retracted(alice, entry)


def ended_as_dead_and_resumed(alice: Person, eva: str, other: str) -> Undo:
    alice.log("follow_up_ended", {"reason": "died"}, client=eva)
    return lambda: alice.entry("follow_up_resumed", {}, client=eva)


def the_same_as_somebody_dead(alice: Person, eva: str, other: str) -> Undo:
    alice.log("home_entered", DEAD_AT_HOME, client=other)
    merge = alice.log("client_merged", {"into_client_id": eva, "reason": "samme"}, client=other)
    return lambda: retracted(alice, merge)


WAYS = (
    found_dead, found_dead_is_somebody_else, found_dead_is_found_well, died_at_the_end_of_a_crisis, ended_as_dead,
    ended_as_dead_and_resumed, the_same_as_somebody_dead,
)  # fmt: skip


@pytest.mark.parametrize("beside", ["alone", "then_a_visit"])
@pytest.mark.parametrize("dies", WAYS, ids=lambda way: way.__name__)
def test_a_death_undone_lets_all_ring_that_it_kept_silent(
    world: World, dies: Callable[[Person, str, str], Undo], beside: str
) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva, other = alice.register("Eva"), alice.register("Else")
    before, after = str(uuid7()), str(uuid7())
    bob.log("concern_raised", WORRY, client=eva)
    bob.log("crisis_opened", {"kind": "psychosis"}, client=eva, case=before)
    world.clock.shift(minutes=5)
    undo = dies(alice, eva, other)
    assert about(alice, eva) == []
    world.clock.shift(minutes=5)
    bob.log("concern_raised", WORRY, client=eva)  # written before anybody knew, or about what nobody has understood
    bob.log("crisis_opened", {"kind": "fire"}, client=eva, case=after)
    bob.log("concern_raised", WORRY | {"urgency": "board"}, client=eva)
    assert about(alice, eva) == []

    world.clock.shift(minutes=5)
    entries = [undo()] + ([alice.entry("visit_logged", SEEN, client=eva)] if beside == "then_a_visit" else [])
    assert {one["verdict"] for one in alice.sync(*entries)["results"]} == {"accepted"}
    assert {before, after} <= set(world_of_cases(bob))
    rang = about(alice, eva)
    still_open = 3 if dies is died_at_the_end_of_a_crisis else 2
    assert rang == ["concern"] * 2 + ["crisis"] * still_open
    assert found_by_verify(world) == []


def test_who_is_set_as_somebody_dead_rings_again_when_that_is_undone(world: World) -> None:
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva, case = alice.register("Eva"), str(uuid7())
    alice.log("home_entered", DEAD_AT_HOME, client=eva)
    worry = bob.log("concern_raised", WORRY | {"about": "en mann ved stasjonen"})
    bob.log("crisis_opened", {"kind": "overdose", "about": "en mann ved stasjonen"}, case=case)
    assert sorted(one["kind"] for one in alice.alerts()) == ["concern", "crisis"]
    who = [
        bob.log("subject_client_set", {"entry_id": worry["id"]}, client=eva),
        bob.log("subject_client_set", {"case_id": case}, client=eva),
    ]
    assert alice.alerts() == []
    world.clock.shift(minutes=1)
    for said in who:
        bob.log("entry_corrected", {"entry_id": said["id"], "what": "retracted", "reason": "feil person"})
    assert sorted(one["kind"] for one in alice.alerts()) == ["concern", "crisis"]


def test_what_comes_with_a_wrong_name_of_somebody_dead_rings_when_undone(world: World) -> None:
    """Both in one request: no alert was ever opened that could be opened again."""
    team = world.team()
    alice, bob = world.staff("leader", team), world.staff("fieldworker", team)
    eva, case = alice.register("Eva"), str(uuid7())
    alice.log("home_entered", DEAD_AT_HOME, client=eva)
    worry = bob.entry("concern_raised", WORRY | {"about": "en mann"})
    sent = [
        worry,
        bob.entry("crisis_opened", {"kind": "overdose", "about": "en mann"}, case=case),
        bob.entry("subject_client_set", {"entry_id": worry["id"]}, client=eva),
        bob.entry("subject_client_set", {"case_id": case}, client=eva),
    ]
    assert {one["verdict"] for one in bob.sync(*sent)["results"]} == {"accepted"}
    assert alice.alerts() == []
    world.clock.shift(minutes=1)
    for said in sent[2:]:
        bob.log("entry_corrected", {"entry_id": said["id"], "what": "retracted", "reason": "feil person"})
    assert sorted(one["kind"] for one in alice.alerts()) == ["concern", "crisis"]


@pytest.mark.parametrize("kind", ["crisis", "concern"])
def test_verify_finds_a_crisis_or_worry_that_nobody_is_rung_for(world: World, kind: str) -> None:
    alice = world.staff("leader", world.team())
    eva = alice.register("Eva")
    alice.log("concern_raised", WORRY, client=eva)
    alice.log("crisis_opened", {"kind": "fire"}, client=eva, case=str(uuid7()))
    assert found_by_verify(world) == []
    with world.database.transaction() as session:
        session.execute(update(Alert).where(Alert.kind == kind).values(state="resolved", resolution="retracted"))
    (found,) = [line for line in found_by_verify(world) if "ingen varsles" in line]
    assert ("krisen" in found) is (kind == "crisis")


def found_by_verify(world: World) -> list[str]:
    with Session(world.database.engine) as session:  # what it computes anew is rolled back
        return list(verify.differences(session, clock.now(), 86_400))


def about(person: Person, client: str) -> list[str]:
    return sorted(one["kind"] for one in person.alerts() if one["client_id"] == client and one["kind"] != "not_seen")


def world_of_cases(person: Person) -> list[str]:
    return [id_ for kind, id_ in person.pull() if kind == "case"]

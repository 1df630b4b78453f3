"""A crisis, a concern or a street contact of somebody nobody knew is told whom it was about, afterwards."""

import itertools
from typing import Any

import pytest

from fieldapp.services.operations import verify
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")
ABOUT = "mann ca. 40, bak stasjonen"


@pytest.fixture
def alice(world: World) -> Person:
    return world.staff("leader", world.team("Nord"), world.team("Sør"), name="Alice")


@pytest.fixture
def bob(world: World, alice: Person) -> Person:
    return world.staff("fieldworker", alice.teams[0], name="Bob")


@pytest.fixture
def eve(world: World, alice: Person) -> Person:
    """Of the other team of Alice's, which follows Kari."""
    return world.staff("fieldworker", alice.teams[1], name="Eve")


@pytest.fixture
def kari(alice: Person, eve: Person) -> str:
    return alice.register("Kari", alice.teams[1])


def of_kind(person: Person, kind: str) -> list[dict[str, Any]]:
    person.pull()
    return [data for (one, _), data in person.replica.items() if one == kind and data]


def afresh(person: Person) -> dict[tuple[str, str], dict[str, Any]]:
    person.replica, person.cursor = {}, None
    return person.pull()


def verdict(person: Person, type_: str, body: dict[str, Any], **envelope: Any) -> tuple[str, str | None]:
    result = person.judged(type_, body, **envelope)
    return result["verdict"], result.get("code")


def opened(person: Person) -> str:
    case = str(uuid7())
    person.log("crisis_opened", {"kind": "overdose", "about": ABOUT}, case=case)
    return case


def follow_along(*people: Person) -> None:
    """What a phone that followed along holds is what a new one gets."""
    for person in people:
        held = {key: data for key, data in person.pull().items() if key[0] in ("entry", "case", "alert")}
        new = {key: data for key, data in afresh(person).items() if key[0] in ("entry", "case", "alert")}
        assert held == new


def wrong(world: World) -> list[str]:
    with world.database.transaction() as session:
        thrown_away = session.begin_nested()
        found = list(verify.differences(session, world.clock.now(), 1e9))
        thrown_away.rollback()
        return found


def test_a_crisis_goes_into_the_record_with_steps_and_alert(
    world: World, alice: Person, bob: Person, eve: Person, kari: str
) -> None:
    case = opened(bob)
    bob.log("crisis_step_logged", {"step": "naloxone", "count": 2}, case=case)
    (alert,) = of_kind(bob, "alert")
    for person in (alice, eve):
        person.pull()
    alice.log("subject_client_set", {"case_id": case}, client=kari)
    (found,) = of_kind(eve, "case")
    assert (found["client_id"], found["facts"]["about"]) == (kari, ABOUT)
    assert [one["id"] for one in of_kind(eve, "alert")] == [alert["id"]]
    assert {one["client_id"] for one in of_kind(eve, "entry") if one["case_id"] == case} == {kari}
    assert of_kind(bob, "case") == of_kind(bob, "alert") == of_kind(bob, "entry") == []
    follow_along(alice, bob, eve)
    assert wrong(world) == []


def test_the_alert_goes_on_as_it_was(alice: Person, world: World) -> None:
    mine = alice.register("Even", alice.teams[0])
    case = opened(alice)
    (alert,) = of_kind(alice, "alert")
    alice.log("alert_acknowledged", {"alert_id": alert["id"]}, team_id=None)
    alice.log("subject_client_set", {}, client=mine, case=case)
    (moved,) = of_kind(alice, "alert")
    assert (moved["id"], moved["client_id"], moved["team_id"]) == (alert["id"], mine, alert["team_id"])
    assert (moved["state"], moved["owner"]) == ("acknowledged", alice.id)
    assert wrong(world) == []


def test_followers_are_accepted_with_nobody_or_either_client(
    alice: Person, bob: Person, eve: Person, kari: str
) -> None:
    case, even = opened(bob), alice.register("Even", alice.teams[0])
    step = {"step": "arrived"}
    assert verdict(eve, "crisis_step_logged", step, client=kari, case=case) == ("rejected", "unknown_reference")
    alice.log("subject_client_set", {"case_id": case}, client=even)
    alice.log("subject_client_set", {"case_id": case}, client=kari)
    assert verdict(bob, "crisis_step_logged", step, case=case) == ("accepted", None)
    assert verdict(bob, "crisis_step_logged", step, client=even, case=case) == ("accepted", None)
    assert verdict(eve, "crisis_step_logged", step, client=kari, case=case) == ("accepted", None)
    assert verdict(eve, "crisis_step_logged", step, case=case) == ("accepted", None)
    steps = [one for one in of_kind(eve, "entry") if one["type"] == "crisis_step_logged"]
    assert [one["client_id"] for one in steps] == [kari] * 4
    follow_along(alice, bob, eve)


def test_the_newest_stands_and_a_retraction_takes_it_back(
    world: World, alice: Person, bob: Person, eve: Person, kari: str
) -> None:
    case, even = opened(bob), alice.register("Even", alice.teams[0])
    first = alice.log("subject_client_set", {"case_id": case}, client=even)
    second = alice.log("subject_client_set", {"case_id": case}, client=kari)
    assert of_kind(alice, "case")[0]["client_id"] == kari
    follow_along(alice, bob, eve)
    undo = {"what": "retracted", "reason": "angret"}
    alice.log("entry_corrected", {"entry_id": second["id"], **undo}, client=kari)
    assert of_kind(bob, "case")[0]["client_id"] == even
    follow_along(alice, bob, eve)
    alice.log("entry_corrected", {"entry_id": first["id"], **undo}, client=even)
    assert of_kind(bob, "case")[0]["client_id"] is None
    assert of_kind(eve, "case") == of_kind(eve, "alert") == []
    follow_along(alice, bob, eve)
    assert wrong(world) == []


def test_a_street_contact_counts_from_then(world: World, alice: Person, eve: Person, kari: str) -> None:
    at = world.clock.now()
    world.clock.shift(hours=3)
    contact = alice.log("street_contact_logged", {"place_label": "Havna", "people": 1}, at=at)
    before = of_kind(eve, "client")[0]["watch"]["last_seen_at"]
    link = alice.log("subject_client_set", {"entry_id": contact["id"]}, client=kari)
    after = of_kind(eve, "client")[0]["watch"]
    assert before is None
    assert after["last_seen_at"][:16] == at.isoformat()[:16]
    assert ("entry", contact["id"]) in eve.replica
    alice.log("entry_corrected", {"entry_id": link["id"], "what": "retracted", "reason": "angret"}, client=kari)
    assert of_kind(eve, "client")[0]["watch"]["last_seen_at"] is None
    assert ("entry", contact["id"]) not in eve.pull()
    assert wrong(world) == []


def test_of_a_private_talk_time_and_place_only(alice: Person, kari: str) -> None:
    talk = alice.log("street_contact_logged", {"place_label": "Havna", "people": 1, "private": True})
    told = {"entry_id": talk["id"], "note": "snakket om søsteren"}
    assert verdict(alice, "subject_client_set", told, client=kari) == ("rejected", "private_has_no_note")
    assert verdict(alice, "subject_client_set", {"entry_id": talk["id"]}, client=kari) == ("accepted", None)


def test_a_concern_moves_and_rings_on(world: World, alice: Person, kari: str) -> None:
    raised = alice.log("concern_raised", {"urgency": "now", "about": ABOUT})
    (alert,) = of_kind(alice, "alert")
    alice.log("subject_client_set", {"entry_id": raised["id"]}, client=kari)
    (moved,) = of_kind(alice, "alert")
    assert (moved["id"], moved["client_id"], moved["state"]) == (alert["id"], kari, "open")
    assert kari in alice.get(f"/kontor/varsler/{alert['id']}").text
    alice.log("alert_resolved", {"alert_id": alert["id"], "reason": "Snakket"}, client=kari)
    assert of_kind(alice, "alert") == []
    assert wrong(world) == []


def test_nobody_links_what_or_whom_they_do_not_see(alice: Person, bob: Person, eve: Person, kari: str) -> None:
    case, missing = opened(bob), str(uuid7())
    assert verdict(bob, "subject_client_set", {"case_id": case}, client=kari) == ("rejected", "unknown_reference")
    for one in (case, missing):
        told = verdict(eve, "subject_client_set", {"case_id": one}, client=kari)
        assert told == ("rejected", "unknown_reference")
    with_client = alice.log("concern_raised", {"urgency": "board", "reason": "hm"}, client=kari)
    assert verdict(alice, "subject_client_set", {"entry_id": with_client["id"]}, client=kari)[1] == "unknown_reference"
    assert verdict(alice, "subject_client_set", {}, client=kari) == ("rejected", "invalid_body")


def test_somebody_who_died_unknown_is_known_to_be_dead(world: World, alice: Person, bob: Person, kari: str) -> None:
    case = opened(bob)
    bob.log("crisis_closed", {"outcome": "died"}, case=case)
    link = alice.log("subject_client_set", {"case_id": case}, client=kari)
    (card,) = [one for one in of_kind(alice, "client") if one["id"] == kari]
    assert card["deceased"]
    alice.log("entry_corrected", {"entry_id": link["id"], "what": "retracted", "reason": "angret"}, client=kari)
    (card,) = [one for one in of_kind(alice, "client") if one["id"] == kari]
    assert not card["deceased"]
    assert wrong(world) == []


def test_the_order_of_arrival_never_matters(world: World, alice: Person) -> None:
    """Step, link, other link and the retraction of it, in every order, each offered again until nothing changes."""
    one, two = alice.register("Even", alice.teams[0]), alice.register("Åse", alice.teams[0])
    ends = set()
    for order in itertools.permutations(range(4)):
        case = opened(alice)
        first = alice.entry("subject_client_set", {"case_id": case}, client=one)
        second = alice.entry("subject_client_set", {"case_id": case}, client=two)
        back = {"entry_id": second["id"], "what": "retracted", "reason": "feil"}
        undo = alice.entry("entry_corrected", back, client=two)
        entries = [alice.entry("crisis_step_logged", {"step": "arrived"}, client=two, case=case), first, second, undo]
        waiting = [entries[n] for n in order]
        while waiting:
            results = [alice.sync(entry)["results"][0]["verdict"] for entry in waiting]
            waiting = [entry for entry, told in zip(waiting, results, strict=True) if told == "rejected"]
        found = alice.pull()
        of_case = [data for (kind, _), data in found.items() if kind == "entry" and data["case_id"] == case]
        clients = {entry["client_id"] for entry in of_case}
        alert = next(data for (kind, _), data in found.items() if kind == "alert" and data["case_id"] == case)
        ends.add((found["case", case]["client_id"], alert["client_id"], *clients))
    assert ends == {(one, one, one)}
    assert wrong(world) == []

"""What was written on a locked phone is marked so until its author says that it is theirs; no alert waits for that."""

import uuid
from typing import Any

import pytest

from fieldapp.models import Entry
from tests._sealing import Seal
from tests._world import Person, World

MARK = "skrevet på låst telefon"


def concern(by: Person, kari: str, **more: Any) -> dict[str, Any]:
    return by.entry("concern_raised", {"urgency": "now"}, client=kari, locked=True, **more)


def confirm(by: Person, entry: dict[str, Any], **body: Any) -> tuple[str, str | None]:
    said = {"entry_id": entry["id"], "what": "text", "reason": "bekreftet"} | body
    verdict = by.judged("entry_corrected", said)
    return verdict["verdict"], verdict.get("code")


def flags(person: Person, entry: dict[str, Any]) -> list[str]:
    listed: list[str] = person.pull()["entry", entry["id"]]["flags"]
    return listed


@pytest.mark.parametrize("is_sealed", [True, False])
def test_it_is_marked_and_rings_at_once(alice: Person, bob: Person, kari: str, is_sealed: bool) -> None:
    entry = concern(bob, kari, author_id=bob.id)
    element = Seal(bob).by(bob, entry) if is_sealed else entry
    assert bob.sync(element)["results"][0]["verdict"] == "accepted"
    assert [alert["kind"] for alert in alice.alerts()] == ["concern"]
    assert flags(alice, entry) == ["locked"]
    assert MARK in alice.get(f"/kontor/bruker/{kari}").text


def test_its_author_confirms_it_by_a_correction_that_changes_nothing(
    world: World, alice: Person, bob: Person, kari: str
) -> None:
    entry = concern(bob, kari)
    bob.sync(entry)
    before = alice.pull()["entry", entry["id"]]
    assert confirm(bob, entry) == ("accepted", None)
    after = alice.pull()["entry", entry["id"]]
    assert after == before | {"flags": []}
    assert MARK not in alice.get(f"/kontor/bruker/{kari}").text
    assert len(alice.alerts()) == 1, "it ends no alert"
    with world.database.reading() as session:
        assert session.get_one(Entry, uuid.UUID(entry["id"])).flags == ["locked"], "what came is never changed"


def test_nobody_else_confirms_it(alice: Person, bob: Person, kari: str) -> None:
    entry = concern(bob, kari)
    bob.sync(entry)
    assert confirm(alice, entry) == ("accepted", None)
    assert flags(alice, entry) == ["locked"]
    still_locked = {"entry_id": entry["id"], "what": "text", "reason": "bekreftet"}
    bob.sync(bob.entry("entry_corrected", still_locked, locked=True))
    assert flags(alice, entry) == ["locked"]


def test_taking_it_back_answers_it_too(alice: Person, bob: Person, kari: str) -> None:
    entry = concern(bob, kari)
    bob.sync(entry)
    assert confirm(bob, entry, what="retracted", reason="angret") == ("accepted", None)
    assert flags(alice, entry) == []


def test_it_is_not_content(alice: Person, kari: str) -> None:
    entry = alice.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert alice.sync(entry)["results"][0]["verdict"] == "accepted"
    assert alice.sync(entry | {"locked": True})["results"][0]["verdict"] == "duplicate"
    assert flags(alice, entry) == []


@pytest.mark.parametrize("value", ["ja", 1, []])
def test_it_is_true_or_false(alice: Person, kari: str, value: Any) -> None:
    verdict = alice.sync(concern(alice, kari) | {"locked": value})["results"][0]
    assert (verdict["code"], verdict["field"]) == ("invalid_envelope", "locked")

"""A page fits what a poor network carries, and a first sync is whole whatever its pages."""

import gzip
import json
import random
import string
import uuid
from typing import Any

import pytest

from fieldapp.queries.sync.changes import MOST_BYTES, MOST_COMPRESSED
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")
VISIT = {"outcome": "seen", "place": "home"}


def log_visits(person: Person, client: str, notes: list[str]) -> list[str]:
    entries = [person.entry("visit_logged", VISIT | {"note": note}, client=client) for note in notes]
    for start in range(0, len(entries), 20):
        answer = person.sync(*entries[start : start + 20])
        assert {result["verdict"] for result in answer["results"]} == {"accepted"}
    return [entry["id"] for entry in entries]


def pages_of(person: Person) -> list[bytes]:
    """A first sync as it travels, page by page, folded into the replica."""
    pages, person.replica, person.cursor = list[bytes](), {}, None
    while True:
        asked = person.sync_request()
        answer = person.http.post("/api/sync", json=asked, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        packed = answer.headers.get("Content-Encoding") == "gzip"
        pages.append(answer.get_data())
        received: dict[str, Any] = json.loads(gzip.decompress(pages[-1]) if packed else pages[-1])
        person._apply(received)
        if not received["more"]:
            return pages


@pytest.mark.parametrize(("count", "letters"), [(700, 600), (60, 10_000)])
def test_a_page_is_bounded_in_bytes_however_long_the_notes(world: World, count: int, letters: int) -> None:
    bob = world.staff("fieldworker", world.team())
    kari, chance = bob.register("Kari"), random.Random(count)
    words = ["".join(chance.choices(string.ascii_letters + "æøå ", k=letters)) for _ in range(count)]
    ids = log_visits(bob, kari, words)
    pages = pages_of(bob)
    assert max(map(len, pages)) <= MOST_COMPRESSED * 1.1
    assert max(len(gzip.decompress(page)) for page in pages) <= MOST_BYTES * 1.1
    assert all(("entry", id) in bob.replica for id in ids)


def test_who_only_sends_gets_verdicts_and_no_changes(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    entry = bob.entry("visit_logged", VISIT, client=kari)
    before = bob.cursor
    answer = bob.sync(entry, pull=False)
    assert [result["verdict"] for result in answer["results"]] == ["accepted"]
    assert (answer["changes"], answer["cursor"], answer["more"], answer["reset"]) == ([], before, False, False)
    assert ("entry", entry["id"]) in bob.pull()


def test_closed_cases_do_not_depend_on_where_pages_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    for status in ("open", "resolved", "resolved"):
        case = str(uuid7())
        bob.log("rent_problem_reported", {"amount_nok": "1.00"}, client=kari, case=case)
        bob.log("rent_problem_updated", {"status": status}, client=kari, case=case)
    world.clock.shift(days=35)
    bob.sign_in()
    whole = cases_by_pages_of(bob, monkeypatch, 500)
    assert list(whole.values()) == ["open"]
    for size in (1, 2, 3):
        assert cases_by_pages_of(bob, monkeypatch, size) == whole


def cases_by_pages_of(person: Person, monkeypatch: pytest.MonkeyPatch, size: int) -> dict[str, str]:
    monkeypatch.setattr("fieldapp.queries.sync.changes.changes_since.__defaults__", (size,))
    pages_of(person)
    return {id: data["status"] for (kind, id), data in person.replica.items() if kind == "case"}


def test_a_role_or_team_that_changed_starts_the_phone_anew(world: World) -> None:
    from fieldapp.models import Staff

    team = world.team()
    alice, rolf = world.staff("leader", team), world.staff("peer", team)
    kari = alice.register("Kari", phone="90000001")
    assert rolf.pull()["client", kari]["phone"] == "90000001"
    with world.database.transaction() as session:
        session.get_one(Staff, uuid.UUID(rolf.id)).role = "landlord"
    assert rolf.sync()["reset"] is True
    assert "phone" not in rolf.pull()["client", kari]


def test_a_corrected_entry_older_than_phones_keep_is_taken_off_them(world: World) -> None:
    bob = world.staff("fieldworker", world.team())
    kari = bob.register("Kari")
    entry = bob.log("visit_logged", VISIT, client=kari)
    bob.pull()
    world.clock.shift(days=31)
    bob.sign_in()
    assert ("entry", entry["id"]) in bob.pull()
    bob.log("entry_corrected", {"entry_id": entry["id"], "what": "retracted", "reason": "feil"}, client=kari)
    assert ("entry", entry["id"]) not in bob.pull()

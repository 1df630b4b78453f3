"""What was opened on a phone comes later, as reports, and is in the log once and under the right name."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest

from sync.ids import uuid7
from tests._read_log import rows
from tests._sealing import Seal
from tests._world import Person, World


def report(world: World, person: Person, *clients: str, **more: Any) -> dict[str, Any]:
    ended = world.clock.now() - dt.timedelta(minutes=10)
    began = ended - dt.timedelta(minutes=3)
    views = [{"client_id": one, "from_at": began.isoformat(), "to_at": ended.isoformat()} for one in clients]
    made = {"id": str(uuid7()), "staff_id": person.id, "clock_offset_ms": 60_000, "views": views}
    return made | more


def verdicts(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["verdict"], one.get("code")) for one in answer["view_results"]]


def opened(world: World) -> list[Any]:
    return rows(world, kind="opened", surface="phone")


def test_a_report_is_a_row_for_each_client_with_its_period(world: World, alice: Person, bob: Person) -> None:
    kari, ola = alice.register("Kari"), alice.register("Ola")
    bob.pull()
    told = report(world, bob, kari, ola)
    assert verdicts(bob.sync(views=[told])) == [("accepted", None)]
    found = opened(world)
    assert {str(row.client_id) for row in found} == {kari, ola}
    assert str(found[0].staff_id) == bob.id
    assert str(found[0].report_id) == told["id"]
    assert (found[0].to_at - found[0].from_at) == dt.timedelta(minutes=3)
    assert found[0].from_at == dt.datetime.fromisoformat(told["views"][0]["from_at"]) + dt.timedelta(minutes=1)


def test_a_report_sent_again_is_a_duplicate(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    told = report(world, bob, kari)
    assert verdicts(bob.sync(views=[told, told])) == [("accepted", None), ("duplicate", None)]
    assert verdicts(bob.sync(views=[told])) == [("duplicate", None)]
    assert len(opened(world)) == 1


def test_another_delivers_with_the_authors_key_and_not_without(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    alice.use_phone_of(bob)
    assert verdicts(alice.sync(views=[report(world, bob, kari)])) == [("rejected", "author_unproven")]
    assert opened(world) == []
    assert verdicts(alice.sync(views=[report(world, bob, kari, author_key=bob.delivery_key)])) == [("accepted", None)]
    assert [str(row.staff_id) for row in opened(world)] == [bob.id]


def test_a_signed_out_phone_delivers_what_was_opened(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    told = report(world, bob, kari, author_key=bob.delivery_key)
    bob.sign_out()
    answer = bob.post("/api/sync", bob.sync_request(views=[told]))
    assert (answer.status_code, verdicts(answer.get_json())) == (200, [("accepted", None)])
    assert answer.get_json()["changes"] == []


def test_a_client_who_never_came_to_the_person_is_as_one_who_does_not_exist(world: World, alice: Person) -> None:
    kari = alice.register("Kari")
    charlie = world.staff("fieldworker", world.team(), name="Charlie")
    answers = [charlie.sync(views=[report(world, charlie, one)]) for one in (kari, str(uuid.uuid4()))]
    assert [verdicts(one) for one in answers] == [[("rejected", "unknown_reference")]] * 2
    assert opened(world) == []


def test_what_was_seen_before_access_ended_is_still_taken(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    other = world.team()
    day = world.clock.now().date()
    alice.log("client_team_set", {"team_id": other.id, "from_on": day.isoformat()}, client=kari)
    ended = {"team_id": alice.teams[0].id, "from_on": "2026-01-01", "to_on": "2026-01-02"}
    alice.log("client_team_set", ended, client=kari)
    assert verdicts(bob.sync(views=[report(world, bob, kari)])) == [("accepted", None)]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        {},
        {"id": "x"},
        {"views": []},
        {"views": [{"client_id": "x", "from_at": "i går", "to_at": "nå"}]},
        {"staff_id": "\u0000"},
        {"clock_offset_ms": 10**30},
    ],
)
def test_a_report_that_cannot_be_read_gets_its_own_verdict(
    world: World, alice: Person, bob: Person, broken: Any
) -> None:
    kari = alice.register("Kari")
    bob.pull()
    bad = report(world, bob, kari) | broken if isinstance(broken, dict) and broken else broken
    found = verdicts(bob.sync(views=[bad, report(world, bob, kari)]))
    assert found == [("rejected", "invalid_envelope"), ("accepted", None)]


def test_too_many_views_and_an_end_before_the_beginning(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    turned = report(world, bob, kari)
    turned["views"][0]["to_at"] = "2020-01-01T00:00:00Z"
    found = verdicts(bob.sync(views=[report(world, bob, *[kari] * 201), turned, report(world, bob, *[kari] * 200)]))
    assert found == [("rejected", "invalid_envelope")] * 2 + [("accepted", None)]


def test_a_sealed_report_is_delivered_by_anybody(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    seal, key = Seal(bob), bob.delivery_key
    first, second = (seal.views(report(world, bob, kari, author_key=key)) for _ in range(2))
    alice.use_phone_of(bob)
    assert verdicts(alice.sync(views=[first])) == [("accepted", None)]
    bob.sign_out()
    answer = bob.post("/api/sync", bob.sync_request(views=[second, first]))
    assert verdicts(answer.get_json()) == [("accepted", None), ("duplicate", None)]
    assert [str(row.staff_id) for row in opened(world)] == [bob.id] * 2


def test_a_sealed_report_opens_only_as_itself(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    bob.pull()
    seal, told = Seal(bob), report(world, bob, kari)
    as_entry, moved = seal.text(json.dumps(told), id=told["id"]), seal.views(told) | {"id": str(uuid7())}
    assert verdicts(bob.sync(views=[as_entry, moved])) == [("rejected", "unreadable")] * 2
    assert bob.sync(seal.views(told))["results"][0]["code"] == "unreadable"
    assert opened(world) == []


def test_a_sealed_report_that_nothing_opens_stays_on_the_phone(world: World, bob: Person) -> None:
    sealed = {"id": str(uuid7()), "key_id": "k", "sealed": "AAAA"}
    assert verdicts(bob.sync(views=[sealed])) == [("deferred", "unknown_key")]

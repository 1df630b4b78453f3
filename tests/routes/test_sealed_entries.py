"""Sealed entries at the door: who may bring them, whose they are, what is kept of those that nothing lets in."""

import base64
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from fieldapp.clock import now
from fieldapp.models import Device, Entry, SecretKey, SetAside
from fieldapp.services.people import devices, keys, throttle
from sync import sealing
from sync.ids import uuid7
from tests._client import CheckedClient
from tests._sealing import Seal
from tests._world import Person, TeamOfWorld, World

SEEN = {"outcome": "seen", "place": "home"}


@pytest.fixture
def bob(world: World, team: TeamOfWorld, alice: Person) -> Person:
    """On Alice's phone, too."""
    bob = world.staff("fieldworker", team, name="Bob", phone=False)
    bob.use_phone_of(alice)
    return bob


@pytest.fixture
def seal(alice: Person) -> Seal:
    return Seal(alice)


def verdicts(person: Person, *elements: Any, **request: Any) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = person.sync(*elements, **request)["results"]
    return results


def code(verdict: dict[str, Any]) -> tuple[str, str | None]:
    return verdict["verdict"], verdict.get("code")


def taken(world: World, entry_id: str) -> Entry | None:
    with world.database.reading() as session:
        return session.get(Entry, uuid.UUID(entry_id))


def kept(world: World, entry_id: str) -> list[Any]:
    with world.database.reading() as session:
        rows = session.scalars(select(SetAside.raw).where(SetAside.entry_id == uuid.UUID(entry_id)))
        return [json.loads(raw) for raw in rows]


def count_kept(world: World) -> int:
    with world.database.reading() as session:
        return session.scalars(select(func.count()).select_from(SetAside)).one()


# --- the key -------------------------------------------------------------------------------------------------------


def test_the_key_is_shown_to_whoever_asks(app: Flask) -> None:
    answer = CheckedClient.of(app).get("/api/sealing/key")
    shown = answer.get_json()
    assert set(shown) == {"key_id", "suite", "public_key"}
    point = sealing.decode(shown["public_key"])
    assert (len(point), point[0]) == (65, 4)
    assert shown["key_id"] == sealing.key_id(point)
    assert shown["suite"] == "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM"


def test_each_sync_says_what_to_seal_to_from_then_on(world: World, alice: Person, seal: Seal) -> None:
    assert alice.sync()["sealing_key_id"] == alice.sync(pull=False)["sealing_key_id"] == seal.key_id
    rotate(world)
    assert alice.sync()["sealing_key_id"] == Seal(alice).key_id != seal.key_id


def rotate(world: World) -> None:
    with world.database.transaction() as session:
        keys.rotate_sealing(session, world.app.extensions["settings"].secret_key, now())


# --- as the same entry in clear -------------------------------------------------------------------------------------


def test_an_own_sealed_entry_needs_no_key(world: World, alice: Person, kari: str, seal: Seal) -> None:
    entry = alice.entry("visit_logged", SEEN | {"note": "Blid 🙂"}, client=kari)
    assert code(verdicts(alice, seal(entry, author_id=alice.id))[0]) == ("accepted", None)
    row = taken(world, entry["id"])
    assert row is not None
    assert (str(row.author_id), row.body["note"], row.device_seq) == (alice.id, "Blid 🙂", entry["device_seq"])
    assert "author_key" not in row.extra
    assert alice.pull()["entry", entry["id"]]["body"] == entry["body"]


def test_again_in_clear_or_sealed_to_another_key_is_the_same(
    world: World, alice: Person, kari: str, seal: Seal
) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari)
    assert code(verdicts(alice, seal.by(alice, entry))[0]) == ("accepted", None)
    rotate(world)
    again = Seal(alice)
    assert again.key_id != seal.key_id
    for element in (entry, seal.by(alice, entry), again.by(alice, entry), entry | {"author_id": alice.id}):
        assert code(verdicts(alice, element)[0]) == ("duplicate", None)
    other = again.by(alice, entry | {"body": SEEN | {"note": "Noe annet"}})
    assert code(verdicts(alice, other)[0]) == ("rejected", "id_reused")


def test_what_is_wrong_inside_is_said_as_in_clear(world: World, alice: Person, kari: str, seal: Seal) -> None:
    wrong = alice.entry("visit_logged", {"outcome": "hm", "place": "home"}, client=kari, author_id=alice.id)
    said = [verdicts(alice, seal.by(alice, wrong))[0] for _ in range(2)]
    assert said[0]["field"] == "body.outcome"
    assert kept(world, wrong["id"]) == [wrong], "kept once, opened, without the key"
    assert said == [verdicts(alice, wrong)[0]] * 2


def test_the_number_outside_counts_and_one_inside_is_ignored(
    world: World, alice: Person, kari: str, seal: Seal
) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari)
    element = seal.by(alice, entry) | {"device_seq": entry["device_seq"] + 1}
    inner_seq = seal(entry, author_id=alice.id, device_seq=7_000) | {"id": entry["id"]}
    assert code(verdicts(alice, element)[0]) == ("accepted", None)
    assert code(verdicts(alice, inner_seq)[0]) == ("duplicate", None)
    assert taken(world, entry["id"]).device_seq == entry["device_seq"] + 1  # type: ignore[union-attr]
    with world.database.reading() as session:
        assert session.get_one(Device, uuid.UUID(alice.device_id)).highest_seq == entry["device_seq"] + 1


def test_a_private_talk_that_says_too_much_leaves_no_shadow(world: World, alice: Person, seal: Seal) -> None:
    said = {"place_label": "Plata", "people": 1, "private": True, "note": "hemmelig"}
    talk = alice.entry("street_contact_logged", said)
    assert code(verdicts(alice, seal.by(alice, talk))[0]) == ("rejected", "private_has_no_note")
    assert kept(world, talk["id"]) == [
        {"id": talk["id"], "type": "street_contact_logged", "code": "private_has_no_note"}
    ]
    good = alice.entry("street_contact_logged", {"place_label": "Plata", "people": 1, "private": True})
    assert code(verdicts(alice, seal.by(alice, good))[0]) == ("accepted", None)


def test_an_unsealed_field_by_that_name_is_still_kept_and_ignored(world: World, alice: Person, kari: str) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari, sealed="ja")
    assert code(verdicts(alice, entry)[0]) == ("accepted", None)
    assert taken(world, entry["id"]).extra == {"sealed": "ja"}  # type: ignore[union-attr]


# --- whose it is ----------------------------------------------------------------------------------------------------


def test_a_colleague_on_the_phone_delivers_it(world: World, alice: Person, bob: Person, kari: str, seal: Seal) -> None:
    entry = bob.entry("visit_logged", SEEN, client=kari)
    assert verdicts(alice, seal.by(bob, entry)) == [{"id": entry["id"], "verdict": "accepted"}]
    assert str(taken(world, entry["id"]).author_id) == bob.id  # type: ignore[union-attr]


def test_of_a_colleagues_entry_nothing_is_said_but_the_code(alice: Person, bob: Person, kari: str, seal: Seal) -> None:
    wrong = bob.entry("visit_logged", {"outcome": "hm", "place": "home"}, client=kari)
    said = verdicts(alice, seal.by(bob, wrong))[0]
    assert said == {"id": wrong["id"], "verdict": "rejected", "code": "invalid_body"}


def test_a_key_that_never_was_right_proves_nobody(
    world: World, alice: Person, bob: Person, kari: str, seal: Seal
) -> None:
    entry = bob.entry("visit_logged", SEEN, client=kari)
    elsewhere = world.staff("fieldworker", *alice.teams)
    for key in ("gjettet", "", alice.delivery_key, elsewhere.delivery_key, bob.delivery_key[:-1], None):
        said = verdicts(alice, seal(entry, key=key, author_id=bob.id))[0]
        assert said == {"id": entry["id"], "verdict": "rejected", "code": "author_unproven"}, key
    assert taken(world, entry["id"]) is None


def test_the_key_of_one_element_proves_no_other(alice: Person, bob: Person, kari: str, seal: Seal) -> None:
    good, forged = (bob.entry("visit_logged", SEEN, client=kari) for _ in range(2))
    said = verdicts(alice, seal.by(bob, good), seal(forged, author_id=bob.id), forged | {"author_id": bob.id})
    assert list(map(code, said)) == [("accepted", None), *[("rejected", "author_unproven")] * 2]


# --- what does not open ---------------------------------------------------------------------------------------------


def test_under_another_id_it_does_not_open(world: World, alice: Person, kari: str, seal: Seal) -> None:
    one, two = (alice.entry("visit_logged", SEEN, client=kari) for _ in range(2))
    sealed_one, sealed_two = seal.by(alice, one), seal.by(alice, two)
    swapped = [sealed_one | {"id": two["id"]}, sealed_two | {"id": one["id"]}]
    replayed = sealed_one | {"id": str(uuid7())}
    for said in verdicts(alice, *swapped, replayed):
        assert said == {"id": said["id"], "verdict": "rejected", "code": "unreadable"}
    assert kept(world, replayed["id"]) == [replayed], "verbatim"
    assert (taken(world, one["id"]), taken(world, two["id"])) == (None, None)


def test_an_id_inside_unlike_the_one_outside_is_no_envelope(world: World, alice: Person, kari: str, seal: Seal) -> None:
    entry, other = (alice.entry("visit_logged", SEEN, client=kari) for _ in range(2))
    alice.sync(other)
    for inside in (other["id"], None, 5, ["x"], {"a": 1}):
        said = verdicts(alice, seal(entry, author_id=alice.id, id=inside))[0]
        assert (said["id"], *code(said)) == (entry["id"], "rejected", "invalid_envelope")
    upper = seal.by(alice, entry) | {"id": entry["id"].upper()}
    assert code(verdicts(alice, upper)[0]) == ("accepted", None)


@pytest.mark.parametrize("inside", ["[]", "5", "null", '"tekst"', "true"])
def test_json_that_is_no_object_is_no_envelope(alice: Person, seal: Seal, inside: str) -> None:
    id_ = str(uuid7())
    said = verdicts(alice, seal.text(inside, id=id_))[0]
    assert (said["id"], *code(said)) == (id_, "rejected", "invalid_envelope")


@pytest.mark.parametrize("inside", [b"", b"hei", b"{", b"\xff\xfe", b"{}{}", b'{"a": NaN}', b"[" * 90_000])
def test_what_is_no_json_is_unreadable(alice: Person, seal: Seal, inside: bytes) -> None:
    id_ = str(uuid7())
    assert code(verdicts(alice, seal.text(inside, id=id_))[0]) == ("rejected", "unreadable")


def test_a_key_nobody_has_puts_it_off(world: World, alice: Person, kari: str, seal: Seal) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari)
    with world.database.reading() as session:
        vapid = session.scalars(select(SecretKey.key_id).where(SecretKey.purpose == keys.VAPID)).one()
    for named in ("A" * 43, "", "ukjent", vapid, "\0", "\ud800", "x" * 5_000):
        element = seal.by(alice, entry) | {"key_id": named}
        said = verdicts(alice, element)[0]
        assert said == {"id": entry["id"], "verdict": "deferred", "code": "unknown_key"}, named[:40]
    assert len(kept(world, entry["id"])) == 7
    assert code(verdicts(alice, seal.by(alice, entry))[0]) == ("accepted", None), "sealed again"


@pytest.mark.parametrize(
    "sealed",
    ["", "A", "=" * 40, "æøå", "\0", "\ud800", "A" * 87, "A" * 200_000, base64.urlsafe_b64encode(b"\4" * 90).decode()],
)
def test_garbage_is_unreadable_and_kept(world: World, alice: Person, seal: Seal, sealed: str) -> None:
    element = {"id": str(uuid7()), "device_seq": 1, "key_id": seal.key_id, "sealed": sealed}
    assert code(verdicts(alice, element)[0]) == ("rejected", "unreadable")
    assert kept(world, element["id"]) == [element]


def test_cut_short_or_longer_it_is_unreadable(alice: Person, kari: str, seal: Seal) -> None:
    whole = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari))
    texts = [whole["sealed"][:-4], whole["sealed"][4:], whole["sealed"] + "AAAA", whole["sealed"][:80]]
    said = verdicts(alice, *(whole | {"sealed": text} for text in texts))
    assert set(map(code, said)) == {("rejected", "unreadable")}


@pytest.mark.parametrize("field", ["id", "key_id", "sealed"])
@pytest.mark.parametrize("value", [5, [], {}, True])
def test_an_element_of_another_form_is_no_envelope(
    alice: Person, kari: str, seal: Seal, field: str, value: Any
) -> None:
    element = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari)) | {field: value}
    assert code(verdicts(alice, element)[0]) == ("rejected", "invalid_envelope")


def test_without_a_number_it_is_no_envelope(alice: Person, kari: str, seal: Seal) -> None:
    element = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari))
    del element["device_seq"]
    said = verdicts(alice, element)[0]
    assert (code(said), said["field"]) == (("rejected", "invalid_envelope"), "device_seq")


def test_over_64_kib_inside_is_too_long(alice: Person, kari: str, seal: Seal) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari, author_id=alice.id, kept="x" * 66_000)
    assert code(verdicts(alice, seal.by(alice, entry))[0]) == ("rejected", "too_long")
    assert code(verdicts(alice, seal.by(alice, entry | {"kept": "x" * 65_000}))[0]) == ("accepted", None)


def test_what_does_not_open_holds_nothing_up(world: World, alice: Person, bob: Person, kari: str, seal: Seal) -> None:
    first, last = (alice.entry("visit_logged", SEEN, client=kari) for _ in range(2))
    spoilt = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari)) | {"sealed": "AAAA"}
    unknown = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari)) | {"key_id": "A" * 43}
    nobodys = seal(alice.entry("visit_logged", SEEN, client=kari), author_id=bob.id)
    elements = (seal.by(alice, first), spoilt, unknown, nobodys, seal.by(alice, last))
    said = [code(one)[0] for one in verdicts(alice, *elements)]
    assert said == ["accepted", "rejected", "deferred", "rejected", "accepted"]
    assert "missing_seqs" not in alice.sync()


# --- without a session ----------------------------------------------------------------------------------------------


@pytest.fixture
def nobody(world: World, alice: Person) -> Person:
    """A browser where nobody is signed in, that names Alice's phone."""
    http = CheckedClient.of(world.app)
    return Person("", "", "", http, (), device_id=alice.device_id, cursor="c1")


def test_sealed_entries_alone_are_delivered_by_nobody(
    world: World, alice: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari)
    answer = nobody.sync(seal.by(alice, entry))
    assert answer["results"] == [{"id": entry["id"], "verdict": "accepted"}]
    assert (answer["changes"], answer["cursor"], answer["more"]) == ([], "c1", False)
    assert str(taken(world, entry["id"]).author_id) == alice.id  # type: ignore[union-attr]
    assert "missing_seqs" not in alice.sync()


def test_nothing_is_kept_of_what_no_key_lets_in(
    world: World, alice: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    entries = [alice.entry("visit_logged", SEEN, client=kari, author_id=alice.id) for _ in range(6)]
    wrong = {"outcome": "hm", "place": "home"}
    elements = [
        seal(entries[0]),
        seal(entries[1], key="gjettet"),
        seal.by(alice, entries[2]) | {"key_id": "A" * 43},
        seal.by(alice, entries[3]) | {"sealed": "AAAA"},
        seal(entries[4], id=str(uuid7()), key=alice.delivery_key),
        entries[5],
        seal.by(alice, alice.entry("visit_logged", SEEN, client=kari)),
        seal.by(alice, alice.entry("visit_logged", wrong, client=kari)),
        seal(alice.entry("visit_logged", wrong, client=kari), author_id=alice.id),
    ]
    expected = [
        ("rejected", "author_unproven"),
        ("rejected", "author_unproven"),
        ("deferred", "unknown_key"),
        ("rejected", "unreadable"),
        ("rejected", "invalid_envelope"),
        ("rejected", "author_unproven"),
        ("accepted", None),
        ("rejected", "invalid_body"),
        ("rejected", "author_unproven"),
    ]
    assert list(map(code, verdicts(nobody, *elements))) == expected
    assert count_kept(world) == 1, "what its own key lets in, refused or not"
    assert list(map(code, verdicts(nobody, *elements[:6]))) == expected[:6]
    assert count_kept(world) == 1


def test_in_clear_alone_it_takes_a_session_or_a_proof_as_before(alice: Person, kari: str, nobody: Person) -> None:
    entry = alice.entry("visit_logged", SEEN, client=kari)
    for elements in ([], [entry]):
        answer = nobody.post("/api/sync", nobody.sync_request(*elements))
        assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in")


def test_a_flood_from_nobody_is_slowed_down_and_no_other(
    world: World, alice: Person, kari: str, seal: Seal, nobody: Person
) -> None:
    forged = seal(alice.entry("visit_logged", SEEN, client=kari), author_id=alice.id)
    for _ in range(throttle.MOST_PER_ADDRESS):
        assert nobody.post("/api/sync", nobody.sync_request(forged)).status_code == 200
    answer = nobody.post("/api/sync", nobody.sync_request(forged))
    assert (answer.status_code, answer.get_json()["code"]) == (429, "slow_down")
    assert int(answer.headers["Retry-After"]) > 0
    good = seal.by(alice, alice.entry("visit_logged", SEEN, client=kari))
    assert list(map(code, verdicts(nobody, forged, good))) == [("rejected", "author_unproven"), ("accepted", None)]
    assert code(verdicts(alice, seal.by(alice, alice.entry("visit_logged", SEEN, client=kari)))[0])[0] == "accepted"
    assert count_kept(world) == 0
    world.clock.shift(minutes=16)
    assert nobody.post("/api/sync", nobody.sync_request(forged)).status_code == 200


def test_an_ended_session_delivers_as_nobody(world: World, alice: Person, bob: Person, kari: str, seal: Seal) -> None:
    """The thief of a phone that was taken off its owner's list still has the cookie."""
    own, others, forged = (alice.entry("visit_logged", SEEN, client=kari) for _ in range(3))
    with world.database.transaction() as session:
        devices.take_off(session, uuid.UUID(alice.device_id), uuid.UUID(alice.id), now())
    answer = alice.post("/api/sync", alice.sync_request())
    assert (answer.status_code, answer.get_json()["ended"]) == (401, True)
    elements = (seal(own, author_id=alice.id), seal.by(bob, others), seal(forged, key="gjettet", author_id=bob.id), own)
    answer = alice.sync(*elements)
    unproven = ("rejected", "author_unproven")
    assert list(map(code, answer["results"])) == [unproven, ("accepted", None), unproven, unproven]
    assert answer["changes"] == []
    assert count_kept(world) == 0
    assert taken(world, own["id"]) is None

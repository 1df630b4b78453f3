"""A private talk holds whom, when, where and how many; the server keeps nothing more of one, however it comes."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.models import Entry, SetAside
from tests._world import Person, World

TALK = {"place_label": "Kaia", "people": 1, "private": True}
SECRET = "fortrolig"


@pytest.fixture
def rolf(world: World) -> Person:
    return world.staff("peer", world.team())


def code(person: Person, entry: dict[str, Any]) -> str:
    verdict: dict[str, str] = person.sync(entry)["results"][0]
    return verdict.get("code") or verdict["verdict"]


def kept(world: World) -> list[dict[str, Any]]:
    with world.database.reading() as session:
        return [json.loads(raw) for raw in session.scalars(select(SetAside.raw).order_by(SetAside.received_at))]


def stored(world: World) -> str:
    """Everything the server has of anybody's words, accepted or not."""
    with world.database.reading() as session:
        entries = [str(row) for row in session.execute(select(Entry.body, Entry.extra))]
    return " ".join([*entries, *map(str, kept(world))])


@pytest.mark.parametrize(
    "more",
    [
        {"note": SECRET},
        {"equipment": {"foil": 2}},
        {"equipment": {}},
        {"offered": ["doctor"]},
        {"guided_to": "drop_in"},
        {"said": SECRET},
        {SECRET: 1},
        {"people": 90000001},
        {"private": SECRET},
    ],
)
def test_a_private_talk_with_more_is_refused_and_not_kept(world: World, rolf: Person, more: dict[str, Any]) -> None:
    entry = rolf.entry("street_contact_logged", TALK | more)
    assert code(rolf, entry) == "private_has_no_note"
    assert kept(world) == [{"id": entry["id"], "type": "street_contact_logged", "code": "private_has_no_note"}]


@pytest.mark.parametrize("more", [{"mood": SECRET}, {"occurred_at": SECRET}, {"case_id": "fortrolig sak"}])
def test_more_in_the_envelope_is_refused_too(world: World, rolf: Person, more: dict[str, Any]) -> None:
    assert code(rolf, rolf.entry("street_contact_logged", TALK) | more) == "private_has_no_note"
    assert SECRET not in stored(world)


def test_a_private_talk_is_accepted_with_what_it_may_hold(world: World, rolf: Person) -> None:
    kari = rolf.register("Kari")
    assert code(rolf, rolf.entry("street_contact_logged", TALK, client=kari)) == "accepted"
    assert code(rolf, rolf.entry("street_contact_logged", TALK | {"note": None})) == "accepted"


def test_an_id_used_again_keeps_no_words_either(world: World, rolf: Person) -> None:
    talk = rolf.log("street_contact_logged", TALK)
    again = talk | {"body": TALK | {"note": SECRET}}
    assert code(rolf, again) == "private_has_no_note"
    assert SECRET not in stored(world)


def correction(person: Person, target: dict[str, Any], what: str = "text", **more: Any) -> dict[str, Any]:
    return person.entry("entry_corrected", {"entry_id": target["id"], "what": what, "reason": "angret"} | more)


@pytest.mark.parametrize(
    "more",
    [
        {"body": TALK | {"note": SECRET}},
        {"body": {"note": SECRET}},
        {"body": {"equipment": {"foil": 1}}},
        {"body": {"said": SECRET}},
        {"body": {"private": False}},
        {"body": {"private": None, "note": SECRET}},
        {"note": SECRET},
        {"reason": f"han sa noe {SECRET}"},
        {"said": SECRET},
    ],
)
def test_a_correction_adds_nothing_to_a_private_talk(world: World, rolf: Person, more: dict[str, Any]) -> None:
    talk = rolf.log("street_contact_logged", TALK)
    assert code(rolf, correction(rolf, talk, **more)) == "private_has_no_note"
    assert SECRET not in stored(world)


def test_where_and_how_many_of_a_private_talk_can_be_corrected(world: World, rolf: Person) -> None:
    talk = rolf.log("street_contact_logged", TALK)
    assert code(rolf, correction(rolf, talk, body={"place_label": "Torget", "people": 2})) == "accepted"
    assert code(rolf, correction(rolf, talk, "retracted")) == "accepted"


def test_a_private_talk_never_becomes_an_open_one(world: World, rolf: Person) -> None:
    """The client was promised; whoever ticked it by mistake takes it back and logs it anew."""
    talk = rolf.log("street_contact_logged", TALK)
    assert code(rolf, correction(rolf, talk, body={"private": False})) == "private_has_no_note"


def test_an_open_contact_never_becomes_a_private_one(world: World, rolf: Person) -> None:
    """What was written stays: calling it private would promise what is not so."""
    contact = rolf.log("street_contact_logged", {"place_label": "Kaia", "people": 1, "note": "sliten"})
    assert code(rolf, correction(rolf, contact, body={"private": True})) == "private_has_no_note"
    assert code(rolf, correction(rolf, contact, body={"note": "veldig sliten"})) == "accepted"


def test_a_correction_that_came_before_its_talk_leaves_no_words(world: World, rolf: Person) -> None:
    talk = rolf.entry("street_contact_logged", TALK)
    fix = correction(rolf, talk, body={"note": SECRET})
    assert code(rolf, fix) == "unknown_reference"
    rolf.sync(talk)
    assert code(rolf, fix) == "private_has_no_note"
    assert SECRET not in stored(world)


def test_a_correction_under_a_used_id_leaves_no_words(world: World, rolf: Person) -> None:
    talk = rolf.log("street_contact_logged", TALK)
    done = rolf.log("entry_corrected", {"entry_id": talk["id"], "what": "retracted", "reason": "angret"})
    code(rolf, done | {"body": {"entry_id": talk["id"], "what": "text", "reason": SECRET}})
    assert SECRET not in stored(world)

"""A record is deleted: its words are gone everywhere, what was moved out of it stays, and the rest still holds."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from fieldapp import clock
from fieldapp.cli import _copies
from fieldapp.config import Settings
from fieldapp.domain.access import Viewer
from fieldapp.jobs.tasks import JOBS
from fieldapp.models import Client, Entry, EntryState, RecordKey
from fieldapp.models.ciphered import DELETED
from fieldapp.services.audit import destroyed
from fieldapp.services.operations import erasing
from fieldapp.services.operations.verify import differences
from tests._world import Person, TeamOfWorld, World


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("ACT Nord", "act")


@pytest.fixture
def ola(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Ola")


@pytest.fixture
def petra(world: World) -> Person:
    return world.staff("privacy", name="Petra")


def erase(petra: Person, client: str, name: str = "kari  KANARI", ground: str = "asked") -> int:
    form = {"ground": ground, "name": name}
    return petra.http.post(f"/kontor/innsyn/{client}/slett", data=form).status_code


def found(world: World) -> list[str]:
    with _copies.scratch(world.database) as session:
        return list(differences(session, clock.now(), 5))


def test_nothing_of_it_can_be_read_and_the_rest_holds(
    world: World, ola: Person, petra: Person, settings: Settings
) -> None:
    kari, other = ola.register("Kari Kanari", address="Kanarigata 4"), ola.register("Per Andersen")
    seen = ola.log("visit_logged", {"outcome": "seen", "place": "home", "note": "kanari"}, client=kari)["id"]
    ola.log("entry_corrected", {"entry_id": seen, "what": "text", "reason": "r", "body": {"note": "kanari 2"}})
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert erase(petra, kari) == 303
    with world.database.deciding() as session:
        card = session.get_one(Client, uuid.UUID(kari))
        entry, state = (session.get_one(table, uuid.UUID(seen)) for table in (Entry, EntryState))
        assert {card.name, card.address, entry.body["note"], state.body["note"]} == {DELETED}
        assert entry.body["outcome"] == "seen"
        assert session.get_one(Client, uuid.UUID(other)).name == "Per Andersen"
        assert session.scalars(select(RecordKey).where(RecordKey.owner_id == uuid.UUID(kari))).all() == []
    (gone,) = destroyed.read(settings.destroyed_keys)
    assert str(gone.owner_id) == kari
    assert found(world) == []


def test_the_client_leaves_phones_and_lists(ola: Person, petra: Person) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    ola.pull()
    assert ("client", kari) in ola.replica
    erase(petra, kari)
    ola.pull()
    assert ("client", kari) not in ola.replica
    assert ola.get(f"/kontor/bruker/{kari}").status_code == 404
    late = ola.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    assert ola.sync(late)["results"][0]["code"] == "unknown_reference"


def test_an_entry_offered_again_is_a_duplicate(ola: Person, petra: Person) -> None:
    kari = ola.register("Kari Kanari")
    entry = ola.log("visit_logged", {"outcome": "seen", "place": "home", "note": "kanari"}, client=kari)
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    erase(petra, kari)
    assert ola.sync(entry)["results"][0]["verdict"] == "duplicate"


def test_what_was_moved_goes_with_the_record_it_stands_in(
    world: World, ola: Person, petra: Person, settings: Settings
) -> None:
    kari, per = ola.register("Kari Kanari"), ola.register("Per Andersen")
    visit = {"outcome": "seen", "place": "home"}
    out = ola.log("visit_logged", visit | {"note": "om Per"}, client=kari)["id"]
    into = ola.log("visit_logged", visit | {"note": "om Kari"}, client=per)["id"]
    for entry_id, client in ((out, per), (into, kari)):
        moving = {"entry_id": entry_id, "what": "wrong_client", "reason": "feil", "to_client_id": client}
        ola.log("entry_corrected", moving)
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert erase(petra, kari) == 303
    with world.database.deciding() as session:
        notes = {one: session.get_one(Entry, uuid.UUID(one)).body["note"] for one in (out, into)}
        assert notes == {out: "om Per", into: DELETED}
        assert session.get_one(EntryState, uuid.UUID(out)).body["note"] == "om Per"
    assert found(world) == []


@pytest.mark.parametrize(
    ("name", "ground"), [("Kari Kanar", "asked"), ("", "asked"), ("Kari Kanari", ""), ("Kari Kanari", "bored")]
)
def test_a_wrong_name_or_no_ground_deletes_nothing(ola: Person, petra: Person, name: str, ground: str) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert erase(petra, kari, name, ground) == 422
    assert "Kari Kanari" in petra.get(f"/kontor/innsyn/{kari}/slett").get_data(as_text=True)


def test_somebody_who_is_followed_up_is_not_deleted(ola: Person, petra: Person) -> None:
    kari = ola.register("Kari Kanari")
    assert erase(petra, kari) == 422


def test_only_who_is_in_charge_of_innsyn_may(world: World, ola: Person, petra: Person) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("staff_blocked", {"staff_id": petra.id, "reason": "søster"}, client=kari)
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    assert erase(ola, kari) == erase(petra, kari) == 404
    assert petra.get(f"/kontor/innsyn/{kari}/slett").status_code == 404


def test_nothing_is_deleted_when_the_list_cannot_be_written(
    world: World, ola: Person, petra: Person, settings: Settings, app: Flask
) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    settings.destroyed_keys.mkdir()
    app.testing = False
    assert erase(petra, kari) == 500
    with world.database.deciding() as session:
        assert session.get_one(Client, uuid.UUID(kari)).name == "Kari Kanari"


def test_a_deletion_that_is_rolled_back_leaves_no_trace(
    world: World, ola: Person, petra: Person, settings: Settings
) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    viewer = Viewer(uuid.UUID(petra.id), "privacy", frozenset())
    with pytest.raises(ZeroDivisionError), world.database.transaction() as session:
        assert erasing.erase(session, viewer, uuid.UUID(kari), "asked", clock.now()).keys == 1
        raise ZeroDivisionError
    assert destroyed.read(settings.destroyed_keys) == [], "what is on the list is destroyed"
    with world.database.deciding() as session:
        assert session.get_one(Client, uuid.UUID(kari)).name == "Kari Kanari"


def test_a_key_that_was_not_listed_is_listed_within_the_hour(
    world: World, ola: Person, petra: Person, settings: Settings
) -> None:
    kari = ola.register("Kari Kanari")
    ola.log("follow_up_ended", {"reason": "moved"}, client=kari)
    viewer = Viewer(uuid.UUID(petra.id), "privacy", frozenset())
    with world.database.transaction() as session:
        erasing.erase(session, viewer, uuid.UUID(kari), "asked", clock.now())
    assert destroyed.read(settings.destroyed_keys) == [], "the process died before it was written"
    (job,) = (one for one in JOBS if one.name == "destroyed_keys")
    for _ in range(2):
        with world.database.transaction() as session:
            job.run(session, clock.now())
        assert [str(one.owner_id) for one in destroyed.read(settings.destroyed_keys)] == [kari]
    entry = ola.entry("visit_logged", {"outcome": "seen", "place": "home", "note": "kanari"}, client=kari)
    assert ola.sync(entry)["results"][0]["verdict"] == "rejected"
    with world.database.deciding() as session:
        assert session.scalars(select(RecordKey).where(RecordKey.owner_id == uuid.UUID(kari))).all() == []

"""Street contacts with somebody unknown lose their words and place when the municipality says so: nothing of those is
left anywhere, and nothing else is touched. verify is clean before and after, on both engines."""

import dataclasses
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.config import ConfigError, Settings
from fieldapp.domain.retention import EXPIRED, GONE, IN_SESSION, KEPT, Rules
from fieldapp.jobs import tasks
from fieldapp.models import Base, Entry, EntryState, SetAside
from fieldapp.models.seal import checksum
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.operations import retention
from tests._world import Person, TeamOfWorld, World
from tests.services.operations.test_verify import TEMPLATE, found, scratch

CANARY = "kanarifugl"
MET = {
    "place_label": f"{CANARY} bak kirka",
    "people": 2,
    "equipment": {"syringes": 10},
    "offered": ["doctor"],
    "note": f"{CANARY} rød lue",
    "new_field": f"{CANARY} ukjent felt",
}
LEFT = {"place_label": GONE, "people": 2, "equipment": {"syringes": 10}, "offered": ["doctor"]}
(JOB,) = (job for job in tasks.JOBS if job.name == "street_contacts")


@pytest.fixture(autouse=True)
def template(sqlite_template: Path) -> None:
    TEMPLATE[:] = [sqlite_template]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, street_contact_days=90)


@pytest.fixture
def team(world: World) -> TeamOfWorld:
    return world.team("Uteteam")


@pytest.fixture
def alice(world: World, team: TeamOfWorld) -> Person:
    return world.staff("leader", team, name="Alice")


@pytest.fixture
def bob(world: World, team: TeamOfWorld) -> Person:
    return world.staff("fieldworker", team, name="Bob")


def pass_days(world: World, days: float, *people: Person) -> None:
    world.clock.shift(days=days)
    for person in people:
        person.sign_in()


def run(world: World) -> int:
    return tasks.run_job(world.database, JOB, world.clock.now())


def entry_of(world: World, entry: dict[str, Any]) -> Entry:
    with world.database.reading() as session:
        return session.get_one(Entry, uuid.UUID(entry["id"]))


def everything(world: World) -> str:
    """All that the database holds, as text."""
    with world.database.reading() as session:
        return str([row for table in Base.metadata.sorted_tables for row in session.execute(select(table)).all()])


def problems(world: World) -> list[str]:
    with scratch(world) as session:
        return found(session)


def test_after_its_days_words_and_place_are_nowhere_and_codes_stay(world: World, bob: Person) -> None:
    met = bob.log("street_contact_logged", MET, new_envelope_field=f"{CANARY} utenpå")
    assert CANARY in everything(world)
    pass_days(world, 89, bob)
    assert run(world) == 0
    assert problems(world) == []
    pass_days(world, 1.1)
    assert run(world) == 1
    assert CANARY not in everything(world)
    entry = entry_of(world, met)
    assert (entry.body, entry.extra, entry.flags) == (LEFT, {}, [EXPIRED])
    assert (str(entry.author_id), entry.device_seq) == (bob.id, met["device_seq"])
    assert problems(world) == []
    assert run(world) == 0


def test_corrections_of_it_and_what_was_refused_go_with_it(world: World, bob: Person) -> None:
    refused = bob.entry("street_contact_logged", MET | {"people": 0})
    assert bob.sync(refused)["results"][0]["verdict"] == "rejected"
    met = bob.log("street_contact_logged", MET, mends=refused["id"])
    new_text = {"note": f"{CANARY} blå lue", "people": 3, "place_label": f"{CANARY} torget"}
    text_ = {"entry_id": met["id"], "what": "text", "reason": f"{CANARY} så feil", "body": new_text}
    bob.log("entry_corrected", text_, team_id=None)
    wrong = bob.entry("entry_corrected", text_ | {"what": f"{CANARY} ukjent"}, team_id=None)
    assert bob.sync(wrong)["results"][0]["verdict"] == "rejected"
    pass_days(world, 91)
    assert run(world) == 1
    assert CANARY not in everything(world)
    with world.database.reading() as session:
        state = session.get_one(EntryState, uuid.UUID(met["id"]))
        assert state.body == LEFT | {"people": 3}, "what is counted is as it was corrected"
        assert session.scalars(select(SetAside)).all() == []
    assert problems(world) == []


def test_a_correction_that_comes_later_loses_its_words_too(world: World, bob: Person) -> None:
    met = bob.log("street_contact_logged", MET)
    pass_days(world, 91, bob)
    run(world)
    body = {"entry_id": met["id"], "what": "text", "reason": f"{CANARY} x", "body": {"note": f"{CANARY} y"}}
    bob.log("entry_corrected", body, team_id=None)
    assert CANARY in everything(world)
    assert run(world) == 1
    assert CANARY not in everything(world)
    assert problems(world) == []


def test_retracted_ones_and_private_talks_go_too(world: World, bob: Person) -> None:
    met = bob.log("street_contact_logged", MET)
    undone = {"entry_id": met["id"], "what": "retracted", "reason": "angret"}
    bob.log("entry_corrected", undone, team_id=None)
    private = {"place_label": f"{CANARY} benken", "people": 1, "private": True}
    talk = bob.log("street_contact_logged", private)
    pass_days(world, 91)
    assert run(world) == 2
    assert CANARY not in everything(world)
    assert entry_of(world, talk).body == {"place_label": GONE, "people": 1, "private": True}
    with world.database.reading() as session:
        assert session.get_one(EntryState, uuid.UUID(met["id"])).struck_as == "retracted"
    assert problems(world) == []


def test_of_a_known_client_nothing_goes(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari")
    named = bob.log("street_contact_logged", MET, client=kari)
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": CANARY}, client=kari)
    pass_days(world, 400)
    assert run(world) == 0
    for entry in (named, visit):
        assert CANARY in str(entry_of(world, entry).body)


def test_unset_nothing_ever_goes(world: World, bob: Person) -> None:
    bob.log("street_contact_logged", MET)
    pass_days(world, 4000)
    with world.database.transaction() as session:
        session.info[IN_SESSION] = Rules()
        assert not retention.any_street_contact_due(session, world.clock.now())
        assert retention.forget_street_contacts(session, world.clock.now()) == 0
    assert CANARY in everything(world)


def test_it_leaves_the_phones_that_still_have_it(world: World, bob: Person, alice: Person) -> None:
    met = bob.log("street_contact_logged", MET)
    assert ("entry", met["id"]) in alice.pull()
    pass_days(world, 91, alice)
    run(world)
    alice.pull()
    assert ("entry", met["id"]) not in alice.replica
    assert CANARY not in str(alice.replica)
    alice.cursor = None
    alice.replica.clear()
    alice.pull()
    assert ("entry", met["id"]) not in alice.replica


def test_offered_again_it_is_a_duplicate_and_puts_nothing_back(world: World, bob: Person, alice: Person) -> None:
    met = bob.log("street_contact_logged", MET)
    pass_days(world, 91, bob, alice)
    run(world)
    for offered in (met, met | {"body": MET | {"note": f"{CANARY} igjen"}}):
        verdict = bob.sync(offered)["results"][0]
        assert (verdict["verdict"], verdict.get("original")) == ("duplicate", "accepted")
    assert alice.sync(met | {"device_seq": 99})["results"][0]["code"] == "id_reused"
    assert CANARY in everything(world), "kept as refused"
    assert run(world) == 1
    assert CANARY not in everything(world)


def test_a_rebuild_finds_the_same(world: World, bob: Person) -> None:
    bob.log("street_contact_logged", MET)
    pass_days(world, 91)
    run(world)
    with world.database.transaction() as session:
        before = session.execute(select(EntryState.__table__)).all()
        rebuild(session, world.clock.now())
        assert session.execute(select(EntryState.__table__)).all() == before
    assert problems(world) == []


def test_words_put_back_into_a_tombstone_are_found_whatever_its_seal(world: World, bob: Person) -> None:
    met = bob.log("street_contact_logged", MET)
    pass_days(world, 91)
    run(world)
    with world.database.transaction() as session:
        entry = session.get_one(Entry, uuid.UUID(met["id"]))
        entry.body = entry.body | {"note": "kom tilbake"}
        session.flush()
        assert entry.seal == checksum(entry.sealed_values())
    assert any(met["id"] in line and "sier fortsatt noe" in line for line in problems(world))


def test_many_go_part_after_part_the_oldest_first(world: World, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 2)
    met = []
    for number in range(3):
        met.append(bob.log("street_contact_logged", MET | {"people": number + 1}))
        world.clock.shift(minutes=1)
    pass_days(world, 91)
    assert [run(world), run(world), run(world)] == [2, 1, 0]
    assert all(entry_of(world, one).body["place_label"] == GONE for one in met)


@pytest.mark.engines("sqlite")
def test_no_byte_is_left_in_the_file_or_the_log_beside_it(world: World, bob: Person, settings: Settings) -> None:
    for _ in range(30):
        bob.log("street_contact_logged", MET)
    pass_days(world, 91)
    while run(world):
        pass
    connection = world.database.engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    connection.close()
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    for one in (file, file.with_name(file.name + "-wal")):
        assert CANARY.encode() not in (one.read_bytes() if one.exists() else b"")


def test_the_report_counts_what_would_go_and_says_why(world: World, bob: Person) -> None:
    bob.log("street_contact_logged", MET)
    pass_days(world, 91)
    with world.database.reading() as session:
        lines = {one.what: one for one in retention.due(session, world.clock.now())}
    street = lines["gatekontakter uten bruker"]
    assert (street.count, street.why) == (1, "kom inn for 90 dager siden eller mer")
    assert street.oldest is not None
    assert lines["økter"].count >= 1
    run(world)
    with world.database.reading() as session:
        assert next(retention.due(session, world.clock.now())).count == 0


@pytest.mark.engines("sqlite")
def test_every_table_is_in_the_table_of_stores_once_and_so_are_the_documents() -> None:
    named = [table for kept in KEPT for table in kept.tables]
    assert sorted(named) == sorted(Base.metadata.tables)
    document = Path(__file__).parents[3].joinpath("docs/personvern.md").read_text(encoding="utf-8")
    for kept in KEPT:
        assert f"| {kept.what} | {kept.how_long} | {kept.ended_by} |" in document


@pytest.mark.parametrize("value", ["0", "-1", "ni", "1.5", "36501", "²"])
@pytest.mark.engines("sqlite")
def test_a_wrong_number_of_days_stops_the_start(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="FIELDAPP_STREET_CONTACT_DAYS"):
        Settings.from_env({"FIELDAPP_DATA_DIR": str(tmp_path), "FIELDAPP_STREET_CONTACT_DAYS": value})


@pytest.mark.engines("sqlite")
def test_unset_and_empty_are_off(tmp_path: Path) -> None:
    of = {"FIELDAPP_DATA_DIR": str(tmp_path)}
    assert Settings.from_env(of).street_contact_days is None
    assert Settings.from_env(of | {"FIELDAPP_STREET_CONTACT_DAYS": " "}).street_contact_days is None
    assert Settings.from_env(of | {"FIELDAPP_STREET_CONTACT_DAYS": "90"}).street_contact_days == 90

"""`fieldapp demo`, `verify`, `rebuild`, `backup` and `restore`, on both engines."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import (
    Alert,
    AlertTransition,
    Base,
    Client,
    CursorEpoch,
    Entry,
    EntryState,
    HandCheck,
    Heartbeat,
    ReadLog,
    Watch,
)
from fieldapp.models.read_log import Reader, Shown, shown, unguard
from fieldapp.services.people import keys

Run = Callable[..., str]
SMALL = ("--clients", "24", "--staff", "12", "--days", "3")


def test_demo_prints_one_sign_in_of_each_role_and_is_sound(run: Run, database: Database) -> None:
    *lines, pin = run("demo", *SMALL).splitlines()
    assert pin == "pin 739152", "one to choose on a phone, on a line of its own"
    assert all(line.split()[0] == "login" and len(line.split()) == 4 for line in lines)
    assert {line.split()[3] for line in lines} == {"leader", "fieldworker", "peer", "landlord", "privacy", "admin"}
    assert run("verify").startswith("ok")


@pytest.mark.engines("sqlite")
def test_a_demo_says_towards_a_pipe_how_far_it_is(run: Run, database: Database) -> None:
    lines = run("demo", *SMALL, status=None).splitlines()
    shown = [line.removeprefix("Lager demokommunen: ") for line in lines if line.startswith("Lager")]
    assert shown[-1] == "100 %"
    assert len(shown) >= 5
    assert shown == sorted(set(shown), key=lambda text: int(text.removesuffix(" %")))


def test_a_demo_is_never_made_among_real_people(run: Run, database: Database) -> None:
    run("team", "add", "Nord", "--kind", "act")
    assert "ikke tom" in run("demo", *SMALL, status=2)


def test_verify_says_what_differs_from_the_entries(run: Run, database: Database, demo: None) -> None:
    client_id = some(database, Client.id)
    change(database, update(Client).where(Client.id == client_id).values(contact_interval_days=99))
    change(database, delete(EntryState).where(EntryState.entry_id == some(database, HAS_NO_FOLLOWERS)))
    found = run("verify", status=1)
    assert f"client {client_id}: contact_interval_days er 99" in found
    assert "entry_state" in found
    assert "mangler" in found


def test_verify_finds_rows_that_point_at_nothing(run: Run, database: Database, demo: None) -> None:
    lost = {"entry_id": uuid.uuid4(), "client_id": some(database, Client.id), "at": clock.now()}
    change(database, insert(HandCheck).values(next_check_at=clock.now(), **lost))
    assert f"hand_check.entry_id peker på {lost['entry_id']}" in run("verify", status=1)


def test_verify_finds_a_client_who_ran_out_in_silence(run: Run, database: Database, demo: None) -> None:
    in_a_day = clock.now() + dt.timedelta(days=1)
    alerted = set_of(database, select(Alert.subject_id).where(Alert.kind == "not_seen", Alert.state != "resolved"))
    two_ticks_before = in_a_day - dt.timedelta(seconds=10)
    running_out = set_of(database, select(Watch.client_id).where(Watch.due_at <= two_ticks_before)) - alerted
    change(database, insert(Heartbeat).values(id=1, ticked_at=in_a_day, worker="test"))
    found = [line for line in run("verify", status=1).splitlines() if "ingen er varslet" in line]
    assert {uuid.UUID(line.split()[1].rstrip(":")) for line in found} == running_out != set()


def test_rebuild_puts_right_what_was_wrong_and_makes_phones_start_anew(
    run: Run, database: Database, demo: None
) -> None:
    epoch = some(database, CursorEpoch.epoch)
    change(database, update(Client).values(birth_year=1901))
    change(database, delete(Watch))
    run("rebuild")
    assert run("verify").startswith("ok")
    assert some(database, CursorEpoch.epoch) != epoch


def test_a_backup_is_the_whole_database_and_leaves_everything_as_it_was(
    run: Run, database: Database, demo: None, tmp_path: Path
) -> None:
    before = everything(database)
    run("backup", str(tmp_path / "copy.db"))
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
    assert everything(database) == before
    run("restore", str(tmp_path / "copy.db"))
    after = everything(database)
    assert after.pop("cursor_epoch") != before.pop("cursor_epoch")
    assert (before.pop("read_log"), len(after.pop("read_log"))) == ([], 1)
    assert after.pop("read_log_head") != before.pop("read_log_head")
    assert after == before


def test_a_backup_from_one_engine_goes_into_the_other(
    run: Run, database: Database, demo: None, settings: Settings, tmp_path: Path, other_engine: str
) -> None:
    with database.transaction() as session:
        made = keys.ensure(session, settings.secret_key, clock.now())
    run("backup", str(tmp_path / "copy.db"))
    run("restore", str(tmp_path / "copy.db"), database_url=other_engine)
    assert run("verify", database_url=other_engine).startswith("ok")
    other = Database(type("", (), {"database_url": other_engine})())
    with other.transaction() as session:
        assert keys.read(session, settings.secret_key) == made
        # Numbers given by the database go on after those that came in.
        row = session.scalars(select(AlertTransition).limit(1)).one()
        again = {name: getattr(row, name) for name in ("alert_id", "at", "event", "to_state", "step", "round")}
        session.add(AlertTransition(**again))
    other.dispose()


def test_what_a_restore_replaces_is_kept_beside_and_can_be_put_back(
    run: Run, database: Database, settings: Settings, demo: None, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "copy.db"))
    change(database, update(Client).values(birth_year=1902))
    replaced = everything(database)
    run("restore", str(tmp_path / "copy.db"))
    assert everything(database)["client"] != replaced["client"]
    (kept,) = settings.data_dir.glob("before-restore-*.db")
    assert kept.stat().st_mode & 0o077 == 0
    run("restore", str(kept))
    assert everything(database)["client"] == replaced["client"]


@pytest.mark.engines("sqlite")
def test_what_is_no_backup_is_refused_with_a_sentence(run: Run, database: Database, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Kjære alle sammen")
    assert "ikke en sikkerhetskopi" in run("restore", str(tmp_path / "letter.txt"), status=2)


@pytest.fixture
def demo(run: Run, database: Database) -> None:
    """A small demo in the database."""
    run("demo", *SMALL)


@pytest.fixture
def other_engine(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database on the other engine."""
    if engine == "postgresql":
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server = request.getfixturevalue("postgresql")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


HAS_NO_FOLLOWERS = (
    select(EntryState.entry_id)
    .join(Entry, Entry.id == EntryState.entry_id)
    .where(Entry.type == "duty_set")
    .limit(1)
    .scalar_subquery()
)


def change(database: Database, statement: Any) -> None:
    with database.transaction() as session:
        session.execute(statement)


def some(database: Database, column: Any) -> Any:
    with database.reading() as session:
        return session.scalars(select(column).limit(1)).one()


def set_of(database: Database, query: Any) -> set[Any]:
    with database.reading() as session:
        return set(session.scalars(query))


def everything(database: Database) -> dict[str, list[str]]:
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry))
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def log_reads(settings: Settings, count: int, url: str | None = None) -> None:
    """As many reads of as many clients."""
    database = Database(replace(settings, database_url=url or settings.database_url))
    viewer = Viewer(uuid.uuid4(), "leader", frozenset({uuid.uuid4()}))
    for _ in range(count):
        to = Shown(Reader(viewer, "office", clock.now()))
        database.showing(lambda session: shown(session, "client", uuid.uuid4(), opened=True), to)
    database.dispose()


def rows_of_the_log(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(ReadLog.kind).order_by(ReadLog.seq)))


def test_what_was_read_since_the_backup_stays_known(
    run: Run, database: Database, settings: Settings, demo: None, tmp_path: Path
) -> None:
    log_reads(settings, 3)
    run("backup", str(tmp_path / "copy.db"))
    log_reads(settings, 2)
    run("restore", str(tmp_path / "copy.db"))
    assert rows_of_the_log(database) == ["opened"] * 5 + ["restored"]
    assert run("verify").startswith("ok")


def test_a_log_that_is_lost_with_its_database_is_a_gap_with_a_name(
    run: Run, database: Database, settings: Settings, demo: None, tmp_path: Path, other_engine: str
) -> None:
    log_reads(settings, 3)
    run("backup", str(tmp_path / "copy.db"))
    log_reads(settings, 4)
    run("tick")
    run("restore", str(tmp_path / "copy.db"), database_url=other_engine)
    said = run("verify", database_url=other_engine)
    assert "4 rader gikk tapt da en sikkerhetskopi ble lagt tilbake" in said
    log_reads(settings, 2, other_engine)
    other = Database(replace(settings, database_url=other_engine))
    assert rows_of_the_log(other) == ["opened"] * 3 + ["restored"] + ["opened"] * 2
    with other.engine.connect() as connection, pytest.raises(Exception, match="never changed"):
        connection.execute(delete(ReadLog))
    other.dispose()


def test_verify_finds_what_was_done_to_the_log_of_a_running_server(
    run: Run, database: Database, settings: Settings, demo: None
) -> None:
    log_reads(settings, 3)
    run("tick")
    assert run("verify").startswith("ok")
    with database.engine.begin() as connection:
        unguard(connection)
        connection.execute(update(ReadLog).where(ReadLog.seq == 2).values(role="admin"))
        connection.execute(delete(ReadLog).where(ReadLog.seq == 3))
    found = run("verify", status=1)
    assert "leselogg: rad 2 er endret" in found
    assert "leselogg: hadde 3 rader" in found

"""The two ways into the database: what commits, what does not, and what two at once do to each other."""

import os
import socket
import threading
import time
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fieldapp.db import Database, database_url
from fieldapp.models import Change, Team
from fieldapp.models.change import mark_changed


def test_what_a_transaction_does_is_kept(database: Database) -> None:
    with database.transaction() as session:
        session.add(team("ACT Sentrum"))
    assert names(database) == ["ACT Sentrum"]


def test_nothing_is_kept_when_the_block_raises(database: Database) -> None:
    with pytest.raises(LookupError), database.transaction() as session:
        session.add(team("ACT Sentrum"))
        session.flush()
        raise LookupError
    assert names(database) == []


def test_a_released_savepoint_does_not_outlive_the_rollback_around_it(database: Database) -> None:
    with pytest.raises(LookupError), database.transaction() as session:
        with session.begin_nested():
            session.add(team("released"))
        raise LookupError
    assert names(database) == []


def test_a_savepoint_rolled_back_takes_only_its_own_work(database: Database) -> None:
    with database.transaction() as session:
        session.add(team("before"))
        with pytest.raises(LookupError), session.begin_nested():
            session.add(team("inside"))
            session.flush()
            raise LookupError
        session.add(team("after"))
    assert sorted(names(database)) == ["after", "before"]


def test_two_that_read_first_and_write_later_both_get_through(database: Database) -> None:
    """A deferred BEGIN would answer "database is locked" at once to one of them."""
    ready = threading.Barrier(2)

    def read_then_write(name: str) -> None:
        own = Database(Url(database))
        ready.wait()
        for n in range(20):
            with own.transaction() as session:
                session.scalar(select(func.count()).select_from(Team))
                session.add(team(f"{name} {n}"))
        own.dispose()

    both = [threading.Thread(target=read_then_write, args=(name,)) for name in ("a", "b")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(names(database)) == 40


def test_reading_keeps_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(team("never flushed"))
    assert names(database) == []


@pytest.mark.engines("postgresql")
def test_reading_refuses_to_write(database: Database) -> None:
    with database.reading() as session, pytest.raises(Exception, match="read-only transaction"):
        insert_raw(session)


@pytest.mark.engines("sqlite")
def test_a_reader_is_not_held_up_by_a_writer_on_sqlite(database: Database) -> None:
    with database.transaction() as writer:
        writer.add(team("not yet"))
        writer.flush()
        assert names(database) == []


@pytest.mark.engines("sqlite")
def test_a_transaction_holds_the_write_lock_of_sqlite_from_its_first_read(database: Database) -> None:
    impatient = Database(Url(database))
    with database.transaction() as session, impatient.engine.connect() as other:
        session.scalar(select(func.count()).select_from(Team))
        other.connection.driver_connection.execute("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            other.execute(text("SELECT 1"))
    impatient.dispose()


@pytest.mark.engines("sqlite")
def test_sqlite_forces_every_commit_to_disk_and_checks_foreign_keys(database: Database) -> None:
    with database.reading() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.engines("sqlite")
def test_a_transaction_inside_a_transaction_is_a_mistake_and_says_so(database: Database) -> None:
    with database.transaction(), pytest.raises(RuntimeError, match="inside transaction"), database.transaction():
        pass


def test_changes_are_numbered_when_the_transaction_ends(database: Database) -> None:
    with database.transaction() as session:
        subject = uuid.uuid4()
        mark_changed(session, "team", subject)
        assert session.scalars(select(Change.seq)).all() == []
    with database.reading() as session:
        assert session.scalars(select(Change.subject_id)).all() == [subject]


@pytest.mark.parametrize("text", ["postgresql://a@b/c", "postgres://a@b/c", "postgresql+psycopg://a@b/c"])
def test_postgresql_addresses_mean_psycopg_3(text: str) -> None:
    assert database_url(text).drivername == "postgresql+psycopg"


@pytest.mark.engines("postgresql")
def test_a_server_that_vanishes_is_given_up_within_half_a_minute_on_both_sides(database: Database) -> None:
    """Nothing on one machine can vanish without a word, so: what the system was asked to do about it."""
    with database.engine.connect() as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
        with socket.socket(fileno=os.dup(connection.connection.driver_connection.fileno())) as wire:
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            names = ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
            limits = [wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
    assert limits == [15_000, 10, 5, 3]


@pytest.mark.engines("postgresql")
def test_what_the_address_of_the_database_says_itself_goes_before(database: Database) -> None:
    own = "connect_timeout=7&options=-c%20idle_in_transaction_session_timeout%3D90000%20-c%20timezone%3DEurope/Oslo"
    other = Database(SimpleNamespace(database_url=f"{Url(database).database_url}?{own}"))
    with other.engine.connect() as connection:
        assert connection.connection.driver_connection.info.get_parameters()["connect_timeout"] == "7"
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "90s"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
    other.dispose()


def test_a_server_that_takes_the_call_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"postgresql://sett@127.0.0.1:{mute.getsockname()[1]}/sett"
        began = time.monotonic()
        silent = Database(SimpleNamespace(database_url=address))
        with pytest.raises(OperationalError), silent.reading() as session:
            session.scalar(select(func.count()).select_from(Team))
        assert time.monotonic() - began < 8


class Url:
    """Another process's view of the same database."""

    def __init__(self, database: Database) -> None:
        self.database_url = database.engine.url.render_as_string(hide_password=False)


def team(name: str) -> Team:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return Team(id=uuid.uuid4(), name=name, kind="act", escalation=[0, 15, 30, 45], created_at=now)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Team.name).order_by(Team.name)))


def insert_raw(session: Session) -> None:
    session.add(team("refused"))
    session.flush()

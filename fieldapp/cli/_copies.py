"""What backup, restore and verify share: a portable copy of the database in a file of its own."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.migrations import migrate
from fieldapp.services.operations import backup


def copy_to(database: Database, file: Path, secret_key: str) -> None:
    """Write one moment of the database to `file`, readable by its owner only."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    if database.is_sqlite:
        backup.copy_sqlite(database.engine, file)
        return
    with opened(file, secret_key) as copy:
        migrate(copy)
        with one_moment(database) as source, copy.transaction() as target:
            backup.copy_rows(source, target)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").close()
    connection.close()


@contextmanager
def temporary_copy(database: Database, secret_key: str) -> Iterator[Database]:
    """A copy to work in, gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "copy.db"
        copy_to(database, file, secret_key)
        with opened(file, secret_key) as copy:
            yield copy


@contextmanager
def scratch(database: Database) -> Iterator[Session]:
    """A session that may do what it likes: nothing of it is kept."""
    with Session(database.engine) as session:
        yield session
        session.rollback()


@contextmanager
def opened(file: Path, secret_key: str) -> Iterator[Database]:
    """The database in a file."""
    database = Database(SimpleNamespace(database_url=f"sqlite:///{file}", secret_key=secret_key))
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def one_moment(database: Database) -> Iterator[Session]:
    """Reads that all see the same moment; PostgreSQL's ordinary ones each see their own."""
    isolation = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(database.engine.execution_options(begin="BEGIN", **isolation)) as session:
        yield session

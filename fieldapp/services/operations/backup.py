"""The whole database as one file, and back: a SQLite file with our own tables, whatever engine it came from.

A copy shows one moment of a running database and keeps nobody waiting. What is in the database is in the copy: the keys
too, sealed under FIELDAPP_SECRET_KEY, which itself is not.
"""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, Table, delete, func, insert, select
from sqlalchemy.orm import Session

from fieldapp.models import Base, Staff, Team
from fieldapp.models.ciphered import as_stored

_ROWS = 1000


def copy_sqlite(engine: Engine, file: Path) -> None:
    """Copy a SQLite database, page by page, while it is in use."""
    with engine.connect() as connection, closing(sqlite3.connect(file)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").close()  # one file, without a log beside it


def copy_rows(source: Session, target: Session, *, without: Collection[str] = ()) -> None:
    """Replace everything in `target`, but for some tables, with what is in `source`; both have the newest schema."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in without]
    for table in reversed(tables):
        target.execute(delete(table))
    for table in tables:
        stored, as_it_lies = as_stored(table)
        rows = source.execute(as_it_lies, execution_options={"yield_per": _ROWS}).mappings()
        for part in rows.partitions(_ROWS):
            target.execute(insert(stored), [dict(row) for row in part])
        if target.get_bind().dialect.name == "postgresql":
            _count_on(target, table)


def is_empty(session: Session) -> bool:
    """Whether nobody works here yet."""
    return session.scalar(select(Staff.id).limit(1)) is None and session.scalar(select(Team.id).limit(1)) is None


def _count_on(session: Session, table: Table) -> None:
    """PostgreSQL counts by itself: it must go on after the highest number that came in."""
    column = table.autoincrement_column
    if column is not None and column.autoincrement is not False:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        session.execute(select(func.setval(sequence, func.coalesce(func.max(column), 0) + 1, False)))

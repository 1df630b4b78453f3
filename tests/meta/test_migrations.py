"""The schema's history: its end is the models, and every step goes up and down with rows in place."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, LargeBinary, Numeric, Table, Uuid, func, inspect, select
from sqlalchemy.types import Float, Integer

from fieldapp.db import Database
from fieldapp.migrations import HEAD_FILE, configuration, migrate, newest, step_back
from fieldapp.models import Base
from fieldapp.models.ciphered import as_stored
from tests._postgres import PostgreSQL

STEPS = [step.revision for step in reversed(list(ScriptDirectory.from_config(configuration()).walk_revisions()))]


def test_the_newest_step_equals_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_steps_are_numbered_without_gaps_and_the_head_file_names_the_last() -> None:
    assert STEPS == [f"{n:04}" for n in range(1, len(STEPS) + 1)]
    assert HEAD_FILE.read_text().strip() == newest() == STEPS[-1]


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    first = tables(empty)
    migrate(empty)
    assert tables(empty) == first


@pytest.mark.parametrize("step", STEPS)
def test_a_step_goes_down_and_up_again_with_rows_in_place(empty: Database, step: str) -> None:
    before = STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "base"
    migrate(empty, step)
    fill_every_table(empty)
    step_back(empty, before)
    migrate(empty, step)
    migrate(empty)
    assert tables(empty) >= {table.name for table in Base.metadata.tables.values()}


def test_going_all_the_way_down_leaves_no_table(empty: Database) -> None:
    migrate(empty)
    fill_every_table(empty)
    step_back(empty, "base")
    assert tables(empty) <= {"alembic_version"}


def test_absences_that_end_far_ahead_are_asked_about_within_a_month_of_when_they_were_last(empty: Database) -> None:
    migrate(empty, "0004")
    fill_every_table(empty)
    absence, began, asked = Base.metadata.tables["absence"], datetime(2026, 1, 1, tzinfo=UTC), uuid.UUID(int=1)
    far = {"started_at": began, "expected_end_at": datetime(2126, 12, 1, tzinfo=UTC), "ended_at": None}
    entry = Base.metadata.tables["entry"]
    with empty.engine.begin() as connection:
        connection.execute(absence.update().values(far | {"ask_at": far["expected_end_at"]}))
        plain, _ = as_stored(absence)
        standing = [one["name"] for one in inspect(connection).get_columns("absence")]
        first = connection.execute(select(*(plain.c[name] for name in standing))).mappings().one()
        connection.execute(plain.insert().values({**first, "id": uuid.UUID(int=2)}))
        connection.execute(entry.update().values(type="absence_confirmed", subject_id=asked))
        connection.execute(Base.metadata.tables["entry_state"].update().values(struck_by=None))
    migrate(empty)
    with empty.engine.begin() as connection:
        found = dict(connection.execute(select(absence.c.id, absence.c.ask_at)).all())
    confirmed_at = value_for(entry.c.clock_at)
    assert found == {asked: confirmed_at + timedelta(days=30), uuid.UUID(int=2): began + timedelta(days=30)}


def test_visits_that_end_far_ahead_are_asked_about_within_a_day(empty: Database) -> None:
    migrate(empty, "0004")
    fill_every_table(empty)
    visit, began = Base.metadata.tables["staff_visit"], datetime(2026, 1, 1, tzinfo=UTC)
    ends = {uuid.UUID(int=1): datetime(2199, 1, 1, tzinfo=UTC), uuid.UUID(int=2): began + timedelta(hours=1)}
    with empty.engine.begin() as connection:
        first = connection.execute(select(visit)).mappings().one()
        connection.execute(visit.delete())
        for id_, end in ends.items():
            connection.execute(visit.insert().values({**first, "id": id_, "started_at": began, "expected_end_at": end}))
    migrate(empty)
    with empty.engine.begin() as connection:
        found = dict(connection.execute(select(visit.c.id, visit.c.expected_end_at)).all())
    assert found == ends | {uuid.UUID(int=1): began + timedelta(hours=24)}


@pytest.mark.engines("sqlite")
def test_a_migration_that_fails_halfway_leaves_the_schema_as_it_was(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty)
    before = tables(empty)
    monkeypatch.setattr("alembic.op.drop_table", fail)
    with pytest.raises(OSError, match="power"):
        step_back(empty, "base")
    assert tables(empty) == before


def fail(*_: object, **__: object) -> None:
    raise OSError("power gone")


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with no schema at all."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if engine == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.new_database())
    database = Database(SimpleNamespace(database_url=url))
    if engine == "postgresql":
        step_back(database, "base")
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def fill_every_table(database: Database) -> None:
    """Put one row in every table that stands in this schema, pointing at one another where they must."""
    standing = {
        name: {column["name"] for column in inspect(database.engine).get_columns(name)} for name in tables(database)
    }
    wanted = [table for table in Base.metadata.sorted_tables if table.name in standing]
    with database.engine.begin() as connection:
        for table in wanted:
            connection.execute(as_stored(table)[0].insert().values(row_for(table, standing[table.name])))
        for table in wanted:
            assert connection.scalar(select(func.count()).select_from(table)) >= 1, table.name


def row_for(table: Table, standing: set[str]) -> dict[str, Any]:
    """A value for every column that this step has; later ones are the models' alone."""
    wanted = [column for column in table.columns if column.name in standing]
    return {column.name: value_for(column) for column in wanted if column is not table.autoincrement_column}


def value_for(column: Column[Any]) -> Any:
    """The same value for the same kind of column everywhere, so that foreign keys find what they point at."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    kinds: list[tuple[type, Any]] = [
        (Uuid, uuid.UUID(int=1)),
        (Boolean, True),
        (Integer, 1),
        (Float, 1.0),
        (Numeric, 1),
        (JSON, []),
        (Date, date(2026, 11, 23)),
        (LargeBinary, b"x"),
        (DateTime, now),
    ]
    kind = getattr(column.type, "impl", column.type)
    return next((value for wanted, value in kinds if isinstance(kind, wanted)), "x")

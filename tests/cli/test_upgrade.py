"""`fieldapp migrate`: a copy first, and no step on a schema that is newer than we know."""

import gzip
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.migrations import newest, present, step_back

Run = Callable[..., str]

GOLDEN = Path(__file__).parent / "golden"
SECRET = "a secret for the tests only, thirty-two long"


def test_a_copy_is_taken_before_the_schema_changes(run: Run, database: Database, settings: Settings) -> None:
    step_back(database, "-1")
    before = present(database)
    said = run("migrate")
    assert present(database) == newest() != before
    (copy,) = settings.data_dir.glob(f"before-{newest()}-from-{before}.*")
    assert f"Kopi fra før oppdateringen: {copy}" in said
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    if database.is_sqlite:
        with closing(sqlite3.connect(copy)) as old:
            assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [(before,)]
    else:
        assert copy.read_bytes().startswith(b"PGDMP")


def test_no_copy_where_nothing_changes_or_nobody_wants_one(run: Run, database: Database, settings: Settings) -> None:
    assert "Kopi" not in run("migrate")
    step_back(database, "-1")
    assert "Kopi" not in run("migrate", "--no-backup")
    assert not list(settings.data_dir.glob("before-*"))


@pytest.mark.parametrize("command", [("migrate",), ("run", "--port", "0")])
def test_a_newer_schema_is_refused_with_a_sentence(run: Run, database: Database, command: tuple[str, ...]) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = run(*command, status=2)
    assert said.startswith(
        f"fieldapp: Databasen har skjema 9999, og er nyere enn denne utgaven av Sett, som går til {newest()}."
    )
    assert "Traceback" not in said
    assert present(database) == "9999"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.sql.gz")), ids=lambda file: file.name.removesuffix(".sql.gz"))
def test_a_golden_database_is_migrated_with_its_data_and_sound(
    run: Run, tmp_path: Path, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "golden.db"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(gzip.decompress(golden.read_bytes()).decode())
    url = f"sqlite:///{file}"
    run("migrate", database_url=url)
    assert "Team Nord" in run("team", "list", database_url=url)
    run("verify", database_url=url)
    run("export", str(tmp_path / "ut"), database_url=url)
    clients = (tmp_path / "ut/tables/client.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(clients) == 5
    assert "Åse Berg" in clients[0] + clients[1] + clients[2] + clients[3] + clients[4]  # opened with the secret


def test_there_is_a_golden_database() -> None:
    assert list(GOLDEN.glob("*.sql.gz"))

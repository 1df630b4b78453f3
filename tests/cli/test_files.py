"""The files of an installation: nobody but their owner reads them, and the doctor says so where somebody can."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.config import Settings

Run = Callable[..., str]
pytestmark = pytest.mark.engines("sqlite")


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def fieldapp(folder: Path, *words: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("FIELDAPP_")}
    done = subprocess.run(
        [sys.executable, "-m", "fieldapp.cli", *words],
        env=env | {"FIELDAPP_DATA_DIR": str(folder)}, capture_output=True, text=True, umask=0o022, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_in_a_folder_made_before_no_file_can_be_read_by_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    fieldapp(folder, "migrate")
    fieldapp(folder, "team", "add", "Nord", "--kind", "act")
    fieldapp(folder, "backup", str(folder / "copy.db"))
    fieldapp(folder, "restore", str(folder / "copy.db"))
    # A process that holds the database open leaves its log beside it.
    holder = sqlite3.connect(folder / "fieldapp.db")
    holder.execute("PRAGMA journal_mode=WAL").close()
    holder.execute("SELECT count(*) FROM team").close()
    fieldapp(folder, "team", "add", "Sør", "--kind", "act")
    files = {file.name: mode(file) for file in folder.iterdir() if file.is_file()}
    holder.close()
    assert {"fieldapp.db", "fieldapp.db-wal", "fieldapp.db-shm", "secret_key", "copy.db"} <= set(files)
    assert {name: f"{mode:04o}" for name, mode in files.items() if mode & 0o077} == {}


def test_a_file_that_was_open_to_others_is_closed_at_the_next_start(tmp_path: Path) -> None:
    fieldapp(tmp_path, "migrate")
    for name in ("fieldapp.db", "secret_key"):
        (tmp_path / name).chmod(0o644)
    fieldapp(tmp_path, "team", "list")
    assert (mode(tmp_path / "fieldapp.db"), mode(tmp_path / "secret_key")) == (0o600, 0o600)


def test_the_doctor_names_a_file_that_others_can_read(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.cli._checks._answers", lambda address: False)
    monkeypatch.setattr("fieldapp.cli._checks_reach._date_of", lambda host: None)
    run("keys")
    assert "ok   filer" in run("doctor")
    (settings.data_dir / "sett.db").chmod(0o644)
    old = settings.data_dir / "before-restore-1.db"
    old.write_bytes(b"")
    old.chmod(0o640)
    said = run("doctor", status=1)
    assert f"fail filer: {settings.data_dir / 'sett.db'} kan leses av andre på maskinen (0644)" in said
    assert f"chmod 600 {old}" in said

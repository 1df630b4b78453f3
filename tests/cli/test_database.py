"""A database that does not answer, as the command line says it."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from fieldapp.config import Settings
from fieldapp.db import Database
from tests._server import ROOT

pytestmark = pytest.mark.engines("sqlite")
PASSWORD = "kanin4713"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://bob:{PASSWORD}@127.0.0.1:1/none",
        f"postgresql://bob:en@{PASSWORD}@127.0.0.1:1/none",
        f"postgresql://bob:en@{PASSWORD}:1/none",
        f"postgresql://bob:{PASSWORD}@no-such-host.invalid/none",
        f"postgresql://bo/b:{PASSWORD}@127.0.0.1/none",
    ],
)
def test_no_part_of_a_password_is_ever_printed(run: Callable[..., str], url: str) -> None:
    for words, status in ((["migrate"], 2), (["doctor"], None), (["worker"], 2), (["verify"], 2)):
        told = run(*words, status=status, database_url=url)
        assert PASSWORD not in told
        assert "Traceback" not in told


def test_a_full_disk_is_one_sentence(database: Database, settings: Settings, tmp_path: Path) -> None:
    env = os.environ | {"FIELDAPP_DATABASE_URL": settings.database_url, "FIELDAPP_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "fieldapp.cli", "backup", str(tmp_path / "copy.db")]
    most = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100_000, 100_000))
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, preexec_fn=most, timeout=60)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert "Disken er full" in ended.stderr
    assert list(tmp_path.glob("*copy.db*")) == []


def test_a_database_that_is_away_is_one_sentence_naming_the_setting(run: Callable[..., str]) -> None:
    for words in (["migrate"], ["run", "--port", "0"], ["worker"], ["tick"], ["team", "list"]):
        told = run(*words, status=2, database_url="postgresql://nobody@127.0.0.1:1/none")
        assert "FIELDAPP_DATABASE_URL" in told, words
        assert len(told.splitlines()) == 1, words

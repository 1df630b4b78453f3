"""`fieldapp export`: nobody is locked in."""

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.db import Database
from fieldapp.models import Base
from fieldapp.services.operations import exporting
from tests._world import World

Run = Callable[..., str]


def test_what_was_written_is_there_in_clear(run: Run, world: World, tmp_path: Path) -> None:
    team = world.team("Nord")
    leader = world.staff("leader", team)
    who = leader.register("Kari Nordmann", team, birth_year=1970)
    leader.log("visit_logged", {"outcome": "seen", "place": "home", "note": "=HYPERLINK(1)"}, client=who)
    out = tmp_path / "ut"
    said = run("export", str(out))
    assert "client 1, entry 2, " in said
    clients = [json.loads(line) for line in (out / "tables/client.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["name"], one["birth_year"]) for one in clients] == [("Kari Nordmann", 1970)]
    bodies = [
        json.loads(line)["body"] for line in (out / "tables/entry.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert "=HYPERLINK(1)" in [body.get("note") for body in bodies]
    with (out / "tables/client.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["Kari Nordmann"]
    described = {table["table"]: table for table in json.loads((out / "tables.json").read_text(encoding="utf-8"))}
    assert described["client"]["rows"] == 1
    assert {"name": "team_id", "type": "Uuid", "may_be_empty": False, "refers_to": "team.id"} in described["watch"][
        "columns"
    ]
    assert "visit_logged" in (out / "entries.schema.json").read_text(encoding="utf-8")


def test_no_secret_is_in_it_and_nobody_else_can_read_it(run: Run, world: World, tmp_path: Path) -> None:
    world.staff("leader", world.team())
    out = tmp_path / "ut"
    run("export", str(out))
    everything = "".join(file.read_text(encoding="utf-8") for file in out.rglob("*") if file.is_file())
    assert "argon2" not in everything
    assert "password_hash" not in everything
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (out, *out.rglob("*"))}
    assert modes == {0o600, 0o700}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in out.rglob("*") if file.is_file())


def test_every_table_is_in_it_or_named_as_machinery(run: Run, database: Database, tmp_path: Path) -> None:
    run("export", str(tmp_path / "ut"))
    there = {file.stem for file in (tmp_path / "ut/tables").glob("*.jsonl")}
    assert there | exporting.MACHINERY == {table.name for table in Base.metadata.sorted_tables}
    assert not there & exporting.MACHINERY


@pytest.mark.engines("sqlite")
def test_a_cell_is_not_a_formula(tmp_path: Path) -> None:
    assert [exporting._in_sheet(text) for text in ("=1+1", "@x", "-2", "vanlig", 3, None)] == [
        "'=1+1", "'@x", "'-2", "vanlig", 3, None,
    ]  # fmt: skip


@pytest.mark.engines("sqlite")
def test_a_folder_that_holds_something_is_left_alone(run: Run, database: Database, tmp_path: Path) -> None:
    (tmp_path / "noe").write_text("mitt")
    assert "Velg en ny mappe" in run("export", str(tmp_path), status=2)
    assert "Kan ikke skrive" in run("export", str(tmp_path / "borte/ut"), status=2)
    assert not list(tmp_path.glob(".*.*"))

"""The static tree's version, what a phone keeps of it, and how much of it travels."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from fieldapp import assets

MOST_OF_I_DAG = 75_000
MOST_OF_ALL = 220_000
MOST_REQUESTS = 12
"""What I dag may need, and everything together, in bytes as they travel."""


def test_the_version_changes_with_any_byte_and_with_any_name(tree: Path) -> None:
    first = assets.read(tree).version
    (tree / "build" / "chunk.js").write_text("export const db = 2;\n")
    second = assets.read(tree).version
    (tree / "icons" / "sett.svg").rename(tree / "icons" / "new.svg")
    assert len({first, second, assets.read(tree).version}) == 3


def test_the_version_is_the_same_for_the_same_files(tree: Path) -> None:
    assert assets.read(tree) == assets.read(tree)


def test_the_phone_keeps_what_it_imports_however_deep_and_its_icons_but_nothing_else(tree: Path) -> None:
    read = assets.read(tree)
    kept = read.precache("build/field.js", "build/field.css")
    wanted = ["build/chunk.js", "build/field.css", "build/field.js", "build/log.js", "icons/sett.svg"]
    assert kept == [f"/static/{read.version}/{path}" for path in wanted]


def test_an_import_of_a_file_that_is_not_there_is_found_before_a_phone_is(tree: Path) -> None:
    (tree / "build" / "chunk.js").write_text('import"./gone.js";')
    with pytest.raises(FileNotFoundError):
        assets.read(tree).precache("build/field.js")


@pytest.mark.parametrize("name", ["js/field.js", "css/field.css", "vendor/lit-html.js", "js/views/new.js"])
def test_files_built_from_other_sources_are_never_served(tree: Path, name: str) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text("/* changed, or new */")
    assert not assets.is_built(tree)
    with pytest.raises(assets.NotBuilt, match="make setup"):
        assets.read(tree)


def test_a_tree_in_which_nothing_is_built_says_so(tree: Path) -> None:
    (tree / "build" / "built.json").unlink()
    with pytest.raises(assets.NotBuilt):
        assets.read(tree)


def test_what_i_dag_needs_and_what_everything_needs_stays_within_the_budget() -> None:
    """The page, the manifest and one icon are four small requests beside these: `bench/first_load.py` measures all."""
    read = assets.read()
    first = [*read.first, "build/field.css"]
    everything = {*read.closure("build/field.js"), "build/field.css", "build/worker.js"}
    assert _travels(read, first) < MOST_OF_I_DAG
    assert _travels(read, everything) < MOST_OF_ALL
    assert len(first) <= MOST_REQUESTS - 4


def test_no_language_and_no_form_is_part_of_what_i_dag_needs() -> None:
    read = assets.read()
    later = {path.split("/")[1].split("-")[0] for path in set(read.closure("build/field.js")) - set(read.first)}
    assert later >= {"nn", "en", "forms", "people", "rest"}


def _travels(read: assets.Assets, paths: Iterable[str]) -> int:
    return sum(len(gzip.compress((read.root / path).read_bytes())) for path in paths)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "build/field.js": 'import{a as b}from"./chunk.js";const log=()=>import("./log.js");',
        "build/chunk.js": "export const a=1;",
        "build/log.js": 'export*from"./chunk.js";',
        "build/worker.js": "",
        "build/field.css": "",
        "js/field.js": "",
        "css/field.css": "",
        "icons/sett.svg": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    record = {"sources": assets.sources(tmp_path), "first": ["field.js", "chunk.js"]}
    (tmp_path / "build" / "built.json").write_text(json.dumps(record))
    return tmp_path

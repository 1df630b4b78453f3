"""The static tree's version and what a phone keeps of it."""

from pathlib import Path

import pytest

from fieldapp import assets


def test_the_version_changes_with_any_byte_and_with_any_name(tree: Path) -> None:
    first = assets.read(tree).version
    (tree / "js" / "core" / "db.js").write_text("export const db = 2;\n")
    second = assets.read(tree).version
    (tree / "js" / "core" / "db.js").rename(tree / "js" / "core" / "store.js")
    assert len({first, second, assets.read(tree).version}) == 3


def test_the_version_is_the_same_for_the_same_files(tree: Path) -> None:
    assert assets.read(tree) == assets.read(tree)


def test_the_phone_keeps_what_it_imports_however_deep_and_its_icons_but_nothing_else(tree: Path) -> None:
    read = assets.read(tree)
    kept = read.precache("js/field.js", "css/field.css")
    wanted = ["css/field.css", "css/tokens.css", "icons/sett.svg", "js/core/db.js", "js/field.js", "js/views/log.js"]
    assert kept == [f"/static/{read.version}/{path}" for path in wanted]


def test_an_import_of_a_file_that_is_not_there_is_found_before_a_phone_is(tree: Path) -> None:
    (tree / "js" / "core" / "db.js").write_text('import "./gone.js";\n')
    with pytest.raises(FileNotFoundError):
        assets.read(tree).precache("js/field.js")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "js/field.js": 'import { db } from "./core/db.js";\nconst log = () => import("./views/log.js");\n',
        "js/core/db.js": "export const db = 1;\n",
        "js/views/log.js": 'export * from "../core/db.js";\n',
        "js/office.js": "",
        "css/field.css": '@import url("tokens.css");\n',
        "css/tokens.css": "",
        "icons/sett.svg": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path

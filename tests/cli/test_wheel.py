"""The wheel: made of the tree, installed without Node and without the net into an empty environment, and it serves."""

import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests._server import DIES_WITH_US, ROOT, Server
from tests._wheel import pip

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def environment(wheel: Path, tmp_path: Path) -> Path:
    """An environment of its own with nothing but the wheel; the locked packages are lent to it."""
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    pip("--python", str(home / "bin/python"), "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    (site,) = home.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home


def test_it_holds_all_that_the_phone_needs(wheel: Path) -> None:
    there = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        *("fieldapp/static/build/field.js", "fieldapp/static/vendor/htmx.min.js", "fieldapp/templates/base.html"),
        *("fieldapp/translations/nn/LC_MESSAGES/messages.po", "fieldapp/migrations/.current-alembic-head"),
        *("sync/vectors/bodies.json", "sync/PROTOCOL.md", "wsgi.py"),
    ):
        assert needed in there, needed
    of_tree = {
        str(file.relative_to(ROOT)) for file in (ROOT / "fieldapp").rglob("*.py") if "__pycache__" not in file.parts
    }
    assert of_tree <= there
    assert not [name for name in there if name.startswith(("tests/", "node_modules/", "bench/"))]


def test_it_serves_from_an_empty_environment_without_node(environment: Path, tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    env = {name: value for name, value in server.env.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    env["PATH"] = str(environment / "bin")  # no node, no npm
    said = subprocess.run(
        [environment / "bin/python", "-c", "import fieldapp, sync; print(fieldapp.__file__, sync.__file__)"],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.count(str(environment)) == 2
    process = subprocess.Popen(
        [*_dies_with_us(), environment / "bin/fieldapp", "run", "--port", str(server.port)], env=env, cwd=tmp_path
    )
    try:
        server.wait_until_healthy()
        with urllib.request.urlopen(f"{server.url}/felt") as page:
            assert b"build/field" in page.read()
    finally:
        process.terminate()
        process.wait(30)


def _dies_with_us() -> tuple[str, ...]:
    name, *options = DIES_WITH_US
    return shutil.which(name) or name, *options

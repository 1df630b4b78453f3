"""The wheel as `make wheel` makes it, from a copy of the tree: what an earlier build left there must not come along."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests._server import ROOT


def build_wheel(folder: Path) -> Path:
    """Make it below this folder, without the net; where it is."""
    source = folder / "source"
    for name in ("fieldapp", "sync"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    pip("wheel", *options, "--wheel-dir", str(folder / "dist"), str(source))
    shutil.rmtree(source)
    (made,) = (folder / "dist").glob("*.whl")
    return made


def pip(*words: str) -> None:
    """Run this environment's pip."""
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, capture_output=True, text=True)

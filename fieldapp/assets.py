"""The static tree: one version for all of it, and the list of files a phone keeps for cold starts without coverage.

The version is in the path of every file (`/static/<version>/build/field.js`): a file never changes under its address,
and relative imports between modules stay within one version. What the phone loads is in `build/`, made at set-up from
the modules and styles beside it; files made from other sources than those that stand there are refused.

Needs the standard library only: set-up reads the sources with it before anything is installed.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fieldapp.errors import CannotDo

TREE = Path(__file__).parent / "static"
BUILT = "build"
RECORD = f"{BUILT}/built.json"
"""What the files of `build` were made from, and which of them I dag needs."""
SOURCES = ("css", "js", "vendor")
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s]+)""")


class NotBuilt(CannotDo):
    """The phone's files were not made from the sources beside them."""

    def __init__(self) -> None:
        super().__init__("Telefonens filer er ikke bygget av koden som ligger her. Kjør: make setup")


@dataclass(frozen=True)
class Assets:
    """The static tree as it stood when it was read."""

    root: Path
    version: str
    first: tuple[str, ...]
    """The scripts that I dag needs, the one that starts it among them."""

    def url(self, path: str) -> str:
        """Where `path` (as in "build/field.js") is served."""
        return f"/static/{self.version}/{path}"

    def closure(self, *entries: str) -> list[str]:
        """The entries and every file they import, directly or through others, each once, sorted."""
        found: set[str] = set()
        waiting = list(entries)
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting.extend(self._imports(path))
        return sorted(found)

    def precache(self, *entries: str, folders: tuple[str, ...] = ("icons",)) -> list[str]:
        """The addresses of everything that `entries` need to run offline, and of all files in `folders`."""
        beside = [path for path in _files(self.root) if path.split("/", 1)[0] in folders]
        return [self.url(path) for path in sorted({*self.closure(*entries), *beside})]

    def _imports(self, path: str) -> list[str]:
        pattern = {".js": _IMPORT, ".css": _CSS_IMPORT}.get(PurePosixPath(path).suffix)
        if pattern is None:
            return []
        folder = self.root / PurePosixPath(path).parent
        wanted = pattern.findall((self.root / path).read_text(encoding="utf-8"))
        return [(folder / other).resolve().relative_to(self.root).as_posix() for other in wanted]


def read(root: Path = TREE) -> Assets:
    """Read the static tree once. The version is the same wherever the files are the same.

    Raises NotBuilt when a module or a style was changed after the phone's files were made.
    """
    root = root.resolve()
    ensure_built(root)
    first = tuple(f"{BUILT}/{name}" for name in _record(root)["first"])
    return Assets(root, _digest(root, _files(root))[:12], first)


def sources(root: Path = TREE) -> str:
    """A digest of everything that the phone's files are made from."""
    return _digest(root, (path for path in _files(root) if path.split("/", 1)[0] in SOURCES))


def is_built(root: Path = TREE) -> bool:
    """Whether the phone's files were made from the sources as they stand now."""
    return _record(root).get("sources") == sources(root)


def ensure_built(root: Path = TREE) -> None:
    """Raise NotBuilt, with the command that helps, when they were not."""
    if not is_built(root):
        raise NotBuilt


def _record(root: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record


def _digest(root: Path, paths: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256((root / path).read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

"""The static tree: one version for all of it, and the list of files a phone keeps for cold starts without coverage.

The version is in the path of every file (`/static/<version>/js/field.js`): a file never changes under its address, and
relative imports between modules stay within one version.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TREE = Path(__file__).parent / "static"
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")
_CSS_IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s]+)""")


@dataclass(frozen=True)
class Assets:
    """The static tree as it stood when it was read."""

    root: Path
    version: str

    def url(self, path: str) -> str:
        """Where `path` (as in "js/field.js") is served."""
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
    """Read the static tree once. The version is the same wherever the files are the same."""
    root = root.resolve()
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(f"{path}\0".encode())
        digest.update(hashlib.sha256((root / path).read_bytes()).digest())
    return Assets(root, digest.hexdigest()[:12])


def _files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

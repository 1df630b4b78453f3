"""The files of the static tree, under the version they belong to: kept for ever by whoever has fetched them once."""

import gzip
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from werkzeug.security import safe_join

from fieldapp.errors import AppError
from fieldapp.security import access

bp = Blueprint("static", __name__)

_TYPES = {
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".json": "application/json",
    ".map": "application/json",
}
"""Named here, since what `mimetypes` knows differs between machines."""
_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)$", re.MULTILINE | re.DOTALL)
"""Comments that fill whole lines; one before code on the same line stays."""


@bp.get("/static/<version>/<path:name>")
@access("public")
def file(version: str, name: str) -> Response:
    """A file of this version. Another version's files are not here: half of each would be a broken page."""
    tree = current_app.extensions["assets"]
    path = safe_join(str(tree.root), name)
    if version != tree.version or path is None or not Path(path).is_file():
        raise AppError("not_found")
    kind = _TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    response = Response(_lean(name, Path(path).read_bytes()), mimetype=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if Path(path).suffix in _TYPES:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"]:
            response.set_data(_zipped(response.get_data()))
            response.headers["Content-Encoding"] = "gzip"
    return response


def _lean(name: str, content: bytes) -> bytes:
    """Our own code without its comments, a third of what would travel; every line keeps its number, so that an error
    can be found. What others wrote keeps its licence, and what is built is as small as it gets."""
    if name.startswith(("vendor/", "build/")) or not name.endswith((".js", ".css")):
        return content
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), content)


@lru_cache(maxsize=512)
def _zipped(content: bytes) -> bytes:
    """Once per file: a phone in a basement waits for every byte."""
    return gzip.compress(content, mtime=0)

"""What is refused before any view runs: cross-site writes, bodies too large or not JSON, and NUL characters."""

from urllib.parse import urlsplit

from flask import Flask, request

from fieldapp.config import Settings
from fieldapp.errors import AppError

LARGEST_BODY = 256 * 1024
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LARGEST_FILE = 10 * 1024 * 1024 + 64 * 1024
"""Of a file, which comes as it is and not as JSON: 10 MB, and what sealing adds."""
_FILES = "/api/files/"
_MOST_TO_DRAIN = 16 * 1024 * 1024


def install(app: Flask, settings: Settings) -> None:
    """Check every request."""
    # One more than allowed: a body sent in chunks is cut there without a word, and must still be seen to be too large.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY

    @app.before_request
    def check() -> None:
        if _is_file():
            request.max_content_length = LARGEST_FILE + 1
        if request.method not in _SAFE:
            _refuse_cross_site(settings.public_url)
            _refuse_large_body()
            _refuse_other_than_json()
        _refuse_nul()


def _refuse_cross_site(public_url: str) -> None:
    """A browser says where a write comes from; who says nothing is no browser, and has no cookie to misuse."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise AppError("cross_site")
    if origin is not None and not _is_ours(origin, public_url):
        raise AppError("cross_site")


def _is_ours(origin: str, public_url: str) -> bool:
    try:
        return origin == public_url or (origin != "null" and urlsplit(origin).netloc == request.host)
    except ValueError:
        return False


def _refuse_large_body() -> None:
    """Read what was sent before refusing it, or the sender sees a broken connection instead of the answer."""
    length = request.content_length or 0
    if length <= (LARGEST_FILE if _is_file() else LARGEST_BODY):
        return
    left = min(length, _MOST_TO_DRAIN)
    source = request.environ["wsgi.input"]
    while left > 0 and (chunk := source.read(min(left, 64 * 1024))):
        left -= len(chunk)
    raise AppError("too_large")


def _refuse_other_than_json() -> None:
    has_body = bool(request.content_length) or "chunked" in request.headers.get("Transfer-Encoding", "")
    if request.path.startswith("/api/") and not _is_file() and has_body and request.mimetype != "application/json":
        raise AppError("not_json")


def _is_file() -> bool:
    return request.method == "PUT" and request.path.startswith(_FILES)


def _refuse_nul() -> None:
    """PostgreSQL keeps no U+0000 in text; nobody types one either."""
    if "\0" in request.path:
        raise AppError("not_found")
    values = [*request.args.values()]
    if request.mimetype in _FORMS and not request.path.startswith("/api/"):
        values += request.form.values()
    if any("\0" in value for value in values):
        raise AppError("malformed")

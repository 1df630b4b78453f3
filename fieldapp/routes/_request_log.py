"""One log line for every request: method, route, status, milliseconds, and an id that every other line of the request
carries, too. The route is its template: no id of a client, no query and nothing that was typed is ever in it.
"""

import secrets
import time

import structlog
from flask import Flask, Response, g, request

from fieldapp.routes._tally import METHODS

_log = structlog.get_logger()
_NO_ROUTE = "-"
_OTHER = "other"
HEADER = "X-Request-Id"


def install(app: Flask) -> None:
    """Log every request of `app`. Before everything else that looks at requests, so that what it refuses is timed."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def leave_out() -> None:
    """Write no line for the request that is being answered: the database is away, which is one line a minute."""
    g.is_left_out = True


def _begin() -> None:
    g.request_id, g.began = secrets.token_hex(8), time.perf_counter()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if g.get("is_left_out"):
        return response
    _log.info(
        "request",
        method=request.method if request.method in METHODS else _OTHER,
        route=str(request.url_rule) if request.url_rule else _NO_ROUTE,
        status=response.status_code,
        ms=round((time.perf_counter() - g.began) * 1000, 1),
    )
    return response


def _forget(_: BaseException | None) -> None:
    structlog.contextvars.unbind_contextvars("request")

"""One log line and a count for every sign-in that is refused, for whoever watches the installation. Nothing that was
typed is in them: people type their password into the wrong box.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import current_app, request

from fieldapp.errors import AppError
from fieldapp.routes._web import settings

_log = structlog.get_logger()


@contextmanager
def refusals_logged(way: str, username: str) -> Iterator[None]:
    """Log what the block refuses: why, from which address, and a mark that is the same for the same user name, or for
    the same passkey; no mark where nobody is named."""
    try:
        yield
    except AppError as refused:
        current_app.extensions["tally"].refuse(way)
        mark = hmac.new(settings().secret_key.encode(), username.strip().casefold().encode(), hashlib.sha256)
        _log.warning(
            "sign_in_refused",
            way=way,
            reason=refused.code,
            address=request.remote_addr or "",
            account=mark.hexdigest()[:12] if username else "",
        )
        raise

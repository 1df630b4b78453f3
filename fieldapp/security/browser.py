"""The cookie by which a browser is known again: who has signed in on it before, and which device it is.

It proves two things and signs nobody in. A browser where a person has signed in is not locked out of their account by
what others guess; and whoever wants to use a device that other people use must come from that device. The cookie is a
random token and marks made from it (HMAC), so nothing is stored, a restored backup takes nothing away, and no mark can
be moved to another browser.
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from fieldapp.config import Settings
from fieldapp.security import cookie

_NAME = "sett_device"
_KEPT_BY_THE_BROWSER = dt.timedelta(days=400)
"""As long as browsers keep any cookie; renewed with every sign-in."""
_MOST_MARKS = 50
_SHAPE = re.compile(r"[\w-]{22}(\.[\w-]{16})*", re.ASCII)


@dataclass(frozen=True)
class Browser:
    """A browser as its cookie tells it. One that sent no cookie has a new token and no marks."""

    token: str
    marks: tuple[str, ...]
    _secret_key: str = field(repr=False)

    def has_signed_in(self, staff_id: UUID) -> bool:
        """Whether this person has proven who they are on this browser before."""
        return self._has(f"staff:{staff_id}")

    def is_device(self, device_id: UUID) -> bool:
        """Whether this browser was the device when the device was registered."""
        return self._has(f"device:{device_id}")

    def after_sign_in(self, staff_id: UUID) -> "Browser":
        return self._with(f"staff:{staff_id}")

    def as_device(self, device_id: UUID) -> "Browser":
        return self._with(f"device:{device_id}")

    def _has(self, what: str) -> bool:
        expected = self._mark(what)
        return any(hmac.compare_digest(expected, mark) for mark in self.marks)

    def _with(self, what: str) -> "Browser":
        mark = self._mark(what)
        older = tuple(one for one in self.marks if one != mark)
        return replace(self, marks=(*older, mark)[-_MOST_MARKS:])

    def _mark(self, what: str) -> str:
        stands_for = f"browser:{self.token}:{what}"
        digest = hmac.new(self._secret_key.encode(), stands_for.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:12]).decode()


def read(settings: Settings) -> Browser:
    """The browser this request came from."""
    value = request.cookies.get(_name(settings), "")
    if not re.fullmatch(_SHAPE, value):
        return Browser(base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode(), (), settings.secret_key)
    token, *marks = value.split(".")
    return Browser(token, tuple(marks[-_MOST_MARKS:]), settings.secret_key)


def keep(response: Response, settings: Settings, browser: Browser) -> None:
    """Make the browser keep what is known of it."""
    response.set_cookie(
        _name(settings),
        ".".join((browser.token, *browser.marks)),
        max_age=int(_KEPT_BY_THE_BROWSER.total_seconds()),
        path="/",
        secure=cookie.is_https(settings),
        httponly=True,
        samesite="Lax",
    )


def _name(settings: Settings) -> str:
    return f"__Host-{_NAME}" if cookie.is_https(settings) else _NAME

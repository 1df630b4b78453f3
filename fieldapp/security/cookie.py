"""The session cookie: HttpOnly, SameSite=Lax, and over https host-bound by its name (`__Host-`)."""

import datetime as dt
from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response

from fieldapp.config import Settings

_NAME = "sett"
_KEPT_BY_THE_BROWSER = dt.timedelta(days=30)
"""Longer than a session lasts: an ended session must still be able to say which device signs out."""


def read(settings: Settings) -> str | None:
    """The session token the request came with."""
    return request.cookies.get(_name(settings)) or None


def give(response: Response, settings: Settings, token: str) -> None:
    """Make the browser keep `token`."""
    response.set_cookie(
        _name(settings),
        token,
        max_age=int(_KEPT_BY_THE_BROWSER.total_seconds()),
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response, settings: Settings) -> None:
    """Make the browser forget the token."""
    response.delete_cookie(_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="Lax")


def is_https(settings: Settings) -> bool:
    """Whether the browser reached us over https, also when a proxy we are not told to trust ended it."""
    public = urlsplit(settings.public_url)
    return request.is_secure or (public.scheme == "https" and public.netloc == request.host)


def _name(settings: Settings) -> str:
    return f"__Host-{_NAME}" if is_https(settings) else _NAME

"""Who may call what: declared on every route, enforced before it runs; and the headers every answer carries.

Owns the cookies, the cross-site rule, body limits and headers. Who a session token belongs to is looked up by the
function that `install` is given: sessions are rows, and rows are for `services`.
"""

from collections.abc import Callable
from uuid import UUID

from flask import Flask

from fieldapp.config import Settings
from fieldapp.security import browser, cookie, enforce, headers, proxies, requests, signed_in
from fieldapp.security.declare import ACCESS, access, surface_of
from fieldapp.security.requests import LARGEST_BODY
from fieldapp.security.signed_in import SignedIn, current, known, must_sign_in

__all__ = [
    "ACCESS",
    "LARGEST_BODY",
    "SignedIn",
    "access",
    "browser",
    "cookie",
    "current",
    "install",
    "known",
    "must_sign_in",
    "surface_of",
]


def install(
    app: Flask, settings: Settings, find: Callable[[str], SignedIn | None], ended: Callable[[str], UUID | None]
) -> None:
    """Guard `app`. `find` answers who a session token belongs to, asked anew for every request; `ended` whose session
    with this token a person has ended."""
    app.wsgi_app = proxies.BehindProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    signed_in.install(app, settings, find, ended)
    requests.install(app, settings)
    enforce.install(app)
    headers.install(app)

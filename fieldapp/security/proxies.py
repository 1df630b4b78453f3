"""Forwarded headers count only when the connection itself comes from a proxy that the settings name."""

import ipaddress
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from fieldapp.config import Network


class BehindProxies:
    """WSGI middleware: takes address, scheme and host from the trusted proxy nearest to us."""

    def __init__(self, app: WSGIApplication, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._trusted and self._trusts(environ.get("REMOTE_ADDR", "")):
            self._take_forwarded(environ)
        return self._app(environ, start_response)

    def _take_forwarded(self, environ: dict[str, Any]) -> None:
        chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        client = next((address for address in reversed(chain) if not self._trusts(address)), None)
        if client:
            environ["REMOTE_ADDR"] = client
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        host = environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[-1].strip()
        if host:
            environ["HTTP_HOST"] = host

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)

"""The municipality's own sign-in (OpenID Connect: Entra ID, ID-porten): where people are sent, what it says of them.

Authorization code with PKCE (S256), state and nonce. Which account a person has is not decided here.

Invariant: nothing is believed but an id_token that the issuer of the settings has signed, for us, for this nonce, now,
at one of the levels that the settings name. All requests go over https, but for an issuer on loopback.
"""

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from fieldapp.channels.http import answered_in_time, connect_safely
from fieldapp.config import Settings
from fieldapp.errors import AppError
from fieldapp.services.notify.hosts import is_loopback

_MOST_BYTES = 256 * 1024
_WHOLE_SECONDS = 8.0
"""For one request: somebody waits before the page."""
_TIMEOUT = (3.0, 5.0)
_FRESH_FOR = dt.timedelta(hours=1)
_AWAY_FOR = dt.timedelta(seconds=10)
"""After an issuer has not answered, nobody else waits for it: whoever asks for the page would hold up the server."""
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signed with a key that only the issuer has: never `none`, and never a secret that we have too (HS256)."""
_LEEWAY_SECONDS = 60
_LONGEST_SUBJECT = 255


@dataclass(frozen=True)
class Identity:
    """Somebody as the issuer knows them. `subject` never changes and is never given to another (OIDC Core § 8)."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class Attempt:
    """One way through the issuer and back, as both ends of it are known here."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class Provider:
    """One issuer. Safe to share between threads; what it has published is asked for again after an hour."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._published: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked_at: dt.datetime | None = None
        self._failed_at: dt.datetime | None = None

    def attempt(self, state: str, nonce: str, verifier: str, redirect_uri: str) -> Attempt:
        """What both ends know of one way there and back."""
        return Attempt(state, nonce, verifier, redirect_uri)

    def address(self, attempt: Attempt, now: dt.datetime) -> str:
        """Where to send the person. Raises AppError oidc_unavailable."""
        published, _ = self._known(now)
        wanted = {"acr_values": " ".join(self._settings.oidc_min_acr)} if self._settings.oidc_min_acr else {}
        with self._session(attempt) as session:
            address, _ = session.create_authorization_url(
                published["authorization_endpoint"],
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                **wanted,
            )
        return str(address)

    def identity(self, attempt: Attempt, code: str, now: dt.datetime) -> Identity:
        """Who has signed in there. Raises AppError oidc_unavailable, oidc_refused, or oidc_too_weak for a low level."""
        published, keys = self._known(now)
        try:
            with self._session(attempt, published) as session:
                token = session.fetch_token(
                    published["token_endpoint"], grant_type="authorization_code", code=code,
                    code_verifier=attempt.verifier, timeout=_TIMEOUT,
                )  # fmt: skip
        except requests.RequestException as error:
            raise AppError("oidc_unavailable") from error
        except Exception as error:  # an error the issuer names, or an answer that is none
            raise AppError("oidc_refused") from error
        claims = self._claims(str(token.get("id_token", "")), attempt, keys, now)
        if self._settings.oidc_min_acr and claims.get("acr") not in self._settings.oidc_min_acr:
            raise AppError("oidc_too_weak")
        return Identity(self._settings.oidc_issuer, claims["sub"])

    def _claims(self, id_token: str, attempt: Attempt, keys: KeySet, now: dt.datetime) -> dict[str, Any]:
        options = {
            "iss": {"essential": True, "value": self._settings.oidc_issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": attempt.nonce},
        }
        params = {"nonce": attempt.nonce, "client_id": self._settings.oidc_client_id}
        try:
            token = self._decoded(id_token, keys, now)
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise AppError("oidc_refused") from error
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or "\0" in subject:
            raise AppError("oidc_refused")
        return dict(claims)

    def _decoded(self, id_token: str, keys: KeySet, now: dt.datetime) -> jwt.Token:
        """With the keys as they are known; once more with those of now, for an issuer that has changed them."""
        try:
            return jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            _, fresh = self._known(now, anew=True)
            return jwt.decode(id_token, fresh, algorithms=_ALGORITHMS)

    def check(self, now: dt.datetime) -> None:
        """Ask the issuer for what it publishes. Raises AppError oidc_unavailable."""
        self._known(now)

    def _known(self, now: dt.datetime, *, anew: bool = False) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            is_fresh = self._asked_at is not None and abs(now - self._asked_at) < _FRESH_FOR
            if self._keys is not None and is_fresh and not anew:
                return self._published, self._keys
            if self._failed_at is not None and abs(now - self._failed_at) < _AWAY_FOR:
                raise AppError("oidc_unavailable")
        try:
            published = self._ask_for_metadata()
            keys = KeySet.import_key_set(self._fetch(published["jwks_uri"]))  # type: ignore[arg-type]
        except (AppError, JoseError, ValueError, KeyError, TypeError) as error:
            with self._lock:
                self._failed_at = now
            raise AppError("oidc_unavailable") from error
        with self._lock:
            self._published, self._keys, self._asked_at, self._failed_at = published, keys, now, None
        return published, keys

    def _ask_for_metadata(self) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        published = self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = [published.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if published.get("issuer") != issuer or not all(is_allowed(one, issuer) for one in wanted):
            raise AppError("oidc_unavailable")
        return published

    def _fetch(self, url: str) -> dict[str, Any]:
        with requests.Session() as session:
            connect_safely(session, urlsplit(url).netloc)
            try:
                answer = answered_in_time(
                    lambda: session.get(url, allow_redirects=False, stream=True, timeout=_TIMEOUT),
                    _MOST_BYTES, _WHOLE_SECONDS,
                )  # fmt: skip
                told = answer.json() if answer.status_code == 200 else None
            except (requests.RequestException, ValueError) as error:
                raise AppError("oidc_unavailable") from error
        if not isinstance(told, dict):
            raise AppError("oidc_unavailable")
        return told

    def _session(self, attempt: Attempt, published: dict[str, Any] | None = None) -> "_Session":
        supported = (published or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic_or_post = "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"
        method = basic_or_post if self._settings.oidc_client_secret else "none"
        return _Session(self._settings, attempt, method, urlsplit((published or {}).get("token_endpoint", "")).netloc)


class _Session(OAuth2Session):
    """Authlib's, over connections with our limits."""

    def __init__(self, settings: Settings, attempt: Attempt, method: str, host: str) -> None:
        super().__init__(
            settings.oidc_client_id,
            settings.oidc_client_secret or None,
            token_endpoint_auth_method=method,
            scope="openid",
            redirect_uri=attempt.redirect_uri,
            code_challenge_method="S256",
        )
        connect_safely(self, host)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        ask = super().request
        wanted = kwargs | {"allow_redirects": False, "stream": True}
        return answered_in_time(lambda: ask(method, url, *args, **wanted), _MOST_BYTES, _WHOLE_SECONDS)


def is_allowed(url: object, issuer: str) -> bool:
    """Whether the issuer may send us there: https, or loopback for an issuer that itself is on loopback."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if "@" in parts.netloc or not host:
        return False
    if is_loopback(host):
        return parts.scheme in ("http", "https") and is_loopback(urlsplit(issuer).hostname or "")
    return parts.scheme == "https"

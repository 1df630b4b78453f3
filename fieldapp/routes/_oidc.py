"""The way to the municipality's own sign-in and back (channels/oidc.py): what is asked, and what an answer is worth.

Every attempt is a challenge (services/people/challenges.py) that travels as `state`; nonce and PKCE verifier are
derived from it, so nothing is stored until it is answered.
"""

import base64
import binascii
from typing import Any, cast

from flask import current_app, request

from fieldapp.errors import AppError
from fieldapp.routes._sign_in import challenges_for
from fieldapp.routes._web import clock, db, settings
from fieldapp.security.browser import Browser
from fieldapp.services.people.challenges import Maker

SIGN_IN, LINK = "s", "k"
"""What `state` begins with: what the person is out to do."""
BACK = "/logg-inn/oidc/svar"


def provider() -> Any:
    """The municipality's own sign-in; not_found where there is none."""
    found = current_app.extensions["oidc"]
    if found is None:
        raise AppError("not_found")
    return found


def address(known: Browser, kind: str, for_session: object = "") -> str:
    """Where to send this browser. `for_session`: the session an identity is to be linked in."""
    maker = _maker(known, kind, for_session)
    challenge, now = maker.make(clock.now()), clock.now()
    return cast(str, provider().address(_attempt(maker, kind, challenge), now))


def answered(known: Browser, kind: str, for_session: object = "") -> Any:
    """Who the issuer says has come back in this request. Raises AppError oidc_…; each attempt is good once."""
    maker, challenge, now = _maker(known, kind, for_session), _challenge(), clock.now()
    with db().transaction() as session:
        is_ours = maker.take(session, challenge, now)
    issuer = request.args.get("iss", settings().oidc_issuer)
    code = request.args.get("code", "")
    if not is_ours or not code or issuer != settings().oidc_issuer:
        raise AppError("oidc_refused")
    return provider().identity(_attempt(maker, kind, challenge), code, now)


def kind_of_answer() -> str:
    """SIGN_IN, or LINK."""
    return LINK if request.args.get("state", "").startswith(LINK) else SIGN_IN


def _maker(known: Browser, kind: str, for_session: object) -> Maker:
    return challenges_for(known, f"oidc {kind} {for_session}")


def _challenge() -> bytes:
    text = request.args.get("state", "")[1:]
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _attempt(maker: Maker, kind: str, challenge: bytes) -> Any:
    state = kind + base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
    nonce, verifier = maker.derived(challenge, "nonce"), maker.derived(challenge, "verifier")
    return provider().attempt(state, nonce, verifier, settings().public_url + BACK)

"""The steps of proving who one is, for the machine endpoint and the sign-in page alike; every step is throttled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from fieldapp.errors import AppError
from fieldapp.routes._sign_in_log import refusals_logged
from fieldapp.routes._web import clock, db, settings
from fieldapp.security import browser, cookie
from fieldapp.security.browser import Browser
from fieldapp.services.people import accounts, identities, passkeys, sessions, throttle
from fieldapp.services.people.challenges import Maker
from fieldapp.services.people.passkeys import Site


def check_password(username: str, password: str) -> UUID:
    """The staff member with this password. Raises AppError bad_credentials or slow_down."""
    with refusals_logged("password", username):
        return _check_password(username, password)


def choose_password(username: str, code: str, password: str) -> UUID:
    """The staff member whose one-time code this is, now with this password. Raises AppError."""
    with refusals_logged("code", username):
        return _choose_password(username, code, password)


def check_passkey(site: Site, sent: str) -> UUID:
    """The staff member whose passkey has signed the challenge that this browser was given. Raises AppError."""
    answer = passkeys.read_answer(sent)
    with refusals_logged("passkey", answer.credential.id if answer else ""):
        if answer is None:
            raise AppError("bad_passkey")
        return _check_passkey(site, answer)


def check_identity(ask: Callable[[], Any]) -> UUID:
    """The staff member who has linked whom the issuer names (`ask`, which takes its time). Raises AppError."""
    with refusals_logged("oidc", ""):
        with db().transaction() as session:
            attempt = _note_attempt(session, f"oidc {browser.read(settings()).token}", None)
        found = ask()
        with db().transaction() as session:
            staff_id = identities.owner_of(session, found.issuer, found.subject, clock.now())
            throttle.forgive(session, attempt)
        if staff_id is None:
            raise AppError("oidc_unknown")
        return staff_id


def challenges_for(known: Browser, purpose: str) -> Maker:
    """Challenges for this browser, which must keep its cookie: one without a cookie is another at every look."""
    return Maker(settings().secret_key, known.token, purpose)


def _check_passkey(site: Site, answer: passkeys.Answer) -> UUID:
    """The challenge is used up first, in a transaction of its own: whatever comes of the answer, none comes again."""
    now = clock.now()
    with db().transaction() as session:
        owner = passkeys.owner_of(session, answer.credential_id)
        name = owner.username if owner else f"passkey {answer.credential.id}"
        attempt = _note_attempt(session, name, owner.id if owner else None)
        is_ours = challenges_for(browser.read(settings()), "passkey").take(session, answer.challenge, now)
    with db().transaction() as session:
        staff_id = passkeys.prove(session, site, answer, now) if is_ours else None
        if staff_id is not None:
            throttle.forgive(session, attempt)
    if staff_id is None:
        raise AppError("bad_passkey")
    return staff_id


def _check_password(username: str, password: str) -> UUID:
    """Between two transactions: it is slow on purpose, and others must be able to write meanwhile."""
    with db().transaction() as session:
        who = accounts.candidate(session, username)
        attempt = _note_attempt(session, username, who.staff_id)
    staff_id = accounts.prove(who, password)
    if staff_id is None:
        raise AppError("bad_credentials")
    with db().transaction() as session:
        throttle.forgive(session, attempt)
    return staff_id


def _choose_password(username: str, code: str, password: str) -> UUID:
    """Only a code that is right makes the server do the slow work of hashing."""
    if accounts.weakness(password, username):
        raise AppError("invalid_field", field="password")
    now = clock.now()
    with db().transaction() as session:
        staff_id = accounts.whose_code(session, username, code, now)
        attempt = _note_attempt(session, username, accounts.id_of(session, username))
    if staff_id is None:
        raise AppError("bad_enrolment")
    hashed = accounts.hash_password(password)
    with db().transaction() as session:
        enrolled = accounts.enrol(session, username, code, hashed, clock.now())
        if enrolled is not None:
            throttle.forgive(session, attempt)
    if enrolled is None:
        raise AppError("bad_enrolment")
    return enrolled


def _note_attempt(session: Any, username: str, staff_id: UUID | None) -> int:
    """Whose username it is decides whether this browser is known to them; the answer never tells."""
    known = browser.read(settings())
    token = known.token if staff_id is not None and known.has_signed_in(staff_id) else ""
    name, address = accounts.as_username(username), request.remote_addr or ""
    return throttle.note_attempt(session, name, address, clock.now(), known_browser=token)


@dataclass(frozen=True)
class Started:
    """A session just opened: its token for the cookie, whose it is, and the browser as it is known from now on."""

    token: str
    person: sessions.OpenSession
    browser: Browser


def start_session(staff_id: UUID) -> Started:
    """Open a session. A device that the browser's session before it was on is that browser's from now on."""
    now = clock.now()
    before = cookie.read(settings())
    with db().transaction() as session:
        token = sessions.open_session(session, staff_id, request.user_agent.string, now, after=cookie.read(settings()))
        person = sessions.find(session, token, now)
        device_id = sessions.device_of(session, before) if before else None
    if person is None:
        raise AppError("bad_credentials")
    known = browser.read(settings()).after_sign_in(staff_id)
    return Started(token, person, known.as_device(device_id) if device_id else known)


def give(response: Response, started: Started) -> None:
    """Make the browser keep what signing in has given it."""
    cookie.give(response, settings(), started.token)
    browser.keep(response, settings(), started.browser)

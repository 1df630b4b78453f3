"""The steps of proving who one is, for the machine endpoint and the sign-in page alike; every step is throttled."""

from uuid import UUID

from flask import request

from fieldapp.errors import AppError
from fieldapp.routes._sign_in_log import refusals_logged
from fieldapp.routes._web import clock, db
from fieldapp.services import accounts, sessions, throttle


def check_password(username: str, password: str) -> UUID:
    """The staff member with this password. Raises AppError bad_credentials or slow_down."""
    with refusals_logged("password", username):
        return _check_password(username, password)


def choose_password(username: str, code: str, password: str) -> UUID:
    """The staff member whose one-time code this is, now with this password. Raises AppError."""
    with refusals_logged("code", username):
        return _choose_password(username, code, password)


def _check_password(username: str, password: str) -> UUID:
    """Between two transactions: it is slow on purpose, and others must be able to write meanwhile."""
    now = clock.now()
    with db().transaction() as session:
        attempt = throttle.note_attempt(session, accounts.as_username(username), _address(), now)
        who = accounts.candidate(session, username)
    staff_id = accounts.prove(who, password)
    if staff_id is None:
        raise AppError("bad_credentials")
    with db().transaction() as session:
        throttle.forgive(session, attempt)
    return staff_id


def _choose_password(username: str, code: str, password: str) -> UUID:
    if not accounts.SHORTEST_PASSWORD <= len(password) <= accounts.LONGEST_PASSWORD:
        raise AppError("invalid_field", field="password")
    hashed = accounts.hash_password(password)
    with db().transaction() as session:
        attempt = throttle.note_attempt(session, accounts.as_username(username), _address(), clock.now())
        staff_id = accounts.enrol(session, username, code, hashed, clock.now())
        if staff_id is not None:
            throttle.forgive(session, attempt)
    if staff_id is None:
        raise AppError("bad_enrolment")
    return staff_id


def start_session(staff_id: UUID) -> tuple[str, sessions.OpenSession]:
    """A new session: its token for the cookie, and whose it is."""
    now = clock.now()
    with db().transaction() as session:
        token = sessions.open_session(session, staff_id, request.user_agent.string, now)
        person = sessions.find(session, token, now)
    if person is None:
        raise AppError("bad_credentials")
    return token, person


def _address() -> str:
    return request.remote_addr or ""

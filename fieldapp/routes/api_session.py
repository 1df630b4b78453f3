"""Signing in and out for machines, enrolment, and registering the device that signed in."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.errors import AppError
from fieldapp.queries import accounts as account_rows
from fieldapp.queries.phones import push_health
from fieldapp.routes._devices import is_from
from fieldapp.routes._sign_in import check_password, choose_password, give, start_session
from fieldapp.routes._web import body, clock, db, json_answer, settings, signed_in
from fieldapp.security import SignedIn, access, browser, cookie
from fieldapp.services.people import devices, sessions
from sync.envelope import MAX_PROOFS, DeliverFor

bp = Blueprint("api_session", __name__, url_prefix="/api")


Label = Annotated[str, msgspec.Meta(max_length=200)]


class Credentials(msgspec.Struct):
    username: str
    password: str


class Enrolment(msgspec.Struct):
    username: str
    code: str
    password: str


class TeamInfo(msgspec.Struct):
    id: UUID
    name: str
    kind: str


class StaffInfo(msgspec.Struct):
    id: UUID
    name: str
    role: str
    teams: list[TeamInfo]


class Push(msgspec.Struct):
    """What the server knows of this person's pushes on this device; shown there only means a receipt."""

    subscribed: bool
    last_handed_over_at: dt.datetime | None
    last_receipt_at: dt.datetime | None
    silent_since_at: dt.datetime | None


class SessionAnswer(msgspec.Struct):
    staff: StaffInfo
    server_time: dt.datetime
    push: Push | None = None
    """None: the session is on no device yet."""
    account_news: bool = False
    """Something has happened to the account that the person has not said they have seen: it stands at `/konto`."""
    offline_replica: bool = True
    """False: the phone keeps nothing of what it fetches."""


class DeviceHealth(msgspec.Struct):
    permission: Literal["granted", "denied", "default", "unsupported"]
    installed: bool
    persistent: bool


class DeviceTold(msgspec.Struct):
    device_id: UUID
    name: Label = ""
    platform: Label = ""
    health: DeviceHealth | None = None
    deliver_for: Annotated[list[DeliverFor], msgspec.Meta(max_length=MAX_PROOFS)] = []
    """As in a sync. Where others use the device too and its cookie is gone, a key of anybody on it proves it."""


class DeviceAnswer(msgspec.Struct):
    device_id: UUID
    """The id this phone has from now on: another than it named, where others use that one and nothing proves that it is
    this phone."""
    delivery_key: str
    push: Push


@bp.post("/session")
@access("public")
def sign_in() -> Response:
    told = body(Credentials)
    return _started(check_password(told.username, told.password))


@bp.post("/enrolment")
@access("public")
def enrol() -> Response:
    told = body(Enrolment)
    return _started(choose_password(told.username, told.code, told.password))


@bp.get("/session")
@access("signed_in")
def who_am_i() -> Response:
    return json_answer(_answer(signed_in()))


@bp.delete("/session")
@access("token")
def sign_out() -> Response:
    """Also with a session that has run out: a phone must be able to end its pushes the morning after."""
    token = cookie.read(settings())
    with db().transaction() as session:
        if not token or not sessions.sign_out(session, token, clock.now()):
            raise AppError("sign_in")
    response = Response(status=204)
    cookie.take_back(response, settings())
    return response


@bp.post("/devices")
@access("signed_in")
def register_device() -> Response:
    told = body(DeviceTold)
    person, now = signed_in(), clock.now()
    health = devices.Health(**msgspec.structs.asdict(told.health)) if told.health else None
    staff_id, secret_key = person.viewer.staff_id, settings().secret_key
    with db().transaction() as session:
        is_proven = is_from(told.device_id) or _is_proven_by_key(session, told)
        device_id = devices.device_of(session, secret_key, told.device_id, staff_id, is_proven=is_proven)
        registration = devices.Registration(device_id, told.name, told.platform, health)
        key = devices.register(session, secret_key, registration, staff_id, person.session_id, now)
        push = _push(push_health.push_seen(session, device_id, staff_id, now))
    response = json_answer(DeviceAnswer(device_id, key, push))
    browser.keep(response, settings(), browser.read(settings()).as_device(device_id))
    return response


def _is_proven_by_key(session: Any, told: DeviceTold) -> bool:
    secret_key = settings().secret_key
    return any(devices.proves(session, secret_key, told.device_id, one.staff_id, one.key) for one in told.deliver_for)


def _started(staff_id: UUID) -> Response:
    started = start_session(staff_id)
    response = json_answer(_answer(started.person))
    give(response, started)
    return response


def _answer(person: SignedIn | sessions.OpenSession) -> SessionAnswer:
    viewer, now = person.viewer, clock.now()
    with db().reading() as session:
        rows = account_rows.teams_of(session, viewer)
        device_id = person.device_id
        seen = push_health.push_seen(session, device_id, viewer.staff_id, now) if device_id else None
    teams = [TeamInfo(row.id, row.name, row.kind) for row in rows]
    staff = StaffInfo(viewer.staff_id, viewer.name, viewer.role, teams)
    push, kept = _push(seen) if seen else None, settings().offline_replica
    return SessionAnswer(staff, now, push, person.has_account_news, kept)


def _push(seen: push_health.PushSeen) -> Push:
    return Push(seen.subscribed, seen.last_handed_over_at, seen.last_receipt_at, seen.silent_since_at)

"""Signing in and out for machines, enrolment, and registering the device that signed in."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.errors import AppError
from fieldapp.queries import accounts as account_rows
from fieldapp.routes._sign_in import check_password, choose_password, start_session
from fieldapp.routes._web import body, clock, db, json_answer, settings, signed_in
from fieldapp.security import SignedIn, access, cookie
from fieldapp.services import devices, sessions

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


class SessionAnswer(msgspec.Struct):
    staff: StaffInfo
    server_time: dt.datetime


class DeviceTold(msgspec.Struct):
    device_id: UUID
    name: Label = ""
    platform: Label = ""


class DeviceAnswer(msgspec.Struct):
    device_id: UUID
    delivery_key: str


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
    person = signed_in()
    registration = devices.Registration(told.device_id, told.name, told.platform)
    with db().transaction() as session:
        key = devices.register(
            session, settings().secret_key, registration, person.viewer.staff_id, person.session_id, clock.now()
        )
    return json_answer(DeviceAnswer(told.device_id, key))


def _started(staff_id: UUID) -> Response:
    token, person = start_session(staff_id)
    response = json_answer(_answer(person))
    cookie.give(response, settings(), token)
    return response


def _answer(person: SignedIn | sessions.OpenSession) -> SessionAnswer:
    viewer = person.viewer
    with db().reading() as session:
        rows = account_rows.teams_of(session, viewer)
    teams = [TeamInfo(row.id, row.name, row.kind) for row in rows]
    return SessionAnswer(StaffInfo(viewer.staff_id, viewer.name, viewer.role, teams), clock.now())

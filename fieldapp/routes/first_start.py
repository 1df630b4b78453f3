"""`/oppsett`: the first administrator, team and leader, by whoever has the set-up code; gone once there is one."""

from typing import Any

import structlog
from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError, CannotDo
from fieldapp.routes._enrolment_qr import enrolment_qr
from fieldapp.routes._office import Form, not_found
from fieldapp.routes._sign_in import give, start_session
from fieldapp.routes._sign_in_log import refusals_logged
from fieldapp.routes._web import clock, db, settings
from fieldapp.security import access
from fieldapp.services.people import accounts, first_start, throttle
from fieldapp.services.people.first_start import Begun, First
from fieldapp.texts import N_, gettext, message

bp = Blueprint("first_start", __name__, url_prefix="/oppsett")

_NAME = "oppsett"
_ASKED = ("admin_name", "admin_username", "team_name", "team_kind", "leader_name", "leader_username")


def is_needed() -> bool:
    """Whether nobody administers this installation."""
    with db().reading() as session:
        return first_start.is_needed(session)


@bp.get("")
@access("public")
def page() -> str:
    _must_be_needed()
    return _page(Form())


@bp.post("")
@access("public")
def begin() -> AnyResponse | tuple[str, int, dict[str, str]]:
    """Answers with the leader's one-time code itself: it is shown once, and never stands in an address."""
    _must_be_needed()
    form = Form.sent(_NAME)
    said = {name: form.text(name, required=True) or "" for name in _ASKED}
    password = request.form.get("password", "")
    if problem := accounts.weakness(password, said["admin_username"]):
        form.errors["password"] = problem
    if form.errors:
        return _page(form), 422, {}
    try:
        with refusals_logged("code", ""):
            begun = _begin(request.form.get("code", ""), said, password)
    except AppError as error:
        form.errors["code"] = message("slow_down") if error.code == "slow_down" else gettext(_NO_CODE)
        return _page(form), error.status, error.headers
    except CannotDo as error:
        form.errors[""] = str(error)
        return _page(form), 422, {}
    return _done(begun, said)


_NO_CODE = N_("Koden gjelder ikke. Lag en ny på tjeneren med «fieldapp setup-code».")


def _must_be_needed() -> None:
    """Once there is an administrator, there is nothing here."""
    if not is_needed():
        raise not_found()


def _begin(code: str, said: dict[str, str], password: str) -> Begun:
    """Only a code that is good makes the server do the slow work of hashing."""
    now, secret = clock.now(), settings().secret_key
    with db().transaction() as session:
        attempt = first_start.note_attempt(session, request.remote_addr or "", now)
        is_good = first_start.is_good(session, secret, code, now)
    if not is_good:
        raise AppError("bad_enrolment")
    first = First(admin_password_hash=accounts.hash_password(password), **said)
    with db().transaction() as session:
        begun = first_start.begin(session, secret, code, first, now)
        throttle.forgive(session, attempt)
    structlog.get_logger().warning("first_administrator_made")
    return begun


def _done(begun: Begun, said: dict[str, str]) -> AnyResponse:
    username = accounts.as_username(said["leader_username"])
    shown: dict[str, Any] = {"code": begun.leader_code, "leader": said["leader_name"], "username": username}
    shown |= {"qr": enrolment_qr(username, begun.leader_code), "public_url": settings().public_url}
    response = make_response(render_template("account/first_start_done.html", **shown))
    give(response, start_session(begun.admin_id))
    return response


def _page(form: Form) -> str:
    return render_template("account/first_start.html", form=form, name=_NAME, shortest=accounts.SHORTEST_PASSWORD)

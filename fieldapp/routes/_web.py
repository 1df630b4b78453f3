"""What every route shares: the database, who is asking, JSON in and out, and errors in the shape the contract names."""

import re
import uuid
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

import msgspec
import structlog
from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.domain.access import Viewer, oversees_all
from fieldapp.domain.read_log import INNSYN, TEAM
from fieldapp.errors import AppError
from fieldapp.queries import merged
from fieldapp.routes import _carried
from fieldapp.routes._passkey_site import passkey_site
from fieldapp.security import LARGEST_BODY, SignedIn, cookie, current, must_sign_in, surface_of
from fieldapp.services.audit.showing import show
from fieldapp.services.people import sessions
from fieldapp.texts import N_, form_message, gettext, message

__all__ = ["LANGUAGE_COOKIE", "body", "clock", "db", "json_answer", "settings", "showing", "signed_in", "viewer"]

LANGUAGE_COOKIE = "sprak"

Struct = TypeVar("Struct", bound=msgspec.Struct)
Result = TypeVar("Result")

_log = structlog.get_logger()
_CODE_OF_STATUS = {
    400: "malformed",
    401: "sign_in",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    429: "slow_down",
    503: "unavailable",
}


class ErrorAnswer(msgspec.Struct, omit_defaults=True):
    """Every error of a machine endpoint. Codes are stable, messages are not."""

    code: str
    message: str
    field: str | None = None
    ended: bool = False
    """With `sign_in`: a person ended this session, and the phone drops what it holds, but never what is unsent."""
    staff_id: uuid.UUID | None = None
    """Whose session it was."""


def db() -> Database:
    """The database of this application."""
    return cast(Database, current_app.extensions["db"])


def follow_merges(app: Flask) -> None:
    """Let every address of a duplicate lead to the client it was merged into; who may see that is asked as ever."""

    @app.url_value_preprocessor
    def to_record(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        client_id = (values or {}).get("client_id")
        if values is not None and isinstance(client_id, uuid.UUID):
            with db().deciding() as session:
                values["client_id"] = merged.stands_for(session, client_id)


def settings() -> Settings:
    """The settings of this application."""
    return cast(Settings, current_app.extensions["settings"])


def viewer() -> Viewer:
    """Who is asking. Only for routes behind a login."""
    return signed_in().viewer


def signed_in() -> SignedIn:
    """Who is asking, with the session and device it comes from. Only for routes behind a login."""
    person = current()
    if person is None:
        raise must_sign_in()
    return person


def showing(read: Callable[[Any], Result], ground: str | None = None) -> Result:
    """What `read` returns of a session, logged as read by whoever asks, on the surface that this route declares. Only
    for routes behind a login, and the only way in which one shows client content."""
    surface = surface_of(current_app.view_functions[str(request.endpoint)])
    if surface is None:
        raise RuntimeError(f"{request.endpoint} shows client content and does not declare it")
    person = signed_in()
    why = ground or (INNSYN if oversees_all(person.viewer) else TEAM)
    return show(db(), read, person.viewer, surface, person.device_id, clock.now(), why)


def know_structs(parent: type[msgspec.Struct] = msgspec.Struct) -> None:
    """Have msgspec work out every Struct there is, while one thread runs. It does so at a Struct's first use, and a
    second thread that comes meanwhile reads what is half made: SIGSEGV takes the whole server along."""
    for kind in parent.__subclasses__():
        msgspec.json.Decoder(kind)
        know_structs(kind)


def body(kind: type[Struct]) -> Struct:
    """The request's JSON as `kind`. Not JSON at all is `malformed`; a wrong field is `invalid_field` and named."""
    raw = request.get_data(cache=False)
    if len(raw) > LARGEST_BODY:
        raise AppError("too_large")
    try:
        parsed = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        _refuse_field(error)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AppError("malformed") from error
    for name in kind.__struct_fields__:
        if _holds_nul(getattr(parsed, name)):
            raise AppError("invalid_field", field=name)
    return parsed


def _refuse_field(error: msgspec.ValidationError) -> NoReturn:
    """msgspec names the place as `$.keys.auth`, or the field in words when it is missing."""
    text = str(error)
    missing = re.search(r"missing required field `([^`]*)`", text)
    place = re.search(r"at `\$\.?([^`]*)`", text)
    path = [part for part in (place.group(1) if place else "", missing.group(1) if missing else "") if part]
    if not path:
        raise AppError("malformed") from error
    raise AppError("invalid_field", field=".".join(path)) from error


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, msgspec.Struct):
        return any(_holds_nul(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list | tuple) and any(_holds_nul(part) for part in value)


def json_answer(answer: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`answer` as JSON."""
    return Response(msgspec.json.encode(answer), status, headers, mimetype="application/json")


def answer_errors(app: Flask) -> None:
    """Give every error, crashes included, one form: JSON for machines, a page for people."""
    app.register_error_handler(AppError, error_answer)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_crash)


def error_answer(error: AppError) -> Response:
    """The error in the shape its caller understands."""
    if error.code == "sign_in" and not request.path.startswith("/api/"):
        return _sign_in_again()
    return _error(error.code, error.status, error.field, error.headers, error.extra)


def _sign_in_again() -> Response:
    """The session ended before a form was sent: the sign-in page, with what was typed."""
    token = cookie.read(settings())
    with db().reading() as session:
        staff_id = sessions.whose(session, token) if token else None
    page = render_template(
        "account/sign_in.html",
        problem=gettext(N_("Du var logget ut. Logg inn igjen, så er det du skrev, der fortsatt.")),
        username="",
        came_for=_carried.page_of(request),
        passkey_site=passkey_site(settings()),
        oidc_name="",  # what was typed does not come along that way
        carried=_carried.seal(request, staff_id),
    )
    return Response(page, 401)


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    code = _CODE_OF_STATUS.get(status, "server_error" if status >= 500 else "malformed")
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return _error(code, status, None, headers, {})


def _on_crash(_: Exception) -> Response:
    """The request's route, never its content: logs hold nothing personal."""
    _log.exception("request_crashed", endpoint=request.endpoint, method=request.method)
    return _error("server_error", 500, None, {}, {})


def _error(code: str, status: int, field: str | None, headers: dict[str, str], extra: dict[str, Any]) -> Response:
    if request.path.startswith("/api/"):
        answer = msgspec.to_builtins(ErrorAnswer(code, message(code), field)) | extra
        return json_answer(answer, status, headers)
    said = form_message(code) if request.method == "POST" else message(code)
    page = render_template("error.html", code=code, message=said, status=status)
    return Response(page, status, headers)

"""Signing in through the municipality's own sign-in, and linking it to one's account under Min konto."""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError, CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.routes import _oidc
from fieldapp.routes._sign_in import check_identity, check_password
from fieldapp.routes._sign_in_log import refusals_logged
from fieldapp.routes._web import clock, db, settings, signed_in
from fieldapp.routes.account import account_page, came_for, into_the_app, sign_in_form
from fieldapp.security import access, browser, cookie, current
from fieldapp.services.people import identities
from fieldapp.texts import N_, gettext, message

bp = Blueprint("oidc", __name__)

_CAME_FOR = "sett_neste"
_MINUTES = 10


@bp.get("/logg-inn/oidc")
@access("public")
def begin() -> AnyResponse | tuple[str, int, dict[str, str]]:
    """To the issuer. Where the person was going stays in the browser: the issuer need not know it."""
    known = browser.read(settings())
    try:
        response = redirect(_oidc.address(known, _oidc.SIGN_IN), 303)
    except AppError as error:
        return _refused(error)
    browser.keep(response, settings(), known)
    secure = cookie.is_https(settings())
    kept = {"max_age": _MINUTES * 60, "secure": secure, "httponly": True, "samesite": "Lax", "path": "/logg-inn/oidc"}
    response.set_cookie(_CAME_FOR, _serializer().dumps(came_for()), **kept)  # type: ignore[arg-type]
    return response


@bp.get(_oidc.BACK)
@access("public", reads="office")
def come_back() -> AnyResponse | tuple[str, int, dict[str, str]] | tuple[str, int]:
    _oidc.provider()
    if _oidc.kind_of_answer() == _oidc.LINK:
        return _link()
    try:
        staff_id = check_identity(lambda: _oidc.answered(browser.read(settings()), _oidc.SIGN_IN))
    except AppError as error:
        return _refused(error)
    response = make_response(into_the_app(staff_id, _was_going()))
    response.delete_cookie(_CAME_FOR, path="/logg-inn/oidc")
    return response


@bp.post("/konto/oidc")
@access("signed_in", reads="office")
def begin_link() -> AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """For whoever knows the password, as for passkeys. A page with a link and no redirect: what is sent with a form
    goes nowhere but to us (form-action)."""
    person, known = signed_in(), browser.read(settings())
    with db().reading() as session:
        username = account_rows.username(session, person.viewer.staff_id)
    try:
        check_password(username, request.form.get("now", ""))
        address = _oidc.address(known, _oidc.LINK, person.session_id)
    except AppError as error:
        is_wrong = error.code == "bad_credentials"
        said = gettext(N_("Passordet du har nå, stemmer ikke.")) if is_wrong else message(error.code)
        return account_page(identity_problem=said), 422 if is_wrong else error.status, error.headers
    page = render_template("account/oidc.html", address=address, name=settings().oidc_name)
    response = make_response(page)
    browser.keep(response, settings(), known)
    return response


@bp.post("/konto/oidc/fjern")
@access("signed_in", reads="office")
def unlink() -> AnyResponse | tuple[str, int]:
    try:
        with db().transaction() as session:
            identities.unlink(session, signed_in().viewer.staff_id, clock.now())
    except CannotDo as error:
        return account_page(identity_problem=str(error)), 422
    return redirect(url_for("account.account", _anchor="identity"), 303)


def _link() -> AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    person = current()
    if person is None:
        return _refused(AppError("oidc_refused"))
    staff_id: UUID = person.viewer.staff_id
    try:
        with refusals_logged("oidc", ""):
            found = _oidc.answered(browser.read(settings()), _oidc.LINK, person.session_id)
        with db().transaction() as session:
            identities.link(session, staff_id, found.issuer, found.subject, clock.now())
    except CannotDo as error:
        return account_page(identity_problem=str(error)), 422
    except AppError as error:
        return account_page(identity_problem=message(error.code)), error.status
    return redirect(url_for("account.account", gjort="koblet", _anchor="identity"), 303)


def _refused(error: AppError) -> tuple[str, int, dict[str, str]]:
    if error.code == "not_found":
        raise error
    return sign_in_form(error.code), error.status, error.headers


def _was_going() -> str:
    try:
        path: str = _serializer().loads(request.cookies.get(_CAME_FOR, ""), max_age=_MINUTES * 60)
    except BadData:
        return ""
    return path


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="where somebody was going")

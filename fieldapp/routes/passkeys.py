"""Signing in with a passkey, and one's own passkeys under Min konto. The rules are in services/people/passkeys.py."""

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError, CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.routes._passkey_site import passkey_site
from fieldapp.routes._sign_in import challenges_for, check_passkey, check_password
from fieldapp.routes._web import clock, db, json_answer, settings, signed_in
from fieldapp.routes.account import account_page, into_the_app, sign_in_form
from fieldapp.security import access, browser
from fieldapp.security.browser import Browser
from fieldapp.services.people import identities, passkeys
from fieldapp.services.people.challenges import Maker
from fieldapp.services.people.passkeys import Site
from fieldapp.texts import N_, gettext, message

bp = Blueprint("passkeys", __name__)


@bp.get("/logg-inn/passnokkel")
@access("public")
def challenge() -> Response:
    """What the browser needs to sign in with a passkey."""
    site, known = _site_or_404(), browser.read(settings())
    options = passkeys.request_options(site, challenges_for(known, "passkey").make(clock.now()))
    return _given_to(known, options)


@bp.post("/logg-inn/passnokkel")
@access("public")
def sign_in() -> AnyResponse | tuple[str, int, dict[str, str]]:
    try:
        staff_id = check_passkey(_site_or_404(), request.form.get("answer", ""))
    except AppError as error:
        return sign_in_form(error.code), error.status, error.headers
    return into_the_app(staff_id)


@bp.post("/konto/passnokler/ny")
@access("signed_in")
def begin() -> Response:
    """What the browser needs to make a passkey, for whoever knows the password: an open screen alone gives nobody a way
    in that lasts."""
    site, staff_id = _site_or_404(), signed_in().viewer.staff_id
    try:
        with db().reading() as session:
            passkeys.checked_name(session, staff_id, request.form.get("name", ""))
            username = account_rows.username(session, staff_id)
        check_password(username, request.form.get("now", ""))
    except CannotDo as error:
        return json_answer({"message": str(error)}, 422)
    except AppError as error:
        is_wrong = error.code == "bad_credentials"
        said = gettext(N_("Passordet du har nå, stemmer ikke.")) if is_wrong else message(error.code)
        return json_answer({"message": said}, 422 if is_wrong else error.status, error.headers)
    known = browser.read(settings())
    with db().reading() as session:
        options = passkeys.creation_options(session, site, staff_id, _new_passkey(known).make(clock.now()))
    return _given_to(known, options)


@bp.post("/konto/passnokler")
@access("signed_in", reads="office")
def add() -> AnyResponse | tuple[str, int]:
    site, staff_id, now = _site_or_404(), signed_in().viewer.staff_id, clock.now()
    sent, name = request.form.get("answer", ""), request.form.get("name", "")
    asked = passkeys.challenge_of_new(sent)
    with db().transaction() as session:
        is_ours = asked is not None and _new_passkey(browser.read(settings())).take(session, asked, now)
    try:
        if not is_ours or asked is None:
            raise CannotDo(gettext(N_("Det tok for lang tid. Prøv igjen.")))
        with db().transaction() as session:
            passkeys.add(session, site, staff_id, sent, asked, name, now)
    except CannotDo as error:
        return account_page(passkey_problem=str(error)), 422
    return redirect(url_for("account.account", gjort="passnokkel", _anchor="passkeys"), 303)


@bp.post("/konto/passnokler/<uuid:passkey_id>/fjern")
@access("signed_in", reads="office")
def remove(passkey_id: UUID) -> AnyResponse | tuple[str, int]:
    try:
        staff_id, issuer = signed_in().viewer.staff_id, settings().oidc_issuer
        with db().transaction() as session:
            other_way = identities.is_linked(session, staff_id, issuer)
            passkeys.remove(session, staff_id, passkey_id, clock.now(), other_way=other_way)
    except CannotDo as error:
        return account_page(passkey_problem=str(error)), 422
    return redirect(url_for("account.account", _anchor="passkeys"), 303)


def _new_passkey(known: Browser) -> Maker:
    """Challenges for this session alone."""
    return challenges_for(known, f"new passkey {signed_in().session_id}")


def _site_or_404() -> Site:
    site = passkey_site(settings())
    if site is None:
        raise AppError("not_found")
    return site


def _given_to(known: Browser, options: str) -> Response:
    response = Response(options, mimetype="application/json", headers={"Cache-Control": "no-store"})
    browser.keep(response, settings(), known)
    return response

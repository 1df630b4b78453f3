"""Pages about oneself: signing in and out, choosing a first password, how alerts come, «Mine enheter», language."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import TEAM_ROLES, Viewer, may_administer, may_use_office, sees_every_reader
from fieldapp.errors import VERDICTS, AppError, CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.queries import duty_feed
from fieldapp.queries.to_confirm import own_to_confirm
from fieldapp.routes import _carried, first_start
from fieldapp.routes._passkey_site import passkey_site
from fieldapp.routes._sign_in import check_password, choose_password, give, start_session
from fieldapp.routes._web import LANGUAGE_COOKIE, clock, db, settings, showing, signed_in
from fieldapp.security import access, cookie, current
from fieldapp.services.people import account_history, accounts, sessions
from fieldapp.texts import LANGUAGES, N_, form_message, gettext, message

bp = Blueprint("account", __name__)

_TWO_YEARS = 2 * 365 * 24 * 3600
_CONFIRMED = {
    "bekreftet": N_("Bekreftet. Det er ført på den som skrev det."),
    "ikke-bekreftet": N_("Lagt bort. Det teller ikke."),
}


_PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "fieldworker": (
        ("field.shell", N_("Telefonen")),
        ("office.day", N_("I dag")),
        ("emergency.index", N_("Nødtilgang")),
    ),
    "peer": (("field.shell", N_("Telefonen")),),
    "leader": (
        *(("field.shell", N_("Telefonen")), ("office.day", N_("I dag")), ("to_confirm.index", N_("Må bekreftes"))),
        *(("read_log.index", N_("Leselogg")), ("emergency.index", N_("Nødtilgang"))),
    ),
    "landlord": (("field.shell", N_("Telefonen")), ("facts.told", N_("Delt med deg"))),
    "privacy": (("read_log.index", N_("Leselogg og innsyn")), ("emergency.log", N_("Hvem som har bedt om nødtilgang"))),
    "admin": (("admin.index", N_("Administrasjon")),),
}
"""What each role has besides this page, as it is called there."""


@bp.get("/")
@access("public")
def start() -> AnyResponse:
    """Where one works; on an installation that nobody can sign in to, how that begins."""
    person = current()
    if person is None and first_start.is_needed():
        return redirect(url_for("first_start.page"))
    return redirect(_home(person.viewer) if person else "/felt")


@bp.get("/logg-inn")
@access("public")
def sign_in_page() -> str:
    return sign_in_form()


@bp.post("/logg-inn")
@access("public")
def sign_in() -> AnyResponse | tuple[str, int, dict[str, str]]:
    username = request.form.get("username", "")
    try:
        staff_id = check_password(username, request.form.get("password", ""))
    except AppError as error:
        return sign_in_form(error.code, username), error.status, error.headers
    return into_the_app(staff_id)


@bp.get("/kom-i-gang")
@access("public")
def enrolment_page() -> str:
    return _enrolment_form()


@bp.post("/kom-i-gang")
@access("public")
def enrol() -> AnyResponse | tuple[str, int, dict[str, str]]:
    username, password = request.form.get("username", ""), request.form.get("password", "")
    try:
        staff_id = choose_password(username, request.form.get("code", ""), password)
    except AppError as error:
        problem = accounts.weakness(password, username) or message(error.code)
        return _enrolment_form(problem, username), error.status, error.headers
    return into_the_app(staff_id)


@bp.post("/logg-ut")
@access("token")
def sign_out() -> AnyResponse:
    token = cookie.read(settings())
    if token:
        with db().transaction() as session:
            sessions.sign_out(session, token, clock.now())
    response = redirect(url_for(".sign_in_page"))
    cookie.take_back(response, settings())
    return response


@bp.get("/konto")
@access("signed_in", reads="office")
def account() -> str:
    return account_page()


@bp.post("/konto/epost")
@access("signed_in", reads="office")
def choose_email() -> AnyResponse | tuple[str, int]:
    address = request.form.get("email", "")
    try:
        with db().transaction() as session:
            accounts.set_email(session, signed_in().viewer.staff_id, address, clock.now())
    except CannotDo as error:
        return account_page(str(error), address), 422
    return redirect(url_for(".account"), 303)


@bp.post("/konto/passord")
@access("signed_in", reads="office")
def change_password() -> AnyResponse | tuple[str, int, dict[str, str]]:
    """Ends every session of the person and opens a new one here; what others knew no longer lets them in."""
    now_password, new_password = request.form.get("now", ""), request.form.get("new", "")
    staff_id = signed_in().viewer.staff_id
    with db().reading() as session:
        username = account_rows.username(session, staff_id)
    try:
        check_password(username, now_password)
    except AppError as error:
        wrong = error.code == "bad_credentials"
        said = gettext(N_("Passordet du har nå, stemmer ikke.")) if wrong else message(error.code)
        return account_page(password_problem=said), 422 if wrong else error.status, error.headers
    if problem := accounts.weakness(new_password, username):
        return account_page(password_problem=problem), 422, {}
    hashed = accounts.hash_password(new_password)
    with db().transaction() as session:
        accounts.change_password(session, staff_id, hashed, clock.now())
    response = redirect(url_for(".account", gjort="passord"), 303)
    give(response, start_session(staff_id))
    return response


@bp.post("/konto/sett")
@access("signed_in")
def have_seen_news() -> AnyResponse:
    """The person has seen what has happened to the account."""
    with db().transaction() as session:
        account_history.have_seen(session, signed_in().viewer.staff_id)
    return redirect(url_for(".account"), 303)


@bp.post("/konto/telefon")
@access("signed_in", reads="office")
def choose_phone() -> AnyResponse | tuple[str, int]:
    number = request.form.get("phone", "")
    try:
        with db().transaction() as session:
            accounts.set_phone(session, signed_in().viewer.staff_id, number)
    except CannotDo as error:
        return account_page(phone_problem=str(error), number=number), 422
    return redirect(url_for(".account"), 303)


@bp.post("/konto/enheter/<uuid:session_id>/avslutt")
@access("signed_in")
def end_device(session_id: UUID) -> AnyResponse:
    with db().transaction() as session:
        sessions.revoke(session, signed_in().viewer.staff_id, session_id, clock.now())
    return redirect(url_for(".account"))


@bp.post("/konto/sprak")
@access("signed_in")
def choose_language() -> AnyResponse:
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise AppError("invalid_field", field="language")
    with db().transaction() as session:
        accounts.choose_language(session, signed_in().viewer.staff_id, language)
    response = redirect(url_for(".account"))
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_TWO_YEARS, samesite="Lax", httponly=True)
    return response


def account_page(
    problem: str = "",
    address: str = "",
    *,
    password_problem: str = "",
    passkey_problem: str = "",
    identity_problem: str = "",
    phone_problem: str = "",
    number: str = "",
    calendar_address: str = "",
) -> str:
    """Min konto, with what is in the way of what was sent."""
    person = signed_in()

    def read(session: Any) -> tuple[Any, ...]:
        return (
            account_rows.devices_of(session, person.viewer, person.session_id, clock.now()),
            account_rows.ways_to_tell(session, person.viewer),
            account_rows.events_of(session, person.viewer),
            account_rows.passkeys_of(session, person.viewer),
            account_rows.linked_at(session, person.viewer, settings().oidc_issuer),
            own_to_confirm(session, person.viewer),
            duty_feed.own_links(session, person.viewer),
        )

    devices, ways, events, keys, linked, waiting, links = showing(read)
    shown: dict[str, Any] = {"problem": problem, "address": address if problem else ways.email or "", "events": events}
    shown |= {"password_problem": password_problem, "shortest": accounts.SHORTEST_PASSWORD}
    shown |= {"done": request.args.get("gjort", "") if request.method == "GET" else ""}
    shown |= {"passkeys": keys, "passkey_site": passkey_site(settings()), "passkey_problem": passkey_problem}
    shown |= {"oidc_name": settings().oidc_name, "linked": linked, "identity_problem": identity_problem}
    shown |= {"phone_problem": phone_problem, "number": number if phone_problem else ways.own_number or ""}
    shown |= {"waiting": waiting, "confirm_told": _told(), "problem_of_confirming": _not_confirmed()}
    shown |= {"has_duties": person.viewer.role in TEAM_ROLES, "calendar_links": links}
    shown |= {"calendar_address": calendar_address}
    shown |= {"pages": [(endpoint, gettext(words)) for endpoint, words in _PAGES.get(person.viewer.role, ())]}
    return render_template("account/account.html", person=person, devices=devices, ways=ways, **shown)


def _told() -> str:
    told = request.args.get("gjort", "")
    return gettext(_CONFIRMED[told]) if told in _CONFIRMED else ""


def _not_confirmed() -> str:
    code = request.args.get("ikke", "")
    return form_message(code) if code in VERDICTS else ""


def sign_in_form(code: str = "", username: str = "") -> str:
    """The sign-in page, with why it did not go."""
    problem = message(code) if code else ""
    carried = request.form.get(_carried.FIELD, "")
    return render_template(
        "account/sign_in.html",
        problem=problem,
        username=username,
        came_for=came_for(),
        carried=carried,
        passkey_site=passkey_site(settings()),
        oidc_name=settings().oidc_name,
    )


def _enrolment_form(problem: str = "", username: str = "") -> str:
    shortest = accounts.SHORTEST_PASSWORD
    return render_template("account/enrolment.html", problem=problem, username=username, shortest=shortest)


def into_the_app(staff_id: UUID, to: str = "") -> Response:
    """Signed in: to the form that was being filled in, the page the person came for (`to`, if the request does not
    say), or where they work."""
    started = start_session(staff_id)
    page = came_for() or to or _home(started.person.viewer)
    response = make_response(_carried.back_to_form(staff_id) or redirect(page))
    give(response, started)
    return response


def came_for() -> str:
    """Where the person was going: a page of ours, or nothing."""
    path = request.values.get("neste", "")
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if ours else ""


def _home(viewer: Viewer) -> str:
    if may_use_office(viewer) and viewer.role == "leader":
        return "/kontor"
    if sees_every_reader(viewer):
        return "/kontor/logg"
    return "/admin" if may_administer(viewer) else "/felt"

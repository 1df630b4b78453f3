"""Enforces the declarations. A view without one does not exist as far as the outside can tell."""

from urllib.parse import quote

from flask import Flask, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import may_administer, may_limit, may_read_log, may_use_office
from fieldapp.errors import AppError
from fieldapp.security.declare import declared
from fieldapp.security.signed_in import SignedIn, current, must_sign_in

SIGN_IN_PAGE = "/logg-inn"


def install(app: Flask) -> None:
    """Check every request that reached a view."""
    app.before_request(_enforce)


def _enforce() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    level = declared(current_app.view_functions[request.endpoint])
    if level is None:
        raise AppError("not_found")
    if level in ("public", "token"):
        return None
    person = current()
    if person is None:
        return _ask_to_sign_in()
    if not _permits(level, person):
        raise AppError("not_permitted")
    return None


def _permits(level: str, person: SignedIn) -> bool:
    if level == "office":
        return may_use_office(person.viewer)
    if level == "readers":
        return may_read_log(person.viewer)
    if level == "oversight":
        return may_limit(person.viewer)
    if level == "admin":
        return may_administer(person.viewer)
    return True


def _ask_to_sign_in() -> AnyResponse:
    """Machines and what was sent get 401 (routes/_web.py: a form is carried through the sign-in); a page that is asked
    for goes to the sign-in page. A page that refreshes itself is told so and no more: somebody may be typing on it."""
    if request.path.startswith("/api/"):
        raise must_sign_in()
    if "HX-Request" in request.headers:
        return Response(status=401)
    if request.method != "GET":
        raise AppError("sign_in")
    return redirect(f"{SIGN_IN_PAGE}?neste={quote(request.full_path.rstrip('?'), safe='')}")

"""Enforces the declarations. A view without one does not exist as far as the outside can tell."""

from urllib.parse import quote

from flask import Flask, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import may_administer, may_use_office
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
    if level == "admin":
        return may_administer(person.viewer)
    return True


def _ask_to_sign_in() -> AnyResponse:
    """Machines get 401; a page goes to the sign-in page, and htmx is told to go there as a whole."""
    if request.path.startswith("/api/"):
        raise must_sign_in()
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": SIGN_IN_PAGE})
    came_for = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(SIGN_IN_PAGE + (f"?neste={quote(came_for, safe='')}" if came_for else ""))

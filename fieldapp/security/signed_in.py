"""Flask-Login over our own session rows: nothing is kept in the cookie but a random token."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Flask, Request, current_app, g
from flask_login import LoginManager, UserMixin, current_user

from fieldapp.config import Settings
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.security import cookie


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The person behind this request and the session row that says so."""

    session_id: UUID
    viewer: Viewer
    device_id: UUID | None
    name: str
    language: str
    has_account_news: bool = False


def current() -> SignedIn | None:
    """Who is signed in, or None."""
    return cast(SignedIn, current_user._get_current_object()) if current_user.is_authenticated else None


def known() -> SignedIn | None:
    """Who is signed in, if this request has had reason to look; never asks the database."""
    person = g.get("_login_user")
    return person if isinstance(person, SignedIn) else None


def must_sign_in() -> AppError:
    """The 401 of this request; when a person ended its session it says so, and whose it was, for the phone to obey."""
    token = cookie.read(cast(Settings, current_app.extensions["settings"]))
    staff_id = current_app.extensions["ended_session"](token) if token else None
    return AppError("sign_in", ended=True, staff_id=staff_id) if staff_id else AppError("sign_in")


def install(
    app: Flask, settings: Settings, find: Callable[[str], SignedIn | None], ended: Callable[[str], UUID | None]
) -> None:
    """Let Flask-Login ask `find` for the person of the request's token."""
    app.extensions["ended_session"] = ended
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # or every page, the error page too, would ask the database
    manager.session_protection = None

    @manager.request_loader
    def load(_: Request) -> SignedIn | None:
        token = cookie.read(settings)
        return find(token) if token else None

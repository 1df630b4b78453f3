"""Puts the application together: settings, database, guards, texts, errors and routes. Wires; nothing else."""

from uuid import UUID

import structlog
from flask import Flask, Response, request
from flask_babel import Babel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from fieldapp import assets, clock, logs, routes, security, texts
from fieldapp.channels import oidc
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.errors import AppError
from fieldapp.routes import _gzip, _metrics, _request_log, _web
from fieldapp.routes._tally import Tally
from fieldapp.security import SignedIn
from fieldapp.services.people import ended_sessions, keys, sessions
from fieldapp.texts import account_words

_PATIENCE_S = 8.0
"""How long a request waits for other writers; then 503: a phone is promised an answer within 10 s."""


def create_app(settings: Settings, tally: Tally | None = None) -> Flask:
    """The web application. Raises CannotDo with a sentence when the secret does not open the keys in the database.

    `tally`: where it counts what it answers, together with other processes; by itself where there is none.
    """
    logs.configure(settings.log_format)
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions["settings"] = settings
    app.extensions["assets"] = tree = assets.read()
    app.jinja_env.globals["asset"] = tree.url
    database = app.extensions["db"] = Database(settings, patience_s=_PATIENCE_S, goes_first=False, logs_reads=True)
    with database.transaction() as session:
        keys.ensure(session, settings.secret_key, clock.now())
    app.extensions["oidc"] = oidc.Provider(settings) if settings.oidc_issuer else None
    _request_log.install(app)
    _gzip.install(app)
    security.install(
        app, settings, lambda token: _signed_in(database, token), lambda token: _ended_session(database, token)
    )
    _speak_norwegian(app)
    _web.know_structs()
    _web.answer_errors(app)
    _web.follow_merges(app)
    app.register_error_handler(OperationalError, _on_unavailable)
    app.register_error_handler(NoConnection, _on_unavailable)
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
    _metrics.install(app, tally or Tally())
    return app


def _signed_in(database: Database, token: str) -> SignedIn | None:
    with database.reading() as session:
        found = sessions.find(session, token, clock.now())
    if found is None:
        return None
    return SignedIn(**vars(found))


def _ended_session(database: Database, token: str) -> UUID | None:
    with database.reading() as session:
        return ended_sessions.whose_was_ended(session, token)


def _speak_norwegian(app: Flask) -> None:
    babel = Babel(
        app, default_locale=texts.DEFAULT_LANGUAGE, default_timezone=str(texts.TIMEZONE), locale_selector=_language
    )
    babel.domain_instance = texts.PoDomain()
    app.jinja_env.filters.update(
        ago=texts.ago,
        clock_time=texts.clock_time,
        day=texts.day,
        day_from=texts.day_from,
        duration=texts.duration,
        moment=texts.moment,
        phone_link=texts.phone_link,
        seen_ago=texts.seen_ago,
        with_numbers=texts.with_numbers,
    )
    app.jinja_env.globals.update(
        as_agreed_words=texts.as_agreed_words,
        account_event=account_words.account_event,
        choices=texts.choices,
        label=texts.label,
        language=texts.language,
        languages=texts.LANGUAGES,
        now=clock.now,
    )


def _language() -> str:
    """The person's own choice; before sign-in what this browser chose last. Never the browser's setting: shared PCs
    in a municipality are often in English."""
    person = security.known()
    chosen = person.language if person else request.cookies.get(_web.LANGUAGE_COOKIE, "")
    return chosen if chosen in texts.LANGUAGES else texts.DEFAULT_LANGUAGE


def _on_unavailable(error: OperationalError | NoConnection) -> Response:
    """The database is away or overloaded: the phone keeps everything and tries again."""
    structlog.get_logger().error("request_failed", endpoint=request.endpoint, exc_info=error)
    _request_log.leave_out()
    return _web.error_answer(AppError("unavailable", headers={"Retry-After": "5"}))

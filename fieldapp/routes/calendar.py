"""`/vakt/<token>.ics`: duties for a calendar program; and where its links are made and ended.

A token that is unknown, ended, or of somebody who has left is the same 404. The address is shown once and kept nowhere.
"""

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError
from fieldapp.queries import duty_feed
from fieldapp.routes import _ics
from fieldapp.routes._office import chosen_team, done, not_found
from fieldapp.routes._web import clock, db, settings, viewer
from fieldapp.routes.account import account_page
from fieldapp.routes.duty import week_page
from fieldapp.security import access
from fieldapp.services.people import calendar_links, throttle

bp = Blueprint("calendar", __name__)


@bp.get("/vakt/<token>.ics")
@access("token")
def feed(token: str) -> Response:
    """The calendar of this link."""
    link, now = db().again(lambda: _opened(token)), clock.now()
    with db().reading() as session:
        if link.team_id is None:
            team, duties = None, duty_feed.duties_of(session, link.staff_id, now)
        else:
            team, duties = duty_feed.team_name(session, link.team_id), duty_feed.duties_in(session, link.team_id, now)
    with force_locale(link.language):
        body = _ics.calendar_of(duties, team, _public(url_for("duty.week", team=link.team_id)))
    headers = {"Content-Disposition": 'inline; filename="vakt.ics"', "X-Robots-Tag": "noindex, nofollow"}
    return Response(body, content_type=_ics.MIME, headers=headers)


@bp.post("/konto/kalender")
@access("signed_in", reads="office")
def make_own() -> str:
    """A new link to one's own duties; the one before ends."""
    return account_page(calendar_address=_made(None))


@bp.post("/konto/kalender/<uuid:link_id>/stopp")
@access("signed_in")
def end_own(link_id: UUID) -> AnyResponse:
    _end(link_id)
    return done(url_for("account.account"), "kalender-slutt", fragment="calendar")


@bp.post("/kontor/vakt/kalender")
@access("office", reads="office")
def make_for_team() -> str:
    """A new link to the list of the team in the address; one's own before it ends."""
    team_id = chosen_team(viewer())
    if team_id is None:
        raise not_found()
    return week_page(calendar_address=_made(team_id))


@bp.post("/kontor/vakt/kalender/<uuid:link_id>/stopp")
@access("office")
def end_for_team(link_id: UUID) -> AnyResponse:
    """One's own, or as the team's leader anybody's."""
    _end(link_id)
    return done(url_for("duty.week", team=chosen_team(viewer())), "kalender-slutt")


def _opened(token: str) -> calendar_links.OpenCalendar:
    now = clock.now()
    with db().transaction() as session:
        link = calendar_links.find(session, token, now)
        if link is None:
            raise AppError("not_found")
        throttle.note_fetch(session, link.id, now)
        calendar_links.note_use(session, link.id, now)
        return link


def _made(team_id: UUID | None) -> str:
    with db().transaction() as session:
        token = calendar_links.make(session, viewer(), team_id, clock.now())
    return _public(url_for(".feed", token=token))


def _end(link_id: UUID) -> None:
    with db().transaction() as session:
        calendar_links.end(session, viewer(), link_id, clock.now())


def _public(path: str) -> str:
    return (settings().public_url or request.host_url).rstrip("/") + path

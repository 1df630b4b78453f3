"""`/kontor/varsler/ovelser`: a leader starts a drill of a team's alerts, and reads whom it reached and how fast."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.errors import AppError
from fieldapp.queries.alerts import drills
from fieldapp.queries.duty import teams_now
from fieldapp.routes._office import Form, done, not_found, plain_page, try_submit
from fieldapp.routes._web import viewer as asking
from fieldapp.security import access

bp = Blueprint("alert_drills", __name__, url_prefix="/kontor/varsler/ovelser")


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    return _page(Form(), 200)


@bp.post("/<uuid:team_id>")
@access("office", reads="office")
def start(team_id: UUID) -> AnyResponse | tuple[str, int]:
    if team_id not in asking().team_ids:
        raise not_found()
    form = Form.sent(str(team_id))
    entry_id = try_submit(form, "drill_started", {"team_id": str(team_id)})
    if entry_id is None:
        return _page(form, 422)
    return done(url_for(".index"), "ovelse", entry_id)


def _page(form: Form, status: int) -> tuple[str, int]:
    if asking().role != "leader":
        raise AppError("not_permitted")
    return plain_page("alerts/drills.html", lambda *about: _read(*about) | {"form": form}, status)


def _read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one."""
    return {
        "drills": drills.drills(session, viewer),
        "led": [team for team in teams_now(session, viewer, now) if may_lead(viewer, team.team_id)],
    }

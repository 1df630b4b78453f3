"""`/kontor/vakt`: a week of the duty list of one team, adding a duty and taking one away."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.domain.norway import at_wall_time
from fieldapp.queries import duty
from fieldapp.routes._office import Form, chosen_team, done, frame, not_found, plain_page, reader, try_submit
from fieldapp.routes._web import clock, db, settings, signed_in, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local

bp = Blueprint("duty", __name__, url_prefix="/kontor/vakt")

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
NIGHT_BEGINS, NIGHT_ENDS = 22, 7
"""Hours between which people sleep: who is on duty then needs a channel that rings."""


@bp.get("")
@access("office")
def week() -> AnyResponse | tuple[str, int]:
    if not viewer().team_ids:
        return redirect(url_for("team.index"))
    return plain_page("office/duty.html", _read)


@bp.post("")
@access("office")
def add() -> AnyResponse | tuple[str, int]:
    team_id = chosen_team(viewer())
    if team_id is None:
        raise not_found()
    form = Form.sent("vakt")
    begins, ends = _span(form)
    staff_id = form.uuid("staff_id", required=True)
    body = {
        "team_id": str(team_id),
        "staff_id": staff_id and str(staff_id),
        "duty": form.text("duty", required=True),
        "from_at": begins and begins.isoformat(),
        "to_at": ends and ends.isoformat(),
    }
    entry_id = try_submit(form, "duty_set", body, team_id=team_id)
    if entry_id is None:
        return _again(form), 422
    return done(_here(team_id, local(begins).date() if begins else None), "vakt", entry_id)


@bp.post("/<uuid:duty_id>/fjern")
@access("office")
def remove(duty_id: UUID) -> AnyResponse:
    """The entry that set the duty is retracted: it stays, and counts for nothing."""
    with db().reading() as session:
        team_id = duty.duty_team(session, viewer(), duty_id)
    if team_id is None:
        raise not_found()
    form = Form()
    body = {"entry_id": str(duty_id), "what": "retracted", "reason": gettext(N_("tatt av vaktlista"))}
    if try_submit(form, "entry_corrected", body, team_id=team_id) is None:
        raise not_found()
    return done(_here(team_id, _monday()), "fjernet")


def _again(form: Form) -> str:
    now = clock.now()
    with db().reading() as session:
        names = frame(session, now) | _read(session, reader(), now)
    return render_template("office/duty.html", **names | {"form": form})


def _read(session: Any, _: Viewer, now: dt.datetime) -> dict[str, Any]:
    person = signed_in().viewer
    teams, monday = duty.teams_now(session, person, now), _monday()
    team = next((team for team in teams if team.team_id == chosen_team(person)), teams[0])
    team_id = team.team_id
    days = duty.week(session, team_id, monday, now)
    return {
        "team": team,
        "days": days,
        "monday": monday,
        "previous": monday - WEEK,
        "following": monday + WEEK,
        "member_options": duty.choices(session, team_id),
        "may_edit": may_lead(person, team_id),
        "night_without_ringing": not settings().webhook_url and any(_at_night(row) for day in days for row in day.rows),
    }


def _monday() -> dt.date:
    try:
        day = dt.date.fromisoformat(request.args.get("uke", ""))
    except ValueError:
        day = local(clock.now()).date()
    day = min(max(day, dt.date(2000, 1, 3)), dt.date(2190, 1, 1))
    return day - dt.timedelta(days=day.weekday())


def _span(form: Form) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From and to; an end that is not after the beginning means the next day."""
    on = form.day("on", required=True)
    begins, ends = form.clock("from", required=True), form.clock("to", required=True)
    if not (on and begins and ends):
        return None, None
    return at_wall_time(on, begins), at_wall_time(on if ends > begins else on + DAY, ends)


def _at_night(row: duty.DutyRow) -> bool:
    begins, ends = local(row.from_at), local(row.to_at)
    return ends.date() > begins.date() or begins.hour < NIGHT_ENDS or ends.hour >= NIGHT_BEGINS


def _here(team_id: UUID, day: dt.date | None) -> str:
    return url_for(".week", team=team_id, uke=day)

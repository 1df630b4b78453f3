"""`/kontor/team`: who works in a team, who would be told now, and for its leader the times of the ladder."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.errors import AppError, CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.queries import duty, phones
from fieldapp.routes._office import Form, done, frame, not_found, plain_page, reader
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.services import accounts
from fieldapp.texts import N_, gettext

bp = Blueprint("team", __name__, url_prefix="/kontor/team")

STEPS = 4


@bp.get("")
@access("office")
def index() -> tuple[str, int]:
    return plain_page("office/team.html", _read)


@bp.post("/<uuid:team_id>/trapp")
@access("office")
def set_times(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """The minutes from when an alert opens to each of its steps."""
    if team_id not in viewer().team_ids:
        raise not_found()
    if not may_lead(viewer(), team_id):
        raise AppError("not_permitted")
    form = Form.sent(str(team_id))
    minutes = _minutes(form)
    if minutes:
        try:
            with db().transaction() as session:
                accounts.set_escalation(session, team_id, minutes)
            return done(url_for(".index"), "trapp")
        except CannotDo as error:
            form.errors["minutes"] = str(error)
    return _again(form), 422


def _again(form: Form) -> str:
    now = clock.now()
    with db().reading() as session:
        names = frame(session, now) | _read(session, reader(), now)
    return render_template("office/team.html", **names | {"form": form})


def _read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    rows = account_rows.teams_of(session, viewer)
    members = {row.id: duty.members(session, row.id) for row in rows}
    return {
        "own_teams": rows,
        "members": members,
        "phones": _phones_of(members, phones.phones(session, viewer, now)),
        "ladders": {row.id: duty.ladder(session, row.id, "not_seen", now) for row in rows},
        "leads": {row.id for row in rows if may_lead(viewer, row.id)},
    }


def _phones_of(
    members: dict[UUID, list[duty.Member]], rows: list[phones.PhoneRow]
) -> dict[UUID, list[tuple[duty.Member, list[phones.PhoneRow]]]]:
    """Each member of each team with the phones they are signed in on."""
    return {
        team_id: [(one, [row for row in rows if one.staff_id in row.signed_in]) for one in people]
        for team_id, people in members.items()
    }


def _minutes(form: Form) -> tuple[float, ...] | None:
    try:
        typed = [form.text(f"step{step}", required=True) or "" for step in range(STEPS)]
        return tuple(float(one.replace(",", ".")) for one in typed)
    except ValueError:
        form.errors["minutes"] = gettext(N_("Skriv fire tall i minutter."))
        return None

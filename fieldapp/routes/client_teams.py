"""Who follows a client, on the client's page at the office: one more team, the end of one, the primary contact."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import Rejected
from fieldapp.queries import clients
from fieldapp.routes._basis import basis_in
from fieldapp.routes._office import Form, done, not_found, submit_all, try_submit
from fieldapp.routes._web import clock, db, viewer
from fieldapp.routes.client import client_page
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local

bp = Blueprint("client_teams", __name__, url_prefix="/kontor/bruker/<uuid:client_id>")

GIVE, END, PRIMARY = "team", "slutt", "primar"
FURTHEST = dt.timedelta(days=366)
"""How far from today a team's time may be set to begin or end: further is a mistyped year."""


@bp.post("/team")
@access("office", reads="office")
def give(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """One more team, any of the municipality's, and perhaps the end of one of one's own the same day."""
    _card(client_id)
    form = Form.sent(GIVE)
    team_id, from_on = form.uuid("team_id", required=True), _day(form, "from_on")
    ends, basis = form.uuid("ends_team_id"), basis_in(form)
    if form.errors or team_id is None or from_on is None:
        return client_page(client_id, form, 422)
    type_, body = _team_set(team_id, from_on, None)
    entries = [(type_, body | basis)]
    if ends is not None:
        entries.append(_team_set(ends, min(from_on, _from_on(client_id, ends)), from_on))
    try:
        entry_ids = submit_all(entries, client_id=client_id)
    except Rejected as rejected:
        form.refuse(rejected, *entries[0])
        return client_page(client_id, form, 422)
    return done(url_for("office.client", client_id=client_id), "team-gitt", *entry_ids)


@bp.post("/team/<uuid:team_id>/slutt")
@access("office", reads="office")
def end(client_id: UUID, team_id: UUID) -> AnyResponse | tuple[str, int]:
    """The last day one of the viewer's own teams follows."""
    if team_id not in viewer().team_ids:
        raise not_found()
    from_on = _from_on(client_id, team_id)
    form = Form.sent(f"{END}-{team_id}")
    to_on = _day(form, "to_on")
    if to_on and to_on < from_on:
        form.errors["to_on"] = gettext(N_("Kan ikke være før teamet begynte."))
    _, body = _team_set(team_id, from_on, to_on)
    entry_id = try_submit(form, "client_team_set", body, client_id=client_id)
    if entry_id is None:
        return client_page(client_id, form, 422)
    return done(url_for("office.client", client_id=client_id), "team-slutt", entry_id)


@bp.post("/primarkontakt")
@access("office", reads="office")
def primary(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """Somebody who works in a team that follows, or nobody."""
    _card(client_id)
    form = Form.sent(PRIMARY)
    staff_id, seen = form.uuid("primary_staff_id"), form.number("base_seq", 0, 10**9, required=True)
    fields = {"primary_staff_id": str(staff_id) if staff_id else None}
    entry_id = try_submit(form, "client_updated", {"base_seq": seen, "fields": fields}, client_id=client_id)
    if entry_id is None:
        return client_page(client_id, form, 422)
    return done(url_for("office.client", client_id=client_id), "primar", entry_id)


def _card(client_id: UUID) -> clients.ClientCard:
    with db().deciding() as session:
        card = clients.one_client(session, viewer(), client_id, clock.now())
    if card is None:
        raise not_found()
    return card


def _from_on(client_id: UUID, team_id: UUID) -> dt.date:
    """Since when the team follows; 404 when it does not."""
    found = next((one for one in _card(client_id).following if one.team_id == team_id), None)
    if found is None or team_id not in viewer().team_ids:
        raise not_found()
    return found.from_on


def _day(form: Form, name: str) -> dt.date | None:
    day, today = form.day(name, required=True), local(clock.now()).date()
    if day and not today - FURTHEST <= day <= today + FURTHEST:
        form.errors[name] = gettext(N_("Velg en dag innen et år fra i dag."))
    return day


def _team_set(team_id: UUID, from_on: dt.date, to_on: dt.date | None) -> tuple[str, dict[str, Any]]:
    body = {"team_id": str(team_id), "from_on": from_on.isoformat()}
    return "client_team_set", body | ({"to_on": to_on.isoformat()} if to_on else {})

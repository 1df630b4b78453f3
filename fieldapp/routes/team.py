"""`/kontor/team`: who works in a team, who would be told and when, and for its leader the times of the ladder."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import may_lead, may_make_code
from fieldapp.domain.escalation import LADDERS
from fieldapp.domain.norway import at_wall_time
from fieldapp.errors import AppError, CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.queries import duty
from fieldapp.queries.phones import for_leader
from fieldapp.routes._enrolment_qr import enrolment_qr
from fieldapp.routes._office import Form, done, frame, not_found, reader, submit, submit_all
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.services.alerts import preview
from fieldapp.services.people import accounts, grants
from fieldapp.texts import N_, gettext, label
from sync.bodies_board import is_value

bp = Blueprint("team", __name__, url_prefix="/kontor/team")

STEPS = 4
KINDS = tuple(LADDERS)


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    """With `?trapp=<team>`: what is being tried out for that team, with the minutes, kind and time in the address."""
    return _page(_tried(), 200)


@bp.post("/<uuid:team_id>/trapp")
@access("office", reads="office")
def set_times(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """The minutes from when an alert opens to each of its steps."""
    if team_id not in viewer().team_ids:
        raise not_found()
    if not may_lead(viewer(), team_id):
        raise AppError("not_permitted")
    form = Form.sent(str(team_id))
    minutes = _minutes(form)
    if minutes is None:
        return _page(form, 422)
    with db().transaction() as session:
        accounts.set_escalation(session, team_id, minutes)
    return done(url_for(".index"), "trapp")


@bp.post("/ansatte/<uuid:staff_id>/kode")
@access("office", reads="office")
def make_code(staff_id: UUID) -> tuple[str, int]:
    """Answers with the one-time code itself: it is shown once, and never stands in an address."""
    with db().transaction() as session:
        person = account_rows.account(session, staff_id)
        if person is None or person.team_ids.isdisjoint(viewer().team_ids):
            raise not_found()
        if not may_make_code(viewer(), person.role, person.team_ids):
            raise AppError("not_permitted")
        code = accounts.new_enrolment_code(session, staff_id, clock.now(), by=viewer().staff_id)
    return _page(Form(), 200, code_for=person.name, code=code, qr=enrolment_qr(person.username, code))


@bp.post("/<uuid:team_id>/vakttelefon")
@access("office", reads="office")
def set_duty_phone(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """The number that phones show when nothing can be sent."""
    if team_id not in viewer().team_ids:
        raise not_found()
    if not may_lead(viewer(), team_id):
        raise AppError("not_permitted")
    form = Form.sent(f"vakttelefon-{team_id}")
    try:
        number = accounts.checked_number(form.text("duty_phone") or "")
    except CannotDo as error:
        form.errors["duty_phone"] = str(error)
        return _page(form, 422)
    said = {"key": "duty_phone", "value": number or "", "reason": gettext(N_("Satt på siden Team."))}
    return done(url_for(".index"), "vakttelefon", submit("team_setting_set", {"team_id": str(team_id), **said}))


@bp.post("/<uuid:team_id>/innstillinger")
@access("office", reads="office")
def set_settings(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """An entry for each that is otherwise than it was; empty: the team has none."""
    if team_id not in viewer().team_ids:
        raise not_found()
    if not may_lead(viewer(), team_id):
        raise AppError("not_permitted")
    form = Form.sent(f"innstillinger-{team_id}")
    with db().deciding() as session:
        before = next(row.settings for row in account_rows.teams_of(session, viewer()) if row.id == team_id)
    said = {key: form.text(key) or "" for key in _SETTINGS}
    changed = {key: value for key, value in said.items() if value != before.get(key, "")}
    form.errors |= {
        key: gettext(_SETTINGS[key]) for key, value in changed.items() if value and not is_value(key, value)
    }
    if form.errors:
        return _page(form, 422)
    about = {"team_id": str(team_id), "reason": gettext(N_("Satt på siden Team."))}
    if changed:
        submit_all([("team_setting_set", about | {"key": key, "value": value}) for key, value in changed.items()])
    return done(url_for(".index"), "innstillinger")


_SETTINGS = {
    "aat_phone": N_("Skriv et telefonnummer."),
    "review_days": N_("Skriv et helt tall fra 1 til 90."),
    "places": N_("Skriv høyst tolv steder, hvert på høyst 40 tegn, med komma mellom."),
}
"""What a leader sets besides the duty phone, each with what is said of a value that is none."""


@bp.post("/<uuid:team_id>/vikar")
@access("office", reads="office")
def take_on_vikar(team_id: UUID) -> tuple[str, int]:
    """Answers with the one-time code itself, as `make_code` does."""
    form = Form.sent(f"vikar-{team_id}")
    name, phone = form.text("name", required=True) or "", form.text("phone", required=True) or ""
    return _taken_on(form, lambda session: grants.take_on_vikar(session, viewer(), team_id, name, phone, clock.now()))


@bp.post("/<uuid:team_id>/student")
@access("office", reads="office")
def take_on_student(team_id: UUID) -> tuple[str, int]:
    form = Form.sent(f"student-{team_id}")
    name, supervisor_id = form.text("name", required=True) or "", form.uuid("supervisor_id", required=True)
    day = form.day("until_on", required=True)
    if supervisor_id is None or day is None:
        return _page(form, 422)
    until_at = at_wall_time(day + dt.timedelta(days=1), dt.time.min)
    return _taken_on(
        form,
        lambda session: grants.take_on_student(session, viewer(), team_id, name, supervisor_id, until_at, clock.now()),
    )


def _taken_on(form: Form, take_on: Callable[[Any], grants.NewVikar]) -> tuple[str, int]:
    if form.errors:
        return _page(form, 422)
    try:
        with db().transaction() as session:
            new = take_on(session)
    except CannotDo as error:
        form.errors[""] = str(error)
        return _page(form, 422)
    return _page(Form(), 200, code_for=f"{new.name} ({new.username})", code=new.code)


@bp.post("/tilganger/<uuid:grant_id>/avslutt")
@access("office")
def end_grant(grant_id: UUID) -> AnyResponse:
    with db().transaction() as session:
        grants.end_early(session, viewer(), grant_id, clock.now())
    return done(url_for(".index"), "ended")


def _page(form: Form, status: int, **code: str) -> tuple[str, int]:
    now = clock.now()
    names = showing(lambda session: frame(session, now) | _read(session, form, now))
    return render_template("office/team.html", **names, **code), status


def _read(session: Any, form: Form, now: dt.datetime) -> dict[str, Any]:
    person = reader()
    rows = account_rows.teams_of(session, person)
    members = {row.id: duty.members(session, row.id) for row in rows}
    people, events = account_rows.accounts_in(session, person)
    return {
        "may_make_code": {one.staff_id for one in people.values() if may_make_code(viewer(), one.role, one.team_ids)},
        "account_events": events,
        "form": form,
        "own_teams": rows,
        "members": members,
        "phones": _phones_of(members, for_leader.phones(session, person, now)),
        "previews": {row.id: _preview(session, row.id, form, now) for row in rows},
        "guests": grants.in_teams(session, person, now),
        "on_duty": {row.id for row in rows if grants.may_take_on(session, viewer(), row.id, now)},
        "leads": {row.id for row in rows if may_lead(person, row.id)},
        "kinds": [(kind, label("alert_kind", kind)) for kind in KINDS],
    }


@dataclass(frozen=True)
class Preview:
    """What the ladder of one team is shown for; `is_trial`: with minutes that are not saved."""

    kind: str
    at: dt.datetime
    is_trial: bool
    ladder: preview.LadderThen


def _preview(session: Any, team_id: UUID, form: Form, now: dt.datetime) -> Preview:
    """As it would go now, unless this team's form asks for another kind, time or minutes."""
    tried = form if form.name == str(team_id) else Form()
    kind = tried.text("kind")
    kind = kind if kind in LADDERS else KINDS[0]
    at = tried.moment("at") or now
    minutes = _minutes(tried) if "step0" in tried.values else None
    return Preview(kind, at, minutes is not None, preview.preview(session, team_id, kind, at, minutes))


def _tried() -> Form:
    return Form(request.args, {}, request.args.get("trapp", ""))


def _phones_of(
    members: dict[UUID, list[duty.Member]], rows: list[for_leader.PhoneRow]
) -> dict[UUID, list[tuple[duty.Member, list[for_leader.PhoneRow]]]]:
    """Each member of each team with the phones they are signed in on."""
    return {
        team_id: [(one, [row for row in rows if one.staff_id in row.signed_in]) for one in people]
        for team_id, people in members.items()
    }


def _minutes(form: Form) -> tuple[float, ...] | None:
    """Four rising numbers, or None and what is wrong."""
    try:
        typed = [form.text(f"step{step}", required=True) or "" for step in range(STEPS)]
        minutes = tuple(float(one.replace(",", ".")) for one in typed)
        accounts.check_escalation(minutes)
    except ValueError:
        form.errors["minutes"] = gettext(N_("Skriv fire tall i minutter."))
        return None
    except CannotDo as error:
        form.errors["minutes"] = str(error)
        return None
    return minutes

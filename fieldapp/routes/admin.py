"""`/admin`: teams, people, codes for a first password, and ending access. No client content, ever."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.routes._office import DONE, Form, not_found
from fieldapp.routes._web import clock, db, signed_in
from fieldapp.security import access
from fieldapp.services import accounts
from fieldapp.texts import N_, gettext

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("")
@access("admin")
def index() -> str:
    return _page(Form())


@bp.post("/team")
@access("admin")
def add_team() -> AnyResponse | tuple[str, int]:
    form = Form.sent("team")
    name, kind = form.text("name", required=True), form.text("kind", required=True)
    if name and kind:
        try:
            with db().transaction() as session:
                accounts.add_team(session, name, kind, accounts.DEFAULT_ESCALATION, clock.now())
            return redirect(url_for(".index", gjort="lagt-til"), 303)
        except CannotDo as error:
            form.errors[""] = str(error)
    return _page(form), 422


@bp.post("/ansatte")
@access("admin")
def add_staff() -> str | tuple[str, int]:
    """Answers with the one-time code itself: it is shown once, and never stands in an address."""
    form = Form.sent("staff")
    username, name = form.text("username", required=True), form.text("name", required=True)
    role = form.text("role", required=True)
    try:
        team_ids = [UUID(team_id) for team_id in request.form.getlist("team_id")]
    except ValueError:
        raise not_found() from None
    if username and name and role:
        try:
            with db().transaction() as session:
                added = accounts.add_staff(
                    session, username, name, role, team_ids, None, clock.now(), email=form.text("email") or ""
                )
            return _page(Form(), code_for=username, code=added.enrolment_code or "")
        except CannotDo as error:
            form.errors[""] = str(error)
    return _page(form), 422


@bp.post("/ansatte/<uuid:staff_id>/kode")
@access("admin")
def new_code(staff_id: UUID) -> str:
    with db().transaction() as session:
        person = _active(account_rows.people(session), staff_id)
        code = accounts.new_enrolment_code(session, staff_id, clock.now(), by=signed_in().viewer.staff_id)
    return _page(Form(), code_for=person.username, code=code)


@bp.post("/ansatte/<uuid:staff_id>/avslutt")
@access("admin")
def end_staff(staff_id: UUID) -> AnyResponse | tuple[str, int]:
    form = Form.sent("end")
    if staff_id == signed_in().viewer.staff_id:
        form.errors[""] = gettext(N_("Du kan ikke avslutte deg selv."))
        return _page(form), 422
    with db().transaction() as session:
        person = _active(account_rows.people(session), staff_id)
        accounts.end_staff(session, person.username, clock.now(), by=signed_in().viewer.staff_id)
    return redirect(url_for(".index", gjort="ended"), 303)


def _active(people: list[account_rows.StaffRow], staff_id: UUID) -> account_rows.StaffRow:
    found = next((person for person in people if person.id == staff_id and not person.ended_at), None)
    if found is None:
        raise not_found()
    return found


def _page(form: Form, code_for: str = "", code: str = "") -> str:
    with db().reading() as session:
        teams, people = account_rows.teams(session), account_rows.people(session)
    return render_template(
        "admin/admin.html",
        person=signed_in(),
        form=form,
        teams=teams,
        active=[one for one in people if not one.ended_at],
        ended=[one for one in people if one.ended_at],
        chosen_teams=request.form.getlist("team_id"),
        code_for=code_for,
        code=code,
        done=gettext(DONE[request.args["gjort"]]) if request.args.get("gjort") in DONE else "",
        now=clock.now(),
    )

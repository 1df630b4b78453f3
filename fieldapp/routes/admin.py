"""`/admin`: teams and people as they are, move and end; codes for a first password. No client content, ever."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.queries import health
from fieldapp.routes._enrolment_qr import enrolment_qr
from fieldapp.routes._office import DONE, Form, not_found
from fieldapp.routes._web import clock, db, signed_in
from fieldapp.security import access
from fieldapp.services.people import accounts, staffing
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
            form.errors["name"] = str(error)
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


@bp.post("/ansatte/<uuid:staff_id>")
@access("admin")
def edit_staff(staff_id: UUID) -> AnyResponse | tuple[str, int]:
    """Name, title, role and teams, as they are from now on."""
    form = Form.sent(f"staff-{staff_id}")
    name, role = form.text("name", required=True), form.text("role", required=True)
    try:
        team_ids = [UUID(team_id) for team_id in request.form.getlist("team_id")]
    except ValueError:
        raise not_found() from None
    with db().reading() as session:
        person = _active(account_rows.people(session), staff_id)
    if staff_id == signed_in().viewer.staff_id and role != person.role:
        form.errors["role"] = gettext(N_("Du kan ikke endre din egen rolle."))
    if form.errors or not (name and role):
        return _page(form), 422
    title = form.text("title") or ""

    def work(session: Any) -> None:
        staffing.edit_person(session, staff_id, name=name, role=role, title=title, team_ids=team_ids, now=clock.now())

    return _do(form, "endret", work)


@bp.post("/ansatte/<uuid:staff_id>/hent-tilbake")
@access("admin")
def bring_back(staff_id: UUID) -> str | tuple[str, int]:
    """Answers with the one-time code, as for somebody new."""
    with db().reading() as session:
        person = _known(account_rows.people(session), staff_id)
    form = Form.sent(f"ended-{staff_id}")
    try:
        with db().transaction() as session:
            code = staffing.bring_back(session, staff_id, clock.now())
    except CannotDo as error:
        form.errors[""] = str(error)
        return _page(form), 422
    return _page(Form(), code_for=person.username, code=code)


@bp.post("/ansatte/<uuid:staff_id>/frigi")
@access("admin")
def free_username(staff_id: UUID) -> AnyResponse | tuple[str, int]:
    with db().reading() as session:
        _known(account_rows.people(session), staff_id)
    form = Form.sent(f"ended-{staff_id}")
    return _do(form, "frigitt", lambda session: staffing.free_username(session, staff_id))


@bp.post("/team/<uuid:team_id>")
@access("admin")
def rename_team(team_id: UUID) -> AnyResponse | tuple[str, int]:
    form = Form.sent(f"team-{team_id}")
    name = form.text("name", required=True)
    _running(team_id)
    if not name:
        return _page(form), 422
    return _do(form, "endret", lambda session: staffing.rename_team(session, team_id, name), "name")


@bp.post("/team/<uuid:team_id>/avslutt")
@access("admin")
def end_team(team_id: UUID) -> AnyResponse | tuple[str, int]:
    _running(team_id)
    form = Form.sent(f"end-team-{team_id}")
    return _do(form, "team-avsluttet", lambda session: staffing.end_team(session, team_id, clock.now()))


@bp.get("/varslingen")
@access("admin")
def alerting() -> str:
    """Whether the alerting works, for the page to ask now and then: an administrator is who can mend it."""
    return render_template("admin/_alerting.html", alerting_ok=_alerting_ok())


def _do(form: Form, code: str, work: Callable[[Any], object], field: str = "") -> AnyResponse | tuple[str, int]:
    """In a transaction; the page again with what is in the way, or with what was done."""
    try:
        with db().transaction() as session:
            work(session)
    except CannotDo as error:
        form.errors[field] = str(error)
        return _page(form), 422
    return redirect(url_for(".index", gjort=code), 303)


def _running(team_id: UUID) -> None:
    with db().reading() as session:
        if not any(team.id == team_id and not team.ended_at for team in account_rows.teams(session)):
            raise not_found()


def _alerting_ok() -> bool:
    with db().reading() as session:
        return health.alerting_ok(session, clock.now())


def _known(people: list[account_rows.StaffRow], staff_id: UUID) -> account_rows.StaffRow:
    found = next((person for person in people if person.id == staff_id), None)
    if found is None:
        raise not_found()
    return found


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
        teams=[team for team in teams if not team.ended_at],
        ended_teams=[team for team in teams if team.ended_at],
        alerting_ok=_alerting_ok(),
        active=[one for one in people if not one.ended_at],
        ended=[one for one in people if one.ended_at],
        chosen_teams=request.form.getlist("team_id"),
        code_for=code_for,
        code=code,
        qr=enrolment_qr(accounts.as_username(code_for), code) if code else "",
        done=gettext(DONE[request.args["gjort"]]) if request.args.get("gjort") in DONE else "",
        now=clock.now(),
    )

"""`/admin/importer`: staff and teams from a spreadsheet, as the administrator would add them one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template

from fieldapp.domain.import_columns import STAFF, TEAMS
from fieldapp.queries import health
from fieldapp.routes import _import
from fieldapp.routes._import import Sheet
from fieldapp.routes._office import Form
from fieldapp.routes._web import clock, db, signed_in
from fieldapp.security import access
from fieldapp.services.importing import staffing
from fieldapp.services.importing.report import Report
from fieldapp.services.importing.sheets import Line

bp = Blueprint("import_accounts", __name__, url_prefix="/admin/importer")
_WHAT = {"ansatte": STAFF, "team": TEAMS}


@bp.get("/<any(ansatte, team):what>")
@access("admin")
def index(what: str) -> tuple[str, int]:
    return _page(what, None, Form())


@bp.post("/<any(ansatte, team):what>")
@access("admin")
def post(what: str) -> tuple[str, int]:
    """Answers with the one-time codes themselves: they are shown once, and never stand in an address."""
    form = Form.sent(_import.NAME)
    sheet = _import.sent(_WHAT[what], form)
    if sheet is None:
        return _page(what, None, form, 422)

    def take(session: Any, lines: Sequence[Line], mapped: Mapping[str, str]) -> Report:
        if _WHAT[what] == STAFF:
            return staffing.take_staff(session, lines, clock.now(), mapped)
        return staffing.take_teams(session, lines, clock.now(), mapped)

    if _import.is_last_step() and _import.taken(sheet, take):
        return _page(what, sheet, form, is_taken=True)
    if not sheet.faults:
        _import.tried(sheet, take)
    return _page(what, sheet, form, 422 if sheet.faults else 200)


def _page(what: str, sheet: Sheet | None, form: Form, status: int = 200, *, is_taken: bool = False) -> tuple[str, int]:
    now = clock.now()
    with db().reading() as session:
        alerting_ok = health.worker_health(session, now).is_ticking
    page = render_template(
        "admin/import.html",
        person=signed_in(),
        what=what,
        is_taken=is_taken,
        alerting_ok=alerting_ok,
        now=now,
        **_import.names(sheet, form),
    )
    return page, status

"""`/kontor/brukere/importer`: many clients from a spreadsheet, for the leader of their team."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import may_import
from fieldapp.domain.import_columns import CLIENTS
from fieldapp.errors import AppError
from fieldapp.queries.names import client_names
from fieldapp.routes import _import
from fieldapp.routes._import import Sheet
from fieldapp.routes._office import Form, done, plain_page
from fieldapp.routes._web import clock, viewer
from fieldapp.security import access
from fieldapp.services.importing.clients import take_clients
from fieldapp.services.importing.report import Report
from fieldapp.services.importing.sheets import Line

bp = Blueprint("import_clients", __name__, url_prefix="/kontor/brukere/importer")


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    _refuse_others()
    return _page(None, Form())


@bp.post("")
@access("office", reads="office")
def post() -> AnyResponse | tuple[str, int]:
    _refuse_others()
    form = Form.sent(_import.NAME)
    sheet = _import.sent(CLIENTS, form)
    if sheet is None:
        return _page(None, form, 422)
    if _import.is_last_step() and _import.taken(sheet, _take):
        return done(url_for("client_list.index"), "importert")
    if not sheet.faults:
        _import.tried(sheet, _take)
    return _page(sheet, form, 422 if sheet.faults else 200)


def _take(session: Any, lines: Sequence[Line], mapped: Mapping[str, str]) -> Report:
    return take_clients(session, lines, viewer(), clock.now(), mapped, only_in_sight=True)


def _refuse_others() -> None:
    if not may_import(viewer()):
        raise AppError("not_permitted")


def _page(sheet: Sheet | None, form: Form, status: int = 200) -> tuple[str, int]:
    def build(session: Any, *_: Any) -> dict[str, Any]:
        if sheet and sheet.report:
            client_names(session, sheet.report.tells_of)  # who is there is read, and so logged, also without a name
        return _import.names(sheet, form)

    return plain_page("clients/import.html", build, status)

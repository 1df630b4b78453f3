"""`/kontor/hendelser`: incidents against staff, whole, for the leader of the team; as a file without the clients."""

import csv
import datetime as dt
import io
from typing import Any

from flask import Blueprint, Response

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.queries import entries
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.routes._office import plain_page, reader
from fieldapp.routes._web import clock, showing
from fieldapp.routes._web import viewer as asking
from fieldapp.security import access
from fieldapp.texts import N_, gettext, label, local

bp = Blueprint("incidents", __name__, url_prefix="/kontor/hendelser")

_COLUMNS = (
    N_("Når"),
    N_("Ført av"),
    N_("Hva"),
    N_("Av"),
    N_("Skade"),
    N_("Kunne trekke seg unna"),
    N_("Støtte etterpå"),
    N_("Meldt i avvikssystemet"),
    N_("Nummer på meldingen"),
)


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    _must_lead()
    return plain_page("office/incidents.html", _read)


@bp.get("/fil")
@access("office", reads="print")
def file() -> Response:
    """For the verneombud: neither the client nor a word of free text, which may name one."""
    _must_lead()
    rows = showing(lambda session: _read(session, reader(), clock.now())["incidents"])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([gettext(name) for name in _COLUMNS])
    writer.writerows([_cells(row) for row in rows])
    headers = {"Content-Disposition": "attachment; filename=hendelser.csv"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _must_lead() -> None:
    if asking().role != "leader":
        raise AppError("not_permitted")


def _read(session: Any, viewer: Viewer, _: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one."""
    return {"incidents": entries.incidents_of_teams(session, viewer)}


def _cells(row: EntryRow) -> list[str]:
    body = row.body
    return [
        local(row.at).strftime("%Y-%m-%d %H:%M"),
        row.author,
        _words("staff_incident", body["kinds"]),
        label("incident_by", body["by"]),
        label("injury", body["injury"]) if body.get("injury") else "",
        label("retreat", body["could_retreat"]) if body.get("could_retreat") else "",
        _words("staff_support", body.get("support") or ()),
        _yes_no(body.get("in_system")),
        _plain(body.get("report_number") or ""),
    ]


def _words(list_name: str, codes: Any) -> str:
    return ", ".join(label(list_name, code) for code in codes)


def _plain(text: str) -> str:
    """A cell that a spreadsheet would reckon as a formula is text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _yes_no(value: bool | None) -> str:
    if value is None:
        return ""
    return gettext(N_("Ja")) if value else gettext(N_("Nei"))

"""`/kontor/brukere`: the clients, searched and filtered, and «Ny bruker»."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, after_this_request, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import TEAM_ROLES, Viewer, may_import, may_submit
from fieldapp.domain.client_search import Findable
from fieldapp.errors import AppError
from fieldapp.queries import client_list, duty
from fieldapp.queries.client_list import COLUMNS, NOBODY, USUAL, WHICH, Wanted
from fieldapp.routes import _client_list_file, _once
from fieldapp.routes._office import Form, done, plain_page, reader
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local
from sync.entry_types import type_that

bp = Blueprint("client_list", __name__, url_prefix="/kontor/brukere")

REGISTERS = type_that(lambda row: row.registers)
NEW = "ny"
ON_ALL_PAGES = {
    "": N_("Alle som følges opp"),
    "mangler-avtale": N_("Avtale mangler"),
    "ikke-sett": N_("Ikke sett som avtalt"),
    "pa-tavla": N_("På tavla"),
    "gammel-risiko": N_("Gammelt i «Før du går inn»"),
    "avsluttet": N_("Avsluttet"),
}
COLUMN_WORDS = {
    "sist": N_("Sist"),
    "frist": N_("Bør ses"),
    "neste": N_("Neste kontakt"),
    "primar": N_("Primærkontakt"),
    "team": N_("Team"),
    "tavla": N_("På tavla"),
    "se-pa": N_("Å se på"),
    "kontakt": N_("Planlagt kontakt"),
    "avtale": N_("Avtalen vurderes"),
    "telefon": N_("Telefon"),
    "adresse": N_("Adresse"),
}
COLUMNS_COOKIE = "kolonner"
_A_YEAR = 365 * 24 * 3600
_OFTEN = ("24", "12", "48", "72", "each_shift")
_PLANNED = ("1", "2", "3", "7", "14", "30")
_YEARS_BACK = 110
_MOST_PAGES = 10_000


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(new_form_id=_once.new_form_id)


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    if "kolonne" in request.args:
        after_this_request(_remember)
    return plain_page("clients/clients.html", _read_list)


@bp.get("/brukere.csv")
@access("office", reads="print")
def file() -> Response:
    """The list as it is narrowed, all of its pages, with the columns that are chosen; for who leads."""
    if viewer().role != "leader":
        raise AppError("not_permitted")
    now = clock.now()
    lines = showing(lambda session: client_list.exported(session, reader(), _wanted(), now, local(now).date()))
    return Response(
        _client_list_file.csv_of(lines, _columns()),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=brukere.csv"},
    )


@bp.get("/ny")
@access("office", reads="office")
def new() -> tuple[str, int]:
    return _new_page(Form())


@bp.post("/ny")
@access("office", reads="office")
def register() -> AnyResponse | tuple[str, int]:
    """A new client. Somebody who may be there already is asked about first, once."""
    form = Form.sent(NEW)
    body = _body(form)
    if form.errors:
        return _new_page(form, 422)
    client_id = _once.form_id()
    maybe = [] if form.text("somebody_else") else _maybe_registered(body, client_id)
    if maybe:
        form.errors["somebody_else"] = gettext(N_("Se om det er en av disse først."))
        return _new_page(form, 422, maybe)
    entry_id = _once.try_once(form, REGISTERS, lambda _: body, client_id=client_id)
    if entry_id is None:
        return _new_page(form, 422)
    return done(url_for("office.client", client_id=client_id), "registrert")


def _read_list(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one."""
    wanted = _wanted()
    return {
        "wanted": wanted,
        "columns": _columns(),
        "column_words": COLUMN_WORDS,
        "narrowed": _narrowed(wanted),
        "may_export": viewer.role == "leader",
        "list": client_list.client_list(session, viewer, wanted, now, local(now).date()),
        "primary_options": [
            ("", gettext(N_("Alle"))),
            *((str(staff_id), name) for staff_id, name in client_list.primaries(session, viewer)),
            (NOBODY, gettext(N_("Ingen"))),
        ],
        "which_options": [(code, gettext(words)) for code, words in ON_ALL_PAGES.items()],
        "may_register": may_submit(viewer, REGISTERS),
        "may_import": may_import(viewer),
    }


def _wanted() -> Wanted:
    return Wanted(
        text=request.args.get("sok", "").strip()[:100],
        primary=request.args.get("primar", ""),
        which=which if (which := request.args.get("vis", "")) in WHICH else "",
        page=_page(),
    )


def _narrowed(wanted: Wanted) -> dict[str, Any]:
    """What the address says of it."""
    said = {"team": request.args.get("team"), "sok": wanted.text, "primar": wanted.primary, "vis": wanted.which}
    return {name: value for name, value in said.items() if value}


def _columns() -> tuple[str, ...]:
    """Those of the address, else those chosen last, else the usual."""
    asked = request.args.getlist("kolonne") or request.cookies.get(COLUMNS_COOKIE, "").split(".")
    usual = (one for one in USUAL if one != "team" or len(viewer().team_ids) > 1)
    return tuple(one for one in COLUMNS if one in asked) or tuple(usual)


def _remember(response: Response) -> Response:
    """The columns, for a year: names of columns, nothing of anybody."""
    response.set_cookie(COLUMNS_COOKIE, ".".join(_columns()), max_age=_A_YEAR, samesite="Lax", httponly=True)
    return response


def _page() -> int:
    typed = request.args.get("side", "")
    return min(int(typed), _MOST_PAGES) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _body(form: Form) -> dict[str, Any]:
    """What was typed, as the phone's form sends it (views/forms_person.js): a watch, or planned contact alone."""
    team_id, primary_id = form.uuid("team_id", required=True), form.uuid("primary_staff_id")
    answer = form.text("watch_answer", required=True)
    watch, days = _watch(form, answer), None
    if answer == "planned":
        days = int(typed) if (typed := form.text("contact_interval_days")) in _PLANNED else None
    return {
        "name": form.text("name", required=True),
        "team_id": str(team_id) if team_id else None,
        "alias": form.text("alias"),
        "birth_year": form.number("birth_year", local(clock.now()).year - _YEARS_BACK, local(clock.now()).year),
        "phone": form.text("phone"),
        "address": form.text("address"),
        "primary_staff_id": str(primary_id) if primary_id else None,
        "watch": watch,
        "contact_interval_days": days,
        "note": form.text("note"),
    }


def _watch(form: Form, answer: str | None) -> dict[str, Any]:
    if answer != "watch":
        return {"mode": "off"}
    often = form.text("watch_often", required=True)
    if often not in _OFTEN:
        form.errors.setdefault("watch_often", gettext(N_("Velg fra lista.")))
        return {"mode": "off"}
    return {"mode": often} if often == "each_shift" else {"mode": "interval", "interval_minutes": int(often) * 60}


def _maybe_registered(body: dict[str, Any], client_id: UUID) -> list[tuple[UUID, str, int | None]]:
    """Those the person sees; not the client itself, when the form is sent twice."""
    new = Findable(body["name"], body["alias"], body["birth_year"])
    found = showing(lambda session: client_list.maybe_registered(session, viewer(), new))
    return [one for one in found if one[0] != client_id]


def _new_page(
    form: Form, status: int = 200, maybe: list[tuple[UUID, str, int | None]] | None = None
) -> tuple[str, int]:
    if not may_submit(viewer(), REGISTERS):
        raise AppError("not_permitted")
    with db().reading() as session:
        people = {
            one.staff_id: one.name
            for team_id in viewer().team_ids
            for one in duty.members(session, team_id)
            if one.role in TEAM_ROLES
        }
    options = sorted(people.items(), key=lambda one: one[1])
    return plain_page(
        "clients/new.html",
        lambda *_: {
            "form": form,
            "maybe": maybe or [],
            "primary_options": [(str(staff_id), name) for staff_id, name in options],
        },
        status,
    )

"""`/kontor/saker`: the cases, one case with its timeline, and what is new in it."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.queries import cases, clients, duty, entries, files
from fieldapp.queries.cases import TENANCY_KINDS
from fieldapp.routes._office import Form, done, frame, live_page, not_found, reader, try_submit
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext
from sync.entry_types import update_of

bp = Blueprint("cases", __name__, url_prefix="/kontor/saker")

UPDATES = {kind: update_of(kind) for kind in TENANCY_KINDS}
_LONGEST_AMOUNT = 12
MOST_DOSES = 50


@bp.get("")
@access("office", reads="office")
def index() -> str | Response:
    return live_page("cases/cases.html", "cases/_cases.html", _read_list)


def _read_list(session: Any, viewer: Viewer, _: dt.datetime) -> dict[str, Any]:
    kind = request.args.get("art", "")
    kinds = (kind,) if kind in cases.KINDS else cases.KINDS
    shows_closed = request.args.get("status") == "avsluttet"
    find = cases.closed_cases if shows_closed else cases.open_cases
    return {
        "cases": find(session, viewer, kinds),
        "kind": kind if kind in cases.KINDS else "",
        "shows_closed": shows_closed,
    }


@bp.get("/<uuid:case_id>")
@access("office", reads="office")
def one(case_id: UUID) -> str | Response:
    return live_page("cases/case.html", "cases/_case.html", lambda *about: _read(case_id, *about))


@bp.post("/<uuid:case_id>")
@access("office", reads="office")
def update(case_id: UUID) -> AnyResponse | tuple[str, int]:
    """What is new in a case about the tenancy; what is left empty stays as it was."""
    with db().deciding() as session:
        case = cases.one_case(session, viewer(), case_id)
    if case is None or case.kind not in UPDATES:
        raise not_found()
    form = Form.sent("nytt")
    body = _OF_A_TENANCY[case.kind](form) | _step(form)
    if not form.errors and not any(value is not None for value in body.values()):
        form.errors[""] = gettext(N_("Skriv hva som er nytt i saken."))
    entry_id = try_submit(form, UPDATES[case.kind], body, client_id=case.client_id, case_id=case_id)
    if entry_id is None:
        return _again(case_id, form), 422
    return done(url_for(".one", case_id=case_id), "oppdatert", entry_id)


@bp.post("/<uuid:case_id>/<any(steg, avslutt, oppfulgt):what>")
@access("office", reads="office")
def crisis(case_id: UUID, what: str) -> AnyResponse | tuple[str, int]:
    """One step of a crisis, its end, or what was done about it afterwards."""
    with db().deciding() as session:
        case = cases.one_case(session, viewer(), case_id)
    if case is None or case.kind != "crisis":
        raise not_found()
    form = Form.sent(what)
    type_, body = _OF_A_CRISIS[what](form)
    entry_id = try_submit(form, type_, body, client_id=case.client_id, case_id=case_id, team_id=case.team_id)
    if entry_id is None:
        return _again(case_id, form), 422
    return done(url_for(".one", case_id=case_id), _DONE[what], entry_id)


def _again(case_id: UUID, form: Form) -> str:
    now = clock.now()
    names = showing(lambda session: frame(session, now) | {"mark": ""} | _read(case_id, session, reader(), now))
    return render_template("cases/case.html", **names | {"form": form})


def _read(case_id: UUID, session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    case = cases.one_case(session, viewer, case_id)
    if case is None:
        raise not_found()
    told = entries.entries_of_case(session, viewer, case_id)
    return {
        "case": case,
        "client": clients.one_client(session, viewer, case.client_id, now) if case.client_id else None,
        "entries": told,
        "photos": files.files_of_entries(session, viewer, [one.id for one in told]),
        "colleague_options": duty.choices(session, case.team_id),
    }


def _rent(form: Form) -> dict[str, Any]:
    return {
        "status": form.text("status"),
        "tenancy": form.text("tenancy"),
        "amount_nok": _amount(form),
        "plan": form.text("plan"),
        "deadline_on": _iso(form.day("deadline_on")),
        "letters": _letter(form),
    }


def _complaint(form: Form) -> dict[str, Any]:
    return {
        "status": form.text("status"),
        "client_role": form.text("client_role"),
        "answer_given": form.text("answer_given"),
    }


def _incident(form: Form) -> dict[str, Any]:
    return {
        "status": form.text("status"),
        "client_role": form.text("client_role"),
        "landlord_informed": True if form.text("landlord_informed") else None,
    }


_OF_A_TENANCY: dict[str, Callable[[Form], dict[str, Any]]] = {
    "rent": _rent,
    "complaint": _complaint,
    "housing": _incident,
}


def _crisis_step(form: Form) -> tuple[str, dict[str, Any]]:
    count = form.number("count", 1, MOST_DOSES)
    return "crisis_step_logged", {
        "step": form.text("step", required=True),
        "count": count if form.text("step") == "naloxone" else None,
        "note": form.text("note"),
    }


def _crisis_end(form: Form) -> tuple[str, dict[str, Any]]:
    return "crisis_closed", {
        "outcome": form.text("outcome", required=True),
        "admission_avoided": form.text("admission_avoided"),
        "debrief": True if form.text("debrief") else None,
        "note": form.text("note"),
    }


def _crisis_followed_up(form: Form) -> tuple[str, dict[str, Any]]:
    """A step «other» with words, after the end: see services/projections/cases.py."""
    return "crisis_step_logged", {"step": "other", "note": form.text("note", required=True)}


_OF_A_CRISIS: dict[str, Callable[[Form], tuple[str, dict[str, Any]]]] = {
    "steg": _crisis_step,
    "avslutt": _crisis_end,
    "oppfulgt": _crisis_followed_up,
}
_DONE = {"steg": "steg", "avslutt": "krise-slutt", "oppfulgt": "fulgt-opp-krise"}


def _step(form: Form) -> dict[str, Any]:
    owner_id = form.uuid("owner_id")
    return {
        "next_step": form.text("next_step"),
        "next_step_on": _iso(form.day("next_step_on")),
        "owner_id": str(owner_id) if owner_id else None,
        "note": form.text("note"),
    }


def _letter(form: Form) -> list[dict[str, str]] | None:
    """One letter that was shown, with the dates that are known. A date without a letter is a mistake."""
    kind = form.text("letter_kind")
    dates = {name: form.day(f"letter_{name}") for name in ("dated_on", "sent_on", "received_on")}
    given = {name: day.isoformat() for name, day in dates.items() if day}
    if given and not kind:
        form.errors["letter_kind"] = gettext(N_("Velg hva slags brev det er."))
    return [{"kind": kind, **given}] if kind else None


def _amount(form: Form) -> str | None:
    """«14 250,50» as people type it, as the contract's exact decimal string."""
    typed = (form.text("amount_nok") or "").removesuffix("kr").replace("\u00a0", "").replace(" ", "")
    if not typed:
        return None
    plain = typed.replace(".", "").replace(",", ".") if "," in typed else typed
    whole, _, fraction = plain.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(fraction) <= 2 and (fraction.isdigit() or not fraction)):
        form.errors["amount_nok"] = gettext(N_("Skriv beløpet som 14 250,00."))
    return plain.removesuffix(".")[:_LONGEST_AMOUNT]


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None

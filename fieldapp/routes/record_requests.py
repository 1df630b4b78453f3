"""`/kontor/innsyn/<client>/krav`: what the client asks to have corrected or barred, and what was decided."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain import record_requests as rules
from fieldapp.errors import AppError
from fieldapp.queries import entries
from fieldapp.queries.names import staff_names
from fieldapp.routes._office import Form, done, frame, not_found
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.services.audit import record_requests as cases
from fieldapp.services.audit.handling import may_handle
from fieldapp.texts import N_, choices, gettext

bp = Blueprint("record_requests", __name__, url_prefix="/kontor/innsyn/<uuid:client_id>/krav")

ASK = "nytt-krav"
_PROBLEMS = {
    "entry_id": N_(
        "Denne oppføringen kan ikke sperres for seg. Den styrer kortet, avtalen eller hvem som følger. "
        "Sperr kollegaen fra brukeren i stedet."
    ),
    "note": N_("Må fylles ut, med høyst 1000 tegn."),
}


@bp.get("")
@access("signed_in", reads="print")
def index(client_id: UUID) -> str:
    return _page(client_id, Form())


@bp.post("")
@access("signed_in", reads="print")
def ask(client_id: UUID) -> AnyResponse | tuple[str, int]:
    form = Form.sent(ASK)
    kind, asker, note = (form.text(name, required=True) or "" for name in ("kind", "asker", "note"))
    entry_id = form.uuid("entry_id")
    return _try(form, client_id, "krav-bedt", cases.ask, kind, asker, entry_id, note)


@bp.post("/<uuid:request_id>/svar")
@access("signed_in", reads="print")
def answer(client_id: UUID, request_id: UUID) -> AnyResponse | tuple[str, int]:
    form = Form.sent(str(request_id))
    said, law, note = (form.text(name, required=True) or "" for name in ("answer", "law", "note"))
    return _try(form, client_id, "krav-svart", cases.answer, request_id, said, law, note)


@bp.post("/<uuid:request_id>/sperr")
@access("signed_in", reads="print")
def bar(client_id: UUID, request_id: UUID) -> AnyResponse | tuple[str, int]:
    """From one person, one unit, or everybody: what is chosen is a person's or a team's id, or «alle»."""
    form = Form.sent(str(request_id))
    kind, _, id_ = (form.text("whom", required=True) or "").partition(":")
    try:
        whom = UUID(id_) if id_ else None
    except ValueError:
        whom = None
    if kind not in ("person", "team", "alle") or (whom is None) != (kind == "alle"):
        form.errors["whom"] = gettext(N_("Velg fra lista."))
    staff_id, team_id = (whom if kind == name else None for name in ("person", "team"))
    return _try(form, client_id, "krav-sperret", cases.bar, request_id, staff_id, team_id)


@bp.post("/<uuid:request_id>/opphev/<uuid:bar_id>")
@access("signed_in", reads="print")
def lift(client_id: UUID, request_id: UUID, bar_id: UUID) -> AnyResponse | tuple[str, int]:
    return _try(Form.sent(str(bar_id)), client_id, "krav-opphevet", cases.lift, request_id, bar_id)


def _try(form: Form, client_id: UUID, code: str, do: Any, *given: Any) -> AnyResponse | tuple[str, int]:
    with db().deciding() as session:
        if not may_handle(session, viewer(), client_id):
            raise not_found()
    if form.errors:
        return _page(client_id, form), 422
    try:
        with db().transaction() as session:
            do(session, viewer(), client_id, *given, clock.now())
    except AppError as error:
        if error.code != "invalid_field":
            raise
        field = error.field or ""
        form.errors[field] = gettext(_PROBLEMS.get(field, N_("Velg fra lista.")))
        return _page(client_id, form), 422
    return done(url_for(".index", client_id=client_id), code)


def _page(client_id: UUID, form: Form) -> str:
    now = clock.now()
    try:
        chosen = UUID(form.values.get("entry_id") or request.args.get("oppforing", ""))
    except ValueError:
        chosen = None

    def read(session: Any) -> dict[str, Any]:
        if not may_handle(session, viewer(), client_id):
            raise not_found()
        card, rows = entries.whole_record(session, client_id)
        found, (teams, people) = cases.cases_of(session, client_id), cases.units(session, client_id)
        steps = [step for case in found for step in (case.asked, case.answered, *case.bars) if step]
        by_id = {row.id: row for row in rows}
        return frame(session, now) | {
            "client": card,
            "cases": found,
            "entries": by_id,
            "chosen": by_id.get(chosen) if chosen else None,
            "teams": teams,
            "people": people,
            "team_names": dict(teams),
            "staff": dict(people)
            | staff_names(session, [one for step in steps for one in (step.by_staff_id, step.staff_id) if one]),
            "kinds": choices("record_request"),
            "askers": choices("record_asker"),
            "answers": choices("record_answer"),
            "laws": {
                kind: [(code, words) for code, words in choices("record_law") if code in laws]
                for kind, laws in rules.LAWS.items()
            },
        }

    return render_template("office/record_requests.html", **showing(read, "innsyn") | {"form": form})

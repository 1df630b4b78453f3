"""What the office writes on a client's page: agreements, absences, risks, people around, tasks … by the same entries.

The questions stand in texts/office_forms.py. Invariant: no right is decided here; the door judges each entry by its
type, and what a form is about is looked up as its writer sees it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.queries import clients, overview, standing
from fieldapp.routes import _once
from fieldapp.routes._office import Form, done, not_found
from fieldapp.routes._web import clock, db, viewer
from fieldapp.routes.client import client_page
from fieldapp.security import access
from fieldapp.texts import N_, gettext
from fieldapp.texts.office_forms import OFFICE_FORMS, OfficeForm, Question
from sync.entry_types import ENTRY_TYPES

bp = Blueprint("client_forms", __name__, url_prefix="/kontor/bruker/<uuid:client_id>/for")

_MINUTES_AN_HOUR = 60
_MOST = 10**6


@bp.post(f"/<any({','.join(OFFICE_FORMS)}):what>")
@access("office", reads="office")
def save(client_id: UUID, what: str) -> AnyResponse | tuple[str, int]:
    """One entry about the client; again with what is wrong, and nothing lost."""
    spec = OFFICE_FORMS[what]
    now = clock.now()
    with db().deciding() as session:
        card = clients.one_client(session, viewer(), client_id, now)
    if card is None:
        raise not_found()
    thing_id = request.form.get("thing_id", "")
    form = Form.sent(f"{what}-{thing_id}" if thing_id else what)
    tied = _tied(spec, client_id, thing_id)
    body = _SHAPED.get(what, lambda _form, body: body)(form, answers(form, spec.questions))
    entry_id = _once.try_once(form, spec.type, lambda id_: tied(id_) | body, client_id=client_id)
    if entry_id is None:
        return client_page(client_id, form, 422)
    return done(url_for("office.client", client_id=client_id), "lagret", entry_id)


def answers(form: Form, questions: tuple[Question, ...]) -> dict[str, Any]:
    """What was answered, by the names of the contract; None where nothing was."""
    return {one.name: _READ[one.kind](form, one) for one in questions}


def _tied(spec: OfficeForm, client_id: UUID, thing_id: str) -> Callable[[UUID], dict[str, Any]]:
    """The fields that nobody fills in: the id of the thing, and the versions that were in front of the writer."""
    minted = _minted(spec)
    if spec.of == "absence":
        _must_be(thing_id, [str(one.id) for one in _absences(client_id)])
        return lambda _: {minted: thing_id}
    if spec.of or (spec.may_change and thing_id):
        thing = _thing(spec.of or spec.may_change, client_id, thing_id)
        replaces = {"replaces": [str(one.id) for one in thing.versions]} if spec.may_change else {}
        return lambda _: {minted: str(thing.id), **replaces}
    return lambda id_: {minted: str(id_)} if minted else {}


def _minted(spec: OfficeForm) -> str:
    row = ENTRY_TYPES[spec.type]
    if row.points_at in ("new_absence", "absence"):
        return "absence_id"
    is_named = row.stands is not None and row.stands.part not in ("withdraws", "reads")
    return (row.stands.id or "") if is_named and row.stands else ""


def _thing(kind: Any, client_id: UUID, thing_id: str) -> standing.Stands:
    try:
        wanted = UUID(thing_id)
    except ValueError as error:
        raise not_found() from error
    with db().deciding() as session:
        found = standing.one(session, viewer(), kind, wanted)
    if found is None or found.client_id != client_id:
        raise not_found()
    return found


def _absences(client_id: UUID) -> list[overview.AbsenceLine]:
    with db().deciding() as session:
        return overview.absences_of_client(session, viewer(), client_id, clock.now())


def _must_be(value: str, among: list[str]) -> None:
    if value not in among:
        raise not_found()


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _many(form: Form, one: Question) -> list[str] | None:
    given = [*one.fixed, *(code for code in request.form.getlist(one.name) if code not in one.fixed)]
    if not given and one.required:
        form.errors[one.name] = gettext(N_("Velg minst én."))
    return given or None


def _decimal(form: Form, one: Question) -> str | None:
    value = form.text(one.name, required=one.required)
    return value.replace(",", ".") if value else None


_READ: Mapping[str, Callable[[Form, Question], Any]] = {
    "line": lambda form, one: form.text(one.name, required=one.required),
    "text": lambda form, one: form.text(one.name, required=one.required),
    "choice": lambda form, one: form.text(one.name, required=one.required),
    "day": lambda form, one: _iso(form.day(one.name, required=one.required)),
    "number": lambda form, one: form.number(one.name, 0, _MOST, required=one.required),
    "many": _many,
    "yes": lambda form, one: form.text(one.name) is not None,
    "staff": lambda form, one: str(found) if (found := form.uuid(one.name, required=one.required)) else None,
    "decimal": _decimal,
}


def _watch(form: Form, body: dict[str, Any]) -> dict[str, Any]:
    """As the phone sends it: what does not belong to the mode is left out."""
    hours = body.pop("hours")
    if body["mode"] == "interval":
        if hours is None:
            form.errors.setdefault("hours", gettext(N_("Må fylles ut.")))
        else:
            body["interval_minutes"] = hours * _MINUTES_AN_HOUR
    if body["mode"] == "each_shift" and not body["shifts"]:
        form.errors["shifts"] = gettext(N_("Velg minst én."))
    if body["mode"] != "each_shift":
        body["shifts"] = None
    if body["mode"] == "off":
        body |= {"counts": ["seen"], "may_enter": False, "key_ref": None}
    if "reported" not in body["counts"]:
        body["sources"] = None
    elif not body["sources"]:
        form.errors["sources"] = gettext(N_("Velg minst én."))
    return body


def _review(form: Form, body: dict[str, Any]) -> dict[str, Any]:
    """What has ended says no more of what it was."""
    if body["outcome"] == "ended":
        return body | {"advice": None, "reason": None, "review_on": None}
    if body["outcome"] == "kept":
        body |= {"advice": None, "reason": None}
    elif body["outcome"] and not body["advice"]:
        form.errors["advice"] = gettext(N_("Velg minst én."))
    if body["outcome"] and not body["review_on"]:
        form.errors.setdefault("review_on", gettext(N_("Må fylles ut.")))
    return body


def _edit(form: Form, body: dict[str, Any]) -> dict[str, Any]:
    """Only what was changed, from what its writer had in front of them: others may have changed the rest."""
    seen = form.number("base_seq", 0, 10**9, required=True)
    typed = {name: "" if value is None else str(value) for name, value in body.items()}
    fields = {name: body[name] for name, text in typed.items() if text != form.values.get(f"was-{name}", "")}
    if not fields and not form.errors:
        form.errors[""] = gettext(N_("Ingenting er endret."))
    return {"base_seq": seen, "fields": fields}


_SHAPED: Mapping[str, Callable[[Form, dict[str, Any]], dict[str, Any]]] = {
    "tilsyn": _watch,
    "vurdert": _review,
    "opplysninger": _edit,
}

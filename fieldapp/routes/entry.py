"""`/kontor/oppforing/<id>`: one entry whole, what was corrected in it, who has read it, and Rett, Trekk tilbake and
«feil bruker» by the same `entry_corrected` as on the phone.

Invariant: no right is decided here: whose form is shown follows the rule of the door, and the door judges.
"""

import datetime as dt
from collections.abc import Mapping
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain import versions
from fieldapp.domain.access import Viewer as Person
from fieldapp.domain.access import may_correct, may_read_log
from fieldapp.domain.protection import UNTOLD
from fieldapp.errors import AppError, Rejected
from fieldapp.queries import cases, clients, duty, entries, files, merged, readers
from fieldapp.queries.entry_rows import CORRECTION, EntryRow
from fieldapp.queries.names import client_names
from fieldapp.routes import _correction_form as fields
from fieldapp.routes._office import Form, done, not_found, plain_page, retraction, submit
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext
from fieldapp.texts.correction_form import questions_of
from fieldapp.texts.entry_changes import Field, beside, changed
from fieldapp.texts.entry_fields import fields_of
from fieldapp.texts.office_forms import Question
from sync import private_talks
from sync.entry_types import ENTRY_TYPES

bp = Blueprint("entry", __name__, url_prefix="/kontor/oppforing/<uuid:entry_id>")

UNDO = dt.timedelta(minutes=10)
"""How long the author takes an entry back without saying why."""
_MOST_POINTED_AT = 50
_CORRECTED_SINCE = N_("Noen har rettet oppføringen siden du åpnet den. Se over, og lagre på nytt.")


@bp.get("")
@access("office", reads="office")
def one(entry_id: UUID) -> tuple[str, int]:
    return _page(entry_id, Form())


@bp.post("/rett")
@access("office", reads="office")
def correct(entry_id: UUID) -> AnyResponse | tuple[str, int]:
    """What was typed otherwise than it stands, as one correction."""
    entry, form = _to_correct(entry_id), Form.sent("rett")
    reason = form.text("correction_reason", required=True)
    body = fields.changed(form, _questions(entry), entry.body)
    moment = form.moment(fields.AT, required=True)
    if entry.body.get("quick") and body:
        body["quick"] = None  # more is told than that the person was seen: it is no longer one tap
    told: dict[str, Any] = {"body": body} if body else {}
    if moment and form.text(fields.AT) != fields.shown_at(entry.at):
        told[fields.AT] = moment.isoformat()
    if form.text("seen") != _newest(entry_id):
        if not told and not form.errors:
            return done(url_for(".one", entry_id=entry_id), "rettet")  # sent twice: all that was typed stands
        form.errors[""] = gettext(_CORRECTED_SINCE)
    if not told and not form.errors:
        form.errors[""] = gettext(N_("Ingenting er endret."))
    if form.errors or not _sent(form, entry, {"what": "text", "reason": reason} | told):
        return _page(entry_id, form, 422)
    return done(url_for(".one", entry_id=entry_id), "rettet")


@bp.post("/trekk-tilbake")
@access("office", reads="office")
def retract(entry_id: UUID) -> AnyResponse | tuple[str, int]:
    """It stays, and counts for nothing. Whoever wrote it just now need not say why."""
    entry, form = _own(entry_id), Form.sent("trekk-tilbake")
    if entry.struck:
        return done(url_for(".one", entry_id=entry_id), "trukket")  # sent twice
    reason = "angret" if _is_undo(entry, clock.now()) else _reason(form, entry)
    if form.errors or not _sent(form, entry, retraction(entry_id, reason)[1]):
        return _page(entry_id, form, 422)
    return done(url_for(".one", entry_id=entry_id), "trukket")


@bp.post("/feil-bruker")
@access("office", reads="office")
def wrong_client(entry_id: UUID) -> AnyResponse | tuple[str, int]:
    """It goes out of this record at once, and into another where one is chosen."""
    entry, form = _to_correct(entry_id), Form.sent("feil-bruker")
    to_id, reason = form.uuid("to_client_id"), _reason(form, entry)
    told = {"what": "wrong_client", "reason": reason, "to_client_id": str(to_id) if to_id else None}
    if form.errors or entry.client_id is None or not _sent(form, entry, told):
        return _page(entry_id, form, 422)
    return done(url_for("office.client", client_id=entry.client_id), "feil-bruker")


def _to_correct(entry_id: UUID) -> EntryRow:
    """The entry, for whoever may correct it."""
    entry = _own(entry_id)
    if not _may_correct(entry):
        raise AppError("not_permitted")
    return entry


def _own(entry_id: UUID) -> EntryRow:
    """The same also where it was taken back."""
    with db().deciding() as session:
        entry = entries.one_entry(session, viewer(), entry_id)
    if entry is None:
        raise not_found()
    if not _is_own(entry):
        raise AppError("not_permitted")
    return entry


def _may_correct(entry: EntryRow) -> bool:
    return not entry.struck and _is_own(entry)


def _is_own(entry: EntryRow) -> bool:
    return entry.type != CORRECTION and may_correct(viewer(), entry.author_id)


def _newest(entry_id: UUID) -> str | None:
    """The newest correction: what a form says it has seen."""
    with db().deciding() as session:
        found = entries.corrections_of(session, viewer(), entry_id)
    return str(found[-1].id) if found else None


def _is_undo(entry: EntryRow, now: dt.datetime) -> bool:
    return entry.author_id == viewer().staff_id and now - entry.received_at <= UNDO


def _reason(form: Form, entry: EntryRow) -> str:
    """Of a private talk nothing is said, also when it is corrected."""
    return "rettet" if _is_private(entry) else form.text("reason", required=True) or ""


def _is_private(entry: EntryRow) -> bool:
    return entry.type == private_talks.TYPE and private_talks.is_private(entry.body)


def _questions(entry: EntryRow) -> tuple[Question, ...]:
    """Nothing is put into a private talk, and nobody corrects what they do not read."""
    if _is_private(entry) or entry.partly:
        return ()
    hidden = {name for name, value in entry.body.items() if UNTOLD in str(value)}
    return tuple(one for one in questions_of(entry.type) if one.name.partition(".")[0] not in hidden)


def _sent(form: Form, entry: EntryRow, told: Mapping[str, Any]) -> bool:
    """Whether the door took the correction; else the form says why, at the field of the entry it concerns."""
    body = {"entry_id": str(entry.id)} | {name: value for name, value in told.items() if value is not None}
    try:
        submit(CORRECTION, body, client_id=entry.client_id)
    except Rejected as rejected:
        of_entry = (rejected.field or "").startswith("body.body")
        if of_entry:
            rejected.field = (rejected.field or "").removeprefix("body.")
        form.refuse(rejected, entry.type if of_entry else CORRECTION, entry.body | body.get("body", {}))
        return False
    return True


def _page(entry_id: UUID, form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, person: Person, now: dt.datetime) -> dict[str, Any]:
        entry = entries.one_entry(session, person, entry_id)
        if entry is None:
            raise not_found()
        fixes = entries.corrections_of(session, person, entry_id)
        return {
            "entry": entry,
            "client": client_names(session, [entry.client_id]).get(entry.client_id) if entry.client_id else None,
            "fields": _told(entry, now),
            "fixes": _fixes(entry, fixes, now),
            "photos": files.files_of_entries(session, person, [entry_id]).get(entry_id, ()),
            "points_at": _pointed_at(session, person, entry),
            "case": cases.one_case(session, person, entry.case_id) if entry.case_id else None,
            "opened_by": _opened_by(session, person, entry),
            "form": form,
        } | (_forms(session, person, entry, fixes, now) if _may_correct(entry) else {"may_correct": False})

    return plain_page("entries/entry.html", read, status)


def _told(entry: EntryRow, now: dt.datetime) -> list[Field]:
    said = fields_of(entry.type, entry.body, entry.names, now, entry.corrects)
    before = None if entry.written is None else fields_of(entry.type, entry.written, entry.names, now, entry.corrects)
    return beside(said, before)


def _fixes(entry: EntryRow, fixes: list[EntryRow], now: dt.datetime) -> list[tuple[EntryRow, list[Field], Any]]:
    """Each correction, the newest first, with what it changed: (correction, fields, new time or None)."""
    names = dict(chain.from_iterable(row.names.items() for row in (entry, *fixes)))
    folded = dict(
        versions.changes(
            entry.body if entry.written is None else entry.written,
            entry.written_at or entry.at,
            (versions.Fix(row.id, row.body.get("body") or {}, _new_time(row), not row.no_effect) for row in fixes),
        )
    )
    told = []
    for row in reversed(fixes):
        one = folded[row.id]
        before, after = (fields_of(entry.type, body, names, now) for body in (one.before, one.after))
        told.append((row, changed(before, after), one.at_after if one.at_after != one.at_before else None))
    return told


def _new_time(row: EntryRow) -> dt.datetime | None:
    at = row.body.get("occurred_at")
    return dt.datetime.fromisoformat(at).astimezone(dt.UTC) if at else None


def _pointed_at(session: Any, person: Person, entry: EntryRow) -> list[EntryRow]:
    """The entries it is about, of those the viewer sees."""
    named = [entry.body.get("entry_id"), *(entry.body.get("entry_ids") or ())]
    ids = [UUID(one) for one in named if one][:_MOST_POINTED_AT]
    return list(entries.entries_by_id(session, person, ids).values())


def _opened_by(session: Any, person: Person, entry: EntryRow) -> list[readers.LogLine] | None:
    """Who has opened it, for those who may ask; None for the others."""
    if entry.client_id is None or not may_read_log(person):
        return None
    return readers.opened_entry(session, entry.client_id, entry.id, entry.received_at)


def _forms(session: Any, person: Person, entry: EntryRow, fixes: list[EntryRow], now: dt.datetime) -> dict[str, Any]:
    """What the forms that correct it need."""
    asked = _questions(entry)
    text = request.args.get("sok", "").strip()[:100]
    moves = entry.client_id is not None and ENTRY_TYPES[entry.type].moves
    return {
        "may_correct": True,
        "questions": asked,
        "standing": fields.shown(asked, entry.body),
        "stands_at": fields.shown_at(entry.at),
        "newest": str(fixes[-1].id) if fixes else "",
        "is_private": _is_private(entry),
        "is_registration": ENTRY_TYPES[entry.type].registers,
        "is_undo": _is_undo(entry, now),
        "moves": moves,
        "sok": text,
        "others": merged.found(session, person, entry.client_id, text) if moves and text and entry.client_id else [],
        "staff_options": _people(session, person, entry),
        "team_options": _teams(session, person, entry, now),
    }


def _people(session: Any, person: Person, entry: EntryRow) -> list[tuple[str, str]]:
    """Whom a field can name: those who follow the client, else the viewer's colleagues; and whoever is named now."""
    if entry.client_id is not None:
        found = clients.may_be_primary(session, entry.client_id)
    else:
        found = [one for team_id in sorted(person.team_ids) for one in duty.choices(session, team_id)]
    named = {str(id_): name for id_, name in found}
    kept = {id_: name for id_, name in entry.names.items() if id_ in str(entry.body)}
    return sorted((named | kept).items(), key=lambda one: one[1])


def _teams(session: Any, person: Person, entry: EntryRow, now: dt.datetime) -> list[tuple[str, str]]:
    own = {str(one.team_id): one.team_name for one in duty.teams_now(session, person, now)}
    given = (str(entry.body.get(name)) for name in ("team_id", "to_team_id"))
    named = {one: entry.names[one] for one in given if one in entry.names}
    return sorted((own | named).items(), key=lambda one: one[1])

"""`/kontor/innsyn/<client>`: the whole record in plain words and who has read it, to go through, print and hand out."""

from collections import ChainMap
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain import innsyn as rules
from fieldapp.domain.access import handles_records
from fieldapp.errors import AppError
from fieldapp.queries import entries, facts, readers
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import staff_names
from fieldapp.routes._office import Form, done, frame, not_found
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.services.audit import innsyn, record_requests
from fieldapp.texts import N_, choices, gettext
from fieldapp.texts.entry_fields import Said, fields_of
from fieldapp.texts.entry_words import entry_title
from fieldapp.texts.read_log_words import dated_words

bp = Blueprint("innsyn", __name__, url_prefix="/kontor/innsyn/<uuid:client_id>")


@bp.get("")
@access("signed_in", reads="print")
def show(client_id: UUID) -> str:
    return _page(client_id, Form())


@bp.post("")
@access("signed_in", reads="print")
def ask(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """The client has asked: who goes through the record before it is handed out."""
    form = Form.sent("ask")
    reviewer_id = form.uuid("reviewer_id", required=True)
    if reviewer_id is None:
        return _page(client_id, form), 422
    try:
        with db().transaction() as session:
            innsyn.ask(session, viewer(), client_id, reviewer_id, clock.now())
    except AppError as error:
        if error.code != "invalid_field":
            raise
        form.errors["reviewer_id"] = gettext(N_("Velg fra lista."))
        return _page(client_id, form), 422
    return _back(client_id, "innsyn-bedt")


@bp.post("/<uuid:entry_id>/ta-ut")
@access("signed_in")
def take_out(client_id: UUID, entry_id: UUID) -> AnyResponse:
    form = Form.sent("take-out")
    reason, note = form.text("reason") or "", form.text("note")
    with db().transaction() as session:
        innsyn.take_out(session, viewer(), client_id, entry_id, reason, note, clock.now())
    return _back(client_id, "innsyn-tatt-ut", f"entry-{entry_id}")


@bp.post("/<uuid:entry_id>/ta-med")
@access("signed_in")
def put_back(client_id: UUID, entry_id: UUID) -> AnyResponse:
    with db().transaction() as session:
        innsyn.put_back(session, viewer(), client_id, entry_id, clock.now())
    return _back(client_id, "innsyn-med", f"entry-{entry_id}")


@bp.post("/gjennomgatt")
@access("signed_in")
def finish_review(client_id: UUID) -> AnyResponse:
    """Whoever went through it sees the record here no longer: it goes back to whoever handles innsyn."""
    with db().transaction() as session:
        innsyn.finish_review(session, viewer(), client_id, clock.now())
    return done(url_for("account.account"), "innsyn-gjennomgatt")


@bp.post("/utlevert")
@access("signed_in")
def hand_out(client_id: UUID) -> AnyResponse:
    with db().transaction() as session:
        innsyn.hand_out(session, viewer(), client_id, clock.now())
    return _back(client_id, "innsyn-utlevert")


def _back(client_id: UUID, code: str, fragment: str = "") -> AnyResponse:
    return done(url_for(".show", client_id=client_id), code, fragment=fragment)


def _page(client_id: UUID, form: Form) -> str:
    now = clock.now()

    def read(session: Any) -> dict[str, Any]:
        if not innsyn.may_see(session, viewer(), client_id):
            raise not_found()
        case = innsyn.case_of(session, client_id)
        card, rows = entries.whole_record(session, client_id)
        out = case.taken_out if case else {}
        people = [case.reviewer_id, case.asked_by, *(one.by_staff_id for one in out.values())] if case else []
        return frame(session, now) | {
            "client": card,
            "case": case,
            "entries": rows,
            "said": _said(rows, out, now, is_reviewing=rules.may_review(viewer(), case)),
            "facts": facts.facts_of_record(session, client_id, now),
            "requests": record_requests.cases_of(session, client_id),
            "readers": readers.readers(session, client_id),
            "staff": staff_names(session, people),
            "reviewers": dict(innsyn.reviewers(session, client_id)),
            "reason_options": choices("innsyn_reason"),
            "out_by_reason": _by_reason(case),
        }

    names = showing(read, "innsyn")
    may = {"may_handle": handles_records(viewer()), "may_review": rules.may_review(viewer(), names["case"])}
    return render_template("office/innsyn.html", **names | may | {"form": form})


def _said(rows: list[EntryRow], out: Collection[UUID], now: datetime, *, is_reviewing: bool) -> dict[UUID, list[Said]]:
    """Every field of each entry. Nothing that is handed out names what was taken out, or says what it was put right
    to."""
    kept = {str(row.id): row for row in rows if is_reviewing or row.id not in out}
    titles = {id_: f"{entry_title(row.type, row.body)}, {dated_words(row.at)}" for id_, row in kept.items()}
    return {
        row.id: fields_of(row.type, _of(row, kept), ChainMap(titles, dict(row.names)), now, row.corrects)
        for row in kept.values()
    }


def _of(row: EntryRow, kept: Collection[str]) -> dict[str, Any]:
    """The body, without what a correction says of an entry that is not among these."""
    is_told = row.corrects is None or row.body.get("entry_id") in kept
    return row.body if is_told else {name: value for name, value in row.body.items() if name != "body"}


def _by_reason(case: rules.Case | None) -> list[tuple[str, int]]:
    out = list(case.taken_out.values()) if case else []
    return [(reason, count) for reason in rules.REASONS if (count := sum(1 for one in out if one.reason == reason))]

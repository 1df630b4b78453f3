"""`/kontor/logg`: who has read what; and the same of one client, for machines."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, render_template, request

from fieldapp.domain.access import sees_every_reader
from fieldapp.domain.norway import at_wall_time
from fieldapp.domain.read_log import OPENED
from fieldapp.errors import AppError
from fieldapp.queries import readers
from fieldapp.queries.readers import Search
from fieldapp.routes._office import Form, frame
from fieldapp.routes._web import clock, json_answer, showing, viewer
from fieldapp.security import access
from fieldapp.texts.read_log_words import (
    dated_words,
    ground_words,
    period_words,
    question_words,
    surface_words,
    what_words,
)

bp = Blueprint("read_log", __name__)

SHOWN = dt.timedelta(days=30)
"""How far back the page goes unless it is asked otherwise."""


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(
        dated_words=dated_words,
        ground_words=ground_words,
        period_words=period_words,
        question_words=question_words,
        surface_words=surface_words,
        what_words=what_words,
    )


class ReaderOut(msgspec.Struct):
    """One who has read the record: an opening, or all that was transferred to one person. `what`: ids by kind."""

    name: str
    team: str
    employer: str
    role: str
    ground: str
    kind: str
    from_at: dt.datetime
    to_at: dt.datetime | None
    what: dict[str, list[str]]


class ReadersAnswer(msgspec.Struct):
    readers: list[ReaderOut]


@bp.get("/api/clients/<uuid:client_id>/readers")
@access("signed_in", reads="api")
def of_client(client_id: UUID) -> Response:
    """Who has read this client's record. For whoever may not ask, the client does not exist."""

    def read(session: Any) -> list[readers.ReaderLine]:
        if not readers.may_see_readers(session, viewer(), client_id):
            raise AppError("not_found")
        return readers.readers(session, client_id)

    rows = showing(read, ground())
    return json_answer(ReadersAnswer([msgspec.convert(row, ReaderOut, from_attributes=True) for row in rows]))


@bp.get("/kontor/logg")
@access("readers", reads="office")
def index() -> str:
    form, now = Form(request.args), clock.now()
    wanted = _wanted(form, now)

    def read(session: Any) -> dict[str, Any]:
        found = readers.search(session, viewer(), wanted)
        is_first = wanted.before is None and not form.errors
        return frame(session, now) | {
            "lines": found[: readers.PAGE],
            "older": found[readers.PAGE - 1].seq if len(found) > readers.PAGE else None,
            "questions": readers.asked_about(session, viewer(), now) if is_first else [],
        }

    names = showing(read, ground())
    searched = {name: request.args.get(name, "") for name in ("bruker", "ansatt", "fra", "til", "hva")}
    return render_template("office/log.html", **names | {"form": form, "searched": searched, "wanted": wanted})


def ground() -> str:
    """On what ground whoever asks sees a client's name here."""
    return "innsyn" if sees_every_reader(viewer()) else "team"


def _wanted(form: Form, now: dt.datetime) -> Search:
    since, until = form.day("fra"), form.day("til")
    return Search(
        client=form.text("bruker") or "",
        person=form.text("ansatt") or "",
        since=at_wall_time(since, dt.time.min) if since else now - SHOWN,
        until=at_wall_time(until + dt.timedelta(days=1), dt.time.min) if until else None,
        only_opened=form.text("hva") == OPENED,
        before=form.number("for", 0, 10**9),
    )

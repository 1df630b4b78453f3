"""`/kontor/overlevering`: what whoever takes over must know, since the last shift or a chosen time; who has read it."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain import handover as rules
from fieldapp.domain.access import Viewer
from fieldapp.queries import handover
from fieldapp.routes import _once
from fieldapp.routes._office import Form, done, not_found, plain_page, reader, try_submit
from fieldapp.routes._web import clock, db
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local
from sync.entry_types import type_of_thing

bp = Blueprint("handover", __name__, url_prefix="/kontor/overlevering")

NOTE = "beskjed"
FURTHEST_BACK = dt.timedelta(days=14)


_NOTED, _READ = type_of_thing("handover", "opens"), type_of_thing("handover", "reads")


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    """With `?fra=` since a time of one's own choice, at most fourteen days back."""
    return _page(Form())


@bp.post("")
@access("office", reads="office")
def note() -> AnyResponse | tuple[str, int]:
    """A note for the next shift of a team; one about a client is written on the client's page."""
    form = Form.sent(NOTE)
    what, team_id = form.text("what", required=True), form.uuid("team_id", required=True)
    body = {"what": what, "important": form.text("important") is not None}
    entry_id = _once.try_once(form, _NOTED, lambda _: body, team_id=team_id)
    return _page(form, 422) if entry_id is None else done(url_for(".index"), "lagret", entry_id)


@bp.post("/lest")
@access("office")
def read() -> AnyResponse:
    """«Jeg har lest»: the notes that stood on the page, and that its reader still sees."""
    with db().deciding() as session:
        there = {str(one.id) for one in handover.notes(session, reader(), clock.now())}
    ids = [one for one in request.form.getlist("note_id") if one in there]
    if not ids:
        raise not_found()
    for start in range(0, len(ids), handover.MOST):
        form = Form.sent()
        if try_submit(form, _READ, {"entry_ids": ids[start : start + handover.MOST]}) is None:
            raise not_found()
    return done(url_for(".index"), "lest")


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    return plain_page("handover/handover.html", lambda *about: _told(*about) | {"form": form}, status)


def _told(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one."""
    asked = Form(request.args)
    chosen = asked.moment("fra")
    since = chosen if chosen and chosen <= now else _last_shift(session, viewer, now)
    since = max(since, now - FURTHEST_BACK)
    of_clients = rules.blocks(handover.happenings(session, viewer, since, now, local(now).date()))
    said, left = rules.spoken(of_clients)
    notes = handover.notes(session, viewer, now)
    return {
        "since": since,
        "since_local": local(since).strftime("%Y-%m-%dT%H:%M"),
        "wrong": asked.errors.get("fra", "")
        or (gettext(N_("Velg et tidspunkt som er passert.")) if chosen and chosen > now else ""),
        "blocks": of_clients,
        "said": said,
        "left_to_read": left,
        "notes": {one.id: one for one in notes},
        "unread": [one.id for one in notes if not _has_read(one, viewer.staff_id)],
    }


def _has_read(note: Any, staff_id: UUID) -> bool:
    return any(reader_id == staff_id for reader_id, _, _ in note.read_by)


def _last_shift(session: Any, viewer: Viewer, now: dt.datetime) -> dt.datetime:
    """Of several teams the earliest: nothing is left out."""
    shifts = handover.since_last_shift_of(session, viewer)
    return min((rules.since_last_shift(now, one) for one in shifts), default=rules.since_last_shift(now, {}))

"""`/kontor/til-journal`: what is not yet copied into the journal, with ready text, ticked off client by client."""

import datetime as dt
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain import handover as rules
from fieldapp.domain.access import Viewer
from fieldapp.queries import handover, journal
from fieldapp.routes import _once
from fieldapp.routes._office import Form, done, plain_page
from fieldapp.security import access
from fieldapp.texts import gettext, label, local
from fieldapp.texts.catalogues import N_
from fieldapp.texts.entry_words import entry_detail, entry_title
from sync.entry_types import type_that

bp = Blueprint("journal", __name__, url_prefix="/kontor/til-journal")

_NOTES = type_that(lambda row: row.points_at == "noted")


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    """With `?fra=` since a time of one's own choice, at most a week back."""
    return _page(Form())


@bp.post("")
@access("office", reads="office")
def tick() -> AnyResponse | tuple[str, int]:
    """«Står i journalen»: the entries that were on the page when the button was pressed."""
    client_id = Form(request.form).uuid("client_id")
    form = Form.sent(str(client_id))
    ids = request.form.getlist("entry_id")[: journal.MOST]
    body = {"entry_ids": ids, "system": form.text("system") or label("entry_type", _NOTES)}
    entry_id = _once.try_once(form, _NOTES, lambda _: body, client_id=client_id)
    return _page(form, 422) if entry_id is None else done(url_for(".index"), "til-journal", entry_id)


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    return plain_page("handover/journal.html", lambda *about: _read(*about) | {"form": form}, status)


def _read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one."""
    asked = Form(request.args)
    chosen = asked.moment("fra")
    since = max(chosen or _last_shift(session, viewer, now), now - dt.timedelta(days=journal.DAYS))
    left = journal.to_journal(session, viewer, since, all_authors=viewer.role == "leader")
    return {
        "since": since,
        "since_local": local(since).strftime("%Y-%m-%dT%H:%M"),
        "left": [(one, _text(one, now)) for one in left],
    }


def _text(one: journal.ToJournal, now: dt.datetime) -> str:
    """«24. nov. 12.17 Hjemmebesøk, traff. …», a line an entry, and who wrote them."""
    lines = []
    for entry in one.entries:
        at = local(entry.at)
        parts = (entry_title(entry.type, entry.body), entry_detail(entry.type, entry.body, now, entry.names))
        said = " ".join(part if part.endswith((".", "!", "?", "…", "»")) else f"{part}." for part in parts if part)
        written = gettext(N_("Ført av %(who)s i Sett.")) % {"who": entry.author}
        lines.append(f"{at:%d.%m.%Y} {at:%H.%M} {said} {written}")
    return "\n".join(lines)


def _last_shift(session: Any, viewer: Viewer, now: dt.datetime) -> dt.datetime:
    shifts = handover.since_last_shift_of(session, viewer)
    return min((rules.since_last_shift(now, one) for one in shifts), default=rules.since_last_shift(now, {}))

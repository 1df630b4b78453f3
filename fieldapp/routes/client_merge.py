"""`/kontor/bruker/<id>/sla-sammen`: two clients that are one: who it may be, both side by side, and the merge."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.domain.merging import strictest
from fieldapp.domain.watch import longest_gap
from fieldapp.queries import merged
from fieldapp.routes import _once
from fieldapp.routes._office import Form, done, not_found, plain_page
from fieldapp.routes._web import viewer
from fieldapp.security import access
from fieldapp.texts import N_, form_message, gettext
from sync.entry_types import type_that

bp = Blueprint("client_merge", __name__, url_prefix="/kontor/bruker/<uuid:client_id>/sla-sammen")

MERGE = "sla-sammen"
_TYPE = type_that(lambda row: row.merges)
_UNLIKE = N_("Kan ikke slås sammen ennå: ikke de samme teamene og kollegaene ser begge. Gjør det likt først.")


@bp.get("")
@access("office", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    return _page(client_id, _asked_for("med"), Form())


@bp.post("")
@access("office", reads="office")
def merge(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """One of the two stands: the one whose page it is, or the other."""
    if not merged.may_merge(viewer()):
        raise not_found()
    form = Form.sent(MERGE)
    other_id, reason = form.uuid("other_id", required=True), form.text("reason", required=True)
    if other_id in (None, client_id):  # nobody is a duplicate of themselves
        raise not_found()
    stands = form.uuid("stands_id", required=True)
    if stands not in (client_id, other_id):
        form.errors["stands_id"] = gettext(N_("Velg fra lista."))
    if form.errors:
        return _page(client_id, other_id, form, 422)
    duplicate_id, into_id = (other_id, client_id) if stands == client_id else (client_id, other_id)
    body = {"into_client_id": str(into_id), "reason": reason}
    entry_id = _once.try_once(form, _TYPE, lambda _: body, client_id=duplicate_id)
    if entry_id is None:
        if form_message("not_permitted") in form.errors.values():
            form.errors[""] = gettext(_UNLIKE)
        return _page(client_id, other_id, form, 422)
    return done(url_for("office.client", client_id=into_id), "slatt-sammen", entry_id)


def _page(client_id: UUID, other_id: UUID | None, form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, _now: dt.datetime) -> dict[str, Any]:
        one = merged.side(session, reader, client_id) if merged.may_merge(reader) else None
        other = merged.side(session, reader, other_id) if one is not None and other_id else None
        if one is None or (other_id is not None and other in (None, one)):
            raise not_found()
        text = request.args.get("q", "").strip()
        found = merged.found(session, reader, client_id, text) if text and other is None else []
        names = {"one": one, "other": other, "q": text, "found": found, "form": form}
        return names | (_after(one, other) if other else {})

    return plain_page("office/client_merge.html", read, status)


def _after(one: merged.Side, other: merged.Side) -> dict[str, Any]:
    """What holds once they are one: the rules are those of the projections (services/projections)."""
    running = [side for side in (one, other) if side.mode not in (None, "off")]
    return {
        "shortest": min(running, key=_gap, default=None),
        "falls": one.may_enter or other.may_enter,
        "protected": strictest(one.protected, other.protected),
    }


def _gap(side: merged.Side) -> dt.timedelta:
    return longest_gap(side.mode or "off", side.interval_minutes, side.shifts)


def _asked_for(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None

"""`/kontor/bruker/<id>/tilgang`: for whom a client does not exist. For leaders of a team that follows, and privacy."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time
from fieldapp.errors import CannotDo
from fieldapp.queries import client_limits
from fieldapp.routes._office import Form, done, not_found, plain_page, try_submit
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.services.people import grants
from fieldapp.services.people.accounts import as_username
from fieldapp.texts import N_, choices, gettext
from sync.entry_types import type_that

bp = Blueprint("client_limits", __name__, url_prefix="/kontor/bruker/<uuid:client_id>/tilgang")

BLOCK, SHARE, PROTECT, LIST = "sperr", "del", "vern", "liste"


def _type(limits: str) -> str:
    return type_that(lambda row: row.limits == limits)


_BLOCKED, _UNBLOCKED, _LISTED = _type("blocks"), _type("unblocks"), _type("lists")


@bp.get("")
@access("oversight", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    return _page(client_id, Form())


@bp.post("/sperr")
@access("oversight", reads="office")
def block(client_id: UUID) -> AnyResponse | tuple[str, int]:
    _there(client_id)
    form = Form.sent(BLOCK)
    staff_id, reason = _whom(form), form.text("reason", required=True)
    if form.text("understood") is None:
        form.errors["understood"] = gettext(N_("Les dette først, og kryss av."))
    body = {"staff_id": str(staff_id) if staff_id else None, "reason": reason}
    if try_submit(form, _BLOCKED, body, client_id=client_id) is None:
        return _page(client_id, form, 422)
    return _back(client_id, "sperret")


@bp.post("/opphev/<uuid:staff_id>")
@access("oversight", reads="office")
def unblock(client_id: UUID, staff_id: UUID) -> AnyResponse | tuple[str, int]:
    if staff_id not in {one.staff_id for one in _there(client_id).blocked}:
        raise not_found()
    form = Form.sent(str(staff_id))
    body = {"staff_id": str(staff_id), "reason": form.text("reason", required=True)}
    if try_submit(form, _UNBLOCKED, body, client_id=client_id) is None:
        return _page(client_id, form, 422)
    return _back(client_id, "opphevet")


@bp.post("/vern")
@access("oversight", reads="office")
def protect(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """Code 6 or 7, or neither any longer, by somebody who has seen the card as it is."""
    if not _there(client_id).client_name:
        raise not_found()
    form = Form.sent(PROTECT)
    body = {
        "base_seq": form.number("base_seq", 0, 2**31, required=True),
        "fields": {"protected": form.text("protected")},
    }
    if try_submit(form, "client_updated", body, client_id=client_id) is None:
        return _page(client_id, form, 422)
    return _back(client_id, "vernet")


@bp.post("/liste")
@access("oversight", reads="office")
def list_access(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """Who alone may see the client, whole: whoever is not ticked is off the list."""
    _there(client_id)
    form = Form.sent(LIST)
    body = {"staff_ids": request.form.getlist("staff_id")}
    if try_submit(form, _LISTED, body, client_id=client_id) is None:
        form.errors.setdefault("", gettext(N_("Velg minst én.")))
        return _page(client_id, form, 422)
    return _back(client_id, "liste")


@bp.post("/del")
@access("oversight", reads="office")
def share(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """With one colleague, of any team, until the end of a day."""
    _there(client_id)
    form = Form.sent(SHARE)
    staff_id, reason, day = _whom(form), form.text("reason", required=True), form.day("until_on", required=True)
    if form.errors or staff_id is None or day is None:
        return _page(client_id, form, 422)
    until_at = at_wall_time(day + dt.timedelta(days=1), dt.time.min)
    try:
        with db().transaction() as session:
            grants.share_client(session, viewer(), client_id, staff_id, until_at, reason or "", clock.now())
    except CannotDo as error:
        form.errors[""] = str(error)
        return _page(client_id, form, 422)
    return _back(client_id, "delt")


@bp.post("/avslutt/<uuid:grant_id>")
@access("oversight", reads="office")
def end_share(client_id: UUID, grant_id: UUID) -> AnyResponse:
    if grant_id not in {one.grant_id for one in _there(client_id).shared}:
        raise not_found()
    with db().transaction() as session:
        grants.end_early(session, viewer(), grant_id, clock.now())
    return _back(client_id, "deling-slutt")


def _whom(form: Form) -> UUID | None:
    """A colleague of the list, or anybody by username: whom a client must not exist for may work anywhere."""
    username = form.text("username")
    if not username:
        return form.uuid("staff_id", required=True)
    with db().reading() as session:
        found = client_limits.staff_id_of(session, as_username(username))
    if found is None:
        form.errors["username"] = gettext(N_("Fant ingen med dette brukernavnet."))
    return found


def _there(client_id: UUID) -> client_limits.LimitsPage:
    with db().deciding() as session:
        page = client_limits.limits_of(session, viewer(), client_id, clock.now())
    if page is None:
        raise not_found()
    return page


def _back(client_id: UUID, code: str) -> AnyResponse:
    """Whoever has blocked themselves has no such page any more."""
    with db().deciding() as session:
        still_there = client_limits.limits_of(session, viewer(), client_id, clock.now()) is not None
    return done(url_for(".index", client_id=client_id) if still_there else url_for("office.day"), code)


def _page(client_id: UUID, form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, now: dt.datetime) -> dict[str, Any]:
        page = client_limits.limits_of(session, reader, client_id, now)
        if page is None:
            raise not_found()
        return {"page": page, "form": form, "protections": choices("protected")}

    return plain_page("office/client_limits.html", read, status)

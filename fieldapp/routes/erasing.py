"""`/kontor/innsyn/<client>/slett`: deleting a record for good, by whoever is in charge of innsyn."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError
from fieldapp.queries.names import client_names
from fieldapp.routes._office import Form, done, frame, not_found
from fieldapp.routes._web import clock, db, settings, showing, viewer
from fieldapp.security import access
from fieldapp.services.audit.handling import may_handle
from fieldapp.services.entries.files import store_in
from fieldapp.services.operations import erasing
from fieldapp.texts import N_, choices, gettext

bp = Blueprint("erasing", __name__, url_prefix="/kontor/innsyn/<uuid:client_id>/slett")


@bp.get("")
@access("signed_in", reads="office")
def show(client_id: UUID) -> str:
    return _page(client_id, Form())


@bp.post("")
@access("signed_in", reads="office")
def erase(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """Its key is destroyed. Whoever does it writes the client's name, so that it is the right one."""
    form = Form.sent("erase")
    ground, name = form.text("ground", required=True), form.text("name", required=True)
    if not form.errors and not _is_called(client_id, name or ""):
        form.errors["name"] = gettext(N_("Skriv navnet slik det står over."))
    if form.errors:
        return _page(client_id, form), 422
    try:
        with db().transaction() as session:
            erased = erasing.erase(session, viewer(), client_id, ground or "", clock.now())
    except AppError as error:
        if error.code == "not_found":
            raise
        form.errors["ground"] = gettext(
            N_("Velg fra lista.") if error.code == "invalid_field" else N_("Avslutt oppfølgingen først.")
        )
        return _page(client_id, form), 422
    erasing.finish(db(), store_in(settings().data_dir, settings().secret_key), erased, clock.now())
    return done(url_for(".show", client_id=client_id), "slettet")


def _is_called(client_id: UUID, name: str) -> bool:
    with db().deciding() as session:
        return may_handle(session, viewer(), client_id) and erasing.is_called(session, client_id, name)


def _page(client_id: UUID, form: Form) -> str:
    def read(session: Any) -> dict[str, Any]:
        if not may_handle(session, viewer(), client_id):
            raise not_found()
        return frame(session, clock.now()) | {
            "client_id": client_id,
            "name": client_names(session, [client_id])[client_id],
            "erased_at": erasing.erased_at(session, client_id),
            "ground_options": choices("erase_ground"),
        }

    return render_template("office/erase.html", **showing(read, "innsyn") | {"form": form})

"""`/kontor/bruker/<id>/tekster`: what was written before a client had code 6, gone through by those who see them."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.queries import code6, facts
from fieldapp.routes._office import done, not_found, plain_page
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.services.audit import text_reviews

bp = Blueprint("text_reviews", __name__, url_prefix="/kontor/bruker/<uuid:client_id>/tekster")


@bp.get("")
@access("office", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, _: dt.datetime) -> dict[str, Any]:
        name = facts.client_name(session, reader, client_id)
        if name is None:
            raise not_found()
        texts = code6.old_texts(session, reader, client_id)
        return {
            "client_id": client_id,
            "client_name": name,
            "waiting": [one for one in texts if one.verdict is None],
            "answered": [one for one in texts if one.verdict is not None],
        }

    return plain_page("office/text_reviews.html", read)


@bp.post("/<uuid:entry_id>")
@access("office")
def review(client_id: UUID, entry_id: UUID) -> AnyResponse:
    """«Kan stå» or «Inneholder sted»; answered anew, the newest holds."""
    now = clock.now()
    with db().deciding() as session:
        if entry_id not in {one.entry_id for one in code6.old_texts(session, viewer(), client_id)}:
            raise not_found()
    with db().transaction() as session:
        text_reviews.review(session, viewer(), client_id, entry_id, request.form.get("svar", ""), now)
    return done(url_for(".index", client_id=client_id), "tekst-vurdert")

"""`/kontor/bruker/<id>/fhir.json`: the record of one client as a file, for a journal elsewhere to take in."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.queries import journal_bundle
from fieldapp.queries.journal_bundle import Record
from fieldapp.routes import _fhir
from fieldapp.routes._office import not_found
from fieldapp.routes._web import clock, showing, viewer
from fieldapp.security import access

bp = Blueprint("journal_bundle", __name__, url_prefix="/kontor/bruker/<uuid:client_id>")


@bp.get("/fhir.json")
@access("office", reads="print")
def fhir(client_id: UUID) -> Response:
    """A file to save; its name says nothing of whom it is about."""
    now = clock.now()

    def read(session: Any) -> Record:
        record = journal_bundle.record_of(session, viewer(), client_id, now)
        if record is None:
            raise not_found()
        return record

    answer = Response(msgspec.json.encode(_fhir.bundle_of(showing(read), now)), content_type=_fhir.TYPE)
    answer.headers["Content-Disposition"] = "attachment; filename=journal.fhir.json"
    return answer

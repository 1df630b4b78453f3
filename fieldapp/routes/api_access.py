"""`POST /api/access/emergency`: nødtilgang, for machines."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.errors import AppError
from fieldapp.routes._web import body, clock, db, json_answer, viewer
from fieldapp.security import access
from fieldapp.services.people import emergency
from sync.bodies_base import Name, Reason

bp = Blueprint("api_access", __name__, url_prefix="/api/access")


class EmergencyAsked(msgspec.Struct):
    name: Name
    birth_year: Annotated[int, msgspec.Meta(ge=1850, le=2199)]
    reason: Reason


class EmergencyAnswer(msgspec.Struct):
    client_id: UUID
    until_at: dt.datetime


@bp.post("/emergency")
@access("signed_in")
def ask() -> Response:
    """A miss is written down as a hit is, so the answer comes after the commit."""
    told = body(EmergencyAsked)
    found = asked(told.name, told.birth_year, told.reason)
    if found is None:
        raise AppError("not_found")
    return json_answer(found)


def asked(name: str, birth_year: int, reason: str) -> EmergencyAnswer | None:
    """Ask; what was found, in an answer of its own: the rows end with the transaction."""

    def work() -> EmergencyAnswer | None:
        with db().transaction() as session:
            grant = emergency.ask(session, viewer(), name, birth_year, reason, clock.now())
            if grant is None or grant.client_id is None:
                return None
            return EmergencyAnswer(grant.client_id, grant.until_at)

    return db().again(work)

"""The open alerts, for machines."""

import datetime as dt
from uuid import UUID

import msgspec
from flask import Blueprint, Response

from fieldapp.queries.alerts import unresolved
from fieldapp.routes._web import json_answer, showing, viewer
from fieldapp.security import access

bp = Blueprint("api_alerts", __name__, url_prefix="/api")


class AlertOut(msgspec.Struct):
    id: UUID
    kind: str
    client_id: UUID | None
    team_id: UUID
    state: str
    step: int
    opened_at: dt.datetime
    due_at: dt.datetime
    owner: UUID | None


class AlertsAnswer(msgspec.Struct):
    alerts: list[AlertOut]


@bp.get("/alerts")
@access("signed_in", reads="api")
def list_alerts() -> Response:
    rows = showing(lambda session: unresolved.unresolved_alerts(session, viewer()))
    return json_answer(AlertsAnswer([msgspec.convert(row, AlertOut, from_attributes=True) for row in rows]))

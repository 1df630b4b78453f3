"""What operators and writers of clients ask for: health, metrics, and generated descriptions of the endpoints."""

import hmac

from flask import Blueprint, Response, request

from fieldapp.errors import AppError
from fieldapp.queries import health
from fieldapp.routes import _metrics
from fieldapp.routes._health import VERSION, read_health
from fieldapp.routes._openapi import document
from fieldapp.routes._web import clock, db, json_answer, settings
from fieldapp.security import access
from sync.schema import request_schema

bp = Blueprint("system", __name__)


@bp.get("/healthz")
@access("public")
def healthz() -> Response:
    state = read_health()
    return json_answer(state, 200 if state.status == "ok" else 503)


@bp.get("/metrics")
@access("token")
def metrics() -> Response:
    """Without the right token there is nothing here."""
    expected = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise AppError("not_found")
    with db().reading() as session:
        now = clock.now()
        text = _metrics.text(health.counts(session, now), health.worker_health(session, now))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


@bp.get("/api/schema")
@access("public")
def schema() -> Response:
    return json_answer(request_schema())


@bp.get("/api/openapi.json")
@access("public")
def openapi() -> Response:
    return json_answer(document(VERSION))

"""POST /api/sync: entries up, verdicts and changes down. And older entries of one client, on demand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.queries import changes, health
from fieldapp.queries.visible import sees
from fieldapp.routes._web import clock, db, json_answer, settings, viewer
from fieldapp.security import access, current
from fieldapp.services import ingest, proofs
from sync.envelope import RequestError, SyncRequest, SyncResponse, Verdict, echo_id, parse_request

bp = Blueprint("api_sync", __name__, url_prefix="/api")

_QUICK = 10
"""Entries: what somebody sends while at work, not what has gathered in a week without coverage."""


@bp.post("/sync")
@access("token")
def sync() -> Response:
    """With a session, or with the delivery keys in `deliver_for` alone: then verdicts only."""
    person = current()
    asked = _parsed(request.get_data(cache=False))
    if person is None and not asked.deliver_for:
        raise AppError("sign_in")
    reader = person.viewer if person else None
    verdicts = db().again(lambda: _receive(asked, reader))
    return json_answer(_answer(asked, reader, verdicts))


@bp.get("/clients/<uuid:client_id>/entries")
@access("signed_in")
def older_entries(client_id: UUID) -> Response:
    """Entries older than what a phone keeps, newest first, at most 200."""
    reader = viewer()
    before = request.args.get("before", type=_seq)
    with db().reading() as session:
        if not sees(session, reader, client_id):
            raise AppError("not_found")
        found = changes.older_entries(session, reader, client_id, before, clock.now())
    return json_answer({"changes": found, "more": len(found) == changes.OLDER_PAGE})


def _seq(text: str) -> int:
    """A change number; beyond what the log can ever reach is as good as its end, below its start as good as that."""
    return max(0, min(int(text), 2**53))


def _parsed(raw: bytes) -> SyncRequest:
    try:
        return parse_request(raw)
    except RequestError as error:
        extra: dict[str, Any] = dict(error.extra)
        raise AppError(error.code, **extra) from error


def _receive(asked: SyncRequest, reader: Viewer | None) -> list[Verdict]:
    now = clock.now()
    with db().transaction(is_quick=len(asked.entries) <= _QUICK) as session:
        proven = proofs.proven_authors(session, settings().secret_key, asked.device_id, asked.deliver_for)
        if reader is None and not proven:
            # Nobody has proven anything: an answer, but nothing is kept, or anyone could fill the database.
            return [Verdict(id=echo_id(raw), verdict="rejected", code="author_unproven") for raw in asked.entries]
        return ingest.receive(session, asked, reader, proven, now)


def _answer(asked: SyncRequest, reader: Viewer | None, verdicts: list[Verdict]) -> SyncResponse:
    """What has changed is read after the commit: the numbers of a transaction exist only when it ends."""
    with db().reading() as session:
        now = clock.now()
        page = changes.changes_since(session, reader, asked.cursor, now) if reader else None
        return SyncResponse(
            server_time=now,
            alerting_ok=health.alerting_ok(session, now),
            results=verdicts,
            changes=page.changes if page else [],
            cursor=page.cursor if page else asked.cursor,
            more=page.more if page else False,
            reset=page.reset if page else False,
        )

"""POST /api/sync: entries up, verdicts and changes down. And older entries of one client, on demand."""

from typing import Any, cast
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.queries import health
from fieldapp.queries.phones.missing_seqs import missing_seqs
from fieldapp.queries.sync import changes
from fieldapp.queries.sync import older_entries as older
from fieldapp.queries.visible import keeps_on_phone
from fieldapp.routes._devices import is_from
from fieldapp.routes._web import clock, db, json_answer, settings, viewer
from fieldapp.security import access, current, must_sign_in
from fieldapp.services.entries import arrivals, ingest, proven_authors
from fieldapp.services.people import devices
from sync.envelope import Change, RequestError, SyncRequest, SyncResponse, Verdict, echo_id, parse_request

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
        raise must_sign_in()
    reader = person.viewer if person else None
    is_own = person is not None and person.device_id == asked.device_id
    verdicts = db().again(lambda: _receive(asked, reader, is_own))
    return json_answer(_answer(asked, reader, verdicts, is_own))


@bp.get("/clients/<uuid:client_id>/entries")
@access("signed_in")
def older_entries(client_id: UUID) -> Response:
    """Entries older than what a phone keeps, newest first, at most 200; `before` is from the last answer."""
    reader = viewer()
    before = older.read(request.args.get("before", ""))
    with db().reading() as session:
        if not keeps_on_phone(session, reader, client_id):
            raise AppError("not_found")
        page = older.older_entries(session, reader, client_id, before)
    return json_answer({"changes": page.changes, "more": page.before is not None, "before": page.before})


def _parsed(raw: bytes) -> SyncRequest:
    try:
        return parse_request(raw)
    except RequestError as error:
        extra: dict[str, Any] = dict(error.extra)
        raise AppError(error.code, **extra) from error


def _receive(asked: SyncRequest, reader: Viewer | None, is_own: bool) -> list[Verdict]:
    """`is_own`: the session is on the device it speaks of; only such a one is believed about what is lost there."""
    now = clock.now()
    with db().transaction(is_quick=len(asked.entries) <= _QUICK) as session:
        proven = proven_authors.proven_authors(session, settings().secret_key, asked.device_id, asked.deliver_for, now)
        if reader is None and not proven:
            # Nobody has proven anything: an answer, but nothing is kept, or anyone could fill the database.
            return [Verdict(id=echo_id(raw), verdict="rejected", code="author_unproven") for raw in asked.entries]
        is_the_device = bool(proven) or is_from(asked.device_id)
        if not is_the_device and reader is not None:
            is_the_device = not devices.is_used_by_others(session, asked.device_id, reader.staff_id)
        verdicts = ingest.receive(session, asked, reader, proven, now, is_the_device=is_the_device)
        if is_own:
            arrivals.lose(session, asked.device_id, asked.lost_seqs, now)
        return verdicts


def _answer(asked: SyncRequest, reader: Viewer | None, verdicts: list[Verdict], is_own: bool) -> SyncResponse:
    """What has changed is read after the commit: the numbers of a transaction exist only when it ends. Who only sends
    (`pull` false, no session) gets no changes, and the cursor as it was."""
    with db().reading() as session:
        now = clock.now()
        page = changes.changes_since(session, reader, asked.cursor, now) if reader and asked.pull else None
        return SyncResponse(
            server_time=now,
            alerting_ok=health.alerting_ok(session, now),
            results=verdicts,
            changes=cast("list[Change]", page.changes) if page else [],  # as JSON already
            cursor=page.cursor if page else asked.cursor,
            more=page.more if page else False,
            reset=page.reset if page else False,
            epoch=page.epoch if page else changes.current_epoch(session),
            missing_seqs=(is_own and missing_seqs(session, asked.device_id)) or msgspec.UNSET,
        )

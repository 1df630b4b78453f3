"""POST /api/sync: entries up, verdicts and changes down. And older entries of one client, on demand."""

import datetime as dt
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
from fieldapp.routes._web import clock, db, json_answer, settings, showing, viewer
from fieldapp.security import access, current, must_sign_in
from fieldapp.services.entries import arrivals, elements, ingest, proven_authors
from fieldapp.services.entries.elements import Element
from fieldapp.services.entries.views import Report, open_views, receive_views
from fieldapp.services.people import devices, keys, throttle
from sync.envelope import Change, RequestError, SyncRequest, SyncResponse, Verdict, parse_request
from sync.sealed import is_sealed

bp = Blueprint("api_sync", __name__, url_prefix="/api")

_QUICK = 10
"""Entries: what somebody sends while at work, not what has gathered in a week without coverage."""


@bp.post("/sync")
@access("token", reads="phone")
def sync() -> Response:
    """With a session; or with the delivery keys in `deliver_for`, or those in sealed entries: then verdicts only."""
    person = current()
    asked = _parsed(request.get_data(cache=False))
    by_key = bool(asked.deliver_for) or any(map(is_sealed, asked.entries)) or bool(asked.views and not asked.entries)
    if person is None and not by_key:
        raise must_sign_in()
    reader = person.viewer if person else None
    is_own = person is not None and person.device_id == asked.device_id
    opened, views = _opened(asked)
    verdicts, on_views = db().again(lambda: _receive(asked, opened, views, reader, is_own))
    answer = _answer(asked, reader, verdicts, is_own)
    return json_answer(msgspec.structs.replace(answer, view_results=on_views) if asked.views else answer)


@bp.get("/clients/<uuid:client_id>/entries")
@access("signed_in", reads="phone")
def older_entries(client_id: UUID) -> Response:
    """Entries older than what a phone keeps, newest first, at most 200; `before` is from the last answer."""
    reader = viewer()
    before = older.read(request.args.get("before", ""))

    def read(session: Any) -> older.OlderPage:
        if not keeps_on_phone(session, reader, client_id):
            raise AppError("not_found")
        return older.older_entries(session, reader, client_id, before)

    page = showing(read)
    return json_answer({"changes": page.changes, "more": page.before is not None, "before": page.before})


def _parsed(raw: bytes) -> SyncRequest:
    try:
        return parse_request(raw)
    except RequestError as error:
        extra: dict[str, Any] = dict(error.extra)
        raise AppError(error.code, **extra) from error


def _opened(asked: SyncRequest) -> tuple[list[Element], list[Report]]:
    """The entries and the reports of what was opened, out of their seals: before the transaction that writes, since all
    others wait for that."""
    if not any(map(is_sealed, (*asked.entries, *asked.views))):
        return [Element(raw) for raw in asked.entries], [Report(raw, raw) for raw in asked.views]
    with db().reading() as session:
        secret_key = settings().secret_key
        return elements.open_all(session, secret_key, asked.entries), open_views(session, secret_key, asked.views)


def _receive(
    asked: SyncRequest, opened: list[Element], views: list[Report], reader: Viewer | None, is_own: bool
) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts on the entries, and on the reports of what was opened. `is_own`: the session is on the device it
    speaks of; only such a one is believed about what is lost there."""
    now = clock.now()
    with db().transaction(is_quick=len(asked.entries) <= _QUICK) as session:
        verdicts = _receive_entries(session, asked, opened, reader, is_own, now)
        return verdicts, receive_views(session, views, reader, settings().secret_key, asked.device_id, now)


def _receive_entries(
    session: Any, asked: SyncRequest, opened: list[Element], reader: Viewer | None, is_own: bool, now: dt.datetime
) -> list[Verdict]:
    secret_key = settings().secret_key
    proven = proven_authors.proven_authors(session, secret_key, asked.device_id, asked.deliver_for, now)
    judged = elements.prove(session, secret_key, asked.device_id, opened, reader, now)
    if reader is None and not proven and not any(one.is_trusted for one in judged):
        return _verdicts_for_nobody(session, judged, now)
    is_the_device = bool(proven) or any(one.author for one in judged) or is_from(asked.device_id)
    if not is_the_device and reader is not None:
        is_the_device = not devices.is_used_by_others(session, asked.device_id, reader.staff_id)
    verdicts = ingest.receive(session, asked, reader, proven, now, is_the_device=is_the_device, elements=judged)
    if is_own:
        arrivals.lose(session, asked.device_id, asked.lost_seqs, now)
    return verdicts


def _verdicts_for_nobody(session: Any, judged: list[Element], now: dt.datetime) -> list[Verdict]:
    """Nobody has proven anything: an answer, but nothing is kept, or anyone could fill the database. Whoever sends
    sealed entries has the server try keys on them, so that is counted."""
    if any(one.came_sealed for one in judged):
        throttle.note_unproven(session, request.remote_addr or "", now)
    return [ingest.verdict_on_nobodys(one) for one in judged]


def _answer(asked: SyncRequest, reader: Viewer | None, verdicts: list[Verdict], is_own: bool) -> SyncResponse:
    """What has changed is read after the commit: the numbers of a transaction exist only when it ends. Who only sends
    (`pull` false, no session) gets no changes, and the cursor as it was."""

    def read(session: Any) -> SyncResponse:
        now = clock.now()
        page = changes.changes_since(session, reader, asked.cursor, now) if reader and asked.pull else None
        key = keys.sealing_key(session)
        return SyncResponse(
            server_time=now,
            alerting_ok=health.alerting_ok(session, now),
            results=verdicts,
            changes=cast("list[Change]", page.changes) if page else [],  # as JSON already
            cursor=page.cursor if page else asked.cursor,
            more=page.more if page else False,
            reset=page.reset if page else False,
            epoch=page.epoch if page else changes.current_epoch(session),
            sealing_key_id=key.key_id if key else msgspec.UNSET,
            signed_out=msgspec.UNSET if reader else True,
            missing_seqs=(is_own and missing_seqs(session, asked.device_id)) or msgspec.UNSET,
        )

    if reader and asked.pull:
        return showing(read)
    with db().reading() as session:
        return read(session)

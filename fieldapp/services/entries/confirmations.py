"""What came in somebody's name under a key that was right only once: taken when its author or a leader confirms it.

Who may answer is for queries/to_confirm.py. Invariant: it is answered once, and kept whatever the answer.
"""

import datetime as dt
import json
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.errors import AppError, Rejected
from fieldapp.models import SetAside, Staff
from fieldapp.services.entries import ingest
from fieldapp.services.people import sessions
from sync.refusals import Refused


def confirm(session: Session, kept_id: int, by: uuid.UUID, now: dt.datetime) -> None:
    """Take the entry under its author, by the clock of when it first came. Raises Rejected and changes nothing."""
    row = _held(session, kept_id)
    author = session.get(Staff, row.claimed_by)
    if author is None or row.sent_at is None or row.came_at is None:
        raise Rejected("author_unproven")
    viewer, came = sessions.viewer_of(session, author, now), (row.sent_at, row.came_at)
    try:
        ingest.submit_kept(session, json.loads(row.raw), viewer, row.device_id, came, now)
    except Refused as refusal:
        raise Rejected(refusal.code, refusal.field) from refusal
    row.answer, row.answered_by, row.answered_at = "confirmed", by, now


def decline(session: Session, kept_id: int, by: uuid.UUID, now: dt.datetime) -> None:
    """Say that it is not that person's. It stays as it was kept, and counts for nothing."""
    row = _held(session, kept_id)
    row.answer, row.answered_by, row.answered_at = "declined", by, now


def _held(session: Session, kept_id: int) -> SetAside:
    """The row, which nobody else answers meanwhile; gone as for those it does not wait for when somebody has."""
    query = select(SetAside).where(SetAside.id == kept_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    if row.answer is not None:
        raise AppError("not_found")
    return row

"""Entries that were rejected or deferred, kept verbatim: neither the phone nor the server ever drops one."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Entry, SetAside
from sync import json_values, private_talks
from sync.envelope import echo_id

PRIVATE = "private_has_no_note"


def keep(
    session: Session,
    raw: Any,
    device_id: uuid.UUID | None,
    viewer: Viewer | None,
    verdict: str,
    code: str,
    field: str | None,
    now: dt.datetime,
) -> SetAside:
    """Keep the element as it came, opened if it opens; the same element offered again only renews its verdict.

    Of what says too much about a private talk only id, type and code are kept, whatever it was refused for, and what
    was kept of it before goes: no shadow record.
    """
    kept = raw
    if code == PRIVATE or _says_too_much(session, raw):
        kept = {"id": str(_entry_id(raw) or ""), "type": _plain_type(raw), "code": code}
        _forget(session, raw, device_id)
    text = json_values.verbatim(kept)
    key = hashlib.sha256(text.encode()).digest()
    row = session.scalar(select(SetAside).where(SetAside.device_id == device_id, SetAside.content_key == key))
    if row is None:
        row = SetAside(entry_id=_entry_id(raw), device_id=device_id, raw=text, content_key=key)
        row.author_id = viewer.staff_id if viewer else None
        session.add(row)
    row.verdict, row.code, row.field, row.received_at = verdict, code, field, now
    session.flush()
    return row


def ask_to_confirm(row: SetAside, author_id: uuid.UUID | None, sent_at: dt.datetime, now: dt.datetime) -> None:
    """Let its author or a leader say that it is theirs (confirmations.py). Its clock goes by when it first came."""
    row.claimed_by = author_id
    if row.came_at is None:
        row.sent_at, row.came_at = sent_at, now


def _says_too_much(session: Session, raw: Any) -> bool:
    if private_talks.is_private_talk(raw):
        return private_talks.talk_says_too_much(raw)
    if not isinstance(raw, dict) or raw.get("type") != "entry_corrected" or not isinstance(raw.get("body"), dict):
        return False
    target = session.get(Entry, entry_id) if (entry_id := _uuid(raw["body"].get("entry_id"))) else None
    of_private = target is not None and target.type == private_talks.TYPE and private_talks.is_private(target.body)
    return of_private and private_talks.correction_says_too_much(raw)


def _forget(session: Session, raw: Any, device_id: uuid.UUID | None) -> None:
    """What came before its target did was kept whole."""
    entry_id = _entry_id(raw)
    if entry_id is not None:
        session.execute(delete(SetAside).where(SetAside.entry_id == entry_id, SetAside.device_id == device_id))


def _plain_type(raw: Any) -> str:
    return "entry_corrected" if isinstance(raw, dict) and raw.get("type") == "entry_corrected" else private_talks.TYPE


def _entry_id(raw: Any) -> uuid.UUID | None:
    return _uuid(echo_id(raw))


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None

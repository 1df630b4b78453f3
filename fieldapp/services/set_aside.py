"""Entries that were rejected or deferred, kept verbatim: neither the phone nor the server ever drops one."""

import datetime as dt
import hashlib
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import SetAside
from sync import json_values
from sync.envelope import echo_id


def keep(
    session: Session,
    raw: Any,
    device_id: uuid.UUID | None,
    viewer: Viewer | None,
    verdict: str,
    code: str,
    field: str | None,
    now: dt.datetime,
) -> None:
    """Keep the element as it came; the same element offered again only renews its verdict."""
    kept = _without_private_words(raw, code)
    text = json_values.verbatim(kept)
    key = hashlib.sha256(text.encode()).digest()
    row = session.scalar(select(SetAside).where(SetAside.device_id == device_id, SetAside.content_key == key))
    if row is None:
        row = SetAside(entry_id=_entry_id(raw), device_id=device_id, raw=text, content_key=key)
        row.author_id = viewer.staff_id if viewer else None
        session.add(row)
    row.verdict, row.code, row.field, row.received_at = verdict, code, field, now
    session.flush()


def _without_private_words(raw: Any, code: str) -> Any:
    """Of a private talk that came with text only id, type and code stay: no shadow record."""
    if code != "private_has_no_note":
        return raw
    return {"id": echo_id(raw), "type": raw.get("type"), "code": code}


def _entry_id(raw: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(echo_id(raw) or "")
    except ValueError:
        return None

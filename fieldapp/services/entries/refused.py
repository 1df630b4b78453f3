"""Entries that were rejected or deferred, kept verbatim: neither the phone nor the server ever drops one."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Entry, SetAside
from fieldapp.models.entry import MOST_TO_CONFIRM
from fieldapp.models.record_key import fingerprint
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
    key = _key_of(session, text)
    row = session.scalar(select(SetAside).where(SetAside.device_id == device_id, SetAside.content_key == key))
    if row is None:
        row = SetAside(entry_id=_entry_id(raw), device_id=device_id, raw=text, content_key=key)
        row.author_id = viewer.staff_id if viewer else None
        row.about_client_id, row.corrects_id = _named(kept, "client_id"), _named(_body(kept), "entry_id")
        session.add(row)
    row.verdict, row.code, row.field, row.received_at = verdict, code, field, now
    session.flush()
    return row


def has_room(session: Session, raw: Any, device_id: uuid.UUID | None, author_id: uuid.UUID | None) -> bool:
    """Whether the element can be kept until it is confirmed: it is kept already, or there is room for it."""
    text = json_values.verbatim(raw)
    same = SetAside.content_key == _key_of(session, text)
    if session.scalar(select(SetAside.id).where(SetAside.device_id == device_id, same)) is not None:
        return True
    return waiting_size(session, device_id, author_id) + len(text) <= MOST_TO_CONFIRM


def _key_of(session: Session, text: str) -> bytes:
    return fingerprint(session, hashlib.sha256(text.encode()).digest())


def waiting_size(session: Session, device_id: uuid.UUID | None, author_id: uuid.UUID | None) -> int:
    """How much of this person waits to be confirmed from this device."""
    size = select(func.sum(func.length(SetAside.raw))).where(
        SetAside.device_id == device_id, SetAside.claimed_by == author_id, SetAside.answer.is_(None)
    )
    return session.scalar(size) or 0


def ask_to_confirm(row: SetAside, author_id: uuid.UUID | None, sent_at: dt.datetime, now: dt.datetime) -> None:
    """Let its author or a leader say that it is theirs (confirmations.py). Its clock goes by when it first came."""
    row.claimed_by = author_id
    if row.came_at is None:
        row.sent_at, row.came_at = sent_at, now


def _says_too_much(session: Session, raw: Any) -> bool:
    if private_talks.is_private_talk(raw):
        return private_talks.talk_says_too_much(raw)
    type_ = raw.get("type") if isinstance(raw, dict) else None
    says_too_much = _OF_A_TALK.get(type_) if isinstance(type_, str) else None
    if says_too_much is None or not isinstance(raw.get("body"), dict):
        return False
    target = session.get(Entry, entry_id) if (entry_id := _uuid(raw["body"].get("entry_id"))) else None
    of_private = target is not None and private_talks.is_private_entry(target.type, target.body)
    return of_private and says_too_much(raw)


_OF_A_TALK: dict[Any, Callable[[dict[str, Any]], bool]] = {
    "entry_corrected": private_talks.correction_says_too_much,
    "subject_client_set": private_talks.link_says_too_much,
}
"""What may point at a private talk, and whether it says more than it may."""


def _forget(session: Session, raw: Any, device_id: uuid.UUID | None) -> None:
    """What came before its target did was kept whole."""
    entry_id = _entry_id(raw)
    if entry_id is not None:
        session.execute(delete(SetAside).where(SetAside.entry_id == entry_id, SetAside.device_id == device_id))


def _body(raw: Any) -> Any:
    return raw.get("body") if isinstance(raw, dict) else None


def _named(part: Any, name: str) -> uuid.UUID | None:
    return _uuid(part.get(name)) if isinstance(part, dict) else None


def _plain_type(raw: Any) -> str:
    type_ = raw.get("type") if isinstance(raw, dict) else None
    return type_ if isinstance(type_, str) and type_ in _OF_A_TALK else private_talks.TYPE


def _entry_id(raw: Any) -> uuid.UUID | None:
    return _uuid(echo_id(raw))


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None

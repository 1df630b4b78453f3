"""Private talks: what a street contact marked private may hold, and nothing else. No shadow record, anywhere.

A private talk holds whom, when, where and how many. Whether a talk is private is said when it is logged and never
changes: a promise is not taken back by a correction, and what was written once is not made unwritten by calling it
private. Either is taken back whole, and logged anew.
"""

import re
from collections.abc import Callable
from typing import Any

from sync.bodies_base import MAX_NAME

TYPE = "street_contact_logged"
REASONS = frozenset({"angret", "rettet"})
"""The words a correction of a private talk may give as its reason: a free text would be a note about it."""

_MOST_PEOPLE = 500
_ENVELOPE = frozenset(
    {"id", "device_seq", "version", "client_id", "case_id", "team_id", "occurred_at", "time_chosen", "locked"}
    | {"clock_offset_ms", "author_id", "mends"}
)
_ID_OR_TIME = re.compile(r"[0-9A-Fa-fTtZz:.+-]{0,40}")
"""What ids and times are written with: no room for words."""


def is_private(body: Any) -> bool:
    """Whether the body of a street contact is marked private; anything but null and false counts as a mark."""
    return isinstance(body, dict) and body.get("private") not in (None, False)


def is_private_talk(raw: Any) -> bool:
    """Whether an element of `entries` is a street contact marked private."""
    return isinstance(raw, dict) and raw.get("type") == TYPE and is_private(raw.get("body"))


def is_private_entry(entry_type: str, body: Any) -> bool:
    """Whether an entry of this type and body is a private talk."""
    return entry_type == TYPE and is_private(body)


def talk_says_too_much(raw: dict[str, Any]) -> bool:
    """Whether a private talk, as an element of `entries`, holds anything it may not."""
    return _envelope_says_too_much(raw) or _says_too_much(raw["body"], _TALK)


def correction_says_too_much(raw: dict[str, Any]) -> bool:
    """Whether an `entry_corrected` about a private talk, as an element of `entries`, holds anything it may not."""
    return _envelope_says_too_much(raw) or _says_too_much(raw.get("body"), _CORRECTION)


def link_says_too_much(raw: dict[str, Any]) -> bool:
    """Whether what says whom a private talk was with, as an element of `entries`, holds anything else."""
    return _envelope_says_too_much(raw) or _says_too_much(raw.get("body"), {"entry_id": _is_id_or_time})


def _envelope_says_too_much(raw: dict[str, Any]) -> bool:
    return any(
        name not in _ENVELOPE or not (isinstance(value, bool | int) or _is_id_or_time(value))
        for name, value in raw.items()
        if value is not None and name not in ("body", "type")
    )


def _says_too_much(body: Any, fields: dict[str, Callable[[Any], bool]]) -> bool:
    """A field that is not in the list may be words by its name alone."""
    given = {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else {"": body}
    return any(name not in fields or not fields[name](value) for name, value in given.items())


def _is_id_or_time(value: Any) -> bool:
    return isinstance(value, str) and _ID_OR_TIME.fullmatch(value) is not None


def _is_label(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_NAME


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_PEOPLE


_TALK: dict[str, Callable[[Any], bool]] = {
    "place_label": _is_label,
    "people": _is_count,
    "private": lambda value: value is True,
}
_CORRECTION: dict[str, Callable[[Any], bool]] = {
    "entry_id": _is_id_or_time,
    "what": lambda value: value in ("text", "wrong_client", "retracted"),
    "reason": lambda value: isinstance(value, str) and value in REASONS,
    "body": lambda value: not _says_too_much(value, _TALK),
    "occurred_at": _is_id_or_time,
    "to_client_id": _is_id_or_time,
}

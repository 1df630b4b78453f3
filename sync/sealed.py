"""Sealed elements of a request, `{"id", "device_seq", "key_id", "sealed"}`, and the envelope inside.

Owns their form, and which of the two says what: the id stands in both, the number outside alone (a phone may have to
count anew), and the proof of the author inside alone, where nobody on the phone reads it.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta, Struct

from sync import json_values, sealing
from sync.refusals import Refused, rejected

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_OF_A_KEY = 500


class SealedEntry(Struct, frozen=True):
    """An element as a phone sends it."""

    id: uuid.UUID
    device_seq: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    key_id: Annotated[str, Meta(pattern=f"^{_KEY_ID.pattern}$")]
    sealed: str


@dataclass(frozen=True)
class Opened:
    """What was sealed: the element as if it had come in clear, and the key that its author proves themselves with."""

    raw: dict[str, Any]
    author_key: str | None


def is_sealed(element: Any) -> bool:
    """Whether an element of `entries` is sealed. One that says its type is in clear, whatever else it holds."""
    return isinstance(element, dict) and element.get("sealed") is not None and element.get("type") is None


def key_ids(elements: Iterable[Any]) -> set[str]:
    """The keys that the sealed ones of these elements name, if they can be names of keys."""
    named = (element.get("key_id") for element in elements if is_sealed(element))
    return {name for name in named if isinstance(name, str) and _KEY_ID.fullmatch(name)}


def opened(element: dict[str, Any], private_keys: Mapping[str, bytes]) -> Opened:
    """Open one sealed entry with the key that it names. Raises Refused."""
    inside = unsealed(element, private_keys, sealing.ENTRY_INFO)
    key, _ = inside.pop("author_key", None), inside.pop("device_seq", None)
    outside = {name: element[name] for name in ("device_seq",) if name in element}
    # In the order of a phone that sends in clear, so that what is kept verbatim is kept once.
    return Opened({"id": inside["id"]} | outside | inside, key if _may_be_a_key(key) else None)


def unsealed(element: dict[str, Any], private_keys: Mapping[str, bytes], info: bytes) -> dict[str, Any]:
    """What was sealed for this purpose, under the same id. Raises Refused."""
    for name in ("id", "key_id", "sealed"):
        if not isinstance(element.get(name), str):
            raise rejected("invalid_envelope", name)
    private = private_keys.get(element["key_id"])
    if private is None:
        raise Refused("deferred", "unknown_key", "key_id")
    inside = _read(private, element, info)
    if not isinstance(inside, dict) or _folded(inside.get("id")) != element["id"].lower():
        raise rejected("invalid_envelope", "id")
    return inside


def _read(private: bytes, element: dict[str, Any], info: bytes) -> Any:
    try:
        text = sealing.unseal(private, info, sealing.entry_aad(element["id"]), element["sealed"])
        return json_values.read(text)
    except (sealing.DoesNotOpen, ValueError) as error:
        raise rejected("unreadable", "sealed") from error


def _folded(id_: Any) -> str | None:
    return id_.lower() if isinstance(id_, str) else None


def _may_be_a_key(key: Any) -> bool:
    return isinstance(key, str) and len(key) <= _MOST_OF_A_KEY and json_values.is_clean(key)

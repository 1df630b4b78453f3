"""What of an entry's body is not shown where a client's address is protected.

Code 7: the address is behind a reason. Code 6: no address, area or place is shown at all, but for a day, to those who
are rung, where a colleague has asked for help; and of the texts from before, none that tells a place. That there is a
code is not said to whoever reads.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sync.entry_types import types_that
from sync.fields import body_fields

_FLAG = "protected"
_ADDRESS = frozenset({"address", _FLAG})
_PLACES = _ADDRESS | {"place_label", "place", "where", "where_to", "guided_to"}
_HIDDEN: dict[str, frozenset[str]] = {"none": frozenset({_FLAG}), "code7": _ADDRESS, "code6": _PLACES}


SHOWN_TO_RESPONDERS = timedelta(hours=24)
"""How long whoever is rung sees where a colleague asked for help."""
CALLS = types_that(lambda row: "help" in row.settles or (row.case == "crisis" and row.opens_case))
"""The types whose place somebody has to go to."""
_LINE = 200
TEXTS = frozenset(
    name for fields in body_fields().values() for name, limits in fields.items() if limits.get("max", 0) >= _LINE
) - {name for one in ("name", "alias", *_PLACES) for name in (one, f"fields.{one}")}
"""The fields, of whatever type, in which people write what they like; of a part by their path, as `bed.place`."""
UNTOLD = "(teksten er skjult)"


def texts_in(body: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """What was written freely in this body, in its parts (`within`: of which it is one), and in the one within it."""
    for name, value in sorted(body.items()):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from texts_in(one, _path(within, name))
            elif isinstance(one, str) and one.strip() and within + name in TEXTS:
                yield one


def without_texts(body: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """The body with its numbers and codes, and in place of each text that there was one."""
    return {name: _untold(value, within, name) for name, value in body.items()}


def _untold(value: Any, within: str, name: str) -> Any:
    if isinstance(value, list):
        return [_untold(one, within, name) for one in value]
    if isinstance(value, dict):
        return without_texts(value, _path(within, name))
    return UNTOLD if isinstance(value, str) and within + name in TEXTS else value


def _path(within: str, name: str) -> str:
    """The body within a correction begins anew."""
    return "" if name == "body" else f"{within}{name}."


def shown(body: Mapping[str, Any], protected: str, *, is_responder: bool = False) -> dict[str, Any]:
    """The body as it is shown of a client with this protection. `is_responder`: to whoever is rung about it now."""
    hidden = _HIDDEN[protected] - ({"place_label"} if is_responder else set())
    if protected == "none" and not _says_more_than_none(body):
        return dict(body)
    told = {name: value for name, value in body.items() if name not in hidden}
    if isinstance(fields := body.get("fields"), dict):
        told["fields"] = {name: value for name, value in fields.items() if name not in hidden}
    if isinstance(inner := body.get("body"), dict):
        told["body"] = shown(inner, protected, is_responder=is_responder)
    return told


def _says_more_than_none(body: Mapping[str, Any]) -> bool:
    parts = (body, body.get("fields"), body.get("body"))
    return any(isinstance(part, dict) and part.get(_FLAG) not in (None, "none") for part in parts) or any(
        isinstance(part, dict) and isinstance(part.get("fields"), dict) and _says_more_than_none(part["fields"])
        for part in parts[2:]
    )

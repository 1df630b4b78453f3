"""What of an entry's body is not shown where a client's address is protected.

Code 7: the address is behind a reason. Code 6: no address, area or place is shown at all. That there is a code is not
said to whoever reads.
"""

from collections.abc import Mapping
from typing import Any

_FLAG = "protected"
_ADDRESS = frozenset({"address", _FLAG})
_PLACES = _ADDRESS | {"place_label", "place", "where", "where_to", "guided_to"}
_HIDDEN: dict[str, frozenset[str]] = {"none": frozenset({_FLAG}), "code7": _ADDRESS, "code6": _PLACES}


def shown(body: Mapping[str, Any], protected: str) -> dict[str, Any]:
    """The body as it is shown of a client with this protection."""
    hidden = _HIDDEN[protected]
    if protected == "none" and not _says_more_than_none(body):
        return dict(body)
    told = {name: value for name, value in body.items() if name not in hidden}
    if isinstance(fields := body.get("fields"), dict):
        told["fields"] = {name: value for name, value in fields.items() if name not in hidden}
    if isinstance(inner := body.get("body"), dict):
        told["body"] = shown(inner, protected)
    return told


def _says_more_than_none(body: Mapping[str, Any]) -> bool:
    parts = (body, body.get("fields"), body.get("body"))
    return any(isinstance(part, dict) and part.get(_FLAG) not in (None, "none") for part in parts) or any(
        isinstance(part, dict) and isinstance(part.get("fields"), dict) and _says_more_than_none(part["fields"])
        for part in parts[2:]
    )

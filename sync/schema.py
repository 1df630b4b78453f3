"""The JSON Schema of the sync request, generated from the types, one branch an entry type."""

from functools import cache
from typing import Any

import msgspec

from sync.entry_type import EntryType
from sync.entry_types import ENTRY_TYPES
from sync.envelope import MAX_ENTRIES, PROTOCOL_MAX, PROTOCOL_MIN, Head, SyncRequest
from sync.sealed import SealedEntry

_REF = "#/$defs/{name}"
_ENTRIES = {"anyOf": [{"$ref": "#/$defs/Entry"}, {"$ref": "#/$defs/SealedEntry"}]}


@cache
def request_schema() -> dict[str, Any]:
    """What a client may send, as JSON Schema 2020-12. Types and versions beyond it are answered `deferred`."""
    bodies = [row.body for row in ENTRY_TYPES.values()]
    _, definitions = msgspec.json.schema_components([SyncRequest, Head, SealedEntry, *bodies], ref_template=_REF)
    request = _plain(definitions.pop("SyncRequest"))
    head = _plain(definitions.pop("Head"))
    definitions["SealedEntry"] = _plain(definitions["SealedEntry"])
    request["properties"]["protocol"] = {"type": "integer", "minimum": PROTOCOL_MIN, "maximum": PROTOCOL_MAX}
    request["properties"]["entries"] = {"type": "array", "maxItems": MAX_ENTRIES, "items": _ENTRIES}
    definitions["Entry"] = {
        **head,
        "oneOf": [_branch(entry_type) for entry_type in ENTRY_TYPES],
        "discriminator": {"propertyName": "type"},
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sett sync request",
        **request,
        "$defs": definitions,
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    return plain


def _plain(definition: dict[str, Any]) -> dict[str, Any]:
    """Without what msgspec adds of Python: the class name and docstring, which stay on the bodies."""
    return {name: value for name, value in definition.items() if name not in ("title", "description")}


def _branch(entry_type: str) -> dict[str, Any]:
    row = ENTRY_TYPES[entry_type]
    branch: dict[str, Any] = {
        "title": entry_type,
        "properties": {
            "type": {"const": entry_type},
            "version": {"type": "integer", "minimum": 1, "maximum": row.version},
            "body": {"$ref": _REF.format(name=row.body.__name__)},
        },
    }
    needed = _needed(row)
    branch["properties"].update({name: {"type": "string", "format": "uuid"} for name in needed})
    if needed:
        branch["required"] = needed
    if row.about == "client_or_team":
        branch["anyOf"] = [_required_uuid("client_id"), _required_uuid("team_id")]
    return branch


def _needed(row: EntryType) -> list[str]:
    return [*(["client_id"] if row.about == "client" else []), *(["case_id"] if row.case else [])]


def _required_uuid(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string", "format": "uuid"}}, "required": [name]}

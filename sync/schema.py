"""The JSON Schema of the sync request, generated from the types, one branch an entry type."""

from functools import cache
from typing import Any

import msgspec

from sync.entry_types import CASE_TYPES, CLIENT_OPTIONAL, ENTRY_TYPES, TEAM_OPTIONAL, VERSIONS
from sync.envelope import MAX_ENTRIES, PROTOCOL_MAX, PROTOCOL_MIN, Head, SyncRequest

_REF = "#/$defs/{name}"


@cache
def request_schema() -> dict[str, Any]:
    """What a client may send, as JSON Schema 2020-12. Types and versions beyond it are answered `deferred`."""
    _, definitions = msgspec.json.schema_components([SyncRequest, Head, *ENTRY_TYPES.values()], ref_template=_REF)
    request = _plain(definitions.pop("SyncRequest"))
    head = _plain(definitions.pop("Head"))
    request["properties"]["protocol"] = {"type": "integer", "minimum": PROTOCOL_MIN, "maximum": PROTOCOL_MAX}
    request["properties"]["entries"] = {"type": "array", "maxItems": MAX_ENTRIES, "items": {"$ref": "#/$defs/Entry"}}
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
    body = ENTRY_TYPES[entry_type].__name__
    branch: dict[str, Any] = {
        "title": entry_type,
        "properties": {
            "type": {"const": entry_type},
            "version": {"type": "integer", "minimum": 1, "maximum": VERSIONS[entry_type]},
            "body": {"$ref": _REF.format(name=body)},
        },
    }
    needed = _needed(entry_type)
    branch["properties"].update({name: {"type": "string", "format": "uuid"} for name in needed})
    if needed:
        branch["required"] = needed
    if entry_type in CLIENT_OPTIONAL and entry_type not in TEAM_OPTIONAL:
        branch["anyOf"] = [_required_uuid("client_id"), _required_uuid("team_id")]
    return branch


def _needed(entry_type: str) -> list[str]:
    client = [] if entry_type in CLIENT_OPTIONAL else ["client_id"]
    return client + (["case_id"] if entry_type in CASE_TYPES else [])


def _required_uuid(name: str) -> dict[str, Any]:
    return {"properties": {name: {"type": "string", "format": "uuid"}}, "required": [name]}

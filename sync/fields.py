"""The fields of every body, by entry type: `python -m sync.fields > sync/vectors/bodies.json`.

The phone has words for each of them (static/js/views/entry_fields.js) and keeps its limits, the office has words,
too (fieldapp/texts/entry_fields.py); the tests read that file or the types, so a new field can't be forgotten.
"""

import json
import sys
from typing import Any

from sync.entry_types import ENTRY_TYPES
from sync.schema import request_schema


def body_fields() -> dict[str, dict[str, dict[str, int]]]:
    """Type → field (of a struct within: `letters.kind`) → `max`, the characters it has room for, where it is a text."""
    defs = request_schema()["$defs"]
    return {name: dict(_fields(defs, defs[row.body.__name__], "")) for name, row in ENTRY_TYPES.items()}


def _fields(defs: dict[str, Any], struct: dict[str, Any], prefix: str) -> list[tuple[str, dict[str, int]]]:
    found: list[tuple[str, dict[str, int]]] = []
    for name, schema in struct["properties"].items():
        inner = _struct_in(defs, schema)
        if inner is not None:
            found += _fields(defs, inner, f"{prefix}{name}.")
        else:
            found.append((prefix + name, _limit(schema)))
    return found


def _parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What the value may be: itself, one of several, the items of a list."""
    parts = schema.get("anyOf") or [schema]
    return [part.get("items") if isinstance(part.get("items"), dict) else part for part in parts]


def _struct_in(defs: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any] | None:
    for part in _parts(schema):
        struct: dict[str, Any] = defs.get(part.get("$ref", "").rsplit("/", 1)[-1], {})
        if struct.get("properties"):
            return struct
    return None


def _limit(schema: dict[str, Any]) -> dict[str, int]:
    limits = [part["maxLength"] for part in _parts(schema) if "maxLength" in part]
    return {"max": max(limits)} if limits else {}


if __name__ == "__main__":
    rows = {name: json.dumps(fields) for name, fields in body_fields().items()}
    sys.stdout.write("{\n" + ",\n".join(f"  {json.dumps(name)}: {fields}" for name, fields in rows.items()) + "\n}\n")

"""Reads the vectors, and works out the directives that keep the big ones small."""

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[2] / "sync" / "vectors"


def cases(file: str, part: str = "cases") -> list[Any]:
    """The cases of one vector file as pytest parameters, each under its own name."""
    found = json.loads((VECTORS / file).read_text())[part]
    return [pytest.param(case, id=case["name"]) for case in found]


def element_of(case: dict[str, Any]) -> Any:
    """The element of a case, filled."""
    fill = case.get("fill")
    if fill is None:
        return case["element"]
    body = {**case["element"]["body"], fill["field"]: fill["text"] * fill["times"]}
    return {**case["element"], "body": body}


def request_bytes(case: dict[str, Any]) -> bytes:
    """The request of a case as it is sent."""
    if "text" in case:
        return case["text"].encode()
    request = case["request"]
    if times := case.get("entries_times"):
        request = {**request, "entries": request["entries"] * times}
    return json.dumps(request).encode().ljust(case.get("pad_bytes", 0))

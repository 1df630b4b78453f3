"""Edits of one thing made apart: each field holds the value of its latest edit, whatever the order they arrive in."""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.json_values import canonical

Stamp = tuple[str, str]
"""When and by which entry a field was set: `ids.ordering_key`."""
Fields = Mapping[str, tuple[Any, Stamp]]


def edit(values: Mapping[str, Any], stamp: Stamp) -> dict[str, tuple[Any, Stamp]]:
    """The fields that one entry sets."""
    return {name: (value, stamp) for name, value in values.items()}


def merge(edits: Iterable[Fields]) -> dict[str, tuple[Any, Stamp]]:
    """All edits in one; merging in any order, in parts or twice gives the same."""
    merged: dict[str, tuple[Any, Stamp]] = {}
    for fields in edits:
        for name, candidate in fields.items():
            if name not in merged or _rank(candidate) > _rank(merged[name]):
                merged[name] = candidate
    return merged


def _rank(candidate: tuple[Any, Stamp]) -> tuple[str, str, bytes]:
    """Time, then entry id; the value itself only settles what can't be, two values under one stamp."""
    value, (clock_at, entry_id) = candidate
    return clock_at, entry_id, canonical(value)


def values(merged: Fields) -> dict[str, Any]:
    """The fields without their stamps."""
    return {name: value for name, (value, _) in merged.items()}

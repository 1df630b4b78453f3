"""A body of any entry type, made from its Struct: what every type is tried with, without a list of them by hand."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from msgspec import inspect

from sync.entry_types import ENTRY_TYPES, parse_body
from sync.refusals import Refused

MOMENT, LATER = "2026-11-23T10:00:00+01:00", "2026-11-23T12:00:00+01:00"
Json = Any


def example(entry_type: str, given: Mapping[str, Json]) -> dict[str, Json]:
    """A body with every field that goes with the others; `given` has what a field of that name is to say.

    A field that the rest of the body contradicts is left out, as parse_body complains of it.
    """
    body = whole(entry_type, given)
    must = {field.encode_name for field in _struct_of(entry_type).fields if field.required}
    while True:
        try:
            parse_body(entry_type, body)
            return body
        except Refused as refused:
            wrong = (refused.field or "").split(".")[1]
            assert wrong not in must, f"{entry_type}.{wrong}: {body[wrong]!r} is no good example"
            del body[wrong]


def whole(entry_type: str, given: Mapping[str, Json]) -> dict[str, Json]:
    """Every field of a body filled in, whether they go together or not."""
    return {one.encode_name: _value(one.encode_name, one.type, given) for one in _struct_of(entry_type).fields}


def _struct_of(entry_type: str) -> inspect.StructType:
    info = inspect.type_info(ENTRY_TYPES[entry_type].body)
    assert isinstance(info, inspect.StructType)
    return info


def _value(name: str, kind: inspect.Type, given: Mapping[str, Json]) -> Json:
    if name in given:
        return given[name]
    if isinstance(kind, inspect.Metadata):
        return _value(name, kind.type, given)
    if isinstance(kind, inspect.UnionType):
        return _value(name, next(one for one in kind.types if not isinstance(one, inspect.NoneType)), given)
    if isinstance(kind, inspect.CollectionType):
        return [_value(name, kind.item_type, given)]
    if isinstance(kind, inspect.StructType):
        return {field.encode_name: _value(field.encode_name, field.type, given) for field in kind.fields}
    return _plain(name, kind)


def _plain(name: str, kind: inspect.Type) -> Json:
    if isinstance(kind, inspect.EnumType):
        return next(iter(kind.cls)).value
    if isinstance(kind, inspect.IntType):
        return max(kind.ge or 0, 1)
    if isinstance(kind, inspect.StrType):
        if name == "value":
            return "22334455"  # of the first setting, a number to ring
        if kind.pattern in (None, r"\S"):
            return name.replace("_", " ")
        return "crisis" if re.search(kind.pattern, "crisis") else "14250.00"
    if name in ("to_at", "until_at") and isinstance(kind, inspect.DateTimeType):
        return LATER
    if isinstance(kind, inspect.TupleType):
        return ["08:00", "16:00"]
    return _PLAIN[type(kind)]


_PLAIN: dict[type[inspect.Type], Json] = {
    inspect.BoolType: True,
    inspect.DateTimeType: MOMENT,
    inspect.DateType: "2026-11-23",
    inspect.TimeType: "08:00",
    inspect.UUIDType: str(uuid.UUID(int=7)),
    inspect.DictType: {},
}

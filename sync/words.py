"""Where in the body of an entry words may stand: whatever is not an id, a code, a number or a time.

Read from the bodies' own types (bodies_*.py): a text is words unless its pattern says that it is a number or a time of
day. A field that nobody has declared is words.
"""

from functools import cache
from typing import Any, Literal

from msgspec.inspect import (
    AnyType,
    CollectionType,
    DictType,
    StrType,
    StructType,
    Type,
    UnionType,
    type_info,
)

from sync.bodies_base import Body
from sync.entry_types import ENTRY_TYPES

CLEAR: Literal["clear"] = "clear"
WORDS: Literal["words"] = "words"
Where = Any
"""CLEAR, WORDS, a mapping of field to Where (any other field is words), or (Where,) for each of a list."""


@cache
def words_of(entry_type: str) -> Where:
    """Where words may stand in a body of this type; anywhere, for a type that is not known."""
    row = ENTRY_TYPES.get(entry_type)
    return WORDS if row is None else _of_struct(row.body)


@cache
def words_of_case(kind: str) -> Where:
    """The same for what the entries of a case of this kind say together: clear only where it is so in all of them."""
    merged: dict[str, Where] = {}
    for name, row in ENTRY_TYPES.items():
        if row.case == kind:
            for field, where in words_of(name).items():
                merged[field] = where if merged.get(field, where) == where else WORDS
    return merged


def _of_struct(struct: type[Body]) -> Where:
    return _of(type_info(struct))


def _of(kind: Type) -> Where:
    if isinstance(kind, StructType):
        return {field.encode_name: _of(field.type) for field in kind.fields}
    if isinstance(kind, UnionType):
        told = [where for one in kind.types if (where := _of(one)) != CLEAR]
        return CLEAR if not told else told[0] if len(told) == 1 else WORDS
    if isinstance(kind, CollectionType):
        inside = _of(kind.item_type)
        return CLEAR if inside == CLEAR else (inside,)
    if isinstance(kind, StrType):
        return CLEAR if kind.pattern not in (None, r"\S") else WORDS
    if isinstance(kind, DictType):
        return _OfDict(_of(kind.value_type))
    return WORDS if isinstance(kind, AnyType) else CLEAR


class _OfDict(dict[str, Where]):
    """Any name, and the same of each: the names of such an object are codes."""

    def __init__(self, inside: Where) -> None:
        super().__init__()
        self._inside = inside

    def get(self, _name: str, _default: Any = None) -> Where:
        return self._inside

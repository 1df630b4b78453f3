"""What the office asks when an entry is corrected: a question for each field its type has, from the contract's types.

The words are those it is read with (entry_fields.py). What only points at something is written anew, not corrected.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from fieldapp.texts.catalogues import N_
from fieldapp.texts.entry_fields import FIELDS, field_of, place_of
from fieldapp.texts.office_forms import Kind, Question
from sync.entry_types import ENTRY_TYPES, types_that

_KINDS: dict[str, Kind] = {
    "plain": "text",
    "list": "lines",
    "code": "choice",
    "codes": "many",
    "counts": "counts",
    "yes": "yes_no",
    "yesOrWords": "line",
    "yesOrCode": "choice",
    "staff": "staff",
    "staffs": "staffs",
    "team": "team",
    "date": "day",
    "moment": "moment",
    "minutes": "number",
    "days": "number",
    "hours": "hours",
    "money": "decimal",
    "decimal": "decimal",
    "letters": "rows",
    "rows": "rows",
}
"""How a field is asked, by how it is read; the kinds that are not here point at something, or are set elsewhere."""
_HINTS = {"minutes": N_("I minutter."), "days": N_("I dager.")}
_LONG_LINE = 500
_PARTS = {
    "text": N_("Hva?"),
    "since_on": N_("Siden"),
    "what": N_("Hva?"),
    "who": N_("Hvem?"),
    "by_on": N_("Innen"),
}
"""What the parts of a line of a plan are called."""
_NEVER = frozenset({"quick", "private", "protected"})
"""Said by how it was logged, or shown to nobody here."""
ANEW = types_that(lambda row: row.card == "fields" or row.about == "team" or row.points_at in ("led_team", "own_team"))
"""A correction of these would bring back what others have changed since: they are written anew, where they are set."""


@cache
def questions_of(type_: str) -> tuple[Question, ...]:
    """In the order of reading; none where a new entry is written instead."""
    if type_ in ANEW:
        return ()
    info = msgspec.inspect.type_info(ENTRY_TYPES[type_].body)
    assert isinstance(info, msgspec.inspect.StructType)
    asked = [one for field in info.fields for one in _asked(type_, field.encode_name, field.type)]
    return tuple(sorted(asked, key=lambda one: place_of(type_, one.name)))


def _asked(type_: str, name: str, taken: Any) -> Iterator[Question]:
    inner = _plain(taken)
    found = field_of(type_, name)
    if found is None and isinstance(inner, msgspec.inspect.StructType):
        for part in inner.fields:
            yield from _asked(type_, f"{name}.{part.encode_name}", part.type)
        return
    if found is None or found[1] not in _KINDS or name in _NEVER:
        return
    text, kind, codes = (*found, "")[:3]
    parts = tuple(_parts(name, inner)) if _KINDS[kind] == "rows" else ()
    yield Question(name, text, _kind(_KINDS[kind], inner), codes, hint=_HINTS.get(kind, ""), parts=parts)


def _kind(kind: Kind, taken: Any) -> Kind:
    """A plain field may be a number, and a short one is a line."""
    if kind != "text":
        return kind
    if isinstance(taken, msgspec.inspect.IntType):
        return "number"
    is_short = isinstance(taken, msgspec.inspect.StrType) and (taken.max_length or _LONG_LINE + 1) <= _LONG_LINE
    return "line" if is_short else "text"


def _parts(name: str, taken: Any) -> Iterator[Question]:
    """The columns of what has several lines: letters, tasks of a plan."""
    line = _plain(getattr(taken, "item_type", taken))
    for part in line.fields if isinstance(line, msgspec.inspect.StructType) else ():
        text, kind, codes = (*FIELDS.get(f"{name}.{part.encode_name}", ("", "", "")), "")[:3]
        is_day = part.encode_name.endswith("_on")
        label = text or _PARTS.get(part.encode_name, part.encode_name)
        yield Question(part.encode_name, label, "choice" if kind == "code" else "day" if is_day else "line", codes)


def _plain(taken: Any) -> Any:
    """Without «or nothing»; of several kinds the text."""
    if not isinstance(taken, msgspec.inspect.UnionType):
        return taken
    kinds = [one for one in taken.types if type(one).__name__ not in ("NoneType", "UnsetType")]
    return next((one for one in kinds if isinstance(one, msgspec.inspect.StrType)), kinds[0])

"""Why the door refused what a form sent: which of the form's fields it concerns, and what that field takes.

What a field takes is read from the contract's own types: a new type or limit needs no sentence here. What lies between
two fields, or takes more than the entry itself to judge, stands in texts/form_rules.py.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from fieldapp.errors import Rejected
from fieldapp.texts import N_, form_message, gettext
from fieldapp.texts.form_rules import FORM_RULES
from sync.bodies_base import EARLIEST_YEAR, LATEST_YEAR
from sync.entry_types import ENTRY_TYPES

_FORM_NAMES = {"from_at": "from", "to_at": "to", "until": "minutes", "letters": "letter_kind"}
"""What a form calls a field of the contract, where the names differ."""

_AMOUNT = N_("Skriv beløpet som 14 250,00.")
_CHOOSE = N_("Velg fra lista. Det som var valgt, finnes ikke lenger eller kan ikke velges her.")


def explain(rejected: Rejected, entry_type: str, body: Mapping[str, Any], typed: Mapping[str, str]) -> tuple[str, str]:
    """The form's field the refusal concerns ("" for none of them), and the sentence that says what to do."""
    path = (rejected.field or "").removeprefix("body").strip(".").split(".")
    sentence = _sentence(rejected.code, entry_type, path, body)
    return next(_fields_of(path, typed), ""), sentence


def _fields_of(path: list[str], typed: Mapping[str, str]) -> Iterator[str]:
    for part in reversed(path):
        names = (part, _FORM_NAMES.get(part, part), f"letter_{part}", f"shift_{part}" if path[0] == "shifts" else part)
        yield from (name for name in names if name and name in typed)


def _sentence(code: str, entry_type: str, path: list[str], body: Mapping[str, Any]) -> str:
    value = _value(path, body)
    if _is_out_of_range(value):
        return gettext(N_("Skriv en dato mellom %(first)s og %(last)s.")) % {
            "first": EARLIEST_YEAR,
            "last": LATEST_YEAR,
        }
    if code in ("invalid_body", "unknown_reference") and (rule := FORM_RULES.get((entry_type, path[-1]))):
        return gettext(rule)
    taken = _taken_by(entry_type, tuple(path))
    if taken is None or code not in ("invalid_body", "too_long", "unknown_reference"):
        return form_message(code)
    return _what_it_takes(taken, value) or form_message(code)


def _what_it_takes(taken: Any, value: Any) -> str:
    inspect = msgspec.inspect
    if isinstance(taken, inspect.StrType) and isinstance(value, str):
        return _text(taken, value)
    if isinstance(taken, inspect.IntType) and taken.ge is not None and taken.le is not None:
        return gettext(N_("Skriv et helt tall fra %(least)s til %(most)s.")) % {"least": taken.ge, "most": taken.le}
    if isinstance(taken, inspect.DateType | inspect.DateTimeType | inspect.TimeType):
        return gettext(N_("Skriv dato eller klokkeslett slik feltet viser det."))
    if isinstance(taken, inspect.EnumType | inspect.UUIDType):
        return gettext(_CHOOSE)
    return ""


def _text(taken: Any, value: str) -> str:
    most = taken.max_length
    if most is not None and len(value) > most:
        return gettext(N_("Høyst %(most)s tegn. Dette er %(n)s: ta bort %(excess)s.")) % {
            "most": most,
            "n": len(value),
            "excess": len(value) - most,
        }
    return gettext(N_("Må fylles ut.")) if taken.pattern == r"\S" else gettext(_AMOUNT) if taken.pattern else ""


def _value(path: list[str], body: Mapping[str, Any]) -> Any:
    """What was sent there; of a list the part that is wrong, as far as dates go."""
    found: Any = body
    for part in path:
        if isinstance(found, list | tuple):
            found = next((one.get(part) for one in found if isinstance(one, dict)), None)
        else:
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, list | tuple):
        return next((one for one in found if _is_out_of_range(one)), found)
    return found


def _is_out_of_range(value: Any) -> bool:
    year = re.match(r"\d{4}(?=-\d\d-\d\d)", value) if isinstance(value, str) else None
    if isinstance(value, dt.date):
        return not EARLIEST_YEAR <= value.year <= LATEST_YEAR
    return year is not None and not EARLIEST_YEAR <= int(year[0]) <= LATEST_YEAR


@cache
def _taken_by(entry_type: str, path: tuple[str, ...]) -> Any:
    """The type at this place of the body, as msgspec.inspect describes it; None where there is no such place."""
    found: Any = msgspec.inspect.type_info(ENTRY_TYPES[entry_type].body)
    for part in path:
        if isinstance(found, msgspec.inspect.StructType):
            found = _plain(next((field.type for field in found.fields if field.name == part), None))
        else:
            return None
    return found


def _plain(found: Any) -> Any:
    """Without «or nothing», and of a list what it is a list of."""
    if isinstance(found, msgspec.inspect.UnionType):
        kinds = [one for one in found.types if type(one).__name__ not in ("NoneType", "UnsetType")]
        found = next((one for one in kinds if isinstance(one, msgspec.inspect.StrType)), kinds[0])
    while isinstance(found, msgspec.inspect.CollectionType | msgspec.inspect.VarTupleType):
        found = found.item_type
    return found

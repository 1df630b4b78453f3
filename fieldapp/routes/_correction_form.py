"""What stands in the form that corrects an entry, and what was changed in it.

Invariant: only what somebody typed otherwise than it stood goes to the door, so that a correction undoes nobody else's.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fieldapp.routes._office import Form
from fieldapp.texts import N_, gettext, local
from fieldapp.texts.office_forms import Question

AT = "occurred_at"
_MOST_LINES = 50
_MOST = 10**6
_MINUTES_AN_HOUR = 60
_NOT_A_NUMBER = N_("Skriv et tall, for eksempel 3,5.")

Shown = str | list[str] | list[dict[str, str]] | dict[str, str]
"""An answer as it stands in the form."""


def shown(questions: tuple[Question, ...], body: Mapping[str, Any]) -> dict[str, Shown]:
    """What the entry says now, as it stands in its form."""
    return {one.name: _SHOWN.get(one.kind, _text)(_at(body, one.name), one) for one in questions}


def shown_at(at: dt.datetime) -> str:
    """The minute on the wall clock, as a field of date and time has it."""
    return f"{local(at):%Y-%m-%dT%H:%M}"


def changed(form: Form, questions: tuple[Question, ...], body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the body that were typed otherwise than they stood; None for one that was emptied. What is within
    another field goes with the whole of it. What can't be read is an error of the form."""
    before = shown(questions, body)
    found: dict[str, Any] = {}
    for one in questions:
        if _alike(_typed(form, one)) == _alike(before[one.name]):
            continue
        value = _READ[one.kind](form, one)
        outer, _, inner = one.name.partition(".")
        if inner:
            whole = found.get(outer, body.get(outer)) or {}
            kept = {**whole, inner: value}
            value = {name: part for name, part in kept.items() if part is not None} or None
        found[outer] = value
    return found


def _at(body: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = body.get(outer)
    return value.get(inner) if inner and isinstance(value, dict) else None if inner else value


def _text(value: Any, _: Question) -> str:
    return "" if value is None else str(value)


def _yes_no(value: Any, _: Question) -> str:
    return "" if value is None else "yes" if value else "no"


def _choice(value: Any, one: Question) -> str:
    return _yes_no(value, one) if isinstance(value, bool) else _text(value, one)


def _line(value: Any, one: Question) -> str:
    if isinstance(value, bool):
        return gettext(N_("Ja")) if value else ""
    return _text(value, one)


def _hours(value: Any, _: Question) -> str:
    return "" if value is None else f"{value / _MINUTES_AN_HOUR:g}".replace(".", ",")


def _rows(value: Any, one: Question) -> list[dict[str, str]]:
    return [{part.name: _text(line.get(part.name), part) for part in one.parts} for line in value or ()]


def _counts(value: Any, _: Question) -> dict[str, str]:
    return {code: str(number) for code, number in (value or {}).items()}


_SHOWN: Mapping[str, Callable[[Any, Question], Shown]] = {
    "line": _line,
    "choice": _choice,
    "yes_no": _yes_no,
    "many": lambda value, _: [str(code) for code in value or ()],
    "staffs": lambda value, _: [str(one) for one in value or ()],
    "lines": lambda value, _: "\n".join(value or ()),
    "moment": lambda value, _: shown_at(dt.datetime.fromisoformat(value)) if value else "",
    "decimal": lambda value, _: "" if value is None else str(value).replace(".", ","),
    "hours": _hours,
    "rows": _rows,
    "counts": _counts,
}


def _typed(form: Form, one: Question) -> Shown:
    """The answer as it came, in the shape it is shown in."""
    if one.kind in ("many", "staffs"):
        return _ticked(form, one)
    if one.kind == "rows":
        return list(_lines(form, one))
    if one.kind == "counts":
        named = ((code, form.text(f"{one.name}-{code}")) for code, _ in one.options())
        return {code: number for code, number in named if number}
    return form.text(one.name) or ""


def _alike(shown: Shown) -> Shown:
    """The same for what says the same: a browser has its own ends of lines, and ticks in the order of the list."""
    if isinstance(shown, str):
        return "\n".join(shown.strip().splitlines())
    if isinstance(shown, list) and all(isinstance(one, str) for one in shown):
        return sorted(str(one) for one in shown)
    return shown


def _ticked(form: Form, one: Question) -> list[str]:
    values: Any = form.values  # of a request that sent it
    return list(values.getlist(one.name))


def _lines(form: Form, one: Question) -> Iterator[dict[str, str]]:
    """The lines that say something."""
    for i in range(_MOST_LINES):
        line = {part.name: form.text(f"{one.name}-{i}-{part.name}") or "" for part in one.parts}
        if any(line.values()):
            yield line


def _number(form: Form, one: Question) -> int | None:
    return form.number(one.name, 0, _MOST)


def _decimal(form: Form, one: Question) -> str | None:
    typed = (form.text(one.name) or "").replace("\u00a0", "").replace(" ", "").removesuffix("kr")
    return typed.replace(",", ".") or None


def _read_hours(form: Form, one: Question) -> int | None:
    typed = _decimal(form, one)
    try:
        return round(float(typed) * _MINUTES_AN_HOUR) if typed else None
    except (ValueError, OverflowError):
        form.errors[one.name] = gettext(_NOT_A_NUMBER)
        return None


def _read_counts(form: Form, one: Question) -> dict[str, int] | None:
    read = {code: form.number(f"{one.name}-{code}", 0, _MOST) for code, _ in one.options()}
    return {code: number for code, number in read.items() if number} or None


def _read_rows(form: Form, one: Question) -> list[dict[str, str]] | None:
    for i in range(_MOST_LINES):
        for part in one.parts:
            if part.kind == "day":
                form.day(f"{one.name}-{i}-{part.name}")
    return [{name: value for name, value in line.items() if value} for line in _lines(form, one)] or None


def _iso(moment: dt.date | None) -> str | None:
    return moment.isoformat() if moment else None


_READ: Mapping[str, Callable[[Form, Question], Any]] = {
    "line": lambda form, one: form.text(one.name),
    "text": lambda form, one: form.text(one.name),
    "lines": lambda form, one: [line.strip() for line in (form.text(one.name) or "").splitlines() if line.strip()],
    "choice": lambda form, one: form.text(one.name),
    "yes_no": lambda form, one: {"yes": True, "no": False}.get(form.text(one.name) or ""),
    "many": _ticked,
    "staffs": _ticked,
    "staff": lambda form, one: str(found) if (found := form.uuid(one.name)) else None,
    "team": lambda form, one: str(found) if (found := form.uuid(one.name)) else None,
    "day": lambda form, one: _iso(form.day(one.name)),
    "moment": lambda form, one: _iso(form.moment(one.name)),
    "number": _number,
    "decimal": _decimal,
    "hours": _read_hours,
    "counts": _read_counts,
    "rows": _read_rows,
}

"""How a value of each kind of field reads, for entry_fields.py. The kinds are the phone's."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.entry_words import kroner, upper_first
from fieldapp.texts.labels import LABELS, label
from fieldapp.texts.reason_words import interval_words
from fieldapp.texts.times import day, day_from, moment

_HOUR = 60


@dataclass(frozen=True)
class Reading:
    """What a value is read with: the list its codes are of, what the ids are called, and the time it is read."""

    codes: str
    names: Mapping[str, str]
    now: dt.datetime | None

    def day(self, text: str) -> str:
        """«24. nov.»; of another year than now's with the year."""
        on = dt.date.fromisoformat(text)
        return day_from(on, self.now) if self.now else day(on)

    def code(self, code: str) -> str:
        """The word of one code."""
        return label(self.codes, code)

    def named(self, id_: str, otherwise: str) -> str:
        """What the id is called. `otherwise`: what is said of one that the reader is not told."""
        return self.names.get(id_) or gettext(otherwise)


def words_of(kind: str, value: Any, reading: Reading) -> str:
    """The value in words; empty where it only points at something that the reader is not told."""
    return _WORDS[kind](value, reading)


def lasted(minutes: int) -> str:
    """«1 t 30 min», whole: how long it took is not rounded."""
    hours, rest = divmod(minutes, _HOUR)
    told = [gettext(N_("%(n)s t")) % {"n": hours}] if hours else []
    if rest or not hours:
        told.append(gettext(N_("%(n)s min")) % {"n": rest})
    return " ".join(told)


def _yes_no(value: bool) -> str:
    return gettext(N_("Ja")) if value else gettext(N_("Nei"))


def _days(count: int) -> str:
    return gettext(N_("1 dag")) if count == 1 else gettext(N_("%(n)s dager")) % {"n": count}


def _entries(count: int) -> str:
    return gettext(N_("1 oppføring")) if count == 1 else gettext(N_("%(n)s oppføringer")) % {"n": count}


def _span(value: Iterable[str]) -> str:
    return "–".join(value).replace(":", ".")


def _row(row: Mapping[str, Any], reading: Reading) -> str:
    """«Ringe boligkontoret · Jonas · 27. nov.»; the days last."""
    parts = sorted(((name.endswith("_on"), name, part) for name, part in row.items() if part), key=lambda one: one[:2])
    return " · ".join(reading.day(part) if is_day else str(part) for is_day, _, part in parts)


def _column(key: str, reading: Reading) -> str:
    """A column of the team's own by its name, one that is gone as «Annet»."""
    usual = key if key in LABELS["board_column"] else "other"
    return reading.names.get(key) or label("board_column", usual)


def _list(words: Iterable[str]) -> str:
    return ", ".join(one for one in words if one)


_COLLEAGUE, _TEAM, _CLIENT = N_("En kollega"), N_("Et annet team"), N_("En annen bruker")
_WORDS: dict[str, Callable[[Any, Reading], str]] = {
    "plain": lambda value, _: str(value),
    "list": lambda value, _: _list(value),
    "code": lambda value, reading: reading.code(value),
    "codes": lambda value, reading: _list(map(reading.code, value)),
    "counts": lambda value, reading: _list(f"{reading.code(code)}: {n}" for code, n in value.items()),
    "yes": lambda value, _: _yes_no(value),
    "yesOrWords": lambda value, _: value if isinstance(value, str) else _yes_no(value),
    "yesOrCode": lambda value, reading: reading.code(value) if isinstance(value, str) else _yes_no(value),
    "staff": lambda value, reading: reading.named(value, _COLLEAGUE),
    "staffs": lambda value, reading: _list(reading.named(one, _COLLEAGUE) for one in value),
    "team": lambda value, reading: reading.named(value, _TEAM),
    "client": lambda value, reading: reading.named(value, _CLIENT),
    "contact": lambda value, reading: reading.named(value, N_("En kontaktperson")),
    "consent": lambda value, reading: reading.named(value, N_("Et samtykke")),
    "column": _column,
    "entry": lambda value, reading: reading.names.get(value, ""),
    "entries": lambda value, _: _entries(len(value)),
    "date": lambda value, reading: reading.day(value),
    "dates": lambda value, reading: _list(map(reading.day, value)),
    "moment": lambda value, reading: moment(dt.datetime.fromisoformat(value), reading.now),
    "minutes": lambda value, _: lasted(value),
    "hours": lambda value, _: upper_first(interval_words("interval", value)),
    "days": lambda value, _: _days(value),
    "money": lambda value, _: kroner(value),
    "decimal": lambda value, _: value.replace(".", ","),
    "span": lambda value, _: _span(value),
    "spans": lambda value, _: _list(map(_span, value)),
    "rows": lambda value, reading: "; ".join(_row(row, reading) for row in value),
}

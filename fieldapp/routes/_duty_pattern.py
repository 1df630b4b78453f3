"""The form «Sett flere vakter»: reads it, lists what it would set, and makes the bodies of the entries.

One name gets all the duties of the pattern; several take turns, in the order they were ticked.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fieldapp.domain.duty_pattern import TURNS, Pattern, overlapping, rotation, spans
from fieldapp.queries import duty
from fieldapp.routes._office import Form
from fieldapp.texts import N_, gettext, local

NAME = "flere"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OWN_TIMES = "other"
MOST_WEEKS = 12
_SKIPS_DAYS_OFF = {"skip": True, "keep": False}
"""Else as usual: a day shift leaves them out, evening and night are worked all the same."""


@dataclass(frozen=True)
class PlannedDuty:
    """One duty that would be set; `covered_by`: who is on the list for it already."""

    staff_id: UUID
    name: str
    from_at: dt.datetime
    to_at: dt.datetime
    covered_by: tuple[str, ...]

    @property
    def on(self) -> dt.date:
        """The Norwegian day it begins on."""
        return local(self.from_at).date()


@dataclass(frozen=True)
class Plan:
    """What the form asks for, worked out."""

    duty: str
    rows: tuple[PlannedDuty, ...]
    left_out: tuple[dt.date, ...]

    @property
    def mark(self) -> str:
        """Stands for exactly this list: what was looked at must be what is set."""
        said = [self.duty, *(f"{row.staff_id}{row.from_at}{row.to_at}{row.covered_by}" for row in self.rows)]
        return hashlib.sha256("|".join(said).encode()).hexdigest()[:20]

    @property
    def shares(self) -> list[tuple[str, int]]:
        """How many each gets, in the order of their first."""
        return list(Counter(row.name for row in self.rows).items())

    def bodies(self, team_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """The entries, one a duty."""
        same = {"team_id": str(team_id), "duty": self.duty}
        return [
            (
                "duty_set",
                same
                | {"staff_id": str(row.staff_id), "from_at": row.from_at.isoformat(), "to_at": row.to_at.isoformat()},
            )
            for row in self.rows
        ]


def next_monday(today: dt.date) -> dt.date:
    """The first Monday after a day: where a new list begins unless somebody says otherwise."""
    return today + dt.timedelta(days=7 - today.weekday())


def plan(session: Any, form: Form, team_id: UUID) -> Plan | None:
    """Work the form out; None when something is missing, and then the form says what."""
    people, task = _people(session, form, team_id), form.text("duty", required=True)
    turn = _turn(form)
    pattern = _pattern(session, form, team_id)
    if pattern is None or not people or task is None:
        return None
    days_off = duty.days_off(session, team_id, pattern.first_on, pattern.last_on)
    left_out = days_off if _leaves_out_days_off(form) else set()
    rows = _rows(session, team_id, task, list(rotation(list(spans(pattern, left_out)), people, turn)))
    if form.text("skip_covered"):
        rows = [row for row in rows if not row.covered_by]
    if not rows:
        form.errors[""] = gettext(N_("Det blir ingen vakter av dette. Se på dager og datoer."))
        return None
    met = tuple(sorted(day for day in left_out if day.weekday() in pattern.weekdays))
    return Plan(task, tuple(rows), met)


def _people(session: Any, form: Form, team_id: UUID) -> list[tuple[UUID, str]]:
    """Those that were ticked, in the order of it where the browser has told it, else as they are listed."""
    ticked, order = form.ticked("staff_id"), form.values.get("order", "").split(",")
    chosen = [one for one in duty.choices(session, team_id) if str(one[0]) in ticked]
    if len(chosen) != len(ticked):
        form.errors["staff_id"] = gettext(N_("Velg en som arbeider i teamet og følger opp brukere."))
    elif not chosen:
        form.errors["staff_id"] = gettext(N_("Velg minst én."))
    place = {staff_id: number for number, staff_id in enumerate(order)}
    return sorted(chosen, key=lambda one: place.get(str(one[0]), len(place)))


def _turn(form: Form) -> str:
    turn = form.text("turn") or TURNS[0]
    if turn not in TURNS:
        form.errors["turn"] = gettext(N_("Velg fra lista."))
    return turn


def _rows(
    session: Any, team_id: UUID, task: str, given: Sequence[tuple[tuple[UUID, str], tuple[dt.datetime, dt.datetime]]]
) -> list[PlannedDuty]:
    if not given:
        return []
    standing = duty.standing(session, team_id, given[0][1][0], given[-1][1][1])
    return [PlannedDuty(*person, *span, overlapping(span, task, standing)) for person, span in given]


def _pattern(session: Any, form: Form, team_id: UUID) -> Pattern | None:
    first_on, last_on = form.day("first_on", required=True), form.day("last_on", required=True)
    times = _times(session, form, team_id)
    weekdays = frozenset(number for number, name in enumerate(WEEKDAYS) if form.text(name))
    if not weekdays:
        form.errors["weekdays"] = gettext(N_("Velg minst én dag."))
    every = form.text("every_weeks") or "1"
    if every not in map(str, range(1, MOST_WEEKS + 1)):
        form.errors["every_weeks"] = gettext(N_("Velg fra lista."))
    if form.errors or not (first_on and last_on and times):
        return None
    pattern = Pattern(weekdays, *times, first_on, last_on, int(every))
    if last_on < first_on:
        form.errors["last_on"] = gettext(N_("Må være etter den første dagen."))
    elif pattern.is_too_long():
        form.errors["last_on"] = gettext(N_("Høyst 26 uker om gangen."))
    return None if form.errors else pattern


def _times(session: Any, form: Form, team_id: UUID) -> tuple[dt.time, dt.time] | None:
    shift = form.text("shift", required=True)
    if shift == OWN_TIMES:
        begins, ends = form.clock("from", required=True), form.clock("to", required=True)
        return (begins, ends) if begins and ends else None
    times = duty.shift_times(session, team_id).get(shift or "")
    if shift and times is None:
        form.errors["shift"] = gettext(N_("Velg fra lista."))
    return times


def _leaves_out_days_off(form: Form) -> bool:
    return _SKIPS_DAYS_OFF.get(form.text("days_off") or "", form.text("shift") == "day")

"""What a landlord is told where a team shares one fact of a client's: numbers, dates and yes or no, never words. Pure.

Invariant: what is shared is what stood when it was shared. Nothing flows by itself: what is written afterwards is told
only when somebody shares it anew; what is taken back or corrected is taken back there, too. The phone shows the same
beforehand by the same rule (static/js/views/facts.js, sync/vectors/facts.json).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_OVER = frozenset({"resolved", "evicted", "closed"})
_HANDLED = _OVER | {"answered", "handled"}
_DAMAGE = frozenset({"damage", "water_leak", "vandalism"})


@dataclass(frozen=True)
class CaseThen:
    """A case as it read when the fact was shared."""

    kind: str
    status: str
    opened_at: dt.datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One fact; all None: nothing of the kind is written down."""

    amount_nok: str | None = None
    on: dt.date | None = None
    by_on: dt.date | None = None
    handled: bool | None = None


def told(what: str, cases: Iterable[CaseThen], contract_end_on: str | None = None) -> Told:
    """What the landlord reads under this heading."""
    newest_first = sorted(cases, key=lambda case: case.opened_at, reverse=True)
    if what == "rent_owed":
        return Told(
            amount_nok=next((case.facts["amount_nok"] for case in _open_rent(newest_first, "amount_nok")), None)
        )
    if what == "plan_dates":
        planned = next(iter(_open_rent(newest_first, "plan")), None)
        return Told() if planned is None else Told(on=_day(planned, "next_step_on"), by_on=_day(planned, "deadline_on"))
    if what == "contract":
        return Told(on=dt.date.fromisoformat(contract_end_on) if contract_end_on else None)
    of_kind = [case for case in newest_first if _is_about(case, what)]
    return Told(handled=all(case.status in _HANDLED for case in of_kind)) if of_kind else Told()


def _open_rent(cases: Sequence[CaseThen], name: str) -> list[CaseThen]:
    return [case for case in cases if case.kind == "rent" and case.status not in _OVER and case.facts.get(name)]


def _is_about(case: CaseThen, what: str) -> bool:
    if what == "complaint_handled":
        return case.kind == "complaint"
    return case.kind == "housing" and not _DAMAGE.isdisjoint(case.facts.get("what") or ())


def _day(case: CaseThen, name: str) -> dt.date | None:
    text = case.facts.get(name)
    return dt.date.fromisoformat(text) if text else None

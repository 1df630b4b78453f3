"""What has happened, in figures: the board, tenancies, complaints, crises, entries into homes, threats against
staff."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from fieldapp.domain.reports.basis import BoardStay, CaseRow, Deed, Period, week_of
from fieldapp.domain.reports.table import Column, Table, counted

_COUNT = Column("count", "count")
_DAYS = Column("days_median", "number")


def board(period: Period, stays: Sequence[BoardStay]) -> Table:
    """Week by week how many were put on the board and taken down, and the middle one's days of those taken down."""
    placed = Counter(week_of(one.placed_on) for one in stays if one.placed_on and period.has(one.placed_on))
    days: dict[str, list[int]] = {}
    for one in stays:
        if one.removed_on and period.has(one.removed_on):
            days.setdefault(week_of(one.removed_on), []).append(one.days)
    columns = (Column("week", "week"), Column("placed", "count"), Column("removed", "count"), _DAYS)
    rows = ((week, placed[week], len(of := days.get(week, [])), median(of) if of else None) for week in period.weeks())
    return counted(columns, rows)


def tenancies(cases: Iterable[CaseRow]) -> Table:
    """What has become of the rent problems: what was said of the home, else where the case stands."""
    found = Counter(str(case.facts.get("tenancy") or case.status) for case in cases if case.kind == "rent")
    return counted((Column("outcome"), _COUNT), [(outcome, found[outcome]) for outcome in sorted(found)])


def complaints(cases: Iterable[CaseRow]) -> Table:
    """Complaints by what they are about; one about several things counts once for each."""
    found = Counter(
        (what, str(case.facts.get("client_role") or ""), case.status)
        for case in cases
        if case.kind == "complaint"
        for what in sorted(set(case.facts.get("what") or ()))
    )
    columns = (Column("what"), Column("client_role"), Column("status"), _COUNT)
    return counted(columns, [(*key, found[key]) for key in sorted(found)])


def crises(cases: Iterable[CaseRow]) -> Table:
    """Crises and how they ended; empty where one has not, or where nobody has judged."""
    found = Counter(
        (str(case.facts.get("kind") or ""), _outcome(case), _avoided(case.facts))
        for case in cases
        if case.kind == "crisis"
    )
    columns = (Column("kind"), Column("outcome"), Column("admission_avoided"), _COUNT)
    return counted(columns, [(*key, found[key]) for key in sorted(found)])


def _outcome(case: CaseRow) -> str:
    return str(case.facts.get("outcome") or "") if case.status == "closed" else ""


def _avoided(facts: Mapping[str, Any]) -> str:
    said = facts.get("admission_avoided")
    return {True: "yes", False: "no", None: ""}.get(said, str(said))


def home_entries(deeds: Iterable[Deed]) -> Table:
    """Entries into homes by ground, and how many of the residents have not been told. Who was asked in, visits."""
    entered = [deed.body for deed in deeds if deed.type == "home_entered" and not deed.is_visit]
    found = Counter(body["ground"] for body in entered)
    not_told = Counter(body["ground"] for body in entered if body.get("told") in (None, "not_yet"))
    columns = (Column("ground"), _COUNT, Column("not_told", "count"))
    return counted(columns, [(ground, found[ground], not_told[ground]) for ground in sorted(found)])


def staff_incidents(bodies: Iterable[Mapping[str, Any]]) -> Table:
    """Threats and violence against staff by kind and by whom; one of several kinds counts once for each."""
    found = Counter((kind, str(body["by"])) for body in bodies for kind in sorted(set(body["kinds"])))
    return counted((Column("kind"), Column("by"), _COUNT), [(*key, found[key]) for key in sorted(found)])

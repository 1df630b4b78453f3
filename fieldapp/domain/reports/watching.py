"""Watching in figures: how long ago people were seen, alerts and how fast they were taken, what is missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from fieldapp.domain.figures import FEWEST
from fieldapp.domain.reports.basis import AlertRow, Deed, Standing
from fieldapp.domain.reports.contacts import CONTACTS
from fieldapp.domain.reports.table import Column, Table, counted

_DAY = timedelta(days=1)
_BANDS = (
    ("under_1_day", 1),
    ("1_to_3_days", 3),
    ("3_to_7_days", 7),
    ("7_to_14_days", 14),
    ("14_to_30_days", 30),
)
OVER, NEVER = "over_30_days", "never"
BANDS = (*(name for name, _ in _BANDS), OVER, NEVER)
LATE_MINUTES = 24 * 60
"""An entry that comes later than this after what it tells of is late."""


def not_seen(followed: Iterable[UUID], seen_at: Mapping[UUID, datetime], at: datetime) -> Table:
    """How long before `at` each client was last seen."""
    found = Counter(_band(at - seen_at[client_id] if client_id in seen_at else None) for client_id in followed)
    return counted((Column("band"), Column("clients", "count")), [(band, found[band]) for band in BANDS])


def _band(length: timedelta | None) -> str:
    if length is None:
        return NEVER
    return next((name for name, days in _BANDS if length < days * _DAY), OVER)


def alerts(rows: Iterable[AlertRow]) -> Table:
    """Alerts by how they ended, and the middle time until somebody took one: of five taken ones at least."""
    times: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for row in rows:
        times[row.kind, row.outcome].append(row.minutes_to_taken)
    columns = (Column("kind"), Column("outcome"), Column("count", "count"), Column("median_minutes_to_taken", "number"))
    return counted(columns, [(*key, len(times[key]), _median(times[key])) for key in sorted(times)])


def _median(times: Iterable[float | None]) -> float | None:
    taken = [time for time in times if time is not None]
    return round(median(taken), 1) if len(taken) >= FEWEST else None


def data_quality(standing: Standing, deeds: Iterable[Deed]) -> Table:
    """What is missing or late: agreements and reviews as they stand today, entries of the period."""
    told = [deed for deed in deeds if deed.is_visit or deed.type in CONTACTS]
    rows = (
        ("agreements_missing", standing.agreements_missing),
        ("reviews_overdue", standing.reviews_overdue),
        ("entries_late", sum(deed.minutes_late > LATE_MINUTES for deed in told)),
    )
    return counted((Column("what"), Column("count", "count")), rows)

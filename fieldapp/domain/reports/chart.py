"""A report as bars: lines with the same label are one bar."""

from dataclasses import dataclass

from fieldapp.domain.figures import is_small
from fieldapp.domain.reports.table import Table


@dataclass(frozen=True)
class Chart:
    """Which columns a chart shows. `whole`: what the value is a part of, drawn around it."""

    label: str
    value: str
    whole: str | None = None


@dataclass(frozen=True)
class Bar:
    """One bar. `part` and `of_whole`: how long it and what surrounds it are, of the longest, from 0 to 1."""

    label: str | int
    value: int
    whole: int | None
    part: float
    of_whole: float
    few: bool


CHARTS = {
    "contacts": Chart("hour", "count"),
    "people_seen": Chart("week", "people"),
    "continuity": Chart("client_band", "clients"),
    "hours": Chart("week", "given", "decided"),
    "missed_visits": Chart("week", "missed", "attempts"),
    "not_seen": Chart("band", "clients"),
    "alerts": Chart("kind", "count"),
    "tenancies": Chart("outcome", "count"),
    "complaints": Chart("what", "count"),
    "crises": Chart("outcome", "count"),
    "home_entries": Chart("ground", "not_told", "count"),
    "staff_incidents": Chart("kind", "count"),
    "street": Chart("week", "people"),
    "board": Chart("week", "placed"),
    "fidelity_act": Chart("item", "scale_point"),
    "data_quality": Chart("what", "count"),
}
"""A report that is not here has values of different kinds, which one axis cannot hold."""


def bars(table: Table, chart: Chart) -> tuple[Bar, ...]:
    """The bars of a chart, in the order of the table; lines without a value are left out. Hours stand in the order of
    the day, and none between the first and the last is missing."""
    values: dict[str | int, int] = {}
    wholes: dict[str | int, int] = {}
    around = table.values(chart.whole) if chart.whole else [0] * len(table.lines)
    for label, value, whole in zip(table.values(chart.label), table.values(chart.value), around, strict=True):
        if isinstance(value, int) and isinstance(label, str | int):
            values[label] = values.get(label, 0) + value
            wholes[label] = wholes.get(label, 0) + (whole if isinstance(whole, int) else 0)
    if hours := [label for label in values if isinstance(label, int)]:
        values = {hour: values.get(hour, 0) for hour in range(min(hours), max(hours) + 1)}
    most = max([*values.values(), *wholes.values(), 1])
    counts = any(column.name == chart.value and column.kind == "count" for column in table.columns)
    return tuple(
        Bar(
            label,
            value,
            wholes.get(label, 0) if chart.whole else None,
            value / most,
            wholes.get(label, 0) / most,
            counts and is_small(value),
        )
        for label, value in values.items()
    )

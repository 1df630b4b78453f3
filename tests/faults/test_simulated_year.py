"""A town's year through the real door and the real worker, held against a naive reading of the rules: 0 missed, 0
doubled. The rules are in `_naive_rules`, the town in `_town`, both are run and compared in `_year`."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

from fieldapp.db import Database
from tests.faults._naive_rules import wall
from tests.faults._year import Year

WEEKS = {
    "summer time and Easter": (dt.date(2026, 3, 26), 13),
    "winter time": (dt.date(2026, 10, 21), 7),
    "Christmas": (dt.date(2026, 12, 22), 12),
}


@pytest.fixture
def quick_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes databases that would not survive a power cut, and need not."""
    made: list[Database] = []

    def make() -> Database:
        file = tmp_path / f"{len(made)}.db"
        shutil.copyfile(sqlite_template, file)
        made.append(Database(SimpleNamespace(database_url=f"sqlite:///{file}")))
        event.listen(made[-1].engine, "connect", _without_waiting_for_the_disk)
        return made[-1]

    yield make
    for database in made:
        database.dispose()


@pytest.mark.parametrize("weeks", WEEKS)
def test_no_alert_is_missed_or_doubled_in_odd_weeks(
    weeks: str, quick_database: Callable[[], Database], rounds: Callable[[int, int], int]
) -> None:
    begins, days = WEEKS[weeks]
    for seed in range(rounds(1, 10)):
        live(quick_database(), seed, rounds(16, 40), begins, days)


def test_no_alert_is_missed_or_doubled_in_a_year(
    quick_database: Callable[[], Database], rounds: Callable[[int, int], int]
) -> None:
    live(quick_database(), 2026, rounds(8, 500), dt.date(2026, 1, 1), rounds(30, 365), calm=True)


@pytest.mark.engines("postgresql")
def test_no_alert_is_missed_or_doubled_on_postgresql(database: Database, rounds: Callable[[int, int], int]) -> None:
    live(database, 7, rounds(8, 40), dt.date(2026, 3, 27), rounds(5, 30))


def live(database: Database, seed: int, clients: int, begins: dt.date, days: int, *, calm: bool = False) -> None:
    ends = begins + dt.timedelta(days=days)
    figures = Year(database, seed, clients, wall(begins, "00:00"), wall(ends, "00:00"), calm=calm).live()
    print(json.dumps({"seed": seed, "days": days, **figures}))
    assert figures["alerts"] > clients / 2


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()

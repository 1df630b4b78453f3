"""The leader's reports of four weeks: the nineteenth of twenty reads of each, and of all on one page. SQLite.

A team of 200 clients with a month of visits, written through the door; `python bench/reports.py ENTRIES` writes more or
fewer. What is read follows from the period, so entries of other teams and years add depth to the index and no rows.
"""

import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parent))

from sync_door import NOW, _entry, _send, _viewer

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.domain.reports.basis import Period
from fieldapp.migrations import migrate
from fieldapp.queries.reports import read
from fieldapp.queries.reports.asked import Asked
from sync.ids import uuid7

CLIENTS = 200
ENTRIES = 8_000
DAYS = 28
READS = 20


def main(entries: int) -> None:
    """Fill, then read."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(SimpleNamespace(database_url=f"sqlite:///{folder}/bench.db"))
        migrate(database)
        viewer = _viewer(database)
        _fill(database, viewer, entries)
        period = Period(NOW.date() - dt.timedelta(days=DAYS - 1), NOW.date())
        asked = Asked(viewer, viewer.team_ids, period, NOW)
        for name in read.REPORTS:
            _say(name, entries, database, lambda session, name=name: read.report(session, asked, name))
        _say("all", entries, database, lambda session: read.all_reports(session, asked))
        database.dispose()


def _fill(database: Database, viewer: Viewer, entries: int) -> None:
    team = str(next(iter(viewer.team_ids)))
    clients = [uuid7() for _ in range(CLIENTS)]
    _send(database, viewer, [_entry("client_registered", one, {"name": f"Bruker {n}", "team_id": team})
                             for n, one in enumerate(clients)], 100)  # fmt: skip
    body = {"outcome": "seen", "place": "home", "duration_min": 30, "note": "Kort prat på trappa, kaffe og avis."}
    visits = [_entry("visit_logged", clients[n % CLIENTS], body) for n in range(entries)]
    for n, visit in enumerate(visits):
        at = NOW - dt.timedelta(minutes=n * DAYS * 1_380 // entries)
        visit |= {"occurred_at": at.isoformat(), "time_chosen": True}
    _send(database, viewer, visits, 100)


def _say(name: str, entries: int, database: Database, work: Callable[..., object]) -> None:
    took = []
    for _ in range(READS):
        with database.deciding() as session:
            began = time.perf_counter()
            work(session)
            took.append(1000 * (time.perf_counter() - began))
    p95 = round(sorted(took)[READS * 95 // 100 - 1])
    print(json.dumps({"benchmark": "reports", "name": name, "entries": entries, "p95_ms": p95}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)

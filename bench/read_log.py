"""What the read log costs a first sync of 250 clients: the same pages read with and without it, in one run.

Pairs are interleaved, and each one is a fresh reader, so that every page is logged. Compare the ratio, not the times.
`SETT_DATABASE_URL`: an empty database (PostgreSQL, say) instead of a SQLite file.
"""

import contextlib
import datetime as dt
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from sync_door import NOW, _entry, _send, _viewer

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.migrations import migrate
from fieldapp.models.read_log import Reader, Shown
from fieldapp.queries.sync.changes import changes_since
from sync.ids import uuid7

CLIENTS = 250
VISITS = 2_500
PAIRS = 15


def main() -> None:
    """Fill one team, then read all of it as new phones would."""
    with contextlib.ExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory())
        url = os.environ.get("SETT_DATABASE_URL") or f"sqlite:///{folder}/bench.db"
        database = Database(SimpleNamespace(database_url=url, secret_key="a secret for the benchmark"))
        held.callback(database.dispose)
        migrate(database)
        viewer = _viewer(database)
        _fill(database, viewer)
        times: dict[str, list[float]] = {"without": [], "with": []}
        for number in range(2 * PAIRS):
            which = ("without", "with")[(number + number // 2) % 2]
            times[which].append(_read_all(database, viewer, logged=which == "with"))
        without, logged = (statistics.median(times[which]) for which in ("without", "with"))
        _report("first_sync_without_ms", 1000 * without)
        _report("first_sync_with_ms", 1000 * logged)
        _report("ratio", logged / without, 3)
        _report("ratio_of_the_fastest", min(times["with"]) / min(times["without"]), 3)


def _fill(database: Database, viewer: Viewer) -> None:
    team = str(next(iter(viewer.team_ids)))
    clients = [uuid7() for _ in range(CLIENTS)]
    _send(database, viewer, [_entry("client_registered", c, {"name": f"Bruker {n}", "team_id": team})
                             for n, c in enumerate(clients)], 100)  # fmt: skip
    note = "Han var våken og ville ha kaffe. Vi snakket om husleia og om legetimen på torsdag. " * 2
    visits = [_entry("visit_logged", clients[n % CLIENTS], {"outcome": "seen", "place": "home", "note": note})
              for n in range(VISITS)]  # fmt: skip
    _send(database, viewer, visits, 100)


def _read_all(database: Database, viewer: Viewer, *, logged: bool) -> float:
    reader = Viewer(uuid.uuid4(), viewer.role, viewer.team_ids)
    began, cursor, more = time.perf_counter(), None, True
    while more:

        def read(session: Any, cursor: str | None = cursor) -> Any:
            return changes_since(session, reader, cursor, NOW)

        if logged:
            page = database.showing(read, Shown(Reader(reader, "phone", dt.datetime.now(dt.UTC), uuid.uuid4())))
        else:
            with database.reading() as session:
                page = read(session)
        cursor, more = page.cursor, page.more
    return time.perf_counter() - began


def _report(name: str, value: float, digits: int = 1) -> None:
    print(json.dumps({"benchmark": "read_log", "name": name, "value": round(value, digits)}))


if __name__ == "__main__":
    main()

"""How fast entries come in through the one write door, and how fast a first sync goes out. SQLite, synchronous=FULL.

One process, no HTTP: what is measured is the door and the change log, not the web server. Compare ratios of one run.
"""

import datetime as dt
import json
import tempfile
import time
import uuid
from types import SimpleNamespace
from typing import Any

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.migrations import migrate
from fieldapp.queries.sync.changes import changes_since
from fieldapp.services.entries import ingest
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest
from sync.ids import uuid7

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
CLIENTS = 500
VISITS = 5_000


def main() -> None:
    """Fill one team, then read all of it as a new phone would."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(SimpleNamespace(database_url=f"sqlite:///{folder}/bench.db"))
        migrate(database)
        viewer = _viewer(database)
        clients = [uuid7() for _ in range(CLIENTS)]
        team = str(next(iter(viewer.team_ids)))
        registrations = [
            _entry("client_registered", c, {"name": f"Bruker {n}", "team_id": team}) for n, c in enumerate(clients)
        ]
        visits = [
            _entry("visit_logged", clients[n % CLIENTS], {"outcome": "seen", "place": "home"}) for n in range(VISITS)
        ]
        _report("registrations_per_s", CLIENTS / _send(database, viewer, registrations, 100))
        _report("entries_per_s_in_batches_of_100", VISITS / 2 / _send(database, viewer, visits[: VISITS // 2], 100))
        _report("entries_per_s_one_by_one", VISITS / 2 / _send(database, viewer, visits[VISITS // 2 :], 1))
        rows, seconds = _read_all(database, viewer)
        _report("changes_per_s_first_sync", rows / seconds)
        database.dispose()


def _viewer(database: Database) -> Viewer:
    with database.transaction() as session:
        team = accounts.add_team(session, "FACT Nord", "fact", (0, 15, 30, 45), NOW)
        staff = accounts.add_staff(session, "bob", "Bob", "fieldworker", [team], None, NOW)
    return Viewer(staff.id, "fieldworker", frozenset({team}))


def _entry(type_: str, client_id: uuid.UUID, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid7()), "device_seq": 1, "type": type_, "version": 1, "client_id": str(client_id),
        "occurred_at": NOW.isoformat(), "clock_offset_ms": 0, "body": body,
    }  # fmt: skip


def _send(database: Database, viewer: Viewer, entries: list[dict[str, Any]], size: int) -> float:
    began = time.perf_counter()
    for start in range(0, len(entries), size):
        request = SyncRequest(
            protocol=1, device_id=uuid.UUID(int=9), sent_at=NOW, unsent_after=0, entries=entries[start : start + size]
        )
        with database.transaction() as session:
            verdicts = ingest.receive(session, request, viewer, {}, NOW)
        if any(verdict.verdict != "accepted" for verdict in verdicts):
            raise SystemExit(f"not accepted: {verdicts}")
    return time.perf_counter() - began


def _read_all(database: Database, viewer: Viewer) -> tuple[int, float]:
    began, cursor, rows, more = time.perf_counter(), None, 0, True
    while more:
        with database.reading() as session:
            page = changes_since(session, viewer, cursor, NOW)
        cursor, more, rows = page.cursor, page.more, rows + len(page.changes)
    return rows, time.perf_counter() - began


def _report(name: str, value: float) -> None:
    print(json.dumps({"benchmark": "sync_door", "name": name, "value": round(value, 1)}))


if __name__ == "__main__":
    main()

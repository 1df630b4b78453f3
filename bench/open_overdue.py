"""How fast run-out clocks become alerts: one JSON object a line, `{"bench", "engine", "clients", "seconds", "per_s"}`.

Run from the project root: `python bench/open_overdue.py [DATABASE_URL]`; without a URL on a SQLite file of its own.
One alert is opened before the clock is started: a worker that has run a while has its statements ready. On SQLite the
very rows that came of it are then copied into an empty schema, in the same batches, by SQLite alone: what no engine on
this machine at this moment could do faster (`bare_per_s`, and our share of it).
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))  # the scene and the push service are the tests'

from fieldapp.db import Database
from fieldapp.migrations import migrate
from fieldapp.services.alerts import overdue
from tests._scene import NOON, Scene, minutes

CLIENTS = 10_000
PEOPLE = 1


def run(url: str) -> None:
    """Open CLIENTS alerts in batches, each with its first notifications, and then tick once with nothing to do."""
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    scene = Scene(database)
    team = scene.team()
    for _ in range(PEOPLE):
        scene.person(team, on="duty")
    scene.client(team, due_at=NOON - minutes(5))
    assert scene.open(NOON) == 1
    scene.clients(team, CLIENTS, due_at=NOON + minutes(5))
    later = NOON + minutes(6)
    batches, opened = [], 0
    while opened < CLIENTS:
        began = time.perf_counter()
        opened += scene.open(later)
        batches.append(time.perf_counter() - began)
    took = sum(batches)
    assert opened == CLIENTS
    bare = bare_seconds(Path(url.removeprefix("sqlite:///"))) if database.is_sqlite else None
    compared = {"bare_per_s": round(opened / bare), "share": round(bare / took, 2)} if bare else {}
    say(
        "open_overdue",
        database,
        clients=opened,
        seconds=round(took, 3),
        per_s=round(opened / took),
        longest_batch_ms=round(max(batches) * 1000),
        **compared,
    )
    began = time.perf_counter()
    with database.reading() as session:
        assert not overdue.any_overdue(session, later)
    say("idle_look", database, clients=CLIENTS, ms=round((time.perf_counter() - began) * 1000, 2))
    database.dispose()


def bare_seconds(file: Path) -> float:
    """How long SQLite takes to write the same rows, with the same indexes, foreign keys and commits to disk."""
    copy = Database(SimpleNamespace(database_url=f"sqlite:///{file}.bare"))
    migrate(copy)
    raw = copy.engine.raw_connection()
    run = raw.driver_connection.execute
    run("ATTACH ? AS opened", (str(file),))
    written = {"alert": "id", "alert_transition": "alert_id", "notification": "alert_id", "delivery": "notification_id"}
    run("PRAGMA foreign_keys=OFF")
    for (table,) in run("SELECT name FROM opened.sqlite_master WHERE type = 'table'").fetchall():
        if table not in written and table not in ("change", "sqlite_sequence"):
            run(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM opened.{table}")
    run("PRAGMA foreign_keys=ON")
    ids = [row[0] for row in run("SELECT id FROM opened.alert ORDER BY id")]
    took = 0.0
    for start in range(0, len(ids), overdue.BATCH):
        run(
            "CREATE TEMP TABLE some AS SELECT id FROM opened.alert ORDER BY id LIMIT ? OFFSET ?",
            (overdue.BATCH, start),
        )
        told = "SELECT id FROM opened.notification WHERE alert_id IN some"
        some = dict.fromkeys(("id", "alert_id"), "some") | {"notification_id": f"({told})"}
        began = time.perf_counter()
        run("BEGIN IMMEDIATE")
        for table, key in written.items():
            run(f"INSERT INTO main.{table} SELECT * FROM opened.{table} WHERE {key} IN {some[key]}")
        run("INSERT INTO main.change SELECT * FROM opened.change WHERE kind = 'alert' AND subject_id IN some")
        run("COMMIT")
        took += time.perf_counter() - began
        run("DROP TABLE some")
    return took


def say(bench: str, database: Database, **figures: object) -> None:
    print(json.dumps({"bench": bench, "engine": database.engine.dialect.name} | figures), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(f"sqlite:///{folder}/bench.db")

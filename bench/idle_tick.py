"""What a worker's tick costs when nothing is due, with a million clients watched: `{"bench", "clients", "p50_ms", …}`.

Run from the project root: `python bench/idle_tick.py [CLIENTS]`, on a SQLite file of its own. The whole tick counts:
looking for clocks, visits, lines, steps, closings and messages, and writing the heartbeat to disk.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))  # the scene and the push service are the tests'

from sqlalchemy import text

from fieldapp.channels.contract import Delivered, Message, Outcome
from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.migrations import migrate
from tests._scene import NOON, Scene, minutes

CLIENTS = 1_000_000
TICKS = 100
GOAL_MS = 5


class Nowhere:
    """Nothing is sent in an idle tick."""

    def send(self, _message: Message, _now: object) -> Outcome:
        return Delivered(201)


def run(url: str, clients: int) -> None:
    """Fill the town, then tick again and again with nothing to do."""
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    scene = Scene(database)
    team = scene.team()
    scene.person(team, on="duty")
    scene.client(team, due_at=NOON + minutes(24 * 60))
    multiply(database, clients)
    sender = Sender(database, Nowhere(), "bench", clock_now=lambda: NOON)
    took = []
    for _ in range(TICKS):
        began = time.perf_counter()
        assert tasks.tick(database, sender, "bench", lambda: NOON)
        took.append((time.perf_counter() - began) * 1000)
    sender.stop()
    database.dispose()
    figures = {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(sorted(took)[TICKS * 95 // 100], 2)}
    print(json.dumps({"bench": "idle_tick", "engine": "sqlite", "clients": clients, **figures, "goal_ms": GOAL_MS}))


def multiply(database: Database, clients: int) -> None:
    """Copy the one client and its watch until there are that many, each with an id of its own."""
    with database.engine.begin() as connection:
        for table, key in (("client", "id"), ("watch", "client_id")):
            names = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
            values = ", ".join("printf('%032x', n.i)" if name == key else f"one.{name}" for name in names)
            connection.execute(
                text(
                    f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {clients - 1}) "
                    f"INSERT INTO {table} ({', '.join(names)}) "
                    f"SELECT {values} FROM n, (SELECT * FROM {table} LIMIT 1) AS one"
                )
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(f"sqlite:///{folder}/bench.db", int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS)

"""How fast run-out clocks become alerts: one JSON object a line, `{"bench", "engine", "clients", "seconds", "per_s"}`.

Run from the project root: `python bench/open_overdue.py [DATABASE_URL]`; without a URL on a SQLite file of its own.
One alert is opened before the clock is started: a worker that has run a while has its statements ready.
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
from fieldapp.services import escalation
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
    began = time.perf_counter()
    opened = 0
    while batch := scene.open(later):
        opened += batch
    took = time.perf_counter() - began
    assert opened == CLIENTS
    say("open_overdue", database, clients=opened, seconds=round(took, 3), per_s=round(opened / took))
    began = time.perf_counter()
    with database.reading() as session:
        assert not escalation.any_overdue(session, later)
    say("idle_look", database, clients=CLIENTS, ms=round((time.perf_counter() - began) * 1000, 2))
    database.dispose()


def say(bench: str, database: Database, **figures: object) -> None:
    print(json.dumps({"bench": bench, "engine": database.engine.dialect.name} | figures), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(f"sqlite:///{folder}/bench.db")

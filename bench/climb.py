"""How fast alerts climb that nobody takes: `{"bench", "engine", "alerts", "seconds", "per_s"}`.

Run from the project root: `python bench/climb.py [DATABASE_URL]`; without a URL on a SQLite file of its own. After a
night's outage thousands may have opened in one tick: quarter of an hour later all of them begin their next step, and a
phone's sync must still get its turn between two batches; hence also the longest batch, in ms.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))  # the scene is the tests'

from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.migrations import migrate
from fieldapp.models import Alert, Delivery
from tests._scene import NOON, Scene, minutes

ALERTS = 10_000


def run(url: str) -> None:
    """Open ALERTS, let a phone show each, and begin the step that follows when nobody has taken them."""
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    scene = Scene(database)
    team = scene.team()
    on_duty = scene.person(team, on="duty")
    scene.clients(team, ALERTS, due_at=NOON, primary=on_duty)
    while scene.open(NOON + minutes(1)):
        pass
    with database.transaction() as session:
        session.execute(update(Delivery).values(state="handed_over", shown_at=NOON + minutes(1)))
        session.execute(update(Alert).values(next_at=NOON + minutes(16)))
    batches = []
    while True:
        began = time.perf_counter()
        if not scene.climb(NOON + minutes(16)):
            break
        batches.append(time.perf_counter() - began)
    assert {alert.step for alert in scene.alerts()} == {1}
    took = sum(batches)
    figures = {"seconds": round(took, 3), "per_s": round(ALERTS / took), "longest_batch_ms": round(max(batches) * 1000)}
    print(json.dumps({"bench": "climb", "engine": database.engine.dialect.name, "alerts": ALERTS} | figures))
    database.dispose()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(f"sqlite:///{folder}/bench.db")

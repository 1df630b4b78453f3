"""The leader's figures with 100,000 alerts in the database, and the proposal that stands on I dag. One JSON object a
line, milliseconds.

Run from the project root: `python bench/alert_figures.py [DATABASE_URL]`; without a URL on a SQLite file of its own.
"""

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))  # the scene is the tests'

from sqlalchemy import insert

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.migrations import migrate
from fieldapp.models import Alert, AlertTransition
from fieldapp.queries.alerts.figures import alert_figures
from fieldapp.queries.alerts.truer import proposals
from sync.ids import uuid7
from tests._scene import NOON, Scene, minutes

ALERTS = 100_000
TEAMS = 20
EVERY_MINUTES = 20
"""Each team has one so often: 5,000 of its alerts lie within the last ten weeks."""


def run(url: str) -> None:
    """Fill, then read one team's pages."""
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    scene = Scene(database)
    teams = [scene.team() for _ in range(TEAMS)]
    leader = scene.person(teams[0], "leader")
    for team in teams:
        fill(database, team)
    with database.reading() as session:
        say("figures", database, lambda: alert_figures(session, teams[0], NOON.date()))
        viewer = Viewer(leader, "leader", frozenset(teams[:1]))
        say("proposals", database, lambda: proposals(session, viewer, NOON))


def fill(database: Database, team: uuid.UUID) -> None:
    """One team's alerts, each opened, taken and ended."""
    ids = [uuid7() for _ in range(ALERTS // TEAMS)]
    with database.transaction() as session:
        session.execute(insert(Alert), [alert(id_, team, n) for n, id_ in enumerate(ids)])
        events = (("opened", 0), ("acknowledged", 3), ("resolved", 20))
        rows = [transition(id_, n, *event) for n, id_ in enumerate(ids) for event in events]
        session.execute(insert(AlertTransition), rows)


def alert(id_: uuid.UUID, team: uuid.UUID, n: int) -> dict[str, object]:
    at = NOON - minutes(n * EVERY_MINUTES)
    times = dict.fromkeys(("ladder_from", "step_began_at", "opened_at", "due_at"), at)
    about = {"id": id_, "kind": "not_seen", "subject_id": id_, "team_id": team, "episode": id_, "topic": id_.hex}
    ended = {"state": "resolved", "resolved_at": at + minutes(20), "resolution": "seen_late"}
    return {**about, **times, **ended, "step": 0, "round": 1}


def transition(id_: uuid.UUID, n: int, event: str, after: float) -> dict[str, object]:
    at = NOON - minutes(n * EVERY_MINUTES - after)
    return {"alert_id": id_, "at": at, "event": event, "to_state": "open", "step": 0, "round": 1}


def say(what: str, database: Database, work: Callable[[], object]) -> None:
    """The middle of five."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    engine = database.engine.dialect.name
    print(json.dumps({"bench": f"alert_{what}", "engine": engine, "alerts": ALERTS, "ms": round(sorted(took)[2])}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db")

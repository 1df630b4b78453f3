"""From due to handed over: a worker process, clocks running out as 1,000 would in one minute, and a push service that
notes when each message came. One JSON object a line, milliseconds.

Run from the project root: `python bench/due_to_push.py [DATABASE_URL]`; without a URL on a SQLite file of its own.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))  # the scene and the push service are the tests'

from sqlalchemy import select

from fieldapp import clock
from fieldapp.db import Database
from fieldapp.migrations import migrate
from fieldapp.models import Alert, Delivery, Notification, Watch
from tests._push_service import PushService
from tests._scene import SECRET, Scene, seconds

PER_MINUTE = 1000
LASTS_S = 20
STARTS_IN_S = 5


def run(url: str, folder: str) -> None:
    """Spread the clocks, let the worker work, and compare due times with arrivals."""
    database = Database(SimpleNamespace(database_url=url))
    migrate(database)
    with PushService() as push:
        scene = Scene(database, push)
        team = scene.team(duty_list=False)
        for _ in range(4):
            scene.person(team)
        count = PER_MINUTE * LASTS_S // 60
        clients = scene.clients(team, count, due_at=clock.now())
        starts_at = clock.now() + seconds(STARTS_IN_S)
        with database.transaction() as session:
            for n, client_id in enumerate(clients):
                session.get_one(Watch, client_id).due_at = starts_at + seconds(n * 60 / PER_MINUTE)
        worker = start_worker(url, folder, push)
        wait_until_told(database, count * 4, LASTS_S + STARTS_IN_S + 60)
        now, steady = clock.now(), time.perf_counter()
        worker.terminate()
        worker.wait(30)
    came_at = {one.json["notification_id"]: one.at for one in push.messages()}
    late = sorted(
        (now - seconds(steady - came_at[carrier or own]) - due_at).total_seconds() * 1000
        for own, carrier, due_at in told(database)
    )
    figures = {f"p{p}_ms": round(late[min(len(late) - 1, len(late) * p // 100)]) for p in (50, 90, 99)}
    say = {"bench": "due_to_push", "engine": database.engine.dialect.name, "due_per_minute": PER_MINUTE}
    print(
        json.dumps(say | {"told": len(late), "messages": len(came_at)} | figures | {"max_ms": round(late[-1])}),
        flush=True,
    )
    database.dispose()


def wait_until_told(database: Database, count: int, within_s: float) -> None:
    """Until every alert is handed over to every phone, by itself or in a bundle."""
    pause, deadline = threading.Event(), time.perf_counter() + within_s
    while len(told(database)) < count:
        assert time.perf_counter() < deadline, f"{len(told(database))} of {count} were told"
        pause.wait(0.2)


def told(database: Database) -> list[tuple[str, str | None, dt.datetime]]:
    """What is handed over: its id, its carrier's if it went in a bundle, and when its client was due."""
    query = (
        select(Delivery.id, Delivery.carried_by, Alert.due_at)
        .select_from(Delivery)
        .join(Notification, Notification.id == Delivery.notification_id)
        .join(Alert, Alert.id == Notification.alert_id)
    )
    with database.reading() as session:
        return [tuple(row) for row in session.execute(query.where(Delivery.handed_over_at.is_not(None)))]


def start_worker(url: str, folder: str, push: PushService) -> "subprocess.Popen[bytes]":
    env = os.environ | {
        "FIELDAPP_DATABASE_URL": url,
        "FIELDAPP_DATA_DIR": folder,
        "FIELDAPP_SECRET_KEY": SECRET,
        "FIELDAPP_PUBLIC_URL": "https://sett.example",
        "FIELDAPP_PUSH_HOSTS": push.host,
    }
    return subprocess.Popen([sys.executable, "-m", "fieldapp.cli", "worker"], env=env)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db", folder)

"""The database server goes away: requests are told so, and no process fills the log."""

import json
import threading
import time
from pathlib import Path

from tests._phone_client import PhoneClient
from tests._postgres import PostgreSQL
from tests._server import Server
from tests.conftest import migrate_url

AWAY_S = 12
PROCESSES = 4
"""`fieldapp web`, its two servers, and the worker."""


def test_each_process_writes_one_line_a_minute_at_most(tmp_path: Path) -> None:
    postgresql = PostgreSQL()
    postgresql.make_template(migrate_url)
    url = postgresql.url(postgresql.new_database())
    with Server.started(tmp_path, database_url=url, tick_seconds="0.5", log_format="json") as server:
        phone = PhoneClient.signed_in(server)
        before = len(server.log.read_text())
        postgresql.stop()
        statuses = ask_for(AWAY_S, phone)
        told = server.log.read_text()[before:].splitlines()
    assert statuses == {503}
    assert "Traceback" not in "\n".join(told)
    assert 1 <= len(told) <= PROCESSES, told
    assert {json.loads(line)["event"] for line in told} == {"database_unavailable"}


def ask_for(seconds: float, phone: PhoneClient) -> set[int]:
    """What four who keep asking are answered meanwhile."""
    ends_at, statuses = time.monotonic() + seconds, set()

    def ask() -> None:
        while time.monotonic() < ends_at:
            statuses.add(phone.post("/api/sync", phone.request(phone.registration()), timeout=60)[0])
            statuses.add(phone.get("/healthz", timeout=60)[0])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses

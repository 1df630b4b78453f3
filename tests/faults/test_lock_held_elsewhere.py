"""Somebody else's process holds the database's write lock: requests that write are told to come again, soon and all of
them; what reads does not notice; and nothing the phone sent is lost.
"""

import sqlite3
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests._phone_client import PhoneClient
from tests._server import Server

ANSWERED_WITHIN_S = 10
AT_ONCE_S = 3
WRITERS = 20


@pytest.mark.parametrize("lock", ["everything", "one row"])
def test_all_who_write_get_503_in_time_and_readers_do_not_wait(server: Server, lock: str) -> None:
    phone = PhoneClient.signed_in(server, f"mona{uuid.uuid4().hex[:6]}")
    registration = phone.registration()
    phone.sync(registration)
    requests = [phone.request(phone.seen(registration["client_id"])) for _ in range(WRITERS)]
    answers: list[tuple[float, int, Any]] = []

    def write(content: dict[str, Any]) -> None:
        began = time.perf_counter()
        status, answer = phone.post("/api/sync", content, timeout=60)
        answers.append((time.perf_counter() - began, status, answer))

    with held(server, lock):
        writers = [threading.Thread(target=write, args=(content,)) for content in requests]
        for thread in writers:
            thread.start()
        while any(thread.is_alive() for thread in writers):
            assert seconds_to_read(f"{server.url}/healthz") < AT_ONCE_S
            assert seconds_to_read(f"{server.url}/logg-inn") < AT_ONCE_S
        assert phone.get("/api/session")[0] == 200
    assert [status for _, status, _ in answers] == [503] * WRITERS
    assert {answer["code"] for _, _, answer in answers} == {"unavailable"}
    assert max(took for took, _, _ in answers) < ANSWERED_WITHIN_S
    assert phone.last_headers["Retry-After"] == "5"

    for content in requests:
        assert phone.sync(*content["entries"])["results"][0]["verdict"] == "accepted"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with Server.started(tmp_path / "data", worker=False, database_url=database_url) as server:
        yield server


@contextmanager
def held(server: Server, lock: str) -> Iterator[None]:
    """A transaction of another program that has begun to write and does not end."""
    url = server.env["FIELDAPP_DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(url) as other:
        whole = "LOCK TABLE entry IN EXCLUSIVE MODE"
        other.execute(whole if lock == "everything" else "SELECT 1 FROM watch FOR UPDATE")
        yield
        other.rollback()


def seconds_to_read(url: str) -> float:
    began = time.perf_counter()
    try:
        urllib.request.urlopen(url, timeout=30).close()
    except urllib.error.HTTPError as error:  # 503: no worker ticks here, which is an answer
        error.close()
    return time.perf_counter() - began

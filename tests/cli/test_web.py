"""`fieldapp web` as the network and an operator see it: HTTP at its edges, stopping, crashing, proxies."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests._phone_client import PhoneClient
from tests._server import ROOT, Server

JSON = "Content-Type: application/json\r\n"


@pytest.mark.parametrize("length", [256 * 1024 + 1, 1_000_000, 50_000_000])
def test_too_large_a_body_is_answered_with_its_code(server: Server, length: int) -> None:
    """Nobody reads the answer of a connection that is broken: what was sent is taken in, up to 16 MiB."""
    sent = b" " * min(length, 16 * 1024 * 1024)
    status, head, body = ask(server, f"POST /api/sync HTTP/1.1\r\n{JSON}Content-Length: {length}\r\n\r\n", sent)
    assert (status, json.loads(body)["code"]) == (413, "too_large")
    assert "application/json" in head


def test_too_large_a_body_in_chunks_is_answered_with_its_code(server: Server) -> None:
    chunk = b"%x\r\n%s\r\n" % (50_000, b" " * 50_000)
    head = f"POST /api/sync HTTP/1.1\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n"
    status, _, body = ask(server, head, chunk * 8 + b"0\r\n\r\n")
    assert (status, json.loads(body)["code"]) == (413, "too_large")


def test_a_body_in_chunks_is_read_whole(phone: PhoneClient) -> None:
    content = json.dumps(phone.request()).encode()
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (content[:7], content[7:]))
    head = f"POST /api/sync HTTP/1.1\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n"
    status, _, body = ask(phone.server, head, parts + b"0\r\n\r\n")
    assert (status, json.loads(body)["code"]) == (401, "sign_in"), "malformed when a part of it were missing"


@pytest.mark.parametrize(
    "head",
    [
        "POST /api/sync HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /api/sync HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /api/sync HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "POST /api/sync HTTP/1.1\r\nContent-Length: +3\r\n\r\n",
        "POST /api/sync HTTP/1.1\r\nContent-Length : 3\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nX-A: b\nX-C: d\r\n\r\n",
    ],
)
def test_what_two_servers_could_read_differently_is_refused(server: Server, head: str) -> None:
    assert ask(server, head, b"0\r\n\r\n")[0] == 400


def test_too_long_a_head_is_refused(server: Server) -> None:
    assert ask(server, "GET /healthz HTTP/1.1\r\nX-Long: ".ljust(32 * 1024, "a"))[0] == 431


def test_head_answers_without_a_body_and_the_connection_is_kept(server: Server) -> None:
    twice = "HEAD /logg-inn HTTP/1.1\r\n\r\nGET /logg-inn HTTP/1.1\r\nConnection: close\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(twice.encode())
        first, second = (part for part in read_all(connection).split(b"HTTP/1.1 ") if part)
    assert first.startswith(b"200")
    assert first.endswith(b"\r\n\r\n")
    assert b"<html" in second


@pytest.mark.parametrize(("proxies", "believed"), [("10.0.0.0/8", False), ("127.0.0.1", True)])
def test_what_a_stranger_says_of_the_connection_is_not_believed(tmp_path: Path, proxies: str, believed: bool) -> None:
    with Server.started(tmp_path, worker=False, trusted_proxies=proxies) as server:
        headers = ask(server, "GET /logg-inn HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n")[1]
    assert ("Strict-Transport-Security" in headers) is believed


def test_a_server_process_that_dies_is_started_again(server: Server) -> None:
    parent = server.processes[0].pid
    (child,) = children_of(parent)
    os.kill(child, signal.SIGKILL)
    server.wait_until_healthy(with_worker=False)
    assert children_of(parent) not in ([], [child])


def test_its_servers_end_with_it_however_it_ends(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.cli("migrate")
    process = server.start_web()
    server.wait_until_healthy(with_worker=False)
    (child,) = children_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    server.stop()
    wait_until(lambda: not Path(f"/proc/{child}").exists())


def test_a_sync_under_way_is_answered_when_it_is_told_to_stop(tmp_path: Path) -> None:
    with Server.started(tmp_path, worker=False) as server, connected(server) as connection:
        phone = PhoneClient.signed_in(server)
        with closing(sqlite3.connect(tmp_path / "fieldapp.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            connection.sendall(phone.raw("/api/sync", phone.request(phone.registration())))
            wait_until(lambda: has_come_in(server, connection))
            server.processes[0].terminate()
            other.execute("ROLLBACK")
        status, _, body = answer_on(connection)
    assert (status, json.loads(body)["results"][0]["verdict"]) == (200, "accepted")


def test_a_wrong_secret_ends_it_with_one_sentence(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.cli("migrate")
    server.cli("keys")
    command = [sys.executable, "-m", "fieldapp.cli", "web", "--port", str(server.port)]
    other = server.env | {"FIELDAPP_SECRET_KEY": "another secret for the tests, long"}
    ended = subprocess.run(command, cwd=ROOT, env=other, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr.count("\n"), "Traceback" in ended.stderr) == (2, 1, False), ended.stderr


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server.started(tmp_path_factory.mktemp("web"), worker=False) as server:
        yield server


@pytest.fixture(scope="module")
def phone(server: Server) -> PhoneClient:
    return PhoneClient.signed_in(server)


def connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def ask(server: Server, head: str, body: bytes = b"") -> tuple[int, str, bytes]:
    """(status, head, body) of one raw request."""
    with connected(server) as connection:
        connection.sendall(head.encode() + body)
        return answer_on(connection)


def answer_on(connection: socket.socket) -> tuple[int, str, bytes]:
    with http.client.HTTPResponse(connection) as answer:
        answer.begin()
        return answer.status, str(answer.headers), answer.read()


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def has_come_in(server: Server, connection: socket.socket) -> bool:
    """Whether the server has read all that was sent on this connection."""
    ends = [f"0100007F:{port:04X}" for port in (server.port, connection.getsockname()[1])]
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[1:3] == ends and row[4].endswith(":00000000") for row in rows)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)

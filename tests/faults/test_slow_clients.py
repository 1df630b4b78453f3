"""Clients that send half a request and wait, drip it byte by byte, or never read an answer: nobody else notices."""

import contextlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from fieldapp import assets
from tests._phone_client import PhoneClient
from tests._server import Server

ANSWERS_WITHIN_S = 3
HALF_HEAD = b"GET /healthz HTTP/1.1\r\nHost: sett\r\nX-Slow: "
HALF_BODY = (
    b"POST /api/sync HTTP/1.1\r\nHost: sett\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"
)
HALF_CHUNK = (
    b"POST /api/sync HTTP/1.1\r\nHost: sett\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1f4"
)
NEVER_READ = f"GET {assets.read().url('vendor/designsystem.css')} HTTP/1.1\r\nHost: sett\r\n\r\n".encode() * 3


@pytest.mark.parametrize(
    "half", [HALF_HEAD, HALF_BODY, HALF_CHUNK, NEVER_READ], ids=["head", "body", "chunk", "unread"]
)
def test_slow_clients_delay_nobody(half: bytes, phone: PhoneClient, rounds: Callable[[int, int], int]) -> None:
    with slow_clients(phone.server, half, rounds(300, 1000)):
        for _ in range(3):
            assert seconds(lambda: healthz(phone.server)) < ANSWERS_WITHIN_S
            assert seconds(phone.sync) < ANSWERS_WITHIN_S


def test_heads_and_bodies_at_once_delay_nobody(phone: PhoneClient) -> None:
    with slow_clients(phone.server, HALF_HEAD, 150), slow_clients(phone.server, HALF_BODY, 150):
        assert seconds(lambda: healthz(phone.server)) < ANSWERS_WITHIN_S
        assert seconds(phone.sync) < ANSWERS_WITHIN_S


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneClient]:
    with Server.started(tmp_path_factory.mktemp("slow")) as server:
        yield PhoneClient.signed_in(server)


@contextmanager
def slow_clients(server: Server, half: bytes, count: int) -> Iterator[None]:
    """So many connections that each send `half` and then a byte now and again."""
    sockets = [connection(server) for _ in range(count)]
    for one in sockets:
        one.sendall(half)
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.2):
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.send(b"1", socket.MSG_DONTWAIT)

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield
    finally:
        stop.set()
        dripping.join()
        for one in sockets:
            one.close()


def connection(server: Server) -> socket.socket:
    """One that takes in next to nothing while nobody reads from it."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(10)
    made.connect(("127.0.0.1", server.port))
    return made


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def healthz(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"

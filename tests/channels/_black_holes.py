"""Addresses where nobody ever answers: what listens there takes no more connections, so the next one only waits."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

_FULL_AFTER = 3


@contextmanager
def before_localhost(monkeypatch: pytest.MonkeyPatch, port: int, count: int) -> Iterator[None]:
    """`localhost` is a name with `count` black holes in front of 127.0.0.1, all of them at this port."""
    holes = [f"127.0.0.{n + 2}" for n in range(count)]
    real = socket.getaddrinfo

    def addresses(host: str, *args: Any, **more: Any) -> list[Any]:
        names = [*holes, "127.0.0.1"] if host == "localhost" else [host]
        return [found for name in names for found in real(name, *args, **more)]

    with ExitStack() as opened:
        for hole in holes:
            _fill(opened, hole, port)
        monkeypatch.setattr(socket, "getaddrinfo", addresses)
        yield


def _fill(opened: ExitStack, hole: str, port: int) -> None:
    listening = opened.enter_context(socket.socket())
    listening.bind((hole, port))
    listening.listen(0)
    for _ in range(_FULL_AFTER):
        waiting = opened.enter_context(socket.socket())
        waiting.setblocking(False)
        with suppress(BlockingIOError):
            waiting.connect((hole, port))

"""No send outlasts its lease, wherever it is held up."""

import socket
import time

import pytest

from fieldapp.channels import deadline
from fieldapp.channels.deadline import connect, hung_up_after
from tests.channels._black_holes import before_localhost


def test_a_name_with_many_addresses_that_never_answer_is_given_up_as_soon_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with before_localhost(monkeypatch, port, count=8):
            began = time.perf_counter()
            with pytest.raises(ConnectionRefusedError):
                connect("localhost", port, 0.8)
            assert time.perf_counter() - began < 4


def test_after_connecting_the_whole_time_is_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with before_localhost(monkeypatch, port, count=3), connect("localhost", port, 0.8) as connected:
            assert connected.gettimeout() == 0.8


def test_what_has_no_socket_yet_when_its_time_is_up_is_hung_up_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "_AGAIN_SECONDS", 0.02)
    ours, theirs = socket.socketpair()
    not_yet = [None, None]
    with ours, theirs:
        ours.settimeout(30)
        with hung_up_after(0.02, lambda: not_yet.pop() if not_yet else ours) as too_late:
            assert ours.recv(1) == b""
        assert too_late.is_set()

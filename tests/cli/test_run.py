"""`fieldapp run`: everything starts together, stays up together and stops together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.cli._alone import alone
from tests._server import ROOT, Server


def test_run_brings_up_a_healthy_server_from_nothing(running: Server) -> None:
    running.wait_until_healthy()
    assert f"Sett kjører på {running.url}" in running.log.read_text()


def test_a_polite_stop_leaves_no_process_behind(running: Server) -> None:
    running.wait_until_healthy()
    group = everybody(running)
    assert len(group) >= 3
    running.stop()
    assert [pid for pid in group if is_alive(pid)] == []


def test_killing_run_alone_takes_web_and_worker_along(running: Server) -> None:
    running.wait_until_healthy()
    group = everybody(running)
    os.kill(group[0], signal.SIGKILL)
    wait_for(lambda: [pid for pid in group[1:] if is_alive(pid)] == [])


def test_a_worker_that_died_is_started_again(running: Server) -> None:
    running.wait_until_healthy()
    worker = next(pid for pid in everybody(running) if name_of(pid) == "sett worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: [pid for pid in everybody(running) if name_of(pid) == "sett worker" and pid != worker] != [])


def test_a_taken_port_ends_with_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    with socket.create_server(("127.0.0.1", server.port)):
        ended = run_to_its_end(server)
    assert ended.returncode == 2
    assert f"Port {server.port} er opptatt" in ended.stderr
    assert not (tmp_path / "data" / "sett.db").exists()


def test_a_wrong_setting_ends_with_a_sentence_that_names_it(tmp_path: Path) -> None:
    ended = run_to_its_end(Server(tmp_path, tick_seconds="ofte"))
    assert ended.returncode == 2
    assert "FIELDAPP_TICK_SECONDS" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--port", "99999"), "Port 99999 finnes ikke"), (("--host", "vært..no"), "adresse å lytte på")],
)
def test_a_port_or_host_there_is_not_is_one_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    ended = run_to_its_end(Server(tmp_path), *words)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_of_two_demos_in_one_folder_the_second_says_so_at_once(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with alone(tmp_path):
        started = time.monotonic()
        ended = run_to_its_end(server, "--demo")
    assert ended.returncode == 2
    assert "Demokommunen lages alt" in ended.stderr
    assert time.monotonic() - started < 30
    with alone(tmp_path):
        pass


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start("run", "--port", str(server.port))
    yield server
    server.stop()


def run_to_its_end(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fieldapp.cli", "run", "--port", str(server.port), *words]
    return subprocess.run(command, cwd=ROOT, env=server.env, capture_output=True, text=True, timeout=60)


def everybody(server: Server) -> list[int]:
    """`fieldapp run` and all its descendants, itself first."""
    parents = {pid: int(stat(pid)[1]) for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if is_alive(pid)}
    found = [server.processes[0].pid]
    for one in found:
        found.extend(pid for pid, parent in parents.items() if parent == one)
    return found


def stat(pid: int) -> list[str]:
    """What /proc says after the process's name: state, parent, …; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["X", "0"]


def is_alive(pid: int) -> bool:
    return stat(pid)[0] not in "ZX"


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)

"""`fieldapp web` and `worker` that start fast: forked from a process that has imported everything and done nothing.

The command runs as it would from a shell, in a process group of its own; only Python's start and the imports are saved,
which is most of a start. So a server can be killed many times a minute.
"""

import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests._server import Server

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["fieldapp.cli", "fieldapp.cli.web", "fieldapp.cli.worker", "fieldapp.app"])


class QuickServer(Server):
    """A Server whose processes are forked."""

    def move_to(self, port: int) -> None:
        """Serve there from the next start on."""
        self.port, self.url = port, f"http://127.0.0.1:{port}"

    def start(self, *command: str) -> "Child":  # type: ignore[override]
        self.data_dir.mkdir(parents=True, exist_ok=True)
        process = _FORKS.Process(target=_run, args=(command, self.env, self.log))
        process.start()
        child = Child(process)
        self.processes.append(child)  # type: ignore[arg-type]
        return child


class Child:
    """What `Server` wants to know of a process."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, seconds: float) -> int | None:
        self._process.join(seconds)
        return self._process.exitcode


def _run(command: tuple[str, ...], env: dict[str, str], log: Path) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    sys.argv = ["fieldapp", *command]
    from fieldapp.cli import main

    main()

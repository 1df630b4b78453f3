"""The real thing: `fieldapp web`, `worker` or `run` as processes on a free port, where a client is not enough.

with Server.started(tmp_path) as server:
    server.cli("team", "add", "ACT Sentrum", "--kind", "act", "--json")
    requests.get(server.url + "/healthz")
"""

import contextlib
import datetime as dt
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

DIES_WITH_US = ("setpriv", "--pdeathsig=TERM")
"""What to put before a command so that it is asked to stop when the tests are ended, however that comes about."""
ROOT = Path(__file__).parent.parent
_MOVED_CLOCK = ROOT / "tests/_moved_clock"
_PATIENCE_SECONDS = 120
_MIGRATED: list[bytes] = []
"""The SQLite file that `fieldapp migrate` makes."""


class Server:
    """One installation: its settings, and the processes of it that are running now."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.root = ROOT
        """Where the program is; another folder with a changed copy of it is another version."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("FIELDAPP_")}
        self.env |= {"FIELDAPP_DATA_DIR": str(data_dir), "FIELDAPP_SECRET_KEY": "a secret for the tests only, long"}
        self.env |= {f"FIELDAPP_{name.upper()}": value for name, value in settings.items()}
        self.processes: list[subprocess.Popen[bytes]] = []
        self._shifted = dt.timedelta()

    @classmethod
    @contextmanager
    def started(
        cls, data_dir: Path, *, worker: bool = True, movable_clock: bool = False, **settings: str
    ) -> Iterator[Self]:
        """A migrated installation with web (and worker) running; `settings` as in `database_url="…"`."""
        server = cls(data_dir, **settings)
        if movable_clock:
            server.make_clock_movable()
        server.make_database()
        try:
            server.start_web()
            if worker:
                server.start_worker()
            server.wait_until_healthy(with_worker=worker)
            yield server
        finally:
            server.stop()

    def make_database(self) -> None:
        """Migrate; an installation on SQLite gets a copy of what the command made for the first one."""
        if "FIELDAPP_DATABASE_URL" in self.env:
            self.cli("migrate")
            return
        file = self.data_dir / "fieldapp.db"
        if not _MIGRATED:
            self.cli("migrate")
            _MIGRATED.append(file.read_bytes())
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_MIGRATED[0])
        file.chmod(0o600)

    def start_web(self) -> subprocess.Popen[bytes]:
        return self.start("web", "--port", str(self.port))

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start `fieldapp COMMAND` in a process group of its own; what it says goes to `log`."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*DIES_WITH_US, *_fieldapp(command)],
                cwd=self.root,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def cli(self, *command: str, stdin: str | None = None) -> str:
        """Run `fieldapp COMMAND` to its end and return what it printed; a failure fails the test."""
        done = subprocess.run(
            _fieldapp(command), cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *command: str, stdin: str | None = None) -> dict[str, Any]:
        """The one JSON object that `fieldapp COMMAND --json` prints."""
        answer: dict[str, Any] = json.loads(self.cli(*command, "--json", stdin=stdin))
        return answer

    def make_clock_movable(self) -> None:
        """Let processes started from now on read their wall clock through `shift_clock`."""
        self._write_shift()
        self.env |= {"PYTHONPATH": str(_MOVED_CLOCK), "TESTS_CLOCK_SHIFT_FILE": str(self._clock_file)}

    def shift_clock(self, **how_far: float) -> None:
        """Move the clock of every process, running ones too, by `dt.timedelta(**how_far)`."""
        self._shifted += dt.timedelta(**how_far)
        self._write_shift()

    def _write_shift(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        new = self._clock_file.with_suffix(".new")
        new.write_text(f"{self._shifted.total_seconds():.3f}\n")
        new.rename(self._clock_file)  # a reader must never meet half a file

    @property
    def _clock_file(self) -> Path:
        return self.data_dir / "clock-shift"

    def wait_until_healthy(self, *, with_worker: bool = True) -> None:
        """Return once /healthz answers 200, or, without a worker, anything at all."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (status := self._health()) != 200 and (with_worker or status is None):
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                raise AssertionError(f"not healthy ({status}):\n{self.log.read_text()}")
            time.sleep(0.05)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the process and everything it started, as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_PATIENCE_SECONDS)
        self.processes.remove(process)

    def stop(self) -> None:
        """Stop every process, politely first."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(_PATIENCE_SECONDS)
        self.processes.clear()

    @property
    def log(self) -> Path:
        return self.data_dir / "server.log"

    def _health(self) -> int | None:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                status: int = answer.status
                return status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None


def free_port() -> int:
    """A port on loopback that nobody listens on, and that no other gets in between: below those the kernel hands out,
    and from a range of this test process alone."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("never: the range goes round")


def _ports() -> Iterator[int]:
    """Round and round in the range of this worker of pytest, from some place in it: other runs may be about."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw")) % 10
    lowest, width = 12_000 + 2_000 * worker, 2_000
    return itertools.cycle(lowest + (os.getpid() * 37 + number) % width for number in range(width))


_PORTS = _ports()


def _fieldapp(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "fieldapp.cli", *command]

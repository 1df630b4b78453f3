"""Runs every test: node's and pytest's side by side. Either fails the whole.

pytest speaks as it goes; what node said stands before pytest's closing part, so that the end of the output tells of
both, and pytest's closing line is the last.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
NODE = ["node", "--test", "--test-reporter=spec"]
# worksteal: whoever is done takes over half of what the other has left, and a test that hangs costs one worker only.
PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-rfE", "--durations=10"]
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
ROOM = 4 << 30
"""Bytes that tests may need for databases and browser profiles at once."""
HEADLINE = re.compile(rb"^(\x1b\[[\d;]*m)*={4}", re.MULTILINE)
"""As in «==== FAILURES ====»."""


def main(arguments: list[str]) -> int:
    """Run all tests, pytest with these arguments more; return 0 when all of them passed."""
    os.chdir(ROOT)
    files = sorted(str(file) for file in Path("tests/js").glob("*.test.js"))
    color = ["--color=yes"] if sys.stdout.isatty() else []
    with tempfile.TemporaryFile() as said, tempfile.TemporaryDirectory(prefix="sett-", dir=quick_folder()) as folder:
        os.chmod(folder, 0o711)  # noqa: S103 (the database server runs as somebody else)
        node = subprocess.Popen([*NODE, *files], stdout=said, stderr=subprocess.STDOUT)
        pytest = subprocess.Popen(
            [*PYTEST, *color, *arguments], stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": folder}
        )
        end_together(node, pytest)
        show(pytest, node, said)
        return int(bool(pytest.wait()) | bool(node.wait()))


def quick_folder() -> Path | None:
    """Where databases and profiles are kept: in memory where there is room, since SQLite flushes each commit."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def end_together(*processes: subprocess.Popen[bytes]) -> None:
    """Wait for these to end in good order when we are told to stop (a terminal tells them itself)."""

    def pass_on(number: int, _frame: object) -> None:
        for process in processes:
            if number == signal.SIGTERM and process.poll() is None:
                process.send_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)


def show(pytest: subprocess.Popen[bytes], node: subprocess.Popen[bytes], said_by_node: IO[bytes]) -> None:
    """Pass on what pytest says, with node's words before its first headline."""
    assert pytest.stdout
    headline = None
    while piece := os.read(pytest.stdout.fileno(), 65536):
        if headline is None and (headline := HEADLINE.search(piece)):
            write(piece[: headline.start()], told_by(node, said_by_node), piece[headline.start() :])
        else:
            write(piece)
    if headline is None:
        write(told_by(node, said_by_node))


def told_by(node: subprocess.Popen[bytes], said: IO[bytes]) -> bytes:
    """All that node said, when it is done."""
    node.wait()
    said.seek(0)
    return said.read()


def write(*pieces: bytes) -> None:
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

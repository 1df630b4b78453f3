"""Where the read log ended, told outside the database: a line in a file, and the same in the server's own log.

Whoever can write in the database can cut its tail off and put an older head back; they can't make these lines unsaid.
Each line carries an HMAC under the log's key. Written at start and stop, every hour, every 1,000 rows and with each
backup. A line that can't be written stops nobody from reading: it is an error in the server's log.
"""

import datetime as dt
import hmac
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models.read_log import LOG_IN_SESSION, LogSetup, ReadLogHead

EVERY_ROWS = 1000
_log = structlog.get_logger()


@dataclass(frozen=True)
class Anchor:
    """One line of the file. `problem`: why it can't be believed."""

    seq: int
    mac: bytes
    at: dt.datetime
    why: str
    problem: str = ""


class _Line(msgspec.Struct):
    at: dt.datetime
    seq: int
    mac: str
    why: str
    seal: str


class Reads(Protocol):
    """What is needed of a database."""

    def reading(self) -> AbstractContextManager[Session]: ...


def write(session: Session, why: str, now: dt.datetime) -> None:
    """Add a line to the server's log and to the file, where there is one. Raises OSError."""
    setup: LogSetup = session.info[LOG_IN_SESSION]
    seq, mac = session.execute(select(ReadLogHead.seq, ReadLogHead.mac)).one()
    _log.info("read_log_anchor", seq=seq, mac=mac.hex(), why=why)
    if setup.anchors is not None:
        line = _Line(now, seq, mac.hex(), why, _seal(setup.key, now, seq, mac, why))
        append_line(setup.anchors, msgspec.json.encode(line) + b"\n")


def try_write(database: Reads, why: str, now: dt.datetime) -> None:
    """The same; what fails is an error in the server's log and nothing more."""
    try:
        with database.reading() as session:
            write(session, why, now)
    except Exception:
        _log.exception("read_log_anchor_failed", why=why)


def hourly(session: Session, now: dt.datetime) -> int:
    """The worker's job."""
    write(session, "hour", now)
    return 1


def read(file: Path, key: bytes) -> list[Anchor]:
    """Every line there is, oldest first; none when there is no file."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [*_parsed(lines, key)]


def _parsed(lines: list[bytes], key: bytes) -> Iterator[Anchor]:
    for number, raw in enumerate(lines, start=1):
        try:
            line = msgspec.json.decode(raw, type=_Line)
            mac = bytes.fromhex(line.mac)
            expected = _seal(key, line.at, line.seq, mac, line.why)
        except (msgspec.DecodeError, ValueError, OverflowError):
            yield Anchor(0, b"", dt.datetime.min.replace(tzinfo=dt.UTC), "", f"linje {number} lar seg ikke lese")
            continue
        genuine = hmac.compare_digest(expected, line.seal)
        yield Anchor(line.seq, mac, line.at, line.why, "" if genuine else f"linje {number} er endret")


def _seal(key: bytes, at: dt.datetime, seq: int, mac: bytes, why: str) -> str:
    told = f"anchor|{at.astimezone(dt.UTC).isoformat(timespec='microseconds')}|{seq}|{mac.hex()}|{why}"
    return hmac.digest(key, told.encode(), "sha256").hex()


def append_line(file: Path, line: bytes) -> None:
    """Whole or not at all: what was written of a line on a full disk is taken back."""
    fd = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(fd).st_size
        if os.write(fd, line) != len(line):
            os.ftruncate(fd, size)
            raise OSError(f"{file}: no room for a whole line")
        os.fsync(fd)
    finally:
        os.close(fd)

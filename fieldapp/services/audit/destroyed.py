"""The list of destroyed keys, beside the read log's anchors: numbers and ids only, one line each.

A backup that was made before a key was destroyed still has it. The list does not come back with the backup, and
`fieldapp restore` destroys again what is on it.

Invariant: what is on the list is destroyed. So a line is written after the commit, and what could not be written then
is written within the hour.
"""

import datetime as dt
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.errors import CannotDo
from fieldapp.models import DestroyedKey
from fieldapp.models.read_log import LOG_IN_SESSION, LogSetup
from fieldapp.services.audit.anchors import append_line


class Destroyed(msgspec.Struct, frozen=True):
    """One key, and whose it was."""

    key_id: int
    owner_id: UUID
    at: dt.datetime


def write_missing(session: Session, _now: dt.datetime) -> int:
    """Add to the list what the database says is destroyed and the list does not; how many. Raises OSError, CannotDo."""
    setup: LogSetup = session.info[LOG_IN_SESSION]
    if setup.destroyed is None:
        return 0
    listed = {one.key_id for one in read(setup.destroyed)}
    rows = session.scalars(select(DestroyedKey).order_by(DestroyedKey.destroyed_at, DestroyedKey.id)).all()
    missing = [Destroyed(row.id, row.owner_id, row.destroyed_at) for row in rows if row.id not in listed]
    for one in missing:
        append_line(setup.destroyed, msgspec.json.encode(one) + b"\n")
    return len(missing)


def must_be_writable(session: Session) -> None:
    """Raises OSError when nothing can be added to the list: a deletion that a restore would undo is not begun."""
    setup: LogSetup = session.info[LOG_IN_SESSION]
    if setup.destroyed is not None:
        append_line(setup.destroyed, b"")


def read(file: Path) -> list[Destroyed]:
    """Every line there is; none when there is no file. Raises CannotDo for a line that can't be read: what it names
    must not come back."""
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    try:
        return [msgspec.json.decode(line, type=Destroyed) for line in lines]
    except (msgspec.DecodeError, OverflowError) as error:
        raise CannotDo(f"{file} lar seg ikke lese. Den sier hvilke journaler som er slettet.") from error

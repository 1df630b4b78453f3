"""The read log when a backup is put back: who has read what stays known, and what can't is a gap with a name.

Where the log that stands begins with the backup's, it is kept: nobody gets rid of what was read since the backup by
putting the backup back. Otherwise (an empty database, or another installation's backup) it is replaced. Either way a
row says so, with the old head and count and what was lost.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import ReadLog, ReadLogHead
from fieldapp.models.read_log import LOG_IN_SESSION, append, gap_line, guard, unguard
from fieldapp.services.audit.anchors import Anchor

TABLES = (ReadLog.__tablename__, ReadLogHead.__tablename__)


@dataclass(frozen=True)
class Before:
    """The log that stood: where it ended by itself or, when that is further, by its last anchor."""

    seq: int
    mac: bytes
    is_kept: bool
    """It begins with the backup's log, and stays."""
    agrees_to: int
    """Up to where the backup has what the anchors tell of."""

    @property
    def tables_kept(self) -> tuple[str, ...]:
        return TABLES if self.is_kept else ()


def before(present: Session, backup: Session, anchors: Sequence[Anchor]) -> Before:
    """Look at both logs before anything is replaced."""
    here = present.execute(select(ReadLogHead.seq, ReadLogHead.mac)).one()
    there = backup.execute(select(ReadLogHead.seq, ReadLogHead.mac)).one()
    told = max((one for one in anchors if not one.problem), key=lambda one: one.seq, default=None)
    is_kept = _begins_with(present, there.seq, there.mac) and here.seq > 0
    other = [one.seq for one in anchors if not one.problem and 0 < one.seq <= there.seq and not _has(backup, one)]
    agrees_to = min(other, default=there.seq + 1) - 1
    if told is not None and told.seq > here.seq:
        return Before(told.seq, told.mac, is_kept, here.seq if is_kept else agrees_to)
    return Before(here.seq, here.mac, is_kept, here.seq if is_kept else agrees_to)


def make_room(session: Session, log: Before) -> None:
    """Let the log be replaced, when it is not kept."""
    if not log.is_kept:
        unguard(session.connection())


def name_the_gap(session: Session, log: Before, lost_entries: int, now: dt.datetime) -> None:
    """Guard the log again and write the row that says what happened. Last in the transaction."""
    session.flush()
    if not log.is_kept:
        guard(session.connection())
    said = {
        "old_head": log.mac.hex(),
        "old_count": log.seq,
        "kept": log.agrees_to,
        "lost_entries": lost_entries,
    }
    append(session, [gap_line(now, session.info[LOG_IN_SESSION].employer, said)])


def _begins_with(session: Session, seq: int, mac: bytes) -> bool:
    return seq == 0 or session.scalar(select(ReadLog.mac).where(ReadLog.seq == seq)) == mac


def _has(session: Session, anchor: Anchor) -> bool:
    return _begins_with(session, anchor.seq, anchor.mac)

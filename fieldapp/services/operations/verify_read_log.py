"""For `verify`: is the read log what was written, whole and in order, up to where it was last told of outside?

Reads the stored values as they are, whatever has become of them. Every row is held against the mac of
the row before; the end against the head; every anchor against the row it names. One finding stops none of the others.
"""

import datetime as dt
import hmac
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from fieldapp.domain.read_log import RESTORED
from fieldapp.models.read_log import COLUMNS, GENESIS, Line, mac_of, seal_of_head
from fieldapp.services.audit.anchors import Anchor

_TIMES = ("at", "from_at", "to_at")
_IDS = ("staff_id", "team_id", "device_id", "client_id", "report_id")
_ROWS = 2000


@dataclass(frozen=True)
class Gap:
    """What a restored backup took out of the log, by its own row: `kept` rows stayed, of `old_count`."""

    seq: int
    at: dt.datetime
    kept: int
    old_count: int

    @property
    def said(self) -> str:
        return f"leselogg: {self.old_count - self.kept} rader gikk tapt da en sikkerhetskopi ble lagt tilbake {self.at}"


@dataclass
class _Walk:
    """What the rows have told so far."""

    seq: int = 0
    mac: bytes | None = GENESIS
    macs: dict[int, bytes] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """What the log is held against: its key, and the anchors as they were read before the copy was made."""

    key: bytes = field(repr=False)
    anchors: Sequence[Anchor] = ()


def broken_log(session: Session, told: Told) -> Iterator[str]:
    """One sentence for everything that is not as it was written."""
    walk = _Walk()
    wanted = {anchor.seq for anchor in told.anchors}
    yield from _rows(session, told.key, walk, wanted)
    yield from _head(session, told.key, walk)
    for anchor in told.anchors:
        if problem := _against(anchor, walk):
            yield f"leselogg: {problem}"


def named_gaps(session: Session, told: Told) -> list[str]:
    """The gaps that have a name: told, and no fault."""
    walk = _Walk()
    for _ in _rows(session, told.key, walk, set()):
        pass
    return [gap.said for gap in walk.gaps if gap.old_count > gap.kept]


def _rows(session: Session, key: bytes, walk: _Walk, wanted: set[int]) -> Iterator[str]:
    query = text(f"SELECT {', '.join(COLUMNS)} FROM read_log ORDER BY seq").columns()  # noqa: S608 - our own names
    for row in session.execute(query, execution_options={"yield_per": _ROWS}):
        seq, mac = row[0], row[-1]
        if not isinstance(seq, int) or not isinstance(mac, bytes):
            yield f"leselogg: rad {seq!r} er ikke en rad"
            continue
        if seq != walk.seq + 1:
            yield f"leselogg: rad {walk.seq + 1} til {seq - 1} mangler"
            walk.mac = None
        line = _line(row)
        if line is None:
            yield f"leselogg: rad {seq} har verdier som ikke er skrevet av Sett"
        elif walk.mac is not None and not hmac.compare_digest(mac_of(key, walk.mac, seq, line), mac):
            yield f"leselogg: rad {seq} er endret, eller står ikke der den ble skrevet"
        elif line.kind == RESTORED and (gap := _gap(seq, line)):
            walk.gaps.append(gap)
        walk.seq, walk.mac = seq, mac
        if seq in wanted:
            walk.macs[seq] = mac


def _line(row: Sequence[Any]) -> Line | None:
    """The row as it was chained; None when a value is not as Sett stores it."""
    values: list[Any] = []
    for name, value in zip(Line._fields, row[1:-1], strict=True):
        try:
            values.append(_value(name, value))
        except (ValueError, TypeError):
            return None
    return Line(*values)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    if isinstance(value, uuid.UUID):
        return value.hex
    if not isinstance(value, str):
        raise TypeError(name)
    if name in _TIMES:
        at = dt.datetime.fromisoformat(value)
        if at.isoformat(" ", "microseconds") != value:
            raise ValueError(name)
        return at.replace(tzinfo=dt.UTC)
    if name in _IDS and uuid.UUID(value).hex != value:
        raise ValueError(name)
    return value


def _gap(seq: int, line: Line) -> Gap | None:
    try:
        told = msgspec.json.decode(line.what)
        return Gap(seq, line.at, int(told["kept"]), int(told["old_count"]))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return None


def _head(session: Session, key: bytes, walk: _Walk) -> Iterator[str]:
    heads = session.execute(text("SELECT seq, mac, seal FROM read_log_head")).all()
    if len(heads) != 1:
        yield f"leselogg: hodet finnes {len(heads)} ganger"
        return
    seq, mac, seal = heads[0]
    if not (isinstance(seq, int) and isinstance(mac, bytes) and isinstance(seal, bytes)):
        yield "leselogg: hodet lar seg ikke lese"
        return
    is_new = seq == 0 and seal == b"" and mac == GENESIS
    if not is_new and not (0 <= seq < 2**63 and hmac.compare_digest(seal_of_head(key, seq, mac), seal)):
        yield "leselogg: hodet er endret"
    elif seq != walk.seq:
        yield f"leselogg: slutter på rad {walk.seq}, men hodet sier {seq}"
    elif walk.seq and mac != walk.mac:
        yield f"leselogg: siste rad, {seq}, er en annen enn hodet sier"


def _against(anchor: Anchor, walk: _Walk) -> str | None:
    if anchor.problem:
        return f"anker: {anchor.problem}"
    if anchor.seq == 0 or walk.macs.get(anchor.seq) == anchor.mac:
        return None
    if any(gap.kept < anchor.seq <= gap.old_count and anchor.at <= gap.at for gap in walk.gaps):
        return None
    if anchor.seq > walk.seq:
        return f"hadde {anchor.seq} rader {anchor.at}, og har {walk.seq}"
    return f"rad {anchor.seq} er en annen enn den som sto {anchor.at}"

"""What has arrived from each phone: when it last synced, what it says it still holds, and which numbers are missing.

`device_seq` has no gaps on a phone, so a gap here is an entry that has not arrived. It shows until it does, or until
the phone says that it no longer holds it (after a restored backup, or when its storage was emptied): then it is lost,
which is shown as such and never forgotten in silence.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fieldapp.models import Device, DeviceArrival
from fieldapp.services.notify import alert_news
from sync.envelope import SyncRequest


def record(session: Session, request: SyncRequest, now: dt.datetime) -> None:
    """Note the sync itself and every number in it, whatever the verdicts were."""
    device = session.get(Device, request.device_id)
    if device is None:
        device = Device(id=request.device_id, created_at=now, highest_seq=0, arrived_count=0)
        session.add(device)
        session.flush()
    synced_before, held_before = device.last_sync_at, _holds(device)
    device.last_sync_at = now
    device.unsent = request.unsent_after
    device.replaced_at = None
    _note_numbers(session, device, _seqs(request.entries))
    alert_news.phone_synced(session, device, synced_before, now, held=held_before or _holds(device))


def _holds(device: Device) -> bool:
    return device.unsent > 0 or device.missing > 0


def _note_numbers(session: Session, device: Device, seqs: set[int]) -> None:
    new = _new(session, device, seqs)
    session.flush()
    if not new:
        return
    session.execute(insert(DeviceArrival), [{"device_id": device.id, "device_seq": seq} for seq in new])
    device.highest_seq = max(device.highest_seq, *new)
    # Added in the database: two requests of one phone may be under way at once.
    device.arrived_count = Device.arrived_count + len(new)
    session.flush()


def _seqs(elements: list[Any]) -> set[int]:
    given = (element.get("device_seq") for element in elements if isinstance(element, dict))
    return {seq for seq in given if type(seq) is int and 1 <= seq < 2**53}


def lose(session: Session, device_id: uuid.UUID, seqs: Collection[int], now: dt.datetime) -> None:
    """Call these numbers lost: the phone itself says that it does not hold them. One that has arrived has arrived."""
    device = session.get(Device, device_id) if seqs else None
    if device is None:
        return
    asked = {seq for seq in seqs if 1 <= seq <= device.highest_seq}
    gone = asked - {row.device_seq for row in _rows(session, device_id, asked)}
    if gone:
        rows = [{"device_id": device_id, "device_seq": seq, "lost_at": now} for seq in sorted(gone)]
        session.execute(insert(DeviceArrival), rows)
        device.lost_count = Device.lost_count + len(gone)
        device.lost_at = now
        session.flush()
        alert_news.phone_synced(session, device, device.last_sync_at, now, held=True)


def _new(session: Session, device: Device, seqs: set[int]) -> set[int]:
    """Those that have not arrived before; what is above everything that has needs no looking up."""
    rows = _rows(session, device.id, {seq for seq in seqs if seq <= device.highest_seq})
    found = [row for row in rows if row.lost_at]
    for row in found:
        row.lost_at = None
    if found:
        device.lost_count = Device.lost_count - len(found)
        device.arrived_count = Device.arrived_count + len(found)
        session.flush()
    return seqs - {row.device_seq for row in rows}


def _rows(session: Session, device_id: uuid.UUID, seqs: set[int]) -> list[DeviceArrival]:
    query = select(DeviceArrival).where(DeviceArrival.device_id == device_id, DeviceArrival.device_seq.in_(seqs))
    return list(session.scalars(query)) if seqs else []

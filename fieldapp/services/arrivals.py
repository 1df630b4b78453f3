"""What has arrived from each phone: when it last synced, what it says it still holds, and which numbers are missing.

`device_seq` has no gaps on a phone, so a gap here is an entry that has not arrived; it shows until it does.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fieldapp.models import Device, DeviceArrival
from fieldapp.services import alert_news
from sync.envelope import SyncRequest


def record(session: Session, request: SyncRequest, now: dt.datetime) -> None:
    """Note the sync itself and every number in it, whatever the verdicts were."""
    device = session.get(Device, request.device_id)
    if device is None:
        device = Device(id=request.device_id, created_at=now, highest_seq=0, arrived_count=0)
        session.add(device)
    synced_before, held_before = device.last_sync_at, _holds(device)
    device.last_sync_at = now
    device.unsent = request.unsent_after
    _note_numbers(session, device, _seqs(request.entries))
    session.refresh(device)
    alert_news.phone_synced(session, device, synced_before, now, held=held_before or _holds(device))


def _holds(device: Device) -> bool:
    return bool(device.unsent) or device.arrived_count < device.highest_seq


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


def _new(session: Session, device: Device, seqs: set[int]) -> set[int]:
    """Those that have not arrived before; what is above everything that has needs no looking up."""
    old = {seq for seq in seqs if seq <= device.highest_seq}
    return seqs - _known(session, device.id, old)


def _known(session: Session, device_id: uuid.UUID, seqs: set[int]) -> set[int]:
    query = select(DeviceArrival.device_seq).where(
        DeviceArrival.device_id == device_id, DeviceArrival.device_seq.in_(seqs)
    )
    return set(session.scalars(query)) if seqs else set()

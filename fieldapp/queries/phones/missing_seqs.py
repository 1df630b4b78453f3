"""Which numbers of a phone have not arrived, so that the phone can say whether it still holds them."""

import itertools
import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.models import Device, DeviceArrival

MOST = 200
_TOO_MANY = 10_000
"""Beyond this somebody has invented a number."""


def missing_seqs(session: Session, device_id: uuid.UUID) -> list[int]:
    """The lowest numbers that have neither arrived nor been called lost, at most 200."""
    device = session.get(Device, device_id)
    if device is None or not 0 < device.missing <= _TOO_MANY:
        return []
    seq = DeviceArrival.device_seq
    before = func.coalesce(func.lag(seq).over(order_by=seq), 0)
    arrived = select(seq.label("seq"), before.label("before")).where(DeviceArrival.device_id == device_id).subquery()
    query = select(arrived.c.before, arrived.c.seq).where(arrived.c.seq > arrived.c.before + 1)
    gaps = session.execute(query.order_by(arrived.c.seq).limit(MOST))
    return list(itertools.islice((n for before, seq in gaps for n in range(before + 1, seq)), MOST))

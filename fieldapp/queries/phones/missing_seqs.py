"""Which numbers of a phone have not arrived, so that the phone can say whether it still holds them."""

import itertools
import uuid

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from fieldapp.models import Device, DeviceArrival

MOST = 200
_TOO_MANY = 10_000
"""Beyond this somebody has invented a number."""
_MISSING = select(Device.highest_seq - Device.arrived_count - Device.lost_count).where(
    Device.id == bindparam("device_id", type_=Uuid())
)


def missing_seqs(session: Session, device_id: uuid.UUID) -> list[int]:
    """The lowest numbers that have neither arrived nor been called lost, at most 200."""
    if not 0 < (session.connection().scalar(_MISSING, {"device_id": device_id}) or 0) <= _TOO_MANY:
        return []
    seq = DeviceArrival.device_seq
    before = func.coalesce(func.lag(seq).over(order_by=seq), 0)
    arrived = select(seq.label("seq"), before.label("before")).where(DeviceArrival.device_id == device_id).subquery()
    query = select(arrived.c.before, arrived.c.seq).where(arrived.c.seq > arrived.c.before + 1)
    gaps = session.execute(query.order_by(arrived.c.seq).limit(MOST))
    return list(itertools.islice((n for before, seq in gaps for n in range(before + 1, seq)), MOST))

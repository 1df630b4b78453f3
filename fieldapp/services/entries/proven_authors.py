"""Whose entries a device may deliver without that person being signed in: delivery keys, proven."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Staff
from fieldapp.services.people import devices, sessions
from sync.envelope import DeliverFor


def proven_authors(
    session: Session, secret_key: str, device_id: uuid.UUID, proofs: Iterable[DeliverFor], now: dt.datetime
) -> dict[uuid.UUID, Viewer]:
    """The staff members whose key is right, with the rights they have now; a wrong key proves nothing."""
    return {
        proof.staff_id: sessions.viewer_of(session, session.get_one(Staff, proof.staff_id), now)
        for proof in proofs
        if devices.proves(session, secret_key, device_id, proof.staff_id, proof.key)
    }

"""Going through the texts from before a client had code 6: each can stand, or tells a place."""

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.models import TextReview
from fieldapp.models.change import mark_changed
from fieldapp.models.text_review import PLACE, STANDS
from sync.ids import uuid7

VERDICTS = {"kan-sta": STANDS, "sted": PLACE}
"""By what the page calls them."""


def review(session: Session, viewer: Viewer, client_id: UUID, entry_id: UUID, said: str, now: dt.datetime) -> None:
    """Answer for one entry that the caller was shown. The entry itself stays as it is."""
    if said not in VERDICTS:
        raise AppError("invalid_field", field="verdict")
    row = TextReview(id=uuid7(), client_id=client_id, entry_id=entry_id, verdict=VERDICTS[said], at=now)
    row.by_staff_id = viewer.staff_id
    session.add(row)
    session.flush()
    mark_changed(session, "entry", entry_id, client_id=client_id)

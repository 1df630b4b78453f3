"""What those who see a client of code 6 found in the texts from before: whether they tell where the client is.
Append-only; the newest answer about an entry holds."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.seal import Sealed

STANDS, PLACE = "stands", "place"


class TextReview(Sealed, Base):
    __tablename__ = "text_review"
    SEALED = ("id", "client_id", "entry_id", "verdict", "by_staff_id", "at")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """UUIDv7: the order of the answers."""
    client_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """No foreign key: clients are a projection."""
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), index=True)
    verdict: Mapped[Code]
    """stands place"""
    by_staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime]


def with_place() -> Select[uuid.UUID]:
    """The ids of the entries whose texts tell a place, as a sub-query."""
    later = aliased(TextReview)
    newer = select(later.id).where(later.entry_id == TextReview.entry_id, later.id > TextReview.id)
    return select(TextReview.entry_id).where(TextReview.verdict == PLACE, ~newer.correlate(TextReview).exists())

"""Links by which a calendar program fetches duties: one's own, or a whole team's."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base


class CalendarLink(Base):
    """One person's link. The address holds a random token, this row its hash: a copied table opens no calendar."""

    __tablename__ = "calendar_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    """Whose it is."""
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    """The team whose duties it shows; None: the person's own, in every team."""
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    last_used_at: Mapped[dt.datetime | None]

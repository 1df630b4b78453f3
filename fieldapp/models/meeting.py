"""What is written while a meeting about a team's board lasts. Gone when the meeting is entered (`meeting_held`) or
dropped: what is to last is in entries, and each decision is one from the moment it is made."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base
from fieldapp.models.ciphered import Beside, Ciphered, CipheredText, OfOneClient


class MeetingDraft(Ciphered, Base):
    """A meeting that is going on; each person runs one at a time with a team."""

    __tablename__ = "meeting_draft"
    CIPHERED = ("minutes", "others")
    __table_args__ = (UniqueConstraint("team_id", "staff_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The `meeting_id` of its decisions, and of the entry it ends in."""
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[dt.datetime]
    client_ids: Mapped[list[Any]]
    """Who was up when it began, in board order: nobody changes place while the meeting moves them about the board."""
    with_staff: Mapped[list[Any]]
    others: Mapped[str | None] = mapped_column(CipheredText())
    """Who else is there, a line each."""
    minutes: Mapped[str | None] = mapped_column(CipheredText())
    """What was said about no client in particular."""

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The team."""
        return self.team_id


class MeetingNote(OfOneClient, Base):
    """What was said about one client, under that client's key."""

    __tablename__ = "meeting_note"
    CIPHERED = ("words",)

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meeting_draft.id"), primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """No foreign key: clients are a projection."""
    words: Mapped[str] = mapped_column(CipheredText())

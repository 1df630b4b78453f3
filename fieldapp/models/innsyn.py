"""The steps of innsyn cases: who asked for what, what was taken out and why, when it was handed out. Append-only."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import CipheredText, OfOneClient
from fieldapp.models.seal import Sealed


class InnsynStep(Sealed, OfOneClient, Base):
    """One step of a case (domain/innsyn.py)."""

    __tablename__ = "innsyn_step"
    CIPHERED = ("note",)
    SEALED = ("id", "case_id", "client_id", "what", "by_staff_id", "at", "reviewer_id", "entry_id", "reason", "note")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """UUIDv7: the order of the steps."""
    case_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """No foreign key: clients are a projection."""
    what: Mapped[Code]
    """asked taken_out put_back reviewed handed_out"""
    by_staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime]
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entry.id"))
    reason: Mapped[Code | None]
    note: Mapped[str | None] = mapped_column(CipheredText(with_seal=True))

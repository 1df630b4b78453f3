"""Files that belong to entries: what has come of each, and which entry says it is there. The bytes lie on disk."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base, Code

FILES_IN_SESSION = "files"
"""Under which name a database session carries the data directory and the secret: services read no settings."""


class StoredFile(Base):
    """One file a phone sends, piece by piece; whole when `size` bytes have come, and judged then."""

    __tablename__ = "stored_file"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    """Whose it is: only an entry of theirs can attach it."""
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str]
    """Both of the bytes as they are sent, sealed or in clear."""
    type: Mapped[str]
    """What the phone calls it until it has been judged; then what it is."""
    received: Mapped[int] = mapped_column(Integer)
    """How many of the bytes have come."""
    on_disk: Mapped[int] = mapped_column(Integer)
    """How many bytes the pieces take on disk, encrypted: what lies beyond was never acknowledged."""
    state: Mapped[Code]
    """coming whole refused"""
    created_at: Mapped[dt.datetime]
    whole_at: Mapped[dt.datetime | None]


class AttachedFile(Base):
    """Which entry attaches which file to which other (projection; rebuilt from the entries)."""

    __tablename__ = "attached_file"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    """Of the `file_attached`."""
    file_id: Mapped[uuid.UUID] = mapped_column(index=True)

"""What stands until a newer entry or an ending: risk, plans, people around, agreements in words, housing, decisions,
tasks, hand-overs, planned visits. Projections of the entries (services/projections/what_stands.py).

Here stand ids, codes, dates and numbers alone: what is said is read from the entries that make the thing up.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.client import OfClient


class Standing(OfClient, Base):
    """One thing, with the entries it is made of."""

    __tablename__ = "standing"
    __table_args__ = (Index(None, "client_id", "kind"), Index(None, "team_id", "kind"), Index(None, "kind", "gone_at"))

    kind: Mapped[Code] = mapped_column(primary_key=True)
    """risk plan contact_person agreement housing decision task handover planned"""
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """What the phone minted, else the id of the entry that stands."""
    client_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("client.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    """Whose it is without a client; of a hand-over always the team it is for."""
    entry_ids: Mapped[list[Any]]
    """The entries that make it up: of versions those that stand, the newest first; else the opening and each review
    after it."""
    code: Mapped[Code | None]
    """Of a plan or an agreement which one, of housing the situation."""
    owner_id: Mapped[uuid.UUID | None]
    """Who does a task, who coordinates a decision."""
    due_on: Mapped[dt.date | None]
    """When it is to be looked at again, done, or over."""
    due_at: Mapped[dt.datetime | None]
    """When a planned visit is meant to be."""
    gone_at: Mapped[dt.datetime | None]
    """When phones let go of it, of hand-overs and planned visits."""
    ended_at: Mapped[dt.datetime | None]
    ended_entry_id: Mapped[uuid.UUID | None]


class HandoverReading(Base):
    """Somebody has read a hand-over: one row for each of a `handover_read`."""

    __tablename__ = "handover_reading"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    handover_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    staff_id: Mapped[uuid.UUID]
    read_at: Mapped[dt.datetime]

"""The facts of a client that a landlord is told: a projection of the entries whose row says `shares`."""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, ForeignKey, Index, or_
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.domain.norway import day_of
from fieldapp.models.base import Base, Code
from fieldapp.models.client import OfClient


class SharedFact(OfClient, Base):
    """One fact and one person who is or was told it. No words stand here: codes, dates and a number.

    A row stays when the sharing ends, so that the phone that holds it is told.
    """

    __tablename__ = "shared_fact"
    __table_args__ = (Index(None, "client_id"), Index(None, "staff_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made from client, fact and person, so that a rebuild finds the same."""
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    what: Mapped[Code]
    stands: Mapped[bool]
    """False once it is stopped or taken back."""
    shared_at: Mapped[dt.datetime]
    shared_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    set_by_entry_id: Mapped[uuid.UUID]
    until_on: Mapped[dt.date | None]
    """The last day, included."""
    amount_nok: Mapped[Code | None]
    on: Mapped[dt.date | None]
    by_on: Mapped[dt.date | None]
    handled: Mapped[bool | None]


def still_told(now: dt.datetime) -> ColumnElement[bool]:
    """Which facts are told on this day: the last one is included."""
    return or_(SharedFact.until_on.is_(None), SharedFact.until_on >= day_of(now))

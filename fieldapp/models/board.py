"""The team's board and its settings: projections of the entries (services/projections/board.py, team_settings.py).

Of a card here stand ids, codes and days alone: why somebody is up is read from the entry that put them there.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.client import OfClient


class BoardCard(OfClient, Base):
    """Somebody who is up on a team's board now."""

    __tablename__ = "board_card"
    __table_args__ = (Index(None, "client_id"), Index(None, "team_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The entry that put them up: moved, it is the same card."""
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"))
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    column: Mapped[Code]
    since_at: Mapped[dt.datetime]
    """Since when they have been up without a break, in whatever column."""
    review_on: Mapped[dt.date]
    placed_entry_id: Mapped[uuid.UUID]
    """The entry that stands."""


class BoardColumns(Base):
    """A team's own columns, from its newest `board_columns_set`; a team without a row has the usual ones."""

    __tablename__ = "board_columns"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    columns: Mapped[list[Any]]
    """[{"key", "name"}], from left to right."""
    set_by_entry_id: Mapped[uuid.UUID]


class TeamSetting(Base):
    """What a leader has set for a team, from the newest `team_setting_set` of each key."""

    __tablename__ = "team_setting"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    key: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str]
    """Empty: none, whatever it was before."""
    set_by_entry_id: Mapped[uuid.UUID]

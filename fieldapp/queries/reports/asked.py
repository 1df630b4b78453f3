"""What is asked for: a period of some teams, for somebody who leads them; and which clients that is about.

A client of code 6 is in no figure, one the viewer is blocked from in none of theirs, and a deleted record in none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.domain.reports.basis import Followed, Follows, Period
from fieldapp.models import Client, ClientTeam, Team
from fieldapp.models.access import listed_clients
from fieldapp.models.record_key import erased_clients
from fieldapp.queries.visible import hidden_clients


@dataclass(frozen=True)
class Asked:
    """`team_ids`: those the figures are of, all of them the viewer's own."""

    viewer: Viewer
    team_ids: frozenset[UUID]
    period: Period
    now: datetime


@dataclass(frozen=True)
class Clients:
    """Whoever the teams follow or have followed; `deceased` of them are dead."""

    ids: tuple[UUID, ...]
    followed: Followed
    deceased: frozenset[UUID]


def is_counted(asked: Asked, client_id: Any) -> ColumnElement[bool]:
    """Whether a client is in the viewer's figures, whatever team follows."""
    kept_out = (hidden_clients(asked.viewer), listed_clients(), erased_clients())
    return and_(*(client_id.not_in(ids) for ids in kept_out))


def team_names(session: Session, asked: Asked) -> list[str]:
    """What the teams are called."""
    return list(session.scalars(select(Team.name).where(Team.id.in_(asked.team_ids)).order_by(Team.name)))


def clients_of(session: Session, asked: Asked) -> Clients:
    """Everybody the figures may be about, with the days on which any team followed them."""
    ours = select(ClientTeam.client_id).where(ClientTeam.team_id.in_(asked.team_ids))
    query = (
        select(
            ClientTeam.client_id,
            ClientTeam.team_id,
            ClientTeam.from_on,
            ClientTeam.to_on,
            Client.ended_at,
            Client.deceased,
        )
        .join(Client, Client.id == ClientTeam.client_id)
        .where(
            ClientTeam.client_id.in_(ours),
            is_counted(asked, ClientTeam.client_id),
        )
    )
    rows = session.execute(query).all()
    return Clients(
        ids=tuple(dict.fromkeys(row.client_id for row in rows)),
        followed=Followed(
            [Follows(row.client_id, row.team_id, row.from_on, row.to_on) for row in rows],
            asked.team_ids,
            {row.client_id: day_of(row.ended_at) for row in rows if row.ended_at},
        ),
        deceased=frozenset(row.client_id for row in rows if row.deceased),
    )

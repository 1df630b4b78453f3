"""Which teams follow a client at this moment, as the projection says. What the entries say is followers.py."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import ClientTeam


def following_teams(session: Session, client_id: uuid.UUID) -> list[uuid.UUID]:
    """The teams that follow the client now, the one that has followed longest first."""
    query = (
        select(ClientTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
        .order_by(ClientTeam.from_on, ClientTeam.team_id)
    )
    return list(session.scalars(query))

"""Which teams follow a client at this moment, as the projection says. What the entries say is followers.py."""

import uuid

from sqlalchemy.orm import Session

from fieldapp.models import ClientTeam
from fieldapp.services.casefile import case_file


def following_teams(session: Session, client_id: uuid.UUID) -> list[uuid.UUID]:
    """The teams that follow the client now, the one that has followed longest first."""
    rows = [row for row in case_file(session).rows(ClientTeam, client_id) if row.active]
    return [row.team_id for row in sorted(rows, key=lambda row: (row.from_on, row.team_id))]

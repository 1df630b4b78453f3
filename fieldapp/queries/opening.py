"""When the viewer's teams are open: for the form that sets it, and one line about now."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import opening
from fieldapp.models import Team, TeamHours


@dataclass(frozen=True)
class TeamOpening:
    """One team's hours as they were set (None: never, so it is open round the clock), and how it stands now."""

    team_id: UUID
    week: Mapping[str, Sequence[Sequence[str]]]
    shifts: Mapping[str, Sequence[str]]
    closed_days: tuple[dt.date, ...]
    when_closed: str
    to_team_id: UUID | None
    to_team: str | None
    closes_at: dt.datetime | None
    opens_at: dt.datetime | None


def opening_of(session: Session, team_id: UUID, now: dt.datetime) -> TeamOpening | None:
    """The hours of one team; None when they were never set."""
    row = session.get(TeamHours, team_id)
    if row is None:
        return None
    hours = opening.hours_of(row.hours, row.closed_days)
    return TeamOpening(
        team_id=team_id,
        week=row.hours,
        shifts=row.shifts,
        closed_days=tuple(dt.date.fromisoformat(day) for day in row.closed_days),
        when_closed=row.when_closed,
        to_team_id=row.to_team_id,
        to_team=session.scalar(select(Team.name).where(Team.id == row.to_team_id)),
        closes_at=opening.closes_at(hours, now),
        opens_at=opening.opens_at(hours, now),
    )


def other_teams(session: Session, team_id: UUID) -> list[tuple[UUID, str]]:
    """Whom a closing team could hand over to, by name."""
    rows = session.execute(
        select(Team.id, Team.name).where(Team.id != team_id, Team.ended_at.is_(None)).order_by(Team.name, Team.id)
    )
    return [(id_, name) for id_, name in rows]

"""Drills of the teams' alerts: whom each reached and how fast. Their only report; no other figure counts them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import DRILL, Event
from fieldapp.models import Alert, AlertTransition, Entry, Staff, Team
from fieldapp.queries.alerts.notified import Notified, step_stories

SHOWN = 10


@dataclass(frozen=True)
class Told:
    """One person in one step. `after`: from the start to the first phone that showed it; None: none did."""

    step: int
    told: Notified
    after: dt.timedelta | None


@dataclass(frozen=True)
class Drill:
    """One drill, as it went."""

    alert_id: UUID
    team: str
    started_at: dt.datetime
    started_by: str
    told: tuple[Told, ...]
    taken_by: str | None
    taken_after: dt.timedelta | None
    ended_at: dt.datetime | None

    @property
    def people(self) -> int:
        """How many were told."""
        return len({one.told.name for one in self.told})

    @property
    def reached(self) -> int:
        """On how many of their phones it was shown."""
        return len({one.told.name for one in self.told if one.after is not None})


def drills(session: Session, viewer: Viewer) -> list[Drill]:
    """The last drills of the viewer's teams, the newest first."""
    query = (
        select(Alert, Team.name, Staff.name)
        .join(Team, Team.id == Alert.team_id)
        .join(Entry, Entry.id == Alert.subject_id)
        .join(Staff, Staff.id == Entry.author_id)
        .where(Alert.kind == DRILL, Alert.team_id.in_(viewer.team_ids))
        .order_by(Alert.opened_at.desc(), Alert.id)
        .limit(SHOWN)
    )
    return [_drill(session, alert, team, by) for alert, team, by in session.execute(query).all()]


def _drill(session: Session, alert: Alert, team: str, by: str) -> Drill:
    taken = session.execute(
        select(AlertTransition.at, Staff.name)
        .outerjoin(Staff, Staff.id == AlertTransition.staff_id)
        .where(AlertTransition.alert_id == alert.id, AlertTransition.event == Event.acknowledged.value)
        .order_by(AlertTransition.at, AlertTransition.id)
        .limit(1)
    ).first()
    steps = [story for story in step_stories(session, alert.id, alert.team_id) if story.sort == "step"]
    return Drill(
        alert_id=alert.id,
        team=team,
        started_at=alert.opened_at,
        started_by=by,
        told=tuple(
            Told(story.step, one, one.shown_at - alert.opened_at if one.shown_at else None)
            for story in steps
            for one in story.notified
        ),
        taken_by=taken[1] if taken else None,
        taken_after=taken[0] - alert.opened_at if taken else None,
        ended_at=alert.resolved_at,
    )

"""What somebody who leaves lets go of: the alerts they hold, when they no longer see them, climb at once."""

import datetime as dt
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.alert_states import ABOUT_STAFF, State
from fieldapp.models import Alert, AlertHold, ClientTeam, Staff, StaffTeam
from fieldapp.services.escalation import look_at
from fieldapp.services.steps import touch_alert
from fieldapp.services.teams_now import TeamsNow


def let_go(session: Session, staff_id: uuid.UUID, now: dt.datetime) -> None:
    """After an account, or a membership in a team, has ended: what the person held and can't see climbs at once."""
    session.flush()
    held = select(AlertHold.alert_id).where(AlertHold.staff_id == staff_id, AlertHold.until_at > now)
    query = select(Alert).where(Alert.id.in_(held), Alert.state != State.resolved.value).order_by(Alert.id)
    lost = [alert for alert in session.scalars(query.with_for_update()).all() if not _sees(session, staff_id, alert)]
    ids = [alert.id for alert in lost]
    session.execute(
        update(AlertHold)
        .where(AlertHold.alert_id.in_(ids), AlertHold.staff_id == staff_id, AlertHold.until_at > now)
        .values(until_at=now)
    )
    look_at(session, lost, TeamsNow(session, now), now)
    for alert in lost:
        touch_alert(session, alert)


def _sees(session: Session, staff_id: uuid.UUID, alert: Alert) -> bool:
    person = session.get_one(Staff, staff_id)
    if person.ended_at is not None or person.role not in access.TEAM_ROLES:
        return False
    teams = set(session.scalars(select(StaffTeam.team_id).where(StaffTeam.staff_id == staff_id)))
    if alert.client_id is None or alert.kind in ABOUT_STAFF:
        return alert.team_id in teams
    following = select(ClientTeam.team_id).where(ClientTeam.client_id == alert.client_id, ClientTeam.active.is_(True))
    return bool(teams & set(session.scalars(following)))

"""What somebody who leaves lets go of: the alerts they held or were asked about, and what was theirs on the phones.

Invariant: nothing waits for a person who can't answer any more. What is asked of rows at the time (who is on duty, who
holds an alert, who must be asked «Er alt bra?») needs nothing from here but to be looked at again.
"""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.models import Alert, AlertHold, Case, Client, Duty, Notification, StaffVisit
from fieldapp.models.change import mark_changed
from fieldapp.services.alerts import staff_safety
from fieldapp.services.alerts.escalation import look_at_each
from fieldapp.services.alerts.recipients import TeamsNow


def let_go(session: Session, staff_id: uuid.UUID, now: dt.datetime) -> None:
    """After an account, or a membership in a team, has ended: what the person held climbs at once, in this transaction.

    A colleague who was out is asked about at once, of the team: their phone can neither ask for help nor say that they
    are out again.
    """
    session.flush()
    staff_safety.ask_all(session, now)
    waiting = select(Alert).where(Alert.state != State.resolved.value, _concerns(staff_id, now)).order_by(Alert.id)
    alerts = session.scalars(waiting.with_for_update().execution_options(populate_existing=True)).all()
    look_at_each(session, alerts, TeamsNow(session, now), now)
    _send_anew(session, staff_id)


def _concerns(staff_id: uuid.UUID, now: dt.datetime) -> ColumnElement[bool]:
    """Alerts the person holds, is the subject of, or was told of in the present step."""
    held = select(AlertHold.entry_id).where(
        AlertHold.alert_id == Alert.id, AlertHold.staff_id == staff_id, AlertHold.until_at > now
    )
    told = select(Notification.id).where(
        Notification.alert_id == Alert.id,
        Notification.staff_id == staff_id,
        Notification.created_at >= Alert.step_began_at,
    )
    return or_(Alert.owner_id == staff_id, Alert.staff_id == staff_id, held.exists(), told.exists())


def _send_anew(session: Session, staff_id: uuid.UUID) -> None:
    """Whose next step, client, duty or visit it was is read anew by the phones."""
    primary = Client.primary_staff_id == staff_id, Client.merged_into.is_(None)
    for client_id in session.scalars(select(Client.id).where(*primary)).all():
        mark_changed(session, "client", client_id, client_id=client_id)
    for case in session.scalars(select(Case).where(Case.owner_id == staff_id)).all():
        mark_changed(session, "case", case.id, client_id=case.client_id, team_id=case.team_id)
    for duty_id, team_id in session.execute(select(Duty.id, Duty.team_id).where(Duty.staff_id == staff_id)).all():
        mark_changed(session, "duty", duty_id, team_id=team_id)
    running = select(StaffVisit).where(StaffVisit.staff_id == staff_id, StaffVisit.ended_at.is_(None))
    for visit in session.scalars(running).all():
        mark_changed(session, "visit", visit.id, client_id=visit.client_id, team_id=visit.team_id)

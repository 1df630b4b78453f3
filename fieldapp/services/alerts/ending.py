"""The end of an alert: its state, what is called off, and who is told that it is over."""

import datetime as dt
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import DRILL, Event, State, after
from fieldapp.models import Alert, Delivery, Notification
from fieldapp.models.alert import OVER_STEP
from fieldapp.services.alerts.ladder_steps import note
from fieldapp.services.followers import exists_for
from fieldapp.services.notify.alert_news import mark_alert_changed
from fieldapp.services.notify.notifications import ToNotify, notify


def resolve(
    session: Session,
    alert: Alert,
    *,
    resolution: str,
    staff_id: uuid.UUID | None,
    entry_id: uuid.UUID | None,
    now: dt.datetime,
    is_told: bool = True,
) -> None:
    """End it. What was not sent yet is called off; those who were told are told that it is over, less its author."""
    lock(session, alert)
    if alert.state == State.resolved.value:
        return
    before = alert.state
    alert.state, alert.owner_id, alert.next_at = after(before, Event.resolved).value, None, None
    alert.resolved_at, alert.resolution = now, resolution
    note(
        session,
        alert,
        event=Event.resolved,
        from_state=before,
        now=now,
        staff_id=staff_id,
        entry_id=entry_id,
        reason=resolution,
    )
    _call_off(session, alert, now)
    if is_told:
        _notify_over(session, alert, staff_id, now)
    mark_alert_changed(session, alert)


def lock(session: Session, alert: Alert) -> None:
    """Nobody else changes the alert until this transaction ends; what somebody changed just before is seen."""
    session.flush()
    session.refresh(alert, with_for_update=True)


def _call_off(session: Session, alert: Alert, now: dt.datetime) -> None:
    """What nobody is sending at this moment is not sent any more; what is being sent is followed by «over»."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.notification_id.in_(select(Notification.id).where(Notification.alert_id == alert.id)),
            Delivery.state == "pending",
            (Delivery.claimed_until.is_(None)) | (Delivery.claimed_until <= now),
        )
        .values(state="called_off", claimed_until=None, claimed_by=None),
        execution_options={"synchronize_session": False},
    )


def _notify_over(session: Session, alert: Alert, author_id: uuid.UUID | None, now: dt.datetime) -> None:
    """To everyone whose phone may have shown the alert: something was sent, is being sent, or broke off. Not to those
    it does not exist for any longer; of a drill to nobody, for the title would not say that it was one."""
    if alert.kind == DRILL:
        return
    told = session.scalars(
        select(Notification.staff_id)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .join(Alert, Alert.id == Notification.alert_id)
        .where(
            Notification.alert_id == alert.id,
            Notification.staff_id.is_not(None),
            exists_for(Alert, Notification),
            (Delivery.attempts > 0) | (Delivery.state == "pending"),
            Delivery.state.not_in(("unreachable", "our_fault")),
        )
        .distinct()
    )
    notify(
        session,
        [
            ToNotify(staff_id, "over", alert.id, OVER_STEP, alert.round)
            for staff_id in told
            if staff_id is not None and staff_id != author_id
        ],
        now,
    )

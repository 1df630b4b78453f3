"""Which running alerts show something else now, though no entry was about them: phones and screens fetch them again.

What came of the messages, which phones may hold a contact that has not come in, and who was on duty since: see
queries/alerts/unresolved.py. What time alone changes is queries/sync/turned.py.
"""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.models import Alert, Delivery, Device, DeviceStaff, Notification, StaffTeam, Watch
from fieldapp.models.change import mark_changed

_QUIET = dt.timedelta(hours=1)
"""At most how long a phone on duty may be quiet without being named (queries/phones/unsent.py)."""


def mark_alert_changed(session: Session, alert: Alert) -> None:
    """Phones and screens of those who see it fetch it again: see `queries.alerts.unresolved.visible`."""
    of_team = alert.kind in ABOUT_STAFF
    mark_changed(session, "alert", alert.id, client_id=None if of_team else alert.client_id, team_id=alert.team_id)


def messages_moved(session: Session, delivery_ids: Collection[str]) -> None:
    """Something came of these messages: handed over, shown, not reached."""
    if not delivery_ids:
        return
    of_message = select(Notification.alert_id).join(Delivery, Delivery.notification_id == Notification.id)
    moved = or_(Delivery.id.in_(delivery_ids), Delivery.carried_by.in_(delivery_ids))
    _touch(session, Alert.id.in_(of_message.where(moved)))


def phone_synced(
    session: Session, device: Device, synced_before: dt.datetime | None, now: dt.datetime, held: bool
) -> None:
    """A phone has synced: alerts of its people's teams may name it, or name it no longer.

    `held`: it holds, or held until now, entries that have not come in.
    """
    teams = (
        select(StaffTeam.team_id)
        .join(DeviceStaff, DeviceStaff.staff_id == StaffTeam.staff_id)
        .where(DeviceStaff.device_id == device.id)
    )
    named = Alert.kind == "not_seen", Alert.team_id.in_(teams)
    if held or synced_before is None or synced_before <= now - _QUIET:
        _touch(session, *named)
        return
    seen_since = select(Watch.client_id).where(Watch.last_seen_at > synced_before)
    _touch(session, *named, or_(Alert.unseen_since_at > synced_before, Alert.client_id.in_(seen_since)))


def duties_changed(session: Session, team_ids: Collection[uuid.UUID]) -> None:
    """Other people were on duty since the client was last seen, as the lists stand now."""
    if team_ids:
        _touch(session, Alert.kind == "not_seen", Alert.team_id.in_(team_ids))


def _touch(session: Session, *which: ColumnElement[bool]) -> None:
    for alert in session.scalars(select(Alert).where(Alert.state != "resolved", *which).order_by(Alert.id)):
        mark_alert_changed(session, alert)

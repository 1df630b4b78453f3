"""Taking an alert, putting it off and handing it on: who holds it from when until when. See lifecycle.py for the rest.

The rows are what happened; who owns the alert now is read from those that run (escalation.py), so that the order in
which they arrive does not matter.
"""

import datetime as dt
import uuid

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import KINDS, Event, State, after, title_of
from fieldapp.domain.watch import limit_snooze
from fieldapp.models import Alert, AlertHold, Entry, EntryState, Notification, Staff
from fieldapp.models.alert import HANDED_STEP
from fieldapp.services.alerts.ending import lock
from fieldapp.services.alerts.escalation import look_at
from fieldapp.services.alerts.ladder_steps import note
from fieldapp.services.alerts.lifecycle import CAME_LATE, note_late
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.notify.alert_news import mark_alert_changed
from fieldapp.services.notify.notifications import ToNotify, notify


def acknowledge(
    session: Session,
    alert: Alert,
    *,
    staff_id: uuid.UUID,
    entry_id: uuid.UUID,
    clock_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """«Jeg tar den»: holds it for 60 minutes from the clock time, or to the end of the duty it was taken on."""
    lock(session, alert)
    duty_ends_at = TeamsNow(session, now).duty_ends_at(alert.team_id, staff_id, clock_at)
    until = rules.hold_until(clock_at, duty_ends_at)
    _take_hold(session, alert, _hold(session, alert, entry_id, staff_id, Event.acknowledged, clock_at, until), now)


def snooze(
    session: Session,
    alert: Alert,
    *,
    staff_id: uuid.UUID,
    entry_id: uuid.UUID,
    clock_at: dt.datetime,
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    """Put it off, at most 4 h from the clock time, a leader 24 h; more is cut."""
    lock(session, alert)
    person = session.get(Staff, staff_id)
    until = limit_snooze(until, clock_at, is_leader=person is not None and person.role == "leader")
    _take_hold(session, alert, _hold(session, alert, entry_id, staff_id, Event.snoozed, clock_at, until), now)


def hand_over(
    session: Session,
    alert: Alert,
    *,
    from_staff_id: uuid.UUID,
    to_staff_id: uuid.UUID,
    entry_id: uuid.UUID,
    clock_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Give it to a named person, who is told at once and owns it when he or she acknowledges; until then it climbs.

    It ends what others held at its clock time; whoever took the alert later keeps it. One that has only waited for its
    team to open waits on: the named person alone is told.
    """
    lock(session, alert)
    if alert.state == State.resolved.value:
        note_late(session, alert, from_staff_id, entry_id, now)
        return
    session.execute(
        update(AlertHold)
        .where(
            AlertHold.alert_id == alert.id,
            AlertHold.until_at > now,
            AlertHold.from_at <= clock_at,
            AlertHold.staff_id != to_staff_id,
        )
        .values(until_at=now)
    )
    before = alert.state
    was_held = before in (State.acknowledged.value, State.snoozed.value)
    event = Event.waits_again if was_held and alert.waits_until_at is not None else Event.handed_over
    alert.state, alert.owner_id = after(before, event).value, None
    teams = TeamsNow(session, now)
    # The step it stands on begins anew, its people untold: the named person has that step's time to take it.
    alert.step_began_at = now
    if KINDS[alert.kind].climbs:
        alert.ladder_from = now - (teams.step_at(alert.kind, now, alert.step, alert.team_id) - now)
    note(session, alert, event=Event.handed_over, from_state=before, now=now, staff_id=from_staff_id, entry_id=entry_id)
    if KINDS[alert.kind].climbs:
        notify(session, [_handing(session, alert, to_staff_id)], now)
    look_at(session, [alert], teams, now)
    mark_alert_changed(session, alert)


def recompute_holds(session: Session, alert_id: uuid.UUID, now: dt.datetime) -> None:
    """After an Angre: holds whose entry was struck are gone; the earliest still running owns it, or it climbs again."""
    alert = session.get_one(Alert, alert_id)
    lock(session, alert)
    struck = select(EntryState.entry_id).where(EntryState.struck_by.is_not(None))
    session.execute(delete(AlertHold).where(AlertHold.alert_id == alert_id, AlertHold.entry_id.in_(struck)))
    if alert.state != State.resolved.value:
        look_at(session, [alert], TeamsNow(session, now), now)
        mark_alert_changed(session, alert)


def retract_hold(session: Session, alert: Alert, *, entry_id: uuid.UUID, now: dt.datetime) -> None:
    """This entry's acknowledgement or snooze was undone."""
    session.execute(delete(AlertHold).where(AlertHold.entry_id == entry_id))
    recompute_holds(session, alert.id, now)


def _hold(
    session: Session,
    alert: Alert,
    entry_id: uuid.UUID,
    staff_id: uuid.UUID,
    kind: Event,
    from_at: dt.datetime,
    until_at: dt.datetime,
) -> AlertHold:
    """It ends early when the alert was handed on meanwhile, whichever of the two entries arrived first."""
    handed_on_at = _handed_on_at(session, alert, staff_id, from_at)
    return AlertHold(
        entry_id=entry_id,
        alert_id=alert.id,
        staff_id=staff_id,
        kind=kind.value,
        from_at=from_at,
        until_at=min(until_at, handed_on_at) if handed_on_at else until_at,
    )


def _handed_on_at(session: Session, alert: Alert, staff_id: uuid.UUID, since: dt.datetime) -> dt.datetime | None:
    """When the alert was first handed to somebody else, by the clock time of that."""
    handed = session.execute(
        select(Entry.clock_at, EntryState.body)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type == "alert_handed_over", Entry.subject_id == alert.id, EntryState.struck_by.is_(None))
        .where(Entry.clock_at >= since)
        .order_by(Entry.clock_at)
    )
    return next((at for at, body in handed if body["to_staff_id"] != str(staff_id)), None)


def _take_hold(session: Session, alert: Alert, hold: AlertHold, now: dt.datetime) -> None:
    session.add(hold)
    before = alert.state
    late = before == State.resolved.value or hold.until_at <= now
    if not late:
        alert.state = after(before, hold.kind).value
        alert.owner_id = alert.owner_id or hold.staff_id
    note(
        session,
        alert,
        event=CAME_LATE if late else hold.kind,
        from_state=before,
        now=now,
        staff_id=hold.staff_id,
        entry_id=hold.entry_id,
    )
    # One that came too late to hold it still ends what a colleague had put off before that.
    if not late or before == State.snoozed.value:
        look_at(session, [alert], TeamsNow(session, now), now)
    mark_alert_changed(session, alert)


def _handing(session: Session, alert: Alert, to_staff_id: uuid.UUID) -> ToNotify:
    handed_before = session.scalar(
        select(func.max(Notification.round)).where(Notification.alert_id == alert.id, Notification.step == HANDED_STEP)
    )
    return ToNotify(to_staff_id, title_of(alert.kind, HANDED_STEP), alert.id, HANDED_STEP, (handed_before or 0) + 1)

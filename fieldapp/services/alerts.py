"""Opening, taking, putting off, handing over and ending an alert: what entries do to it.

Every change of state goes through the one table in domain/alert_states.py and leaves a transition row. An alert is
locked before it is changed, so an acknowledgement and the worker never pass each other. No way of ending a `not_seen`
alert leaves a silent client: if its clock still stands run out, the worker opens the next one at once.
"""

import datetime as dt
import uuid

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import KINDS, RETRACTED, Event, State, after, title_of
from fieldapp.domain.watch import limit_snooze
from fieldapp.models import Alert, AlertHold, AlertTransition, Delivery, Entry, EntryState, Notification, Staff, Watch
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP, HANDED_STEP, OVER_STEP
from fieldapp.models.change import touch
from fieldapp.services.escalation import look_at
from fieldapp.services.opening_hours import team_now
from fieldapp.services.steps import Opened, begin_step, begin_steps, note, tell_of_steps
from fieldapp.services.teams_now import TeamsNow
from fieldapp.services.telling import Telling, tell
from fieldapp.services.writing import insert_new

CAME_LATE = "came_late"
"""An acknowledgement or snooze that had run out, or an alert that had ended, before it arrived: history only."""


def unresolved(session: Session, kind: str, subject_id: uuid.UUID) -> Alert | None:
    """The one alert of this kind about this subject that is not resolved."""
    query = select(Alert).where(Alert.kind == kind, Alert.subject_id == subject_id, Alert.state != State.resolved.value)
    return session.scalar(query)


def was_answered(session: Session, kind: str, subject_id: uuid.UUID) -> bool:
    """Whether this subject has an alert, or had one that somebody ended: a worry that was answered rings no more.

    One that ended because the entry was taken back was not answered: when that too is undone, it rings again.
    """
    answered = Alert.resolution.is_distinct_from(RETRACTED)
    query = select(Alert.id).where(Alert.kind == kind, Alert.subject_id == subject_id, answered).limit(1)
    return session.scalar(query) is not None


def open_alert(
    session: Session,
    *,
    kind: str,
    subject_id: uuid.UUID,
    client_id: uuid.UUID | None,
    team_id: uuid.UUID,
    episode: uuid.UUID,
    due_at: dt.datetime,
    now: dt.datetime,
    unseen_since_at: dt.datetime | None = None,
    case_id: uuid.UUID | None = None,
    staff_id: uuid.UUID | None = None,
) -> Alert | None:
    """Open one that never waits, and tell the people of its step 0, together; None when one is unresolved already.

    `staff_id`: whose safety it is about.
    """
    # From what it is about and when: a demo made twice from one seed is the same, alerts and all.
    alert_id = uuid.uuid5(subject_id, f"{kind} {now.isoformat()}")
    row = {
        "id": alert_id if session.get(Alert, alert_id) is None else uuid.uuid4(),
        "kind": kind,
        "subject_id": subject_id,
        "client_id": client_id,
        "team_id": team_id,
        "episode": episode,
        "state": after(None, Event.opened).value,
        "step": FIRST_STEP,
        "round": FIRST_ROUND,
        "ladder_from": now,
        "step_began_at": now,
        "next_at": now,
        "opened_at": now,
        "due_at": due_at,
        "unseen_since_at": unseen_since_at,
        "case_id": case_id,
        "staff_id": staff_id,
        "topic": uuid.uuid4().hex,
    }
    session.flush()
    if not insert_new(session, Alert, [row], [Alert.__table__.c.id]):
        return None
    alert = session.get_one(Alert, row["id"])
    begin_steps(session, [Opened(alert.id, kind, team_id, client_id, staff_id)], now)
    session.refresh(alert)
    # A worry with nobody to hear it climbs in this very transaction: the one who raised it reads so in the answer.
    look_at(session, [alert], TeamsNow(session, now), now)
    _touch(session, alert)
    return alert


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
    _lock(session, alert)
    duty_ends_at = TeamsNow(session, now).duty_ends_at(alert.team_id, staff_id, clock_at)
    until = rules.hold_until(clock_at, duty_ends_at)
    _take_hold(
        session, alert, _hold(session, alert, entry_id, staff_id, Event.acknowledged, clock_at, until), None, now
    )


def snooze(
    session: Session,
    alert: Alert,
    *,
    staff_id: uuid.UUID,
    entry_id: uuid.UUID,
    clock_at: dt.datetime,
    until: dt.datetime,
    reason: str,
    now: dt.datetime,
) -> None:
    """Put it off with a reason, at most 4 h from the clock time, a leader 24 h; more is cut."""
    _lock(session, alert)
    person = session.get(Staff, staff_id)
    until = limit_snooze(until, clock_at, is_leader=person is not None and person.role == "leader")
    _take_hold(session, alert, _hold(session, alert, entry_id, staff_id, Event.snoozed, clock_at, until), reason, now)


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
    _lock(session, alert)
    if alert.state == State.resolved.value:
        _note_late(session, alert, from_staff_id, entry_id, now)
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
        tell(session, [_handing(session, alert, to_staff_id)], now)
    look_at(session, [alert], teams, now)
    _touch(session, alert)


def resolve(
    session: Session,
    alert: Alert,
    *,
    resolution: str,
    staff_id: uuid.UUID | None,
    entry_id: uuid.UUID | None,
    now: dt.datetime,
    tell: bool = True,
) -> None:
    """End it. What was not sent yet is called off; those who were told are told that it is over, less its author."""
    _lock(session, alert)
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
    if tell:
        _tell_over(session, alert, staff_id, now)
    _touch(session, alert)


def resolve_by_hand(
    session: Session,
    alert: Alert,
    *,
    resolution: str,
    staff_id: uuid.UUID,
    entry_id: uuid.UUID,
    now: dt.datetime,
) -> None:
    """`alert_resolved`: ends the kinds that end by hand; of the others, and of one that has ended, it is history."""
    if KINDS[alert.kind].by_hand and alert.state != State.resolved.value:
        resolve(session, alert, resolution=resolution, staff_id=staff_id, entry_id=entry_id, now=now)
    else:
        _note_late(session, alert, staff_id, entry_id, now)


def reopen(session: Session, alert: Alert, *, entry_id: uuid.UUID, now: dt.datetime) -> None:
    """The entry that ended it was undone: it climbs again from its first step. (`not_seen` follows its clock.)"""
    _lock(session, alert)
    ended_by_it = session.scalar(
        select(AlertTransition.id).where(
            AlertTransition.alert_id == alert.id,
            AlertTransition.event == Event.resolved.value,
            AlertTransition.entry_id == entry_id,
        )
    )
    if alert.kind == "not_seen" or alert.state != State.resolved.value or ended_by_it is None:
        return
    before = alert.state
    alert.state = after(before, Event.reopened).value
    alert.resolved_at = alert.resolution = None
    alert.step, alert.round, alert.ladder_from = 0, alert.round + 1, now
    note(session, alert, event=Event.reopened, from_state=before, now=now, entry_id=entry_id)
    teams = TeamsNow(session, now)
    begin_step(session, alert, now)
    tell_of_steps(session, [alert], teams, now)
    look_at(session, [alert], teams, now)
    _touch(session, alert)


def settle_not_seen(
    session: Session,
    watch: Watch,
    *,
    resolution_if_ended: str,
    contact_at: dt.datetime | None,
    staff_id: uuid.UUID | None,
    entry_id: uuid.UUID | None,
    now: dt.datetime,
) -> None:
    """After a clock was computed anew: end the client's alert if it is no longer run out, else show what is new."""
    alert = unresolved(session, "not_seen", watch.client_id)
    if alert is None:
        return
    if watch.due_at is not None and watch.due_at <= now:
        follow_watch(session, watch, now)
        _touch(session, alert)
        return
    resolution = resolution_if_ended
    if contact_at is not None and resolution != "died":
        resolution = "seen_in_time" if contact_at <= alert.due_at else "seen_late"
    # Død: nobody gets a push.
    resolve(
        session,
        alert,
        resolution=resolution,
        staff_id=staff_id,
        entry_id=entry_id,
        now=now,
        tell=resolution != "died",
    )


def follow_watch(session: Session, watch: Watch, now: dt.datetime) -> None:
    """The client's open alert belongs to whoever has the watch now, and waits or rings as is agreed now."""
    alert = unresolved(session, "not_seen", watch.client_id)
    if alert is None or (alert.team_id == team_now(watch, now) and alert.state != State.waiting.value):
        return
    _lock(session, alert)
    look_at(session, [alert], TeamsNow(session, now), now)
    _touch(session, alert)


def recompute_holds(session: Session, alert_id: uuid.UUID, now: dt.datetime) -> None:
    """After an Angre: holds whose entry was struck are gone; the earliest still running owns it, or it climbs again."""
    alert = session.get_one(Alert, alert_id)
    _lock(session, alert)
    struck = select(EntryState.entry_id).where(EntryState.struck_by.is_not(None))
    session.execute(delete(AlertHold).where(AlertHold.alert_id == alert_id, AlertHold.entry_id.in_(struck)))
    if alert.state != State.resolved.value:
        look_at(session, [alert], TeamsNow(session, now), now)
        _touch(session, alert)


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


def _take_hold(session: Session, alert: Alert, hold: AlertHold, reason: str | None, now: dt.datetime) -> None:
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
        reason=reason,
    )
    # One that came too late to hold it still ends what a colleague had put off before that.
    if not late or before == State.snoozed.value:
        look_at(session, [alert], TeamsNow(session, now), now)
    _touch(session, alert)


def _note_late(session: Session, alert: Alert, staff_id: uuid.UUID, entry_id: uuid.UUID, now: dt.datetime) -> None:
    note(session, alert, event=CAME_LATE, from_state=alert.state, now=now, staff_id=staff_id, entry_id=entry_id)


def _handing(session: Session, alert: Alert, to_staff_id: uuid.UUID) -> Telling:
    handed_before = session.scalar(
        select(func.max(Notification.round)).where(Notification.alert_id == alert.id, Notification.step == HANDED_STEP)
    )
    return Telling(to_staff_id, title_of(alert.kind, HANDED_STEP), alert.id, HANDED_STEP, (handed_before or 0) + 1)


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


def _tell_over(session: Session, alert: Alert, author_id: uuid.UUID | None, now: dt.datetime) -> None:
    """To everyone whose phone may have shown the alert: something was sent, is being sent, or broke off."""
    told = session.scalars(
        select(Notification.staff_id)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(
            Notification.alert_id == alert.id,
            Notification.staff_id.is_not(None),
            (Delivery.attempts > 0) | (Delivery.state == "pending"),
            Delivery.state.not_in(("unreachable", "our_fault")),
        )
        .distinct()
    )
    tell(
        session,
        [
            Telling(staff_id, "over", alert.id, OVER_STEP, alert.round)
            for staff_id in told
            if staff_id is not None and staff_id != author_id
        ],
        now,
    )


def _lock(session: Session, alert: Alert) -> None:
    """Nobody else changes the alert until this transaction ends; what somebody changed just before is seen."""
    session.flush()
    session.refresh(alert, with_for_update=True)


def _touch(session: Session, alert: Alert) -> None:
    touch(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)

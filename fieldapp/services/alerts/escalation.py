"""Climbing until a named human has taken it. Pure steps over rows: any number of workers.

Invariants:
- One alert that cannot be handled is quarantined for a minute, alone; the others are handled in the same transaction.
- An alert that waits for its team to open is looked at when it opens; one whose team is not to be woken rings nobody.

Minutes count from `ladder_from`, the moment the alert became open or climbed anew, after an outage too.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from fieldapp.domain import escalation as rules
from fieldapp.domain.alert_states import KINDS, Event, State, after
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Alert, AlertHold, Delivery, Notification, Watch
from fieldapp.models.alert import HANDED_STEP, NO_LONGER_HOPED, WAS_TAKEN_SINCE
from fieldapp.models.base import NOW
from fieldapp.services import operator
from fieldapp.services.alerts.ending import resolve
from fieldapp.services.alerts.ladder_steps import NO_RECEIPT, begin_round, begin_step, note, notify_of_steps
from fieldapp.services.alerts.opening_hours import WAIT, Closed, team_now
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.followers import sees_alert, works_here
from fieldapp.services.notify.alert_news import mark_alert_changed

CLIMB_BATCH = 200
"""Alerts looked at in one transaction: few enough that a phone's sync soon has its turn (bench/climb.py). Who has many
of them is told once."""
DRILL_OVER = "drill_over"
"""The resolution of a drill that nobody ended before its last step had had its time."""
ONE_BY_ONE = 100
"""Alerts tried each by itself in one transaction, to find the one that is stumbled over."""


def escalate(session: Session, now: dt.datetime, limit: int = CLIMB_BATCH) -> int:
    """Look at the alerts whose time has come, longest due first; the number looked at."""
    alerts = session.scalars(
        select(Alert)
        .where(Alert.state != State.resolved.value, Alert.next_at <= now)
        .order_by(Alert.next_at, Alert.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return look_at_each(session, alerts, TeamsNow(session, now), now)


def look_at_each(session: Session, alerts: Sequence[Alert], teams: TeamsNow, now: dt.datetime) -> int:
    """Look at all; if one is stumbled over, at the first ONE_BY_ONE each by itself. The number looked at."""

    def look_at_all() -> int:
        look_at(session, alerts, teams, now)
        return len(alerts)

    def look_at_one(alert: Alert) -> int:
        look_at(session, [alert], teams, now)
        return 1

    def look_later(alert_id: uuid.UUID) -> None:
        session.execute(update(Alert).where(Alert.id == alert_id).values(next_at=now + operator.QUARANTINE))

    return operator.each_apart(
        session,
        Alarm.ALERT_ASIDE,
        now,
        items=[(alert.id, alert) for alert in alerts[:ONE_BY_ONE]],
        one=look_at_one,
        together=look_at_all,
        when_quarantined=look_later,
        quarantined_counts=True,
    )


def any_due(session: Session, now: dt.datetime) -> bool:
    """Whether `escalate` has anything to do."""
    return session.scalar(_ANY_DUE, {"now": now}) is not None


_ANY_DUE = select(Alert.id).where(Alert.state != State.resolved.value, Alert.next_at <= NOW).limit(1)


def look_at(session: Session, alerts: Sequence[Alert], teams: TeamsNow, now: dt.datetime) -> None:
    """Let holds run out, open what has waited, begin the steps that are due, and set when to look again.

    Whoever is told of many of them at once, as when they waited for their team to open, gets one message.
    """
    watches, holds = _watches(session, alerts), _running_holds(session, alerts, now)
    began, climbing = [], []
    for alert in alerts:
        watch, running = watches.get(alert.id), holds.get(alert.id, ())
        if _settle(session, alert, watch, running, teams, now):
            began.append(alert)
        if running:
            alert.next_at = min(hold.until_at for hold in running)
        elif alert.state == State.open.value and KINDS[alert.kind].climbs:
            climbing.append(alert)
        elif alert.state != State.waiting.value:
            alert.next_at = None
    notify_of_steps(session, began, teams, now)
    _climb(session, climbing, watches, teams, now)
    session.flush()


Watches = Mapping[uuid.UUID, Watch]
"""By alert: the watch it is about. Only `not_seen` is about one."""


def _watches(session: Session, alerts: Sequence[Alert]) -> Watches:
    of_client = {alert.client_id: alert.id for alert in alerts if alert.kind == "not_seen"}
    found = session.scalars(select(Watch).where(Watch.client_id.in_(of_client))) if of_client else ()
    return {of_client[watch.client_id]: watch for watch in found}


def _running_holds(
    session: Session, alerts: Sequence[Alert], now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[AlertHold]]:
    """The holds of each alert that have not run out, by clock time (then id), of people who see it.

    Invariant: nobody holds an alert who has left, or has lost sight of whom it is about; it climbs at once.

    Whoever takes an alert that was put off ends that: when the hour is over it climbs, whatever was left of the day.
    """
    holds = session.scalars(
        select(AlertHold)
        .join(Alert, Alert.id == AlertHold.alert_id)
        .where(AlertHold.alert_id.in_([alert.id for alert in alerts]), AlertHold.until_at > now)
        .where(sees_alert(AlertHold.staff_id, now))
        .where(~((AlertHold.kind == State.snoozed.value) & WAS_TAKEN_SINCE))
        .order_by(AlertHold.from_at, AlertHold.entry_id)
    )
    running: dict[uuid.UUID, list[AlertHold]] = defaultdict(list)
    for hold in holds:
        running[hold.alert_id].append(hold)
    return running


def _settle(
    session: Session,
    alert: Alert,
    watch: Watch | None,
    running: Sequence[AlertHold],
    teams: TeamsNow,
    now: dt.datetime,
) -> bool:
    """The team, owner and state the alert has now; whether a step began by that."""
    began = watch is not None and _follow_hand_over(session, alert, watch, now)
    if running:
        _own(session, alert, running, now)
    elif alert.state in (State.acknowledged.value, State.snoozed.value):
        began |= _climb_anew(session, alert, watch, teams, now)
    if alert.state == State.waiting.value:
        began |= _wait_or_open(session, alert, watch, teams, now)
    return began


def _follow_hand_over(session: Session, alert: Alert, watch: Watch, now: dt.datetime) -> bool:
    """The alert belongs to whoever has the watch now: with another team it begins anew with their people."""
    team_id = team_now(watch, now)
    return team_id != alert.team_id and move(session, alert, team_id, now)


def move(session: Session, alert: Alert, team_id: uuid.UUID, now: dt.datetime) -> bool:
    """The alert is another team's from now on; whether it rings them from the first step, of which they are to be told.

    One that somebody has taken or put off stays so.
    """
    alert.team_id = team_id
    begins_anew = alert.state == State.open.value and KINDS[alert.kind].climbs
    if begins_anew:
        begin_round(session, alert, now)
    mark_alert_changed(session, alert)
    return begins_anew


def _own(session: Session, alert: Alert, running: Sequence[AlertHold], now: dt.datetime) -> None:
    """Of the running holds the earliest clock time owns the alert; the latest says whether it is taken or put off."""
    owner_id, kind = running[0].staff_id, running[-1].kind
    has_it = running[-1].staff_id if kind == State.snoozed.value else owner_id
    if (alert.owner_id, alert.state) == (owner_id, kind):
        return
    before = alert.state
    alert.owner_id = owner_id
    alert.state = after(before, kind).value
    note(session, alert, event="owner_is", from_state=before, now=now, staff_id=has_it)
    mark_alert_changed(session, alert)


def _climb_anew(session: Session, alert: Alert, watch: Watch | None, teams: TeamsNow, now: dt.datetime) -> bool:
    """Nobody holds it any longer: it climbs again from the step it had, whose people are told once more.

    One that has only ever waited for its team to open waits on.
    """
    before, owner_id = alert.state, alert.owner_id
    still_closed = alert.waits_until_at is not None and _closed_for(alert, watch, teams, now) is not None
    event = Event.waits_again if still_closed else Event.hold_ran_out
    alert.state, alert.owner_id = after(before, event).value, None
    note(session, alert, event=event, from_state=before, now=now, staff_id=owner_id)
    mark_alert_changed(session, alert)
    if still_closed or not KINDS[alert.kind].climbs:
        return False
    alert.waits_until_at = None
    alert.round += 1
    alert.ladder_from = now - (teams.step_at(alert.kind, now, alert.step, alert.team_id) - now)
    begin_step(session, alert, now)
    return True


def _wait_or_open(session: Session, alert: Alert, watch: Watch | None, teams: TeamsNow, now: dt.datetime) -> bool:
    """The team has opened, or its hours have changed: from now its steps count, or it waits on."""
    closed = _closed_for(alert, watch, teams, now)
    if closed is not None:
        alert.waits_until_at = alert.next_at = closed.opens_at
        return False
    before, alert.state = alert.state, after(alert.state, Event.team_opened).value
    alert.waits_until_at, alert.ladder_from = None, now
    note(session, alert, event=Event.team_opened, from_state=before, now=now)
    mark_alert_changed(session, alert)
    if KINDS[alert.kind].climbs:
        begin_step(session, alert, now)
    return KINDS[alert.kind].climbs


def _closed_for(alert: Alert, watch: Watch | None, teams: TeamsNow, now: dt.datetime) -> Closed | None:
    """How its team is closed, while this alert is to wait for that; None when it is to ring.

    The client's own rule goes before the team's.
    """
    closed = teams.hours.closed(alert.team_id)
    if closed is None or not KINDS[alert.kind].waits:
        return None
    if watch is None:
        return closed
    its_own = team_now(watch, now) == watch.team_id
    return closed if its_own and (watch.when_closed or closed.when_closed) == WAIT else None


def _climb(session: Session, alerts: Sequence[Alert], watches: Watches, teams: TeamsNow, now: dt.datetime) -> None:
    """Begin every step that is due by the clock, or because nobody in the present one could be reached."""
    while alerts:
        reached = _reached(session, alerts, now)
        began = []
        for alert in alerts:
            due_at = _next_step_at(alert, reached[alert.id], teams, now)
            if due_at <= now and rules.ends_after(alert.kind, alert.step):
                resolve(session, alert, resolution=DRILL_OVER, staff_id=None, entry_id=None, now=now)
            elif due_at <= now:
                _begin_next_step(session, alert, now)
                began.append(alert)
            else:
                looks = [due_at, *_hand_over_ends(watches.get(alert.id), now)]
                no_receipt_at = alert.step_began_at + NO_RECEIPT
                alert.next_at = min([*looks, no_receipt_at] if reached[alert.id] is None else looks)
        notify_of_steps(session, began, teams, now)
        alerts = began


def _next_step_at(alert: Alert, reached: bool | None, teams: TeamsNow, now: dt.datetime) -> dt.datetime:
    following = rules.next_step(alert.kind, alert.step)
    if following is None:
        return alert.step_began_at + dt.timedelta(minutes=rules.LADDERS[alert.kind].round_minutes)
    return now if reached is False else teams.step_at(alert.kind, alert.ladder_from, following, alert.team_id)


def _begin_next_step(session: Session, alert: Alert, now: dt.datetime) -> None:
    following = rules.next_step(alert.kind, alert.step)
    if following is None:
        begin_round(session, alert, now)
    else:
        alert.step = following
        begin_step(session, alert, now)


def _hand_over_ends(watch: Watch | None, now: dt.datetime) -> list[dt.datetime]:
    """When another team's watch over the client begins or ends: then the alert changes hands."""
    moments = (watch.handed_from_at, watch.handed_until_at) if watch else ()
    return [at for at in moments if at is not None and at > now]


def _reached(session: Session, alerts: Sequence[Alert], now: dt.datetime) -> dict[uuid.UUID, bool | None]:
    """Whether anyone told in each one's step has it on the screen (a receipt); None while that may still come.

    Nobody: no people, no live subscription, every one refused (4xx other than 429) or given up, two minutes gone
    without one receipt, or nobody who still sees the alert.
    """
    own_safety = and_(Notification.staff_id == Alert.staff_id, works_here(Notification.staff_id))
    counts_still = or_(Notification.staff_id.is_(None), own_safety, sees_alert(Notification.staff_id, now))
    session.flush()  # when each step began is asked of the rows
    told = session.execute(
        select(
            Notification.alert_id,
            func.count(Delivery.shown_at),
            func.count().filter(Delivery.state.not_in(NO_LONGER_HOPED)),
        )
        .join(Delivery, Delivery.notification_id == Notification.id)
        .join(Alert, Alert.id == Notification.alert_id)
        # Whoever was told before the step began, or before it was handed over, does not count. The step and round are
        # named so that the index answers: an alert nobody takes has thousands of rows after a month.
        .where(Alert.id.in_([alert.id for alert in alerts]), Notification.created_at >= Alert.step_began_at)
        .where(counts_still)
        .where(
            or_(
                and_(Notification.step == Alert.step, Notification.round == Alert.round),
                Notification.step == HANDED_STEP,
            )
        )
        .group_by(Notification.alert_id)
    )
    counts = {alert_id: (shown, hoped) for alert_id, shown, hoped in told}
    reached: dict[uuid.UUID, bool | None] = {}
    for alert in alerts:
        shown, hoped = counts.get(alert.id, (0, 0))
        may_come = hoped and now < alert.step_began_at + NO_RECEIPT
        reached[alert.id] = True if shown else None if may_come else False
    return reached

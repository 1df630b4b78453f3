"""Opening and ending an alert, and what follows from its clock: what entries do to it. Who holds it: holds.py.

Every change of state goes through the one table in domain/alert_states.py and leaves a transition row. An alert is
locked before it is changed, so an acknowledgement and the worker never pass each other. No way of ending a `not_seen`
alert leaves a silent client: if its clock still stands run out, the worker opens the next one at once.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import ABOUT_STAFF, DIED, KINDS, RETRACTED, Event, State, after
from fieldapp.models import Alert, AlertTransition, Watch
from fieldapp.models.alert import FIRST_ROUND, FIRST_STEP
from fieldapp.models.change import mark_left
from fieldapp.services.alerts.ending import lock, resolve
from fieldapp.services.alerts.escalation import look_at, move
from fieldapp.services.alerts.ladder_steps import Opened, begin_step, begin_steps, note, notify_of_steps
from fieldapp.services.alerts.opening_hours import team_now
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.casefile import case_file
from fieldapp.services.following import following_teams
from fieldapp.services.notify.alert_news import mark_alert_changed
from fieldapp.services.writing import insert_new

CAME_LATE = "came_late"
"""An acknowledgement or snooze that had run out, or an alert that had ended, before it arrived: history only."""


def unresolved(session: Session, kind: str, subject_id: uuid.UUID) -> Alert | None:
    """The one alert of this kind about this subject that is not resolved."""
    query = select(Alert).where(Alert.kind == kind, Alert.subject_id == subject_id, Alert.state != State.resolved.value)
    return session.scalar(query)


def with_unresolved(session: Session, kind: str, subject_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Which of these subjects have an alert of this kind that is not resolved."""
    query = select(Alert.subject_id).where(Alert.kind == kind, Alert.state != State.resolved.value)
    return list(session.scalars(query.where(Alert.subject_id.in_(subject_ids)).order_by(Alert.subject_id)))


def was_answered(session: Session, kind: str, subject_id: uuid.UUID) -> bool:
    """Whether this subject has an alert, or had one that somebody ended: a worry that was answered rings no more.

    One that ended because the entry was taken back, or by a death, was not answered: when that too is undone, it rings
    again.
    """
    query = select(Alert.id).where(Alert.kind == kind, Alert.subject_id == subject_id, answered_or_ringing())
    return session.scalar(query.limit(1)) is not None


def answered_or_ringing() -> ColumnElement[bool]:
    """Of alerts: those that ring, and those that somebody ended, as `was_answered` says."""
    return or_(Alert.resolution.is_(None), Alert.resolution.not_in((RETRACTED, DIED)))


def ringing_about(session: Session, kinds: Collection[str], client_ids: Collection[uuid.UUID]) -> list[Alert]:
    """The alerts of these kinds about these clients that are not resolved."""
    query = select(Alert).where(Alert.kind.in_(kinds), Alert.client_id.in_(client_ids)).order_by(Alert.id)
    return list(session.scalars(query.where(Alert.state != State.resolved.value)))


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What an alert is about: of a kind and a subject's id, one is unresolved at a time."""

    kind: str
    subject_id: uuid.UUID
    client_id: uuid.UUID | None
    team_id: uuid.UUID
    episode: uuid.UUID
    due_at: dt.datetime
    unseen_since_at: dt.datetime | None = None
    case_id: uuid.UUID | None = None
    staff_id: uuid.UUID | None = None
    """Whose safety it is about."""


def open_alert(session: Session, subject: Subject, now: dt.datetime) -> Alert | None:
    """Open one that never waits, and notify the people of its step 0, together; None when one is unresolved already."""
    # From what it is about and when: a demo made twice from one seed is the same, alerts and all.
    alert_id = uuid.uuid5(subject.subject_id, f"{subject.kind} {now.isoformat()}")
    team_id = _team_that_sees(session, subject.kind, subject.client_id, subject.team_id)
    row = asdict(replace(subject, team_id=team_id)) | {
        "id": alert_id if session.get(Alert, alert_id) is None else uuid.uuid4(),
        "state": after(None, Event.opened).value,
        "step": FIRST_STEP,
        "round": FIRST_ROUND,
        "ladder_from": now,
        "step_began_at": now,
        "next_at": now,
        "opened_at": now,
        "topic": uuid.uuid4().hex,
    }
    session.flush()
    if not insert_new(session, Alert, [row], [Alert.__table__.c.id]):
        return None
    case_file(session).alert_opened(subject.client_id)
    alert = session.get_one(Alert, row["id"])
    begin_steps(session, [Opened(alert.id, subject.kind, team_id, subject.client_id, subject.staff_id)], now)
    session.refresh(alert)
    # A worry with nobody to hear it climbs in this very transaction: the one who raised it reads so in the answer.
    look_at(session, [alert], TeamsNow(session, now), now)
    mark_alert_changed(session, alert)
    return alert


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
        note_late(session, alert, staff_id, entry_id, now)


def reopen(session: Session, alert: Alert, *, entry_id: uuid.UUID, now: dt.datetime) -> None:
    """The entry that ended it was undone: it climbs again from its first step. (`not_seen` follows its clock.)"""
    lock(session, alert)
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
    case_file(session).alert_opened(alert.client_id)
    alert.step, alert.round, alert.ladder_from = 0, alert.round + 1, now
    note(session, alert, event=Event.reopened, from_state=before, now=now, entry_id=entry_id)
    teams = TeamsNow(session, now)
    begin_step(session, alert, now)
    notify_of_steps(session, [alert], teams, now)
    look_at(session, [alert], teams, now)
    mark_alert_changed(session, alert)


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
        mark_alert_changed(session, alert)
        return
    resolution = resolution_if_ended
    if contact_at is not None and resolution != DIED:
        resolution = "seen_in_time" if contact_at <= alert.due_at else "seen_late"
    # Død: nobody gets a push.
    resolve(
        session,
        alert,
        resolution=resolution,
        staff_id=staff_id,
        entry_id=entry_id,
        now=now,
        is_told=resolution != DIED,
    )


def follow_watch(session: Session, watch: Watch, now: dt.datetime) -> None:
    """The client's open alert belongs to whoever has the watch now, and waits or rings as is agreed now.

    One that was taken is looked at too: whoever took it may see the client no longer.
    """
    alert = unresolved(session, "not_seen", watch.client_id)
    rings_them = alert is not None and alert.team_id == team_now(watch, now) and alert.state == State.open.value
    if alert is None or rings_them:
        return
    lock(session, alert)
    look_at(session, [alert], TeamsNow(session, now), now)
    mark_alert_changed(session, alert)


def follow_client(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """When other teams follow the client: no alert stays with a team or a person that can't see whom it is about.

    `not_seen` goes where the watch goes. A colleague's safety stays their team's, which sees it without the client.
    """
    query = select(Alert).where(Alert.client_id == client_id, Alert.state != State.resolved.value)
    for alert in session.scalars(query.where(Alert.kind != "not_seen")).all():
        if alert.kind in ABOUT_STAFF:
            mark_alert_changed(session, alert)  # a phone that drops the client drops it too, and fetches it again
            continue
        lock(session, alert)
        teams, team_id = TeamsNow(session, now), _team_that_sees(session, alert.kind, client_id, alert.team_id)
        if alert.team_id != team_id and move(session, alert, team_id, now):
            notify_of_steps(session, [alert], teams, now)
        look_at(session, [alert], teams, now)


def about_subject(session: Session, kinds: Collection[str], subject_id: uuid.UUID) -> list[Alert]:
    """Every alert of these kinds about this subject, ended or not."""
    query = select(Alert).where(Alert.kind.in_(kinds), Alert.subject_id == subject_id).order_by(Alert.id)
    return list(session.scalars(query))


def move_to_client(session: Session, alert: Alert, client_id: uuid.UUID | None, now: dt.datetime) -> None:
    """Somebody has said whom it is about: it goes on as it was, with its team while that sees the client. Nobody is
    rung for that alone."""
    lock(session, alert)
    gone_from, of_team = alert.client_id, alert.team_id
    alert.client_id = client_id
    case_file(session).alert_opened(client_id)
    if alert.state != State.resolved.value:
        teams, team_id = TeamsNow(session, now), _team_that_sees(session, alert.kind, client_id, alert.team_id)
        if alert.team_id != team_id and move(session, alert, team_id, now):
            notify_of_steps(session, [alert], teams, now)
        session.flush()
        look_at(session, [alert], teams, now)
    mark_left(session, "alert", alert.id, gone_from, of_team)
    mark_alert_changed(session, alert)


def look_again(session: Session, client_id: uuid.UUID, now: dt.datetime) -> None:
    """Others see the client than did: nobody holds, or is waited for with, an alert that does not exist for them."""
    session.flush()
    about = select(Alert).where(Alert.client_id == client_id, Alert.state != State.resolved.value).order_by(Alert.id)
    alerts = session.scalars(about.with_for_update().execution_options(populate_existing=True)).all()
    look_at(session, alerts, TeamsNow(session, now), now)
    for alert in alerts:
        mark_alert_changed(session, alert)


def _team_that_sees(session: Session, kind: str, client_id: uuid.UUID | None, team_id: uuid.UUID) -> uuid.UUID:
    """This team while it follows the client, else the one that has followed longest: what is written offline may come
    when the author's team has left."""
    following = following_teams(session, client_id) if client_id and kind not in ABOUT_STAFF else []
    return following[0] if following and team_id not in following else team_id


def note_late(session: Session, alert: Alert, staff_id: uuid.UUID, entry_id: uuid.UUID, now: dt.datetime) -> None:
    """History only: it changes nothing any more."""
    note(session, alert, event=CAME_LATE, from_state=alert.state, now=now, staff_id=staff_id, entry_id=entry_id)

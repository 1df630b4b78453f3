"""Is anybody silent? What the last tick should have seen and did not: clients, alerts and visits nobody will look at.

For `fieldapp verify`; reads only. What came, or was changed by an entry, after the tick is for the next one.
"""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.alert_states import ABOUT_STAFF, KINDS, State
from fieldapp.models import Alert, ClientTeam, Entry, Heartbeat, Staff, StaffVisit, Watch

_CLIMBING = [kind for kind, rules in KINDS.items() if rules.climbs]
_UNRESOLVED = Alert.state != State.resolved.value


def silent(session: Session, grace: dt.timedelta) -> Iterator[str]:
    """One sentence for everything the last tick left silent; nothing before the first tick."""
    ticked_at = session.scalar(select(Heartbeat.ticked_at))
    if ticked_at is None:
        return
    known_by = ticked_at - grace
    yield from _clients(session, known_by)
    yield from _waiting(session, known_by)
    yield from _climbing(session, known_by)
    yield from _out_of_sight(session, known_by)
    yield from _visits(session, known_by)


def _clients(session: Session, known_by: dt.datetime) -> Iterator[str]:
    """After every tick a watched client who is not paused has a `due_at` to come or an unresolved alert."""
    query = (
        select(Watch.client_id, Watch.due_at)
        .join(Entry, Entry.id == Watch.episode)
        .where(Watch.due_at <= known_by, Entry.received_at <= known_by, Watch.client_id.not_in(_alerted("not_seen")))
    )
    for client_id, due_at in session.execute(query):
        yield f"watch {client_id}: gikk ut {due_at}, og ingen er varslet"


def _waiting(session: Session, known_by: dt.datetime) -> Iterator[str]:
    """What waits becomes open when its team opens, and its team does open."""
    query = select(Alert.id, Alert.waits_until_at).where(
        Alert.state == State.waiting.value, or_(Alert.waits_until_at.is_(None), Alert.waits_until_at <= known_by)
    )
    for alert_id, until in session.execute(query):
        yield f"alert {alert_id}: venter på at teamet åpner, men skulle åpnet {until or 'en gang'}"


def _climbing(session: Session, known_by: dt.datetime) -> Iterator[str]:
    """An alert that nobody has ended is looked at again: its next step, the end of a hold, the team's opening."""
    query = select(Alert.id, Alert.next_at).where(
        _UNRESOLVED, Alert.kind.in_(_CLIMBING), or_(Alert.next_at.is_(None), Alert.next_at <= known_by)
    )
    for alert_id, next_at in session.execute(query):
        yield f"alert {alert_id}: ikke avsluttet, men blir ikke sett på igjen (next_at er {next_at})"


def _out_of_sight(session: Session, known_by: dt.datetime) -> Iterator[str]:
    """Whoever an alert about a client rings sees that client, or they could neither open nor take it."""
    sees = (
        select(ClientTeam.client_id)
        .where(ClientTeam.client_id == Alert.client_id, ClientTeam.team_id == Alert.team_id)
        .where(ClientTeam.active.is_(True))
    )
    about_clients = Alert.kind.in_(_CLIMBING) & Alert.kind.not_in(ABOUT_STAFF)
    query = select(Alert.id, Alert.team_id).where(
        _UNRESOLVED, about_clients, Alert.client_id.is_not(None), Alert.opened_at <= known_by, ~sees.exists()
    )
    for alert_id, team_id in session.execute(query):
        yield f"alert {alert_id}: ringer team {team_id}, som ikke ser brukeren"


def _visits(session: Session, known_by: dt.datetime) -> Iterator[str]:
    """Whoever should be out by now has been asked about; whoever has no account any more should be."""
    gone = select(Staff.id).where(Staff.id == StaffVisit.staff_id, Staff.ended_at <= known_by).exists()
    query = select(StaffVisit.id, StaffVisit.expected_end_at).where(
        StaffVisit.ended_at.is_(None),
        or_(StaffVisit.expected_end_at <= known_by, gone),
        StaffVisit.id.not_in(_alerted("staff_overdue")),
        ~_heard_of_since(known_by),
    )
    for visit_id, expected_end_at in session.execute(query):
        yield f"staff_visit {visit_id}: skulle vært ute {expected_end_at}, og ingen er spurt"


def _heard_of_since(known_by: dt.datetime) -> ColumnElement[bool]:
    """Whether an entry of the visit, or the correction of one, came after that."""
    of_visit = aliased(Entry)
    own = select(of_visit.id).where(of_visit.subject_id == StaffVisit.id).correlate(StaffVisit)
    return (
        select(Entry.id)
        .where(Entry.received_at > known_by, or_(Entry.subject_id == StaffVisit.id, Entry.subject_id.in_(own)))
        .exists()
    )


def _alerted(kind: str) -> ColumnElement:
    return select(Alert.subject_id).where(Alert.kind == kind, _UNRESOLVED).scalar_subquery()

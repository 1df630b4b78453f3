"""Which teams the entries give a client to, and for which days; and who sees an alert by that. Reads only.

Invariant (docs/adr/0008, docs/adr/0011): while a client is followed up, or an alert about them rings, a team follows.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fieldapp.domain import access
from fieldapp.domain import following as rules
from fieldapp.domain.alert_states import ABOUT_STAFF, RINGS_ABOUT_CLIENT, State
from fieldapp.domain.following import Days
from fieldapp.domain.norway import day_of
from fieldapp.models import AccessGrant, Alert, ClientTeam, Entry, EntryState, HandOver, Notification, Staff, StaffTeam
from fieldapp.models.access import forbids, running_grants
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.states import body_of, standing
from sync.entry_types import parse_body, types_that

_REGISTERS = types_that(lambda row: row.registers)
_GIVES_A_TEAM = types_that(lambda row: row.gives_team and not row.registers)
_HANDS_OVER = types_that(lambda row: row.points_at == "receiving_team")
_GIVINGS = _REGISTERS | _GIVES_A_TEAM | _HANDS_OVER
"""The entries that give a client to a team."""


@dataclass(frozen=True)
class Past:
    """Days on which a team followed by an entry that was taken back or rewritten since."""

    team_id: uuid.UUID
    days: Days
    until_at: dt.datetime


def team_days(session: Session, client_id: uuid.UUID, today: dt.date) -> tuple[dict[uuid.UUID, Days], set[uuid.UUID]]:
    """The days of every team that has been given the client, and which teams follow today.

    While the client is followed up somebody does, whatever the dates say. Of a client who is not (ended, or registered
    by mistake) a team that an alert rings stays until that has ended, for whoever is rung must see whom it is about.
    """
    days = _given(session, client_id, today)
    client = case_file(session).client(client_id)
    followed_up = client is not None and client.ended_at is None
    following = rules.who_follows(days, today, somebody_must=followed_up)
    if following or followed_up or not (rung := _rung_teams(session, client_id)):
        return days, following
    known = {past.team_id: past.days for past in taken_back(session, client_id)} | days
    following = rung & known.keys() or rules.nearest(known, today)
    return days | {team_id: known[team_id] for team_id in following}, following


def followed_then(
    session: Session, client_id: uuid.UUID, team_ids: Collection[uuid.UUID], at: dt.datetime
) -> list[uuid.UUID]:
    """Those of these teams that followed then by an entry that has been taken back since: what was written meanwhile
    is taken, whichever of the two came first."""
    on = day_of(at)
    pasts = taken_back(session, client_id)
    found = {past.team_id for past in pasts if rules.covers(past.days, on) and at <= past.until_at}
    return sorted(found & set(team_ids))


def taken_back(session: Session, client_id: uuid.UUID) -> list[Past]:
    """What was once given, and is no longer: by entries that were struck, or that say otherwise since."""
    return list(_taken_back(session, client_id))


def sees_alert(staff_id: InstrumentedAttribute[Any], now: dt.datetime) -> ColumnElement[bool]:
    """Whether somebody works here still and sees the alert of the enclosing query, by a team or a grant; the same rule,
    for those who are signed in, is `queries.alerts.unresolved.visible`."""
    member = (
        select(StaffTeam.staff_id)
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .where(StaffTeam.staff_id == staff_id, Staff.ended_at.is_(None), Staff.role.in_(access.TEAM_ROLES))
    )
    # By itself SQLAlchemy correlates with the nearest query only: this one would ask about any alert of the team's.
    follows = (
        select(ClientTeam.team_id)
        .where(ClientTeam.client_id == Alert.client_id, ClientTeam.team_id == StaffTeam.team_id)
        .where(ClientTeam.active.is_(True))
        .correlate(Alert, StaffTeam)
    )
    of_team = or_(Alert.client_id.is_(None), Alert.kind.in_(ABOUT_STAFF))
    by_team = member.where(
        or_(and_(of_team, StaffTeam.team_id == Alert.team_id), and_(~of_team, follows.exists())),
        ~forbids(Alert.client_id, StaffTeam.staff_id, Alert, StaffTeam),
    ).exists()
    granted = (
        select(AccessGrant.id)
        .join(Staff, Staff.id == AccessGrant.staff_id)
        .where(AccessGrant.staff_id == staff_id, AccessGrant.client_id == Alert.client_id, running_grants(now))
        .where(Staff.ended_at.is_(None), Staff.role.in_(access.TEAM_ROLES))
        .where(~forbids(Alert.client_id, AccessGrant.staff_id, Alert, AccessGrant))
    )
    return or_(by_team, and_(~of_team, granted.correlate(Alert, staff_id.class_).exists()))


def exists_for(alert: type[Alert], told: type[Notification]) -> ColumnElement[bool]:
    """Whether the alert of the enclosing query exists for whom its notification is for: no limit of its client's keeps
    them out, or it is about their own safety. True of what is about no client."""
    own = and_(alert.staff_id.is_not(None), alert.staff_id == told.staff_id)
    return or_(own, ~forbids(alert.client_id, told.staff_id, alert, told))


def works_here(staff_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether the person of the enclosing query has an account that has not ended."""
    return select(Staff.id).where(Staff.id == staff_id, Staff.ended_at.is_(None)).exists()


def _given(session: Session, client_id: uuid.UUID, today: dt.date) -> dict[uuid.UUID, Days]:
    """The registering team, then what was said last of each team; and hand-overs of the watch meanwhile."""
    days: dict[uuid.UUID, Days] = {}
    for entry, state in standing(session, *_REGISTERS, client_id=client_id):
        days.setdefault(body_of(entry, state).team_id, (day_of(state.happened_at(entry)), None))
    for entry, state in standing(session, *_GIVES_A_TEAM, client_id=client_id):
        body = body_of(entry, state)
        said_on = day_of(entry.clock_at)
        days[body.team_id] = rules.said_anew(days.get(body.team_id), (body.from_on, body.to_on), said_on)
    # The oldest first, so that the newest of a team's decides.
    hand_overs = case_file(session).rows(HandOver, client_id)
    for hand_over in sorted(hand_overs, key=lambda one: (one.until_at, one.id)):
        meanwhile = day_of(hand_over.asked_at), day_of(hand_over.until_at)
        days[hand_over.to_team_id] = rules.also(days.get(hand_over.to_team_id), meanwhile, today)
    return days


def _taken_back(session: Session, client_id: uuid.UUID) -> Iterator[Past]:
    end = aliased(Entry)
    query = (
        select(Entry, end.clock_at)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(end, or_(end.id == EntryState.struck_by, end.id == EntryState.amended_by))
        .where(EntryState.client_id == client_id, Entry.type.in_(_GIVINGS))
        .order_by(end.clock_at, Entry.id)
    )
    for entry, until_at in session.execute(query):
        body: Any = parse_body(entry.type, entry.body)
        from_on = body.from_on if entry.type in _GIVES_A_TEAM else day_of(entry.clock_at)
        team_id = body.to_team_id if entry.type in _HANDS_OVER else body.team_id
        to_on = min(day_of(until_at), getattr(body, "to_on", None) or day_of(until_at))
        if from_on <= to_on:
            yield Past(team_id, (from_on, to_on), until_at)


def _rung_teams(session: Session, client_id: uuid.UUID) -> set[uuid.UUID]:
    query = select(Alert.team_id).where(
        Alert.client_id == client_id, Alert.kind.in_(RINGS_ABOUT_CLIENT), Alert.state != State.resolved.value
    )
    return set(session.scalars(query))

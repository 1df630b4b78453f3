"""Counts for «fewer and truer alerts» (the rule: domain/truer_alerts.py), and the clients a proposal is about."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from fieldapp.domain import duty as duty_rules
from fieldapp.domain import truer_alerts as rules
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Client, Duty, Staff, StaffTeam, Team
from fieldapp.models.read_log import shown
from fieldapp.queries.alerts.figures import ended_not_logged, ending
from fieldapp.queries.visible import about_hidden, visible_clients

NAMED = 3


@dataclass(frozen=True)
class BusyClient:
    """A client with many alerts: how many, and how many of them because a sighting was not written down."""

    client_id: UUID
    name: str
    alerts: int
    not_logged: int


@dataclass(frozen=True)
class Proposal:
    """What the leader of a team should talk over, and with which clients first."""

    team_id: UUID
    team: str
    reasons: tuple[str, ...]
    load: rules.AlertLoad
    clients: tuple[BusyClient, ...]


def proposals(session: Session, viewer: Viewer, now: dt.datetime) -> list[Proposal]:
    """One for each of a leader's teams whose alerts are too many or too untrue; nobody else gets any."""
    if viewer.role != "leader":
        return []
    teams = session.scalars(select(Team).where(Team.id.in_(viewer.team_ids)).order_by(Team.name, Team.id)).all()
    since = now - rules.LOOKS_BACK
    alerts = _alerts(session, viewer, [team.id for team in teams], since)
    found = []
    for team in teams:
        opened, ended, not_logged = alerts.get(team.id, (0, 0, 0))
        load = rules.AlertLoad(opened, _shifts(session, team, since, now) if opened else 0, ended, not_logged)
        reasons = rules.proposals(load)
        if reasons:
            found.append(Proposal(team.id, team.name, reasons, load, _clients(session, viewer, team.id, since)))
    return found


def _alerts(
    session: Session, viewer: Viewer, team_ids: Collection[UUID], since: dt.datetime
) -> dict[UUID, tuple[int, int, int]]:
    """(opened, ended, not logged) of each team."""
    query = ending(
        select(
            Alert.team_id,
            func.count(),
            func.count(Alert.resolved_at),
            func.count(case((ended_not_logged(), 1))),
        )
    ).where(Alert.team_id.in_(team_ids), Alert.kind == "not_seen", Alert.opened_at >= since)
    query = query.where(~about_hidden(viewer, Alert.client_id))
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query.group_by(Alert.team_id))}


def _shifts(session: Session, team: Team, since: dt.datetime, now: dt.datetime) -> float:
    """Shifts with somebody on duty; without a duty list everybody has them all."""
    if not team.duty_ever_set:
        return _members(session, team.id) * rules.shifts_in(since, now)
    query = select(Duty.from_at, Duty.to_at).where(
        Duty.team_id == team.id, Duty.duty == duty_rules.DUTY, Duty.to_at > since, Duty.from_at < now
    )
    return sum(rules.shifts_in(max(from_at, since), min(to_at, now)) for from_at, to_at in session.execute(query))


def _members(session: Session, team_id: UUID) -> int:
    query = (
        select(func.count())
        .select_from(StaffTeam)
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .where(
            StaffTeam.team_id == team_id,
            Staff.ended_at.is_(None),
            Staff.role.in_(duty_rules.ALWAYS_ON_DUTY_ROLES),
        )
    )
    return session.scalar(query) or 0


def _clients(session: Session, viewer: Viewer, team_id: UUID, since: dt.datetime) -> tuple[BusyClient, ...]:
    """Those with most alerts, of the clients the viewer still sees; one alert is nothing to talk over."""
    count, not_logged = func.count(), func.count(case((ended_not_logged(), 1)))
    query = ending(select(Alert.client_id, count, not_logged)).where(
        Alert.team_id == team_id,
        Alert.kind == "not_seen",
        Alert.opened_at >= since,
        Alert.client_id.in_(visible_clients(viewer)),
    )
    rows = session.execute(query.group_by(Alert.client_id).having(count > 1)).all()
    called = select(Client.id, Client.name).where(Client.id.in_([row[0] for row in rows]))
    names = {client_id: name for client_id, name in session.execute(called)}  # noqa: C416 - rows are not pairs to mypy
    busy = [BusyClient(client_id, names[client_id], *counts) for client_id, *counts in rows]
    found = tuple(sorted(busy, key=lambda one: (-one.alerts, -one.not_logged, one.name))[:NAMED])
    for one in found:
        shown(session, "alert", one.client_id)
    return found

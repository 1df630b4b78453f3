"""Cases and alerts that opened within the period; what stands now: decisions, agreements, reviews, who works here."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from fieldapp.domain.access import TEAM_ROLES
from fieldapp.domain.alert_states import RETRACTED
from fieldapp.domain.norway import day_of
from fieldapp.domain.reports.basis import AlertRow, CaseRow, Decision, Standing, Team
from fieldapp.models import (
    Alert,
    Case,
    EntryState,
    Staff,
    StaffTeam,
    Watch,
)
from fieldapp.models import Standing as Stands
from fieldapp.queries.alerts.figures import course, ending, outcome_by_hand
from fieldapp.queries.json_columns import JsonValue, JsonWithWords
from fieldapp.queries.reports.asked import Asked, Clients, is_counted
from fieldapp.queries.visible import hidden_cases, hidden_entries

REVIEWED = ("risk", "agreement")
"""What stands until a day on which it is to be looked at again."""
UNRESOLVED = "unresolved"


def cases_of(session: Session, asked: Asked, clients: Clients) -> list[CaseRow]:
    """The cases that opened within the period: of a client while a team of these followed, of nobody known theirs."""
    query = select(Case.kind, Case.status, type_coerce(Case.facts, JsonValue()), Case.client_id, Case.opened_at).where(
        or_(Case.client_id.in_(clients.ids), and_(Case.client_id.is_(None), Case.team_id.in_(asked.team_ids))),
        Case.opened_at >= asked.period.begins,
        Case.opened_at < asked.period.ends,
        Case.id.not_in(hidden_cases(asked.viewer)),
    )
    return [
        CaseRow(kind, status, facts)
        for kind, status, facts, client_id, opened_at in session.execute(query)
        if client_id is None or clients.followed.on(client_id, day_of(opened_at))
    ]


def alerts_of(session: Session, asked: Asked) -> list[AlertRow]:
    """The teams' alerts that opened within the period, but for those whose opening was taken back."""
    wanted = (
        Alert.team_id.in_(asked.team_ids),
        Alert.opened_at >= asked.period.begins,
        Alert.opened_at < asked.period.ends,
        Alert.kind != "drill",
        Alert.resolution.is_distinct_from(RETRACTED),
        or_(Alert.client_id.is_(None), is_counted(asked, Alert.client_id)),
    )
    of_each = course(wanted)
    open_at = func.coalesce(of_each.c.open_at, Alert.opened_at, type_=Alert.opened_at.type)
    outcome = func.coalesce(outcome_by_hand(), case((Alert.state == "resolved", Alert.resolution)), UNRESOLVED)
    query = ending(
        select(Alert.kind, outcome, open_at, of_each.c.taken_at).join(of_each, of_each.c.alert_id == Alert.id)
    ).where(*wanted)
    return [
        AlertRow(kind, how, max(0.0, (taken_at - began_at).total_seconds() / 60) if taken_at else None)
        for kind, how, began_at, taken_at in session.execute(query)
    ]


def decisions_of(session: Session, asked: Asked, clients: Clients) -> list[Decision]:
    """The decisions about the teams' clients, each as it stands and until it was ended."""
    query = select(Stands.entry_ids, Stands.ended_entry_id, Stands.client_id).where(
        Stands.client_id.in_(clients.ids), Stands.kind == "decision"
    )
    rows = [(UUID(ids[0]), ended_id, client_id) for ids, ended_id, client_id in session.execute(query)]
    wanted = {id_ for newest, ended_id, _ in rows for id_ in (newest, ended_id) if id_}
    said = select(EntryState.entry_id, type_coerce(EntryState.body, JsonWithWords()).label("body")).where(
        EntryState.entry_id.in_(wanted), EntryState.entry_id.not_in(hidden_entries(asked.viewer))
    )
    bodies = {row.entry_id: row.body for row in session.execute(said)}
    return [
        _decision(client_id, bodies[newest], bodies.get(ended_id) if ended_id else None)
        for newest, ended_id, client_id in rows
        if newest in bodies
    ]


def _decision(client_id: UUID, body: dict[str, Any], ending_body: dict[str, Any] | None) -> Decision:
    ends = [date.fromisoformat(on) for on in (body.get("to_on"), ending_body and ending_body["on"]) if on]
    from_on = date.fromisoformat(body["from_on"])
    return Decision(
        client_id, body["service"].strip(), from_on, min(ends, default=None), body.get("hours"), body.get("per")
    )


def standing_of(session: Session, asked: Asked, clients: Clients) -> Standing:
    """What is missing and what is overdue today, of those the teams follow."""
    today = day_of(asked.now)
    followed = {one for one in clients.ids if clients.followed.on(one, today)} - clients.deceased
    watches = session.execute(
        select(Watch.client_id, Watch.agreed, Watch.mode, Watch.review_on).where(Watch.client_id.in_(followed))
    ).all()
    overdue = session.execute(
        select(Stands.client_id, Stands.kind).where(
            Stands.client_id.in_(followed),
            Stands.kind.in_(REVIEWED),
            Stands.ended_at.is_(None),
            Stands.due_on < today,
        )
    ).all()
    of_watch = sum(row.mode != "off" and row.review_on is not None and row.review_on < today for row in watches)
    return Standing(sum(not row.agreed for row in watches), of_watch + len(overdue))


def team_of(session: Session, asked: Asked) -> Team:
    """How many work in the teams now."""
    query = (
        select(Staff.role, func.count(Staff.id.distinct()))
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(StaffTeam.team_id.in_(asked.team_ids), Staff.ended_at.is_(None), Staff.role.in_(sorted(TEAM_ROLES)))
        .group_by(Staff.role)
    )
    of_role = Counter({role: count for role, count in session.execute(query)})  # noqa: C416 (rows are not pairs to mypy)
    return Team(of_role.total(), of_role["peer"])

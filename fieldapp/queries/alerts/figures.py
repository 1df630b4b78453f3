"""One team's alerts in figures, week by week and step by step. Only totals: no figure is about one employee.

Counted are the alerts that ring; what never rings (absences, deadlines) is a line on I dag. SQL counts and joins; what
engines do differently (medians, weeks of Norwegian time) is done on one slim row per alert of the period.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import figures, opening
from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import DRILL, KINDS, Event, State
from fieldapp.domain.norway import at_wall_time
from fieldapp.models import (
    Alert,
    AlertTransition,
    Client,
    ClientTeam,
    Delivery,
    Entry,
    EntryState,
    Notification,
    Outage,
)
from fieldapp.models.access import listed_clients
from fieldapp.models.alert import HANDED_STEP
from fieldapp.queries.alerts.notified import BEGIN_A_STEP
from fieldapp.queries.visible import about_hidden, hidden_clients

WEEKS = 12
WEEK = dt.timedelta(days=7)
LAST_STEP = 3
RING = tuple(kind for kind, about in KINDS.items() if about.climbs and kind != DRILL)
TAKEN_BACK = ("retracted", "corrected", "mistake")

Wanted = tuple[ColumnElement[bool], ...]
"""Which alerts are counted."""


@dataclass(frozen=True)
class Times:
    """Half took no longer than `median`, nine of ten no longer than `most`; None of fewer than five."""

    count: int
    median: dt.timedelta | None
    most: dt.timedelta | None


@dataclass(frozen=True)
class WeekFigures:
    """The alerts that opened in one week (`total`: in all of them)."""

    monday: dt.date
    alerts: int
    clients: int
    """How many clients the team followed."""
    ended: int
    """Of the `not_seen` ones, how many have ended, and …"""
    not_logged: int
    """… how many of those because the person had been seen and it was not written down, or came in late."""
    taken_back: int
    while_closed: int
    to_taken: Times
    to_seen: Times
    climbed: int
    """Reached the last step, or a new round."""
    outages: int

    @property
    def per_client(self) -> float | None:
        """Alerts for each client the team followed; None when there are too few of either."""
        if self.clients < figures.FEWEST or figures.is_small(self.alerts):
            return None
        return self.alerts / self.clients


@dataclass(frozen=True)
class StepFigures:
    """Of the alerts that came to a step: on how many a phone showed it, and how many were taken in it."""

    step: int
    began: int
    reached: int
    taken: int


@dataclass(frozen=True)
class AlertFigures:
    """Twelve weeks of one team, the newest first."""

    weeks: tuple[WeekFigures, ...]
    total: WeekFigures
    steps: tuple[StepFigures, ...]


@dataclass(frozen=True)
class _Row:
    """One alert of the period. `why_ended`: the outcome of the entry that ended it by hand."""

    kind: str
    state: str
    opened_at: dt.datetime
    due_at: dt.datetime
    resolution: str | None
    open_at: dt.datetime
    while_closed: bool
    taken_at: dt.datetime | None
    top_step: int
    rounds: int
    why_ended: str | None
    seen_at: dt.datetime | None

    @property
    def not_logged(self) -> bool:
        return self.kind == "not_seen" and (self.resolution == "seen_in_time" or self.why_ended == "was_seen")

    @property
    def taken_back(self) -> bool:
        return self.resolution in TAKEN_BACK or self.why_ended == "mistake"


def alert_figures(session: Session, viewer: Viewer, team_id: UUID, today: dt.date) -> AlertFigures:
    """The twelve weeks up to and with this one; alerts by the week they opened in. A client that does not exist for
    whoever looks is in none of the figures."""
    mondays = [today - dt.timedelta(days=today.weekday()) - n * WEEK for n in range(WEEKS)]
    since = _midnight(mondays[-1])
    wanted = _wanted(viewer, team_id, since)
    rows = _rows(session, team_id, wanted)
    followed = _followed(session, viewer, team_id, mondays[-1])
    down = list(session.scalars(select(Outage.heartbeat_at).where(Outage.heartbeat_at >= since)))
    weeks = tuple(_week(monday, rows, followed, down, monday + WEEK) for monday in mondays)
    total = _week(mondays[-1], rows, followed, down, mondays[0] + WEEK)
    return AlertFigures(weeks, total, _steps(session, wanted))


def ended_not_logged() -> ColumnElement[bool]:
    """Whether an alert ended because the person had been seen: told by hand, or by a contact that came in late.

    For a query that joins `ending()`.
    """
    return and_(Alert.kind == "not_seen", or_(Alert.resolution == "seen_in_time", outcome_by_hand() == "was_seen"))


def outcome_by_hand() -> ColumnElement[str | None]:
    """The outcome somebody gave when ending it; null when it ended otherwise. For a query that joins `ending()`."""
    return case((Entry.type == "alert_resolved", EntryState.body["outcome"].as_string()))


def ending(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join the entry that ended the alert, if one did and it stands."""
    ended = and_(
        AlertTransition.alert_id == Alert.id,
        AlertTransition.event == Event.resolved.value,
        AlertTransition.at == Alert.resolved_at,
    )
    return (
        query.outerjoin(AlertTransition, ended)
        .outerjoin(EntryState, and_(EntryState.entry_id == AlertTransition.entry_id, EntryState.struck_by.is_(None)))
        .outerjoin(Entry, Entry.id == EntryState.entry_id)
    )


def course(wanted: Wanted) -> Subquery:
    """What the transitions of each alert come to. An acknowledgement that was undone is none."""
    event, at = AlertTransition.event, AlertTransition.at
    stands = and_(event == Event.acknowledged.value, EntryState.struck_by.is_(None))
    return (
        select(
            AlertTransition.alert_id,
            func.min(case((event == Event.team_opened.value, at)), type_=at.type).label("open_at"),
            func.max(case((event == Event.opened_waiting.value, 1), else_=0)).label("waited"),
            func.min(case((stands, at)), type_=at.type).label("taken_at"),
            func.max(AlertTransition.step).label("top_step"),
            func.max(AlertTransition.round).label("rounds"),
        )
        .join(Alert, Alert.id == AlertTransition.alert_id)
        .outerjoin(EntryState, EntryState.entry_id == AlertTransition.entry_id)
        .where(*wanted)
        .group_by(AlertTransition.alert_id)
        .subquery()
    )


# --- rows ---------------------------------------------------------------------------------------------------------


def _rows(session: Session, team_id: UUID, wanted: Wanted) -> list[_Row]:
    of_each = course(wanted)
    query = ending(
        select(
            Alert.kind,
            Alert.state,
            Alert.opened_at,
            Alert.due_at,
            Alert.resolution,
            func.coalesce(of_each.c.open_at, Alert.opened_at, type_=Alert.opened_at.type).label("open_at"),
            of_each.c.waited,
            of_each.c.taken_at,
            of_each.c.top_step,
            of_each.c.rounds,
            outcome_by_hand().label("why_ended"),
            case((EntryState.degree.in_(("seen", "heard", "reported")), EntryState.contact_at)).label("seen_at"),
        ).join(of_each, of_each.c.alert_id == Alert.id)
    ).where(*wanted)
    closed = _closed_then(session, team_id)
    rows = [_Row(*row) for row in session.execute(query)]
    return [replace(row, while_closed=bool(row.while_closed) or closed(row.opened_at)) for row in rows]


def _closed_then(session: Session, team_id: UUID) -> Callable[[dt.datetime], bool]:
    """Says whether the team was closed at a moment, by the hours it had then.

    An alert that waited was; so was one that rang the duty phone, or a worry that never waits.
    """
    query = (
        select(Entry.clock_at, EntryState.body)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .where(Entry.type == "team_hours_set", Entry.subject_id == team_id, EntryState.struck_by.is_(None))
        .order_by(Entry.clock_at, Entry.id)
    )
    set_at = [
        (at, opening.hours_of(body["hours"], body.get("closed_days") or ())) for at, body in session.execute(query)
    ]

    def closed(at: dt.datetime) -> bool:
        hours = next((hours for since, hours in reversed(set_at) if since <= at), None)
        opens_again = hours is not None and opening.opens_at(hours, at) is not None
        return hours is not None and opens_again and not opening.is_open(hours, at)

    return closed


def _wanted(viewer: Viewer, team_id: UUID, since: dt.datetime) -> Wanted:
    of_team = Alert.team_id == team_id, Alert.opened_at >= since, Alert.kind.in_(RING)
    of_code_6 = and_(Alert.client_id.is_not(None), Alert.client_id.in_(listed_clients()))
    return *of_team, ~about_hidden(viewer, Alert.client_id), ~of_code_6


def _followed(session: Session, viewer: Viewer, team_id: UUID, since: dt.date) -> list[tuple[dt.date, dt.date]]:
    """From when until when the team followed each client."""
    query = (
        select(ClientTeam.from_on, ClientTeam.to_on, Client.ended_at)
        .join(Client, Client.id == ClientTeam.client_id)
        .where(
            ClientTeam.team_id == team_id,
            ClientTeam.client_id.not_in(hidden_clients(viewer)),
            ClientTeam.client_id.not_in(listed_clients()),
            or_(ClientTeam.to_on.is_(None), ClientTeam.to_on >= since),
            or_(Client.ended_at.is_(None), Client.ended_at >= _midnight(since)),
        )
    )
    return [
        (from_on, min(to_on or dt.date.max, ended_at.date() if ended_at else dt.date.max))
        for from_on, to_on, ended_at in session.execute(query)
    ]


# --- figures ------------------------------------------------------------------------------------------------------


def _week(
    monday: dt.date,
    rows: Sequence[_Row],
    followed: Sequence[tuple[dt.date, dt.date]],
    down: Iterable[dt.datetime],
    ends_on: dt.date,
) -> WeekFigures:
    begins, ends = _midnight(monday), _midnight(ends_on)
    mine = [row for row in rows if begins <= row.opened_at < ends]
    ended = [row for row in mine if row.kind == "not_seen" and row.state == State.resolved.value]
    return WeekFigures(
        monday=monday,
        alerts=len(mine),
        clients=sum(1 for from_on, to_on in followed if from_on < ends_on and to_on >= monday),
        ended=len(ended),
        not_logged=sum(row.not_logged for row in ended),
        taken_back=sum(row.taken_back for row in mine),
        while_closed=sum(row.while_closed for row in mine),
        to_taken=_times([row.taken_at - row.open_at for row in mine if row.taken_at]),
        to_seen=_times([row.seen_at - row.open_at for row in ended if row.seen_at and not row.not_logged]),
        climbed=sum(row.top_step >= LAST_STEP or row.rounds > 1 for row in mine),
        outages=sum(begins <= at < ends for at in down),
    )


def _times(lengths: Iterable[dt.timedelta]) -> Times:
    values = [max(length, dt.timedelta(0)) for length in lengths]
    return Times(len(values), figures.percentile(values, 50), figures.percentile(values, 90))


def _steps(session: Session, wanted: Wanted) -> tuple[StepFigures, ...]:
    """An alert counts once in a step, however many rounds it took."""
    alert_in = func.count(AlertTransition.alert_id.distinct())
    by_step = (
        select(AlertTransition.step, alert_in)
        .join(Alert, Alert.id == AlertTransition.alert_id)
        .where(*wanted)
        .group_by(AlertTransition.step)
    )
    began = _counts(session, by_step.where(AlertTransition.event.in_(BEGIN_A_STEP)))
    taken = _counts(session, _first_taken(by_step, wanted))
    reached = _counts(
        session,
        select(Notification.step, func.count(Notification.alert_id.distinct()))
        .join(Delivery, Delivery.notification_id == Notification.id)
        .join(Alert, Alert.id == Notification.alert_id)
        .where(*wanted, Notification.step < HANDED_STEP, Delivery.shown_at.is_not(None))
        .group_by(Notification.step),
    )
    return tuple(StepFigures(step, began[step], reached[step], taken[step]) for step in range(LAST_STEP + 1))


def _first_taken(by_step: Select[int, int], wanted: Wanted) -> Select[int, int]:
    """Narrowed to the acknowledgement that took it first."""
    of_each = course(wanted)
    return by_step.join(
        of_each, and_(of_each.c.alert_id == AlertTransition.alert_id, of_each.c.taken_at == AlertTransition.at)
    ).where(AlertTransition.event == Event.acknowledged.value)


def _counts(session: Session, query: Select[int, int]) -> Counter[int]:
    return Counter({step: count for step, count in session.execute(query)})  # noqa: C416 (rows are not pairs to mypy)


def _midnight(on: dt.date) -> dt.datetime:
    return at_wall_time(on, dt.time(0, 0))

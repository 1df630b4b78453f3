"""Who would be told of an alert, step by step, and when, if it opened at a moment somebody picks.

Reads only, and asks the engine's own TeamsNow at each step's moment, so that what is shown is what would happen.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import escalation
from fieldapp.domain.alert_states import ABOUT_STAFF, KINDS
from fieldapp.domain.channels import PUSH
from fieldapp.models import Staff, Team
from fieldapp.models.alert import FIRST_STEP
from fieldapp.services.alerts.opening_hours import WAIT
from fieldapp.services.alerts.recipients import TeamsNow
from fieldapp.services.notify.notifications import targets_of

_WHO_IS_OUT = uuid.UUID(int=0)
"""Stands for whoever is out: nobody in particular, and in no team."""


@dataclass(frozen=True)
class Recipient:
    """Somebody a step tells, and whether a phone of theirs takes pushes."""

    name: str
    has_phone: bool


@dataclass(frozen=True)
class StepThen:
    """One step: how many minutes after the ladder began, at what time, and who is told.

    `asks_who_is_out`: it asks the person whose safety it is about. `is_reached` False: nobody has any channel it could
    come through, so the next begins at once. `unless_shared`: who is told instead when the team handed to may not see
    the client; None where that makes no difference.
    """

    step: int
    minutes: float
    at: dt.datetime
    people: tuple[Recipient, ...]
    asks_who_is_out: bool
    is_reached: bool
    unless_shared: tuple[str, ...] | None


@dataclass(frozen=True)
class LadderThen:
    """The ladder as it would be climbed; `waits_until_at`: when the team opens, if the alert waits for that.

    `is_closed`: the team is closed when the first step begins. `to_team`: the team it hands over to meanwhile.
    """

    waits_until_at: dt.datetime | None
    is_closed: bool
    to_team: str | None
    steps: tuple[StepThen, ...]


@dataclass(frozen=True)
class _Chosen:
    people: Collection[uuid.UUID]
    alone: Collection[uuid.UUID]
    """Who would be told if the team handed to may not see the client."""
    asks_who_is_out: bool = False


def preview(
    session: Session, team_id: uuid.UUID, kind: str, at: dt.datetime, times: Sequence[float] | None = None
) -> LadderThen:
    """The ladder of an alert opened at `at` about a client without a primary contact, or about somebody of the team.

    `times` are minutes somebody is trying out; the team's own when None. A client's own rule for when the team is
    closed is not known here: the team's counts.
    """
    first = TeamsNow(session, at)
    closed = first.hours.closed(team_id)
    waits_until_at = closed.opens_at if closed and KINDS[kind].waits and closed.when_closed == WAIT else None
    hands_over = closed is not None and waits_until_at is None and closed.to_team_id is not None
    return LadderThen(
        waits_until_at=waits_until_at,
        is_closed=closed is not None and waits_until_at is None,
        to_team=session.get_one(Team, closed.to_team_id).name if closed and hands_over else None,
        steps=tuple(_climb(session, team_id, kind, waits_until_at or at, times or first.times(team_id))),
    )


def _climb(
    session: Session, team_id: uuid.UUID, kind: str, began_at: dt.datetime, times: Sequence[float]
) -> list[StepThen]:
    """Each step by the clock, or with the one before it when nobody there can be reached."""
    minutes = escalation.minutes_of(kind, times)
    steps: list[StepThen] = []
    for step in sorted(escalation.LADDERS[kind].steps):
        # The first step is always at once, whatever the team's first number says.
        at = began_at if step == FIRST_STEP else escalation.step_at(began_at, step, minutes)
        if steps and not steps[-1].is_reached:
            at = steps[-1].at
        chosen = _chosen(TeamsNow(session, at), kind, step, team_id)
        steps.append(_step(session, step, at - began_at, at, chosen))
    return steps


def _chosen(teams: TeamsNow, kind: str, step: int, team_id: uuid.UUID) -> _Chosen:
    if kind in ABOUT_STAFF:
        told = teams.recipients(kind, step, team_id, None, _WHO_IS_OUT)
        colleagues = [one for one in told if one != _WHO_IS_OUT]
        return _Chosen(colleagues, colleagues, _WHO_IS_OUT in told)
    return _Chosen(teams.recipients_of_shared(kind, step, team_id), teams.recipients(kind, step, team_id, None))


def _step(session: Session, step: int, after: dt.timedelta, at: dt.datetime, chosen: _Chosen) -> StepThen:
    names = _names(session, {*chosen.people, *chosen.alone})
    targets = targets_of(session, chosen.people)
    differs = set(chosen.people) != set(chosen.alone)
    return StepThen(
        step=step,
        minutes=after.total_seconds() / 60,
        at=at,
        people=tuple(Recipient(name, bool(targets[id_][PUSH])) for id_, name in names.items() if id_ in chosen.people),
        asks_who_is_out=chosen.asks_who_is_out,
        is_reached=chosen.asks_who_is_out or any(some for channels in targets.values() for some in channels.values()),
        unless_shared=tuple(name for id_, name in names.items() if id_ in chosen.alone) if differs else None,
    )


def _names(session: Session, staff_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """By id, in the order of the names."""
    query = select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)).order_by(Staff.name, Staff.id)
    return {row.id: row.name for row in session.execute(query)}

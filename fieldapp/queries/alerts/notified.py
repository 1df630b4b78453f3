"""Who was told of one alert, step by step and round by round: through what, on how many devices, when each was handed
over and shown, and why the next step began before its time.

The short form, for screens and phones, is in history.py; the rule is in domain/alert_story.py.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import escalation
from fieldapp.domain.alert_story import began_early_because
from fieldapp.models import AlertTransition, Delivery, Notification, Staff, Team
from fieldapp.models.alert import HANDED_STEP, NO_LONGER_HOPED, OVER_STEP

BEGIN_A_STEP = ("opened", "team_opened", "step_began", "round_began")
_BEST_FIRST = ("shown", "handed_over", "pending", "called_off", "given_up", "our_fault", "unreachable")


@dataclass(frozen=True)
class Notified:
    """One person (`name` None: a device with a duty) told once through one channel, and what came of each device."""

    name: str | None
    channel: str
    at: dt.datetime
    devices: tuple[tuple[str, int], ...]
    """(how, count), the best first; empty: no device at all."""
    attempts: int
    handed_over_at: dt.datetime | None
    """The first device it was handed over to …"""
    shown_at: dt.datetime | None
    """… and the first that showed it."""


@dataclass(frozen=True)
class StepStory:
    """One step of one round. `sort`: step · handed · over · other. `early`: why the next step began before its time."""

    sort: str
    step: int
    round: int
    at: dt.datetime
    notified: tuple[Notified, ...]
    early: str | None = None

    @property
    def reached(self) -> bool:
        """Whether anybody's phone showed it."""
        return any(one.shown_at for one in self.notified)


Key = tuple[int, int]
Row = tuple[Notification, str | None, list[Delivery]]
Rows = dict[Key, list[Row]]


def step_stories(session: Session, alert_id: UUID, team_id: UUID) -> list[StepStory]:
    """Every step that began, also those in which there was nobody to tell, and every other message, by time."""
    rows = _rows(session, alert_id)
    times = session.get_one(Team, team_id).escalation or escalation.DEFAULT_STEPS
    began = _began(session, alert_id)
    stories = [
        StepStory(
            "step", *key, at, _all_notified(rows.get(key, ())), _early(rows.get(key, ()), key, at, following, times)
        )
        for (key, at), following in zip(began.items(), [*list(began.items())[1:], None], strict=True)
    ]
    stories += [
        StepStory(_sort(key), *key, found[0][0].created_at, _all_notified(found))
        for key, found in rows.items()
        if key not in began
    ]
    return sorted(stories, key=lambda one: (one.at, one.round, one.step))


def first_shown_at(stories: Iterable[StepStory]) -> dt.datetime | None:
    """When the first phone showed it."""
    return min((one.shown_at for story in stories for one in story.notified if one.shown_at), default=None)


def _sort(key: Key) -> str:
    return {HANDED_STEP: "handed", OVER_STEP: "over"}.get(key[0], "other")


def _began(session: Session, alert_id: UUID) -> dict[Key, dt.datetime]:
    query = (
        select(AlertTransition.step, AlertTransition.round, AlertTransition.at)
        .where(AlertTransition.alert_id == alert_id, AlertTransition.event.in_(BEGIN_A_STEP))
        .order_by(AlertTransition.at, AlertTransition.id)
    )
    began: dict[Key, dt.datetime] = {}
    for step, round_, at in session.execute(query):
        began.setdefault((step, round_), at)
    return began


def _rows(session: Session, alert_id: UUID) -> Rows:
    query = (
        select(Notification, Staff.name, Delivery)
        .outerjoin(Staff, Staff.id == Notification.staff_id)
        .outerjoin(Delivery, Delivery.notification_id == Notification.id)
        .where(Notification.alert_id == alert_id)
        .order_by(Notification.created_at, Staff.name, Notification.id)
    )
    by_id: dict[UUID, Row] = {}
    for notification, name, delivery in session.execute(query):
        devices = by_id.setdefault(notification.id, (notification, name, []))[2]
        devices += [delivery] if delivery is not None else []
    rows: Rows = {}
    for row in by_id.values():
        rows.setdefault((row[0].step, row[0].round), []).append(row)
    return rows


def _all_notified(rows: Iterable[Row]) -> tuple[Notified, ...]:
    return tuple(_notified(*row) for row in rows)


def _notified(notification: Notification, name: str | None, devices: list[Delivery]) -> Notified:
    hows = Counter("shown" if one.shown_at else one.state for one in devices)
    return Notified(
        name=name,
        channel=notification.channel,
        at=notification.created_at,
        devices=tuple((how, hows[how]) for how in sorted(hows, key=_rank)),
        attempts=sum(one.attempts for one in devices),
        handed_over_at=min((one.handed_over_at for one in devices if one.handed_over_at), default=None),
        shown_at=min((one.shown_at for one in devices if one.shown_at), default=None),
    )


def _rank(how: str) -> int:
    return _BEST_FIRST.index(how) if how in _BEST_FIRST else len(_BEST_FIRST)


def _early(
    rows: Sequence[Row],
    key: Key,
    at: dt.datetime,
    following: tuple[Key, dt.datetime] | None,
    times: Sequence[float],
) -> str | None:
    """Only within a round: what begins a new one is no step that came early."""
    if following is None or following[0][1] != key[1] or following[0][0] <= key[0]:
        return None
    devices = [one for _, _, some in rows for one in some]
    planned = dt.timedelta(minutes=times[min(following[0][0], len(times) - 1)] - times[min(key[0], len(times) - 1)])
    return began_early_because(
        following[1] - at,
        planned,
        people=len(rows),
        devices=len(devices),
        hoped=sum(1 for one in devices if one.state not in NO_LONGER_HOPED),
        shown=sum(1 for one in devices if one.shown_at and one.shown_at <= following[1]),
    )

"""The teams' opening hours at one moment, and who watches over a client meanwhile.

Reads every team's hours once: there are few teams, and most questions concern several of them. The rules are in
domain/opening.py.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, null, select, type_coerce
from sqlalchemy.orm import Session

from fieldapp.domain import opening
from fieldapp.models import Alert, TeamHours, Watch

WAIT = "wait"


@dataclass(frozen=True)
class Closed:
    """A team that is closed now: what becomes of what falls due, when it opens, and the team it hands over to."""

    when_closed: str
    opens_at: dt.datetime
    to_team_id: uuid.UUID | None


class OpeningHours:
    """Answers about opening hours at the instant `now`."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._now = now
        self._rows = {row.team_id: row for row in session.scalars(select(TeamHours))}
        self._closed = {team_id: closed for team_id, row in self._rows.items() if (closed := _closed(row, now))}

    def closed(self, team_id: uuid.UUID) -> Closed | None:
        """How a team is closed now; None when it is open, as a team without hours always is."""
        return self._closed.get(team_id)

    def notices(self) -> list[tuple[uuid.UUID, dt.datetime, dt.datetime]]:
        """The teams that close within the hour: (team, when, when it opens again)."""
        found = []
        for team_id, closes in self._closings():
            opens = opening.opens_at(_hours(self._rows[team_id]), closes)
            if closes - opening.NOTICE_BEFORE_CLOSING <= self._now and opens is not None:
                found.append((team_id, closes, opens))
        return found

    def next_notice_at(self) -> dt.datetime | None:
        """The earliest moment still to come at which a team that is open is to be told of its closing."""
        moments = [closes - opening.NOTICE_BEFORE_CLOSING for _, closes in self._closings()]
        return min((at for at in moments if at > self._now), default=None)

    def team_of_watch(self) -> ColumnElement[uuid.UUID]:
        """Whose alert it is if this watch runs out now: the team that has taken it over by name, else its own."""
        return case((is_handed_over(self._now), Watch.handed_to_team_id), else_=Watch.team_id)

    def opens_for_watch(self) -> ColumnElement[dt.datetime | None]:
        """When what runs out now becomes open, for watches that are to wait; SQL NULL for all others."""
        if not self._closed:
            return literal(None, Alert.waits_until_at.type)
        rules = case({team: closed.when_closed for team, closed in self._closed.items()}, value=Watch.team_id)
        at = Alert.waits_until_at.type
        opens = case({team: literal(closed.opens_at, at) for team, closed in self._closed.items()}, value=Watch.team_id)
        waits = and_(
            Watch.team_id.in_(list(self._closed)),
            func.coalesce(Watch.when_closed, rules) == WAIT,
            ~is_handed_over(self._now),
        )
        # Not a CAST: SQLite would make the number 2026 of a date.
        return type_coerce(case((waits, opens), else_=null()), at)

    def _closings(self) -> list[tuple[uuid.UUID, dt.datetime]]:
        found = ((team_id, opening.closes_at(_hours(row), self._now)) for team_id, row in self._rows.items())
        return [(team_id, closes) for team_id, closes in found if closes is not None]


def is_handed_over(now: dt.datetime) -> ColumnElement[bool]:
    """Whether another team has this watch now, taken by name."""
    return and_(
        Watch.handed_to_team_id.is_not(None), Watch.handed_from_at <= now, Watch.handed_until_at > now
    ).self_group()


def team_now(watch: Watch, now: dt.datetime) -> uuid.UUID:
    """The same for one row: whose alert it is now."""
    to_team_id, from_at, until_at = watch.handed_to_team_id, watch.handed_from_at, watch.handed_until_at
    if to_team_id is not None and from_at is not None and until_at is not None and from_at <= now < until_at:
        return to_team_id
    return watch.team_id


def _hours(row: TeamHours) -> opening.Hours:
    return opening.hours_of(row.hours, row.closed_days)


def _closed(row: TeamHours, now: dt.datetime) -> Closed | None:
    opens = opening.opens_at(_hours(row), now)
    return Closed(row.when_closed, opens, row.to_team_id) if opens is not None else None

"""What reports are made from: the period, who was followed when, and slim rows of what has happened.

Times are on the wall clock in Oslo; days are Norwegian days, both ends included.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from fieldapp.domain.following import Days, covers
from fieldapp.domain.norway import at_wall_time

DAY = timedelta(days=1)
LONGEST = timedelta(days=3 * 366)
"""What one report covers at most: it reads as many entries as the period has."""


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    from_on: date
    to_on: date

    @property
    def begins(self) -> datetime:
        """The first instant of it."""
        return at_wall_time(self.from_on, time(0, 0))

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return at_wall_time(self.to_on + DAY, time(0, 0))

    def has(self, on: date) -> bool:
        """Say whether the day is one of its days."""
        return self.from_on <= on <= self.to_on

    def days(self) -> Iterator[date]:
        """Give its days in order."""
        return (self.from_on + n * DAY for n in range((self.to_on - self.from_on).days + 1))

    def weeks(self) -> list[str]:
        """Name the weeks it touches, in order."""
        return list(dict.fromkeys(map(week_of, self.days())))

    def last(self, days: int) -> "Period":
        """Give so many days that end with its last, whatever day it begins."""
        return Period(self.to_on - (days - 1) * DAY, self.to_on)


def week_of(on: date) -> str:
    """Name the ISO week of a day: «2026-W48»."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


class Follows(NamedTuple):
    """The days on which one team follows one client, as it was said."""

    client_id: UUID
    team_id: UUID
    from_on: date
    to_on: date | None


class Followed:
    """Which clients these teams followed on which days.

    What happened before any team followed is the first team's, which registered the client; what happened after the
    end of follow-up is nobody's.
    """

    def __init__(self, follows: Sequence[Follows], team_ids: Iterable[UUID], ended_on: Mapping[UUID, date]) -> None:
        mine, first = frozenset(team_ids), dict[UUID, date]()
        for one in follows:
            first[one.client_id] = min(first.get(one.client_id, one.from_on), one.from_on)
        self._days: dict[UUID, list[Days]] = {}
        self._began: dict[UUID, date] = {}
        for one in follows:
            if one.team_id not in mine:
                continue
            ended = ended_on.get(one.client_id)
            to_on = min((on for on in (one.to_on, ended) if on is not None), default=None)
            from_on = date.min if one.from_on == first[one.client_id] else one.from_on
            self._days.setdefault(one.client_id, []).append((from_on, to_on))
            self._began[one.client_id] = min(self._began.get(one.client_id, one.from_on), one.from_on)

    def on(self, client_id: UUID, day: date) -> bool:
        """Say whether one of the teams followed the client on the day."""
        return any(covers(days, day) for days in self._days.get(client_id, ()))

    def during(self, period: Period) -> set[UUID]:
        """Name the clients that were followed on any of these days, once they were known."""
        return {
            client_id
            for client_id, spans in self._days.items()
            if self._began[client_id] <= period.to_on
            and any(from_on <= period.to_on and (to_on is None or to_on >= period.from_on) for from_on, to_on in spans)
        }

    def began(self, period: Period) -> list[date]:
        """Give the days on which the teams began to follow somebody, those within the period."""
        return [on for on in self._began.values() if period.has(on)]


class Deed(NamedTuple):
    """One entry about somebody who was met, tried or spoken of. `at`: on the wall clock; `body`: its codes and numbers
    as corrected; `minutes_late`: how long after it happened it came."""

    type: str
    client_id: UUID | None
    author_id: UUID
    degree: str
    at: datetime
    minutes_late: int
    body: Mapping[str, Any]

    @property
    def is_visit(self) -> bool:
        """Whether it counts as a visit: somebody who was asked in has not let themselves in."""
        return self.type == "visit_logged" or (self.type == "home_entered" and self.body.get("ground") == "invited")

    @property
    def staff(self) -> set[str]:
        """Everybody who was there."""
        return {str(self.author_id), *(self.body.get("with_staff") or ())}


class BoardStay(NamedTuple):
    """A time without a break that one client was on the teams' board. A day on which none of them followed the client
    is None, as is the end of one that is not over."""

    placed_on: date | None
    removed_on: date | None
    days: int


class CaseRow(NamedTuple):
    """One case that opened within the period, as all that stands of it says."""

    kind: str
    status: str
    facts: Mapping[str, Any]


class AlertRow(NamedTuple):
    """One alert that opened within the period. `outcome`: how it ended; `minutes_to_taken`: from when it was open."""

    kind: str
    outcome: str
    minutes_to_taken: float | None


class Decision(NamedTuple):
    """A decision about a service, while it stands. `hours` as it was written, None without a number."""

    client_id: UUID
    service: str
    from_on: date
    to_on: date | None
    hours: str | None
    per: str | None


@dataclass(frozen=True)
class Standing:
    """What is to be looked at again, today."""

    agreements_missing: int
    reviews_overdue: int


@dataclass(frozen=True)
class Team:
    """How many work in the teams, by their part in it. Heads, not positions."""

    staff: int
    peers: int

"""The duty lists: who takes alerts, week by week in the past, and shift by shift this week and the next."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import Municipality, StaffPlan, TeamPlan
from fieldapp.domain.norway import at_wall_time, day_of, is_working_day
from fieldapp.domain.opening import WEEKDAYS

_WEEK = dt.timedelta(days=7)
_SET_BEFORE = dt.timedelta(days=10)
_CHANGE = dt.time(7, 30)
_DAY_DUTY = (dt.time(8, 0), dt.time(15, 30))
_HOUSE_SHIFTS = ((dt.time(7, 30), dt.time(15, 0)), (dt.time(15, 0), dt.time(22, 30)), (dt.time(22, 30), dt.time(7, 30)))


@dataclass(frozen=True)
class Turn:
    """One person's duty or backup for a team."""

    team: TeamPlan
    staff: StaffPlan
    duty: str
    from_at: dt.datetime
    to_at: dt.datetime
    set_at: dt.datetime

    def covers(self, at: dt.datetime) -> bool:
        """Whether it is on at that moment."""
        return self.from_at <= at < self.to_at


def turns(town: Municipality) -> list[Turn]:
    """Everybody's turns, from the start until the end of next week."""
    monday = day_of(town.now) - dt.timedelta(days=day_of(town.now).weekday())
    first = day_of(town.starts_at) - dt.timedelta(days=day_of(town.starts_at).weekday())
    found: list[Turn] = []
    for team in town.teams:
        for week in range((monday - first).days // 7 + 2):
            starts_on = first + week * _WEEK
            weeks_left = (monday - starts_on).days // 7
            found += _week(town, team, starts_on, weeks_left)
    return found


def _week(town: Municipality, team: TeamPlan, monday: dt.date, weeks_left: int) -> Iterator[Turn]:
    """`weeks_left`: weeks from this one until the present week; 0 is the present."""
    workers = town.members(team, "fieldworker")
    leaders = town.members(team, "leader")
    begins, ends = at_wall_time(monday, _CHANGE), at_wall_time(monday + _WEEK, _CHANGE)
    set_at = max(begins - _SET_BEFORE, town.starts_at + dt.timedelta(minutes=20))
    # Counted from the present week, so that the first of the team is on duty now.
    turn = weeks_left % len(workers)
    soon = weeks_left <= 0
    if team.kind == "staffed_housing" and soon:
        yield from _house(team, workers, monday, set_at)
    else:
        yield Turn(team, workers[turn], "duty", begins, ends, set_at)
        if team.kind == "staffed_housing":
            yield Turn(team, workers[(turn + 1) % len(workers)], "duty", begins, ends, set_at)
        elif soon and len(workers) > 1:
            yield from _days(team, workers, turn, monday, set_at)
    yield Turn(team, leaders[turn % len(leaders)], "backup", begins, ends, set_at)


def _house(team: TeamPlan, workers: list[StaffPlan], monday: dt.date, set_at: dt.datetime) -> Iterator[Turn]:
    rota = itertools.cycle(workers)
    for offset in range(7):
        day = monday + dt.timedelta(days=offset)
        for begins, ends in _HOUSE_SHIFTS:
            last_day = day if ends > begins else day + dt.timedelta(days=1)
            yield Turn(team, next(rota), "duty", at_wall_time(day, begins), at_wall_time(last_day, ends), set_at)


def _days(team: TeamPlan, workers: list[StaffPlan], turn: int, monday: dt.date, set_at: dt.datetime) -> Iterator[Turn]:
    """Beside the person who has the week, somebody has the day."""
    others = itertools.cycle([one for place, one in enumerate(workers) if place != turn])
    for offset in range(7):
        day = monday + dt.timedelta(days=offset)
        if is_working_day(day):
            begins, ends = (at_wall_time(day, wall) for wall in _DAY_DUTY)
            yield Turn(team, next(others), "duty", begins, ends, set_at)


def deeds(town: Municipality, found: list[Turn]) -> Iterator[Deed]:
    """The leaders' entries: opening hours once, and the duties, set well before each week begins."""
    scribe = Scribe(town.dice("duties"))
    yield from _opening_hours(town, scribe)
    for turn in found:
        leader = town.members(turn.team, "leader")[0]
        body = {
            "team_id": str(turn.team.id),
            "staff_id": str(turn.staff.id),
            "duty": turn.duty,
            "from_at": turn.from_at.isoformat(),
            "to_at": turn.to_at.isoformat(),
        }
        yield scribe.deed(turn.set_at, leader, "duty_set", body)


def _opening_hours(town: Municipality, scribe: Scribe) -> Iterator[Deed]:
    """The teams that go home have somebody on the phone meanwhile, and the house to hand over to."""
    house = next((team for team in town.teams if team.kind == "staffed_housing"), None)
    for team in town.teams:
        if team is not house:
            body = {
                "team_id": str(team.id),
                "hours": {day: [["08:00", "15:30"]] for day in WEEKDAYS[:5]},
                "when_closed": "on_call",
                "to_team_id": str(house.id) if house else None,
            }
            set_at = town.starts_at + dt.timedelta(minutes=15)
            yield scribe.deed(set_at, town.members(team, "leader")[0], "team_hours_set", body)

"""A house with everybody the ladder knows, for tests of alerts."""

import datetime as dt
import uuid
from dataclasses import dataclass

from fieldapp.models import TeamHours
from sync.ids import uuid7
from tests._scene import NOON, Scene, minutes, seconds


@dataclass
class House(Scene):
    """A primary contact and a colleague on duty, a leader off duty, one on backup; and one overdue client."""

    def furnish(self) -> "House":
        self.team_id = self.team()
        self.primary = self.person(self.team_id, on="duty")
        self.colleague = self.person(self.team_id, on="duty")
        self.leader = self.person(self.team_id, "leader")
        self.backup = self.person(self.team_id, on="backup")
        self.client_id = self.client(self.team_id, primary=self.primary)
        return self


EVENING = NOON + minutes(8 * 60)
OPENS = dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC)
"""NOON is a Monday; then the next morning's 08:00 in Oslo."""


def office_hours(scene: Scene, team_id: uuid.UUID, when_closed: str, to_team_id: uuid.UUID | None = None) -> None:
    """The team works weekdays 08:00-15:30."""
    hours = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    said = {"hours": hours, "shifts": {}, "closed_days": [], "when_closed": when_closed, "to_team_id": to_team_id}
    with scene.database.transaction() as session:
        session.add(TeamHours(team_id=team_id, set_by_entry_id=uuid7(), **said))


def open_and_show(house: House) -> None:
    house.tick(NOON)
    house.receipt(house.primary, NOON + seconds(5))


def climb_with_receipts(house: House, until: float) -> None:
    """Every minute a tick, every phone showing what it was sent."""
    for minute in range(1, int(until) + 1):
        now = NOON + minutes(minute)
        house.climb(now)
        for person in (house.primary, house.colleague, house.leader, house.backup):
            house.receipt(person, now)

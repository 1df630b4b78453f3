"""A house with everybody the ladder knows, for tests of alerts."""

from dataclasses import dataclass

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

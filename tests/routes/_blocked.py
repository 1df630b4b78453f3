"""A town with a colleague who is to be blocked from one client, for the tests of what that means."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from fieldapp.models import Alert, Notification
from sync.ids import uuid7
from tests._push_service import Phone
from tests._world import Person, TeamOfWorld, World

SEEN = {"outcome": "seen", "place": "home"}
HOURLY = {"watch": {"mode": "interval", "interval_minutes": 60}}
UNKNOWN = str(uuid7())
"""No client has this id."""


@dataclass
class Town:
    """Alice leads, Bob is to be blocked from Kari, Cato sees all. Even is there for comparison."""

    world: World
    team: TeamOfWorld
    alice: Person
    bob: Person
    cato: Person
    kari: str
    even: str
    phones: dict[str, Phone] = field(default_factory=dict)

    def block(self, who: Person | None = None, by: Person | None = None, client: str | None = None) -> None:
        body = {"staff_id": (who or self.bob).id, "reason": "nær familie"}
        (by or self.alice).log("staff_blocked", body, client=client or self.kari)

    def unblock(self) -> None:
        self.alice.log("staff_unblocked", {"staff_id": self.bob.id, "reason": "feil person"}, client=self.kari)

    def duty(self, *people: Person) -> None:
        now = self.world.clock.now()
        for person in people:
            times = {"from_at": now.isoformat(), "to_at": now.replace(year=now.year + 1).isoformat()}
            body = {"team_id": self.team.id, "staff_id": person.id, "duty": "duty"} | times
            self.alice.log("duty_set", body, client=None)

    def told(self, kind: str | None = None) -> dict[str, int]:
        """How many notifications each person has of alerts about Kari."""
        query = select(Notification.staff_id).join(Alert, Alert.id == Notification.alert_id)
        query = query.where(Alert.client_id == uuid.UUID(self.kari))
        if kind:
            query = query.where(Notification.kind == kind)
        with self.world.database.reading() as session:
            ids = [str(one) for one in session.scalars(query)]
        return {person.name: ids.count(person.id) for person in (self.alice, self.bob, self.cato) if person.id in ids}


def build(world: World) -> Town:
    team = world.team("Team Nord")
    alice = world.staff("leader", team, name="Alice")
    bob, cato = world.staff("fieldworker", team, name="Bob"), world.staff("fieldworker", team, name="Cato")
    kari = alice.register("Kari Nordmann", team, **HOURLY)
    even = alice.register("Even Eksempel", team)
    return Town(world, team, alice, bob, cato, kari, even)


def verdict(person: Person, *entry: dict) -> tuple[str, str | None, str | None]:
    found = person.sync(*entry)["results"][-1]
    return found["verdict"], found.get("code"), found.get("field")

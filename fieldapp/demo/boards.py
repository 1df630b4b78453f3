"""Who the ACT and FACT teams have up on their boards, and why: about one client in five, moved and taken down as weeks
go by."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from fieldapp.demo.deeds import Deed, Scribe
from fieldapp.demo.people import ClientPlan, Municipality, TeamPlan
from fieldapp.demo.stories import whole
from fieldapp.domain.norway import at_wall_time, day_of

_KINDS = ("fact", "act")
_WHY = (
    ("crisis", ["crisis", "suicide_risk"], "Sove om natta og spise hver dag", "sover tre netter på rad"),
    ("tight", ["medication"], "Depot i rett tid", "depot er tatt to ganger på rad"),
    ("new", ["new"], "Bli kjent med to i teamet", "kriseplanen er laget"),
    ("hard_to_reach", ["hard_to_reach", "housing_at_risk"], "Møte personen hjemme én gang", "vi har møttes tre ganger"),
    ("away", ["admitted"], "Plan for hjemkomst er klar", "første uka hjemme er gått"),
    ("tight", ["lar", "somatic"], "Hente LAR selv", "LAR er hentet fjorten dager på rad"),
    ("crisis", ["overdose"], "Ingen nye overdoser", "tretti dager er gått"),
    ("other", ["life_event"], "Komme gjennom begravelsen", "vi har snakket sammen etterpå"),
)
_ONE_IN = 5
_MOST = 8


class Boards:
    """The boards of one municipality."""

    def __init__(self, town: Municipality) -> None:
        self.town = town
        self.scribe = Scribe(town.dice("boards"))
        self.dice = self.scribe.dice
        self.today = day_of(town.now)

    def deeds(self) -> Iterator[Deed]:
        """Everything, team by team."""
        for team in self.town.teams:
            if team.kind in _KINDS:
                yield from self._of_team(team)

    def _of_team(self, team: TeamPlan) -> Iterator[Deed]:
        staff = self.town.members(team, "fieldworker")
        clients = [one for one in self.town.clients_of(team) if one.ended_at is None]
        for client, (column, reasons, goal, down_when) in zip(clients[::_ONE_IN][:_MOST], _WHY, strict=False):
            if staff:
                said = {"reasons": reasons, "goal": goal, "down_when": down_when, "team_id": str(team.id)}
                yield from whole(self.town, self._one(client, self.dice.choice(staff), column, said))

    def _one(self, client: ClientPlan, author: Any, column: str, said: dict[str, Any]) -> Iterator[Deed]:
        days_ago = self.dice.randint(3, 16)
        yield self._placed(client, author, days_ago, "crisis" if self.dice.chance(0.3) else column, said)
        if self.dice.chance(0.5):
            yield self._placed(client, author, max(days_ago - 7, 1), column, said)

    def _placed(self, client: ClientPlan, author: Any, days_ago: int, column: str, said: dict[str, Any]) -> Deed:
        on = self.today - dt.timedelta(days=days_ago)
        body = said | {"column": column, "review_on": str(on + dt.timedelta(days=14))}
        at = at_wall_time(on, dt.time(8, self.dice.randint(35, 55)))
        return self.scribe.deed(at, author, "board_placed", body, client=client)

"""One thing somebody does and logs, before it is an entry: who, when, about whom, and what."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from fieldapp.demo.dice import Dice
from fieldapp.demo.people import ClientPlan, StaffPlan, TeamPlan
from fieldapp.domain.norway import OSLO


@dataclass(frozen=True)
class Deed:
    """An entry to be; `prompt` ones are sent at once, the others when the round is done."""

    id: uuid.UUID
    at: dt.datetime
    author: StaffPlan
    type: str
    body: dict[str, Any]
    client: ClientPlan | None = None
    case_id: uuid.UUID | None = None
    team: TeamPlan | None = None
    prompt: bool = False

    def element(self, device_seq: int) -> dict[str, Any]:
        """The entry as a phone would send it."""
        return {
            "id": str(self.id),
            "device_seq": device_seq,
            "type": self.type,
            "version": 1,
            "client_id": _text(self.client.id if self.client else None),
            "case_id": _text(self.case_id),
            "team_id": _text(self.team.id if self.team else None),
            "occurred_at": self.at.astimezone(OSLO).isoformat(),
            "time_chosen": False,
            "clock_offset_ms": 0,
            "body": self.body,
        }


class Scribe:
    """Writes deeds with one pair of dice, so that their ids follow from the seed."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    def deed(self, at: dt.datetime, author: StaffPlan, type_: str, body: dict[str, Any], **about: Any) -> Deed:
        """One deed; `about` are the other fields of Deed."""
        return Deed(self.dice.id_at(at), at, author, type_, body, **about)


def _text(value: uuid.UUID | None) -> str | None:
    return str(value) if value else None

"""What the next shift is told: since when, whom first, and what is said aloud. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from fieldapp.domain.norway import at_wall_time, day_of

KINDS = ("crisis", "alert", "note", "concern", "absence", "missed", "reminder", "task")
"""What is handed over, the most urgent first."""
SPOKEN = 12
"""How many clients are said aloud: ten seconds each are two minutes."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happening:
    """One thing the next shift must know. `what`: the id of the alert, case, entry or task it is."""

    kind: str
    client_id: UUID | None
    client: str
    at: datetime
    words: str
    detail: str = ""
    what: UUID | None = None
    important: bool = False

    @property
    def rank(self) -> int:
        """How early it stands; what somebody called important comes first of all."""
        return -1 if self.important else KINDS.index(self.kind)


@dataclass(frozen=True)
class ClientBlock:
    """All that is told of one client (of the team alone: without one), the most urgent first."""

    client_id: UUID | None
    client: str
    happenings: tuple[Happening, ...]


def since_last_shift(now: datetime, shifts: Mapping[str, tuple[time, time]]) -> datetime:
    """When the shift before the one that is on began; with none on, the one that ended last. Without shifts a day."""
    spans = sorted(_spans(now, shifts))
    begun = [span for span in spans if span[0] <= now]
    if not begun:
        return now - _DAY
    is_on = begun[-1][1] > now
    before = begun[:-1] if is_on else begun
    return before[-1][0] if before else now - _DAY


def _spans(now: datetime, shifts: Mapping[str, tuple[time, time]]) -> Iterable[tuple[datetime, datetime]]:
    today = day_of(now)
    for back in range(3):
        day = today - back * _DAY
        for begins, ends in shifts.values():
            last = day if ends > begins else day + _DAY
            yield at_wall_time(day, begins), at_wall_time(last, ends)


def blocks(happenings: Iterable[Happening]) -> list[ClientBlock]:
    """By client: who has the most urgent first, then whom something happened to last."""
    of_each: dict[UUID | None, list[Happening]] = {}
    for one in happenings:
        of_each.setdefault(one.client_id, []).append(one)
    found = [
        ClientBlock(client_id, them[0].client, tuple(sorted(them, key=lambda one: (one.rank, -one.at.timestamp()))))
        for client_id, them in of_each.items()
    ]
    return sorted(found, key=lambda one: (one.happenings[0].rank, -_latest(one), one.client))


def _latest(block: ClientBlock) -> float:
    return max(one.at.timestamp() for one in block.happenings)


def spoken(of_clients: Sequence[ClientBlock]) -> tuple[list[Happening], int]:
    """What is said aloud: of each client the first thing, of at most twelve; and how many are left to read."""
    first = [block.happenings[0] for block in of_clients]
    return first[:SPOKEN], max(0, len(first) - SPOKEN)

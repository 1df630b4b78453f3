"""When a read of client content is a row of the read log, and what the row says: pure rules.

Invariant: whatever of a client is shown is in a row, or in a row of the same person, client and surface less than an
hour old. Leaves the rows, their chain and who reads to models/read_log.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

SURFACES = ("phone", "office", "api", "print")
"""Where it was shown."""
TRANSFERRED, OPENED = "transferred", "opened"
"""Sent to a screen or phone among others; looked at by itself."""
KINDS = (TRANSFERRED, OPENED)
RESTORED = "restored"
"""Of the row that `restore` writes: no read, but a gap with a name."""
TEAM, GRANT, EMERGENCY, INNSYN = "team", "grant", "emergency", "innsyn"
GROUNDS = (TEAM, GRANT, EMERGENCY, "own_entry", INNSYN)
"""Why the person may see it."""
ONCE_AN_HOUR = timedelta(hours=1)

WHOLE = "all"
"""In `What`: all that a phone keeps of the client, in place of ids. Since when (the entries received from then on),
until when, and the number of the change log it goes up to. Entries are never changed, so this names them as well as a
list would, and a first sync of a month is a line and not a thousand ids."""
What = dict[str, list[str]]
"""Kinds and ids; the kind `client`, the card itself, has no ids."""


@dataclass
class Seen:
    """What is shown of one client. `is_fresh`: surely nothing the person was shown before; False: look in the log.
    `only_own`: beside the card nothing but what the person wrote themselves, echoed to their phone."""

    things: dict[str, set[str]] = field(default_factory=dict)
    is_opened: bool = False
    is_fresh: bool = False
    only_own: bool = False
    whole: list[str] | None = None
    """As under WHOLE."""

    def add(self, kind: str, ids: Iterable[str]) -> None:
        self.things.setdefault(kind, set()).update(ids)


def due(seen: Seen, before: Iterable[tuple[str, Mapping[str, Iterable[str]]]]) -> What | None:
    """What a row must say of this, given the rows (kind, what) of the last hour; None when it needs none.

    A row of the kind `opened` stands for a transfer too, never the other way round.
    """
    wanted = OPENED if seen.is_opened else TRANSFERRED
    rows = [(kind, what) for kind, what in before if kind in (OPENED, wanted)]
    if seen.whole is not None:
        return {WHOLE: seen.whole}
    if not rows:
        return _said(seen.things)
    if seen.only_own:
        return None
    known: dict[str, set[str]] = {}
    for _, what in rows:
        for kind, ids in what.items():
            known.setdefault(kind, set()).update(ids)
    new = {kind: ids - known.get(kind, set()) for kind, ids in seen.things.items()}
    return _said({kind: ids for kind, ids in new.items() if ids or kind not in known}) or None


def _said(things: Mapping[str, Iterable[str]]) -> What:
    return {kind: sorted(ids) for kind, ids in sorted(things.items())}


MANY_CLIENTS = 15
"""Opened by one person within an hour: more than a round of visits or a meeting asks for."""
NEAR_A_DUTY = timedelta(hours=2)


@dataclass(frozen=True)
class Opened:
    """Somebody opened a client."""

    staff_id: UUID
    client_id: UUID
    at: datetime
    ground: str
    has_duties: bool
    """The team has a duty list, so that being far from a duty means something."""


@dataclass(frozen=True)
class Question:
    """Something to ask about, never a verdict: many_clients far_from_duty emergency. `at`: the first of them."""

    what: str
    staff_id: UUID
    at: datetime
    clients: int
    client_id: UUID | None
    """When it is about one."""


Span = tuple[datetime, datetime]


def questions(opened: Iterable[Opened], duties: Mapping[UUID, Iterable[Span]]) -> list[Question]:
    """What is worth asking about these openings, the newest first."""
    by_person: dict[UUID, list[Opened]] = {}
    for one in sorted(opened, key=lambda one: one.at):
        by_person.setdefault(one.staff_id, []).append(one)
    found = []
    for staff_id, of_person in by_person.items():
        found += _many(of_person)
        found += _far(of_person, list(duties.get(staff_id, ())))
        found += [_question("emergency", [one]) for one in of_person if one.ground == "emergency"]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _many(of_person: list[Opened]) -> list[Question]:
    """One question for each hour in which so many were opened."""
    found, start = [], 0
    while start < len(of_person):
        hour = [one for one in of_person[start:] if one.at <= of_person[start].at + ONCE_AN_HOUR]
        if len({one.client_id for one in hour}) >= MANY_CLIENTS:
            found.append(_question("many_clients", hour))
            start += len(hour)
        else:
            start += 1
    return found


def _far(of_person: list[Opened], duties: list[Span]) -> list[Question]:
    """One question for each day on which clients were opened far from any duty of the person's."""
    far = [
        one
        for one in of_person
        if one.has_duties and not any(begin - NEAR_A_DUTY <= one.at <= end + NEAR_A_DUTY for begin, end in duties)
    ]
    by_day: dict[object, list[Opened]] = {}
    for one in far:
        by_day.setdefault(one.at.date(), []).append(one)
    return [_question("far_from_duty", of_day) for of_day in by_day.values()]


def _question(what: str, of_it: list[Opened]) -> Question:
    clients = {one.client_id for one in of_it}
    return Question(what, of_it[0].staff_id, of_it[0].at, len(clients), clients.pop() if len(clients) == 1 else None)

"""When a read of client content is a row of the read log, and what the row says: pure rules.

Invariant: whatever of a client is shown is in a row, or in a row of the same person, client and surface less than an
hour old. Leaves the rows, their chain and who reads to models/read_log.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

SURFACES = ("phone", "office", "api", "print")
"""Where it was shown."""
TRANSFERRED, OPENED = "transferred", "opened"
"""Sent to a screen or phone among others; looked at by itself."""
KINDS = (TRANSFERRED, OPENED)
RESTORED = "restored"
"""Of the row that `restore` writes: no read, but a gap with a name."""
GROUNDS = ("team", "grant", "emergency", "own_entry", "innsyn")
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

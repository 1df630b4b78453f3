"""The elements of a request as the door judges them: opened where they came sealed, with what proves their author.

Owns the opening and the proof of each; what is then made of them is for ingest.py.

Invariant: the key inside a sealed element proves the author of that element and of no other.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.models import Staff
from fieldapp.services.people import devices, keys, sessions
from sync import sealed
from sync.envelope import Envelope, judge_element
from sync.refusals import Refused


@dataclass(frozen=True)
class Element:
    """One element: `raw` as it came in clear, or as it came out of its seal."""

    raw: Any
    refusal: Refused | None = None
    """It does not open: `raw` is then what came, and nothing else is known of it."""
    came_sealed: bool = False
    key: str | None = None
    """What its author proves themselves with, inside the seal."""
    author: Viewer | None = None
    """Who has proven so to have written it, with the rights they have now."""
    was_right: bool = False
    """The key was right once: of an earlier generation, of somebody or a device whose access has ended, or of before a
    restore. Then it is taken, and confirmed by somebody."""

    def envelope(self) -> Envelope:
        """The entry in it. Raises Refused."""
        if self.refusal is not None:
            raise self.refusal
        return judge_element(self.raw)

    @property
    def is_trusted(self) -> bool:
        """Whether its own key lets it in, whoever brings it."""
        return self.author is not None or self.was_right

    @property
    def author_id(self) -> uuid.UUID | None:
        """Who it says has written it."""
        named = self.raw.get("author_id") if isinstance(self.raw, dict) else None
        try:
            return uuid.UUID(named) if isinstance(named, str) else None
        except ValueError:
            return None


def open_all(session: Session, secret_key: str, entries: Sequence[Any]) -> list[Element]:
    """The elements of a request, opened. One read of the keys when any is sealed; nothing is proven yet."""
    named = sealed.key_ids(entries)
    private_keys = keys.private_sealing_keys(session, secret_key, named) if named else {}
    return [_open(entry, private_keys) if sealed.is_sealed(entry) else Element(entry) for entry in entries]


def prove(
    session: Session,
    secret_key: str,
    device_id: uuid.UUID,
    elements: Sequence[Element],
    reader: Viewer | None,
    now: dt.datetime,
) -> list[Element]:
    """The same elements, with whose each has been proven to be. Whoever is signed in needs no key for their own."""
    known: dict[tuple[uuid.UUID, str], Element] = {}
    proven = []
    for element in elements:
        author_id = element.author_id
        if element.key is None or author_id is None or (reader is not None and author_id == reader.staff_id):
            proven.append(element)
            continue
        if (author_id, element.key) not in known:
            known[author_id, element.key] = _judge(session, secret_key, device_id, author_id, element.key, now)
        found = known[author_id, element.key]
        proven.append(replace(element, author=found.author, was_right=found.was_right))
    return proven


def _open(entry: dict[str, Any], private_keys: dict[str, bytes]) -> Element:
    try:
        found = sealed.opened(entry, private_keys)
    except Refused as refusal:
        return Element(entry, refusal, came_sealed=True)
    return Element(found.raw, came_sealed=True, key=found.author_key)


def _judge(
    session: Session, secret_key: str, device_id: uuid.UUID, author_id: uuid.UUID, key: str, now: dt.datetime
) -> Element:
    if devices.proves(session, secret_key, device_id, author_id, key):
        return Element(None, author=sessions.viewer_of(session, session.get_one(Staff, author_id), now))
    return Element(None, was_right=devices.was_right(session, secret_key, device_id, author_id, key))

"""Unique strings in every field in which people write, of clients of each protection level: what is searched for."""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from fieldapp.models.change import newest_seq
from sync.entry_types import ENTRY_TYPES
from sync.fields import body_fields
from sync.ids import uuid7
from tests._bodies import example
from tests._world import Person, World

LEVELS = ("none", "code7", "code6")
_LINE = 100
_FIELDS = body_fields()


class Canaries:
    """Gives out the strings, and remembers them: `words`, by where each was written."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self._numbers = itertools.count(100)

    def one(self, where: str) -> str:
        """A string that stands nowhere else, of letters alone so that a phone number or name may be it."""
        number = next(self._numbers)
        word = "Kanari" + "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "fugl"
        self.words[word] = where
        return word

    def found_in(self, data: bytes | str) -> dict[str, str]:
        """Those that stand in it, as they are or in the two bytes a letter that browsers and databases use, too."""
        raw = data.encode() if isinstance(data, str) else data
        return {
            word: where
            for word, where in self.words.items()
            if word.encode() in raw or word.encode("utf-16-le") in raw or word.encode("utf-16-be") in raw
        }

    def in_body(self, entry_type: str, given: dict[str, Any], level: str) -> dict[str, Any]:
        """A body of this type, with a string of its own in each field that takes words."""
        body = example(entry_type, given)
        for name, limits in _FIELDS[entry_type].items():
            if limits.get("max", 0) >= _LINE and isinstance(body.get(name), str):
                body[name] = self.one(f"{level} {entry_type}.{name}")
        return body


def card(canaries: Canaries, level: str) -> dict[str, str]:
    """Name, alias, address and phone of a client."""
    return {name: canaries.one(f"{level} {name}") for name in ("name", "alias", "address", "phone")}


def registered(person: Person, canaries: Canaries, level: str, **body: Any) -> str:
    """A client of this level with a card of strings, not protected yet; the id."""
    fields = card(canaries, level)
    return person.register(fields.pop("name"), **fields, birth_year=1980, **body)


def protect(world: World, leader: Person, client: str, level: str, *listed: Person) -> None:
    """Set the level, and who alone sees a client of code 6."""
    if level == "none":
        return
    with world.database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(client))
    leader.log("client_updated", {"base_seq": seq, "fields": {"protected": level}}, client=client)
    if level == "code6":
        leader.log("client_access_listed", {"staff_ids": [one.id for one in listed]}, client=client)


_LEFT_OUT = frozenset(
    name
    for name, row in ENTRY_TYPES.items()
    if row.registers
    or row.merges
    or row.limits
    or row.follow_up
    or row.gives_team
    or row.card == "fields"
    or row.about == "team"
)
"""What would end the following, or take the client from those who are to use it."""


def every_type(
    person: Person, canaries: Canaries, client: str, level: str, ids: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """An entry of each type about the client, with strings in all its words. `ids`: what they name, and their cases."""
    absence_id, visit_id = str(uuid7()), str(uuid7())
    for name, row in ENTRY_TYPES.items():
        if name in _LEFT_OUT:
            continue
        body = canaries.in_body(name, {"absence_id": absence_id, "visit_id": visit_id} | ids, level)
        case = str(uuid7()) if row.opens_case else ids["cases"].get(row.case) if row.case else None
        if row.opens_case and row.case:
            ids["cases"][row.case] = case
        about = client if row.about != "subject" else None
        yield person.entry(name, body, client=about, case=case, team_id=None)

"""A request comes to the same whether its entries are in clear, sealed or some of each: verdicts and tables."""

import json
import random
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.models import DeviceStaff, Staff
from fieldapp.services.entries import elements, ingest
from fieldapp.services.people import devices, keys
from sync import sealing
from sync.envelope import SyncRequest, Verdict
from tests.services.entries.test_ingest_statements import counted
from tests.services.entries.test_together_or_apart import NOW, PHONE, START, Entries, House, Request, each_apart

SECRET = "the secret of this installation"


def test_sealed_in_clear_or_mixed_comes_to_the_same(
    database: Database, engine: str, rounds: Callable[[int, int], int]
) -> None:
    house = SealedHouse(database)
    for n in range(rounds(10, 300) if engine == "sqlite" else rounds(3, 60)):
        request = Request(house, random.Random(n)).entries
        in_clear = house.outcome(in_clear_, request)
        for way in (all_sealed, some_sealed, sealed_and_apart):
            assert house.outcome(way, request) == in_clear, f"request {n}, {way.__name__}"


def test_what_sealing_asks_of_the_database_does_not_grow(database: Database) -> None:
    house = SealedHouse(database)

    def more(times: int) -> int:
        """How many statements more than in clear."""
        body = {"outcome": "seen", "place": "home"}
        visits = [house.entry("nord", "visit_logged", house.clients[0], NOW, **body) for _ in range(times)]
        counts = []
        for way in (in_clear_, all_sealed):
            with counted(database) as statements:
                house.outcome(way, visits)
            counts.append(len(statements))
        return counts[1] - counts[0]

    assert more(3) == more(60) <= 6, "the key, and what proves one author"


def in_clear_(house: House, request: Entries) -> list[Verdict]:
    return sealed_house(house).receive_as(request, lambda _: False)


def all_sealed(house: House, request: Entries) -> list[Verdict]:
    return sealed_house(house).receive_as(request, lambda _: True)


def some_sealed(house: House, request: Entries) -> list[Verdict]:
    return sealed_house(house).receive_as(request, lambda number: number % 2 == 0)


def sealed_and_apart(house: House, request: Entries) -> list[Verdict]:
    sealed_house(house).receive = all_sealed.__get__(house)  # type: ignore[method-assign]
    try:
        return each_apart(house, request)
    finally:
        del house.receive  # type: ignore[method-assign]


def sealed_house(house: House) -> "SealedHouse":
    assert isinstance(house, SealedHouse)
    return house


class SealedHouse(House):
    """The same house with keys: privacy's session delivers for everybody else, with keys outside or inside."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        with self._transaction() as session:
            self.public = sealing.decode(keys.ensure(session, SECRET, START).sealing.public_key)
            self.key_id = sealing.key_id(self.public)
            self.keys = {
                str(person.staff_id): self._delivery_key(session, person.staff_id)
                for name, person in self.people.items()
                if name != "privacy"
            }

    def receive_as(self, request: Entries, is_sealed: Callable[[int], bool]) -> list[Verdict]:
        """Keys stand outside only where an entry in clear needs them."""
        sealed = [is_sealed(number) for number in range(len(request))]
        fresh = [self._sealed(one) if seal else one for seal, one in zip(sealed, request, strict=True)]
        asked = SyncRequest(protocol=1, device_id=PHONE, sent_at=NOW, unsent_after=0, entries=fresh)
        viewer = self.people["privacy"]
        others = {person.staff_id: person for person in self.people.values() if person is not viewer}
        session = self._session
        assert session is not None
        opened = elements.open_all(session, SECRET, json.loads(json.dumps(fresh)))
        judged = elements.prove(session, SECRET, PHONE, opened, viewer, NOW)
        return ingest.receive(session, asked, viewer, {} if all(sealed) else others, NOW, elements=judged)

    def _sealed(self, entry: Any) -> Any:
        """What has no id to bind it to goes in clear."""
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            return entry
        inner = {name: value for name, value in entry.items() if name != "device_seq"}
        if (key := self.keys.get(entry.get("author_id", ""))) is not None:
            inner["author_key"] = key
        aad = sealing.entry_aad(entry["id"])
        text = sealing.seal(self.public, sealing.ENTRY_INFO, aad, json.dumps(inner).encode())
        return {"id": entry["id"], "device_seq": entry["device_seq"], "key_id": self.key_id, "sealed": text}

    def _delivery_key(self, session: Session, staff_id: uuid.UUID) -> str:
        presence = DeviceStaff(device_id=PHONE, staff_id=staff_id, generation=1, signed_in_at=START)
        session.add(presence)
        session.flush()
        return devices._key(SECRET, presence, session.get_one(Staff, staff_id))

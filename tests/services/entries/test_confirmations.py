"""What waits to be confirmed is answered once, whoever presses at the same time, and taken once, whatever arrives."""

import concurrent.futures
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError, Rejected
from fieldapp.models import Entry, SetAside
from fieldapp.services.entries import confirmations, ingest
from fieldapp.services.entries.elements import Element
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest
from sync.ids import uuid7

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PHONE = uuid.uuid4()


class Ward:
    """A team with a leader and somebody who has left, and one entry of theirs that waits."""

    def __init__(self, database: Database) -> None:
        self.database, self.client = database, str(uuid7())
        with database.transaction() as session:
            team = accounts.add_team(session, "Nord", "act", (0, 15, 30, 45), NOW)
            self.leader, self.vera = (
                Viewer(accounts.add_staff(session, name, name, role, [team], None, NOW).id, role, frozenset({team}))
                for name, role in (("leder", "leader"), ("vera", "fieldworker"))
            )
        registered = self.entry("client_registered", {"name": "Kari", "team_id": str(team)})
        assert self.receive(registered, viewer=self.leader) == "accepted"
        self.visit = self.entry("visit_logged", {"outcome": "seen", "place": "home"})
        self.visit["author_id"] = str(self.vera.staff_id)
        assert self.receive(self.visit, was_right=True) == "deferred"
        with database.reading() as session:
            self.kept = session.scalars(select(SetAside.id).where(SetAside.claimed_by == self.vera.staff_id)).one()

    def entry(self, type_: str, body: dict[str, Any]) -> dict[str, Any]:
        made = {"id": str(uuid7()), "device_seq": 1, "type": type_, "version": 1, "client_id": self.client}
        return made | {"occurred_at": NOW.isoformat(), "body": body}

    def receive(self, entry: dict[str, Any], viewer: Viewer | None = None, *, was_right: bool = False) -> str:
        asked = SyncRequest(protocol=1, device_id=PHONE, sent_at=NOW, unsent_after=0, entries=[entry])
        element = Element(entry, came_sealed=True, was_right=was_right)

        def work() -> str:
            with self.database.transaction() as session:
                verdicts = ingest.receive(session, asked, viewer, {}, NOW, elements=[element])
                return verdicts[0].verdict

        return self.database.again(work)

    def answer(self, how: Callable[..., None]) -> str:
        def work() -> str:
            with self.database.transaction() as session:
                how(session, self.kept, self.leader.staff_id, NOW)
            return how.__name__

        try:
            return self.database.again(work)
        except AppError as error:
            return error.code

    def taken(self) -> int:
        with self.database.reading() as session:
            mine = select(func.count()).select_from(Entry).where(Entry.id == uuid.UUID(self.visit["id"]))
            return session.scalars(mine).one()


@pytest.fixture
def ward(database: Database) -> Ward:
    return Ward(database)


def test_answers_at_the_same_time_are_one_answer(ward: Ward) -> None:
    asked = [confirmations.confirm, confirmations.decline] * 3
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        said = list(pool.map(ward.answer, asked))
    assert sorted(said)[-5:] == ["not_found"] * 5
    (first,) = [one for one in said if one != "not_found"]
    assert ward.taken() == (first == "confirm")


def test_confirmed_while_its_author_sends_it_it_is_taken_once(ward: Ward) -> None:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        offers = [pool.submit(ward.receive, ward.visit, ward.vera) for _ in range(3)]
        answered = pool.submit(ward.answer, confirmations.confirm)
    assert answered.result() == "confirm"
    assert {offer.result() for offer in offers} <= {"accepted", "duplicate"}
    assert ward.taken() == 1
    assert ward.receive(ward.visit, was_right=True) == "duplicate"


def test_other_words_under_its_id_are_no_duplicate(ward: Ward) -> None:
    assert ward.answer(confirmations.confirm) == "confirm"
    other = ward.visit | {"body": {"outcome": "no_answer", "place": "home"}}
    assert ward.receive(other, was_right=True) == "rejected"


def test_whom_nobody_knows_after_a_restore_cannot_be_confirmed(ward: Ward) -> None:
    unknown = ward.visit | {"id": str(uuid7()), "author_id": str(uuid.uuid4())}
    assert ward.receive(unknown, was_right=True) == "deferred"
    with ward.database.reading() as session:
        ward.kept = session.scalars(select(SetAside.id).where(SetAside.entry_id == uuid.UUID(unknown["id"]))).one()
    with pytest.raises(Rejected):
        ward.answer(confirmations.confirm)

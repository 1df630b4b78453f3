"""How much the write door asks of the database: by the table, not by the entry."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.services.entries import ingest
from sync.envelope import SyncRequest
from sync.ids import uuid7
from tests._world import World

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


PHONE = uuid.uuid4()


@pytest.fixture
def town(world: World) -> "Town":
    return Town(world)


def test_a_hundred_visits_take_no_more_than_forty(town: "Town") -> None:
    visits = town.about_each("visit_logged", {"outcome": "seen", "place": "home"})
    assert town.statements(visits) <= 40


@pytest.mark.parametrize("what", ["registrations", "edits", "agreements", "new_texts", "retractions", "duties"])
def test_a_hundred_take_hardly_more_than_ten(town: "Town", what: str) -> None:
    entries = getattr(town, what)()
    few, many = town.statements(entries[:10]), town.statements(entries[10:])
    assert many <= 60
    assert many - few <= 6  # of the change log, which is written two hundred at a time


class Town:
    """A team with a leader and a hundred and ten clients."""

    def __init__(self, world: World) -> None:
        self.world, self.team = world, world.team()
        self.leader = world.staff("leader", self.team)
        self._viewer = Viewer(uuid.UUID(self.leader.id), "leader", frozenset({uuid.UUID(self.team.id)}))
        self.clients: list[str] = []
        registrations = self.registrations()
        self.statements(registrations)
        self.clients = [entry["client_id"] for entry in registrations]

    def statements(self, entries: list[dict[str, Any]]) -> int:
        """Send these in one request; how many statements it took."""
        request = SyncRequest(protocol=1, device_id=PHONE, sent_at=NOW, unsent_after=0, entries=entries)
        with counted(self.world.database) as statements, self.world.database.transaction() as session:
            verdicts = ingest.receive(session, request, self._viewer, {}, NOW)
        assert {verdict.verdict for verdict in verdicts} == {"accepted"}, verdicts
        return len(statements)

    def about_each(self, type_: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        return [self.leader.entry(type_, body, client=client) for client in self.clients]

    def registrations(self) -> list[dict[str, Any]]:
        body = {"name": "Bruker", "team_id": self.team.id}
        return [self.leader.entry("client_registered", body, client=str(uuid7())) for _ in range(110)]

    def edits(self) -> list[dict[str, Any]]:
        return self.about_each("client_updated", {"base_seq": 0, "fields": {"phone": "900 00 000"}})

    def agreements(self) -> list[dict[str, Any]]:
        return self.about_each(
            "watch_set", {"mode": "interval", "interval_minutes": 2880, "counts": ["seen"], "reason": "avtalt"}
        )

    def new_texts(self) -> list[dict[str, Any]]:
        return self._corrections({"what": "text", "body": {"note": "Ny tekst."}})

    def retractions(self) -> list[dict[str, Any]]:
        return self._corrections({"what": "retracted"})

    def _corrections(self, what: dict[str, Any]) -> list[dict[str, Any]]:
        visits = self.about_each("visit_logged", {"outcome": "seen", "place": "home"})
        self.statements(visits)
        body = {"reason": "Feil."} | what
        return [self.leader.entry("entry_corrected", body | {"entry_id": visit["id"]}) for visit in visits]

    def duties(self) -> list[dict[str, Any]]:
        starts = [NOW + dt.timedelta(days=n) for n in range(110)]
        spans = [{"from_at": at.isoformat(), "to_at": (at + dt.timedelta(hours=8)).isoformat()} for at in starts]
        body = {"team_id": self.team.id, "staff_id": self.leader.id, "duty": "duty"}
        return [self.leader.entry("duty_set", body | span) for span in spans]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)

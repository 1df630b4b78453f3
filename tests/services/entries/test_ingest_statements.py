"""How much the write door asks of the database: by the table, not by the entry."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.services.entries import ingest
from sync.envelope import SyncRequest
from tests._world import Person, World

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def test_a_hundred_visits_take_no_more_statements_than_ten(world: World) -> None:
    bob = world.staff("fieldworker", team := world.team())
    viewer = Viewer(uuid.UUID(bob.id), "fieldworker", frozenset({uuid.UUID(team.id)}))
    clients = [bob.register(f"Bruker {n}") for n in range(100)]
    send(world, bob, viewer, clients)
    few, many = (send(world, bob, viewer, clients[:count]) for count in (10, 100))
    assert many <= 40
    assert many - few <= 4  # of the change log, which is written two hundred at a time


def send(world: World, bob: Person, viewer: Viewer, clients: list[str]) -> int:
    """One request with a visit to each of these; the statements it took."""
    entries = [bob.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=client) for client in clients]
    request = SyncRequest(protocol=1, device_id=uuid.uuid4(), sent_at=NOW, unsent_after=0, entries=entries)
    with counted(world.database) as statements, world.database.transaction() as session:
        verdicts = ingest.receive(session, request, viewer, {}, NOW)
    assert {verdict.verdict for verdict in verdicts} == {"accepted"}
    return len(statements)


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

"""How often the database is asked: as often for a team of many as for a team of few."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from fieldapp.domain.access import Viewer
from fieldapp.domain.reports.basis import Period
from fieldapp.queries.reports import read
from fieldapp.queries.reports.asked import Asked
from tests._world import Person, World

MOST_OF_ALL, MOST_OF_ONE = 15, 6


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET")):
            said.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    yield said
    event.remove(world.database.engine, "before_cursor_execute", note)


def asked(alice: Person) -> Asked:
    team_ids = frozenset({uuid.UUID(alice.teams[0].id)})
    period = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    return Asked(
        Viewer(uuid.UUID(alice.id), "leader", team_ids), team_ids, period, dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    )


def live(alice: Person, clients: int) -> None:
    for n in range(clients):
        kari = alice.register(f"Bruker {n}")
        alice.log("visit_logged", {"outcome": "seen", "place": "home", "duration_min": 5}, client=kari)
        body = {"decision_id": str(uuid.uuid4()), "service": "x", "ground": "treatment", "from_on": "2026-11-20"}
        alice.log("decision_recorded", body, client=kari)
        alice.log("crisis_opened", {"kind": "fire"}, client=kari, case=str(uuid.uuid4()))


def test_as_many_statements_for_many_as_for_few(world: World) -> None:
    alice = world.staff("leader", world.team("Nord"), name="Alice")
    told = []
    for clients in (1, 6):
        live(alice, clients)
        with world.database.deciding() as session:
            session.connection()
            with counted(world) as said:
                read.all_reports(session, asked(alice))
            told.append(said)
            for name in read.REPORTS:
                with counted(world) as said:
                    read.report(session, asked(alice), name)
                assert len(said) <= MOST_OF_ONE, name
    few, many = told
    assert len(few) == len(many) <= MOST_OF_ALL, sorted({*few} ^ {*many})


@pytest.mark.engines("sqlite")
def test_deeds_are_a_range_of_an_index_and_not_every_visit_there_ever_was(world: World) -> None:
    """SQLite has no statistics, so its plan is the same however much there is."""
    alice = world.staff("leader", world.team("Nord"), name="Alice")
    live(alice, 1)
    plans: list[str] = []

    def note(connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "contact_at >=" in statement and not statement.startswith("EXPLAIN"):
            plans.append(str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()))

    event.listen(world.database.engine, "before_cursor_execute", note)
    with world.database.deciding() as session:
        read.report(session, asked(alice), "fidelity_act")
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert len(plans) == 3
    assert all("SEARCH entry_state USING INDEX ix_entry_state_contact" in plan for plan in plans)

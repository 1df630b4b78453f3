"""A thousand random changes by hand, all at once: `verify` names each of them, and never stops at the first."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Row, create_engine, delete, insert, select, update

from fieldapp.cli import _copies
from fieldapp.models import Alert, Entry, EntryState, Staff, StaffTeam
from fieldapp.models.ciphered import as_stored
from fieldapp.services.operations.verify import differences
from tests._scene import SECRET
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")

CHANGES = 1_000
ALERTS, PEOPLE = 40, 60
ENTRY, STATE = (as_stored(table.__table__)[0] for table in (Entry, EntryState))  # type: ignore[arg-type]
"""As they lie there: whoever tampers has no keys."""
ALERT, STAFF, MEMBER = Alert.__table__, Staff.__table__, StaffTeam.__table__
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("seed", [11, 12])
def test_each_of_a_thousand_changes_is_named(world: World, seed: int) -> None:
    dice = random.Random(seed)
    fill(world)
    with _copies.temporary_copy(world.database, SECRET) as copy, _copies.scratch(copy) as session:
        assert list(differences(session, world.clock.now(), 10)) == []
    with _copies.temporary_copy(world.database, SECRET) as copy:
        with create_engine(copy.engine.url).begin() as connection:  # as any tool would: no keys are held to
            touched = tamper(connection, dice)
        assert len(touched) >= CHANGES
        with _copies.scratch(copy) as session:
            said = "\n".join(differences(session, world.clock.now(), 10))
    unnamed = [(what, str(id_)) for id_, what in touched.items() if str(id_) not in said]
    assert unnamed == []


def fill(world: World) -> None:
    """Visits of forty clients by two people, crises that ring, and colleagues."""
    team, other = world.team("Nord"), world.team("Sør")
    alice = world.staff("leader", team, other, name="Alice")
    for number in range(PEOPLE):
        world.staff("fieldworker", team, name=f"Kollega {number}")
    clients = [alice.register(f"Bruker {number}", team) for number in range(ALERTS)]
    visits = [visit(alice, clients[number % len(clients)], number) for number in range(CHANGES)]
    for start in range(0, len(visits), 100):
        assert {one["verdict"] for one in alice.sync(*visits[start : start + 100])["results"]} == {"accepted"}
    for client in clients:
        alice.log("concern_raised", {"reason": "Svarer ikke", "urgency": "now"}, client=client)


def visit(person: Person, client: str, number: int) -> dict[str, Any]:
    body = {"outcome": "seen", "place": "home", "note": f"notat {number}"}
    return person.entry("visit_logged", body, client=client)


def tamper(connection: Connection, dice: random.Random) -> dict[uuid.UUID, str]:
    """What was changed, by the id that must be named, and how."""
    touched: dict[uuid.UUID, str] = {}
    people = connection.execute(select(STAFF.c.id).where(STAFF.c.name.like("Kollega%"))).scalars().all()
    for number, staff_id in enumerate(people):
        touched[staff_id] = _of_person(connection, staff_id, number)
    alerts = connection.execute(select(ALERT.c.id)).scalars().all()
    for number, alert_id in enumerate(alerts):
        touched[alert_id] = _of_alert(connection, alert_id, number)
    rows = list(connection.execute(select(ENTRY).where(ENTRY.c.type == "visit_logged").order_by(ENTRY.c.id)))
    dice.shuffle(rows)
    while rows and len(touched) < CHANGES:
        row = rows.pop()
        how = dice.choice(list(_OF_ENTRY))
        others = [rows.pop()] if how == "swap" and rows else []
        _OF_ENTRY[how](connection, row, others[0] if others else row)
        touched |= dict.fromkeys([row.id, *(one.id for one in others)], how)
    return touched


def _of_person(connection: Connection, staff_id: uuid.UUID, number: int) -> str:
    if number % 3 == 0:
        connection.execute(update(STAFF).where(STAFF.c.id == staff_id).values(role="leader"))
        return "role"
    if number % 3 == 1:
        connection.execute(delete(MEMBER).where(MEMBER.c.staff_id == staff_id))
        return "membership taken"
    teams = set(connection.execute(select(MEMBER.c.team_id)).scalars())
    mine = set(connection.execute(select(MEMBER.c.team_id).where(MEMBER.c.staff_id == staff_id)).scalars())
    connection.execute(insert(MEMBER).values(staff_id=staff_id, team_id=min(teams - mine)))
    return "membership given"


def _of_alert(connection: Connection, alert_id: uuid.UUID, number: int) -> str:
    """Ended, put off or climbed without a transition that says so."""
    values: dict[str, Any] = ({"state": "resolved"}, {"state": "snoozed"}, {"step": 1}, {"round": 7})[number % 4]
    connection.execute(update(ALERT).where(ALERT.c.id == alert_id).values(**values))
    return f"alert {values}"


def _set(**values: Callable[[Row[Any], Row[Any]], Any]) -> Callable[[Connection, Row[Any], Row[Any]], None]:
    def change(connection: Connection, row: Row[Any], other: Row[Any]) -> None:
        new = {name: make(row, other) for name, make in values.items()}
        connection.execute(update(ENTRY).where(ENTRY.c.id == row.id).values(**new))

    return change


def _swap(connection: Connection, row: Row[Any], other: Row[Any]) -> None:
    """Each says what the other said, with the seal of what it says."""
    for one, two in ((row, other), (other, row)):
        said = {"body": two.body, "content_key": two.content_key, "seal": two.seal}
        connection.execute(update(ENTRY).where(ENTRY.c.id == one.id).values(**said))


def _take_out(connection: Connection, row: Row[Any], _: Row[Any]) -> None:
    """With what it counts as, so that nothing points at it."""
    connection.execute(delete(STATE).where(STATE.c.entry_id == row.id))
    connection.execute(delete(ENTRY).where(ENTRY.c.id == row.id))


def _rename(connection: Connection, row: Row[Any], _: Row[Any]) -> None:
    connection.execute(update(ENTRY).where(ENTRY.c.id == row.id).values(id=uuid.uuid4()))


_OF_ENTRY: dict[str, Callable[[Connection, Row[Any], Row[Any]], None]] = {
    "author": _set(author_id=lambda row, _: uuid.uuid4()),
    "time": _set(clock_at=lambda row, _: row.clock_at - HOUR),
    "when it came": _set(received_at=lambda row, _: row.received_at + HOUR),
    "content key": _set(content_key=lambda row, _: bytes(32)),
    "body": _set(body=lambda row, _: row.body | {"note": json.dumps(row.body)}),
    "another client": _set(client_id=lambda row, _: uuid.uuid4()),
    "type": _set(type=lambda row, _: "call_logged"),
    "no seal": _set(seal=lambda row, _: None),
    "swap": _swap,
    "taken out": _take_out,
    "another id": _rename,
}

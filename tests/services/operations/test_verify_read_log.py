"""Whatever is done to the read log behind Sett's back is found, up to its last anchor; and what is not done is not."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.models import ReadLog
from fieldapp.models.read_log import COLUMNS, LOG_IN_SESSION, Line, LogSetup, append, mac_of, seal_of_head, unguard
from fieldapp.services.audit import anchors
from fieldapp.services.operations.verify_read_log import Told, broken_log

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
ROWS, EVERY = 60, 20
TEXTS = ("kind", "role", "employer", "ground", "surface", "what")
IDS = ("staff_id", "team_id", "device_id", "client_id", "report_id")
TIMES = ("at", "from_at", "to_at")

Tamper = Callable[[Connection, random.Random], object]


@pytest.fixture
def told(database: Database, tmp_path: Path) -> Told:
    """A log of sixty rows, told of outside after every twentieth; and what it is held against."""
    setup = LogSetup.of(type("", (), {"secret_key": "one secret", "read_log_anchors": tmp_path / "anchors"}))
    for number in range(ROWS):
        with Session(database.engine, info={LOG_IN_SESSION: setup}) as session:
            append(session, [line(number)])
            if (number + 1) % EVERY == 0:
                anchors.write(session, "rows", NOW)
            session.commit()
    return Told(setup.key, anchors.read(tmp_path / "anchors", setup.key))


def line(number: int) -> Line:
    at = NOW + dt.timedelta(minutes=number)
    ids = [uuid.UUID(int=number + start).hex for start in (100, 200, 300, 400)]
    what = json.dumps({"entry": [str(uuid.UUID(int=number))]})
    staff, team, device, client = ids
    return Line("opened", at, at, None, staff, "leader", team, "kommunen", "team", "office", device, client, None, what)


def look(connection: Connection, told: Told) -> list[str]:
    with Session(connection) as session:
        return list(broken_log(session, told))


@pytest.fixture
def scratch(database: Database, told: Told) -> Iterator[Connection]:
    """A connection on which anything may be done: nothing of it is kept."""
    with database.engine.connect() as connection:
        unguard(connection)
        yield connection
        connection.rollback()


def test_a_log_that_nobody_touched_is_whole(scratch: Connection, told: Told) -> None:
    assert look(scratch, told) == []
    assert look(scratch, Told(told.key)) == []


def edit(connection: Connection, dice: random.Random) -> None:
    column = dice.choice([*TEXTS, *IDS, *TIMES, "mac"])
    seq = dice.randint(1, ROWS)
    values: dict[str, Any] = {
        "text": f"x{dice.random()}",
        "id": uuid.UUID(int=dice.getrandbits(128)),
        "time": NOW - dt.timedelta(seconds=dice.randint(1, 10**8)),
        "mac": dice.randbytes(32),
    }
    kind = "text" if column in TEXTS else "id" if column in IDS else "time" if column in TIMES else "mac"
    change = ReadLog.__table__.update().where(ReadLog.seq == seq)
    connection.execute(change.values({column: values[kind]}))


def cut_out(connection: Connection, dice: random.Random) -> None:
    first = dice.randint(1, ROWS - 1)
    run(connection, f"DELETE FROM read_log WHERE seq BETWEEN {first} AND {dice.randint(first, ROWS - 1)}")


def cut_tail(connection: Connection, dice: random.Random) -> None:
    """And put the head back as it was then, for who has kept a copy of it."""
    seq = dice.randint(0, ROWS - 1)
    run(connection, f"DELETE FROM read_log WHERE seq > {seq}")
    put_head_back(connection, seq, b"one secret" if dice.random() < 0.5 else b"another")


def cut_tail_and_number_the_head(connection: Connection, dice: random.Random) -> None:
    seq = dice.randint(0, ROWS - 1)
    run(connection, f"DELETE FROM read_log WHERE seq > {seq}")
    run(connection, f"UPDATE read_log_head SET seq = {seq}")


def swap(connection: Connection, dice: random.Random) -> None:
    one, other = dice.sample(range(1, ROWS + 1), 2)
    run(connection, f"UPDATE read_log SET seq = -1 WHERE seq = {one}")
    run(connection, f"UPDATE read_log SET seq = {one} WHERE seq = {other}")
    run(connection, f"UPDATE read_log SET seq = {other} WHERE seq = -1")


def rewrite(connection: Connection, dice: random.Random) -> None:
    """From some row on all is made anew, chained and with a head, by somebody who has not got the key."""
    first, key = dice.randint(1, ROWS), dice.randbytes(32)
    mac = connection.execute(text(f"SELECT mac FROM read_log WHERE seq = {first - 1}")).scalar() or bytes(32)
    for seq in range(first, ROWS + 1):
        row = line(seq + 1000)
        mac = mac_of(key, mac, seq, row)
        values = dict(zip(COLUMNS, (seq, *row, mac), strict=True))
        values |= {name: uuid.UUID(values[name]) for name in IDS if values[name]}
        connection.execute(ReadLog.__table__.update().where(ReadLog.seq == seq).values(values))
    seal = seal_of_head(key, ROWS, mac)
    connection.execute(text("UPDATE read_log_head SET mac = :mac, seal = :seal"), {"mac": mac, "seal": seal})


def insert_copy(connection: Connection, dice: random.Random) -> None:
    names = ", ".join(COLUMNS[1:])
    seq = ROWS + dice.randint(1, 3)
    run(connection, f"INSERT INTO read_log (seq, {names}) SELECT {seq}, {names} FROM read_log WHERE seq = 7")


def renumber(connection: Connection, dice: random.Random) -> None:
    """Take one out and close the gap."""
    seq = dice.randint(1, ROWS - 1)
    run(connection, f"DELETE FROM read_log WHERE seq = {seq}")
    for later in range(seq + 1, ROWS + 1):
        run(connection, f"UPDATE read_log SET seq = {later - 1} WHERE seq = {later}")
    run(connection, "UPDATE read_log_head SET seq = seq - 1")


def change_head(connection: Connection, dice: random.Random) -> None:
    column = dice.choice(["seq", "mac", "seal"])
    value: Any = dice.randint(0, ROWS - 1) if column == "seq" else dice.randbytes(32)
    connection.execute(text(f"UPDATE read_log_head SET {column} = :value"), {"value": value})


def start_over(connection: Connection, _: random.Random) -> None:
    run(connection, "DELETE FROM read_log")
    connection.execute(
        text("UPDATE read_log_head SET seq = 0, mac = :mac, seal = :seal"), {"mac": bytes(32), "seal": b""}
    )


def put_head_back(connection: Connection, seq: int, secret: bytes) -> None:
    key = LogSetup.of(type("", (), {"secret_key": secret.decode()})).key
    mac = connection.execute(text(f"SELECT mac FROM read_log WHERE seq = {seq}")).scalar() or bytes(32)
    seal = seal_of_head(key, seq, mac)
    values = {"seq": seq, "mac": mac, "seal": seal}
    connection.execute(text("UPDATE read_log_head SET seq = :seq, mac = :mac, seal = :seal"), values)


def run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


TAMPERS: tuple[Tamper, ...] = (
    edit, edit, edit, cut_out, cut_tail, cut_tail_and_number_the_head, swap, rewrite, insert_copy, renumber,
    change_head, start_over,
)  # fmt: skip


@pytest.mark.engines("sqlite")
def test_a_thousand_meddlings_are_all_found(scratch: Connection, told: Told, rounds: Callable[[int, int], int]) -> None:
    dice = random.Random(11)
    for number in range(rounds(1000, 20_000)):
        tamper = dice.choice(TAMPERS)
        with scratch.begin_nested() as savepoint:
            tamper(scratch, dice)
            assert look(scratch, told), f"{number}: {tamper.__name__}"
            savepoint.rollback()


@pytest.mark.parametrize("tamper", sorted(set(TAMPERS), key=lambda one: one.__name__))
def test_each_kind_is_found_on_both_engines(scratch: Connection, told: Told, tamper: Tamper) -> None:
    tamper(scratch, random.Random(1))
    assert look(scratch, told)


@pytest.mark.parametrize("tamper", [edit, cut_out, swap, rewrite, insert_copy, renumber, cut_tail_and_number_the_head])
@pytest.mark.engines("sqlite")
def test_without_any_anchor_all_is_found_but_an_old_head_put_back(
    scratch: Connection, told: Told, tamper: Tamper
) -> None:
    for seed in range(20):
        with scratch.begin_nested() as savepoint:
            tamper(scratch, random.Random(seed))
            assert look(scratch, Told(told.key)), seed
            savepoint.rollback()


@pytest.mark.engines("sqlite")
def test_one_finding_hides_no_other(scratch: Connection, told: Told) -> None:
    for seq in (5, 25, 50):
        run(scratch, f"UPDATE read_log SET role = 'admin' WHERE seq = {seq}")
    run(scratch, "DELETE FROM read_log WHERE seq = 40")
    run(scratch, "UPDATE read_log SET at = 'i går' WHERE seq = 12")
    run(scratch, "UPDATE read_log SET mac = 'x' WHERE seq = 58")
    found = "\n".join(look(scratch, told))
    for named in ("rad 5 er endret", "rad 25 er endret", "rad 50 er endret", "rad 40 til 40 mangler", "rad 12 har"):
        assert named in found
    assert "'x'" in found or "rad 58" in found


@pytest.mark.engines("sqlite")
def test_a_changed_anchor_is_found(scratch: Connection, told: Told, tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0].replace('"seq":20', '"seq":19'), "tull", lines[2]]) + "\n")
    found = look(scratch, Told(told.key, anchors.read(file, told.key)))
    assert [one for one in found if "linje 1 er endret" in one]
    assert [one for one in found if "linje 2 lar seg ikke lese" in one]


@pytest.mark.engines("sqlite")
def test_a_log_under_another_secret_is_another_log(scratch: Connection, told: Told) -> None:
    other = LogSetup.of(type("", (), {"secret_key": "another"})).key
    assert len(look(scratch, Told(other))) == ROWS + 1


def test_the_database_itself_refuses_to_change_or_delete_a_row(database: Database, told: Told) -> None:
    statements = ["UPDATE read_log SET role = 'admin'", "DELETE FROM read_log"]
    if not database.is_sqlite:
        statements.append("TRUNCATE read_log")
    for statement in statements:
        with database.engine.connect() as connection, pytest.raises(Exception, match="never changed"):
            connection.execute(text(statement))

"""`fieldapp verify` finds what was changed by hand: every column of every table, or the reason why it can't.

One story fills the tables; then each column is edited, each row deleted, and a row put in, one of each table at a time.
"""

import datetime as dt
import itertools
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, UniqueConstraint, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.cli import _copies
from fieldapp.domain.access import Viewer
from fieldapp.models import Base, Entry, InnsynStep, Passkey, RecordStep, Staff, StaffIdentity, TextReview
from fieldapp.models.ciphered import as_stored
from fieldapp.models.seal import checksum
from fieldapp.services.entries import partner_links
from fieldapp.services.operations import backup
from fieldapp.services.operations.verify import differences
from fieldapp.services.people import grants, keys
from sync.ids import uuid7
from tests._scene import SECRET
from tests._world import Person, World

SEALED = (
    "entry",
    "staff",
    "staff_team",
    "team",
    "partner_link",
    "passkey",
    "staff_identity",
    "access_grant",
    "innsyn_step",
    "record_step",
    "text_review",
)
TABLES = {table.name: table for table in Base.metadata.sorted_tables}

NOT_VERIFIABLE = {
    "account_event": "tells a person what happened to their account; it decides nothing",
    "closing_notice": "says only that a list was sent before closing; the next closing has a row of its own",
    "calendar_link": "opens a list of who is on duty, and nothing of clients; whoever writes the row can read the list",
    "cursor_epoch": "random; another one makes every phone fetch all anew, which harms nobody",
    "delivery": "what was sent, and what became of it, is known to the push service and the phone alone",
    "destroyed_key": "its key is gone all the same; without the row, words lie under a key that is not there",
    "device_staff": "who is signed in where is said by phones, and ends with a sign-in",
    "emergency_asked": "who asked for nødtilgang, and how often; what it gave is a sealed grant",
    "ended_session": "follows from nothing; without it the phone behind the session locks instead of emptying itself",
    "failed_sign_in": "lives for a day, and follows from nothing",
    "former_member": "follows from nothing; it lets in what somebody wrote before they left a team, and shows nothing",
    "heartbeat": "written anew at every tick",
    "morning_digest": "says only that a digest was sent; the next morning has a row of its own",
    "login_session": "lives for some hours, follows from nothing, and is listed for its person under Mine enheter",
    "meeting_draft": "what somebody types while a meeting lasts; it decides nothing, and is gone when it is entered",
    "meeting_note": "as meeting_draft",
    "notification": "who is told follows from who was on duty then; what became of it is in the alert's own story",
    "operator_alarm": "raised again as long as its cause lasts",
    "outage": "says only that people were told",
    "read_log": "nothing may change or delete a row: test_verify_read_log.py takes the trigger away first",
    "read_log_head": "as read_log",
    "secret_key": "held against the secret by every process at its start, and by doctor",
    "sight_lost": "says who may no longer see; the phones of whoever is missing are told at the next change of teams",
    "used_challenge": "lives for some minutes, and follows from nothing",
    "stored_file": "follows from nothing; a whole photo that is not on disk, or does not open, is found by the command",
    "subscription": "given by phones, and given again at each start of theirs",
}
"""Whole tables, and why."""

COLUMNS_NOT_VERIFIABLE = {
    ("alert", "due_at"): "the clock as it was then; only words on the alert's page",
    ("alert", "unseen_since_at"): "as due_at",
    ("alert", "episode"): "which entry opened it; only words on the alert's page",
    ("alert", "topic"): "random",
    ("alert", "ladder_from"): "may only bring the next step sooner, or later until next_at",
    ("alert", "step_began_at"): "as ladder_from",
    ("alert", "next_at"): "within a day it may be right; beyond, and when it is missing, it is found",
    ("alert", "waits_until_at"): "follows from opening hours as they were then",
    ("alert", "case_id"): "a label; what it is about is subject_id",
    ("alert", "staff_id"): "whose safety: also in the visit that is its subject",
    ("alert", "kind"): "found where the kind is none, or its subject not of that kind",
    ("alert", "subject_id"): "found while it is not resolved",
    ("alert_transition", "at"): "found for the first and for the end; between them only words on the alert's page",
    ("alert_transition", "event"): "as at",
    ("alert_transition", "step"): "as at, for all but the last",
    ("alert_transition", "round"): "as at, for all but the last",
    ("alert_transition", "staff_id"): "as at",
    ("alert_transition", "entry_id"): "found where it points at nothing",
    ("alert_transition", "reason"): "found for the end",
    ("alert_hold", "from_at"): "found where it makes the hold longer than any may be",
    ("alert_hold", "until_at"): "found where it makes the hold longer than any may be",
    ("client_team", "active"): "follows from the dates and the time: the worker mends it within a minute",
    ("change", "seq"): "what numbers a phone has seen only that phone knows",
    ("client", "safety_seq"): "says something about arrival, kept through a rebuild",
    ("watch", "episode"): "as safety_seq; found where it points at nothing",
    ("staff", "account_news_at"): "says only that a notice has not been seen",
    ("device_arrival", "lost_at"): "when a phone said so; that it is lost is in the count",
    ("device", "lost_at"): "as device_arrival.lost_at",
    ("device", "replaced_at"): "taken back by the phone's next sync",
    ("partner_link", "last_used_at"): "only words on the client's page",
    ("passkey", "sign_count"): "counted by the passkey itself; a lower one is found at its next use",
    ("staff_identity", "last_used_at"): "only words on the person's own page",
    ("passkey", "last_used_at"): "only words on the person's own page",
    ("set_aside", "entry_id"): "in raw, too",
    **{
        ("record_key", name): "found, with all that lies under it: test_ciphered.py" for name in ("owner_id", "wrapped")
    },
    ("set_aside", "about_client_id"): "in raw, too",
    ("set_aside", "corrects_id"): "in raw, too",
    ("set_aside", "device_id"): "follows from nothing",
    ("set_aside", "author_id"): "follows from nothing",
    ("set_aside", "verdict"): "judged afresh when it is offered again",
    ("set_aside", "code"): "as verdict",
    ("set_aside", "field"): "as verdict",
    ("set_aside", "received_at"): "follows from nothing",
    ("set_aside", "claimed_by"): "in raw, too; what is confirmed goes by both",
    **{
        ("set_aside", name): "follows from nothing"
        for name in ("sent_at", "came_at", "answer", "answered_by", "answered_at")
    },
    **{
        ("device", name): "said by the phone, and again at its next sync"
        for name in (
            *("name", "platform", "created_at", "last_sync_at", "unsent", "permission", "installed", "persistent"),
            *("told_of_itself_at", "ended_at"),
        )
    },
}
ROWS_NOT_VERIFIABLE = {
    ("delete", "set_aside"): "follows from nothing: of a private talk not even its number is kept",
    ("delete", "passkey"): "its owner notices at the next sign-in, and has the password",
    ("delete", "staff_identity"): "as passkey",
    ("delete", "access_grant"): "ends the sight it gave, which its holder notices",
    (
        "delete",
        "record_step",
    ): "whoever asked has the answer in writing; a bar that is gone shows in who reads the entry",
    ("delete", "innsyn_step"): "what was taken out is told on the print that was handed out",
    ("delete", "text_review"): "the text waits to be gone through again, which the page says",
    ("delete", "partner_link"): "ends the link, which its partner notices",
    ("delete", "record_key"): "found where words lie under it: test_ciphered.py",
    ("delete", "team"): "held by foreign keys",
    ("delete", "staff"): "held by foreign keys, and by the change that says that there is one",
    ("delete", "device"): "held by foreign keys",
    ("delete", "alert_hold"): "found while it is somebody's; a past one is in the transitions, too",
    ("insert", "set_aside"): "follows from nothing, and says nothing to anybody",
    ("insert", "alert_transition"): "one more that ends where it began is only words on the alert's page",
    ("insert", "device"): "a device that has sent nothing; phones make them",
}


def test_a_story_as_it_was_told_has_nothing_to_report(world: World, story: None) -> None:
    with scratch(world) as session:
        assert found(session) == []


@pytest.mark.parametrize("sealed", [True, False])
def test_every_column_that_is_edited_is_found(world: World, story: None, sealed: bool) -> None:
    """One column of each table at a time, sealed tables apart from those that follow from them: none hides another."""
    tables = [table for table in verifiable() if (table.name in SEALED) is sealed]
    for number in range(max(len(table.columns) for table in tables)):
        edit_and_look(world, tables, number)


def edit_and_look(world: World, tables: list[Table], number: int) -> None:
    with scratch(world) as session:
        edited = {}
        for table in tables:
            columns = [
                column
                for column in table.columns
                if not column.primary_key and (table.name, column.name) not in COLUMNS_NOT_VERIFIABLE
            ]
            if number < len(columns):
                edited[table.name] = (columns[number].name, edit(session, columns[number]))
        told = found(session)
    missed = {(name, column) for name, (column, key) in edited.items() if not is_told(told, name, column, key)}
    assert missed == set(), told


def test_every_row_that_is_taken_out_is_found(world: World, story: None) -> None:
    missed = set()
    for table in verifiable():
        if ("delete", table.name) in ROWS_NOT_VERIFIABLE:
            continue
        with scratch(world) as session:
            try:
                key = take_out(session, table)
            except IntegrityError:  # PostgreSQL asks its foreign keys at once
                continue
            told = found(session)
        if not is_told(told, table.name, None, key):
            missed.add((table.name, tuple(told)))
    assert missed == set()


def test_every_row_that_is_put_in_is_found(world: World, story: None) -> None:
    missed = set()
    for table in verifiable():
        if ("insert", table.name) in ROWS_NOT_VERIFIABLE:
            continue
        with scratch(world) as session:
            try:
                key = put_in(session, table)
            except IntegrityError:
                continue
            told = found(session)
        if not is_told(told, table.name, None, key):
            missed.add((table.name, tuple(told)))
    assert missed == set()


def test_an_alert_resolved_by_hand_without_its_transition_is_found(world: World, story: None) -> None:
    with scratch(world) as session:
        alert = TABLES["alert"]
        id_ = session.scalars(select(alert.c.id).where(alert.c.state == "acknowledged")).first()
        values = {"state": "resolved", "resolved_at": clock.now(), "resolution": "other", "owner_id": None}
        session.execute(update(alert).where(alert.c.id == id_).values(**values, next_at=None))
        told = found(session)
    assert any(line.startswith(f"alert {id_}: står som resolved") for line in told)


def test_one_malformed_body_ends_nothing(world: World, story: None) -> None:
    """And what else is wrong is reported in the same run."""
    is_sqlite = world.database.is_sqlite
    bodies = ['{"outcome": 7}', '"no object"', "[]", '{"name": null}', *(["not json"] if is_sqlite else [])]
    types = ("client_registered", "visit_logged", "watch_set", "team_hours_set", "duty_set")
    for number, type_ in enumerate(types):
        with scratch(world) as session:
            entry_id = break_body(session, type_, bodies[number % len(bodies)])
            other = edit(session, TABLES["team"].c.name)
            told = found(session)
        assert any(str(entry_id) in line or "entry rad" in line for line in told), type_
        assert is_told(told, "team", "name", other), type_
        assert not any("lot seg ikke sjekke" in line for line in told), (type_, told)


def break_body(session: Session, type_: str, body: str) -> uuid.UUID | None:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    entry_id = session.scalars(select(Entry.id).where(Entry.type == type_).order_by(Entry.id)).first()
    stored = str(entry_id).replace("-", "") if is_sqlite else str(entry_id)
    value = ":body" if is_sqlite else "CAST(:body AS jsonb)"
    session.execute(text(f"UPDATE entry SET body = {value} WHERE id = :id"), {"body": body, "id": stored})
    return entry_id


def test_sealed_rows_are_changed_as_objects_only(world: World) -> None:
    with world.database.transaction() as session, pytest.raises(RuntimeError, match="sealed"):
        session.execute(update(Staff).values(role="admin"))


def test_a_seal_is_the_same_on_both_engines() -> None:
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    values = {"at": moment, "n": 1.0, "big": 1e22, "id": uuid.UUID(int=7), "body": {"b": [1, None], "a": "å"}}
    again = {"at": moment.astimezone(dt.UTC), "n": 1, "big": 10**22, "id": uuid.UUID(int=7)}
    assert checksum(values) == checksum(again | {"body": {"a": "å", "b": [1.0, None]}})


def test_every_table_is_either_filled_or_said_not_to_be_verifiable(world: World, story: None) -> None:
    with scratch(world) as session:
        empty = {name for name, table in TABLES.items() if not session.scalar(select(func.count()).select_from(table))}
    assert empty <= NOT_VERIFIABLE.keys()
    assert NOT_VERIFIABLE.keys() <= TABLES.keys()
    assert {table for table, _ in COLUMNS_NOT_VERIFIABLE} <= TABLES.keys()
    assert all(column in TABLES[table].c for table, column in COLUMNS_NOT_VERIFIABLE)


def scratch(world: World) -> Any:
    """A session of which nothing is kept, its foreign keys asked at the end, which does not come."""

    class Scratch(Session):
        def __exit__(self, *_: object) -> None:
            self.rollback()
            self.close()

    session = Scratch(world.database.engine)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
    return session


def found(session: Session) -> list[str]:
    """What `fieldapp verify` would say: it looks at a copy, which is SQLite's whatever it is a copy of."""
    if session.get_bind().dialect.name == "sqlite":
        return list(differences(session, clock.now(), 5))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "copy.db"
        shutil.copyfile(TEMPLATE[0], file)
        with _copies.opened(file, SECRET) as copy:
            with copy.transaction() as target:
                backup.copy_rows(session, target)
            with _copies.scratch(copy) as looked_at:
                return list(differences(looked_at, clock.now(), 5))


TEMPLATE: list[Path] = []
"""An empty SQLite file with the newest schema."""


@pytest.fixture(autouse=True)
def template(sqlite_template: Path) -> None:
    TEMPLATE[:] = [sqlite_template]


def verifiable() -> list[Table]:
    return [table for name, table in TABLES.items() if name not in NOT_VERIFIABLE]


def is_told(told: list[str], table: str, column: str | None, key: dict[str, Any]) -> bool:
    """Whether a line is about this row; of a projection it names the column, too."""
    about = {str(value) for value in key.values()}
    for line in told:
        where, _, what = line.partition(": ")
        names_row = where.split(" ")[0] == table and any(part in where for part in about)
        if names_row and (
            column is None or column in what or "segl" in what or table in ("alert", "change", "record_key")
        ):
            return True
    return any(_of_another(table, line, about, key) for line in told)


def _of_another(table: str, line: str, about: set[str], key: dict[str, Any]) -> bool:
    """Rows that are verified through another row."""
    through = {
        "staff_team": ("staff", "staff_id"),
        "alert_transition": ("alert", "alert_id"),
        "device_arrival": ("device", "device_id"),
        "team": ("team", "id"),
        "device": ("device", "id"),
        "set_aside": ("set_aside", "id"),
        "entry": ("change", "id"),
        "alert": ("change", "id"),
        "hand_check": ("hand_check.entry_id", "entry_id"),
        "alert_hold": ("alert_hold", "entry_id"),
        "change": ("change", "subject_id"),
    }
    if table not in through:
        return False
    name, column = through[table]
    return line.startswith(name) and str(key.get(column, "?")) in line


def some_row(session: Session, table: Table) -> dict[str, Any]:
    """The newest, so that nothing else rests on it."""
    order = [column.desc() for column in table.primary_key.columns]
    _, rows = as_stored(table)
    return dict(session.execute(rows.order_by(*order)).mappings().first() or {})


def where(table: Table, row: dict[str, Any], of: Any = None) -> Any:
    return [(table if of is None else of).c[one.name] == row[one.name] for one in table.primary_key.columns]


def edit(session: Session, column: Column[Any]) -> dict[str, Any]:
    """Write another value of its kind; the row's key, and what it was."""
    table = column.table
    row = some_row(session, table)
    other = another(session, column, row[column.name])
    plain, _ = as_stored(table)  # by hand, past the keys
    session.execute(update(plain).where(*where(table, row, plain)).values({column.name: other}))
    return row


def another(session: Session, column: Column[Any], value: Any) -> Any:
    """A value of the same kind that is not this one."""
    for key in column.foreign_keys:
        return next(other for other in session.scalars(select(key.column)) if other != value)
    kind = getattr(column.type, "impl", column.type).python_type if value is None else type(value)
    return OTHERS[kind](value)


OTHERS: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: lambda _: uuid.uuid4(),
    bool: lambda value: not value,
    dt.datetime: lambda value: (value or clock.now()) + dt.timedelta(days=1, seconds=1),
    dt.date: lambda value: (value or clock.now().date()) + dt.timedelta(days=1),
    int: lambda value: (value or 0) + 1,
    bytes: lambda value: (value or b"") + b"x",
    dict: lambda value: (value or {}) | {"tampered": 1},
    list: lambda value: [*(value or []), 1],
    str: lambda value: (value or "") + "x",
    object: lambda _: {"tampered": 1},
}


def take_out(session: Session, table: Table) -> dict[str, Any]:
    row = some_row(session, table)
    if table.name == "entry":
        session.execute(delete(TABLES["entry_state"]).where(TABLES["entry_state"].c.entry_id == row["id"]))
    if table.name == "alert":
        for name in ("delivery", "notification", "alert_transition", "alert_hold"):
            other = TABLES[name]
            if name == "delivery":
                of_alert = select(TABLES["notification"].c.id).where(TABLES["notification"].c.alert_id == row["id"])
                session.execute(delete(other).where(other.c.notification_id.in_(of_alert)))
            else:
                session.execute(delete(other).where(other.c.alert_id == row["id"]))
    session.execute(delete(table).where(*where(table, row)))
    return row


def put_in(session: Session, table: Table) -> dict[str, Any]:
    """One more, like one that is there but for what must differ."""
    row = some_row(session, table)
    if table.name in LINKS:
        one, other = LINKS[table.name]
        there = {tuple(pair) for pair in session.execute(select(table.c[one], table.c[other]))}
        ids = [session.scalars(select(next(iter(table.c[name].foreign_keys)).column)).all() for name in (one, other)]
        row[one], row[other] = next(pair for pair in itertools.product(*ids) if pair not in there)
    else:
        keys_of = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes if index.unique)]
        keys_of += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
        for columns in keys_of:
            row[columns[-1].name] = new_key(row[columns[-1].name])
    session.execute(insert(as_stored(table)[0]).values(row))
    return row


LINKS = {"client_team": ("client_id", "team_id"), "staff_team": ("staff_id", "team_id")}


def new_key(value: Any) -> Any:
    return value + 1000 if isinstance(value, int) else OTHERS[type(value)](value)


@pytest.fixture
def story(world: World) -> None:
    """Something of everything."""
    act, nights = world.team("ACT"), world.team("Natt", kind="night")
    alice = world.staff("leader", act, nights, name="Alice")
    bob, carol = world.staff("fieldworker", act, name="Bob"), world.staff("fieldworker", nights, name="Carol")
    kari, ola, per = (alice.register(name, act) for name in ("Kari", "Ola", "Per"))
    duties(world, alice, bob, carol)
    contacts(world, alice, bob, kari, ola)
    alice.log("client_team_set", {"team_id": nights.id, "from_on": "2026-11-20"}, client=per)
    letter = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=ola)
    bob.log("file_attached", {"file_id": str(uuid7()), "entry_id": letter["id"], "kind": "letter"}, client=ola)
    until = (clock.now() + dt.timedelta(hours=9)).isoformat()
    alice.log("watch_handed_over", {"to_team_id": nights.id, "until_at": until}, client=per)
    bob.log("visit_started", {"visit_id": str(uuid7()), "expected_end_at": until}, client=kari)
    with world.database.transaction() as session:
        keys.ensure(session, "a secret for the tests only, thirty-two long", clock.now())
        viewer = Viewer(uuid.UUID(alice.id), "leader", frozenset(uuid.UUID(team.id) for team in alice.teams))
        share = uuid.UUID(per), uuid.UUID(bob.id), clock.now() + dt.timedelta(days=7), "samarbeid"
        grants.share_client(session, viewer, *share, clock.now())
        partner_links.make(session, viewer, uuid.UUID(kari), "lar", "Apotek 1", 30, clock.now())
        passkey = Passkey(id=uuid7(), staff_id=viewer.staff_id, credential_id=b"id", name="PC", created_at=clock.now())
        passkey.public_key = b"key"
        session.add(passkey)
        mine = {"id": uuid7(), "staff_id": viewer.staff_id, "created_at": clock.now()}
        session.add(StaffIdentity(issuer="https://login.example", subject="alice", **mine))
    alerts(world, alice, bob, ola, kari)
    alice.log("staff_blocked", {"staff_id": carol.id, "reason": "familie"}, client=kari)
    told(world, alice, ola)


def told(world: World, alice: Person, ola: str) -> None:
    """A fact a landlord is told, cases about innsyn and barring, and a text that was gone through."""
    lars = world.staff("landlord", alice.teams[0], name="Lars")
    shared = {"what": "rent_owed", "to_staff_ids": [lars.id], "until_on": "2026-12-24"}
    entry_id = uuid.UUID(alice.log("fact_shared", shared, client=ola)["id"])
    with world.database.transaction() as session:
        about = {"client_id": uuid.UUID(ola), "entry_id": entry_id, "by_staff_id": uuid.UUID(alice.id)}
        step = {"case_id": uuid7(), "what": "asked", "kind": "barring", "asker": "client", "note": "vil ikke"}
        session.add(RecordStep(id=uuid7(), at=clock.now(), **step, **about))
        taken = {"case_id": uuid7(), "what": "taken_out", "reason": "complainant", "note": "naboens navn"}
        session.add(InnsynStep(id=uuid7(), at=clock.now(), reviewer_id=about["by_staff_id"], **taken, **about))
        session.add(TextReview(id=uuid7(), at=clock.now(), verdict="stands", **about))


PLACED = {"column": "crisis", "reasons": ["crisis"], "review_on": "2026-12-20"}


def duties(world: World, alice: Person, bob: Person, carol: Person) -> None:
    week = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    team = alice.teams[0].id
    alice.log("board_columns_set", {"team_id": team, "columns": [{"key": "crisis", "name": "Krise"}]})
    alice.log("team_setting_set", {"team_id": team, "key": "review_days", "value": "14", "reason": "avtalt"})
    alice.log("team_hours_set", {"team_id": team, "hours": week, "when_closed": "wait"})
    at = clock.now() + dt.timedelta(hours=1)
    duty = {
        "team_id": team,
        "duty": "duty",
        "from_at": at.isoformat(),
        "to_at": (at + dt.timedelta(hours=8)).isoformat(),
    }
    first = alice.log("duty_set", duty | {"staff_id": bob.id})
    bob.log("duty_handed_over", {"duty_id": first["id"], "to_staff_id": alice.id})


def contacts(world: World, alice: Person, bob: Person, kari: str, ola: str) -> None:
    bob.log("visit_logged", {"outcome": "seen", "place": "home", "note": "på beina"}, client=kari)
    terms = {"mode": "interval", "interval_minutes": 720, "counts": ["seen"], "reason": "avtalt", "tighten_days": 3}
    alice.log("watch_set", terms, client=kari)
    bob.log("agreement_withdrawn", {"kind": "watch", "how": "at_door"}, client=kari)
    alice.log("absence_started", {"absence_id": str(uuid7()), "kind": "admitted"}, client=kari)
    bob.log("rent_problem_reported", {"amount_nok": "14250.00"}, client=ola, case=str(uuid7()))
    alice.log("board_placed", PLACED | {"team_id": alice.teams[0].id}, client=ola)
    alice.log("task_set", {"task_id": str(uuid7()), "what": "Ringe", "owner_id": bob.id}, client=ola)
    note = alice.log("handover_noted", {"what": "Legen ringer"}, client=ola)
    bob.log("handover_read", {"entry_ids": [note["id"]]}, client=ola)
    wrong = bob.entry("visit_logged", {"outcome": "dancing"}, client=ola)
    assert bob.sync(wrong)["results"][0]["verdict"] == "rejected"


def alerts(world: World, alice: Person, bob: Person, ola: str, kari: str) -> None:
    """One that is open, one taken, one put off, one that ended by hand and one by a visit."""
    concerns = [bob.log("concern_raised", {"reason": "svarer ikke"}, client=client) for client in (kari, ola, ola, ola)]
    by_subject = {alert["id"]: alert for alert in alice.alerts()}
    assert len(by_subject) >= len(concerns)
    ids = sorted(by_subject)
    bob.log("alert_acknowledged", {"alert_id": ids[0]}, team_id=None)
    until = (clock.now() + dt.timedelta(hours=2)).isoformat()
    alice.log("alert_snoozed", {"alert_id": ids[1], "until": until, "reason": "på vei"}, team_id=None)
    alice.log("alert_resolved", {"alert_id": ids[2], "reason": "funnet", "outcome": "other"}, team_id=None)
    world.clock.shift(hours=25)
    for person in (alice, bob):
        person.sign_in()
    world.tick()
    overdue = [alert for alert in alice.alerts() if alert["kind"] == "not_seen"]
    assert overdue
    alice.log("alert_resolved", {"alert_id": overdue[0]["id"], "reason": "sjekket", "outcome": "other"}, team_id=None)
    newest = max(alert["id"] for alert in alice.alerts())
    bob.log("alert_acknowledged", {"alert_id": newest}, team_id=None)
    world.tick()

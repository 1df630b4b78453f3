"""Accounts: who may be added, how a password is proven, and what ends with a person."""

import datetime as dt
import uuid

import pytest

from fieldapp.db import Database
from fieldapp.errors import CannotDo
from fieldapp.models import LoginSession, Staff
from fieldapp.services.people import accounts, sessions

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
STEPS = accounts.DEFAULT_ESCALATION


def add(database: Database, username: str = "alice", password: str | None = "passord", **changes: object) -> uuid.UUID:
    given: dict = {"name": "Alice", "role": "leader", "team_ids": []} | changes
    with database.transaction() as session:
        return accounts.add_staff(session, username, password=password, now=NOW, **given).id


def proves(database: Database, username: str, password: str) -> uuid.UUID | None:
    with database.reading() as session:
        who = accounts.candidate(session, username)
    return accounts.prove(who, password)


def test_the_right_password_proves_who_one_is(database: Database) -> None:
    alice = add(database)
    assert proves(database, "alice", "passord") == alice
    assert proves(database, " ALICE ", "passord") == alice
    assert proves(database, "alice", "Passord") is None
    assert proves(database, "nobody", "passord") is None


def test_nobody_takes_as_much_work_as_somebody(database: Database) -> None:
    add(database)
    add(database, "bob", None)
    with database.reading() as session:
        known, coded, unknown = (accounts.candidate(session, name) for name in ("alice", "bob", "nobody"))
    cost = known.password_hash.rsplit("$", 2)[0]
    assert coded.password_hash.rsplit("$", 2)[0] == cost
    assert unknown.password_hash.rsplit("$", 2)[0] == cost
    assert cost.startswith("$argon2id$")


def test_a_password_is_kept_only_as_a_hash(database: Database) -> None:
    alice = add(database)
    with database.reading() as session:
        assert "passord" not in str(vars(session.get_one(Staff, alice)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "two words"}, "Brukernavnet"),
        ({"username": ""}, "Brukernavnet"),
        ({"username": "ALICE"}, "i bruk"),
        ({"name": " "}, "navn"),
        ({"role": "duty"}, "rolle"),
        ({"team_ids": [uuid.UUID(int=1)]}, "team"),
        ({"password": ""}, "tomt"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(database: Database, changes: dict, sentence: str) -> None:
    add(database)
    with pytest.raises(CannotDo, match=sentence):
        add(database, **{"username": "bob"} | changes)


@pytest.mark.parametrize(
    "steps", [(0, 15, 30), (0, 30, 15, 45), (-1, 0, 1, 2), (0, 1, 2, 1e9), (0, 1, 2, float("nan"))]
)
@pytest.mark.engines("sqlite")
def test_a_ladder_has_four_rising_steps(database: Database, steps: tuple[float, ...]) -> None:
    with pytest.raises(CannotDo, match="Trappa"), database.transaction() as session:
        accounts.add_team(session, "Nord", "fact", steps, NOW)


@pytest.mark.engines("sqlite")
def test_a_team_needs_a_name_and_a_known_kind(database: Database) -> None:
    with pytest.raises(CannotDo, match="navn"), database.transaction() as session:
        accounts.add_team(session, "", "fact", STEPS, NOW)
    with pytest.raises(CannotDo, match="slags"), database.transaction() as session:
        accounts.add_team(session, "Nord", "FACT", STEPS, NOW)


def test_an_enrolment_code_sets_a_password_once(database: Database) -> None:
    with database.transaction() as session:
        bob = accounts.add_staff(session, "bob", "Bob", "peer", [], None, NOW)
    assert bob.enrolment_code is not None
    chosen = accounts.hash_password("en lang setning")
    with database.transaction() as session:
        assert accounts.enrol(session, "bob", "AAAA-AAAA-AAAA", chosen, NOW) is None
        assert accounts.enrol(session, "nobody", bob.enrolment_code, chosen, NOW) is None
        typed = bob.enrolment_code.lower().replace("-", " ")
        assert accounts.enrol(session, "Bob", typed, chosen, NOW) == bob.id
        assert accounts.enrol(session, "bob", bob.enrolment_code, chosen, NOW) is None
    assert proves(database, "bob", "en lang setning") == bob.id


def test_an_enrolment_code_runs_out(database: Database) -> None:
    with database.transaction() as session:
        bob = accounts.add_staff(session, "bob", "Bob", "peer", [], None, NOW)
        late = NOW + accounts.ENROLMENT_LASTS
        assert accounts.enrol(session, "bob", bob.enrolment_code or "", accounts.hash_password("x"), late) is None


def test_an_account_without_a_code_is_not_opened_by_an_empty_one(database: Database) -> None:
    add(database)
    with database.transaction() as session:
        assert accounts.enrol(session, "alice", "", accounts.hash_password("x"), NOW) is None


def test_a_person_who_ends_is_out_everywhere_at_once(database: Database) -> None:
    alice = add(database)
    with database.transaction() as session:
        token = sessions.open_session(session, alice, "", NOW)
    with database.transaction() as session:
        accounts.end_staff(session, "alice", NOW)
        assert sessions.find(session, token, NOW) is None
        assert session.query(LoginSession).count() == 0
    assert proves(database, "alice", "passord") is None
    with pytest.raises(CannotDo), database.transaction() as session:
        accounts.end_staff(session, "alice", NOW)


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("bjørn.ås", "bjørn.a\u030as"),
        ("andre\u0301", "andré"),
        ("STRASSE", "straße"),
        ("kari", "\u200bKARI \ufeff"),
        ("ﬁnn", "finn"),
        ("İda", "i\u0307da"),
    ],
)
@pytest.mark.engines("sqlite")
def test_a_username_is_one_however_it_is_composed(database: Database, kept: str, typed: str) -> None:
    alice = add(database, kept)
    assert proves(database, typed, "passord") == alice
    with pytest.raises(CannotDo, match="i bruk"):
        add(database, typed)
    assert accounts.as_username(accounts.as_username(kept)) == accounts.as_username(kept) == accounts.as_username(typed)


@pytest.mark.engines("sqlite")
def test_a_password_that_is_too_long_is_refused_and_never_cut(database: Database) -> None:
    with pytest.raises(CannotDo, match="høyst 1000"):
        add(database, password="x" * 1001)
    alice = add(database, password="x" * 1000)
    assert proves(database, "alice", "x" * 1000) == alice
    assert proves(database, "alice", "x" * 1001) is None
    assert proves(database, "alice", "x" * 5000) is None


@pytest.mark.parametrize("bad", ["\u200b", "\u3164", "Ka\u0007ri", "\u202eirak", "\u0301", " \u00a0 "])
@pytest.mark.engines("sqlite")
def test_what_cannot_be_seen_is_no_name_of_a_person_or_team(database: Database, bad: str) -> None:
    with pytest.raises(CannotDo, match="navn som kan leses"):
        add(database, name=bad)
    with pytest.raises(CannotDo, match="Brukernavnet"):
        add(database, bad)
    with pytest.raises(CannotDo, match="navn som kan leses"), database.transaction() as session:
        accounts.add_team(session, bad, "fact", STEPS, NOW)


@pytest.mark.engines("sqlite")
def test_a_name_is_kept_in_its_one_form(database: Database) -> None:
    alice = add(database, name="  A\u030ase \u00a0 No\u00adrd ")
    with database.reading() as session:
        assert session.get_one(Staff, alice).name == "\u00c5se Nord"

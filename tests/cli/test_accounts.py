"""`fieldapp team`, `staff` and `keys`, as an operator or a script calls them."""

import json
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select

from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.models import Staff
from fieldapp.services.people import accounts

pytestmark = pytest.mark.engines("sqlite")

Run = Callable[..., str]


def test_a_team_and_its_people_are_added_and_listed(run: Run, database: Database) -> None:
    team = run("team", "add", "Team Nord", "--kind", "fact", "--escalation", "0,0.1,0.2,0.3").strip()
    uuid.UUID(team)
    assert team in run("team", "list")
    told = json.loads(run("team", "list", "--json"))
    assert told["teams"] == [{"id": team, "name": "Team Nord", "kind": "fact", "escalation": [0, 0.1, 0.2, 0.3]}]
    words = ["staff", "add", "Alice", "--name", "Alice Berg", "--role", "leader", "--team", team, "--password-stdin"]
    added = json.loads(run(*words, "--json", stdin=b"riktig hest batteri \n"))
    assert added["username"] == "alice"
    with database.reading() as session:
        who = accounts.candidate(session, "alice")
    assert str(accounts.prove(who, "riktig hest batteri ")) == added["id"]
    assert "Alice Berg" in run("staff", "list")


def test_with_json_stdout_is_exactly_one_object(run: Run) -> None:
    team = json.loads(run("team", "add", "Nord", "--kind", "act", "--json"))
    assert set(team) >= {"id"}
    short = run("staff", "add", "bob", "--name", "B", "--role", "peer", "--password-stdin", "--json", stdin=b"kort\n")
    assert set(json.loads(short)) == {"id", "username"}


def test_without_a_password_a_code_is_printed(run: Run, database: Database) -> None:
    printed = run("staff", "add", "bob", "--name", "Bob", "--role", "fieldworker")
    code = json.loads(run("staff", "add", "kim", "--name", "Kim", "--role", "peer", "--json"))["enrolment_code"]
    assert "Engangskode: " in printed
    assert len(code) == 14


def test_staff_end_ends_access_and_is_shown_so(run: Run) -> None:
    run("staff", "add", "bob", "--name", "Bob", "--role", "fieldworker")
    run("staff", "end", "bob")
    assert json.loads(run("staff", "list", "--json"))["staff"][0]["ended_at"]
    assert "Fant ingen" in run("staff", "end", "bob", status=2)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("team", "add", "X", "--kind", "gang"), "Ukjent slags team"),
        (("team", "add", "X", "--kind", "act", "--escalation", "soon"), "--escalation"),
        (("staff", "add", "b", "--name", "B", "--role", "boss"), "Ukjent rolle"),
        (("staff", "add", "b", "--name", "B", "--role", "peer", "--team", "nord"), "team-id"),
        (("staff", "add", "b", "--name", "B", "--role", "peer", "--team", str(uuid.UUID(int=1))), "Fant ikke noe team"),
        (("staff", "add", "b", "--name", "B", "--role", "peer", "--password-stdin"), "tomt"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    said = run(*words, status=2)
    assert sentence in said
    assert "Traceback" not in said


def test_a_database_without_a_schema_says_what_to_run(run: Run, settings: Settings, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE staff_team")
    assert "fieldapp migrate" in run("staff", "list", status=2)


def test_keys_are_shown_without_their_private_halves(run: Run) -> None:
    shown = json.loads(run("keys", "--json"))
    assert set(shown) == {"vapid", "sealing"}
    assert set(shown["vapid"]) == {"key_id", "public_key"}
    assert json.loads(run("keys", "--json")) == shown
    assert shown["vapid"]["public_key"] in run("keys")


def test_a_new_push_key_is_the_one_shown_from_then_on(run: Run) -> None:
    before = json.loads(run("keys", "--json"))
    after = json.loads(run("keys", "--rotate", "--json"))
    assert after["vapid"]["key_id"] != before["vapid"]["key_id"]
    assert after["sealing"] == before["sealing"]
    assert json.loads(run("keys", "--json")) == after


def test_a_new_sealing_key_is_the_one_shown_from_then_on(run: Run) -> None:
    before = json.loads(run("keys", "--json"))
    after = json.loads(run("keys", "--rotate-sealing", "--json"))
    assert after["sealing"]["key_id"] != before["sealing"]["key_id"]
    assert after["vapid"] == before["vapid"]
    assert json.loads(run("keys", "--json")) == after


def test_a_person_is_added_with_the_address_alerts_go_to(run: Run, database: Database) -> None:
    team = run("team", "add", "Nord", "--kind", "act").split()[-1]
    words = ("staff", "add", "bob", "--name", "Bob", "--role", "fieldworker", "--team", team, "--email")
    assert "navn@eksempel.no" in run(*words, "bob at home", status=2)
    run(*words, "bob@kommune.example")
    with database.reading() as session:
        assert session.scalars(select(Staff.email)).all() == ["bob@kommune.example"]


def test_the_set_up_address_is_there_until_somebody_administers(run: Run, database: Database) -> None:
    address = run("setup-code").splitlines()[0]
    assert address.startswith("http://127.0.0.1:8000/oppsett#kode=")
    run("staff", "add", "ada", "--name", "Ada", "--role", "admin")
    assert "systemadministrator" in run("setup-code", status=2)

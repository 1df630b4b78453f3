"""`/oppsett`: from an installation with nobody in it to a leader who chooses a password."""

import datetime as dt
import re

import pytest
from flask import Flask

from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.errors import CannotDo
from fieldapp.services.people import accounts, first_start
from tests._client import CheckedClient
from tests._world import World

PASSWORD = "en lang og god setning"
SAID = {
    "admin_name": "Ada Nesvoll",
    "admin_username": "ada",
    "password": PASSWORD,
    "team_name": "FACT Nord",
    "team_kind": "fact",
    "leader_name": "Mona Kleivmo",
    "leader_username": "mona",
}


def a_code(world: World, settings: Settings) -> str:
    with world.database.reading() as session:
        return first_start.new_code(session, settings.secret_key, world.clock.now())


def test_the_first_three_are_made_and_can_work(world: World, settings: Settings, client: CheckedClient) -> None:
    assert client.get("/").location == "/oppsett"
    assert "fieldapp setup-code" in client.get("/oppsett").text
    done = client.post("/oppsett", data=SAID | {"code": a_code(world, settings)})
    assert done.status_code == 200
    assert client.get("/admin").status_code == 200  # signed in at once
    assert "FACT Nord" in client.get("/admin").text
    code = re.search(r'class="code-text">([^<]+)<', done.text)
    assert code
    leader = CheckedClient.of(world.app)
    chosen = leader.post("/kom-i-gang", data={"username": "mona", "code": code[1], "password": PASSWORD})
    assert chosen.location == "/kontor"
    assert leader.get("/kontor").status_code == 200


def test_it_is_gone_once_there_is_an_administrator(world: World, settings: Settings, client: CheckedClient) -> None:
    code = a_code(world, settings)
    assert client.post("/oppsett", data=SAID | {"code": code}).status_code == 200
    other = CheckedClient.of(world.app)
    assert other.get("/").location == "/felt"
    assert other.get("/oppsett").status_code == 404
    again = SAID | {"code": code, "admin_username": "eva", "team_name": "Ny", "leader_username": "nils"}
    assert other.post("/oppsett", data=again).status_code == 404
    with world.database.reading() as session, pytest.raises(CannotDo, match="systemadministrator"):
        first_start.new_code(session, settings.secret_key, world.clock.now())


def test_a_used_code_is_not_good_when_the_administrator_has_left(
    world: World, settings: Settings, client: CheckedClient
) -> None:
    code = a_code(world, settings)
    client.post("/oppsett", data=SAID | {"code": code})
    with world.database.transaction() as session:
        accounts.end_staff(session, "ada", world.clock.now())
    again = SAID | {"admin_username": "eva", "team_name": "Ny", "leader_username": "nils"}
    other = CheckedClient.of(world.app)
    assert other.post("/oppsett", data=again | {"code": code}).status_code == 401
    assert other.post("/oppsett", data=again | {"code": a_code(world, settings)}).status_code == 200


def test_a_wrong_or_old_code_makes_nobody(world: World, settings: Settings, client: CheckedClient) -> None:
    code = a_code(world, settings)
    other = f"{int(code[:5] + code[6:9], 16) + 24:08X}{code.replace('-', '')[8:]}"
    for wrong in ("", "x", "ø" * 30, "0" * 28, code[:-1], other):
        answer = client.post(
            "/oppsett", data=SAID | {"code": wrong}, environ_base={"REMOTE_ADDR": f"10.0.0.{len(wrong)}"}
        )
        assert answer.status_code == 401, wrong
        assert "Koden gjelder ikke" in answer.text
        assert PASSWORD not in answer.text
        assert 'value="mona"' in answer.text  # what was typed is still there
    world.clock.shift(hours=25)
    assert client.post("/oppsett", data=SAID | {"code": code}).status_code == 401
    assert client.get("/").location == "/oppsett"


def test_guessing_is_slowed_down_by_address(world: World, settings: Settings, client: CheckedClient) -> None:
    for _ in range(5):
        assert client.post("/oppsett", data=SAID | {"code": "x"}).status_code == 401
    refused = client.post("/oppsett", data=SAID | {"code": a_code(world, settings)})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= dt.timedelta(minutes=15).total_seconds()
    elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
    done = client.post("/oppsett", data=SAID | {"code": a_code(world, settings)}, environ_base=elsewhere)
    assert done.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "kort"}, "minst 12 tegn"),
        ({"team_name": ""}, "Må fylles ut"),
        ({"leader_username": "ADA"}, "hvert sitt brukernavn"),
        ({"team_kind": "gjeng"}, "Ukjent slags team"),
        ({"leader_username": "to ord"}, "Brukernavnet"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_made(
    world: World, settings: Settings, client: CheckedClient, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post("/oppsett", data=SAID | {"code": a_code(world, settings)} | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get("/").location == "/oppsett"
    assert client.post("/oppsett", data=SAID | {"code": a_code(world, settings)}).status_code == 200


def test_a_code_of_another_installation_is_none(
    app: Flask, world: World, database: Database, client: CheckedClient
) -> None:
    with database.reading() as session:
        code = first_start.new_code(session, "another secret that is long enough", world.clock.now())
    assert client.post("/oppsett", data=SAID | {"code": code}).status_code == 401

"""Health, metrics and the generated descriptions."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from fieldapp.app import create_app
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.errors import AppError, CannotDo
from fieldapp.models import Heartbeat
from fieldapp.routes._web import error_answer
from tests._client import CheckedClient
from tests._world import World

TOKEN = "a token for the tests"


def tick(world: World) -> None:
    with world.database.transaction() as session:
        session.merge(Heartbeat(id=1, ticked_at=world.clock.now(), worker="test"))


def test_healthy_means_that_a_worker_ticks(world: World, client: CheckedClient) -> None:
    tick(world)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert set(told) == {"status", "version", "database", "worker"}
    assert (told["status"], told["database"]) == ("ok", "ok")
    assert 0 <= told["worker"]["age_s"] < 5
    assert dt.datetime.fromisoformat(told["worker"]["last_tick_at"]).tzinfo is not None


def test_a_silent_worker_is_unhealthy_after_a_minute(world: World, client: CheckedClient) -> None:
    assert client.get("/healthz").status_code == 503
    tick(world)
    world.clock.shift(seconds=61)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "fail"
    assert answer.get_json()["problem"] == "no worker has ticked for 60 s"
    assert answer.get_json()["worker"]["age_s"] >= 61


def test_a_tick_far_ahead_of_the_clock_proves_nothing_and_a_little_ahead_is_no_matter(
    world: World, client: CheckedClient
) -> None:
    tick(world)
    world.clock.shift(seconds=-50)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()["worker"]["age_s"]) == (200, 0)
    world.clock.shift(days=-1)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json()["problem"] == "the last tick lies ahead of the clock"
    tick(world)
    assert client.get("/healthz").status_code == 200


@pytest.mark.engines("sqlite")
def test_a_database_that_fails_is_unhealthy_and_never_a_crash(app: Flask, client: CheckedClient) -> None:
    with app.extensions["db"].transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE heartbeat")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.get_json()["database"], answer.get_json()["status"]) == ("fail", "fail")


@pytest.mark.engines("sqlite")
def test_a_database_that_is_away_is_said_as_unavailable(world: World, app: Flask) -> None:
    alice = world.staff("leader", phone=False)
    with app.extensions["db"].transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE login_session")
    answer = alice.get("/api/session")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert alice.get("/konto").status_code == 503


@pytest.fixture
def measured(settings: Settings) -> Iterator[CheckedClient]:
    app = create_app(dataclasses.replace(settings, metrics_token=TOKEN))
    yield CheckedClient.of(app)
    app.extensions["db"].dispose()


def test_metrics_are_not_there_without_the_token(measured: CheckedClient, client: CheckedClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ø"}, {"Authorization": "Bearer "}):
        assert measured.get("/metrics", headers=headers).status_code == 404
        assert client.get("/metrics", headers=headers).status_code == 404


def test_metrics_count_refused_sign_ins_by_how(measured: CheckedClient) -> None:
    def refused() -> dict[str, str]:
        text = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
        return dict(re.findall(r'sett_sign_ins_refused_total\{way="(\w+)"\} (\S+)', text))

    assert refused() == dict.fromkeys(("password", "code", "passkey", "oidc", "report"), "0.0")
    measured.post("/api/session", json={"username": "kari", "password": "x"})
    measured.post("/logg-inn", data={"username": "kari", "password": "x"})
    told = {"username": "kari", "code": "AAAA", "password": "en hel setning å huske"}
    measured.post("/api/enrolment", json=told)
    measured.post("/logg-inn/passnokkel", data={"answer": "x"})
    assert refused() == {"password": "2.0", "code": "1.0", "passkey": "1.0", "oidc": "0.0", "report": "0.0"}


def test_metrics_count_requests_by_route_and_never_by_person(measured: CheckedClient) -> None:
    measured.post("/api/session", json={"username": "kari.nordmann", "password": "x"})
    answer = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert 'sett_http_requests_total{endpoint="api_session.sign_in",method="POST",status="401"} 1.0' in answer.text
    assert "sett_worker_up 0.0" in answer.text
    assert "kari" not in answer.text


@pytest.mark.engines("sqlite")
def test_the_schema_of_the_sync_request_is_a_json_schema(client: CheckedClient) -> None:
    schema = client.get("/api/schema").get_json()
    Draft202012Validator.check_schema(schema)
    assert "visit_logged" in {branch["title"] for branch in schema["$defs"]["Entry"]["oneOf"]}


def test_another_secret_stops_the_start_with_a_sentence(app: Flask, settings: Settings) -> None:
    with pytest.raises(CannotDo, match="FIELDAPP_SECRET_KEY"):
        create_app(dataclasses.replace(settings, secret_key="another secret than before"))


def test_every_process_with_the_same_secret_starts(app: Flask, settings: Settings, database: Database) -> None:
    create_app(settings).extensions["db"].dispose()


def test_an_invented_method_is_no_line_of_its_own(settings: Settings) -> None:
    measured = CheckedClient.of(create_app(dataclasses.replace(settings, metrics_token=TOKEN)))
    for number in range(30):
        assert measured.open("/healthz", method=f"X{number}").status_code == 405
    text = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert "X1" not in text
    assert 'method="other"' in text


@pytest.mark.parametrize("code", ["unavailable", "server_error"])
def test_no_phone_is_said_to_keep_what_a_form_sent(world: World, code: str) -> None:
    said = {}
    for method, path in (("POST", "/kontor/brukere/importer"), ("POST", "/api/sync"), ("GET", "/kontor")):
        with world.app.test_request_context(path, method=method, base_url="https://sett.example"):
            said[method, path] = "ligger trygt på telefonen" in error_answer(AppError(code)).get_data(as_text=True)
    assert list(said.values()) == [False, True, True]

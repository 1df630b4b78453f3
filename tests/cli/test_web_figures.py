"""Figures and log lines of the real processes: counters of several add up, and refused sign-ins are logged."""

import json
import os
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests._phone_client import PhoneClient
from tests._server import Server
from tests._wait import wait_until
from tests.cli.test_web import ask, children_of

TOKEN = "a token for the tests"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    more = {"metrics_token": TOKEN, "log_format": "json"}
    with Server.started(tmp_path / "data", worker=False, database_url=database_url, **more) as server:
        yield server


def test_counters_never_go_back_whichever_process_answers(server: Server) -> None:
    for _ in range(20):
        urllib.request.urlopen(f"{server.url}/logg-inn").close()
    seen = [answered(server) for _ in range(100)]
    assert seen[0] >= 20
    assert seen == sorted(seen)
    os.kill(children_of(server.processes[0].pid)[0], signal.SIGKILL)
    server.wait_until_healthy(with_worker=False)
    assert all(answered(server) >= seen[-1] for _ in range(10))


def test_invented_methods_make_no_lines(server: Server) -> None:
    metrics(server)  # which is itself counted from the second time on
    before = len(metrics(server).splitlines())
    for number in range(30):
        assert ask(server, f"METHOD{number} /logg-inn HTTP/1.1\r\n\r\n")[0] == 405
    assert len(metrics(server).splitlines()) <= before + 2 + 15, "one more counter, one more histogram"
    assert 'method="other",status="405"} 30.0' in metrics(server)


@pytest.mark.engines("sqlite")
def test_a_refused_sign_in_is_logged_without_what_was_typed(server: Server) -> None:
    PhoneClient.signed_in(server)
    stranger = PhoneClient(server, "", "")
    for _ in range(6):
        stranger.post("/api/session", {"username": "mona", "password": "hemmelig-gjetning"})
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if "sign_in_refused" in line]
    assert [line["reason"] for line in lines] == ["bad_credentials"] * 5 + ["slow_down"]
    assert {(line["address"], line["way"]) for line in lines} == {("127.0.0.1", "password")}
    assert len({line["account"] for line in lines}) == 1
    assert "hemmelig-gjetning" not in server.log.read_text()
    assert "mona" not in server.log.read_text().lower()


def metrics(server: Server) -> str:
    asked = urllib.request.Request(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(asked) as answer:
        text: str = answer.read().decode()
    return text


def answered(server: Server) -> float:
    """How often the sign-in page was asked for, says /metrics."""
    (count,) = re.findall(
        r'sett_http_requests_total\{endpoint="account.sign_in_page",method="GET",status="200"\} (\S+)', metrics(server)
    )
    return float(count)


@pytest.mark.engines("sqlite")
def test_every_request_is_one_line_without_ids_or_queries(server: Server) -> None:
    phone = PhoneClient.signed_in(server)
    secret_id = "0193b2c1-0000-7000-8000-00000000c0de"
    for path in (
        f"/kontor/bruker/{secret_id}",
        "/logg-inn?neste=/hemmelig",
        f"/api/clients/{secret_id}/entries?before=x",
        "/nei/hva",
    ):
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"{server.url}{path}").close()
    phone.sync()
    ask(server, "HEMMELIG /logg-inn HTTP/1.1\r\n\r\n")
    wait_until(lambda: "other" in server.log.read_text())
    logged = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    lines = [line for line in logged if line["event"] == "request"]
    told = [(line["method"], line["route"], line["status"]) for line in lines]
    assert ("GET", "/kontor/bruker/<uuid:client_id>", 302) in told
    assert ("GET", "/logg-inn", 200) in told
    assert ("GET", "-", 404) in told
    assert ("POST", "/api/sync", 200) in told
    assert ("other", "/logg-inn", 405) in told or ("other", "-", 405) in told
    assert {*lines[0]} == {"event", "level", "timestamp", "method", "route", "status", "ms", "request"}
    assert len({line["request"] for line in lines}) == len(lines)
    for secret in (secret_id, "hemmelig", "HEMMELIG", "before=x"):
        assert secret not in server.log.read_text()

"""What leaves for the gateway, what its answers mean, and that the receiver in docs/webhook.md works as it stands."""

import dataclasses
import datetime as dt
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from fieldapp import clock
from fieldapp.channels.contract import Delivered, Message, OurFault, Outcome, Retry, ToGateway
from fieldapp.channels.webhook import Webhook, signature
from fieldapp.cli import _alerting
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.jobs.sender import Sender
from fieldapp.services.notify.messages import TITLES
from fieldapp.services.people import keys
from tests._gateway import Gateway
from tests._scene import SECRET, Scene
from tests._server import DIES_WITH_US, ROOT, free_port
from tests._wait import wait_until
from tests.channels._black_holes import before_localhost

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
BOB = uuid.UUID("01939c3f-5d1c-7000-8000-000000000001")
KEY = keys.webhook_signing_key(SECRET)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as gateway:
        yield gateway


def message(gateway: Gateway, kind: str = "alert") -> Message:
    return Message(
        "0123456789abcdef0123456789abcdef", "c", kind, "/felt/varsel/5d1c", "a1b2", gateway.host, ToGateway(BOB)
    )


def send(gateway: Gateway, kind: str = "alert") -> Outcome:
    return Webhook(gateway.url, KEY, "https://sett.example").send(message(gateway, kind), NOW)


@pytest.mark.parametrize("kind", TITLES)
def test_the_gateway_gets_a_constant_title_and_opaque_ids(gateway: Gateway, kind: str) -> None:
    assert send(gateway, kind) == Delivered(200)
    (call,) = gateway.calls
    assert call.headers["content-type"] == "application/json"
    assert json.loads(call.body) == {
        "title": TITLES[kind],
        "kind": kind,
        "link": "https://sett.example/felt/varsel/5d1c",
        "notification_id": "0123456789abcdef0123456789abcdef",
        "recipient_id": str(BOB),
        "sent_at": "2026-11-23T12:00:00+00:00",
    }


def test_the_signature_is_over_the_time_and_the_body_as_they_came(gateway: Gateway) -> None:
    send(gateway)
    (call,) = gateway.calls
    at = str(int(NOW.timestamp()))
    expected = hmac.new(KEY.encode(), f"{at}.".encode() + call.body, hashlib.sha256).hexdigest()
    assert call.headers["sett-signature"] == f"t={at},v1={expected}"


def test_the_signing_key_is_the_installations_own_and_not_the_secret_itself() -> None:
    assert keys.webhook_signing_key(SECRET) != keys.webhook_signing_key(SECRET + "x")
    assert SECRET.encode().hex() not in KEY


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered(200)),
        (202, Delivered(202)),
        (302, Retry(302, "Found")),
        (400, OurFault(400, "Bad Request")),
        (401, OurFault(401, "Unauthorized")),
        (403, OurFault(403, "Forbidden")),
        (404, OurFault(404, "Not Found")),
        (410, OurFault(410, "Gone")),
        (413, OurFault(413, "Content Too Large")),
        (422, OurFault(422, "Unprocessable Content")),
        (429, Retry(429, "Too Many Requests", 90.0)),
        (500, Retry(500, "Internal Server Error")),
        (503, Retry(503, "Service Unavailable", 90.0)),
    ],
)
def test_the_table_of_answers(gateway: Gateway, status: int, outcome: Outcome) -> None:
    gateway.answer(status, {"Retry-After": "90"} if status in (429, 503) else {})
    sent = send(gateway)
    if isinstance(outcome, OurFault):
        assert isinstance(sent, OurFault)
        assert sent.status == outcome.status, "nothing a gateway answers ends anything"
    else:
        assert sent == outcome
    assert len(gateway.calls) == 1, "asked once, redirects not followed"


def test_addresses_of_a_gateway_that_never_answer_keep_nobody_from_the_one_that_does(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.channels.webhook.TIMEOUT_SECONDS", 2)
    port = int(gateway.host.rpartition(":")[2])
    gateway.host = f"localhost:{port}"
    gateway.url = f"http://{gateway.host}/ring"
    with before_localhost(monkeypatch, port, count=7):
        began = time.perf_counter()
        assert send(gateway) == Delivered(200)
        assert time.perf_counter() - began < 8


@pytest.mark.parametrize("fault", ["hang", "reset"])
def test_no_answer_is_tried_again(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.setattr("fieldapp.channels.webhook.TIMEOUT_SECONDS", 0.2)
    gateway.fault = fault
    assert isinstance(send(gateway), Retry)


def test_what_the_gateway_says_in_words_is_not_kept(gateway: Gateway) -> None:
    gateway.answer(400, {}, text="Bob 99 88 77 66 finnes ikke")
    assert "99 88" not in str(send(gateway))


# --- the documented receiver --------------------------------------------------------------------------------------


@contextmanager
def the_documented_receiver(sett_url: str, numbers: dict[str, str]) -> Iterator[str]:
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/webhook.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    port = free_port()
    env = os.environ | {
        "SETT_SIGNING_KEY": KEY,
        "SETT_URL": sett_url,
        "NUMBERS": json.dumps(numbers),
        "NO_PROXY": "*",
        "PYTHONWARNINGS": "ignore",
    }
    command = [*DIES_WITH_US, sys.executable, "-c", code[1], str(port)]
    receiver = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/"))
        yield f"http://127.0.0.1:{port}/ring"
    finally:
        receiver.terminate()
        receiver.wait(60)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2, proxies={"http": ""}).status_code == 501
    except requests.ConnectionError:
        return False


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.engines("sqlite")
def test_the_documented_receiver_verifies_a_real_call_and_says_that_it_was_shown(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    numbers: dict[str, str] = {}
    scene = Scene(Database(settings))
    team = scene.team()
    numbers[str(scene.person(team, on="duty", phone=False))] = "+47 22 22 22 22"
    now = clock.now()
    scene.client(team, due_at=now)
    for who in numbers:
        scene.put_on(team, uuid.UUID(who), "duty", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    with served(app) as sett, the_documented_receiver(sett, numbers) as gateway:
        with_gateway = dataclasses.replace(settings, secret_key=SECRET, webhook_url=gateway)
        database = Database(with_gateway)
        sender = Sender(database, _alerting.channels(with_gateway, database), "test")
        assert tasks.tick_until_quiet(database, sender, "test")
        sender.stop()
        wait_until(lambda: [one.shown_at is not None for one in scene.deliveries()] == [True])
        assert [one.state for one in scene.deliveries()] == ["handed_over"]
        assert refuses_what_is_not_from_sett(gateway)


def refuses_what_is_not_from_sett(gateway: str) -> bool:
    body, key = b'{"recipient_id": "x"}', KEY.encode()
    now, long_ago = clock.now(), clock.now() - dt.timedelta(minutes=6)
    signatures = ["", "t=1", "t=x,v1=\u00e5", signature(b"another", body, now), signature(key, body, long_ago)]
    tried = [post(gateway, body, one) for one in signatures]
    return tried == [403] * len(signatures) and post(gateway, body, signature(key, body, now)) == 422


def post(url: str, body: bytes, signed: str) -> int:
    headers = {"Sett-Signature": signed.encode("latin-1")}
    return requests.post(url, body, headers=headers, timeout=5, proxies={"http": ""}).status_code

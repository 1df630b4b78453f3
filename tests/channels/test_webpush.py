"""What leaves for the push service, and what each of its answers means. A real service on loopback, real keys."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator

import pytest
import time_machine

from fieldapp.channels.contract import Delivered, Gone, Message, OurFault, Retry, ToDevice, TooLarge
from fieldapp.channels.webpush import WebPush, plaintext
from fieldapp.services.notify.messages import TITLES
from sync import sealing
from tests._push_service import Answer, Phone, PushService, b64

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
PAIR = sealing.make_pair()
PUBLIC, PRIVATE = sealing.encode(PAIR.public), sealing.encode(PAIR.private)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service
        assert service.faults == []


@pytest.fixture
def channel() -> WebPush:
    return WebPush("https://sett.example", "mailto:drift@sett.example", lambda _: PRIVATE)


def message(phone: Phone, kind: str = "alert", *, shortened: bool = False, p256dh: str = "") -> Message:
    return Message(
        delivery_id="0123456789abcdef0123456789abcdef",
        claim="c",
        kind=kind,
        path="/felt/varsel/5d1c",
        topic="a1b2",
        host=phone.endpoint.split("/")[2],
        to=ToDevice(uuid.UUID(int=1), phone.endpoint, p256dh or phone.p256dh, b64(phone.auth), "k"),
        shortened=shortened,
    )


@time_machine.travel(NOW)  # pywebpush puts its own expiry in place of one that has passed
def test_the_plaintext_and_the_headers_are_exactly_the_contracts(service: PushService, channel: WebPush) -> None:
    phone = service.subscribe()
    assert channel.send(message(phone), NOW) == Delivered(201)
    (received,) = service.messages(phone)
    assert received.plaintext.decode() == (
        '{"web_push":8030,"mutable":true,"notification":{"title":"Nytt varsel i Sett","lang":"nb",'
        '"navigate":"https://sett.example/felt/varsel/5d1c","tag":"a1b2"},"kind":"alert",'
        '"notification_id":"0123456789abcdef0123456789abcdef"}'
    )
    headers = {name: received.headers[name] for name in ("ttl", "urgency", "topic", "content-encoding")}
    assert headers == {"ttl": "14400", "urgency": "high", "topic": "a1b2", "content-encoding": "aes128gcm"}
    assert received.public_key == PUBLIC
    assert received.claims["sub"] == "mailto:drift@sett.example"
    assert received.claims["exp"] - NOW.timestamp() == 12 * 3600


@pytest.mark.parametrize("kind", TITLES)
def test_every_push_shows_something_wakes_the_worker_and_names_nobody(kind: str) -> None:
    text = plaintext(message(Phone("http://127.0.0.1/x", ""), kind), "https://sett.example")
    assert TITLES[kind] in text
    assert '"mutable":true' in text, "an immutable one never wakes the service worker, and no receipt would come"
    assert '"silent"' not in text
    assert not any(digit in TITLES[kind] for digit in "0123456789")


def test_one_sender_talks_to_two_services_with_fresh_claims_for_each(channel: WebPush) -> None:
    """pywebpush keeps `aud` in the claims it is given; the second service would answer 403. The service checks it."""
    with PushService() as one, PushService() as other:
        for service in (one, other, one):
            assert isinstance(channel.send(message(service.subscribe()), NOW), Delivered)
        assert one.faults == other.faults == []


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered(200)),
        (201, Delivered(201)),
        (202, Delivered(202)),
        (204, Delivered(204)),
        (302, Retry(302, "Found")),
        (400, OurFault(400, "Bad Request: ")),
        (401, OurFault(401, "Unauthorized: ")),
        (403, OurFault(403, "Forbidden: ")),
        (404, Gone(404)),
        (410, Gone(410)),
        (413, TooLarge()),
        (418, OurFault(418, "I'm a Teapot: ")),
        (429, Retry(429, "Too Many Requests")),
        (500, Retry(500, "Internal Server Error")),
        (503, Retry(503, "Service Unavailable")),
    ],
)
def test_the_table_of_answers(service: PushService, channel: WebPush, status: int, outcome: object) -> None:
    phone = service.subscribe()
    service.answer(status, phone, Location=f"http://{service.host}/elsewhere")
    assert channel.send(message(phone), NOW) == outcome
    assert service.asked(phone) == 1, "asked once, redirects not followed"


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120.0), ("Mon, 23 Nov 2026 12:01:30 GMT", 90.0), ("snart", None), ("-5", None)]
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    service: PushService, channel: WebPush, header: str, seconds: float | None
) -> None:
    phone = service.subscribe()
    service.answer(429, phone, Retry_After=header)
    outcome = channel.send(message(phone), NOW)
    assert isinstance(outcome, Retry)
    assert outcome.after_s == seconds


def test_a_torn_connection_is_tried_again(service: PushService, channel: WebPush) -> None:
    phone = service.subscribe()
    service.behave(Answer(fault="reset"), phone)
    assert channel.send(message(phone), NOW) == Retry(None, "ConnectionError")


def test_a_service_that_does_not_answer_is_given_up_in_time(
    service: PushService, channel: WebPush, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.channels.webpush.TIMEOUT_SECONDS", 0.2)
    phone = service.subscribe()
    service.behave(Answer(fault="hang"), phone)
    began = time.perf_counter()
    outcome = channel.send(message(phone), NOW)
    assert time.perf_counter() - began < 9
    assert isinstance(outcome, Retry)
    assert outcome.waited


def test_a_service_that_never_ends_its_answer_is_hung_up_on(
    service: PushService, channel: WebPush, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then keeps every timeout of a socket from running out."""
    monkeypatch.setattr("fieldapp.channels.http.WHOLE_SECONDS", 2)
    phone = service.subscribe()
    channel.send(message(phone), NOW)  # so that a kept connection is the one hung up on
    service.behave(Answer(fault="dribble"), phone)
    began = time.perf_counter()
    assert channel.send(message(phone), NOW) == Retry(None, "Timeout", waited=True)
    assert time.perf_counter() - began < 19
    monkeypatch.setattr("fieldapp.channels.http.WHOLE_SECONDS", 30)
    service.behave(Answer(), phone)
    assert channel.send(message(phone), NOW) == Delivered(201)


def test_nobody_listening_is_tried_again(channel: WebPush) -> None:
    assert isinstance(channel.send(message(Phone("http://127.0.0.1:1/push/x", "")), NOW), Retry)


def test_a_tls_error_is_tried_again(service: PushService, channel: WebPush) -> None:
    phone = service.subscribe()
    phone.endpoint = phone.endpoint.replace("http://", "https://")
    assert isinstance(channel.send(message(phone), NOW), Retry)


def test_keys_that_cannot_encrypt_are_our_fault_and_no_crash(service: PushService, channel: WebPush) -> None:
    outcome = channel.send(message(service.subscribe(), p256dh="AAAA"), NOW)
    assert isinstance(outcome, OurFault)


def test_a_vapid_key_that_is_gone_is_our_fault(service: PushService) -> None:
    channel = WebPush("https://sett.example", "mailto:drift@sett.example", lambda _: None)
    assert isinstance(channel.send(message(service.subscribe()), NOW), OurFault)


def test_said_shorter_after_a_413(service: PushService, channel: WebPush) -> None:
    phone = service.subscribe()
    channel.send(message(phone), NOW)
    channel.send(message(phone, shortened=True), NOW)
    long, short = service.messages(phone)
    assert len(short.plaintext) < len(long.plaintext)
    assert short.json["notification"]["title"] == "Nytt varsel i Sett"


def test_connections_to_a_service_are_reused(service: PushService, channel: WebPush) -> None:
    for _ in range(3):
        channel.send(message(service.subscribe()), NOW)
    assert service.connections == 1

"""What leaves for the mail server, and what each of its answers means. A real server on loopback, real TLS."""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fieldapp.channels import email
from fieldapp.channels.contract import Delivered, Gone, Message, OurFault, Outcome, Retry, ToMailbox
from fieldapp.channels.email import Email, Server
from fieldapp.services.notify.messages import TITLES
from tests._mail_server import MailServer
from tests.channels._black_holes import before_localhost

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
BOB = "bob@kommune.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def channel(url: str) -> Email:
    return Email(Server.of(url), "drift@sett.example", "https://sett.example")


def message(kind: str = "alert", id: str = "0123456789abcdef0123456789abcdef") -> Message:
    return Message(id, "c", kind, "/felt/varsel/5d1c", "a1b2", "127.0.0.1:25", ToMailbox(BOB))


def send(url: str, kind: str = "alert") -> Outcome:
    return channel(url).send(message(kind), NOW)


@pytest.mark.parametrize("kind", TITLES)
def test_a_mail_says_no_more_than_a_push(server: MailServer, kind: str) -> None:
    assert send(server.url(), kind) == Delivered(250)
    (mail,) = server.mails
    assert (mail.sender, mail.recipient) == ("drift@sett.example", BOB)
    assert mail.message["subject"] == TITLES[kind]
    says = mail.message.get_content().split()
    assert says == [*TITLES[kind].split(), "Åpne", "Sett:", "https://sett.example/felt/varsel/5d1c"]
    assert mail.message["date"].datetime == NOW
    assert mail.message["auto-submitted"] == "auto-generated", "no out-of-office comes back"


def test_sent_twice_it_is_the_same_mail_and_an_alerts_mails_share_a_thread(server: MailServer) -> None:
    for one in (message(), message(), message("over", "f" * 32)):
        channel(server.url()).send(one, NOW)
    first, again, over = (mail.message for mail in server.mails)
    assert first["message-id"] == again["message-id"] != over["message-id"]
    assert first["references"] == over["references"] == "<a1b2@sett.example>"


def test_the_secret_by_which_a_phone_sends_its_receipt_is_not_in_a_mail(server: MailServer) -> None:
    send(server.url())
    assert "0123456789abcdef" not in server.mails[0].message.as_string()


def test_the_sender_may_be_named_in_the_address_of_the_server(server: MailServer) -> None:
    send(server.url(more="?from=varsel@kommune.example"))
    assert server.mails[0].sender == "varsel@kommune.example"


@pytest.mark.parametrize(
    ("command", "status", "outcome"),
    [
        ("CONNECT", 421, Retry(421, "SMTPConnectError")),
        ("CONNECT", 554, OurFault(554, "SMTPConnectError")),
        ("MAIL", 451, Retry(451, "SMTPSenderRefused")),
        ("MAIL", 530, OurFault(530, "SMTPSenderRefused")),
        ("RCPT", 450, Retry(450, "RCPT")),
        ("RCPT", 550, Gone(550)),
        ("DATA", 452, Retry(452, "SMTPDataError")),
        ("BODY", 451, Retry(451, "SMTPDataError")),
        ("BODY", 554, OurFault(554, "SMTPDataError")),
        ("QUIT", 421, Delivered(250)),
    ],
)
def test_the_table_of_answers(server: MailServer, command: str, status: int, outcome: Outcome) -> None:
    server.answer(command, status)
    assert send(server.url()) == outcome
    assert BOB not in str(outcome), "what the server says in words repeats the address"


@pytest.mark.parametrize("fault", ["hang", "reset", "dribble"])
def test_a_server_that_does_not_answer_is_given_up_in_time_however_slowly_it_speaks(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(email, "WHOLE_SECONDS", 2)
    server.fault = fault
    began = time.perf_counter()
    assert isinstance(send(server.url()), Retry)
    assert time.perf_counter() - began < 19


def test_addresses_of_a_server_that_never_answer_keep_nobody_from_the_one_that_does(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "TIMEOUT_SECONDS", 2)
    url = server.url(host="localhost")
    with before_localhost(monkeypatch, urlsplit(url).port or 0, count=7):
        began = time.perf_counter()
        assert send(url) == Delivered(250)
        assert time.perf_counter() - began < 8


def test_nobody_listening_is_tried_again() -> None:
    assert isinstance(send("smtp://127.0.0.1:1"), Retry)


# --- TLS and passwords --------------------------------------------------------------------------------------------


@pytest.fixture(params=["starttls", "smtps"])
def safe(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path, tls=request.param, password="riktig hest") as server:
        yield server


def test_with_a_certificate_that_holds_the_password_is_given_over_tls(
    safe: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", safe.certificate)
    assert send(safe.url("sett%40kommune:riktig%20hest")) == Delivered(250)
    assert (safe.mails[0].over_tls, safe.mails[0].signed_in_as) == (True, "sett@kommune")


def test_a_certificate_that_does_not_hold_never_gets_the_password_and_is_tried_again(safe: MailServer) -> None:
    outcome = send(safe.url("sett:riktig%20hest"))
    assert outcome == Retry(None, "SSLCertVerificationError")
    assert safe.mails == []


def test_without_a_password_to_lose_any_tls_is_better_than_none(tmp_path: Path) -> None:
    with MailServer(tmp_path, tls="starttls") as server:
        assert send(server.url()) == Delivered(250)
        assert server.mails[0].over_tls


def test_a_server_we_know_no_way_to_sign_in_to_is_our_fault_and_not_tried_for_hours(
    safe: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", safe.certificate)
    safe.ways = "XOAUTH2"
    assert send(safe.url("sett:riktig%20hest")) == OurFault(None, "SMTPException")


def test_a_wrong_password_is_our_fault(safe: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", safe.certificate)
    assert send(safe.url("sett:feil")) == OurFault(535, "SMTPAuthenticationError")


def test_a_password_is_never_sent_in_the_clear_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "is_loopback", lambda _host: False)
    with MailServer(password="riktig hest") as server:
        assert send(server.url("sett:riktig%20hest")) == OurFault(None, "NoSafeWay")
        assert server.mails == []

"""A mail server of the tests' own: real SMTP on loopback, with TLS, sign-in, and every kind of bad behaviour.

with MailServer() as server:
    server.answer("RCPT", 550)            # what it answers to a command from now on
    ...                                   # send to server.url
    assert server.mails[0].subject == "Nytt varsel i Sett"
"""

import base64
import email
import email.message
import email.policy
import socketserver
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests._certificate import self_signed


@dataclass(frozen=True)
class Mail:
    """One mail as it was handed over."""

    sender: str
    recipient: str
    message: email.message.EmailMessage
    over_tls: bool
    signed_in_as: str


class MailServer:
    """Starts with `with`. `tls`: "" none, "starttls" offered, "smtps" from the start, self-signed (`certificate`)."""

    def __init__(self, folder: Path | None = None, tls: str = "", password: str = "") -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mail = self
        self.tls = tls
        self.password = password
        self.ways = "PLAIN"
        """How one may sign in."""
        self.mails: list[Mail] = []
        self.certificate = ""
        self.context: ssl.SSLContext | None = None
        if tls:
            assert folder is not None
            self.certificate, key = self_signed(folder)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(self.certificate, key)
        self.answers: dict[str, int] = {}
        self.fault = ""
        """"" | "hang" (never says a word) | "reset" (hangs up at once) | "dribble" (a byte at a time, for ever)"""
        self.stopping = threading.Event()

    def url(self, user: str = "", host: str = "127.0.0.1", more: str = "") -> str:
        scheme = "smtps" if self.tls == "smtps" else "smtp"
        return f"{scheme}://{user and user + '@'}{host}:{self._server.server_address[1]}{more}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def answer(self, command: str, status: int) -> None:
        self.answers[command] = status

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    mail: MailServer

    def handle_error(self, *_: object) -> None:
        """Broken connections are what some tests are about."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.mail = self.server.mail
        self.over_tls, self.user, self.sender, self.recipient = False, "", "", ""
        if self.mail.fault:
            self._misbehave(self.mail.fault)
            return
        if self.mail.tls == "smtps":
            self._wrap()
        self._say("CONNECT", 220, "ready")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("QUIT", 221)
                return
            getattr(self, f"_{verb.lower()}", self._unknown)(rest)

    def _misbehave(self, fault: str) -> None:
        if fault == "hang":
            self.mail.stopping.wait()
        while fault == "dribble" and not self.mail.stopping.wait(0.05):
            self.connection.sendall(b"2")

    def _wrap(self) -> None:
        assert self.mail.context is not None
        self.connection = self.mail.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.over_tls = True

    def _say(self, command: str, status: int, *lines: str) -> bool:
        """What the test asked for instead, if it did; whether that was the usual."""
        code = self.mail.answers.get(command, status)
        texts = lines or (f"<{self.recipient}> {command}",)
        said = "".join(f"{code}{'-' if n < len(texts) else ' '}{text}\r\n" for n, text in enumerate(texts, start=1))
        self.connection.sendall(said.encode())
        return code == status

    def _ehlo(self, _rest: str) -> None:
        offers = ["mail.example"]
        if self.mail.tls == "starttls" and not self.over_tls:
            offers.append("STARTTLS")
        if self.mail.password:
            offers.append(f"AUTH {self.mail.ways}")
        self._say("EHLO", 250, *offers)

    def _starttls(self, _rest: str) -> None:
        if self._say("STARTTLS", 220):
            self._wrap()

    def _auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.removeprefix("PLAIN ")).decode().split("\0")
        if self._say("AUTH", 235 if password == self.mail.password else 535):
            self.user = user

    def _mail(self, rest: str) -> None:
        self.sender = rest.partition("<")[2].partition(">")[0]
        self._say("MAIL", 250)

    def _rcpt(self, rest: str) -> None:
        self.recipient = rest.partition("<")[2].partition(">")[0]
        self._say("RCPT", 250)

    def _rset(self, _rest: str) -> None:
        self._say("RSET", 250)

    def _data(self, _rest: str) -> None:
        if not self._say("DATA", 354):
            return
        raw = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            raw += line.removeprefix(b".") if line.startswith(b"..") else line
        if self._say("BODY", 250):
            parsed: Any = email.message_from_bytes(raw, policy=email.policy.default)
            self.mail.mails.append(Mail(self.sender, self.recipient, parsed, self.over_tls, self.user))

    def _unknown(self, _rest: str) -> None:
        self._say("?", 502)

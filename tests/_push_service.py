"""A push service of the tests' own: real HTTP on loopback, real keys, messages decrypted and signatures checked.

with PushService() as service:
    phone = service.subscribe()           # what a browser's pushManager.subscribe would give
    ...                                   # post phone.body(device_id, key_id) to the app, let a worker send
    service.answer(410, phone)            # what it answers from now on (one phone, or all)
    assert service.messages(phone)[0].json["kind"] == "alert"
"""

import base64
import json
import os
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests._certificate import self_signed


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Answer:
    """What the service does with a request: a status with headers, or nothing proper at all."""

    status: int = 201
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    """"" | "reset" (connection torn) | "hang" (no answer until the service stops) | "slow" (answers after `seconds`)
    | "dribble" (begins to answer and goes on, a byte at a time, for ever)"""
    seconds: float = 0.0


@dataclass(frozen=True)
class Received:
    """One request as it came, decrypted."""

    path: str
    headers: dict[str, str]
    claims: dict[str, Any]
    public_key: str
    plaintext: bytes
    at: float
    """When, by this process's steady clock."""

    @property
    def json(self) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.plaintext)
        return decoded


@dataclass
class Phone:
    """One subscription, with the private half only a browser has."""

    endpoint: str
    path: str
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        return b64(self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def body(self, device_id: object, key_id: str) -> dict[str, Any]:
        """The JSON of POST /api/push/subscriptions."""
        keys = {"p256dh": self.p256dh, "auth": b64(self.auth)}
        return {"device_id": str(device_id), "endpoint": self.endpoint, "keys": keys, "key_id": key_id}


class PushService:
    """Starts with `with`; `host` is the `host:port` for FIELDAPP_PUSH_HOSTS."""

    def __init__(self, tls_folder: Path | None = None) -> None:
        """With a folder for its certificate it speaks TLS, self-signed: nobody should believe it."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        if tls_folder:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self_signed(tls_folder))
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self._phones: dict[str, Phone] = {}
        self._script: dict[str, list[Answer]] = {}
        self._always: dict[str, Answer] = {}
        self._received: list[Received] = []
        self._asked: list[tuple[str, float]] = []
        self.faults: list[str] = []
        self.connections = 0
        self._changed = threading.Condition()
        self.stopping = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def subscribe(self) -> Phone:
        path = f"/push/{os.urandom(8).hex()}"
        phone = self._phones[path] = Phone(f"http://{self.host}{path}", path)
        return phone

    def answer(self, status: int, phone: Phone | None = None, **headers: str) -> None:
        """Answer this from now on, to one phone or to all."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        self._always[phone.path if phone else ""] = Answer(status, named)

    def behave(self, answer: Answer, phone: Phone | None = None) -> None:
        self._always[phone.path if phone else ""] = answer

    def script(self, phone: Phone, *answers: Answer | int) -> None:
        """These answers first, one a request; then 201 again, or what `answer` said."""
        self._script[phone.path] = [a if isinstance(a, Answer) else Answer(a) for a in answers]

    def messages(self, phone: Phone | None = None) -> list[Received]:
        """What came in whole, in order; also what was answered with an error."""
        with self._changed:
            return [one for one in self._received if phone is None or one.path == phone.path]

    def accepted(self, phone: Phone | None = None) -> list[Received]:
        """What was answered with success."""
        return [one for one in self.messages(phone) if one.headers["x-answered"].startswith("2")]

    def wait_for(self, count: int, phone: Phone | None = None, seconds: float = 60) -> list[Received]:
        """Wait until that many have come in; fails the test when they don't."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.messages(phone)) >= count, timeout=seconds)
        assert arrived, f"{len(self.messages(phone))} of {count} messages came within {seconds} s"
        return self.messages(phone)

    def asked(self, phone: Phone) -> int:
        """How many requests began, hung and torn ones included."""
        with self._changed:
            return sum(path == phone.path for path, _ in self._asked)

    def wait_until_asked(self, phone: Phone, count: int = 1, seconds: float = 60) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.asked(phone) >= count, timeout=seconds)

    def next_answer(self, path: str) -> Answer:
        with self._changed:
            self._asked.append((path, time.perf_counter()))
            self._changed.notify_all()
            scripted = self._script.get(path)
            if scripted:
                return scripted.pop(0)
        return self._always.get(path) or self._always.get("") or Answer()

    def take(self, path: str, headers: dict[str, str], body: bytes, answer: Answer) -> None:
        """Keep the message, decrypted; what is wrong with it goes to `faults`, which must stay empty."""
        phone = self._phones.get(path)
        try:
            assert phone is not None, f"unknown endpoint {path}"
            claims, public_key = check_vapid(headers["authorization"], f"http://{self.host}")
            assert headers["content-encoding"] == "aes128gcm", headers
            plaintext = http_ece.decrypt(
                body, private_key=phone.private_key, auth_secret=phone.auth, version="aes128gcm"
            )
        except Exception as error:
            self.faults.append(f"{path}: {error!r}")
            return
        with self._changed:
            answered = {"x-answered": str(answer.status if not answer.fault or answer.fault == "slow" else 0)}
            self._received.append(
                Received(path, headers | answered, claims, public_key, plaintext, time.perf_counter())
            )
            self._changed.notify_all()


def check_vapid(authorization: str, audience: str) -> tuple[dict[str, Any], str]:
    """Verify an RFC 8292 header; return its claims and the key that signed it."""
    scheme, _, parameters = authorization.partition(" ")
    assert scheme == "vapid", authorization
    named = dict(part.strip().split("=", 1) for part in parameters.split(","))
    signed, _, signature = named["t"].rpartition(".")
    raw = unb64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(named["k"]))
    try:
        public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise AssertionError("the VAPID signature is false") from None
    claims: dict[str, Any] = json.loads(unb64(signed.split(".")[1]))
    assert claims["aud"] == audience, claims
    assert claims["sub"].startswith(("mailto:", "https:")), claims
    return claims, named["k"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    service: PushService

    def process_request(self, request: Any, client_address: Any) -> None:
        self.service.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, *_: object) -> None:
        """Torn connections are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        service = self.server.service
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True  # its sender was killed in the middle of it
            return
        answer = service.next_answer(self.path)
        if answer.fault == "hang":
            service.stopping.wait()
        if answer.fault == "slow":
            service.stopping.wait(answer.seconds)
        service.take(self.path, {name.lower(): value for name, value in self.headers.items()}, body, answer)
        if answer.fault in ("reset", "hang"):
            self._tear()
            return
        if answer.fault == "dribble":
            self._dribble()
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _dribble(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 ")
        while not self.server.service.stopping.wait(0.05):
            self.wfile.write(b"z")

    def _tear(self) -> None:
        """A reset, not a close: the other side gets ECONNRESET."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass

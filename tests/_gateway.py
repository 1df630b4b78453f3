"""A gateway for SMS and calls, of the tests' own: real HTTP on loopback that notes what came.

with Gateway() as gateway:
    gateway.answer(503, {"Retry-After": "90"})
    ...                                   # FIELDAPP_WEBHOOK_URL = gateway.url
    assert gateway.calls[0].json["kind"] == "alert"
"""

import json
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.body)
        return decoded


class Gateway:
    """Starts with `with`. `fault`: "" none, "hang" (no answer), "reset" (torn connection)."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.gateway = self
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/ring?who=sett"
        self.calls: list[Call] = []
        self.status, self.headers, self.text, self.fault = 200, {}, "", ""
        self.stopping = threading.Event()

    def answer(self, status: int, headers: dict[str, str], text: str = "") -> None:
        self.status, self.headers, self.text = status, headers, text

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    gateway: Gateway

    def handle_error(self, *_: object) -> None:
        """Torn connections are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        gateway = self.server.gateway
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gateway.calls.append(Call({name.lower(): value for name, value in self.headers.items()}, body))
        if gateway.fault == "hang":
            gateway.stopping.wait()
        if gateway.fault:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self.send_response(gateway.status)
        for name, value in gateway.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(gateway.text.encode())))
        self.end_headers()
        self.wfile.write(gateway.text.encode())

    def log_message(self, *_: object) -> None:
        pass

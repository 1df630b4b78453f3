"""What the benches over HTTP share: one kept connection as a phone holds it, a signed-in phone, and entries to send."""

import gzip
import json
import time
import uuid
from collections.abc import Callable
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from fieldapp import clock
from sync.ids import uuid7


class Wire:
    """One connection to a server, with cookies; packed answers are asked for and unpacked."""

    def __init__(self, url: str, *, packed: bool = True) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._cookies: SimpleCookie = SimpleCookie()
        self._packed = packed
        self.received_bytes = 0
        """As they travelled, without heads."""

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """The JSON of the answer; anything but success ends the bench."""
        text = None if content is None else json.dumps(content).encode()
        head = {"Content-Type": "application/json", "Accept-Encoding": "gzip" if self._packed else "identity"}
        if self._cookies:
            head["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        self._connection.request(method, path, text, head)
        answer = self._connection.getresponse()
        received = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {received[:500]!r}")
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            self._cookies.load(cookie)
        self.received_bytes += len(received)
        return json.loads(gzip.decompress(received) if answer.headers["Content-Encoding"] == "gzip" else received)


class Phone:
    """A phone signed in over a wire."""

    def __init__(self, wire: Wire, username: str, password: str) -> None:
        self.wire = wire
        self._device_id = str(uuid7())
        wire.ask("POST", "/api/session", {"username": username, "password": password})
        told = {"device_id": self._device_id, "name": "bench", "platform": "android"}
        self._device_id = wire.ask("POST", "/api/devices", told)["device_id"]

    def sync(self, cursor: str | None, entries: list[dict[str, Any]] | None = None, *, pull: bool = True) -> Any:
        """One round trip; every entry must be accepted."""
        asked = {
            "protocol": 1, "device_id": self._device_id, "sent_at": clock.now().isoformat(), "cursor": cursor,
            "unsent_after": 0, "entries": entries or [], "pull": pull,
        }  # fmt: skip
        answer = self.wire.ask("POST", "/api/sync", asked)
        refused = [one for one in answer["results"] if one["verdict"] != "accepted"]
        if refused:
            raise SystemExit(f"not accepted: {refused[:3]}")
        return answer

    def pull(self) -> tuple[list[dict[str, Any]], str]:
        """A first sync: all changes, page by page, and the cursor they end at."""
        changes, cursor, more = list[dict[str, Any]](), None, True
        while more:
            answer = self.sync(cursor)
            cursor, more = answer["cursor"], answer["more"]
            changes += answer["changes"]
        return changes, str(cursor)


def registration(number: int, team_id: str) -> dict[str, Any]:
    return _entry("client_registered", str(uuid.uuid4()), number + 1, {"name": f"Bruker {number}", "team_id": team_id})


def visit(client_id: str, seq: int) -> dict[str, Any]:
    """With a note of ordinary length."""
    note = "Kort prat på trappa. Hun hadde handlet selv og ville ha besøk igjen i morgen."
    return _entry("visit_logged", client_id, seq, {"outcome": "seen", "place": "home", "note": note})


def _entry(type_: str, client_id: str, seq: int, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid7()), "device_seq": seq, "type": type_, "version": 1, "client_id": client_id,
        "occurred_at": clock.now().isoformat(), "clock_offset_ms": 0, "body": body,
    }  # fmt: skip


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_batches(things: list[Any], size: int = 100) -> list[list[Any]]:
    return [things[start : start + size] for start in range(0, len(things), size)]

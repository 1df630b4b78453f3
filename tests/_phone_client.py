"""A phone as the network sees it, for tests against real processes: signs in over HTTP and syncs."""

import datetime as dt
import http.cookiejar
import json
import urllib.error
import urllib.request
import uuid
from typing import Any, Self

from sync.ids import uuid7
from tests._server import Server

PASSWORD = "et langt passord til prøven"


class PhoneClient:
    """One person's phone."""

    def __init__(self, server: Server, username: str, team_id: str) -> None:
        self.server = server
        self.username = username
        self.team_id = team_id
        self.device_id = str(uuid.uuid4())
        self.seq = 0
        self._cookies = http.cookiejar.CookieJar()
        self._http = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._cookies)
        )

    @classmethod
    def signed_in(cls, server: Server, username: str = "mona", role: str = "leader", team_id: str = "") -> Self:
        """Somebody new, in `team_id` or a team of her own."""
        team_id = team_id or server.json("team", "add", f"ACT {username}", "--kind", "act")["id"]
        person = ("--name", username.title(), "--role", role, "--team", team_id, "--password-stdin")
        server.json("staff", "add", username, *person, stdin=PASSWORD + "\n")
        phone = cls(server, username, team_id)
        status, answer = phone.post("/api/session", {"username": username, "password": PASSWORD})
        assert status == 200, answer
        return phone

    def get(self, path: str, timeout: float = 30) -> tuple[int, Any]:
        """(status, JSON)."""
        return self._ask(urllib.request.Request(self.server.url + path), timeout)

    def post(self, path: str, content: Any, timeout: float = 30) -> tuple[int, Any]:
        """(status, JSON)."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        asked = urllib.request.Request(self.server.url + path, data, {"Content-Type": "application/json"})
        return self._ask(asked, timeout)

    def _ask(self, asked: urllib.request.Request, timeout: float) -> tuple[int, Any]:
        try:
            with self._http.open(asked, timeout=timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                self.last_headers = error.headers
                return error.code, json.load(error)

    def sync(self, *entries: dict[str, Any], timeout: float = 30) -> Any:
        """Send `entries`; the whole answer. Anything but 200 fails the test."""
        status, answer = self.post("/api/sync", self.request(*entries), timeout)
        assert status == 200, answer
        return answer

    def raw(self, path: str, content: Any) -> bytes:
        """The whole request, head and body, as it goes over the wire."""
        body = json.dumps(content).encode()
        cookie = "; ".join(f"{one.name}={one.value}" for one in self._cookies)
        lines = ("Host: sett", "Content-Type: application/json", f"Content-Length: {len(body)}", f"Cookie: {cookie}")
        return "\r\n".join((f"POST {path} HTTP/1.1", *lines, "", "")).encode() + body

    def request(self, *entries: dict[str, Any]) -> dict[str, Any]:
        return {
            "protocol": 1,
            "device_id": self.device_id,
            "sent_at": now(),
            "cursor": None,
            "unsent_after": 0,
            "entries": list(entries),
        }

    def entry(self, type_: str, client_id: str | None, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One entry as the phone writes it now."""
        self.seq += 1
        return {
            "id": str(uuid7()),
            "device_seq": self.seq,
            "type": type_,
            "version": 1,
            "client_id": client_id,
            "occurred_at": now(),
            "clock_offset_ms": 0,
            "body": body,
        } | more

    def registration(self, name: str = "Kari") -> dict[str, Any]:
        return self.entry("client_registered", str(uuid.uuid4()), {"name": name, "team_id": self.team_id})

    def seen(self, client_id: str) -> dict[str, Any]:
        return self.entry("visit_logged", client_id, {"outcome": "seen", "place": "home"})


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()  # noqa: TID251 - the real clock of real processes

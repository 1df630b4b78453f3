"""What docs/deploy gives an operator: nginx in front with TLS, and units that systemd takes."""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.config import NAMES
from tests._certificate import self_signed
from tests._server import DIES_WITH_US, ROOT, Server, free_port
from tests._wait import wait_until

pytestmark = pytest.mark.engines("sqlite")

DEPLOY = ROOT / "docs" / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")


@dataclass(frozen=True)
class Front:
    """nginx with our own configuration, and Sett behind it."""

    server: Server
    port: int
    folder: Path

    def ask(self, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        context = ssl.create_default_context(cafile=str(self.folder / "server.crt"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=30)
        connection.request(method, path, headers={"Host": "sett.kommune.example"} | headers)
        return connection.getresponse()

    @property
    def written(self) -> str:
        return "".join(file.read_text() for file in self.folder.glob("*.log"))


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    assert NGINX, "nginx-light is installed at set-up"
    more = {"trusted_proxies": "127.0.0.1", "public_url": "https://sett.kommune.example", "log_format": "json"}
    with Server.started(tmp_path / "data", worker=False, **more) as server:
        port = free_port()
        folder = tmp_path / "nginx"
        folder.mkdir()
        self_signed(folder)
        (folder / "nginx.conf").write_text(whole_configuration(folder, port, server.port))
        process = subprocess.Popen([*DIES_WITH_US, NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
        try:
            wait_until(lambda: listens(port))
            yield Front(server, port, folder)
        finally:
            process.terminate()
            process.wait(20)


def test_signing_in_through_nginx_is_safe_and_known_by_address(front: Front) -> None:
    front.server.cli(
        "staff", "add", "ada", "--name", "Ada", "--role", "admin", "--password-stdin", stdin="et langt passord\n"
    )
    page = front.ask("GET", "/logg-inn")
    assert page.status == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    context = ssl.create_default_context(cafile=str(front.folder / "server.crt"))
    connection = http.client.HTTPSConnection("127.0.0.1", front.port, context=context, timeout=30)
    said = json.dumps({"username": "ada", "password": "et langt passord"})
    headers = {"Host": "sett.kommune.example", "Content-Type": "application/json", "X-Forwarded-For": "6.6.6.6"}
    connection.request("POST", "/api/session", said, headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert {"Secure", "HttpOnly"} <= {part.strip() for part in answer.headers["Set-Cookie"].split(";")}
    answer.read()
    connection.request("POST", "/api/session", json.dumps({"username": "ada", "password": "galt"}), headers)
    assert connection.getresponse().status == 401
    refused = [line for line in front.server.log.read_text().splitlines() if "sign_in_refused" in line]
    assert json.loads(refused[0])["address"] == "127.0.0.1"  # not what the caller says of itself


def test_no_token_or_id_is_in_its_log_and_slow_clients_stop_nobody(front: Front) -> None:
    front.ask("GET", "/melding/hemmelig-lenke-til-apoteket")
    slow = [socket.create_connection(("127.0.0.1", front.port)) for _ in range(50)]
    answered = threading.Thread(target=lambda: front.ask("GET", "/logg-inn"))
    answered.start()
    answered.join(20)
    assert not answered.is_alive()
    for connection in slow:
        connection.close()
    front.server.processes[0].terminate()
    front.server.processes[0].wait(20)
    assert front.ask("GET", "/melding/hemmelig-lenke-til-apoteket").status == 502
    assert "hemmelig" not in front.written
    assert "hemmelig" not in front.server.log.read_text()


@pytest.mark.parametrize("unit", ["sett-web.service", "sett-worker.service"])
def test_systemd_takes_the_units(unit: str, tmp_path: Path) -> None:
    text = (DEPLOY / unit).read_text()
    command = re.search(r"^ExecStart=/opt/sett/bin/(fieldapp (web|worker).*)$", text, re.MULTILINE)
    assert command
    assert set(re.findall(r"FIELDAPP_(\w+)", text)) <= set(NAMES)
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    mine = tmp_path / unit
    mine.write_text(text.replace("/opt/sett/bin/fieldapp", "/bin/true"))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(mine)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert unit not in done.stderr


def test_the_containerfile_starts_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert "--require-hashes" in text
    assert set(re.findall(r"FIELDAPP_(\w+)", text)) <= set(NAMES)
    assert json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[0])[:2] == ["fieldapp", "web"]
    assert "USER sett" in text


def whole_configuration(folder: Path, port: int, behind: int) -> str:
    """Our server block as it stands, in what Debian puts around it; only ports, paths and the certificate are ours."""
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/sett/tls/fullchain.pem", str(folder / "server.crt")),
        ("/etc/sett/tls/privkey.pem", str(folder / "server.key")),
        ("/var/log/nginx/", f"{folder}/"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
daemon off; pid {folder}/pid; worker_processes 1; error_log {folder}/main.log crit;
events {{ worker_connections 512; }}
http {{ {kept} access_log {folder}/access.log; {text} }}
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

"""docs/drift.md «Fra en tom maskin»: its commands, read from the page and done in order, up to a phone that has synced.

What a test can't do to its own machine is done by stand-ins: packages and accounts of the system, services (started as
their units say), and the locked Python packages, which are lent to the new environment instead of downloaded again.
"""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sysconfig
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from fieldapp import clock
from tests._certificate import self_signed
from tests._server import DIES_WITH_US, ROOT, free_port
from tests._wait import wait_until
from tests.cli.test_deploy import DEPLOY, NGINX, listens, whole_configuration

PAGE = ROOT / "docs" / "drift.md"
PASSWORD = "en lang og god setning"
_LENT = "/opt/sett/bin/pip install --require-hashes -r requirements.txt\n"
_POSTGRESQL = "echo 'FIELDAPP_DATABASE_URL=postgresql:///sett?host=/run/postgresql'"
_STAND_INS = {
    "apt-get": "exit 0",
    "useradd": "exit 0",
    "chgrp": "exit 0",
    "systemctl": 'echo "$@" >> "$CALLS"',
    "runuser": 'while [ "$1" != "--" ]; do shift; done; shift\ncase "$1" in create*) exit 0;; esac\nexec "$@"',
}


def test_from_an_empty_machine_to_a_phone_that_has_synced(machine: "Machine", database_url: str, engine: str) -> None:
    said = [machine.does(block) for block in blocks() if engine == "postgresql" or "createdb" not in block]
    assert machine.calls == ["daemon-reload", "enable --now sett-web sett-worker", "reload nginx"]
    address = re.search(r"^https://sett\.kommune\.example/oppsett#kode=(\S+)$", said[-1], re.MULTILINE)
    assert address, said[-1]
    people = {"admin_name": "Ada", "admin_username": "ada", "leader_name": "Mona", "leader_username": "mona"}
    form = people | {"team_name": "FACT Nord", "team_kind": "fact", "password": PASSWORD, "code": address[1]}
    done = machine.asks("POST", "/oppsett", urlencode(form), "application/x-www-form-urlencoded")
    code = re.search(r'class="code-text">([^<]+)<', done[1])
    assert code, done[1]
    enrolled = machine.asks_json("/api/enrolment", {"username": "mona", "code": code[1], "password": PASSWORD})
    assert enrolled[0] == 200, enrolled
    phone = str(uuid.uuid4())
    device = {"device_id": phone, "name": "Telefon", "platform": "test"}
    assert machine.asks_json("/api/devices", device)[0] == 200
    sync = {"protocol": 1, "device_id": phone, "sent_at": clock.now().isoformat(), "cursor": None}
    status, answer = machine.asks_json("/api/sync", sync | {"unsent_after": 0, "entries": []})
    assert status == 200
    assert {change["kind"] for change in json.loads(answer)["changes"]} >= {"team", "staff"}
    assert json.loads(machine.asks("GET", "/healthz")[1])["status"] == "ok"


def blocks() -> list[str]:
    """The commands of the section, block by block."""
    section = PAGE.read_text(encoding="utf-8").partition("## Fra en tom maskin\n")[2].partition("\n## ")[0]
    found = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(found) >= 7
    return found


class Machine:
    """A folder that stands for the whole machine: /opt, /etc, /var and /usr/local are in it."""

    def __init__(self, root: Path, database_url: str) -> None:
        self.root, self._database_url = root, database_url
        self._ports = {"web": free_port(), "nginx": free_port()}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._cookies: dict[str, str] = {}
        for folder in ("stand-ins", "etc/systemd/system", "etc/nginx/sites-available", "etc/nginx/sites-enabled",
                       "usr/local/bin", "opt", "var/lib", "tls", "home"):  # fmt: skip
            (root / folder).mkdir(parents=True)
        for name, script in _STAND_INS.items():
            (root / "stand-ins" / name).write_text(f"#!/bin/sh\n{script}\n")
            (root / "stand-ins" / name).chmod(0o755)
        self_signed(root / "tls")

    @property
    def calls(self) -> list[str]:
        """What systemctl was asked to do."""
        file = self.root / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def does(self, block: str) -> str:
        """Run one block of the page; what it printed."""
        before = len(self.calls)
        text = block.replace(
            _LENT, f"echo {sysconfig.get_path('purelib')} > $(echo /opt/sett/lib/python3*/site-packages)/lent.pth\n"
        )
        text = text.replace(_POSTGRESQL, f"echo 'FIELDAPP_DATABASE_URL={self._database_url}'")
        text = re.sub(r" (?:-o sett )?-g sett\b", "", text)
        text = re.sub(r"(?<![\w.:/])/(opt|etc|var|usr/local)/", rf"{self.root}/\1/", text)
        done = subprocess.run(
            ["bash", "-euc", text], env=self._env, cwd=self.root / "home", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        for call in self.calls[before:]:
            self._do_as_systemd(call)
        return done.stdout

    def asks(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        """Ask through nginx, over TLS, as a browser that keeps its cookie."""
        trust = ssl.create_default_context(cafile=str(self.root / "tls/server.crt"))
        connection = http.client.HTTPSConnection("127.0.0.1", self._ports["nginx"], context=trust, timeout=60)
        headers = {"Host": "sett.kommune.example"} | ({"Content-Type": kind} if kind else {})
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request(method, path, body or None, headers | ({"Cookie": cookies} if cookies else {}))
        answer = connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = given.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read().decode()

    def asks_json(self, path: str, content: dict[str, object]) -> tuple[int, str]:
        return self.asks("POST", path, json.dumps(content), "application/json")

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(30)

    @property
    def _env(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("FIELDAPP", "VIRTUAL", "PYTHON"))
        }
        path = [str(self.root / "stand-ins"), str(self.root / "usr/local/bin"), "/usr/bin", "/bin", os.environ["PATH"]]
        return kept | {"PATH": os.pathsep.join(path), "CALLS": str(self.root / "calls")}

    def _do_as_systemd(self, call: str) -> None:
        if call.startswith("enable"):
            for unit in call.split()[2:]:
                self._start_unit((self.root / f"etc/systemd/system/{unit}.service").read_text())
            wait_until(lambda: listens(self._ports["web"]))
        if call == "reload nginx":
            self._start_nginx()

    def _start_unit(self, unit: str) -> None:
        command = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)[0].replace("8000", str(self._ports["web"]))
        env = dict(re.findall(r"^Environment=(\w+)=(.*)$", unit, re.MULTILINE))
        env |= dict(re.findall(r"^(\w+)=(.*)$", (self.root / "etc/sett/sett.env").read_text(), re.MULTILINE))
        env["FIELDAPP_DATA_DIR"] = str(self.root / "var/lib/sett")
        self._run([str(self.root) + command.split()[0], *command.split()[1:]], env)

    def _start_nginx(self) -> None:
        assert (self.root / "etc/nginx/sites-enabled/sett").read_text() == (DEPLOY / "nginx.conf").read_text()
        file = self.root / "tls/nginx.conf"
        file.write_text(whole_configuration(self.root / "tls", self._ports["nginx"], self._ports["web"]))
        self._run([str(NGINX), "-c", str(file), "-p", str(self.root / "tls")], {})
        wait_until(lambda: listens(self._ports["nginx"]))

    def _run(self, command: list[str], env: dict[str, str]) -> None:
        with (self.root / "log").open("ab") as log:
            whole = [*DIES_WITH_US, *command]
            self._processes.append(subprocess.Popen(whole, env=self._env | env, cwd=self.root, stdout=log, stderr=log))


@pytest.fixture
def machine(tmp_path: Path, wheel: Path, database_url: str) -> Iterator[Machine]:
    made = Machine(tmp_path / "machine", database_url)
    shutil.copy(wheel, made.root / "home")
    shutil.copytree(DEPLOY, made.root / "home/deploy")
    try:
        yield made
    finally:
        made.stop()

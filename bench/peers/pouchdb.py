"""Sett beside pouchdb-server on LevelDB: push, one document and pull over HTTP, in turns, documents of the same text.

Run from the project root: `python bench/peers/pouchdb.py [FOLDER]`; it needs Node and npm. The peer is installed by its
lock into a temporary folder, or into FOLDER, where the next run finds it. One JSON object a line; the last is ratios.
Push: batches of 100, `_bulk_docs`. Pull, Sett: a first sync. Pull, PouchDB: `_changes` with the documents, and what its
own replication does: `_changes`, then `_bulk_get` with revisions, 100 at a time. All over one kept connection each.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # the server is the tests'

from bench._http import Phone, Wire, in_batches, registration, seconds, visit
from tests._server import DIES_WITH_US, Server, free_port

HERE = Path(__file__).parent
PASSWORD = "et langt passord til målingen"
ROUNDS = 3
CLIENTS = 100
VISITS = 2_000
ONE_BY_ONE = 50
GOALS = {"push": 4, "one_document": 3, "pull": 5, "pull_as_replication": 5}


def run(folder: Path, installed: Path) -> None:
    """Measure both, round after round, and compare medians."""
    install(installed)
    ours, theirs = list[dict[str, float]](), list[dict[str, float]]()
    for number in range(ROUNDS):
        ours.append(sett(folder / f"sett{number}"))
        theirs.append(pouchdb(folder / f"pouchdb{number}", installed))
    mine, peer = _medians(ours), _medians(theirs)
    for name, figures in (("sett", mine), ("pouchdb-server", peer)):
        print(json.dumps({"bench": "peers/pouchdb", "server": name, "documents": VISITS} | figures), flush=True)
    times = {
        "push": mine["push_per_s"] / peer["push_per_s"],
        "one_document": peer["one_document_p50_ms"] / mine["one_document_p50_ms"],
        "pull": mine["pull_per_s"] / peer["pull_per_s"],
        "pull_as_replication": mine["pull_per_s"] / peer["pull_as_replication_per_s"],
    }
    rounded = {name: round(ratio, 2) for name, ratio in times.items()}
    print(json.dumps({"bench": "peers/pouchdb", "sett_is_times_as_fast": rounded, "goals": GOALS}), flush=True)


def install(folder: Path) -> None:
    """The peer and its packages, checked against the hashes of the lock. LevelDB comes built."""
    if (folder / "node_modules").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)


def sett(data_dir: Path) -> dict[str, float]:
    """One team, its clients and their visits."""
    with Server.started(data_dir, worker=False) as server:
        team = server.json("team", "add", "ACT", "--kind", "act")["id"]
        person = ("--name", "Mona", "--role", "leader", "--team", team, "--password-stdin")
        server.json("staff", "add", "mona", *person, stdin=PASSWORD + "\n")
        phone = Phone(Wire(server.url), "mona", PASSWORD)
        registrations = [registration(n, team) for n in range(CLIENTS)]
        phone.sync(None, registrations, pull=False)
        clients = [one["client_id"] for one in registrations]
        visits = [visit(clients[n % CLIENTS], n + 1000) for n in range(VISITS + ONE_BY_ONE)]
        pushed = seconds(lambda: [phone.sync(None, batch, pull=False) for batch in in_batches(visits[:VISITS])])
        one = [seconds(lambda one=one: phone.sync(None, [one], pull=False)) for one in visits[VISITS:]]
        changes: list[Any] = []
        pulled = seconds(lambda: changes.extend(phone.pull()[0]))
    return _figures(pushed, one, len(changes), pulled)


def pouchdb(data_dir: Path, installed: Path) -> dict[str, float]:
    """The same visits as documents."""
    with _pouchdb_server(data_dir, installed) as url:
        wire = Wire(url)
        wire.ask("PUT", "/visits")
        documents = [_document(n) for n in range(VISITS)]
        pushed = seconds(lambda: [_push(wire, batch) for batch in in_batches(documents)])
        more = [_document(VISITS + n) for n in range(ONE_BY_ONE)]
        one = [seconds(lambda document=document: wire.ask("POST", "/visits", document)) for document in more]
        rows: list[Any] = []
        pulled = seconds(lambda: rows.extend(_all_changes(wire, 500, with_documents=True)))
        replicated = seconds(lambda: _replicate(wire))
    return _figures(pushed, one, len(rows), pulled) | {"pull_as_replication_per_s": len(rows) / replicated}


@contextmanager
def _pouchdb_server(data_dir: Path, installed: Path) -> Iterator[str]:
    data_dir.mkdir(parents=True)
    port = free_port()
    command = ["node", str(installed / "node_modules/pouchdb-server/bin/pouchdb-server"), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--dir", str(data_dir / "databases"), "--no-stdout-logs"]
    with (data_dir / "server.log").open("wb") as log:
        process = subprocess.Popen([*DIES_WITH_US, *command], cwd=data_dir, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            Wire(url).ask("GET", "/")
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _document(number: int) -> dict[str, Any]:
    """A visit as Sett's phone sends it, with the id where CouchDB has it."""
    entry = visit(f"01a0f551-9680-7073-86a7-{number % CLIENTS:012x}", number)
    return {"_id": entry.pop("id")} | entry


def _push(wire: Wire, documents: list[dict[str, Any]]) -> None:
    refused = [one for one in wire.ask("POST", "/visits/_bulk_docs", {"docs": documents}) if not one.get("ok")]
    if refused:
        raise SystemExit(f"not accepted: {refused[:3]}")


def _all_changes(wire: Wire, size: int, *, with_documents: bool) -> Iterator[dict[str, Any]]:
    since, how = 0, "include_docs=true" if with_documents else "style=all_docs"
    while rows := wire.ask("GET", f"/visits/_changes?{how}&since={since}&limit={size}")["results"]:
        yield from rows
        since = rows[-1]["seq"]


def _replicate(wire: Wire) -> None:
    rows = list(_all_changes(wire, 100, with_documents=False))
    for batch in in_batches(rows):
        wanted = [{"id": row["id"], "rev": row["changes"][0]["rev"]} for row in batch]
        wire.ask("POST", "/visits/_bulk_get?revs=true&latest=true", {"docs": wanted})


def _figures(pushed: float, one: list[float], changes: int, pulled: float) -> dict[str, float]:
    return {
        "push_per_s": VISITS / pushed,
        "one_document_p50_ms": statistics.median(one) * 1000,
        "pull_per_s": changes / pulled,
    }


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in rounds), 1) for name in rounds[0]}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(folder) / "peer")

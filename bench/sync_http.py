"""Sync over HTTP, as a phone meets it: the real web server on SQLite with a demo municipality, one phone on loopback.

Run from the project root: `python bench/sync_http.py [CLIENTS] [OTHER]`. One JSON object a line. OTHER is the folder of
another version with the same schema: both serve copies of the same data, in turns, and the last lines are ratios.
Batches are sent without asking for changes; one entry is sent as a phone does, with the changes in the same answer.
"""

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the server is the tests'

from bench._http import Phone, Wire, in_batches, seconds, visit
from fieldapp.demo.people import PASSWORDS
from tests._server import ROOT, Server

CLIENTS = 700
ROUNDS = 3
VISITS = 1_000
ONE_BY_ONE = 50
IDLE = 100
HIGHER_IS_BETTER = ("entries_per_s_in_batches_of_100", "first_sync_changes_per_s")


def run(folder: Path, clients: int, other: Path | None) -> None:
    """Fill one municipality, then measure each version on a copy of it."""
    filled = Server(folder / "filled")
    filled.cli("demo", "--clients", str(clients))
    trees = {"here": ROOT} | ({"other": other} if other else {})
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in trees}
    for number in range(ROUNDS):
        for name, tree in trees.items():
            shutil.copytree(filled.data_dir, folder / f"{name}{number}")
            rounds[name].append(measured(folder / f"{name}{number}", tree))
    medians = {name: _medians(figures) for name, figures in rounds.items()}
    for name, figures in medians.items():
        print(json.dumps({"bench": "sync_http", "version": name, "clients": clients} | figures), flush=True)
    if other:
        times = {name: _times_better(name, medians) for name in medians["here"] if name != "first_sync_changes"}
        print(json.dumps({"bench": "sync_http", "here_is_times_as_good_as_other": times}), flush=True)


def measured(data_dir: Path, tree: Path) -> dict[str, float]:
    """The figures of one version on its own copy of the data."""
    server = Server(data_dir)
    server.root = tree
    try:
        server.start_web()
        server.wait_until_healthy(with_worker=False)
        return _figures(Phone(Wire(server.url), "mona", PASSWORDS["leader"]))
    finally:
        server.stop()


def _figures(phone: Phone) -> dict[str, float]:
    phone.pull()  # whoever comes first pays for what the server prepares once
    before = phone.wire.received_bytes
    pulled: list[tuple[list[dict[str, object]], str]] = []
    took = seconds(lambda: pulled.append(phone.pull()))
    changes, cursor = pulled[0]
    travelled = phone.wire.received_bytes - before
    idle = [seconds(lambda: phone.sync(cursor)) for _ in range(IDLE)]
    clients = [str(change["id"]) for change in changes if change["kind"] == "client"]
    batches = in_batches([visit(clients[n % len(clients)], n + 1) for n in range(VISITS)])
    pushed = seconds(lambda: [phone.sync(None, batch, pull=False) for batch in batches])
    cursor = phone.pull()[1]
    one = [seconds(lambda n=n: phone.sync(cursor, [visit(clients[n], VISITS + n + 1)])) for n in range(ONE_BY_ONE)]
    return {
        "first_sync_changes": len(changes),
        "first_sync_changes_per_s": len(changes) / took,
        "first_sync_kilobytes": travelled / 1000,
        "idle_sync_p50_ms": statistics.median(idle) * 1000,
        "entries_per_s_in_batches_of_100": VISITS / pushed,
        "one_entry_p50_ms": statistics.median(one) * 1000,
    }


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in rounds), 1) for name in rounds[0]}


def _times_better(name: str, medians: dict[str, dict[str, float]]) -> float:
    ratio = medians["here"][name] / medians["other"][name]
    return round(ratio if name in HIGHER_IS_BETTER else 1 / ratio, 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run(
            Path(folder),
            int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS,
            Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None,
        )

"""How fast the phone is with 500 clients, on a processor four times slower: start, save, and fifty entries on slow 3G.

Run from the project root: `python bench/phone.py`. One JSON object a line, milliseconds.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # the town and the phone are the tests'

from playwright.sync_api import sync_playwright

from sync.ids import uuid7
from tests._push_service import PushService
from tests._world import PIN
from tests.browser._phone import KEYPAD, Phone
from tests.browser._town import Colleague, Town

CLIENTS = 500
SLOWER = 4
ROUNDS = 5
ENTRIES = 50
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FIRST_NAMES = ("Even", "Aina", "Kjell", "Per Ivar", "Eva", "Jonny", "Kari", "Siri", "Mona", "Arne")
LAST_NAMES = ("Furu", "Strand", "Moen", "Lund", "Berg", "Dal", "Haug", "Vik", "Nes", "Bakke")


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """Fill a team, then use one phone in it."""
    with (
        PushService() as push,
        Town.started(folder / "town", push) as town,
        sync_playwright() as playwright,
    ):
        team = town.team("Granstua", "staffed_housing")
        bob = town.staff("fieldworker", team, name="Bob")
        fill(bob, team.id)
        phone = Phone(playwright, town, folder / "phone")
        phone.start_with(bob)
        phone.page.evaluate(_KEEP_MODULES)
        try:
            yield from start(phone)
            yield save(phone)
            yield flush(phone)
        finally:
            phone.stop()


def fill(bob: Colleague, team_id: str) -> None:
    """Clients, each with a visit on which nobody opened: a person just seen has no button to measure."""
    for begin in range(0, CLIENTS, 50):
        entries = []
        for number in range(begin, begin + 50):
            name = f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10 % 10]} {number}"
            client = str(uuid7())
            entries.append(bob.entry("client_registered", {"name": name, "team_id": team_id}, client=client))
            entries.append(bob.entry("visit_logged", {"outcome": "no_answer", "place": "home"}, client=client))
        assert {one["verdict"] for one in bob.sync(*entries)["results"]} == {"accepted"}


def start(phone: Phone) -> Iterator[dict[str, Any]]:
    """Without coverage: from the tap on the icon until a PIN can be typed; from its last digit until the phone is open,
    and until the list stands and can be used."""
    phone.opens_by_itself = False
    phone.restart(offline=True)
    slow_down(phone)
    for path in ("/felt", "/felt/brukere"):
        keypad, opened, listed = [], [], []
        for _ in range(ROUNDS):
            phone.page.goto(path)
            phone.page.locator(KEYPAD).wait_for()
            keypad.append(phone.page.evaluate("performance.now()"))
            phone.page.keyboard.type(PIN[:-1])
            took = phone.page.evaluate(_LAST_DIGIT, PIN[-1])
            opened.append(took[0])
            listed.append(took[1])
        about = {"path": path, "clients": CLIENTS, "cpu_slower": SLOWER}
        yield figure("phone_start_to_pin", keypad, 1000, **about)
        yield figure("phone_unlock", opened, 500, **about)
        yield figure("phone_pin_to_list", listed, 1000, **about)


def save(phone: Phone) -> dict[str, Any]:
    """From the tap on Sett until the phone says that it is saved."""
    phone.page.goto("/felt/brukere")
    phone.unlock()
    phone.page.locator(".row button[data-tap]").nth(ROUNDS).wait_for()
    times = [phone.page.evaluate(_SAVE, number) for number in range(ROUNDS)]
    return figure("phone_save", times, 100, clients=CLIENTS, cpu_slower=SLOWER)


def flush(phone: Phone) -> dict[str, Any]:
    """Fifty saved entries, from coverage until each has its verdict."""
    saved = phone.page.evaluate(_SAVE_MANY, ENTRIES)
    network = phone.context.new_cdp_session(phone.page)
    phone.find_coverage()
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_3G)
    took = phone.page.evaluate(_FLUSH)
    assert phone.outbox() == []
    return figure("phone_flush_slow_3g", [took], 3000, entries=saved, cpu_slower=SLOWER)


def slow_down(phone: Phone) -> None:
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def figure(name: str, times: list[float], goal: int, **more: Any) -> dict[str, Any]:
    return {
        "bench": name,
        "median_ms": round(statistics.median(times)),
        "worst_ms": round(max(times)),
        "goal_ms": goal,
    } | more


_LAST_DIGIT = """async (digit) => {
  const until = async (there) => {
    while (!there()) await new Promise(requestAnimationFrame);
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    return performance.now() - started;
  };
  const started = performance.now();
  document.querySelector(`[data-key="${digit}"]`).click();
  const opened = await until(() => !document.querySelector("main.gate"));
  return [opened, await until(() => document.querySelector(".list .row"))];
}"""
"""Until the page behind the PIN stands, and until its list does."""

_SAVE = """async (number) => {
  const button = document.querySelectorAll(".row button[data-tap]")[number];
  const name = JSON.parse(button.dataset.tap).said;
  const started = performance.now();
  button.click();
  while (!document.querySelector(".toast")?.textContent.includes(name)) await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""

_MODULES = """const base = document.querySelector('script[type="module"]').src.replace(/build\\/.*$/, "js/core/");
  const load = (name) => import(base + name + ".js");"""

_KEEP_MODULES = f"""async () => {{
  {_MODULES}
  await Promise.all(["send/envelope", "send/flush", "send/opening", "replica/replica"].map(load));
}}"""
"""The page loads them again without coverage: let the worker keep them."""

_SAVE_MANY = f"""async (count) => {{
  {_MODULES}
  const [{{ makeEntry }}, {{ save, counts }}, {{ readState }}, {{ enterPin }}, {{ readGate }}] =
    await Promise.all(["send/envelope", "send/outbox", "replica/replica", "send/opening", "vault/gate"].map(load));
  await enterPin((await readGate()).who.id, "{PIN}");
  const [...ids] = (await readState()).clients.keys();
  const {{ unsent }} = await counts();
  const body = {{ outcome: "seen", place: "home", note: "Kaffe på trappa, alt vel." }};
  for (let n = unsent; n < count; n++) await save(makeEntry("visit_logged", body, {{ clientId: ids[n] }}));
  return (await counts()).unsent;
}}"""

_FLUSH = f"""async () => {{
  {_MODULES}
  const [{{ flush }}, {{ counts }}] = await Promise.all(["send/flush", "send/outbox"].map(load));
  const started = performance.now();
  while ((await counts()).unsent) await flush("user");
  return performance.now() - started;
}}"""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for line in run(Path(folder)):
            print(json.dumps(line), flush=True)

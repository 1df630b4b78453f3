"""Unique strings in every field in which people write: after use by every role they stand nowhere outside the database.

Searched are the push plaintexts, e-mail and webhook bodies, the servers' logs, the metrics, Cache Storage, and the raw
files of the browser's profile. A copied profile shows nothing without the PIN, and is attacked with a list of PINs.
What stands in the database file, the WAL and the backup is the last function, for when the texts there are encrypted.
"""

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from playwright.sync_api import expect

from fieldapp.models.change import newest_seq
from tests._canary import LEVELS, Canaries, every_type, registered
from tests._gateway import Gateway
from tests._mail_server import MailServer
from tests._push_service import PushService
from tests._world import PIN
from tests.browser import _scripts
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone

METRICS = "a token for the metrics of the tests, long"
PAGES = ("/kontor", "/kontor/varsler", "/kontor/saker", "/kontor/vakt", "/kontor/team", "/kontor/logg", "/konto")
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) found.push(name, asked.url, await (await cache.match(asked)).text());
  }
  return found.join("\\n");
}"""
ATTACK = """async ([staffId, pins]) => {
  const open = (name) => new Promise((done, no) => {
    const o = indexedDB.open(name); o.onsuccess = () => done(o.result); o.onerror = () => no(o.error); });
  const all = async (db, store) => new Promise((done) => {
    const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
  const vault = (await all(await open("sett"), "vaults")).find(({ id }) => id === staffId);
  const { lock } = vault, utf8 = (text) => new TextEncoder().encode(text), subtle = crypto.subtle;
  const started = performance.now();
  let tried = 0;
  for (const pin of pins) {
    tried += 1;
    const typed = await subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
    const stretch = { name: "PBKDF2", hash: "SHA-256", salt: lock.salt, iterations: lock.rounds };
    const one = new Uint8Array(await subtle.deriveBits(stretch, typed, 256));
    const two = new Uint8Array(await subtle.sign("HMAC", lock.device, utf8("sett device 1")));
    const both = new Uint8Array(one.length + two.length); both.set(one); both.set(two, one.length);
    const base = await subtle.importKey("raw", both, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: lock.salt, info: utf8("sett kek 1") };
    const kek = await subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["unwrapKey"]);
    const wrapping = { name: "AES-GCM", iv: lock.iv, additionalData: utf8(`sett vault key 1|${staffId}`) };
    const key = await subtle.unwrapKey("raw", lock.wrapped, kek, wrapping, "HKDF", false, ["deriveKey"])
      .catch(() => null);
    if (key) return { pin, tried, rounds: lock.rounds, ms: performance.now() - started };
  }
  return { pin: null, tried, rounds: lock.rounds, ms: performance.now() - started };
}"""


@contextmanager
def town_with_every_channel(folder: Path, push: PushService) -> Iterator[tuple[Town, MailServer, Gateway]]:
    """One whose alerts go out as push, e-mail and webhook."""
    with MailServer() as mail, Gateway() as gateway:
        settings = {"smtp_url": mail.url(), "webhook_url": gateway.url, "metrics_token": METRICS}
        with Town.started(folder, push, **settings) as town:
            yield town, mail, gateway


def protect(town: Town, leader: Colleague, client: str, level: str, *listed: Colleague) -> None:
    if level == "none":
        return
    with town._database.reading() as session:
        seq = newest_seq(session, "client", uuid.UUID(client))
    leader.log("client_updated", {"base_seq": seq, "fields": {"protected": level}}, client=client)
    if level == "code6":
        leader.log("client_access_listed", {"staff_ids": [one.id for one in listed]}, client=client)


def fill(town: Town, canaries: Canaries, leader: Colleague, bob: Colleague) -> dict[str, str]:
    """A client of each level with an entry of each type, before the level is set and after; by level."""
    clients: dict[str, str] = {}
    for level in LEVELS:
        client = clients[level] = registered(leader, canaries, level)
        concern = leader.log(
            "concern_raised", {"reason": canaries.one(f"{level} before"), "urgency": "now"}, client=client
        )
        alert = next(one["id"] for one in leader.alerts() if one["client_id"] == client)
        protect(town, leader, client, level, leader, bob)
        people = dict.fromkeys(("staff_id", "to_staff_id", "owner_id", "with_staff", "to_staff_ids"), bob.id)
        ids = {"alert_id": alert, "entry_id": concern["id"], "cases": {}} | people
        ids |= {"with_staff": [bob.id], "to_staff_ids": [bob.id]}
        taken = [leader.sync(one)["results"][0] for one in every_type(leader, canaries, client, level, ids)]
        accepted = sum(1 for one in taken if one["verdict"] == "accepted")
        assert accepted >= len(taken) // 2, [one for one in taken if one["verdict"] != "accepted"]
    return clients


def test_no_word_of_anybody_leaves_the_database_or_lies_readable_on_a_phone(
    tmp_path: Path, push_service: PushService, new_phone: NewPhone
) -> None:
    canaries = Canaries()
    with town_with_every_channel(tmp_path / "town", push_service) as (town, mail, gateway):
        team = town.team("Nord")
        leader, bob = town.staff("leader", team, name="Lea"), town.staff("fieldworker", team, name="Bob")
        others = [town.staff(role, team, name=role.capitalize()) for role in ("peer", "landlord", "privacy", "admin")]
        push = [one.subscribe(push_service) for one in (leader, bob)]
        for one in (leader, bob):
            one.http.form("/konto/epost", email=f"{one.username}@sett.example")
        clients = fill(town, canaries, leader, bob)
        assert len(canaries.words) > 100
        profile = use(town, new_phone, bob, clients["none"], canaries)
        for person in (leader, bob, *others):
            visit_every_page(person, clients)
        town.let_worker_tick()
        push_service.wait_for(1)
        metrics = requests.get(f"{town.url}/metrics", headers={"Authorization": f"Bearer {METRICS}"}, timeout=60)
        assert metrics.status_code == 200
        told = {
            "push": b"\n".join(one.plaintext for one in push_service.messages()),
            "e-mail": b"\n".join(one.message.as_bytes() for one in mail.mails),
            "webhook": b"\n".join(one.body for one in gateway.calls),
            "metrics": metrics.content,
            "server log": town.server.log.read_bytes(),
        }
        assert told["push"]
        assert told["server log"]
        del push
        found = {where: canaries.found_in(data) for where, data in told.items()}
        found |= {f"profile {file}": words for file, words in in_files(profile, canaries)}
        stands = {where: words for where, words in found.items() if words}
        assert not stands, json.dumps(stands, indent=1)
        attack(town, new_phone, profile, bob)


def visit_every_page(person: Colleague, clients: dict[str, str]) -> None:
    """All that the role is shown of these clients, at the office and by the API."""
    while person.sync()["more"]:
        pass
    for path in PAGES:
        person.http.get(path)
    for client in clients.values():
        for path in ("bruker/{}", "bruker/{}/tilgang", "bruker/{}/deling", "bruker/{}/tekster", "innsyn/{}"):
            person.http.get("/kontor/" + path.format(client))
        person.http.get(f"/api/clients/{client}/entries")
    person.http.get("/api/alerts")


def use(town: Town, new_phone: NewPhone, bob: Colleague, client: str, canaries: Canaries) -> Path:
    """A phone on which people, entries and drafts were looked at and written, 200 of them on it, some of them waiting;
    its profile, once it is off."""
    words = [canaries.one("written by Bob") for _ in range(190)]
    for start in range(0, len(words), 95):
        bodies = ({"outcome": "seen", "place": "home", "note": word} for word in words[start : start + 95])
        bob.sync(*(bob.entry("visit_logged", body, client=client) for body in bodies))
    phone: Phone = new_phone(town)
    phone.start_with(bob)
    phone.tab("Brukere")
    phone.open(f"/felt/bruker/{client}")
    expect(phone.page.locator("main")).to_contain_text("Siste dager")
    cached = phone.page.evaluate(CACHED)
    assert canaries.found_in(cached) == {}, "Cache Storage"
    phone.lose_coverage()
    for _ in range(10):
        phone.go(f"/felt/ny?type=visit_logged&client={client}")
        phone.page.get_by_label("«Hvordan har du det?»").fill(canaries.one("waiting on the phone"))
        phone.tap(phone.button("Lagre: traff"))
        expect(phone.button("Lagre: traff")).to_have_count(0)
        expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.go(f"/felt/ny?type=visit_logged&client={client}")
    draft = canaries.one("a draft")
    phone.page.get_by_label("«Hvordan har du det?»").fill(draft)
    phone.wait_for_draft(draft)
    rows = phone.outbox()
    assert len(rows) == 10
    assert canaries.found_in(json.dumps(rows, default=str)) == {}, "the outbox"
    profile = phone._profile
    phone.stop()
    return profile


def in_files(profile: Path, canaries: Canaries) -> Iterator[tuple[str, dict[str, str]]]:
    """IndexedDB's LevelDB, Local Storage, History, Cache Storage, sessions, preferences: every file there is."""
    for file in sorted(profile.rglob("*")):
        if file.is_file() and not file.is_symlink() and (words := canaries.found_in(file.read_bytes())):
            yield str(file.relative_to(profile)), words


def attack(town: Town, new_phone: NewPhone, profile: Path, bob: Colleague) -> None:
    """A copy of the profile: without the PIN nothing of it can be read; with a list that holds the right one it opens,
    and how long a try takes is said."""
    copy = profile.with_name("copied")
    shutil.copytree(profile, copy, symlinks=True, ignore=shutil.ignore_patterns("Singleton*"))
    thief: Phone = new_phone(town)
    thief._profile = copy
    thief.opens_by_itself = False
    page = thief.start(offline=True)
    expect(thief.title("Lås opp")).to_be_visible()
    shown = page.locator("body").inner_text()
    assert not re.search("Kanari", shown)
    rows = page.evaluate(_scripts.READ_ALL, ["sett", "vaults"])
    assert len(rows) == 1
    wrong = [f"{number:06}" for number in range(402_000, 402_199)]
    pins = [*wrong[:150], PIN, *wrong[150:]]
    found = page.evaluate(ATTACK, [bob.id, pins])
    assert (found["pin"], found["tried"]) == (PIN, 151)
    assert found["rounds"] >= 600_000
    print(json.dumps({"pin_attack": {"tries": found["tried"], "ms_a_try": round(found["ms"] / found["tried"], 1)}}))


def test_no_word_of_anybody_stands_in_the_database_its_log_or_a_backup(
    tmp_path: Path, push_service: PushService
) -> None:
    """Words, names and addresses are ciphertext there (docs/adr/0025)."""
    canaries = Canaries()
    with town_with_every_channel(tmp_path / "town", push_service) as (town, _, __):
        team = town.team("Nord")
        leader, bob = town.staff("leader", team, name="Lea"), town.staff("fieldworker", team, name="Bob")
        fill(town, canaries, leader, bob)
        backup = tmp_path / "backup.db"
        town.server.cli("backup", str(backup))
        files = [*town.server.data_dir.glob("fieldapp.db*"), backup]
        found = {file.name: canaries.found_in(file.read_bytes()) for file in files}
        assert {name: words for name, words in found.items() if words} == {}

"""The locked phone: wrong PINs, cold starts, several people, what needs no PIN, and an access ended from afar."""

import datetime as dt
import json
import re
import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from fieldapp import clock
from fieldapp.models import LoginSession, ReadLog
from fieldapp.services.people import sessions
from tests._world import PIN
from tests.browser import _scripts
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone

WRONG = "402816"
NO_WAIT = """(id) => new Promise((done) => { const o = indexedDB.open("sett"); o.onsuccess = () => {
  const tx = o.result.transaction("vaults", "readwrite"); const rows = tx.objectStore("vaults");
  const asked = rows.get(id); asked.onsuccess = () => asked.result && rows.put({ ...asked.result, tried_at: 1 });
  tx.oncomplete = () => { o.result.close(); done(); }; }; })"""
"""The wait after a wrong PIN is over."""
EVERYTHING = """async () => {
  const text = (_key, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder("latin1").decode(value) : value;
  const found = [document.title, location.href];
  found.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }));
  for (const { name } of await indexedDB.databases()) found.push(name, await new Promise((done) => {
    const o = indexedDB.open(name); o.onsuccess = async () => {
      const rows = [];
      for (const store of o.result.objectStoreNames) rows.push(store, await new Promise((got) => {
        const asked = o.result.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => got(asked.result); }));
      o.result.close(); done(JSON.stringify(rows, text)); }; }));
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys()) found.push(asked.url);
  return found.join("\\n");
}"""


def house(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob Dal")
    return bob, bob.register("Even Hemmelig", team, address="Granveien 3")


def test_five_wrong_pins_take_what_was_fetched_and_never_what_waits(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    phone.let_lie()
    phone.page.context.set_offline(True)
    phone.tap(phone.button("Sett: Even Hemmelig"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.restart(offline=True)
    for left in ("4 forsøk", "3 forsøk"):
        phone.unlock(WRONG)
        expect(phone.page.get_by_role("alert")).to_contain_text(f"Feil PIN. {left} igjen.")
    phone.unlock(WRONG)
    expect(phone.page.get_by_role("alert")).to_contain_text("Vent")
    for _ in range(2):
        phone.page.evaluate(NO_WAIT, bob.id)
        phone.page.reload()
        phone.unlock(WRONG)
        expect(phone.page.locator("[data-key]:disabled, #username").first).to_be_visible()
    expect(phone.page.get_by_label("Brukernavn")).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_contain_text("Feil PIN fem ganger.")
    assert phone.databases() == ["sett"]
    assert len(phone.outbox()) == 1
    phone.find_coverage()
    phone.wait_for_outbox(0)
    assert [
        d["client_id"] for (kind, _), d in bob.pull().items() if kind == "entry" and d["type"] == "visit_logged"
    ] == [even]

    phone.sign_in_and_choose(bob)
    expect(phone.link(re.compile("Even Hemmelig")).first).to_be_visible()


def test_a_cold_start_without_coverage_opens_with_the_pin_and_shows_nothing_before(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Halvskrevet»")
    phone.wait_for_draft("«Halvskrevet»")
    phone.let_lie()
    phone.restart(f"/felt/ny?type=visit_logged&client={even}", offline=True)
    expect(phone.title("Lås opp")).to_be_visible()
    expect(phone.page.locator("body")).not_to_contain_text(re.compile("Even|Halvskrevet"))
    phone.unlock()
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("«Halvskrevet»")
    expect(phone.page.locator("body")).to_contain_text("Even Hemmelig")


def test_nothing_of_anybody_lies_in_the_clear(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    phone.lose_coverage()
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Ord fra Even»")
    phone.wait_for_draft("«Ord fra Even»")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.title("Even Hemmelig")).to_be_visible()
    phone.tab("Brukere")
    everything = phone.page.evaluate(EVERYTHING)
    for words in ("Hemmelig", "Granveien", "Ord fra", "visit_logged", PIN):
        assert words not in everything
    assert not re.search(f"(?<!/felt/bruker/){even}", everything)


def test_three_people_switch_on_one_phone_without_coverage(town: Town, phone: Phone) -> None:
    people = [house(town)[0]]
    team = people[0].teams[0]
    people += [town.staff("fieldworker", team, name=name) for name in ("Carla Eng", "Dag Foss")]
    phone.start_with(people[0])
    phone.let_lie()
    for person in people[1:]:
        phone.open_locked("/felt")
        phone.tap(phone.page.get_by_role("button", name=re.compile("Bytt person|En annen logger inn")))
        if phone.page.get_by_role("heading", name="Hvem er du?").count():
            phone.tap(phone.button("En annen logger inn"))
        phone.sign_in_and_choose(person)
    phone.restart(offline=True)
    for person in people:
        phone.taps = 0
        phone.open_locked("/felt")
        phone.tap(phone.button("Bytt person"))
        phone.tap(phone.button(person.name))
        assert phone.taps == 2
        phone.unlock()
        expect(phone.link(re.compile("Even Hemmelig")).first).to_be_visible()
        phone.tap(phone.button("Sett: Even Hemmelig"))
        expect(phone.toast).to_contain_text("Lagret på telefonen")
    rows = phone.outbox()
    assert [row["author_id"] for row in rows] == [person.id for person in people]
    phone.find_coverage()
    phone.wait_for_outbox(0)
    told = [d["author_id"] for (k, _), d in people[0].pull().items() if k == "entry" and d["type"] == "visit_logged"]
    assert sorted(told) == sorted(person.id for person in people)


def test_help_and_a_crisis_from_a_locked_phone_without_coverage(town: Town, phone: Phone) -> None:
    bob, _ = house(town)
    phone.start_with(bob)
    phone.let_lie()
    phone.restart(offline=True)
    expect(phone.title("Lås opp")).to_be_visible()
    phone.taps = 0
    phone.tap(phone.button("Krise"))
    assert phone.taps == 1
    expect(phone.page.get_by_role("timer")).to_be_visible()
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå. Ring vakta.")).to_be_visible()
    phone.tap(phone.button("Nalokson gitt"))
    phone.page.get_by_label("Hvem og hvor?").fill("mann ca. 40, bak stasjonen")
    phone.tap(phone.button("Legg til"))
    phone.tap(phone.button("Ferdig"))
    phone.tap(phone.button("Be om hjelp"))
    phone.tap(phone.button("Send hjelp nå"))
    phone.tap(phone.button("Ferdig"))
    entries = phone.waiting()
    assert [entry["type"] for entry in entries] == [
        "crisis_opened", "crisis_step_logged", "entry_corrected", "help_requested",
    ]  # fmt: skip
    assert {(entry["author_id"], entry["locked"], entry["client_id"]) for entry in entries} == {(bob.id, True, None)}
    assert entries[2]["body"]["body"]["about"] == "mann ca. 40, bak stasjonen"
    assert "stasjonen" not in json.dumps(phone.page.evaluate(_scripts.READ_ALL, ["sett", "outbox"]), default=str)

    phone.unlock()
    expect(phone.page.get_by_text(re.compile("Skrevet på låst telefon: .* Var det deg")).first).to_be_visible()
    phone.find_coverage()
    deadline = clock.now() + dt.timedelta(seconds=60)
    while not {"crisis", "staff_help"} <= {one["kind"] for one in bob.alerts()}:
        assert clock.now() < deadline
    (case,) = [data for (kind, _), data in bob.pull().items() if kind == "case"]
    assert (case["client_id"], case["facts"]["about"]) == (None, "mann ca. 40, bak stasjonen")
    phone.tap(phone.button("Ja, det var meg").last)
    expect(phone.toast).to_contain_text("Bekreftet")


def test_nobody_within_fourteen_hours_leaves_the_numbers_and_the_sign_in(town: Town, phone: Phone) -> None:
    bob, _ = house(town)
    phone.start_with(bob)
    phone.let_lie()
    phone.tab("Mer")
    phone.tap(phone.button("Logg ut"))
    expect(phone.page.get_by_label("Brukernavn")).to_be_visible()
    expect(phone.button("Krise")).to_have_count(0)
    expect(phone.link(re.compile("113"))).to_be_visible()


def test_a_phone_put_away_is_covered_at_once_and_locked_after_two_minutes(town: Town, phone: Phone) -> None:
    bob, _ = house(town)
    phone.start_with(bob)
    phone.let_lie()
    phone.page.evaluate(HIDE, 60_000)
    expect(phone.title("I dag")).to_be_visible()
    covered, after = phone.page.evaluate(HIDE, 121_000)
    assert covered, "nothing to be seen while it is put away"
    assert "Even" not in after, "nothing of anybody when it is taken up again"
    expect(phone.title("Lås opp")).to_be_visible()
    phone.unlock()
    expect(phone.title("I dag")).to_be_visible()


HIDE = """async (ms) => {
  const state = (value) => { Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange")); };
  const now = Date.now;
  state("hidden");
  const covered = getComputedStyle(document.querySelector("main")).visibility === "hidden";
  Date.now = () => now() + ms;
  state("visible");
  const seen = getComputedStyle(document.querySelector("main")).visibility === "hidden" ? "" : document.body.innerText;
  await new Promise((done) => setTimeout(done, 500));
  Date.now = now;
  return [covered, seen];
}"""
"""Put away for so long by the clock, and taken up again; what could be read in the moment it was."""


@pytest.mark.parametrize("locked", [False, True])
def test_a_sign_out_from_afar_takes_the_names_off_the_phone(town: Town, phone: Phone, locked: bool) -> None:
    bob, _ = house(town)
    phone.start_with(bob)
    if locked:
        phone.let_lie()
        phone.page.reload()
        expect(phone.title("Lås opp")).to_be_visible()
    end_from_afar(town, bob)
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.page.get_by_text("Tilgangen på denne telefonen er avsluttet.")).to_be_visible()
    phone.wait_until("() => indexedDB.databases().then((all) => !all.some(({ name }) => name.includes('vault')))")
    assert "Hemmelig" not in phone.page.content()


def end_from_afar(town: Town, bob: Colleague) -> None:
    """Every session of this person, ended by somebody."""
    with town._database.transaction() as session:
        of_bob = session.scalars(select(LoginSession.id).where(LoginSession.staff_id == uuid.UUID(bob.id))).all()
        for session_id in of_bob:
            sessions.revoke(session, uuid.UUID(bob.id), session_id, clock.now())


def test_what_was_opened_is_in_the_read_log_whoever_delivers_it(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    carla = town.staff("fieldworker", bob.teams[0], name="Carla Eng")
    phone.start_with(bob)
    phone.let_lie()
    phone.lose_coverage()
    phone.tab("Brukere")
    phone.tap(phone.link(re.compile("Even Hemmelig")))
    expect(phone.title("Even Hemmelig")).to_be_visible()
    phone.page.evaluate(HIDE, 121_000)
    expect(phone.title("Lås opp")).to_be_visible()
    phone.wait_until(
        f"() => ({_scripts.READ_ALL})(['sett', 'views']).then((all) => all.some((one) => !one.not_before))"
    )
    (report,) = phone.page.evaluate(_scripts.READ_ALL, ["sett", "views"])
    assert set(report) == {"id", "key_id", "sealed"}
    assert opened_on_phones(town, even) == []

    phone.page.route("**/api/sync", lambda route: route.abort())  # nobody delivers before Carla does
    phone.find_coverage()
    phone.open_locked("/felt")
    phone.tap(phone.page.get_by_role("button", name=re.compile("Bytt person|En annen logger inn")))
    phone.page.unroute("**/api/sync")
    phone.sign_in_and_choose(carla)
    phone.wait_until(f"() => ({_scripts.READ_ALL})(['sett', 'views']).then((all) => all.length === 0)")
    assert opened_on_phones(town, even) == [bob.id]


def opened_on_phones(town: Town, client_id: str) -> list[str]:
    """Who has opened this client on a phone, as the read log has it."""
    rows = select(ReadLog.staff_id).where(
        ReadLog.kind == "opened", ReadLog.surface == "phone", ReadLog.client_id == uuid.UUID(client_id)
    )
    with town._database.reading() as session:
        return [str(staff_id) for staff_id in session.scalars(rows)]


def test_a_forgotten_pin_is_made_anew_with_the_password(town: Town, phone: Phone) -> None:
    bob, _ = house(town)
    phone.start_with(bob)
    phone.let_lie()
    phone.page.reload()
    phone.tap(phone.button("Glemt PIN?"))
    expect(phone.page.get_by_text("Da slettes det som er hentet hit")).to_be_visible()
    phone.page.keyboard.type(WRONG)
    phone.tap(phone.button("Tilbake til PIN"))
    expect(phone.page.get_by_role("status", name="0 sifre tastet")).to_be_visible()
    phone.tap(phone.button("Glemt PIN?"))
    phone.sign_in_and_choose(bob, WRONG)
    phone.page.reload()
    phone.unlock(WRONG)
    expect(phone.link(re.compile("Even Hemmelig")).first).to_be_visible()


def test_without_an_offline_replica_logging_works_and_lists_need_the_net(own_town: Town, new_phone: NewPhone) -> None:
    own_town.restart_web(offline_replica="off")
    phone = new_phone(own_town)
    bob, _ = house(own_town)
    phone.start_with(bob)
    expect(phone.link(re.compile("Even Hemmelig")).first).to_be_visible()
    phone.restart(offline=True)
    expect(phone.page.get_by_text("Listene trenger dekning")).to_be_visible()
    expect(phone.page.locator("body")).not_to_contain_text("Even Hemmelig")

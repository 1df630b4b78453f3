"""What the network, the storage, the session or an ended access does to a phone, in a real browser."""

import datetime as dt
import re
import uuid

from playwright.sync_api import Route, expect

from fieldapp import clock
from fieldapp.models import LoginSession
from fieldapp.services.people import accounts
from tests.browser._phone import Phone, answer_with
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone

SIGNED_OUT = "Du er logget ut. Alt du fører blir på telefonen."

FULL = """(() => { for (const name of ["put", "add", "delete"]) IDBObjectStore.prototype[name] = function () {
  throw new DOMException("full", "QuotaExceededError");
}; })()"""


def house(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob")
    return bob, bob.register("Even Furu", team)


def visits(person: Colleague) -> list[str]:
    found = [data for (kind, _), data in person.pull().items() if kind == "entry" and data["type"] == "visit_logged"]
    return [data["body"].get("client_said", "") for data in found]


def say(phone: Phone, client: str, words: str) -> None:
    phone.open(f"/felt/ny?type=visit_logged&client={client}")
    phone.page.get_by_label("«Hvordan har du det?»").fill(words)
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.title("Even Furu")).to_be_visible()


def run_out(town: Town, person: Colleague) -> None:
    """The person's session on the phone (the newest) is over, as after fourteen hours."""
    with town._database.transaction() as session:
        for row in session.query(LoginSession).filter_by(staff_id=uuid.UUID(person.id)):
            row.ends_at = clock.now() - dt.timedelta(minutes=1)


def test_one_entry_the_network_refuses_holds_up_no_other(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    asked: list[str] = []

    def filter_(route: Route) -> None:
        asked.append(text := route.request.post_data or "")
        route.fulfill(status=403, content_type="text/html", body="Nei") if poison in text else route.continue_()

    phone.lose_coverage()
    say(phone, even, "gift")
    poison = phone.outbox()[0]["id"]
    for words in ("en", "to"):
        say(phone, even, words)
    phone.context.route(re.compile("/api/sync"), filter_)
    phone.find_coverage()
    phone.wait_for_outbox(1)
    assert sorted(visits(bob)) == ["en", "to"]
    say(phone, even, "senere")
    phone.wait_for_outbox(1)
    assert "senere" in visits(bob)
    assert sum(poison in text for text in asked) < 20
    phone.tab("Mer")
    expect(phone.page.locator("section", has=phone.heading("Kommer ikke fram"))).to_contain_text("Even Furu")
    expect(phone.page.locator(".badge").first).to_contain_text("1 kommer ikke fram")
    phone.tap(phone.button(re.compile("Prøv nå")).first)
    expect(phone.toast).to_contain_text("Ikke alt kom fram.")

    phone.context.unroute_all(behavior="ignoreErrors")
    phone.tap(phone.button(re.compile("Prøv nå")).first)
    phone.wait_for_outbox(0)
    assert "gift" in visits(bob)


def test_what_was_sent_stays_visible_until_the_replica_has_it(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    run_out(town, bob)
    say(phone, even, "«Bedre i dag»")
    phone.open(f"/felt/ny?type=concern_raised&client={even}")
    phone.choose("Hvor mye haster det?", "I dag")
    phone.page.locator("textarea").first.fill("Hører stemmer")
    phone.choose("Hvor mye haster det?", "Nå")
    phone.tap(phone.page.locator("form.log button[type=submit]"))
    expect(phone.title("Even Furu")).to_be_visible()
    expect(phone.page.get_by_text(SIGNED_OUT)).to_be_visible()
    phone.wait_for_outbox(0)

    def stands() -> None:
        phone.open(f"/felt/bruker/{even}")
        expect(phone.page.locator(".timeline")).to_contain_text("«Bedre i dag»")
        expect(phone.page.locator(".state h2")).not_to_contain_text("ikke sett")
        expect(phone.heading("Bekymret for Even Furu")).to_be_visible()

    stands()
    phone.restart(f"/felt/bruker/{even}")
    stands()
    phone.context.route(re.compile("/api/sync"), lambda route: route.abort())  # signed in, and no pull gets through
    phone.tap(phone.link("Logg inn igjen"))
    phone.page.get_by_label("Brukernavn").fill(bob.username)
    phone.page.get_by_label("Passord").fill("riktig hest batteri stift")
    phone.tap(phone.button("Logg inn"))
    expect(phone.title("I dag")).to_be_visible()
    stands()
    phone.context.unroute_all(behavior="ignoreErrors")
    phone.restart(f"/felt/bruker/{even}")
    expect(phone.page.locator(".badge[data-good]")).to_be_visible()
    stands()
    expect(phone.page.locator(".timeline li", has_text="Bedre i dag")).to_have_count(1)


def test_an_ended_employment_empties_every_window_of_the_phone(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    second = phone.context.new_page()
    second.goto(f"/felt/bruker/{even}")
    expect(second.get_by_text("Even Furu").first).to_be_visible()
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Halvskrevet»")
    phone.wait_for_draft("Halvskrevet")
    with town._database.transaction() as session:
        accounts.end_staff(session, bob.username, clock.now())

    phone.open("/felt")
    for page in (phone.page, second):
        expect(page.get_by_text("Tilgangen på denne telefonen er avsluttet.")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Even Furu")
    phone.wait_until("() => indexedDB.databases().then((all) => !all.some(({ name }) => name.includes('vault')))")
    drafts = phone.page.evaluate(
        """() => new Promise((done) => { const o = indexedDB.open("sett"); o.onsuccess = () => {
          const stores = ["drafts", "sealed_drafts", "copies", "vaults"];
          const a = o.result.transaction(stores);
          const counts = stores.map((name) => a.objectStore(name).count());
          a.oncomplete = () => { o.result.close(); done(counts.map((one) => one.result)); }; }; })"""
    )
    assert drafts == [0, 0, 0, 0]
    phone.restart("/felt/brukere", offline=True)
    expect(phone.page.locator("body")).not_to_contain_text("Even Furu")


def test_an_ended_phone_still_keeps_what_was_not_sent(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    phone.lose_coverage()
    say(phone, even, "«Venter»")
    with town._database.transaction() as session:
        accounts.end_staff(session, bob.username, clock.now())
    phone.find_coverage()
    expect(phone.page.get_by_text("Tilgangen på denne telefonen er avsluttet.")).to_be_visible()
    assert len(phone.outbox()) == 1
    expect(phone.page.get_by_text("1 notat på telefonen er ikke sendt ennå.")).to_be_visible()


def test_an_interrupted_first_sync_says_that_more_is_to_come(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    pages = 0

    def only_the_first(route: Route) -> None:
        nonlocal pages
        pages += 1
        if pages > 1:
            return route.abort()
        answer = route.fetch()
        return route.fulfill(response=answer, json=answer.json() | {"more": True, "cursor": answer.json()["cursor"]})

    phone.start()
    phone.context.route(re.compile("/api/sync"), only_the_first)
    phone.page.get_by_label("Brukernavn").fill(bob.username)
    phone.page.get_by_label("Passord").fill("riktig hest batteri stift")
    phone.tap(phone.button("Logg inn"))
    expect(phone.button("Sett: Even Furu")).to_be_visible()
    phone.wait_until_kept()
    more = "Ikke alt er hentet ennå"
    for offline in (False, True):
        if offline:
            phone.restart(offline=True)
        for path in ("/felt", "/felt/brukere", "/felt/tavle", "/felt/ny?type=visit_logged", f"/felt/bruker/{even}"):
            phone.open(path)
            expect(phone.page.get_by_text(more)).to_be_visible()
        phone.open("/felt/brukere")
        expect(phone.page.get_by_text("1 hentet til nå")).to_be_visible()
        phone.page.get_by_label("Søk etter bruker").fill("xyzzy")
        expect(phone.page.get_by_text("i det som er hentet til nå")).to_be_visible()
    phone.context.unroute_all(behavior="ignoreErrors")
    phone.restart("/felt/brukere")
    expect(phone.page.get_by_text("1 i teamene dine")).to_be_visible()
    expect(phone.page.get_by_text(more)).to_have_count(0)


def test_a_full_phone_sends_what_waits_and_names_the_cause(town: Town, new_phone: NewPhone) -> None:
    bob, even = house(town)
    phone = new_phone(town)
    phone.start_with(bob)
    phone.lose_coverage()
    say(phone, even, "«Før den var full»")
    phone.page.evaluate(FULL)
    phone.find_coverage()
    expect(phone.page.get_by_text("Telefonen er full: det du fører nå, blir ikke lagret.")).to_be_visible()
    expect(phone.page.locator(".badge[data-good]")).to_be_visible()
    assert visits(bob) == ["«Før den var full»"]
    phone.tap(phone.link("Besøk"))
    phone.page.get_by_label("«Hvordan har du det?»").fill("«Står her ennå»")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.toast).to_contain_text("Telefonen er full, så ingenting ble lagret.")
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("«Står her ennå»")


def test_an_expired_session_drops_nothing(town: Town, phone: Phone) -> None:
    bob, even = house(town)
    phone.start_with(bob)
    phone.context.route(re.compile("/api/"), answer_with(401, {"code": "sign_in", "message": "Logg inn."}))
    phone.open(f"/felt/bruker/{even}")
    expect(phone.page.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(phone.title("Even Furu")).to_be_visible()

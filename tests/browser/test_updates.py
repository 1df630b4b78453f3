"""New versions and the kill switch: neither may take a word from anybody."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser._town import Town
from tests.browser.conftest import NewPhone


def test_a_new_version_waits_until_it_is_taken_and_a_draft_is_not_lost(
    own_town: Town, new_phone: NewPhone, tmp_path: Path
) -> None:
    town, phone = own_town, new_phone(own_town)
    bob = town.staff("fieldworker", team := town.team("Granstua", "staffed_housing"), name="Bob")
    even = bob.register("Even Furu", team)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("Halvskrevet")
    phone.wait_for_draft("Halvskrevet")

    town.release(tmp_path / "next")
    phone.page.reload()
    expect(phone.page.get_by_text("Ny versjon av Sett er klar. Utkast blir tatt vare på.")).to_be_visible()
    assert version(phone.page) == "", "never by itself"
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet")
    phone.page.get_by_label("«Hvordan har du det?»").fill("Halvskrevet, og litt til")
    phone.wait_until_nothing_is_sent()
    with phone.page.expect_event("load"):
        phone.tap(phone.button("Ta den i bruk"))
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet, og litt til")
    assert version(phone.page) == "1"
    expect(phone.page.get_by_text("Ny versjon av Sett er klar")).to_have_count(0)

    # The new version, too, starts without coverage; only its files are kept.
    phone.restart(offline=True)
    expect(phone.link("Even Furu", exact=False)).to_be_visible()
    assert version(phone.page) == "1"
    assert phone.page.evaluate("caches.keys().then((names) => names.length)") == 1


def test_a_page_of_the_old_version_gets_its_own_files_while_another_window_has_the_new_one(
    own_town: Town, new_phone: NewPhone, tmp_path: Path
) -> None:
    town, phone = own_town, new_phone(own_town)
    phone.start_with(town.staff("fieldworker", town.team("Granstua", "staffed_housing"), name="Bob"))
    old = phone.page
    town.release(tmp_path / "next")
    new = phone.context.new_page()
    new.goto("/felt")
    phone.wait_until_nothing_is_sent()
    with new.expect_event("load"):
        phone.tap(new.get_by_role("button", name="Ta den i bruk"))
    expect(new.get_by_role("heading", name="I dag", level=1)).to_be_visible()
    assert (version(new), version(old)) == ("1", "")

    # The server has nothing of the old version; what this page has not loaded yet comes from the phone's own store.
    phone.tab("Mer")
    phone.tap(phone.button("Nynorsk"))
    expect(old.locator("html")).to_have_attribute("lang", "nn")
    assert version(old) == "", "without loading the page anew"
    phone.restart(offline=True)
    assert version(phone.page) == "1"
    assert phone.page.evaluate("caches.keys().then((names) => names.length)") == 1


def test_a_page_without_a_store_loads_the_new_version_when_its_own_files_are_gone(
    own_town: Town, new_phone: NewPhone, tmp_path: Path
) -> None:
    town, phone = own_town, new_phone(own_town)
    town.restart_web(service_worker="off")
    phone.start()
    phone.sign_in(town.staff("fieldworker", town.team("Granstua", "staffed_housing"), name="Bob"))
    town.release(tmp_path / "next")
    with phone.page.expect_event("load"):
        phone.tab("Brukere")
    expect(phone.title("Brukere")).to_be_visible()
    assert version(phone.page) == "1"


def test_the_kill_switch_takes_the_worker_and_its_files_and_spares_what_is_written(
    own_town: Town, new_phone: NewPhone
) -> None:
    town, phone = own_town, new_phone(own_town)
    bob = town.staff("fieldworker", team := town.team("Granstua", "staffed_housing"), name="Bob")
    even = bob.register("Even Furu", team)
    phone.start_with(bob)
    phone.lose_coverage()
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.open(f"/felt/ny?type=visit_logged&client={even}")
    phone.page.get_by_label("«Hvordan har du det?»").fill("Halvskrevet")
    phone.wait_for_draft("Halvskrevet")

    town.restart_web(service_worker="off")
    phone.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => { one.update(); })")
    phone.wait_until("() => caches.keys().then((names) => names.length === 0)")
    phone.wait_until("() => navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
    assert [row["state"] for row in phone.outbox()] == ["pending"]
    assert phone.drafts() == 1

    phone.find_coverage()
    phone.wait_for_outbox(0)
    phone.page.reload()
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet")
    assert [d["type"] for (kind, _), d in bob.pull().items() if kind == "entry"].count("visit_logged") == 1


def version(page: Page) -> str:
    """What the line that `Town.release` adds says on this page."""
    found: str = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--next-version')")
    return found

"""New versions and the kill switch: neither may take a word from anybody."""

from pathlib import Path

from playwright.sync_api import expect

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
    assert version(phone) == "", "never by itself"
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet")
    phone.page.get_by_label("«Hvordan har du det?»").fill("Halvskrevet, og litt til")
    phone.wait_until_nothing_is_sent()
    with phone.page.expect_event("load"):
        phone.tap(phone.button("Ta den i bruk"))
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet, og litt til")
    assert version(phone) == "1"
    expect(phone.page.get_by_text("Ny versjon av Sett er klar")).to_have_count(0)

    # The new version, too, starts without coverage; only its files are kept.
    phone.restart(offline=True)
    expect(phone.link("Even Furu", exact=False)).to_be_visible()
    assert version(phone) == "1"
    assert phone.page.evaluate("caches.keys().then((names) => names.length)") == 1


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
    phone.wait_for_draft("Halvskrevet")

    phone.find_coverage()
    phone.wait_for_outbox(0)
    phone.page.reload()
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("Halvskrevet")
    assert [d["type"] for (kind, _), d in bob.pull().items() if kind == "entry"].count("visit_logged") == 1


def version(phone) -> str:
    """What the line that `Town.release` adds says on this page."""
    found: str = phone.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--next-version')")
    return found

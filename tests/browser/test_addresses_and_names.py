"""What anybody may write into an address or a name field is no error, and no name that cannot be read."""

import pytest
from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


@pytest.mark.parametrize("path", ["/felt/ny?type=", "/felt/ny?type=visit_logged&outcome=", "/felt/ny?type=pick&for="])
def test_an_invented_address_is_a_plain_page(town: Town, phone: Phone, path: str) -> None:
    team = town.team("Granstua", "staffed_housing")
    phone.start_with(town.staff("fieldworker", team, name="Bob"))
    for word in ("constructor", "__proto__", "toString", "nonsense"):
        phone.open(path + word)
        expect(phone.page.get_by_role("main")).to_be_visible()
        expect(phone.page.locator("body")).not_to_contain_text("native code")


def test_a_name_that_cannot_be_read_is_not_saved_and_one_that_can_is_kept_in_its_one_form(
    town: Town, phone: Phone
) -> None:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob")
    even = bob.register("Even Furu", team)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=client_updated&client={even}")
    phone.page.get_by_label("Navn").fill("\u200b\u2060")
    phone.tap(phone.page.locator("form[data-form] button[type=submit]"))
    expect(phone.page.get_by_text("Skriv noe som kan leses").first).to_be_visible()
    assert phone.outbox() == []
    phone.page.get_by_label("Navn").fill(" A\u030ase\u00a0No\u00adrd ")
    phone.tap(phone.page.locator("form[data-form] button[type=submit]"))
    expect(phone.toast).to_contain_text("opplysningene er rettet")
    phone.wait_for_outbox(0)
    assert bob.pull()["client", even]["name"] == "\u00c5se Nord"


def test_a_shared_phone_that_lost_its_cookies_is_still_the_same_phone(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    asta, berit = town.staff("fieldworker", team, name="Asta"), town.staff("fieldworker", team, name="Berit")
    even = asta.register("Even Furu", team)
    phone.start_with(asta)
    before = phone.page.evaluate(DEVICE)
    phone.lose_coverage()
    phone.tap(phone.button("Sett: Even Furu"))
    phone.tab("Mer")
    phone.tap(phone.button("Logg ut"))
    phone.tap(phone.button("Logg ut likevel"))
    phone.context.clear_cookies()
    phone.find_coverage()
    phone.sign_in(berit)
    phone.wait_for_outbox(0)
    assert phone.page.evaluate(DEVICE) == before
    kept = [data for (kind, _), data in asta.pull().items() if kind == "entry" and data["client_id"] == even]
    assert "visit_logged" in {data["type"] for data in kept}


DEVICE = """() => new Promise((resolve) => {
  const opening = indexedDB.open("sett");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("values").objectStore("values").get("device_id");
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result.value); };
  };
})"""

"""6. The street: Rolf meets three people by the harbour, without coverage, and one of them is known and worn out."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_the_street(town: Town, phone: Phone) -> None:
    team = town.team("Uteteamet", "outreach")
    bob, rolf = town.staff("fieldworker", team, name="Bob"), town.staff("peer", team, name="Rolf")
    even = bob.register("Even Furu", team, watch={"mode": "interval", "interval_minutes": 1440})
    before = bob.pull()["client", even]["watch"]["due_at"]

    # Erfaringskonsulent Rolf meets three people by the harbour, gives out equipment,
    phone.start_with(rolf)
    phone.restart(offline=True)
    phone.taps = 0
    phone.tab("Før noe nytt")
    phone.tap(phone.link("Gatekontakt"))
    phone.choose("Hvor?", "Havna")
    phone.choose("Hvor mange?", "2")
    phone.tap(phone.page.locator("summary", has_text="Mer"))
    phone.choose("Brukerutstyr delt ut", "Sprøyter")
    phone.tap(phone.page.get_by_role("button", name="Sprøyter 1"))
    phone.tap(phone.page.get_by_role("group", name="Brukerutstyr delt ut").get_by_role("button", name="Nalokson"))
    phone.tap(phone.button("Lagre gatekontakt"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    # one of them is known and worn out; their talk stays private;
    phone.taps = 0
    phone.tab("Før noe nytt")
    phone.tap(phone.link("Gatekontakt"))
    phone.tap(phone.link("En jeg kjenner"))
    phone.tap(phone.link("Velg Even Furu"))
    phone.choose("Hvor?", "Havna")
    phone.tap(phone.page.get_by_role("group", name="Samtalen er privat").get_by_role("button"))
    expect(phone.page.get_by_label("Notat")).to_have_count(0)
    phone.tap(phone.button("Lagre: Even Furu"))
    expect(phone.toast).to_contain_text("Even Furu")
    assert phone.taps == 7

    # Nothing went while there was no coverage; after a reload both are still there, and go once.
    phone.page.reload()
    expect(phone.page.get_by_text("2 venter på dekning")).to_be_visible()
    assert bob.pull()["client", even]["watch"]["due_at"] == before
    phone.find_coverage()
    phone.wait_for_outbox(0)
    street = [d for (kind, _), d in bob.pull().items() if kind == "entry" and d["type"] == "street_contact_logged"]
    unknown, known = sorted(street, key=lambda entry: entry["client_id"] is not None)
    assert unknown["client_id"] is None
    assert unknown["body"] == {"place_label": "Havna", "people": 2, "equipment": {"syringes": 2, "naloxone": 1}}
    # the known one counts as seen;
    assert known["body"] == {"place_label": "Havna", "people": 1, "private": True}
    assert known["client_id"] == even
    assert bob.replica["client", even]["watch"]["due_at"] > before

    # Rolf is never asked to escalate: what he can log is short, and holds nothing about alerts.
    phone.tab("Før noe nytt")
    expect(phone.page.locator(".tile").first).to_be_visible()
    tiles = phone.page.locator(".tile").all_inner_texts()
    assert tiles[0] == "Gatekontakt"
    assert not re.search("Låste oss inn|Husleie|Vakt", " ".join(tiles))

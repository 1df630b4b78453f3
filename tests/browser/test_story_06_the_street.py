"""6. The street: Rolf meets three people by the harbour, without coverage, and one of them is known and worn out."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_a_peer_who_is_a_full_member_has_the_day_of_the_team(town: Town, phone: Phone) -> None:
    outreach, fact = town.team("Uteteamet", "outreach"), town.team("FACT Nord", "fact")
    town.staff("fieldworker", fact, name="Bob").register("Even Furu", fact)
    phone.start_with(town.staff("peer", outreach, fact, name="Rolf"))
    expect(phone.button("Sett: Even Furu")).to_be_visible()
    expect(phone.button("Lagre gatekontakt")).to_have_count(0)


def test_the_street(town: Town, phone: Phone) -> None:
    team = town.team("Uteteamet", "outreach")
    bob, rolf = town.staff("fieldworker", team, name="Bob"), town.staff("peer", team, name="Rolf")
    even = bob.register("Even Furu", team, watch={"mode": "interval", "interval_minutes": 1440})
    before = bob.pull()["client", even]["watch"]["due_at"]

    # Erfaringskonsulent Rolf meets three people by the harbour, gives out equipment,
    phone.start_with(rolf)
    phone.restart(offline=True)
    phone.choose("Hvor?", "Havna")
    phone.choose("Hvor mange?", "2")
    phone.choose("Brukerutstyr delt ut", "Sprøyter")
    phone.tap(phone.page.get_by_role("button", name="Sprøyter 1"))
    phone.tap(phone.page.get_by_role("group", name="Brukerutstyr delt ut").get_by_role("button", name="Nalokson"))
    phone.tap(phone.button("Lagre gatekontakt"))
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    expect(phone.button("Havna")).to_have_attribute("aria-pressed", "false")
    # one of them is known and worn out; their talk stays private;
    expect(phone.page.get_by_text("Even Furu")).to_have_count(0)
    phone.choose("Hvem?", "En jeg kjenner", "Even Furu")
    phone.choose("Hvor?", "Havna")
    phone.tap(phone.page.get_by_role("group", name="Samtalen er privat").get_by_role("button"))
    expect(phone.page.get_by_label("Notat")).to_have_count(0)
    phone.tap(phone.button("Lagre: Even Furu"))
    expect(phone.toast).to_contain_text("Even Furu")

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

    # The other one of the two wishes to be known after all: what was logged without a name moves to them.
    phone.tap(phone.link(re.compile("^Havna, 2 personer")))
    phone.tap(phone.link("Hvem gjaldt det?"))
    phone.tap(phone.link("Velg Even Furu"))
    phone.tap(phone.button("Lagre hvem det gjaldt"))
    expect(phone.toast).to_contain_text("Even Furu")
    phone.wait_for_outbox(0)
    bob.pull()
    assert bob.replica["entry", unknown["id"]]["client_id"] == even

    # Rolf is never asked to escalate: what he can log is short, and holds nothing about alerts.
    phone.tab("Før noe nytt")
    expect(phone.page.locator(".tile").first).to_be_visible()
    tiles = phone.page.locator(".tile").all_inner_texts()
    assert tiles[0] == "Gatekontakt"
    assert not re.search("Låste oss inn|Husleie|Vakt", " ".join(tiles))

"""What stands: risk, crisis plan and task, written without coverage, read where they are needed."""

import datetime as dt
import os
from pathlib import Path

from playwright.sync_api import expect

from fieldapp import clock
from tests.browser._phone import Phone
from tests.browser._town import Town

SHOTS = os.environ.get("SETT_SHOTS")
"""A folder for screenshots, for whoever looks at them."""


def shot(phone: Phone, name: str) -> None:
    if not SHOTS:
        return
    take = lambda kind: phone.page.screenshot(path=str(Path(SHOTS) / f"{name}{kind}.png"), full_page=True)  # noqa: E731
    take("")
    phone.page.emulate_media(color_scheme="dark")
    take("-dark")
    phone.page.emulate_media(color_scheme="light")
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
    take("-200")
    phone.page.evaluate("document.documentElement.style.fontSize = ''")


def test_what_to_know_stands_where_it_is_needed(town: Town, phone: Phone) -> None:
    team = town.team("FACT Nord", "fact")
    alice, bob = town.staff("leader", team, name="Alice"), town.staff("fieldworker", team, name="Bob")
    kari = alice.register("Kari Lund", team, address="Storgata 3", phone="400 00 001")
    alice.log("handover_noted", {"what": "Legen ringer Kari i kveld", "important": True}, client=kari)
    today = clock.now() + dt.timedelta(minutes=5)
    planned = {"plan_id": bob.id[:-1] + "1", "at": today.isoformat(), "staff_ids": [bob.id], "what": "Til legen"}
    alice.log("visit_planned", planned, client=kari)

    # The note and the visit stand on Bob's day; the note until he has read it.
    phone.start_with(bob)
    expect(phone.page.get_by_text("Legen ringer Kari i kveld")).to_be_visible()
    expect(phone.heading("Planlagt i dag 1")).to_be_visible()
    shot(phone, "i-dag")
    phone.tap(phone.button("Lest: Legen ringer Kari i kveld"))
    expect(phone.page.get_by_text("Legen ringer Kari i kveld")).to_have_count(0)

    # Without coverage he writes down what to know before going in.
    phone.wait_for_outbox(0)
    phone.open(f"/felt/bruker/{kari}")
    phone.lose_coverage()
    phone.tap(phone.page.locator("summary", has_text="Skriv ned"))
    phone.tap(phone.link("Før du går inn"))
    phone.choose("Hva skal den som kommer, gjøre?", "Vær to sammen", "Hund")
    phone.page.get_by_label("Hvorfor?").fill("Hunden er løs når døra åpnes")
    shot(phone, "skjema-risiko")
    phone.tap(phone.button("Lagre: før du går inn"))
    # It stands on the card at once, before the map and the visit.
    before = phone.page.locator(".before")
    expect(before).to_contain_text("Vær to sammen · Hund")
    expect(before).to_contain_text("Hunden er løs når døra åpnes")
    card = phone.page.locator("main").inner_text()
    assert card.index("Hunden er løs") < card.index("Gå på besøk")

    # The crisis plan, in Kari's own words.
    phone.tap(phone.link("Ingen kriseplan ennå"))
    phone.tap(phone.link("Skriv: kriseplan"))
    for asked, said in (
        ("Grønn: slik har jeg det når det går bra", "Jeg sover om natta"),
        ("Gul: tegn på at det går feil vei", "Jeg trekker for gardinene"),
        ("Rød: hva jeg trenger", "At noen blir hos meg"),
        ("Rød: hva dere ikke skal gjøre", "Ikke send uniform"),
    ):
        phone.page.get_by_label(asked).fill(said)
    shot(phone, "skjema-kriseplan")
    phone.tap(phone.button("Lagre: kriseplan"))
    phone.tap(phone.link("Kriseplan"))
    expect(phone.page.get_by_text("Ikke send uniform")).to_be_visible()
    shot(phone, "kriseplan")

    # And a task for himself.
    phone.open(f"/felt/ny?type=task_set&client={kari}")
    phone.page.get_by_label("Hva skal gjøres?").fill("Ringe boligkontoret")
    phone.tap(phone.button("Lagre oppgave"))
    phone.tab("I dag")
    expect(phone.page.get_by_text("Ringe boligkontoret", exact=True)).to_be_visible()
    expect(phone.page.get_by_text("3 venter på dekning")).to_be_visible()

    # With coverage all of it reaches Alice.
    phone.find_coverage()
    phone.wait_for_outbox(0)
    kinds = {kind: data for (kind, _), data in alice.pull().items()}
    assert kinds["risk"]["advice"] == ["two_together", "dog"]
    assert kinds["plan"]["red_avoid"] == "Ikke send uniform"
    assert kinds["task"]["owner_id"] == bob.id

    # A crisis leads to the plan; what to know stands before where to go.
    phone.open(f"/felt/bruker/{kari}")
    shot(phone, "kort")
    phone.tap(phone.button("Krise"))
    expect(phone.page.locator(".before")).to_contain_text("Hunden er løs")
    shot(phone, "krise")
    phone.tap(phone.link("Kriseplan"))
    expect(phone.page.get_by_text("At noen blir hos meg")).to_be_visible()

    # Done with one tap.
    phone.open("/felt")
    phone.tap(phone.button("Gjort: Ringe boligkontoret"))
    expect(phone.page.get_by_role("link", name="Ringe boligkontoret")).to_have_count(0)
    phone.wait_for_outbox(0)
    assert ("task", kinds["task"]["id"]) not in alice.pull()

"""Nobody is offered on the phone what would be refused, or told what their phone can't know."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_an_administrator_has_nothing_to_log_and_no_crisis_to_start(town: Town, phone: Phone) -> None:
    phone.start_with(town.staff("admin", name="Ada"))
    expect(phone.page.get_by_text("Du følger ikke opp brukere")).to_be_visible()
    expect(phone.link("Ny bruker")).to_have_count(0)
    phone.tab("Før noe nytt")
    expect(phone.page.get_by_text("Du følger ikke opp brukere")).to_be_visible()
    expect(phone.page.locator(".tile")).to_have_count(0)


def test_a_landlord_is_not_told_that_everybody_is_seen(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    town.staff("fieldworker", team, name="Bob").register("Even Furu", team)
    phone.start_with(town.staff("landlord", team, name="Lars"))
    phone.tab("Tavle")
    expect(phone.page.get_by_text("vises bare for ansatte som følger opp")).to_be_visible()
    expect(phone.page.get_by_text(re.compile("er sett[.]$"))).to_have_count(0)


def test_an_alert_is_handed_to_nobody_who_cannot_take_it(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    alice = town.staff("leader", team, name="Alice")
    for role, name in (("fieldworker", "Bob"), ("peer", "Pia"), ("landlord", "Lars")):
        town.staff(role, team, name=name)
    even = alice.register("Even Furu", team)
    alice.log("concern_raised", {"reason": "Snakker om å gi opp", "urgency": "now"}, client=even)
    phone.start_with(alice)
    phone.tap(phone.link("Åpne").first)
    phone.tap(phone.link("Gi videre"))
    receivers = phone.page.get_by_role("group", name="Til hvem?").get_by_role("button")
    expect(receivers).to_have_text(["Bob"])


def test_a_landlord_is_not_among_those_an_alert_can_be_given_to(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    alice = town.staff("leader", team, name="Alice")
    town.staff("landlord", team, name="Lars")
    phone.start_with(alice)
    phone.open("/felt/ny?type=duty_set")
    expect(phone.button("Meg")).to_be_visible()
    expect(phone.button("Lars")).to_have_count(0)

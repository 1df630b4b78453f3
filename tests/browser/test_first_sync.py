"""What comes in many batches is all on the list, with nobody having to ask for it."""

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_an_alert_that_comes_after_the_first_batch_stands_there_at_once(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    alice, bob = town.staff("leader", team, name="Alice"), town.staff("fieldworker", team, name="Bob")
    alice.register("Aina Strand", team)
    even = alice.register("Even Furu", team)
    for _ in range(5):  # five hundred changes go before the alert
        alice.sync(
            *(alice.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=even) for _ in range(100))
        )
    alice.log("concern_raised", {"reason": "Snakker om å gi opp", "urgency": "now"}, client=even)
    phone.start()
    phone.sign_in(bob)
    expect(phone.heading("Bekymret for Even Furu")).to_be_visible()
    expect(phone.page.locator(".arrivals")).to_have_count(0)

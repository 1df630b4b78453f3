"""The checklist on Mer with its proof, and what a push does on a phone."""

import re

from playwright.sync_api import Locator, expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_pushes_are_turned_on_with_proof(town: Town, phone: Phone) -> None:
    bob = town.staff("fieldworker", town.team(), name="Bob")
    subscription = phone.allow_push()
    phone.start_with(bob)
    deaf = phone.page.get_by_text("Denne telefonen får ikke varsler.")
    expect(deaf).to_be_visible()  # a team without a duty list: he is on duty
    phone.open("/felt/mer")
    expect(line(phone, "Varsler er slått på")).to_contain_text("ikke ennå")
    expect(line(phone, "Prøvevarsel er vist")).to_contain_text("ikke ennå")
    phone.turn_on_push()
    expect(deaf).to_be_hidden()
    phone.tab("Mer")
    expect(line(phone, "Varsler er slått på")).to_contain_text("ja")

    phone.tap(phone.button("Send prøvevarsel"))
    expect(phone.page.get_by_text("Prøvevarselet er på vei.")).to_be_visible()
    (message,) = town.push.wait_for(1, subscription)
    assert message.json["notification"]["title"] == "Test fra Sett"
    phone.deliver(message)
    assert phone.shown_as(message.json["notification"]["tag"])["title"] == "Test fra Sett"
    phone.tab("I dag"), phone.tab("Mer")
    expect(line(phone, "Prøvevarsel er vist")).to_contain_text("Serveren fikk kvittering")
    expect(phone.page.get_by_text("Prøvevarselet er på vei.")).to_be_hidden()

    # The proof and the subscription are there after a restart, and the subscription is posted again, not doubled.
    phone.restart("/felt/mer")
    expect(line(phone, "Varsler er slått på")).to_contain_text("ja")
    expect(line(phone, "Prøvevarsel er vist")).to_contain_text("ja")
    phone.tap(phone.button("Send prøvevarsel"))
    assert len(town.push.wait_for(2, subscription)) == 2


def line(phone: Phone, words: str) -> Locator:
    """A line of this phone's checklist."""
    return phone.page.locator(".checks li").filter(has_text=words)


def test_a_concern_reaches_the_colleague_whose_tap_opens_it(town: Town, phone: Phone) -> None:
    team = town.team("Granstua", "staffed_housing")
    bob, mona = town.staff("fieldworker", team, name="Bob"), town.staff("fieldworker", team, name="Mona")
    eva = bob.register("Eva Lund", team)
    subscription = phone.allow_push()
    phone.start_with(mona)
    phone.turn_on_push()
    bob.log("concern_raised", {"reason": "Roper høyt", "urgency": "now"}, client=eva)
    (message,) = town.push.wait_for(1, subscription)
    assert not re.search("Eva|Lund|Bob|Roper", message.plaintext.decode() + str(message.headers))
    phone.tab("Mer")
    phone.deliver(message)
    tag = message.json["notification"]["tag"]
    phone.tap_notification(tag)
    (alert,) = mona.alerts()
    phone.page.wait_for_url(f"**/felt/varsel/{alert['id']}")
    expect(phone.page.get_by_text("«Roper høyt»")).to_be_visible()

    # Without coverage «Jeg tar den» says that nobody knows yet.
    phone.lose_coverage()
    phone.tap(phone.button("Jeg tar den"))
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()
    phone.find_coverage()
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_hidden()
    phone.wait_for_outbox(0)
    assert bob.alerts()[0]["owner"] == mona.id


def test_a_message_that_cannot_be_read_is_shown_all_the_same(town: Town, phone: Phone) -> None:
    bob = town.staff("fieldworker", town.team(), name="Bob")
    phone.allow_push()
    phone.start_with(bob)
    phone.turn_on_push()
    phone.deliver_text("dette er ikke JSON")
    assert phone.shown_as("sett") == {"title": "Nytt varsel i Sett", "tag": "sett", "path": "/felt"}

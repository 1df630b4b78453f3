"""What somebody wrote after their team had left stops no clock, and whoever follows reads it on I dag and can act."""

import datetime as dt
import uuid

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town


def test_the_team_that_follows_sees_it_and_acts(town: Town, phone: Phone) -> None:
    nord, sor = town.team("Nord"), town.team("Sør")
    alice, bob = town.staff("leader", nord, name="Alice"), town.staff("fieldworker", nord, name="Bob")
    charlie = town.staff("fieldworker", sor, name="Charlie")
    now = town.now()
    kari = str(uuid.uuid4())
    week_ago = (now - dt.timedelta(days=7)).isoformat()
    body = {"name": "Kari Moe", "team_id": nord.id, "watch": {"mode": "off"}}
    bob.log("client_registered", body, client=kari, occurred_at=week_ago, time_chosen=True)
    alice.log("client_team_set", {"team_id": sor.id, "from_on": str(now.date())}, client=kari)
    last_on = str(now.date() - dt.timedelta(days=1))
    alice.log("client_team_set", {"team_id": nord.id, "from_on": week_ago[:10], "to_on": last_on}, client=kari)
    absence = {"absence_id": str(uuid.uuid4()), "kind": "admitted", "where": "DPS"}
    then = (now - dt.timedelta(days=6)).isoformat()
    bob.log("absence_started", absence, client=kari, occurred_at=then, time_chosen=True)

    phone.start_with(charlie)
    line = phone.page.get_by_text("Uten virkning: teamet fulgte ikke brukeren da det kom.")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Bob")
    expect(line).to_contain_text("Fravær, innlagt")
    phone.tap(phone.page.get_by_role("link", name="Før det: Fravær, innlagt", exact=True))
    expect(phone.page.get_by_role("heading", name="Fravær")).to_be_visible()
    expect(phone.page.get_by_text("Kari Moe")).to_be_visible()
    phone.page.go_back()
    phone.tap(phone.button("Fulgt opp: Kari Moe"))
    phone.wait_for_outbox(0)
    expect(line).to_have_count(0)

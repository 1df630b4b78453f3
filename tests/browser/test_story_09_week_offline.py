"""9. Week offline: sixty entries over seven days, a clock forty minutes slow, an update and an expired session."""

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Town
from tests.browser.conftest import NewPhone
from tests.journeys._story import moment

EVERY = dt.timedelta(hours=2, minutes=48)
A_SECOND = dt.timedelta(seconds=1)


def test_week_offline(moving_town: Town, new_phone: NewPhone, tmp_path: Path) -> None:
    town = moving_town
    town.at("mon 07:00")
    team = town.team("Uteteamet", "outreach")
    alice, jonas = town.staff("leader", team, name="Alice"), town.staff("fieldworker", team, name="Jonas")
    even = jonas.register("Even Furu", team, watch={"mode": "off"})

    phone = new_phone(town)
    phone.clock_error = -dt.timedelta(minutes=40)
    phone.start_with(jonas)

    # A phone logs 60 entries over seven days
    happened = [moment("mon 08:00") + n * EVERY for n in range(60)]
    phone.restart(f"/felt/bruker/{even}", offline=True)
    log(town, phone, happened[:30])
    phone.restart(f"/felt/bruker/{even}", offline=True)
    expect(phone.page.locator(".badge")).to_contain_text("30 venter på dekning")

    # an app update and an expired session in between: the phone has coverage for a while, nobody signs in
    town.release(tmp_path / "next")
    phone.find_coverage()
    phone.page.reload()
    expect(phone.page.get_by_text("Du er logget ut. Alt du fører blir på telefonen.")).to_be_visible()
    update = phone.button("Ta den i bruk")
    expect(update).to_be_visible()
    phone.wait_until_nothing_is_sent()
    with phone.page.expect_event("load"):
        phone.tap(update)
    expect(phone.page.get_by_text("Du er logget ut. Alt du fører blir på telefonen.")).to_be_visible()
    assert phone.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--next-version')") == "1"
    phone.lose_coverage()
    log(town, phone, happened[30:])
    phone.restart(offline=True)

    # All 60 arrive once, in corrected order.
    town.at("next mon 08:00")
    phone.find_coverage()
    phone.open("/felt/logg-inn")
    phone.sign_in(jonas)
    phone.wait_for_outbox(0)
    alice.sign_in()
    entries = [d for (kind, _), d in alice.pull().items() if kind == "entry" and d["type"] == "visit_logged"]
    entries.sort(key=lambda data: (data["corrected_at"], data["id"]))
    assert len(entries) == 60
    assert [data["id"] for data in entries] == sorted(data["id"] for data in entries), "in the order of the phone"
    corrected = [dt.datetime.fromisoformat(data["corrected_at"]) for data in entries]
    late = [at - planned for at, planned in zip(corrected, happened, strict=True)]
    assert all(-A_SECOND < one < 60 * A_SECOND for one in late), late
    numbers = [data["device_seq"] for data in entries]
    assert numbers == list(range(numbers[0], numbers[0] + 60)), "no hole, and none twice"


def log(town: Town, phone: Phone, times: list[dt.datetime]) -> None:
    """A visit at each of these times, by what a thumb does on the card."""
    for number, at in enumerate(times):
        town.move_to(at)
        phone.tap(phone.link("Besøk"))
        if number % 2:
            phone.choose("Hvordan gikk det?", "Åpnet ikke")
        phone.tap(phone.button("Lagre: åpnet ikke" if number % 2 else "Lagre: traff"))
        expect(phone.page.get_by_role("heading", name=re.compile("^Even F"), level=1)).to_be_visible()

"""1. Twenty-four hours, with the phones in people's hands: the cellar, the push, «Jeg tar den», the crisis."""

import re

from playwright.sync_api import expect

from tests._push_service import Phone as Subscription
from tests._push_service import PushService, Received
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone
from tests.journeys._story import ALERT, CRISIS, OVER, at_minute, moment, watch


def test_twenty_four_hours(moving_town: Town, push_service: PushService, new_phone: NewPhone) -> None:
    town = moving_town
    town.at("mon 07:00")
    house = town.team("Granstua", "staffed_housing")
    alice = town.staff("leader", house, name="Alice")
    kaia, mona, per = (town.staff("fieldworker", house, name=name) for name in ("Kaia", "Mona", "Per"))
    even = kaia.register("Even Furu", house, primary_staff_id=kaia.id, phone="90000001")
    agreed = {"mode": "interval", "interval_minutes": 1440, "may_enter": True, "key_ref": "14", "reason": "avtalt"}
    alice.log("watch_set", agreed | {"counts": ["seen"]}, client=even)
    for person in (kaia, mona, per):
        for day in ("mon", "tue"):
            span = {"from_at": moment(f"{day} 07:30").isoformat(), "to_at": moment(f"{day} 15:00").isoformat()}
            alice.log("duty_set", {"team_id": house.id, "staff_id": person.id, "duty": "duty"} | span)

    # Day shift logs "Sett" at 09:10 on her phone in the cellar without coverage,
    hers, monas = phone_of(kaia, town, new_phone), phone_of(mona, town, new_phone)
    hers.lose_coverage()
    town.at("mon 09:10")
    hers.tap(hers.button("Sett: Even Furu"))
    expect(hers.toast).to_contain_text("Lagret på telefonen")
    hers.page.reload()
    expect(hers.page.get_by_text("1 venter på dekning")).to_be_visible()
    hers.restart(offline=True)
    expect(hers.page.get_by_text("1 venter på dekning")).to_be_visible()
    expect(row(hers, "Even Furu")).to_contain_text("Sett 09.10")
    assert watch(alice, even)["last_seen_at"] is None
    # surfaces at 09:40.
    town.at("mon 09:40")
    hers.find_coverage()
    hers.wait_for_outbox(0)
    assert at_minute(watch(alice, even)["due_at"]) == "tue 09:10"

    # Nobody sees him.
    town.at("tue 07:35")
    for phone, person in ((hers, kaia), (monas, mona)):
        phone.page.reload()
        phone.tap(phone.link("Logg inn igjen"))
        phone.sign_in(person)
    town.at("tue 09:09")
    assert alerts_to(push_service, hers) == []

    # At 09:10 next day the primary contact, on duty, gets a push with no name in it; no answer;
    town.at("tue 09:11")
    (first,) = wait_for_alerts(1, push_service, hers)
    assert first.json["notification"]["title"] == ALERT
    assert not re.search("Even|Furu|Kaia|Granstua", first.plaintext.decode())
    hers.deliver(first)
    assert hers.shown_as(first.json["notification"]["tag"])["title"] == ALERT
    expect(hers.page.get_by_role("heading", name=re.compile("Even Furu er ikke sett på"))).to_be_visible()
    town.at("tue 09:24")
    assert alerts_to(push_service, monas) == [], "the receipt said that the first phone showed it"

    # 15 minutes later all on duty;
    town.at("tue 09:26")
    (to_mona,) = wait_for_alerts(1, push_service, monas)
    monas.deliver(to_mona)
    tag = to_mona.json["notification"]["tag"]
    (alert,) = alice_sees(alice)
    assert monas.tap_notification(tag) in ("/felt", f"/felt/varsel/{alert['id']}")
    monas.page.wait_for_url(f"**/felt/varsel/{alert['id']}")
    # Mona presses "Jeg tar den".
    monas.tap(monas.button("Jeg tar den"))
    expect(monas.page.get_by_text("Du har tatt").first).to_be_visible()
    monas.wait_for_outbox(0)
    assert alice_sees(alice) == [alert | {"state": "acknowledged", "owner": mona.id}]
    hers.page.reload()
    expect(hers.page.locator(".fire")).to_contain_text("Mona har tatt det")

    # She rings the bell, phones him, asks the base; (in the cellar again, and the phone starts anew)
    monas.lose_coverage()
    monas.tap(monas.button("Ring på"))
    monas.tap(monas.button("Ring telefonen"))
    monas.wait_for_outbox(2)
    monas.restart(f"/felt/varsel/{alert['id']}", offline=True)
    monas.tap(monas.button("Spør basen"))
    expect(monas.page.locator('.step[aria-pressed="true"]')).to_have_count(3)
    # Per comes; they call out and unlock: ground agreement, found needs help, in 09:41, Even told on the spot.
    expect(monas.page.get_by_text("Nøkkel: 14")).to_be_visible()
    town.at("tue 09:41")
    monas.tap(monas.link("Vi låste oss inn"))
    monas.choose("Hva fant dere?", "Trengte hjelp")
    monas.choose("Har beboeren fått vite det?", "Sagt det selv")
    monas.page.get_by_label("Hvorfor gikk dere inn?").fill("Svarte ikke på ringeklokke eller telefon")
    monas.tap(monas.page.locator("summary", has_text="Mer"))
    monas.choose("Hvem var med?", "Per")
    monas.tap(monas.button("Lagre: låste oss inn"))
    expect(monas.title("Even Furu")).to_be_visible()
    # The crisis clock starts from the same screen; 113;
    monas.tap(monas.button("Krise"))
    expect(monas.page.get_by_role("timer")).to_be_visible()
    monas.ring_nobody()
    monas.tap(monas.link("113"))
    expect(monas.page.locator(".timeline")).to_contain_text("Ringte 113")
    monas.find_coverage()
    monas.wait_for_outbox(0)
    titles = [one.json["notification"]["title"] for one in wait_for_alerts(4, push_service, hers)]
    assert sorted(titles) == sorted([ALERT, ALERT, OVER, CRISIS])
    # admitted; and the watch pauses.
    monas.tap(monas.link("Avslutt krisen"))
    monas.choose("Hvordan endte det?", "Innlagt frivillig")
    monas.tap(monas.button(re.compile("^Lagre"), exact=False))
    monas.page.wait_for_url("**/felt/sak/*")
    monas.open(f"/felt/ny?type=absence_started&client={even}")
    monas.choose("Hva slags fravær?", "Innlagt")
    monas.tap(monas.button("Lagre: innlagt"))
    expect(monas.title("Even Furu")).to_be_visible()
    monas.wait_for_outbox(0)
    assert watch(alice, even)["due_at"] is None

    # The leader sees the whole line with times.
    hers.stop(), monas.stop()
    office = new_phone(town)
    office.start()
    office.sign_in(alice)
    office.open(f"/felt/bruker/{even}")
    line = office.page.locator(".timeline").first
    for words in ("innlagt", "krise", "ringte 113", "låste oss inn, trengte hjelp", "09.41", "i går 09.10", "mona"):
        expect(line).to_contain_text(words, ignore_case=True)


def phone_of(person: Colleague, town: Town, new_phone: NewPhone) -> Phone:
    """A phone signed in and subscribed, so that Sett can reach it and open without coverage."""
    phone: Phone = new_phone(town)
    phone.allow_push()
    phone.start_with(person)
    phone.turn_on_push()
    return phone


def row(phone: Phone, name: str):
    return phone.page.locator("li.row", has_text=name).first


def subscription(phone: Phone) -> Subscription:
    assert phone.subscription
    return phone.subscription


def alerts_to(service: PushService, phone: Phone) -> list[Received]:
    """What came to this phone of alerts: neither the morning's digest, nor what tells that our own moving of the clock
    was taken for an outage."""
    return [one for one in service.messages(subscription(phone)) if one.json["kind"] not in ("digest", "down")]


def wait_for_alerts(count: int, service: PushService, phone: Phone) -> list[Received]:
    while len(found := alerts_to(service, phone)) < count:
        service.wait_for(len(service.messages(subscription(phone))) + 1, subscription(phone))
    return found


def alice_sees(alice: Colleague) -> list[dict]:
    alice.sign_in()
    return alice.alerts()

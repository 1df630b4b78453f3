"""How many taps until it is safely saved, counted on a real screen; and what can be taken back."""

import re

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town


def bob_with_even(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob")
    return bob, bob.register("Even Furu", team, phone="90000001", address="Granveien 3")


def visits(bob: Colleague, client: str) -> list[dict]:
    return [
        data for (kind, _), data in bob.pull().items()
        if kind == "entry" and data["client_id"] == client and data["type"] != "client_registered"
    ]  # fmt: skip


def test_sett_is_one_tap_and_angre_takes_it_back_before_and_after_it_is_sent(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.lose_coverage()

    phone.taps = 0
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Sett: Even Furu")
    assert phone.taps == 1
    expect(phone.toast).to_contain_text("Lagret på telefonen")
    phone.tap(phone.toast.get_by_role("button", name="Angre"))
    expect(phone.button("Sett: Even Furu")).to_be_visible()
    assert [entry["type"] for entry in phone.waiting()] == ["visit_logged", "entry_corrected"]

    phone.find_coverage()
    phone.wait_for_outbox(0)
    assert bob.pull()["client", even]["watch"]["last_seen_at"] is None

    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Mottatt")
    phone.wait_for_outbox(0)
    assert bob.pull()["client", even]["watch"]["last_seen_at"] is not None
    mine = phone.page.locator("section", has=phone.heading("Mine siste"))
    phone.tap(mine.get_by_role("button", name=re.compile("Angre")).first)
    expect(phone.toast).to_contain_text("Angret")
    expect(phone.button("Sett: Even Furu")).to_be_visible()
    phone.wait_for_outbox(0)
    assert bob.pull()["client", even]["watch"]["last_seen_at"] is None


def test_a_visit_is_three_taps_from_the_list(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.taps = 0
    phone.tap(phone.link(re.compile("Even Furu")))
    phone.tap(phone.link("Besøk"))
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.toast).to_contain_text("Even Furu: traff")
    assert phone.taps == 3
    phone.wait_for_outbox(0)
    (visit,) = visits(bob, even)
    assert visit["body"] == {"outcome": "seen", "place": "home"}, "an impression nobody chose is a false record"


def test_what_was_just_saved_covers_nothing_of_the_next_form(town: Town, phone: Phone) -> None:
    """A short form has its button where the toast of any other page stands."""
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.tap(phone.button("Sett: Even Furu"))
    expect(phone.toast).to_contain_text("Mottatt")
    for form in ("follow_up_ended", "contact_interval_set", "visit_logged", "concern_raised"):
        phone.go(f"/felt/ny?type={form}&client={even}")
        expect(phone.toast).to_be_visible()
        covered = phone.page.evaluate(COVERED, "main form :is(button, input, textarea)")
        assert covered == [], form


COVERED = """(selector) => {
  const [toast] = [...document.querySelectorAll(".toast")].map((one) => one.getBoundingClientRect());
  return [...document.querySelectorAll(selector)]
    .map((one) => [one.name || one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.height && box.top < toast.bottom && box.bottom > toast.top)
    .map(([name]) => name);
}"""


def test_a_street_contact_is_three_taps_from_plus_and_asks_for_nobody(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_even(town)
    phone.start_with(bob)
    phone.tab("Før noe nytt")
    phone.taps = 0
    phone.tap(phone.link("Gatekontakt"))
    phone.tap(phone.button("Havna"))
    phone.tap(phone.button("Lagre gatekontakt"))
    expect(phone.toast).to_contain_text("Gatekontakt")
    assert phone.taps == 3
    phone.wait_for_outbox(0)
    (street,) = [d for (kind, _), d in bob.pull().items() if kind == "entry" and d["type"] == "street_contact_logged"]
    assert (street["client_id"], street["body"]) == (None, {"place_label": "Havna", "people": 1})


def test_back_from_a_call_one_tap_says_how_it_went(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.tap(phone.link(re.compile("Even Furu")))
    phone.ring_nobody()
    phone.wait_for_draft(even)  # whom I opened
    phone.tap(phone.link("Ring"))
    expect(phone.page.get_by_text("Ringte du Even Furu?")).to_be_visible()
    phone.wait_for_draft(even)  # whom I rang
    # A call lasts longer than the phone stays open, and Android may take the page away meanwhile.
    phone.restart(f"/felt/bruker/{even}", offline=True)
    asked = phone.page.get_by_text("Ringte du Even Furu?")
    expect(asked).to_be_visible()
    phone.taps = 0
    phone.tap(phone.button("Snakket sammen"))
    expect(phone.toast).to_contain_text("Even Furu: snakket sammen")
    assert phone.taps == 1
    expect(asked).to_have_count(0)
    (call,) = phone.waiting()
    assert (call["type"], call["client_id"]) == ("call_logged", even)
    assert call["body"] == {"direction": "out", "outcome": "spoke", "with": "client"}
    phone.open(f"/felt/bruker/{even}")
    expect(asked).to_have_count(0)


def test_a_crisis_is_one_tap_from_the_card_and_so_is_each_step(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.open(f"/felt/bruker/{even}")
    phone.lose_coverage()
    phone.taps = 0
    phone.tap(phone.button("Krise"))
    expect(phone.page.get_by_role("timer")).to_be_visible()
    assert phone.taps == 1
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()
    first = phone.page.get_by_role("timer").text_content()
    expect(phone.page.get_by_role("timer")).not_to_have_text(first or "")

    phone.tap(phone.button("Ankommet"))
    phone.tap(phone.button("Nalokson gitt"))
    expect(phone.page.locator(".timeline")).to_contain_text("Nalokson gitt")
    phone.find_coverage()
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_hidden()
    phone.wait_for_outbox(0)
    assert [one["kind"] for one in bob.alerts()] == ["crisis"]
    steps = sorted((one["type"], one["body"].get("step")) for one in visits(bob, even))
    assert steps == [("crisis_opened", None), ("crisis_step_logged", "arrived"), ("crisis_step_logged", "naloxone")]


def test_a_visit_with_an_end_is_two_taps_from_the_card_and_one_tap_out_again(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.open(f"/felt/bruker/{even}")
    phone.lose_coverage()
    phone.taps = 0
    phone.tap(phone.link("Gå på besøk"))
    phone.tap(phone.button("Start besøket"))
    assert phone.taps == 2
    strip = phone.page.get_by_role("complementary", name="Besøket ditt")
    expect(strip).to_contain_text("Hos Even Furu til ca.")
    phone.tab("Brukere")
    expect(strip).to_be_visible()

    phone.tap(strip.get_by_role("link", name="Forleng"))
    expect(phone.title("Forleng besøket")).to_be_visible()
    phone.choose("Ferdig om ca.", "2 t")
    phone.tap(phone.button("Lagre ny slutt"))
    phone.wait_for_outbox(3)
    started, ended, again = phone.waiting()
    assert [started["type"], ended["type"], again["type"]] == ["visit_started", "visit_ended", "visit_started"]
    assert started["body"]["visit_id"] == ended["body"]["visit_id"] != again["body"]["visit_id"]

    phone.tap(strip.get_by_role("button", name="Ferdig"))
    expect(strip).to_be_hidden()
    expect(phone.toast.get_by_role("link", name="Før besøket")).to_be_visible()
    assert phone.waiting()[-1]["body"] == {"visit_id": again["body"]["visit_id"]}


def test_help_is_two_taps_from_any_page_of_a_visit_and_says_whom_it_has_not_reached(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=visit_started&client={even}")
    phone.lose_coverage()
    phone.tap(phone.button("Start besøket"))
    phone.tab("Brukere")
    phone.taps = 0
    phone.tap(phone.link("Be om hjelp"))
    expect(phone.link("Ring 112")).to_be_visible()
    phone.tap(phone.button("Send hjelp nå"))
    assert phone.taps == 2
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()
    visit, help_asked = phone.waiting()
    assert help_asked["type"] == "help_requested"
    assert (help_asked["client_id"], help_asked["body"]) == (even, {"visit_id": visit["body"]["visit_id"]})
    phone.tab("I dag")
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()

"""What cannot wait: a crisis with who, where and 113 in sight, and a worry that goes before a word is typed."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewPhone

SMALL = {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True}
ALL_FILES = r"""performance.getEntriesByType('resource').map(({ name }) => name)
  .filter((name) => /\/(forms|people|rest|locked|day)-[^/]*js$/.test(name))"""
"""The screens that come after I dag, each with what it imports."""


def bob_with_kari(town: Town) -> tuple[Colleague, Colleague, str]:
    team = town.team("Granstua")
    mona, bob = town.staff("leader", team, name="Mona Lie"), town.staff("fieldworker", team, name="Bob Dal")
    kari = bob.register("Kari Lund-Johannessen", team, phone="90000001", address="Granveien 3, H0302")
    return mona, bob, kari


def top_and_bottom(phone: Phone, selector: str) -> tuple[float, float]:
    box = phone.page.locator(selector).first.bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]


def entries(bob: Colleague, entry_type: str) -> list[dict[str, Any]]:
    return [data for (kind, _), data in bob.pull().items() if kind == "entry" and data["type"] == entry_type]


def test_113_stands_above_the_tabs_on_the_smallest_phone(town: Town, new_phone: NewPhone) -> None:
    mona, bob, kari = bob_with_kari(town)
    mona.log("concern_raised", {"reason": "Roper", "urgency": "now"}, client=kari)  # an alert nobody takes: a banner
    phone = new_phone(town, **SMALL)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=visit_started&client={kari}")
    phone.tap(phone.button("Start besøket"))
    phone.lose_coverage()
    phone.open(f"/felt/bruker/{kari}")
    phone.tap(phone.button("Krise"))
    expect(phone.page.get_by_role("timer")).to_be_visible()

    tabs, _ = top_and_bottom(phone, ".tabs")
    for needed in ("h1", ".where", 'main .calls a[href="tel:113"]'):
        top, bottom = top_and_bottom(phone, needed)
        assert 0 <= top < bottom <= tabs, f"{needed}: {top}-{bottom} of {tabs}"
    expect(phone.title("Kari Lund-Johannessen")).to_be_visible()
    expect(phone.page.locator(".where")).to_contain_text("Granveien 3, H0302")
    expect(phone.button("Kopier adresse")).to_have_attribute("data-copy", "Granveien 3, H0302")
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()
    expect(phone.link("Be om hjelp")).to_be_visible()


def test_the_kind_of_a_crisis_can_be_changed_as_often_as_needed(town: Town, phone: Phone) -> None:
    _, bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    phone.open(f"/felt/bruker/{kari}")
    phone.lose_coverage()
    phone.tap(phone.button("Krise"))
    kinds = phone.page.get_by_role("group", name="Hva slags krise?")
    for word in ("Overdose", "Psykose/forverring", "Overdose"):
        phone.tap(kinds.get_by_role("button", name=word))
        expect(kinds.get_by_role("button", pressed=True)).to_have_text(word)
        expect(phone.page.get_by_text(f"Krise: {word.lower()}", exact=True)).to_be_visible()
        expect(phone.toast.get_by_role("button", name="Angre")).to_have_count(0)  # no correction of a correction
    phone.find_coverage()
    phone.wait_for_outbox(0)
    (case,) = [data for (kind, _), data in bob.pull().items() if kind == "case"]
    assert case["facts"]["kind"] == "overdose"


def test_a_colleague_sees_no_way_to_change_what_is_not_theirs(town: Town, phone: Phone) -> None:
    mona, bob, kari = bob_with_kari(town)
    case = "01934f00-0000-7000-8000-0000000000ca"
    mona.log("crisis_opened", {"kind": "other"}, client=kari, case=case)
    phone.start_with(bob)
    phone.open(f"/felt/sak/{case}")
    expect(phone.page.get_by_role("timer")).to_be_visible()
    expect(phone.page.get_by_role("group", name="Hva slags krise?")).to_have_count(0)


def test_bekymret_now_goes_before_a_word_is_typed(town: Town, phone: Phone) -> None:
    _, bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    phone.open(f"/felt/bruker/{kari}")
    phone.lose_coverage()
    phone.taps = 0
    phone.tap(phone.link("Bekymret"))
    phone.choose("Hvor mye haster det?", "Nå")
    expect(phone.page.get_by_label("Hva gjør deg bekymret?")).to_have_count(0)
    phone.tap(phone.button("Varsle nå"))
    assert phone.taps == 3
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_visible()
    (entry,) = phone.waiting()
    assert entry["body"] == {"urgency": "now"}

    phone.find_coverage()
    phone.wait_for_outbox(0)
    expect(phone.page.get_by_text("Ikke sendt. Ingen er varslet ennå.")).to_be_hidden()
    assert [one["kind"] for one in bob.alerts()] == ["concern"]

    phone.page.get_by_label("Med dine egne ord").fill("Roper, kjenner meg ikke igjen")
    phone.tap(phone.button("Legg til"))
    expect(phone.toast).to_contain_text("Kari Lund-Johannessen: ordene dine er lagt til")
    phone.wait_for_outbox(0)
    (concern,) = entries(bob, "concern_raised")
    assert concern["amended_body"] == {"urgency": "now", "reason": "Roper, kjenner meg ikke igjen"}
    assert [one["kind"] for one in bob.alerts()] == ["concern"], "the words ring nobody a second time"
    phone.tap(phone.page.get_by_role("heading", name="Bekymret for Kari Lund-Johannessen").get_by_role("link"))
    expect(phone.page.get_by_text("«Roper, kjenner meg ikke igjen»").first).to_be_visible()


def test_what_was_typed_before_now_was_chosen_goes_along(town: Town, phone: Phone) -> None:
    _, bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=concern_raised&client={kari}")
    phone.lose_coverage()
    phone.choose("Hvor mye haster det?", "I dag")
    phone.tap(phone.button("Meld bekymring"))
    expect(phone.page.locator("main").get_by_role("alert").first).to_contain_text("Mangler")
    phone.page.get_by_label("Hva gjør deg bekymret?").fill("Spiser ikke")
    phone.choose("Hvor mye haster det?", "Nå")
    phone.tap(phone.button("Varsle nå"))
    expect(phone.toast).to_contain_text("Kari Lund-Johannessen: bekymret, haster nå")
    assert [entry["body"] for entry in phone.waiting()] == [{"urgency": "now", "reason": "Spiser ikke"}]


def test_angre_on_a_concern_leads_back_to_the_card(town: Town, phone: Phone) -> None:
    _, bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=concern_raised&client={kari}")
    phone.lose_coverage()
    phone.choose("Hvor mye haster det?", "Nå")
    phone.tap(phone.button("Varsle nå"))
    phone.tap(phone.button("Angre varselet"))
    expect(phone.title("Kari Lund-Johannessen")).to_be_visible()
    expect(phone.page).to_have_url(re.compile(f"/felt/bruker/{kari}$"))


def test_unsent_names_whom_to_ring_with_their_numbers(town: Town, phone: Phone) -> None:
    mona, bob, kari = bob_with_kari(town)
    phone.start_with(bob)

    def in_crisis() -> Locator:
        since = town.now()
        phone.find_coverage()
        phone.open(f"/felt/bruker/{kari}")
        phone.wait_until_synced(bob, since)
        phone.lose_coverage()
        phone.tap(phone.link("Bekymret"))
        phone.choose("Hvor mye haster det?", "Nå")
        phone.tap(phone.button("Varsle nå"))
        return phone.page.locator(".notice", has_text="Ikke sendt. Ingen er varslet ennå.")

    expect(in_crisis()).to_contain_text("Ring bakvakt eller leder: Mona Lie.")
    mona.http.form("/konto/telefon", phone="900 00 001")
    told = in_crisis()
    expect(told.get_by_role("link", name="Ring Mona Lie 900 00 001")).to_have_attribute("href", "tel:90000001")
    mona.http.form(f"/kontor/team/{mona.teams[0].id}/vakttelefon", duty_phone="+47 400 00 100")
    told = in_crisis()
    expect(told.get_by_role("link", name="Ring vakta +47 400 00 100")).to_have_attribute("href", "tel:+4740000100")


def test_a_crisis_and_help_open_in_the_cellar_where_no_worker_came(town: Town, new_phone: NewPhone) -> None:
    _, bob, _ = bob_with_kari(town)
    phone = new_phone(town, service_workers="block")
    phone.start()
    phone.sign_in(bob)
    phone.wait_until(f"() => ({ALL_FILES}).length === 5")
    phone.page.evaluate(f"() => Promise.all(({ALL_FILES}).map((name) => import(name))).then(() => 0)")
    phone.lose_coverage()
    phone.tab("Før noe nytt")
    phone.tap(phone.link("Krise"))
    expect(phone.page.get_by_text("Kari Lund-Johannessen").first).to_be_visible()
    phone.tab("I dag")
    phone.tab("Før noe nytt")
    phone.tap(phone.link("Be om hjelp"))
    expect(phone.button("Send hjelp nå")).to_be_visible()

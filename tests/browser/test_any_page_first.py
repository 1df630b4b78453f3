"""Any page of the phone may be the first one opened, by anybody, from any link: something sensible stands there.

The phone fixture fails when a page throws.
"""

import json

import pytest
from playwright.sync_api import expect

from tests._world import PASSWORD
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town

HOSTILE = ("constructor", "__proto__", "toString", "hasOwnProperty", "finnes-ikke", "", "%00", "<b>", "'\"")
FORMS = (
    "client_registered", "client_updated", "street_contact_logged", "visit_logged", "visit_started", "concern_raised",
    "concern_words", "duty_set", "duty_handed_over", "entry_corrected", "alert_resolved", "alert_snoozed",
    "rent_problem_updated", "crisis_closed", "absence_ended", "absence_confirmed", "crisis_opened", "pick",
)  # fmt: skip
PAGES = (
    "/felt", "/felt/brukere", "/felt/bruker/constructor", "/felt/ny", "/felt/varsel/__proto__", "/felt/hjelp",
    "/felt/sak/toString", "/felt/tavle", "/felt/vakter", "/felt/mer", "/felt/logg-inn", "/felt/finnes-ikke",
)  # fmt: skip


def bob_of(town: Town) -> Colleague:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("leader", team, name="Bob Dal")
    bob.register("Kari Lund", team)
    return bob


def forget(phone: Phone) -> None:
    """A fresh browser in which somebody is signed in, or not: everything but the cookie is gone."""
    phone.page.goto("about:blank")
    session = phone.context.new_cdp_session(phone.page)
    origin = json.dumps(phone._town.url).strip('"')
    session.send(
        "Storage.clearDataForOrigin",
        {"origin": origin, "storageTypes": "indexeddb,service_workers,cache_storage,local_storage"},
    )


def sign_in_at_the_office(phone: Phone, bob: Colleague) -> None:
    phone.page.goto("/logg-inn")
    phone.page.get_by_label("Brukernavn").fill(bob.username)
    phone.page.get_by_label("Passord").fill(PASSWORD)
    phone.page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(phone.page.get_by_role("link", name="Varsler").first).to_be_visible()


def test_a_form_opened_first_after_the_office_can_be_filled_in(town: Town, phone: Phone) -> None:
    bob = bob_of(town)
    phone.start("/logg-inn")
    sign_in_at_the_office(phone, bob)
    phone.page.goto("/felt/ny?type=client_registered")
    phone.page.get_by_label("Navn", exact=True).fill("Ny Person")
    phone.choose("Hva er avtalt om å bli sett?", "Bare kontakthyppighet")
    phone.tap(phone.button("Lagre ny bruker"))
    expect(phone.title("Ny Person")).to_be_visible()


@pytest.mark.parametrize("where", ["signed in at the office", "signed in nowhere"])
def test_any_page_can_be_the_first(town: Town, phone: Phone, where: str) -> None:
    bob = bob_of(town)
    phone.start("/logg-inn")
    inside = where == "signed in at the office"
    if inside:
        sign_in_at_the_office(phone, bob)
    for path in (*PAGES, *(f"/felt/ny?type={form}" for form in FORMS)):
        forget(phone)
        phone.page.goto(path)
        shown = "main#main h1" if inside and path != "/felt/logg-inn" else "main.sign-in h1"
        expect(phone.page.locator(shown), path).to_be_visible()
        if inside and path != "/felt/logg-inn":
            expect(phone.page.locator("nav.tabs"), path).to_be_visible()
        assert phone.problems == [], path


def test_an_address_may_say_anything(town: Town, phone: Phone) -> None:
    phone.start_with(bob_of(town))
    for word in HOSTILE:
        phone.open(f"/felt/bruker/{word}")
        for path in ("/felt/ny?type={}", "/felt/ny?type=pick&for={}", "/felt/ny?type=visit_logged&client={}",
                     "/felt/ny?type=alert_resolved&alert=x&outcome={}", "/felt/ny?type=entry_corrected&entry={}",
                     "/felt/ny?type=home_entered&ground={0}&tried={0}", "/felt/ny?{}=1"):  # fmt: skip
            phone.go(path.format(word))
            expect(phone.page.locator("main#main h1"), path.format(word)).to_be_visible()
            assert phone.problems == [], path.format(word)


def test_an_outcome_nobody_offered_is_not_chosen(town: Town, phone: Phone) -> None:
    bob = bob_of(town)
    phone.start_with(bob)
    kari = next(data["id"] for (kind, _), data in bob.pull().items() if kind == "client")
    phone.page.goto(f"/felt/ny?type=visit_logged&client={kari}&outcome=constructor")
    expect(phone.button("Lagre: traff")).to_be_visible()

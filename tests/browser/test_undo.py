"""Angre takes back what was just made and leads to what it was about, never to a page that says it is missing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town


def bob_with_kari(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua")
    bob = town.staff("fieldworker", team, name="Bob Dal")
    return bob, bob.register("Kari Lund", team, address="Granveien 3")


def angre(phone: Phone) -> None:
    phone.tap(phone.toast.get_by_role("button", name="Angre"))
    expect(phone.toast).to_contain_text("Angret")


def new_rent_case(phone: Phone, kari: str) -> None:
    phone.open(f"/felt/ny?type=rent_problem_reported&client={kari}")
    phone.page.get_by_label("Restanse i kroner").fill("14 250")
    phone.tap(phone.button("Lagre husleiesak"))


def new_complaint(phone: Phone, kari: str) -> None:
    phone.open(f"/felt/ny?type=neighbour_complaint_received&client={kari}")
    phone.choose("Hva klages det på?", "Bråk")
    phone.choose("Hvem klager?", "Nabo")
    phone.choose("Hvem rammes?", "Uklart")
    phone.tap(phone.button("Lagre naboklage"))


def new_crisis(phone: Phone, kari: str) -> None:
    phone.open(f"/felt/bruker/{kari}")
    phone.tap(phone.button("Krise"))


@pytest.mark.parametrize("make", [new_rent_case, new_complaint, new_crisis])
@pytest.mark.parametrize("coverage", [True, False], ids=["online", "offline"])
def test_undo_of_a_new_case_leads_to_the_card(
    town: Town, phone: Phone, make: Callable[[Phone, str], None], coverage: bool
) -> None:
    bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    if not coverage:
        phone.open(f"/felt/bruker/{kari}")
        phone.lose_coverage()
    make(phone, kari)
    expect(phone.page).to_have_url(re.compile("/felt/sak/"))
    if coverage:
        phone.wait_for_outbox(0)
    angre(phone)
    expect(phone.title("Kari Lund")).to_be_visible()
    expect(phone.page).to_have_url(re.compile(f"/felt/bruker/{kari}$"))
    expect(phone.page.get_by_role("heading", name=re.compile("Åpne saker"))).to_have_count(0)


def test_undo_of_a_new_person_leads_to_the_list(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_kari(town)
    phone.start_with(bob)
    phone.open("/felt/ny?type=client_registered")
    phone.page.get_by_label("Navn", exact=True).fill("Feil Person")
    phone.choose("Hva er avtalt om å bli sett?", "Bare kontakthyppighet")
    phone.tap(phone.button("Lagre ny bruker"))
    expect(phone.title("Feil Person")).to_be_visible()
    angre(phone)
    expect(phone.title("Brukere")).to_be_visible()
    expect(phone.page.get_by_text("Feil Person")).to_have_count(0)


def test_undo_from_another_page_stays_there(town: Town, phone: Phone) -> None:
    bob, kari = bob_with_kari(town)
    phone.start_with(bob)
    new_rent_case(phone, kari)
    expect(phone.page).to_have_url(re.compile("/felt/sak/"))
    phone.tab("I dag")
    angre(phone)
    expect(phone.title("I dag")).to_be_visible()

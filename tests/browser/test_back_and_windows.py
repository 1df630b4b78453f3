"""What was typed is still there: a search on Back, a draft in the other window, and times by the right clock."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town


def bob_with_two(town: Town) -> tuple[Colleague, str]:
    team = town.team("Granstua", "staffed_housing")
    bob = town.staff("fieldworker", team, name="Bob Dal")
    bob.register("Even Furu", team)
    return bob, bob.register("Kari Lund", team)


def test_back_keeps_what_was_searched_for(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_two(town)
    phone.start_with(bob)
    phone.tab("Brukere")
    search = phone.page.get_by_label("Søk etter bruker")
    search.fill("kari")
    expect(phone.page.locator("main .row")).to_have_count(1)
    phone.tap(phone.link(re.compile("Kari Lund")))
    expect(phone.title("Kari Lund")).to_be_visible()
    phone.tap(phone.link("Besøk"))
    expect(phone.title("Hjemmebesøk")).to_be_visible()
    phone.page.go_back()
    phone.tap(phone.link("Tilbake"))
    expect(search).to_have_value("kari")
    expect(phone.page.locator("main .row")).to_have_count(1)
    assert "kari" not in phone.page.evaluate("location.href + JSON.stringify(history.state)").lower()

    phone.tab("Brukere")
    expect(search).to_have_value("")


def test_whom_it_is_about_keeps_its_search_too(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_two(town)
    phone.start_with(bob)
    phone.open("/felt/ny?type=visit_logged")
    phone.page.get_by_label("Søk etter bruker").fill("kari")
    phone.tap(phone.link("Velg Kari Lund"))
    expect(phone.title("Hjemmebesøk")).to_be_visible()
    phone.page.go_back()
    expect(phone.page.get_by_label("Søk etter bruker")).to_have_value("kari")


def test_nobody_finds_what_another_searched_for(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_two(town)
    carla = town.staff("fieldworker", *bob.teams, name="Carla")
    phone.start_with(bob)
    phone.tab("Brukere")
    phone.page.get_by_label("Søk etter bruker").fill("kari")
    phone.tab("Mer")
    phone.tap(phone.button("Logg ut"))
    phone.sign_in(carla)
    phone.page.go_back()
    expect(phone.title("Brukere")).to_be_visible()
    expect(phone.page.get_by_label("Søk etter bruker")).to_have_value("")


def test_a_second_window_keeps_its_draft_when_the_first_saves(town: Town, phone: Phone) -> None:
    bob, kari = bob_with_two(town)
    phone.start_with(bob)
    path = f"/felt/ny?type=visit_logged&client={kari}"
    phone.open(path)
    second = phone.context.new_page()
    second.goto(path)
    second.get_by_label("«Hvordan har du det?»").fill("«andre vindu»")
    phone.wait_for_draft("«andre vindu»")
    phone.page.get_by_label("«Hvordan har du det?»").fill("«første vindu»")
    phone.wait_for_draft("«første vindu»")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.title("Kari Lund")).to_be_visible()
    second.close()

    phone.open(path)
    expect(phone.page.get_by_text("Dette er utkastet ditt")).to_be_visible()
    expect(phone.page.get_by_label("«Hvordan har du det?»")).to_have_value("«andre vindu»")


def test_mine_siste_shows_the_corrected_clock(town: Town, phone: Phone) -> None:
    bob, _ = bob_with_two(town)
    phone.clock_error = dt.timedelta(minutes=40)
    phone.start_with(bob)
    before = town.now().astimezone(ZoneInfo("Europe/Oslo"))
    phone.tap(phone.button("Sett: Kari Lund"))
    expect(phone.toast).to_contain_text("Mottatt")
    mine = phone.page.locator("section", has=phone.heading("Mine siste"))
    local = [f"{before + dt.timedelta(minutes=more):%H.%M}" for more in (0, 1)]
    expect(mine.locator(".sub").first).to_contain_text(re.compile("|".join(map(re.escape, local))))


def test_an_hour_ago_is_an_hour_ago_on_a_phone_with_a_wrong_clock(town: Town, phone: Phone) -> None:
    bob, kari = bob_with_two(town)
    phone.clock_error = dt.timedelta(minutes=40)
    phone.start_with(bob)
    phone.open(f"/felt/ny?type=visit_logged&client={kari}")
    phone.choose("Når?", "For 1 t siden")
    phone.tap(phone.button("Lagre: traff"))
    expect(phone.toast).to_contain_text("Mottatt")
    (visit,) = [data for data in bob.pull().values() if data.get("type") == "visit_logged"]
    off = town.now() - dt.timedelta(hours=1) - dt.datetime.fromisoformat(visit["corrected_at"])
    assert abs(off) < dt.timedelta(minutes=2)

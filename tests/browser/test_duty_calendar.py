"""The duty list at a desk: a rotation counted in clicks, the calendar by keyboard, what prints, and what axe says."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests._world import PASSWORD
from tests.browser._axe import violations
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewDesk

NAMES = ("Anne Vik", "Birk Dahl", "Cato Lie", "Dina Moe", "Emil Rød", "Frida Nes")


@pytest.fixture
def desk(new_desk: NewDesk) -> Page:
    """axe needs its own styles, so no policy."""
    return new_desk(bypass_csp=True)


@pytest.fixture
def mona(town: Town) -> Colleague:
    """She leads a team of seven."""
    team = town.team("FACT Nord", "fact")
    mona = town.staff("leader", team, name="Mona Li")
    for name in NAMES:
        town.staff("fieldworker", team, name=name)
    return mona


def open_list(desk: Page, person: Colleague) -> None:
    desk.goto("/kontor/vakt")
    desk.get_by_label("Brukernavn").fill(person.username)
    desk.get_by_label("Passord").fill(PASSWORD)
    desk.get_by_role("button", name="Logg inn", exact=True).click()
    expect(desk.get_by_role("heading", name="Sett flere vakter")).to_be_visible()


def test_four_weeks_for_six_people_are_eight_clicks(desk: Page, mona: Colleague) -> None:
    open_list(desk, mona)
    clicks = 0

    def click(what: Locator) -> None:
        nonlocal clicks
        clicks += 1
        what.click()

    order = [NAMES[place] for place in (2, 0, 5, 1, 4, 3)]
    for name in order:
        click(desk.locator("#many").get_by_text(name, exact=True))
    click(desk.get_by_role("button", name="Se vaktene først"))
    shown = desk.locator("#many .plan")
    expect(shown).to_be_visible()
    expect(desk.locator("#many").get_by_role("checkbox", checked=True)).to_have_count(6 + 5)
    lines = shown.locator("li").all_inner_texts()
    assert [line.split(" ")[0] for line in lines[:7]] == [name.split(" ")[0] for name in [*order, order[0]]]
    click(desk.get_by_role("button", name=re.compile(r"Sett disse \d+ vaktene")))
    expect(desk.get_by_text("Vaktene er satt.")).to_be_in_viewport()
    assert clicks == 8
    expect(desk.locator(".calendar .duty-bar").first).to_be_visible()
    assert desk.locator(".calendar tr", has_text="Cato Lie").locator(".duty-bar").count() >= 1
    assert violations(desk, "light") == {}
    desk.get_by_role("button", name="Angre alle vaktene som ble satt nå").click()
    expect(desk.get_by_text("Angret.")).to_be_in_viewport()
    expect(desk.locator(".calendar .duty-bar")).to_have_count(0)


def test_the_calendar_works_by_keyboard_alone(desk: Page, mona: Colleague) -> None:
    open_list(desk, mona)
    line = desk.locator(".calendar tbody tr", has_text="Dina Moe")
    desk.locator(".add-here").first.focus()
    row = [one.split("\n")[0].strip() for one in desk.locator(".calendar tbody th").all_inner_texts()].index("Dina Moe")
    for _ in range(row):
        desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    expect(line.locator("td").nth(2).locator(".add-here")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Sett en vakt")).to_be_focused()
    who = desk.locator("#add").get_by_label("Hvem")
    expect(who.locator("option:checked")).to_have_text("Dina Moe")
    who.focus()
    while desk.evaluate("document.activeElement.type") != "submit":
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Vakta er satt.")).to_be_in_viewport()
    bar = line.locator("td").nth(2).locator("summary")
    bar.focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(line.get_by_role("button", name=re.compile("Fjern"))).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Vakta er fjernet.")).to_be_in_viewport()
    desk.get_by_role("button", name="Angre: sett vakta tilbake").press("Enter")
    expect(line.locator("td").nth(2).locator("summary")).to_contain_text("08.00–15.30")


def test_on_paper_the_list_stands_without_calendar_and_forms(desk: Page, mona: Colleague) -> None:
    open_list(desk, mona)
    expect(desk.locator(".calendar")).to_be_visible()
    expect(desk.locator("ol.week")).to_be_hidden()
    assert violations(desk, "light") == {}
    desk.emulate_media(media="print")
    expect(desk.locator("ol.week")).to_be_visible()
    for hidden in (".calendar", "#add", "#many", "#calendar"):
        expect(desk.locator(hidden)).to_be_hidden()
    desk.emulate_media(media="screen")
    desk.set_viewport_size({"width": 390, "height": 800})
    expect(desk.locator("ol.week")).to_be_visible()
    expect(desk.locator(".calendar")).to_be_hidden()
    assert violations(desk, "light") == {}
    desk.evaluate("document.documentElement.style.fontSize = '200%'")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_link_is_made_and_stopped_where_one_sees_it(desk: Page, mona: Colleague) -> None:
    open_list(desk, mona)
    for page in ("/kontor/vakt", "/konto"):
        desk.goto(page)
        desk.get_by_role("button", name="Lag kalenderlenke").click()
        address = desk.get_by_label("Adressen til kalenderen")
        expect(address).to_be_in_viewport()
        assert violations(desk, "light") == {}
        path = "/vakt/" + address.input_value().split("/vakt/")[1]
        assert desk.request.get(path).text().startswith("BEGIN:VCALENDAR")
        desk.get_by_role("button", name="Stopp lenka").click()
        expect(desk.get_by_text("Kalenderlenka er stoppet.")).to_be_in_viewport()
        assert desk.request.get(path).status == 404

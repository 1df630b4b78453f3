"""The leader's reports in a real browser: with a keyboard, in light and dark, and nothing for axe to find."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser._axe import judge
from tests.browser._town import Colleague, Town
from tests.browser.test_office import mona, sign_in  # noqa: F401 (fixtures)

ROOT = Path(__file__).parents[2]


def test_from_a_question_to_its_figures_with_the_keyboard_alone(desk: Page, town: Town, mona: Colleague) -> None:  # noqa: F811
    kari = mona.register("Kari Lund")
    for outcome in ("seen", "no_answer"):
        mona.log("visit_logged", {"outcome": outcome, "place": "home"}, client=kari)
    desk.goto("/kontor/rapporter")
    sign_in(desk, mona)
    desk.get_by_role("link", name="Hvor ofte møtte vi en stengt dør?").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Hvor ofte møtte vi en stengt dør?")).to_be_visible()
    expect(desk.get_by_role("img", name="Ingen der. De samme tallene står i tabellen.")).to_be_visible()
    desk.get_by_label("Fra og med").fill("2020-01-01")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Velg høyst tre år.")).to_be_visible()
    desk.get_by_role("link", name="Siste tolv uker").click()
    expect(desk.get_by_text("Velg høyst tre år.")).to_be_hidden()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Last ned CSV").click()
    assert download.value.suggested_filename == "missed_visits.csv"
    desk.evaluate("window.print = () => { window.printed = true; }")
    desk.get_by_role("button", name="Skriv ut").press("Enter")
    assert desk.evaluate("window.printed")


def test_axe_finds_nothing_and_nothing_runs_off_the_side(desk: Page, town: Town, mona: Colleague) -> None:  # noqa: F811
    kari = mona.register("Kari Moen")
    mona.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    found: dict[str, object] = {}
    desk.goto("/kontor/rapporter")
    sign_in(desk, mona)
    for path in ("", "/contacts", "/missed_visits", "/not_seen", "/fidelity_act", "/hours?from=x"):
        desk.goto(f"/kontor/rapporter{path}")
        judge(desk, found)
    assert found == {}

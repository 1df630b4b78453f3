"""The office in a real browser: news that arrives while somebody points or types, and a session that ends meanwhile."""

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from fieldapp import clock
from fieldapp.models import LoginSession
from tests._world import PASSWORD
from tests.browser._town import Colleague, Town


@pytest.fixture
def mona(town: Town) -> Colleague:
    """She leads a team in which somebody worries about Even, for today."""
    team = town.team("Granstua", "staffed_housing")
    mona = town.staff("leader", team, name="Mona Li")
    even = mona.register("Even Furu", team)
    mona.log("concern_raised", {"reason": "Stille i går", "urgency": "today"}, client=even)
    return mona


def sign_in(desk: Page, person: Colleague) -> None:
    desk.get_by_label("Brukernavn").fill(person.username)
    desk.get_by_label("Passord").fill(PASSWORD)
    desk.get_by_role("button", name="Logg inn", exact=True).click()


def open_office(desk: Page, person: Colleague, path: str = "/kontor") -> None:
    desk.goto(path)
    sign_in(desk, person)
    expect(desk.locator("#live")).to_be_visible()


def raise_alert(desk: Page, person: Colleague, name: str) -> None:
    """A new alert, and the page has asked for what is new."""
    client = person.register(name)
    person.log("concern_raised", {"reason": "Svarer ikke"}, client=client)
    with desk.expect_response(lambda answer: "merke=" in answer.url and answer.status == 200):
        desk.evaluate("document.body.dispatchEvent(new Event('wake'))")


def rest(desk: Page) -> None:
    """The pointer is in no panel, and the focus nowhere."""
    desk.evaluate("document.activeElement.blur()")
    desk.mouse.move(720, 899)


def button_of(desk: Page) -> Locator:
    return desk.get_by_role("button", name=re.compile("Fulgt opp.*Even Furu"))


def test_news_waits_while_the_pointer_is_in_a_panel(desk: Page, mona: Colleague) -> None:
    open_office(desk, mona)
    button, news = button_of(desk), desk.locator("#news")
    button.hover()
    before = button.bounding_box()
    raise_alert(desk, mona, "Kari Lund")
    expect(news).to_have_text("1 nytt varsel · vis")
    assert button.bounding_box() == before
    raise_alert(desk, mona, "Per Moen")
    expect(news).to_contain_text(" · vis")
    assert button.bounding_box() == before
    assert desk.get_by_text("Bekymret for Kari Lund").count() == 0
    news.click()
    expect(desk.locator("#live").get_by_text("Bekymret for Kari Lund")).to_be_visible()
    expect(desk.locator("#live").get_by_text("Bekymret for Per Moen")).to_be_visible()
    expect(news).to_be_hidden()


def test_news_waits_while_the_focus_is_in_a_panel_and_a_key_shows_it(desk: Page, mona: Colleague) -> None:
    open_office(desk, mona)
    rest(desk)
    button, news = button_of(desk), desk.locator("#news")
    button.focus()
    before = button.bounding_box()
    raise_alert(desk, mona, "Kari Lund")
    expect(news).to_have_text("1 nytt varsel · vis")
    assert button.bounding_box() == before
    expect(button).to_be_focused()
    desk.keyboard.press("v")
    expect(desk.locator("#live").get_by_role("link", name="Bekymret for Kari Lund")).to_be_focused()
    expect(news).to_be_hidden()


def test_news_comes_by_itself_when_nobody_is_in_a_panel_or_has_left_it(desk: Page, mona: Colleague) -> None:
    open_office(desk, mona)
    rest(desk)
    raise_alert(desk, mona, "Kari Lund")
    expect(desk.locator("#live").get_by_text("Bekymret for Kari Lund")).to_be_visible()
    button_of(desk).hover()
    raise_alert(desk, mona, "Per Moen")
    expect(desk.locator("#news")).to_be_visible()
    rest(desk)
    expect(desk.locator("#live").get_by_text("Bekymret for Per Moen")).to_be_visible()
    expect(desk.locator("#news")).to_be_hidden()


def test_lost_contact_moves_nothing_either(desk: Page, mona: Colleague) -> None:
    open_office(desk, mona)
    button = button_of(desk)
    before = button.bounding_box()
    desk.context.set_offline(True)
    desk.evaluate("document.body.dispatchEvent(new Event('wake'))")
    expect(desk.get_by_text("Får ikke kontakt med serveren")).to_be_visible()
    assert button.bounding_box() == before


def end_session(town: Town, person: Colleague) -> None:
    with town._database.transaction() as session:
        whose = LoginSession.staff_id == uuid.UUID(person.id)
        session.execute(update(LoginSession).where(whose).values(ends_at=clock.now() - dt.timedelta(seconds=1)))


def test_a_session_that_ends_while_somebody_types_loses_no_word(desk: Page, town: Town, mona: Colleague) -> None:
    case = str(uuid.uuid4())
    mona.log("rent_problem_reported", {}, client=mona.register("Aina Strand"), case=case)
    open_office(desk, mona, f"/kontor/saker/{case}")
    words = "Snakket med boligkontoret.\nDe venter til fredag."
    desk.get_by_label("Hva har skjedd").fill(words)
    desk.get_by_label("Plan").select_option("nav_management")
    end_session(town, mona)
    desk.evaluate("document.body.dispatchEvent(new Event('wake'))")
    expect(desk.get_by_text("Du er logget ut.")).to_be_visible()
    expect(desk.get_by_label("Hva har skjedd")).to_have_value(words)
    desk.get_by_role("button", name="Lagre").click()
    sign_in(desk, mona)
    expect(desk.get_by_text("se over og lagre")).to_be_focused()
    assert desk.url.endswith(f"/kontor/saker/{case}")
    expect(desk.get_by_label("Hva har skjedd")).to_have_value(words)
    expect(desk.get_by_label("Plan")).to_have_value("nav_management")
    assert desk.evaluate("sessionStorage.length") == 0
    desk.get_by_role("button", name="Lagre").click()
    expect(desk.get_by_text("Saken er oppdatert.")).to_be_visible()
    expect(desk.locator("#live").get_by_text("De venter til fredag.")).to_be_visible()


def test_a_page_nobody_types_on_asks_to_sign_in_by_itself(desk: Page, town: Town, mona: Colleague) -> None:
    open_office(desk, mona, "/kontor/saker")
    end_session(town, mona)
    desk.evaluate("document.body.dispatchEvent(new Event('wake'))")
    desk.wait_for_url("**/logg-inn?neste=*")
    sign_in(desk, mona)
    desk.wait_for_url("**/kontor/saker")


def test_a_form_that_is_gone_gives_the_words_back_all_the_same(desk: Page, town: Town, mona: Colleague) -> None:
    """The alert ended meanwhile."""
    kari = mona.register("Kari Lund")
    mona.log("concern_raised", {"reason": "Svarer ikke"}, client=kari)
    alert = next(one["id"] for one in mona.alerts() if one["client_id"] == kari)
    open_office(desk, mona, f"/kontor/varsler/{alert}")
    desk.get_by_text("Avslutt", exact=True).click()
    desk.get_by_label("Hva ble gjort").fill("Ringte søsteren")
    mona.log("alert_resolved", {"alert_id": alert, "outcome": "other", "reason": "Traff henne"})
    end_session(town, mona)
    desk.get_by_role("button", name="Avslutt varselet").click()
    sign_in(desk, mona)
    expect(desk.get_by_text("skjemaet finnes ikke lenger")).to_contain_text("Ringte søsteren")


def test_no_page_runs_off_the_side_at_double_text_size(desk: Page, mona: Colleague) -> None:
    open_office(desk, mona)
    even = desk.locator("a[href^='/kontor/bruker/']").first.get_attribute("href")
    desk.set_viewport_size({"width": 390, "height": 800})
    for path in (even, "/kontor", "/kontor/varsler", "/kontor/saker", "/kontor/vakt", "/kontor/team"):
        desk.goto(str(path))
        desk.evaluate("document.documentElement.style.fontSize = '200%'")
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390, path

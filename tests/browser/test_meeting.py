"""The meeting about the board and the board on a wall, in a real browser, with the keyboard alone."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from sync.ids import uuid7
from tests import _browser
from tests.browser._axe import judge
from tests.browser._phone import Phone
from tests.browser._town import Colleague, Town
from tests.browser.conftest import NewDesk
from tests.browser.test_office import sign_in

WALL = {"width": 1920, "height": 1080}
PAGE = "/kontor/tavle/mote"
NAMES = ("Kari Nes", "Even Li", "Jonny Ås")


@pytest.fixture(params=["wall", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    sizes: dict[str, dict[str, int]] = {"wall": WALL, "phone": {"width": 390, "height": 844}}
    return sizes[request.param]


@pytest.fixture
def desk(new_desk: NewDesk) -> Page:
    """A big screen and a keyboard."""
    return new_desk(_browser.WIDE | {"viewport": WALL})


@dataclass
class Board:
    """A FACT team with three people up."""

    mona: Colleague
    bob: Colleague
    clients: dict[str, str]


@pytest.fixture
def board(town: Town) -> Board:
    team = town.team("FACT Nord", "fact")
    mona, bob = town.staff("leader", team, name="Mona Li"), town.staff("fieldworker", team, name="Bob Dal")
    clients = {name: mona.register(name, team) for name in NAMES}
    for (name, client), column in zip(clients.items(), ("crisis", "tight", "new"), strict=True):
        up = {"column": column, "reasons": ["crisis"], "goal": f"Målet til {name[0]}", "review_on": "2030-01-01"}
        mona.log("board_placed", up, client=client)
    return Board(mona, bob, clients)


def start(desk: Page, person: Colleague, path: str = PAGE) -> None:
    desk.goto(path)
    sign_in(desk, person)


def heading(desk: Page, words: str) -> None:
    expect(desk.get_by_role("heading", level=1)).to_have_text(words)


def who(desk: Page) -> list[str]:
    """Whose names can be read, or are anywhere in the page."""
    html = desk.content()
    return [name for name in NAMES if name in html]


def test_a_meeting_from_the_keyboard_alone(
    desk: Page, town: Town, board: Board, phone: Phone, size: dict[str, int]
) -> None:
    desk.set_viewport_size(size)  # type: ignore[arg-type]
    keys = desk.keyboard
    start(desk, board.mona)
    expect(desk.get_by_role("button", name="Start møtet")).to_be_focused()
    keys.press("Enter")
    heading(desk, "1 av 3")
    assert who(desk) == ["Kari Nes"]
    expect(desk.get_by_role("timer").first).to_have_text(re.compile("^0:0[0-9] av 2:00$"))

    keys.press("b")
    keys.type("Ringe NAV")
    keys.press("Tab")
    keys.type("Bob")
    keys.press("Tab")
    keys.type("12122030")  # the same whatever the order of day and month
    keys.press("Enter")
    expect(desk.get_by_role("status").filter(has_text="Beslutningen er lagret.")).to_be_visible()
    expect(desk.get_by_role("listitem").filter(has_text="Ringe NAV")).to_contain_text("Bob Dal")

    keys.press("r")
    keys.type("Sover bedre n")
    keys.press("Escape")
    keys.press("ArrowRight")
    heading(desk, "2 av 3")
    assert who(desk) == ["Even Li"]
    keys.press("f")
    keys.press("5")
    expect(desk.locator(".seat-card")).to_contain_text("Innlagt, fengsel eller nettopp ute")
    keys.press("u")
    expect(desk.locator(".seat-card")).to_contain_text("Tett i en periode")
    keys.press("n")
    keys.type("Målet er nådd")
    keys.press("Enter")
    expect(desk.locator(".seat-card")).to_contain_text("Er tatt ned fra tavla.")
    keys.press("ArrowLeft")
    heading(desk, "1 av 3")
    expect(desk.get_by_label("Hva ble sagt?")).to_have_value("Sover bedre n")

    keys.press("a")
    heading(desk, "Avslutt møtet")
    assert who(desk) == []
    keys.press("o")
    keys.press("Space")
    keys.press("r")
    keys.type("Kort møte")
    keys.press("Escape")
    keys.press("a")
    expect(desk.get_by_text("Møtet er ført.")).to_be_visible()
    expect(desk.get_by_text("K. N.: Sover bedre n")).to_be_visible()
    expect(desk.get_by_role("cell", name="Ringe NAV")).to_be_visible()
    desk.evaluate("window.print = () => { window.printed = true; }")
    desk.get_by_role("button", name="Skriv ut").press("Enter")
    assert desk.evaluate("window.printed")

    phone.start_with(board.bob)
    expect(phone.page.get_by_text("Ringe NAV")).to_be_visible()


def test_words_survive_a_closed_tab_and_lost_contact(desk: Page, board: Board) -> None:
    start(desk, board.mona)
    desk.get_by_role("button", name="Start møtet").press("Enter")
    heading(desk, "1 av 3")
    words = desk.get_by_label("Hva ble sagt?")
    words.fill("Første setning.")
    expect(desk.get_by_text("Lagret kl.")).to_be_visible()
    other = desk.context.new_page()
    desk.close()
    other.goto(PAGE)
    other.get_by_role("link", name="Fortsett møtet").press("Enter")
    words = other.get_by_label("Hva ble sagt?")
    expect(words).to_have_value("Første setning.")

    other.context.set_offline(True)
    words.fill("Første setning. Andre.")
    expect(other.get_by_text("Ikke lagret.")).to_be_visible()
    other.keyboard.press("Escape")
    other.keyboard.press("ArrowRight")
    expect(words).to_have_value("Første setning. Andre.")
    heading(other, "1 av 3")
    assert other.evaluate("Object.values({ ...localStorage, ...sessionStorage }).join()").find("setning") == -1
    other.context.set_offline(False)
    expect(other.get_by_text("Lagret kl.")).to_be_visible()
    other.keyboard.press("ArrowRight")
    heading(other, "2 av 3")
    other.keyboard.press("ArrowLeft")
    expect(other.get_by_label("Hva ble sagt?")).to_have_value("Første setning. Andre.")


def test_the_clock_goes_on_over_a_decision_and_says_when_it_is_over(desk: Page, board: Board) -> None:
    start(desk, board.mona)
    desk.clock.install()
    desk.get_by_role("button", name="Start møtet").press("Enter")
    heading(desk, "1 av 3")
    now = desk.get_by_role("timer").first
    desk.clock.fast_forward("01:00")
    expect(now).to_have_text(re.compile("^1:0[0-9] av 2:00$"))
    desk.get_by_label("Hva skal gjøres?").fill("Ringe")
    desk.get_by_label("Hvem gjør det?").select_option(label="Mona Li")
    desk.get_by_role("button", name="Lagre beslutningen").press("Enter")
    expect(desk.get_by_text("Beslutningen er lagret.")).to_be_visible()
    expect(now).to_have_text(re.compile("^1:[0-2][0-9] av 2:00$"))
    desk.clock.fast_forward("01:01")
    expect(now).to_have_text(re.compile("^2:[0-2][0-9], over tida$"))
    desk.keyboard.press("ArrowRight")
    heading(desk, "2 av 3")
    expect(now).to_have_text(re.compile("^0:0[0-9] av 2:00$"))


@pytest.mark.parametrize("path", ["/kontor/tavle/vegg", f"{PAGE}/1"])
def test_the_screen_goes_blank_and_one_key_brings_it_back(desk: Page, board: Board, path: str) -> None:
    start(desk, board.mona)
    desk.get_by_role("button", name="Start møtet").press("Enter")
    heading(desk, "1 av 3")
    desk.clock.install()
    desk.goto(path)
    main, blank = desk.locator("#main"), desk.get_by_text("Trykk en tast for å vise tavla igjen.")
    desk.clock.fast_forward("04:58")
    expect(main).to_be_visible()
    desk.clock.fast_forward("00:03")
    expect(blank).to_be_visible()
    expect(main).to_be_hidden()
    assert "Kari" not in desk.locator("body").inner_text()
    desk.keyboard.press("i")
    expect(main).to_be_visible()
    expect(blank).to_be_hidden()
    first = "initials" if path.endswith("vegg") else "full"
    expect(desk.locator("body")).to_have_attribute("data-names", first)
    desk.keyboard.press("i")
    expect(desk.locator("body")).not_to_have_attribute("data-names", first)


def test_the_wall_shows_initials_first_and_what_comes_without_moving_the_focus(desk: Page, board: Board) -> None:
    start(desk, board.mona, "/kontor/tavle/vegg")
    expect(desk.get_by_role("heading", name="K. N.")).to_be_visible()
    assert "Kari Nes" not in desk.locator("body").inner_text()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Taster")).to_be_visible()
    desk.keyboard.press("Escape")
    keys = desk.get_by_role("button", name="Taster")
    keys.focus()
    before = keys.bounding_box()
    new = board.mona.register("Ny Nilsen")
    up = {"column": "crisis", "reasons": [], "review_on": "2030-01-01"}
    board.mona.log("board_placed", up, client=new)
    with desk.expect_response(lambda answer: "merke=" in answer.url and answer.status == 200):
        desk.evaluate("document.body.dispatchEvent(new Event('wake'))")
    expect(desk.get_by_role("heading", name="N. N.")).to_be_visible()
    expect(keys).to_be_focused()
    assert keys.bounding_box() == before
    off = desk.get_by_label("Slå av tastene til fanen lukkes")
    for is_off in (True, False):
        keys.press("Enter")
        off.set_checked(is_off)
        desk.keyboard.press("Escape")
        desk.keyboard.press("i")
        expect(desk.get_by_role("heading", name="K. N." if is_off else "Kari Nes")).to_be_visible()
    desk.keyboard.press("m")
    expect(desk.get_by_role("button", name="Start møtet")).to_be_focused()


def test_axe_finds_nothing_and_nothing_runs_off_the_side(desk: Page, board: Board) -> None:
    found: dict[str, object] = {}
    start(desk, board.mona)
    task = {"task_id": str(uuid7()), "what": "Ringe NAV", "owner_id": board.bob.id, "due_on": "2030-01-01"}
    board.mona.log("task_set", task, client=board.clients["Kari Nes"])
    judge(desk, found)
    desk.set_viewport_size(WALL)  # type: ignore[arg-type]
    desk.get_by_role("button", name="Start møtet").press("Enter")
    heading(desk, "1 av 3")
    for path in (f"{PAGE}/1", f"{PAGE}/slutt", PAGE, "/kontor/tavle", "/kontor/tavle/vegg"):
        desk.goto(path)
        judge(desk, found)
    desk.keyboard.press("?")
    judge(desk, found)
    desk.goto(f"{PAGE}/slutt")
    desk.get_by_role("button", name="Avslutt og før møtet").press("Enter")
    expect(desk.get_by_text("Møtet er ført.")).to_be_visible()
    judge(desk, found)
    assert found == {}


def test_the_menu_is_one_line_at_a_desk(desk: Page, board: Board) -> None:
    start(desk, board.mona, "/kontor")
    for width in (1440, 1920):
        desk.set_viewport_size({"width": width, "height": 900})
        links = [link.bounding_box() for link in desk.get_by_role("navigation").get_by_role("link").all()]
        assert len(links) == 11
        assert len({box["y"] for box in links if box}) == 1, width
        assert min(box["height"] for box in links if box) >= 48

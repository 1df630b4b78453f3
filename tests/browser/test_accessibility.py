"""Every page and state, light and dark, at double text size, on the narrowest screen: for everyone, with one thumb."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests._browser import PHONE
from tests.browser._axe import SCHEMES, violations
from tests.browser._pages import Scene, pages, set_scene, set_street, states, street_states
from tests.browser._phone import Phone
from tests.browser._town import Town


@dataclass
class Found:
    """What is wrong, by where. Each page and state is opened once, and looked at in every way."""

    axe: dict[str, Any] = field(default_factory=dict)
    wide: dict[str, Any] = field(default_factory=dict)
    small: dict[str, Any] = field(default_factory=dict)

    def look(self, phone: Phone, name: str) -> None:
        if small := phone.page.evaluate(_TOO_SMALL):
            self.small[name] = small
        for scheme in SCHEMES:
            self.axe |= {f"{name} ({scheme}): {one}": where for one, where in violations(phone.page, scheme).items()}

    def look_from_side_to_side(self, phone: Phone, name: str) -> None:
        for width, size in ((390, "200%"), (320, "100%"), (320, "200%")):
            phone.page.set_viewport_size({"width": width, "height": 800})
            phone.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            if wide := phone.page.evaluate(_TOO_WIDE):
                self.wide[f"{name} at {width} px and {size}"] = wide
        phone.page.set_viewport_size(PHONE["viewport"])


@pytest.fixture(scope="module")
def on_pages(using: Callable[[], Phone], town: Town) -> Found:
    found, scene = Found(), set_scene(town, using())
    for name in opened(scene):
        found.look(scene.phone, name)
        found.look_from_side_to_side(scene.phone, name)
    return found


@pytest.fixture(scope="module")
def in_states(using: Callable[[], Phone], town: Town) -> Found:
    found, scene = Found(), set_scene(town, using())
    for name, reach in states().items():
        reach(scene)
        found.look(scene.phone, name)
    return found


@pytest.fixture(scope="module")
def on_street(using: Callable[[], Phone], town: Town) -> Found:
    found, phone = Found(), using()
    set_street(town, phone)
    for name, reach in street_states().items():
        reach(phone)
        found.look(phone, name)
        found.look_from_side_to_side(phone, name)
    return found


# axe tries inline styles on what it judges, which our policy forbids: here it is not enforced, elsewhere it is.
@pytest.fixture(scope="module")
def using(
    playwright: Playwright, town: Town, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Phone]]:
    """A phone for the scene, put away when the last test has judged what was found."""
    phones: list[Phone] = []

    def new() -> Phone:
        phones.append(Phone(playwright, town, tmp_path_factory.mktemp("phones") / "phone", bypass_csp=True))
        return phones[-1]

    yield new
    for phone in phones:
        phone.stop()
    assert [problem for phone in phones for problem in phone.problems] == []


def test_axe_finds_nothing_on_any_page(on_pages: Found) -> None:
    assert on_pages.axe == {}


def test_axe_finds_nothing_in_any_state(in_states: Found) -> None:
    assert in_states.axe == {}


def test_nothing_runs_off_the_side_of_a_narrow_screen_or_large_text(on_pages: Found) -> None:
    assert on_pages.wide == {}


def test_what_a_thumb_must_hit_is_48_pixels(on_pages: Found, in_states: Found) -> None:
    assert on_pages.small | in_states.small == {}


def test_the_start_page_of_the_street_is_for_everyone(on_street: Found) -> None:
    assert (on_street.axe, on_street.wide, on_street.small) == ({}, {}, {})


def opened(scene: Scene) -> Iterator[str]:
    """Go from one page to the next."""
    for name, path in pages(scene).items():
        scene.phone.go(path)
        yield name


_TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".ds-sr-only, .ds-skip-link");
  const beyond = [...document.querySelectorAll("body *")]
    .filter((one) => seen(one) && one.getBoundingClientRect().right > edge + 1);
  if (document.documentElement.scrollWidth > edge) beyond.push(document.documentElement);
  return beyond.slice(-3).map((one) => one.outerHTML.slice(0, 120));
}"""

# A link within a sentence is as high as its line (WCAG 2.5.8 excepts it); all else is for a thumb in the rain.
_TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, textarea, summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".ds-skip-link"))
  .filter((one) => getComputedStyle(one).display !== "inline")
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 47.5)
  .map(([one, box]) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${one.outerHTML.slice(0, 120)}`)"""

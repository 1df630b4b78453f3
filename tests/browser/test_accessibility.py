"""Every page and state, light and dark, at double text size, on the narrowest screen: for everyone, with one thumb."""

from collections.abc import Iterator
from typing import Any

from tests._server import ROOT
from tests.browser._pages import Scene, pages, set_scene, states
from tests.browser._phone import Phone
from tests.browser._town import Town
from tests.browser.conftest import NewPhone

_AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()


# axe tries inline styles on what it judges, which our policy forbids: here it is not enforced, elsewhere it is.
def test_axe_finds_nothing_on_any_page(town: Town, new_phone: NewPhone) -> None:
    scene = set_scene(town, phone := new_phone(town, bypass_csp=True))
    found = {}
    for name in opened(scene):
        for scheme in ("light", "dark"):
            found |= {f"{name} ({scheme}): {one}": where for one, where in violations(phone, scheme).items()}
    assert found == {}


def test_axe_finds_nothing_in_any_state(town: Town, new_phone: NewPhone) -> None:
    scene = set_scene(town, phone := new_phone(town, bypass_csp=True))
    found = {}
    for name, reach in states().items():
        reach(scene)
        for scheme in ("light", "dark"):
            found |= {f"{name} ({scheme}): {one}": where for one, where in violations(phone, scheme).items()}
    assert found == {}


def test_nothing_runs_off_the_side_at_double_text_size_or_on_the_narrowest_screen(town: Town, phone: Phone) -> None:
    scene = set_scene(town, phone)
    found = {}
    for name in opened(scene):
        for width, size in ((390, "200%"), (320, "100%"), (320, "200%")):
            phone.page.set_viewport_size({"width": width, "height": 800})
            phone.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            wide = phone.page.evaluate(_TOO_WIDE)
            if wide:
                found[f"{name} at {width} px and {size}"] = wide
    assert found == {}


def test_what_a_thumb_must_hit_is_48_pixels(town: Town, phone: Phone) -> None:
    scene = set_scene(town, phone)
    found = {name: small for name in opened(scene) if (small := phone.page.evaluate(_TOO_SMALL))}
    for name, reach in states().items():
        reach(scene)
        if small := phone.page.evaluate(_TOO_SMALL):
            found[name] = small
    assert found == {}


def opened(scene: Scene) -> Iterator[str]:
    """Open one page after the other."""
    for name, path in pages(scene).items():
        scene.phone.open(path)
        yield name


def violations(phone: Phone, scheme: Any) -> dict[str, list[str]]:
    """What axe says of the page that stands: rule to places."""
    phone.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if phone.page.evaluate("typeof axe") == "undefined":
        phone.page.evaluate(_AXE)
    rules = ["color-contrast"] if scheme == "dark" else None  # the only rule to which colours matter
    told = phone.page.evaluate(_RUN_AXE, rules)
    return {
        one["id"]: [f"{node['html'][:150]} {node['failureSummary'][:200]}" for node in one["nodes"]] for one in told
    }


_RUN_AXE = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) })
  .then((all) => all.violations)"""

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

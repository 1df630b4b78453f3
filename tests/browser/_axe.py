"""What axe finds on the page that stands, and what runs off its side."""

from typing import Literal

from playwright.sync_api import Page

from tests._server import ROOT

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def judge(page: Page, found: dict[str, object]) -> None:
    """Note what is wrong with the page that stands, by its address."""
    for scheme in SCHEMES:
        if told := violations(page, scheme):
            found[f"{page.url} {scheme}"] = told
    for width, size in ((390, "200%"), (320, "200%"), (320, "100%")):
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[f"{page.url} {width} {size}"] = wide
    page.set_viewport_size({"width": 390, "height": 844})


def violations(page: Page, scheme: Scheme) -> dict[str, list[str]]:
    """What axe says of the page that stands: rule to places."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE)
    rules = ["color-contrast"] if scheme == "dark" else None  # the only rule to which colours matter
    told = page.evaluate(_RUN_AXE, rules)
    return {
        one["id"]: [f"{node['html'][:150]} {node['failureSummary'][:200]}" for node in one["nodes"]] for one in told
    }


_RUN_AXE = """(rules) => axe.run(document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) })
  .then((all) => all.violations)"""

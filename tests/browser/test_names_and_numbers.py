"""What is heard and tapped: no two buttons of one name, every number to ring a link, a title without anybody."""

import re

from playwright.sync_api import expect

from tests.browser._pages import pages, set_scene, states
from tests.browser._phone import Phone
from tests.browser._town import Town

_TWINS = """() => {
  const group = (one) =>  // heard before it
    one.closest('fieldset, [role="group"]')?.querySelector('legend')?.textContent ?? '';
  const words = (one) => one.textContent.replace(/\\s+/g, ' ').trim();
  const name = (one) => group(one) + (one.getAttribute('aria-label') ?? words(one));
  const does = (one) => one.getAttribute('href') ?? JSON.stringify({ ...one.dataset });
  const seen = new Map();
  for (const one of document.querySelectorAll('main a[href], main button')) {
    if (!one.checkVisibility()) continue;
    seen.set(name(one), (seen.get(name(one)) ?? new Set()).add(does(one)));
  }
  const inName = [...document.querySelectorAll('main [aria-label]:is(a, button)')]
    .filter((one) => /\\p{L}/u.test(one.textContent))
    .filter((one) => !one.getAttribute('aria-label').toLowerCase().includes(words(one).toLowerCase()))
    .map((one) => `not in its name: ${one.textContent.trim()}`);
  return [...seen].filter(([, actions]) => actions.size > 1).map(([name]) => name).concat(inName);
}"""
"""Names of controls that do different things, and controls whose name leaves out what is read on them."""

_UNLINKED = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const told =
      /(?<![\\d.,–-])(116.?117|11[023]|\\d{8}|\\d{3} \\d{2} \\d{3})(?![\\d.,–-]*\\d)/.test(data);
    const tapped = parentElement.closest('a[href^="tel:"], button, textarea, time');
    if (told && !tapped && parentElement.checkVisibility()) found.push(data.trim());
  }
  return found;
}"""


def test_names_numbers_and_titles_on_every_page(town: Town, phone: Phone) -> None:
    scene = set_scene(town, phone)
    names = ("even", "furu", "aina", "strand", "kjell", "per ivar")
    found: dict[str, list[str]] = {}
    for name, path in pages(scene).items():
        phone.go(path)
        found[name] = phone.page.evaluate(_TWINS) + phone.page.evaluate(_UNLINKED)
        title = phone.page.title()
        if any(part in title.lower() for part in names) or not re.fullmatch(r"(\(\d+\) )?\S.* – Sett", title):
            found[name].append(f"title: {title}")
    for name, reach in states().items():
        reach(scene)
        found[name] = phone.page.evaluate(_TWINS) + phone.page.evaluate(_UNLINKED)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_title_names_the_page_and_how_much_is_urgent(town: Town, phone: Phone) -> None:
    team = town.team("Granstua")
    bob = town.staff("fieldworker", team, name="Bob Dal")
    kari = bob.register("Kari Lund", team)
    phone.start("/felt/brukere")
    expect(phone.page).to_have_title("Logg inn – Sett")
    phone.page.get_by_label("Brukernavn").fill(bob.username)
    phone.page.get_by_label("Passord").fill("riktig hest batteri stift")
    phone.tap(phone.button("Logg inn"))
    expect(phone.page).to_have_title("Brukere – Sett")
    bob.log("concern_raised", {"urgency": "now"}, client=kari)
    phone.open(f"/felt/ny?type=visit_logged&client={kari}")
    expect(phone.page).to_have_title("(1) Hjemmebesøk – Sett")
    phone.tab("Mer")
    phone.tap(phone.button("English"))
    expect(phone.page).to_have_title("(1) More – Sett")


def test_the_way_past_the_top_speaks_the_chosen_language(town: Town, phone: Phone) -> None:
    team = town.team("Granstua")
    phone.start_with(town.staff("fieldworker", team, name="Bob Dal"))
    skip = phone.page.locator(".skip")
    expect(skip).to_have_text("Hopp til innholdet")
    phone.tab("Mer")
    for language, words in (("Nynorsk", "Hopp til innhaldet"), ("English", "Skip to the content")):
        phone.tap(phone.button(language))
        expect(skip).to_have_text(words)
    phone.restart("/felt")
    expect(phone.page.locator(".skip")).to_have_text("Skip to the content")

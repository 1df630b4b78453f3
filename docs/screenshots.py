"""Takes every page of the phone and the office, light and dark, from a demo of its own: `make screenshots`.

The pictures go to docs/screenshots/, named <surface>-<page>[-dark].png. Nothing but the demo and a browser is needed.
Only some: `python -m docs.screenshots kontor-logg felt-last` takes these.
"""

import datetime as dt
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from fieldapp import clock
from fieldapp.demo.people import CAST, PASSWORDS, PIN
from fieldapp.domain.norway import at_wall_time, day_of
from sync import sealing
from sync.ids import uuid7
from tests._browser import ARGUMENTS
from tests._server import Server
from tests.browser._phone import KEYPAD, enter_pin

INTO = Path(__file__).parent / "screenshots"
PIXEL_7 = {"viewport": {"width": 412, "height": 915}, "device_scale_factor": 1, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1120, "height": 760}, "device_scale_factor": 1}
NORWAY = {"locale": "nb-NO", "timezone_id": "Europe/Oslo", "reduced_motion": "reduce"}
LARGEST = 180 * 1024
TEN_ON_A_TUESDAY = (1, dt.time(10, 7))
_SHIFTED_CLOCK = """(() => {
  const Real = Date, shift = %d;
  globalThis.Date = class extends Real {
    constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})();"""
PASSWORD_OF = {username: PASSWORDS[role] for username, _, role, _ in CAST}


def _shift() -> dt.timedelta:
    """From now to a day and an hour when people are at work."""
    now = clock.now()
    weekday, wall = TEN_ON_A_TUESDAY
    return at_wall_time(day_of(now) + dt.timedelta(days=(weekday - day_of(now).weekday()) % 7), wall) - now


SHIFT = _shift()

FORMS = (
    "visit_logged", "street_contact_logged", "call_logged", "sighting_reported", "concern_raised",
    "rent_problem_reported", "neighbour_complaint_received", "home_entered", "absence_started", "client_registered",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which page, and what they do there first. `path` may depend on what was found."""

    name: str
    who: str
    path: str | Callable[[dict[str, str]], str]
    do: Callable[[Page], None] = lambda _page: None


def _search(page: Page) -> None:
    page.locator("[data-search]").fill("an")


def _scroll_to_log(page: Page) -> None:
    page.mouse.wheel(0, 700)


def _offline(page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("^Sett")).first.tap()
    page.wait_for_timeout(1200)


def _emergency(page: Page) -> None:
    """Filled in, and not sent."""
    page.get_by_label("Navn").fill("Ola Nordmann")
    page.get_by_label("Fødselsår").fill("1980")
    page.get_by_label(re.compile("hvorfor", re.I)).first.fill("Naboen ringte, ingen åpner.")


def _spreadsheet(page: Page) -> None:
    """Chosen and looked at; nothing is taken in."""
    rows = "Navn;Født;Team;Merknad\r\nOla Nordmann;1980;Et annet team;\r\nKari Nordmann;nitten;;x\r\n"
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Se hva som blir lagt inn").click()


def _begin_meeting(page: Page) -> None:
    page.get_by_role("button", name=re.compile("møtet")).first.click()
    page.wait_for_timeout(500)


PHONE = (
    Shot("i-dag", "jonas", "/felt"),
    Shot("i-dag-leder", "mona", "/felt"),
    Shot("i-dag-erfaringskonsulent", "rolf", "/felt"),
    Shot("i-dag-utleier", "lars", "/felt"),
    Shot("brukere", "jonas", "/felt/brukere"),
    Shot("brukere-sok", "jonas", "/felt/brukere", _search),
    Shot("tavle", "mona", "/felt/tavle"),
    Shot("bruker", "jonas", lambda found: f"/felt/bruker/{found['client']}"),
    Shot("bruker-logg", "jonas", lambda found: f"/felt/bruker/{found['client']}", _scroll_to_log),
    Shot("varsel", "jonas", lambda found: f"/felt/varsel/{found['alert']}"),
    Shot("krise", "jonas", lambda found: f"/felt/sak/{found['crisis']}"),
    Shot("husleiesak", "jonas", lambda found: f"/felt/sak/{found['rent']}"),
    Shot("ny", "jonas", "/felt/ny"),
    *(
        Shot(f"ny-{form}", "jonas", lambda found, form=form: f"/felt/ny?type={form}&client={found['client']}")
        for form in FORMS
    ),
    Shot("ny-krise", "jonas", "/felt/ny?type=crisis_opened"),
    Shot("mer", "jonas", "/felt/mer"),
    Shot("hjelp", "jonas", "/felt/hjelp"),
    Shot("mine-vakter", "jonas", "/felt/vakter"),
    Shot("uten-dekning", "jonas", "/felt", _offline),
)
OFFICE = (
    Shot("oversikt", "mona", "/kontor"),
    Shot("varsler", "mona", "/kontor/varsler"),
    Shot("varsel", "mona", lambda found: f"/kontor/varsler/{found['alert']}"),
    Shot("varsel-hvorfor", "mona", lambda found: f"/kontor/varsler/{found['alert']}/hvorfor"),
    Shot("varsler-tall", "mona", "/kontor/varsler/tall"),
    Shot("saker", "mona", "/kontor/saker"),
    Shot("krise", "mona", lambda found: f"/kontor/saker/{found['crisis']}"),
    Shot("husleiesak", "mona", lambda found: f"/kontor/saker/{found['rent']}"),
    Shot("bruker", "mona", lambda found: f"/kontor/bruker/{found['client']}"),
    Shot("bruker-alt", "mona", lambda found: f"/kontor/bruker/{found['client']}/oppforinger"),
    Shot("bruker-ar", "mona", lambda found: f"/kontor/bruker/{found['client']}/aar/{clock.now().year}"),
    Shot("bruker-bolig", "mona", lambda found: f"/kontor/bruker/{found['up']}/bolig"),
    Shot("oppforing", "mona", lambda found: f"/kontor/oppforing/{found['placed']}"),
    Shot("brukere", "mona", "/kontor/brukere"),
    Shot("brukere-importer", "mona", "/kontor/brukere/importer", _spreadsheet),
    Shot("tavle", "mona", lambda found: f"/kontor/tavle?team={found['board']}"),
    Shot("tavlemote", "mona", lambda found: f"/kontor/tavle/mote?team={found['board']}", _begin_meeting),
    Shot("tavle-vegg", "mona", lambda found: f"/kontor/tavle/vegg?team={found['board']}"),
    Shot("oppgaver", "mona", "/kontor/oppgaver"),
    Shot("overlevering", "mona", "/kontor/overlevering"),
    Shot("rapporter", "mona", "/kontor/rapporter"),
    Shot("rapport", "mona", "/kontor/rapporter/board"),
    Shot("vakt", "mona", "/kontor/vakt"),
    Shot("team", "mona", "/kontor/team"),
    Shot("apningstid", "mona", lambda found: f"/kontor/team/{found['team']}/apningstid"),
    Shot("tilgang", "mona", lambda found: f"/kontor/bruker/{found['client']}/tilgang"),
    Shot("nodtilgang", "mona", "/kontor/nodtilgang", _emergency),
    Shot("bekreft", "mona", "/kontor/bekreft"),
    Shot("logg", "ingrid", "/kontor/logg?hva=opened"),
    Shot("innsyn", "ingrid", lambda found: f"/kontor/innsyn/{found['client']}"),
    Shot("konto", "mona", "/konto"),
    Shot("administrasjon", "ada", "/admin"),
)


ONLY = set(sys.argv[1:])


def _wanted(surface: str, shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    return tuple(shot for shot in shots if not ONLY or f"{surface}-{shot.name}" in ONLY)


def main() -> None:
    """Take them all, or those that are named."""
    INTO.mkdir(exist_ok=True)
    with _demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGUMENTS, "--lang=nb-NO"], env={**os.environ, "LANGUAGE": "nb"}
        )
        found = _found(browser, url)
        _leave_to_confirm(browser, url, found["client"])
        for scheme, suffix in (("light", ""), ("dark", "-dark")):
            _signed_out(browser, url, scheme, suffix)
            _take(browser, url, scheme, suffix, "felt", PIXEL_7, _wanted("felt", PHONE), found)
            _take(browser, url, scheme, suffix, "kontor", DESK, _wanted("kontor", OFFICE), found)
        for scheme, suffix in (("light", ""), ("dark", "-dark")):
            _locked(browser, url, scheme, suffix)  # last: its crisis would ring on every other page
        browser.close()
    for file in sorted(INTO.glob("*.png")):
        if file.stat().st_size > LARGEST:
            print(f"{file.name}: {file.stat().st_size // 1024} kB", file=sys.stderr)


@contextmanager
def _demo() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        server = Server(Path(directory))
        server.make_clock_movable()
        server.shift_clock(seconds=SHIFT.total_seconds())
        server.cli("demo")
        try:
            server.start_web()
            server.start_worker()
            server.wait_until_healthy()
            yield server.url
        finally:
            server.stop()


def _found(browser: Browser, url: str) -> dict[str, str]:
    """Whom and what the pictures are of: the alert nobody has taken, its client, and one case of each kind."""
    with _page(browser, url, "light", DESK) as page:
        _sign_in(page, "mona", url + "/logg-inn")
        listed = page.request.get(f"{url}/api/alerts").json()["alerts"]
        alert = next(one for one in listed if one["kind"] == "not_seen" and one["owner"] is None)
        changes = _all_changes(page, url)
    cases = {change["data"]["kind"]: change["id"] for change in changes if change["kind"] == "case" and "data" in change
             and change["data"]["status"] == "open"}  # fmt: skip
    card = next(one["data"] for one in changes if one["kind"] == "board" and "client_id" in one.get("data", {}))
    board = {"board": card["team_id"], "up": card["client_id"], "placed": card["id"]}
    return {"alert": alert["id"], "client": alert["client_id"], "team": alert["team_id"], **board, **cases}


def _leave_to_confirm(browser: Browser, url: str, client: str) -> None:
    """A note from a phone whose access has ended: it waits under «Må bekreftes»."""
    device, entry = str(uuid7()), str(uuid7())
    with _page(browser, url, "light", DESK) as page:
        _sign_in(page, "jonas", url + "/logg-inn")
        author = page.request.get("/api/session").json()["staff"]["id"]
        told = {"device_id": device, "name": "Lånt telefon", "platform": "Android"}
        key = page.request.post("/api/devices", data=told).json()["delivery_key"]
    with _page(browser, url, "light", DESK) as page:
        _sign_in(page, "jonas", url + "/logg-inn")
        page.goto("/konto")
        lent = page.locator(".account-devices li", has_text="Lånt telefon")
        lent.get_by_role("button", name="Avslutt her").click()
        expect(lent).to_have_count(0)
    with _page(browser, url, "light", DESK) as page:
        at = (clock.now() + SHIFT - dt.timedelta(hours=2)).isoformat()
        visit = {"id": entry, "type": "visit_logged", "version": 1, "client_id": client, "occurred_at": at}
        visit |= {"body": {"outcome": "seen", "place": "home", "note": "Kaffe på trappa. Vil ringe søsteren."}}
        shown = page.request.get("/api/sealing/key").json()
        inside = json.dumps(visit | {"author_id": author, "author_key": key}).encode()
        sealed = sealing.seal(sealing.decode(shown["public_key"]), sealing.ENTRY_INFO, sealing.entry_aad(entry), inside)
        element = {"id": entry, "device_seq": 1, "key_id": shown["key_id"], "sealed": sealed}
        asked = {"protocol": 1, "device_id": device, "sent_at": at, "cursor": None, "unsent_after": 0}
        answer = page.request.post("/api/sync", data=asked | {"pull": False, "entries": [element]}).json()
        assert answer["results"][0]["code"] == "author_unproven", answer


def _all_changes(page: Page, url: str) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    cursor, more = None, True
    while more:
        asked = {"protocol": 1, "device_id": "018f0000-0000-7000-8000-000000000001", "sent_at": "2026-01-01T00:00:00Z"}
        answer = page.request.post(
            f"{url}/api/sync", data=asked | {"cursor": cursor, "unsent_after": 0, "entries": []}
        ).json()
        changes += answer["changes"]
        cursor, more = answer["cursor"], answer["more"]
    return changes


@contextmanager
def _page(browser: Browser, url: str, scheme: str, device: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(base_url=url, color_scheme=scheme, **device, **NORWAY)
    context.set_default_timeout(20_000)
    context.add_init_script(_SHIFTED_CLOCK % (SHIFT / dt.timedelta(milliseconds=1)))
    yield context.new_page()
    context.close()


def _send_password(page: Page, username: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("Brukernavn").fill(username)
    page.get_by_label("Passord").fill(PASSWORD_OF[username])
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page.get_by_label("Passord")).to_have_count(0)


def _sign_in(page: Page, username: str, path: str) -> None:
    _send_password(page, username, path)
    if path.startswith("/felt"):
        expect(page.locator(KEYPAD)).to_be_visible()
        enter_pin(page, PIN)
        page.add_locator_handler(page.locator(KEYPAD), lambda _: enter_pin(page, PIN))


def _signed_out(browser: Browser, url: str, scheme: str, suffix: str) -> None:
    for surface, device, path in (("felt", PIXEL_7, "/felt"), ("kontor", DESK, "/logg-inn")):
        if ONLY and f"{surface}-logg-inn" not in ONLY:
            continue
        with _page(browser, url, scheme, device) as page:
            page.goto(path)
            expect(page.get_by_label("Passord")).to_be_visible()
            page.screenshot(path=INTO / f"{surface}-logg-inn{suffix}.png")


LOCKED = ("felt-velg-pin", "felt-last", "felt-last-feil-pin", "felt-last-krise")


def _locked(browser: Browser, url: str, scheme: str, suffix: str) -> None:
    """What stands before a person on the phone: the PIN to choose, the locked phone, and a crisis on it."""
    if ONLY and not ONLY.intersection(LOCKED):
        return
    choose, locked, wrong, crisis = (INTO / f"{name}{suffix}.png" for name in LOCKED)
    with _page(browser, url, scheme, PIXEL_7) as page:
        _send_password(page, "jonas", "/felt")
        expect(page.locator(KEYPAD)).to_be_visible()
        page.screenshot(path=choose)
        enter_pin(page, PIN)
        expect(page.locator(".badge[data-good]")).to_be_visible()
        page.goto("/felt")
        expect(page.locator(KEYPAD)).to_be_visible()
        page.screenshot(path=locked)
        enter_pin(page, "402816")
        expect(page.get_by_text(re.compile("Feil PIN"))).to_be_visible()
        page.screenshot(path=wrong)
        page.get_by_role("button", name="Krise").tap()
        expect(page.get_by_text("De på vakt blir varslet.")).to_be_visible()
        page.screenshot(path=crisis)


def _take(
    browser: Browser,
    url: str,
    scheme: str,
    suffix: str,
    surface: str,
    device: dict[str, Any],
    shots: tuple[Shot, ...],
    found: dict[str, str],
) -> None:
    for who in dict.fromkeys(shot.who for shot in shots):
        with _page(browser, url, scheme, device) as page:
            _sign_in(page, who, "/felt" if surface == "felt" else "/logg-inn")
            if surface == "felt":
                expect(page.locator(".badge[data-good]")).to_be_visible()
            for shot in (one for one in shots if one.who == who):
                _picture(page, shot, found, INTO / f"{surface}-{shot.name}{suffix}.png")


def _picture(page: Page, shot: Shot, found: dict[str, str], file: Path) -> None:
    try:
        path = shot.path if isinstance(shot.path, str) else shot.path(found)
    except KeyError as missing:
        print(f"{file.name}: fant ingen {missing}", file=sys.stderr)
        return
    page.goto(path)
    expect(page.locator("main:not(.gate) h1").first).to_be_visible()  # the phone is unlocked first
    page.wait_for_timeout(500)
    shot.do(page)
    page.wait_for_timeout(300)
    page.screenshot(path=file)


if __name__ == "__main__":
    main()

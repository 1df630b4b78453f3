"""A phone in somebody's hand: real Chromium on a profile of its own, with coverage or without, started and restarted.

What no page may ever do is collected all along and checked when the phone is put away: break the content security
policy, throw, or send a request anywhere but to our own server.
"""

import datetime as dt
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Route,
    WebError,
    expect,
)
from playwright.sync_api import TimeoutError as NotInTime

from tests import _browser
from tests._push_service import Phone as Subscription
from tests._push_service import Received, b64
from tests._world import PASSWORD, PIN, Person
from tests.browser import _scripts
from tests.browser._town import Town

expect.set_options(timeout=60_000)


class Phone:
    """One phone. `page` is what is on its screen."""

    def __init__(self, playwright: Playwright, town: Town, profile: Path, **options: Any) -> None:
        self._playwright = playwright
        self._town = town
        self._profile = profile
        self._options = {"reduced_motion": "reduce"} | options
        self._context: BrowserContext | None = None
        self.clock_error = dt.timedelta()
        """How much this phone's own clock is wrong."""
        self.subscription: Subscription | None = None
        self._granted = False
        self.taps = 0
        self._saved_draft = 0
        self.opens_by_itself = True
        """Whoever holds it types the PIN wherever it is asked for; False: nobody does."""
        self.problems: list[str] = []

    # --- on and off -----------------------------------------------------------------------------------------------

    def start(self, path: str = "/felt", *, offline: bool = False) -> Page:
        """Turn the phone on and open this page."""
        self._context = context = _browser.launch(
            self._playwright, self._profile, offline=offline, base_url=self._town.url, **self._options
        )
        context.set_default_timeout(60_000)
        context.on("request", self._refuse_strangers)
        context.on("console", self._read_console)
        context.on("weberror", self._note_error)
        context.on("page", self._hold)
        for page in context.pages:
            self._hold(page)
        context.add_init_script(_scripts.VIOLATIONS)
        context.add_init_script(_scripts.NO_BACKGROUND_SYNC)
        self._follow_clock()
        if self.subscription:
            self._allow_push()
        self.page.goto(path)
        return self.page

    def stop(self) -> None:
        """Turn it off, as abruptly as a browser lets itself be closed."""
        if self._context:
            for page in self._context.pages:
                page.unroute_all(behavior="ignoreErrors")
            self._context.unroute_all(behavior="ignoreErrors")
            self._context.close()
            self._context = None

    def restart(self, path: str = "/felt", *, offline: bool = False) -> Page:
        self.stop()
        return self.start(path, offline=offline)

    @property
    def context(self) -> BrowserContext:
        assert self._context, "the phone is off"
        return self._context

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def lose_coverage(self) -> None:
        self.context.set_offline(True)
        expect(self.page.get_by_role("button", name=re.compile("Prøv nå")).first).to_be_visible()

    def find_coverage(self) -> None:
        self.context.set_offline(False)

    def move_clock(self, shift: dt.timedelta) -> None:
        if self._context:
            self.page.evaluate(f"globalThis.__shiftMs = {self._shift_ms(shift)}")
            self.context.add_init_script(f"globalThis.__shiftMs = {self._shift_ms(shift)}")

    def _follow_clock(self) -> None:
        if self.move_clock not in self._town.followers:
            self._town.followers.append(self.move_clock)
        if self._town.shift or self.clock_error:
            self.context.add_init_script(_scripts.CLOCK)
            self.context.add_init_script(f"globalThis.__shiftMs = {self._shift_ms(self._town.shift)}")

    def _shift_ms(self, shift: dt.timedelta) -> int:
        return round((shift + self.clock_error) / dt.timedelta(milliseconds=1))

    # --- who ------------------------------------------------------------------------------------------------------

    def sign_in(self, person: Person) -> None:
        """Fill in the sign-in page that stands, and wait until the day is there."""
        self._send_password(person)
        expect(self.title("I dag")).to_be_visible()
        expect(self.page.locator(".badge[data-good]")).to_be_visible()

    def _send_password(self, person: Person) -> None:
        self.page.get_by_label("Brukernavn").fill(person.username)
        self.page.get_by_label("Passord").fill(PASSWORD)
        self.tap(self.page.get_by_role("button", name="Logg inn", exact=True))

    def sign_in_and_choose(self, person: Person, pin: str = PIN) -> None:
        """The same where nobody types by themselves: a person who has no PIN here yet chooses one."""
        self._send_password(person)
        expect(self.title("Velg PIN")).to_be_visible()
        enter_pin(self.page, pin)
        expect(self.title("I dag")).to_be_visible()
        expect(self.page.locator(".badge[data-good]")).to_be_visible()

    def start_with(self, person: Person) -> Page:
        """Turn on, sign in, and wait until Sett can open without coverage.

        Where nobody has used the phone yet, it is one on which Sett's sign-in page was opened before: the service
        worker need not fetch all files once more in every test. What a phone does that has never met Sett is told by
        tests that begin with `start`.
        """
        if not self._profile.exists():
            shutil.copytree(self._visited_before(), self._profile, symlinks=True)
        self.start()
        self.sign_in(person)
        self.wait_until_kept()
        return self.page

    def _visited_before(self) -> Path:
        """The town's profile in which the worker stands ready and nothing else is left: no cookie, no row, no value."""
        profile = self._town.server.data_dir / "visited-before"
        if not profile.exists():
            visitor = Phone(self._playwright, self._town, profile, **self._options)
            visitor.start()
            visitor.wait_until_kept()
            kinds = "cookies,indexeddb,local_storage"
            visitor._cdp().send("Storage.clearDataForOrigin", {"origin": self._town.url, "storageTypes": kinds})
            visitor.stop()
            self._town.followers.remove(visitor.move_clock)
            assert visitor.problems == []
        return profile

    def wait_until_kept(self) -> None:
        """Until the service worker has all files and answers for this page."""
        self.wait_until("() => navigator.serviceWorker.controller !== null")

    # --- locked and open ------------------------------------------------------------------------------------------

    def _hold(self, page: Page) -> None:
        """Type the PIN on this page whenever it is asked for, before anything else is done or expected on it.

        Again, too (`no_wait_after`): the first answer after an unlock may say that the session has expired, and locks.
        """
        if self.opens_by_itself:
            page.add_locator_handler(page.locator(KEYPAD), lambda _: open_keypad(page), no_wait_after=True)

    def let_lie(self) -> None:
        """From now on nobody types the PIN by themselves."""
        self.opens_by_itself = False
        for page in self.context.pages:
            page.remove_locator_handler(page.locator(KEYPAD))

    def unlock(self, pin: str = PIN) -> None:
        """Type a PIN on the screen that stands."""
        expect(self.page.locator(KEYPAD)).to_be_visible()
        enter_pin(self.page, pin)

    # --- what a thumb does ----------------------------------------------------------------------------------------

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def link(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.page.get_by_role("link", name=name, exact=exact)

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("heading", name=name)

    def choose(self, question: str, *answers: str) -> None:
        """Tap these chips under a question of a form."""
        group = self.page.get_by_role("group", name=question)
        for answer in answers:
            self.tap(group.get_by_role("button", name=answer, exact=True))

    def title(self, name: str) -> Locator:
        """The name of the page that stands."""
        return self.page.get_by_role("heading", name=name, exact=True, level=1)

    def tab(self, name: str) -> None:
        """Tap one of the tabs at the bottom."""
        self.tap(self.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name=name))

    def go(self, path: str) -> None:
        """Go to a page of the app from one that stands, without loading it anew: no second unlock."""
        self.page.evaluate(_scripts.GO, path)

    def open(self, path: str) -> None:
        """Load a page of the app by its address, as from a link elsewhere."""
        self.page.goto(path)
        expect(self.page.locator("main:not(.gate) h1")).to_be_visible()

    def open_locked(self, path: str) -> None:
        """The same, where nobody types the PIN."""
        self.page.goto(path)
        expect(self.page.locator(KEYPAD)).to_be_visible()

    def ring_nobody(self) -> None:
        """Tapping a number saves what it saves; the platform's dialler stays closed, as there is none."""
        self.page.evaluate("""addEventListener("click", (event) => {
          if (event.target.closest('a[href^="tel:"]')) event.preventDefault();
        }, true)""")

    def wait_until(self, condition: str, argument: object = None) -> None:
        """Until a function in the page says yes. (Playwright's own wait needs `eval`, which our pages forbid.)"""
        self.page.evaluate(f"(argument) => ({_scripts.UNTIL})({condition}, argument)", argument)

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast")

    # --- what is kept on it ---------------------------------------------------------------------------------------

    def outbox(self) -> list[dict[str, Any]]:
        """What is saved and has no final verdict yet, oldest first."""
        rows: list[dict[str, Any]] = self.page.evaluate(_scripts.READ_ALL, ["sett", "outbox"])
        return sorted(rows, key=lambda row: row["device_seq"])

    def waiting(self) -> list[dict[str, Any]]:
        """The entries in the outbox, as the server will read them."""
        return [self._town.opened(row) for row in self.outbox()]

    def wait_for_outbox(self, count: int) -> None:
        """Until this many rows wait in the outbox. Nothing waits before a tap is saved, too: expect its words first."""
        self.wait_until(f"(n) => ({_scripts.READ_ALL})(['sett', 'outbox']).then((rows) => rows.length === n)", count)

    def wait_until_synced(self, person: Person, since: dt.datetime) -> None:
        """Until what the server knew then is on the phone. An empty outbox says less: a locked phone sends, too."""
        self.wait_until(
            f"([name, since]) => ({_scripts.READ_ALL})([name, 'meta']).then((rows) =>"
            " rows.some(({ value }) => value?.synced_at >= since))",
            [f"sett-vault-{person.id}", int(since.timestamp() * 1000)],
        )

    def wait_until_nothing_is_sent(self) -> None:
        """Until no window and no worker is sending: what a new version waits for."""
        self.wait_until(
            "() => navigator.locks.query().then(({ held, pending }) =>"
            " ![...held, ...pending].some(({ name }) => name === 'outbox'))"
        )

    def wait_for_draft(self, words: str) -> None:
        """Until what is half-written is on disk: sealed, so that these words stand nowhere in it."""
        rows: list[dict[str, Any]] = []
        deadline = time.monotonic() + 60
        while max((row["saved_at"] for row in rows), default=0) <= self._saved_draft:
            assert time.monotonic() < deadline, f"no draft with «{words}»"
            rows = self.page.evaluate(_scripts.READ_ALL, ["sett", "sealed_drafts"])
        self._saved_draft = max(row["saved_at"] for row in rows)
        assert words not in json.dumps(rows, ensure_ascii=False, default=str)

    def drafts(self) -> int:
        """How many half-written forms are on disk."""
        return len(self.page.evaluate(_scripts.READ_ALL, ["sett", "sealed_drafts"]))

    def databases(self) -> list[str]:
        """What is kept by name, less the photos that wait: sealed, as the outbox is."""
        names: list[str] = self.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name).sort())")
        return [name for name in names if name != "sett-photos"]

    # --- pushes ---------------------------------------------------------------------------------------------------

    def turn_on_push(self) -> None:
        """What a person does on Mer, once the platform has a push service (see `allow_push`)."""
        self.tab("Mer")
        self._grant_notifications()
        self.tap(self.button("Slå på varsler"))
        expect(self.page.get_by_text("Varsler er slått på.")).to_be_visible()
        self.tab("I dag")

    def _grant_notifications(self) -> None:
        """The platform's question, answered with yes before it is asked: nobody can tap it here."""
        self._granted = True
        self.context.grant_permissions(["notifications"], origin=self._town.url)

    def allow_push(self) -> Subscription:
        """From the next start on there is a push service to subscribe at."""
        self.subscription = self._town.push.subscribe()
        return self.subscription

    def _allow_push(self) -> None:
        assert self.subscription
        if self._granted:
            self._grant_notifications()
        keys = [self.subscription.endpoint, self.subscription.p256dh, b64(self.subscription.auth)]
        self.context.add_init_script(f"{_scripts.SUBSCRIBE}({', '.join(json.dumps(key) for key in keys)})")

    def deliver(self, message: Received) -> None:
        """Hand a decrypted message to the real service worker, as the browser's push service would; return when the
        server knows that it was shown."""
        self.deliver_text(message.plaintext.decode())
        self._town.wait_for_receipt(message.json["notification_id"])

    def deliver_text(self, text: str) -> None:
        """Return when the worker says that it has shown it. (Who asks the platform for its notifications while one is
        on its way makes Chromium forget it.)"""
        before = self.page.evaluate(_scripts.READ_ALL, ["sett", "values"])
        (shown_before,) = [row["value"] for row in before if row["key"] == "push_shown"] or [None]
        self._tell_worker("deliverPushMessage", data=text)
        self.wait_until(
            f"(before) => ({_scripts.READ_ALL})(['sett', 'values']).then((all) =>"
            " all.some(({ key, value }) => key === 'push_shown' && value !== before))",
            shown_before,
        )

    def wake_worker(self) -> None:
        """Background Sync: the platform found coverage and wakes the worker, whatever pages are open."""
        self._tell_worker("dispatchSyncEvent", tag="outbox", lastChance=False)

    def _tell_worker(self, command: str, **told: Any) -> None:
        cdp = self._cdp()
        found: list[str] = []
        cdp.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: found.extend(
                one["registrationId"] for one in event["registrations"] if one["scopeURL"].startswith(self._town.url)
            ),
        )
        cdp.send("ServiceWorker.enable")
        deadline = time.monotonic() + 60
        while not found:
            assert time.monotonic() < deadline, "no worker is registered"
            self.page.evaluate("1")  # lets the event in
        cdp.send(f"ServiceWorker.{command}", {"origin": self._town.url, "registrationId": found[-1]} | told)
        cdp.detach()

    def shown(self) -> list[dict[str, Any]]:
        """The notifications that stand on the phone's screen: title, tag, path."""
        notifications: list[dict[str, Any]] = self.page.evaluate(_scripts.NOTIFICATIONS)
        return notifications

    def shown_as(self, tag: str) -> dict[str, Any]:
        """The notification with this tag, which must stand there once."""
        (found,) = [one for one in self.shown() if one["tag"] == tag]
        return found

    def tap_notification(self, tag: str) -> str:
        """What a tap on it does, and the path it opens.

        No tap can be made on a notification in headless Chromium, so the real event is handed to the real worker. What
        the platform gives only to a finger, focus and a new window, is stood in for; the rest is the app's own.
        """
        (worker,) = self.context.service_workers
        opened: str | None = worker.evaluate(_scripts.TAP, tag)
        if opened:
            self.open(opened)
            return opened
        return urlsplit(self.page.url).path

    # --- what must never happen -----------------------------------------------------------------------------------

    def _refuse_strangers(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(self._town.url).netloc:
            self.problems.append(f"asked {request.url}")

    def _read_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith("CSP:") or "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def _note_error(self, error: WebError) -> None:
        self.problems.append(str(error.error))

    def _cdp(self) -> CDPSession:
        return self.context.new_cdp_session(self.page)


KEYPAD = "main.gate .keypad"


def enter_pin(page: Page, pin: str = PIN) -> None:
    """Type it; where it is being chosen, once more."""
    chosen = page.locator('[data-key="ok"]').count() > 0
    for _ in range(2 if chosen else 1):
        page.keyboard.type(pin)
        if chosen:
            page.keyboard.press("Enter")


def open_keypad(page: Page) -> None:
    """Type the PIN until it is open: what is typed while the page is loaded anew is lost, and is typed again."""
    for _ in range(3):
        enter_pin(page)
        try:
            page.locator(KEYPAD).wait_for(state="hidden", timeout=20_000)
        except NotInTime:
            for _ in PIN:
                page.keyboard.press("Backspace")
        else:
            return


def answer_with(status: int, body: dict[str, Any]) -> Any:
    """A route handler that answers in the server's place."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    return answer

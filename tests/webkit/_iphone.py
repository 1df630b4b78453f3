"""The engine of iPhones: WebKitGTK's MiniBrowser in a window as narrow as a phone, driven through WebKitWebDriver.

with Iphone.started(tmp_path) as iphone:
    iphone.sign_in(town.url, bob)
    iphone.cold_start(f"{town.url}/felt")

A driven MiniBrowser keeps cookies, files and rows in memory alone, so the browser as a whole can't be started again:
a cold start is a new window, the old one closed. Screen, driver and browser end with the tests, however those end.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests._server import DIES_WITH_US, free_port
from tests._world import PASSWORD, PIN, Person
from tests.browser import _scripts

_PATIENCE_SECONDS = 60
_ASYNC = "const done = arguments[arguments.length - 1]; ({})({}).then(done, (error) => done(`failed: ${{error}}`));"
_LISTEN = """window.__problems ??= (() => {
  const found = [];
  addEventListener("error", (event) => found.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => found.push(String(event.reason)));
  document.addEventListener("securitypolicyviolation", (event) => found.push(`CSP: ${event.violatedDirective}`));
  return found;
})();"""


def lacking() -> list[str]:
    """What of WebKit is not on this machine."""
    found = {name: shutil.which(name) for name in ("WebKitWebDriver", "Xvfb", "setpriv")}
    return [name for name, path in ({"MiniBrowser": _mini_browser()} | found).items() if not path]


class Iphone:
    """One browser with one window that counts. Waits are for conditions, for a minute at most."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver
        self._url = ""
        self._saved_draft = 0

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[Self]:
        with _screen() as display:
            driver = webdriver.WebKitGTK(options=_options(), service=_service(folder, display))
            try:
                driver.set_window_size(390, 844)
                yield cls(driver)
            finally:
                driver.quit()

    # --- pages ----------------------------------------------------------------------------------------------------

    def sign_in(self, url: str, person: Person) -> None:
        """Open Sett at this address, sign in, and wait until it can open without coverage."""
        self._url = url
        self._driver.get(f"{url}/felt")
        self.field("username").send_keys(person.username)
        self.field("password").send_keys(PASSWORD)
        self.tap(self.button("Logg inn"))
        self.wait_for_title("Velg PIN")
        for title in ("PIN en gang til", "I dag"):
            self.type_pin()
            self.tap(self.one('[data-key="ok"]'))
            self.wait_for_title(title)
        self.wait(lambda: self.run("return navigator.serviceWorker.controller !== null"))
        self.wait(lambda: bool(self.all(".badge[data-good]")))

    def open(self, path: str) -> None:
        """Load a page of the app by its address, and wait until something stands on it."""
        self._driver.get(self._url + path)
        self.wait(lambda: bool(self.all("main h1")), f"something on {path}")
        self.wait_for_title("Lås opp")
        self.run(_LISTEN)
        self.type_pin()
        self.wait(lambda: bool(self.all("main:not(.gate) h1")), f"{path} once it is unlocked")

    def go(self, path: str) -> None:
        """Go to a page of the app from one that stands, without loading it anew: no second unlock."""
        failed = self._driver.execute_async_script(_ASYNC.format(_scripts.GO, json.dumps(path)))
        assert failed is None, failed
        self.run(_LISTEN)

    def type_pin(self, pin: str = PIN) -> None:
        """Tap its digits on the keypad that stands."""
        for digit in pin:
            self.tap(self.one(f'[data-key="{digit}"]'))

    def cold_start(self, path: str = "/felt") -> None:
        """Open this page in a new window, once the old one is closed."""
        old = self._driver.current_window_handle
        self._driver.switch_to.new_window("window")
        new = self._driver.current_window_handle
        self._driver.switch_to.window(old)
        self._driver.close()
        self._driver.switch_to.window(new)
        self._driver.set_window_size(390, 844)
        self.open(path)

    def problems(self) -> list[str]:
        """What this page has thrown or been refused by its policy since it stood there."""
        return list(self.run("return window.__problems ?? []"))

    # --- what is on the screen ------------------------------------------------------------------------------------

    def all(self, selector: str) -> list[WebElement]:
        return self._driver.find_elements(By.CSS_SELECTOR, selector)

    def button(self, words: str) -> WebElement:
        """The first button or link whose text or label begins with these words, once it can be seen."""
        return self.one("button, a, summary", lambda seen: seen.accessible_name.startswith(words), words)

    def field(self, name: str) -> WebElement:
        return self.one(f'[name="{name}"]')

    def one(self, selector: str, such: Callable[[WebElement], bool] = lambda _: True, words: str = "") -> WebElement:
        found: list[WebElement] = []

        def look() -> bool:
            found[:] = [one for one in self.all(selector) if one.is_displayed() and such(one)][:1]
            return bool(found)

        self.wait(look, f"{selector} {words}")
        return found[0]

    def text(self, selector: str = "main") -> str:
        return " ".join(one.text for one in self.all(selector))

    def names_of(self, fields: str) -> list[str]:
        """What the form calls these fields."""
        return [str(one.get_attribute("data-field")) for one in self.all(fields)]

    @property
    def address(self) -> str:
        return self._driver.current_url

    def wait_for_words(self, words: str, selector: str = "main") -> None:
        self.wait(lambda: words in self.text(selector), f"«{words}» in {selector}")

    def wait_for_title(self, words: str) -> None:
        self.wait(lambda: self.text("main h1") == words, f"the title «{words}»")

    def tap(self, target: WebElement) -> None:
        """Where a thumb would have it: not under the tabs, which stand over the lower edge."""
        self.run("arguments[0].scrollIntoView({ block: 'center' })", target)
        self.wait(lambda: self._click(target), "nothing in the way of the tap")

    def _click(self, target: WebElement) -> bool:
        try:
            target.click()
        except ElementClickInterceptedException:  # a toast, which goes away
            return False
        return True

    def fill(self, target: WebElement, words: str) -> None:
        """Type; into a picker of days or times, choose: its fields are the platform's own."""
        if target.get_attribute("type") in ("date", "datetime-local"):
            self.run("arguments[0].value = arguments[1]", target, words)
            self.run("arguments[0].dispatchEvent(new Event('input', { bubbles: true }))", target)
        else:
            target.clear()
            target.send_keys(words)

    # --- what is kept on it ---------------------------------------------------------------------------------------

    def rows(self, store: str) -> list[dict[str, Any]]:
        """All rows of a store of the phone's own database."""
        asked = json.dumps(["sett", store])
        rows = self._driver.execute_async_script(_ASYNC.format(_scripts.READ_ALL, asked))
        assert isinstance(rows, list), rows
        return rows

    def refused(self) -> list[dict[str, Any]]:
        """What the server did not take, once it has answered for all that was saved."""
        rows: list[dict[str, Any]] = []

        def look() -> bool:
            rows[:] = self.rows("outbox")
            return all(row["state"] != "pending" for row in rows)

        self.wait(look, "all sent")
        return rows

    def wait_for_draft(self, words: str) -> None:
        """Until what is half-written is on disk: sealed, so that these words stand nowhere in it."""
        rows: list[dict[str, Any]] = []

        def look() -> bool:
            rows[:] = self.rows("sealed_drafts")
            return max((row["saved_at"] for row in rows), default=0) > self._saved_draft

        self.wait(look, f"a draft with «{words}»")
        self._saved_draft = max(row["saved_at"] for row in rows)
        assert words not in json.dumps(rows, ensure_ascii=False)

    def run(self, script: str, *arguments: Any) -> Any:
        return self._driver.execute_script(script, *arguments)

    def wait(self, condition: Callable[[], bool], what: str = "") -> None:
        """Until it is true; a page that is just drawn anew is looked at again."""
        waiting = WebDriverWait(self._driver, _PATIENCE_SECONDS, 0.05, ignored_exceptions=[WebDriverException])
        waiting.until(lambda _: condition(), what)


@contextmanager
def _screen() -> Iterator[str]:
    """A screen of its own, on a number that nobody else has."""
    reading, writing = os.pipe()
    command = [*DIES_WITH_US, "Xvfb", "-displayfd", str(writing), "-screen", "0", "800x1000x24", "-nolisten", "tcp"]
    xvfb = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        xvfb.terminate()
        xvfb.wait(_PATIENCE_SECONDS)


def _service(folder: Path, display: str) -> Service:
    """The driver, with a home of its own: nothing of the person who runs the tests is read or written."""
    folder.mkdir(parents=True, exist_ok=True)
    homes = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    without = {"NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1", "LC_ALL": "C.UTF-8"}
    env = os.environ | dict.fromkeys(homes, str(folder)) | without | {"DISPLAY": display, "TZ": "Europe/Oslo"}
    return _Service(shutil.which("setpriv"), free_port(), str(folder / "driver.log"), env=env)


class _Service(Service):
    """The driver, started so that it ends with us."""

    def command_line_args(self) -> list[str]:
        return [*DIES_WITH_US[1:], "WebKitWebDriver", *super().command_line_args()]


def _options() -> Options:
    options = Options()
    options.binary_location = _mini_browser()
    options.add_argument("--automation")
    return options


def _mini_browser() -> str:
    return next(map(str, Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")), "")

"""What a phone fetches the first time it opens Sett, in bytes as they travel: real Chromium on an empty profile.

Run from the project root: `python bench/first_load.py`. One JSON object a line. The goal is 90 kB of code and style.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))  # the server and the phone are the tests'

from playwright.sync_api import Response, sync_playwright

from tests import _browser
from tests._server import Server

GOAL = 90_000
CODE_AND_STYLE = {"document", "script", "stylesheet"}


def run(folder: Path) -> dict[str, object]:
    """Open I dag once and add up what came, apart for the page and for what the service worker keeps beside it."""
    bytes_of: Counter[str] = Counter()
    requests: Counter[str] = Counter()

    def count(response: Response) -> None:
        asked = response.request
        by = "worker" if asked.service_worker else asked.resource_type
        if response.from_service_worker:
            return  # out of the worker's store: it has travelled once already
        if not urlsplit(response.url).path.startswith("/api/"):
            bytes_of[by] += int(response.headers.get("content-length", 0))
            requests[by] += 1

    with Server.started(folder / "server", worker=False) as server, sync_playwright() as playwright:
        context = _browser.launch(playwright, folder / "profile", base_url=server.url)
        context.on("response", count)
        page = context.pages[0]
        page.goto("/felt")
        page.locator("h1").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.wait_for_load_state("networkidle")
        context.close()
    code = sum(bytes_of[kind] for kind in CODE_AND_STYLE)
    return {
        "bench": "first_load",
        "code_and_style_gzip_bytes": code,
        "goal_bytes": GOAL,
        "requests": sum(requests[kind] for kind in CODE_AND_STYLE),
        "by_kind": {kind: bytes_of[kind] for kind in sorted(bytes_of)},
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder))))

"""What a phone fetches the first time it opens Sett, in bytes as they travel: real Chromium on an empty profile.

Run from the project root: `python bench/first_load.py`. One JSON object a line. The goals: 75 kB of code and style
before I dag stands, in 12 requests with the page itself, and 220 kB for every file that a phone keeps beside the icons.
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

GOAL = 75_000
GOAL_REQUESTS = 12
GOAL_ALL = 220_000
CODE_AND_STYLE = {"script", "stylesheet"}


def run(folder: Path) -> dict[str, object]:
    """Open I dag once and add up what came, apart for the page and for what the service worker keeps beside it."""
    bytes_of: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    size_of: dict[str, int] = {}

    def count(response: Response) -> None:
        asked = response.request
        by = "worker" if asked.service_worker else asked.resource_type
        if response.from_service_worker:
            return  # out of the worker's store: it has travelled once already
        if not urlsplit(response.url).path.startswith("/api/"):
            size = int(response.headers.get("content-length", 0))
            bytes_of[by] += size
            requests[by] += 1
            if urlsplit(response.url).path.endswith((".js", ".css", "/felt")):
                size_of[response.url] = size

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
        "requests": sum(requests[kind] for kind in CODE_AND_STYLE | {"document"}),
        "goal_requests": GOAL_REQUESTS,
        "everything_gzip_bytes": sum(size_of.values()),
        "goal_everything_bytes": GOAL_ALL,
        "by_kind": {kind: bytes_of[kind] for kind in sorted(bytes_of)},
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder))))

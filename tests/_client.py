"""The test client: what a browser or phone would do, with two checks no answer may fail."""

from typing import Any, Self

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class CheckedClient(FlaskClient):
    """A Flask test client that refuses broken HTML and a request that left a transaction open."""

    @classmethod
    def of(cls, app: Flask) -> Self:
        return cls(app, app.response_class, use_cookies=True)

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", "https://sett.example")
        response = super().open(*args, **kwargs)
        self._refuse_open_transaction()
        if response.mimetype == "text/html" and response.status_code != 304:
            refuse_broken_html(response.get_data(as_text=True))
        return response

    def _refuse_open_transaction(self) -> None:
        pool = self.application.extensions["db"].engine.pool
        assert pool.checkedout() == 0, "the request ended with a database connection still open"


def refuse_broken_html(text: str) -> None:
    """Raise when a page or fragment has a parse error, judged as a browser would by the HTML standard."""
    if not text.strip():
        return
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text) if "<!doctype" in text[:100].lower() else parser.parseFragment(text, container=container(text))
    found = [(position, code) for position, code, _ in parser.errors if code not in NOT_BROKEN]
    assert not found, f"broken HTML: {found[:3]} in {text[:2000]}"


NOT_BROKEN = frozenset({"expected-doctype-but-got-start-tag"})


def container(text: str) -> str:
    """The element a fragment will stand in: rows and options parse only inside their own parents."""
    start = text.lstrip()[:8].lower()
    parents = {"<tr": "tbody", "<td": "tr", "<th": "tr", "<option": "select", "<li": "ul"}
    return next((parent for tag, parent in parents.items() if start.startswith(tag)), "div")

"""How the last contact reads: seen, heard and reported have their own words, the same as on the phone."""

import datetime as dt
from typing import Any

import pytest

from fieldapp import texts
from fieldapp.texts.alert_words import alert_headline
from fieldapp.texts.entry_words import entry_title
from tests.sync._vectors import cases

NOW = dt.datetime(2026, 11, 24, 8, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("case", cases("contacts.json", "words"))
def test_how_long_ago_the_last_contact_was(case: dict[str, Any]) -> None:
    at = None if case["minutes"] is None else NOW - dt.timedelta(minutes=case["minutes"])
    span = "" if at is None else texts.duration(NOW - at)
    assert texts.seen_ago(at, NOW, case["degree"]) == case["ago"].replace("{span}", span)


@pytest.mark.parametrize("case", cases("contacts.json", "missing"))
def test_an_alert_says_what_has_been_missing(case: dict[str, Any]) -> None:
    since = NOW - dt.timedelta(hours=49)
    said = alert_headline("not_seen", "Even B.", since, NOW, counts=case["counts"]).replace("\u00a0", " ")
    assert said == case["words"].format(name="Even B.", span="2 døgn og 1 t")
    assert alert_headline("not_seen", "Even B.", None, NOW, counts=case["counts"]) == case["never"].format(
        name="Even B."
    )


@pytest.mark.parametrize("case", cases("contacts.json", "titles"))
def test_a_title_says_no_more_than_was_logged(case: dict[str, Any]) -> None:
    assert entry_title(case["type"], case["body"]) == case["title"]

"""The form that corrects an entry asks for every field of its type, and sends only what was changed."""

import datetime as dt

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from fieldapp.routes import _correction_form as fields
from fieldapp.routes._office import Form
from fieldapp.texts.correction_form import ANEW, questions_of
from fieldapp.texts.entry_fields import FIELDS, TIES, field_of
from sync.entry_types import ENTRY_TYPES
from tests._bodies import example

pytestmark = pytest.mark.engines("sqlite")

POINTS = ("entry", "entries", "client", "contact", "consent", "column", "body")
"""Kinds that only point at something, or are moved on their own page."""
BY_HOW = {"quick", "private", "protected"}
CORRECTED = sorted(set(ENTRY_TYPES) - ANEW - {"entry_corrected"})


@pytest.mark.parametrize("type_", CORRECTED)
def test_every_field_is_asked_that_says_something(type_: str) -> None:
    asked = {one.name.split(".")[0] for one in questions_of(type_)}
    for name in ENTRY_TYPES[type_].body.__struct_encode_fields__:
        field = field_of(type_, name)
        points = field is not None and field[1] in POINTS
        is_tie = field is None and name in TIES
        assert (name in asked) != (points or is_tie or name in BY_HOW), name


@pytest.mark.parametrize("type_", CORRECTED)
def test_a_form_sent_as_it_stands_changes_nothing(app: Flask, type_: str) -> None:
    body = example(type_, {})
    questions = questions_of(type_)
    with app.test_request_context():
        shown = fields.shown(questions, body)
        form = Form(_sent(shown), {}, "rett")
        assert fields.changed(form, questions, body) == {}
        assert form.errors == {}


@pytest.mark.parametrize("type_", CORRECTED)
def test_what_was_typed_is_read_as_the_contract_has_it(app: Flask, type_: str) -> None:
    """Typed into an empty entry, every answer of a full one comes back as it was."""
    body, questions = example(type_, {}), questions_of(type_)
    with app.test_request_context():
        form = Form(_sent(fields.shown(questions, body)), {}, "rett")
        read = fields.changed(form, questions, {})
    asked = {one.name.split(".")[0] for one in questions}
    known = {name: value for name, value in body.items() if name in asked and value not in (None, [], {}, False)}
    for name, value in known.items():
        assert _plain(read.get(name)) == _plain(value), name


def _sent(shown: dict[str, fields.Shown]) -> MultiDict[str, str]:
    """As a browser sends it."""
    sent: MultiDict[str, str] = MultiDict()
    for name, value in shown.items():
        if isinstance(value, str):
            sent.add(name, value.replace("\n", "\r\n"))
        elif isinstance(value, dict):
            for code, number in value.items():
                sent.add(f"{name}-{code}", number)
        else:
            for i, one in enumerate(value):
                if isinstance(one, str):
                    sent.add(name, one)
                else:
                    for part, text in one.items():
                        sent.add(f"{name}-{i}-{part}", text)
    return sent


def _plain(value: object) -> object:
    """Moments by the minute, which is what a form knows; parts without what is empty; a yes in words is a yes."""
    if value in ("Ja", "yes"):
        return True
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str) and "T" in value and value[:4].isdigit():
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC).replace(second=0, microsecond=0)
    return value


def test_every_label_is_one_that_is_read_back() -> None:
    labels = {field[0] for field in FIELDS.values()}
    for type_ in CORRECTED:
        assert {one.label for one in questions_of(type_)} <= labels

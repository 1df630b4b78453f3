"""Every field of every type is read on the server, in the words of the phone: made from the types themselves."""

import datetime as dt
import json
import subprocess
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect

from fieldapp import texts
from fieldapp.texts import label
from fieldapp.texts.entry_fields import FIELDS, TIES, Said, field_of, fields_of
from fieldapp.texts.entry_words import kroner
from fieldapp.texts.times import day, moment
from sync.codes import LISTS
from sync.entry_types import ENTRY_TYPES
from sync.fields import body_fields
from tests import _bodies
from tests._server import ROOT

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
SOMEBODY, SOMETHING = str(uuid.UUID(int=7)), "Noen eller noe"
GIVEN = {"equipment": {"naloxone": 2}, "body": {}, "column": "crisis", "duration_min": 90}
OF_TYPE = {"decision_recorded": {"hours": "2.5"}}
LIST_OF = {codes: name for name, codes in LISTS.items()}
PHONE = """import("./fieldapp/static/js/views/entry_fields.js").then(({ fieldOf }) => {
  const bodies = JSON.parse(require("fs").readFileSync("sync/vectors/bodies.json", "utf8"));
  const asked = (type) => Object.fromEntries(Object.keys(bodies[type]).map((one) => [one, fieldOf(type, one)]));
  console.log(JSON.stringify(Object.fromEntries(Object.keys(bodies).map((type) => [type, asked(type)]))));
})"""
ROWS = {"goals", "items", "columns"}
"""Lists of parts, each of which is a line of the field."""


def leaves(kind: inspect.Type, value: Any, path: str = "") -> Iterator[tuple[str, inspect.Type, Any]]:
    """Each single value of a body, with its path and its type."""
    if isinstance(kind, inspect.Metadata):
        yield from leaves(kind.type, value, path)
    elif isinstance(kind, inspect.UnionType):
        yield from leaves(next(one for one in kind.types if not isinstance(one, inspect.NoneType)), value, path)
    elif isinstance(kind, inspect.StructType):
        for one in kind.fields:
            yield from leaves(one.type, value[one.encode_name], f"{path}.{one.encode_name}".lstrip("."))
    elif isinstance(kind, inspect.CollectionType | inspect.VarTupleType):
        yield from leaves(kind.item_type, value[0], path)
    else:
        yield path, kind, value


def in_words(path: str, kind: inspect.Type, value: Any) -> str:
    """What must stand there for a value of this type."""
    if path in _OWN:
        return _OWN[path](value)
    if isinstance(kind, inspect.EnumType):
        return label(LIST_OF[kind.cls], value)
    if isinstance(kind, inspect.BoolType):
        return "Ja"
    if isinstance(kind, inspect.UUIDType):
        return SOMETHING
    if isinstance(kind, inspect.TupleType):
        return "08.00–16.00"
    if isinstance(kind, inspect.DateTimeType):
        return moment(dt.datetime.fromisoformat(value), NOW)
    if isinstance(kind, inspect.DateType):
        return day(dt.date.fromisoformat(value))
    return str(value)


_OWN = {
    "entry_ids": lambda _: "1 oppføring",
    "amount_nok": kroner,
    "duration_min": lambda _: "1 t 30 min",
    "hours": lambda _: "2,5",
    "equipment": lambda _: f"{label('equipment', 'naloxone')}: 2",
    "interval_minutes": lambda _: "Hvert 1. minutt",
    "watch.interval_minutes": lambda _: "Hvert 1. minutt",
    "column": lambda _: "Krise eller forverring",
}


def questions_of(entry_type: str, path: str) -> list[str]:
    """Under what the value of this field is read."""
    root = path.split(".")[0]
    found = field_of(entry_type, root if root in ROWS or root == "letters" else path)
    return [found[0]] if found else []


@pytest.mark.parametrize("entry_type", ENTRY_TYPES)
def test_every_field_of_the_type_is_read(entry_type: str) -> None:
    body = _bodies.whole(entry_type, GIVEN | OF_TYPE.get(entry_type, {}))
    said = fields_of(entry_type, body, {SOMEBODY: SOMETHING}, NOW)
    info = inspect.type_info(ENTRY_TYPES[entry_type].body)
    for path, kind, value in leaves(info, body):
        if path.split(".")[-1] in TIES and not field_of(entry_type, path):
            continue
        if path in ("body", "columns.key"):
            continue
        questions = questions_of(entry_type, path)
        assert questions, f"{entry_type}.{path} has no reading in fieldapp/texts/entry_fields.py"
        expected = in_words(path, kind, value)
        assert any(one.label in questions and expected in one.words for one in said), (path, expected, said)


@pytest.mark.parametrize("entry_type", ENTRY_TYPES)
def test_a_field_is_only_read_where_it_is_filled_in(entry_type: str) -> None:
    assert fields_of(entry_type, {}, {}, NOW) == []
    assert fields_of(entry_type, dict.fromkeys(_bodies.whole(entry_type, GIVEN)), {}, NOW) == []


def test_no_reading_is_left_of_a_field_that_is_gone() -> None:
    known = {name for fields in body_fields().values() for name in fields}
    of_types = {f"{entry_type}.{name}" for entry_type, fields in body_fields().items() for name in fields}
    assert set(FIELDS) - known - of_types == ROWS | {"letters"}
    assert known >= TIES


def test_the_labels_kinds_and_lists_are_those_of_the_phone() -> None:
    node = subprocess.run(["node", "-e", PHONE], cwd=ROOT, capture_output=True, text=True, check=True)
    of_phone = json.loads(node.stdout)
    assert set(of_phone) == set(ENTRY_TYPES)
    different, same = [], 0
    for entry_type, fields in of_phone.items():
        for name, asked in fields.items():
            here = field_of(entry_type, name)
            if here and asked:
                same += 1
                if [one for one in asked if one] != list(here):
                    different.append((entry_type, name, asked, here))
    assert different == []
    assert same > 300


def test_answers_that_are_either_yes_or_words() -> None:
    def read(entry_type: str, **body: Any) -> str:
        return "; ".join(one.words for one in fields_of(entry_type, body, {}, NOW))

    assert read("neighbour_complaint_updated", answer_given=False) == "Nei"
    assert read("neighbour_complaint_updated", answer_given="At vi tar det opp") == "At vi tar det opp"
    assert read("crisis_closed", admission_avoided=True) == "Ja"
    assert read("crisis_closed", admission_avoided="unknown") == label("judgement", "unknown")
    assert read("visit_logged", duration_min=0) == "0 min"
    assert read("visit_logged", duration_min=60) == "1 t"
    assert read("contact_interval_set", days=1) == "1 dag"
    assert read("contact_interval_set", days=14) == "14 dager"
    assert read("team_hours_set", hours={"mon": [["07:30", "15:00"], ["18:00", "21:00"]]}) == "07.30–15.00, 18.00–21.00"


def test_who_is_not_told_of_is_not_named() -> None:
    ids = {"to_client_id": SOMEBODY, "what": "wrong_client", "reason": "feil"}
    assert Said("Hvem gjelder det?", "En annen bruker") in fields_of("entry_corrected", ids, {}, NOW)
    assert [one.words for one in fields_of("alert_handed_over", {"to_staff_id": SOMEBODY}, {}, NOW)] == ["En kollega"]
    assert [one.words for one in fields_of("drill_started", {"team_id": SOMEBODY}, {}, NOW)] == ["Et annet team"]
    assert fields_of("concern_answered", {"entry_id": SOMEBODY}, {}, NOW) == []


def test_what_is_read_of_a_correction_is_what_it_corrects() -> None:
    body = {"what": "text", "reason": "feil", "body": {"medication": "seen_taken", "complainant_name": "Nabo"}}
    said = fields_of("entry_corrected", body, {}, NOW, corrects="visit_logged")
    assert Said("Slik skal det være", f"Medisin: {label('medication', 'seen_taken')}") in said
    assert [one for one in said if one.apart] == [
        Said("Slik skal det være", "Navn på den som klaget: Nabo", apart=True)
    ]


def test_a_field_of_the_card_that_was_emptied_is_told() -> None:
    assert fields_of("client_updated", {"fields": {"phone": None}}, {}, NOW) == [Said("Telefon", "Tatt bort")]


def test_a_field_nobody_knows_is_shown_by_its_name() -> None:
    said = fields_of("visit_logged", {"weather": "regn", "steps": {"n": 1}}, {}, NOW)
    assert said == [Said("weather", "regn"), Said("steps", '{"n": 1}')]


def test_the_fields_are_read_in_every_language() -> None:
    with texts.speak("en"):
        assert fields_of("visit_logged", {"interpreter": True}, {}, NOW) == [Said("Interpreter used?", "Yes")]

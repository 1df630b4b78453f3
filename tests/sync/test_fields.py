"""The list of every field that can be logged is that of the types: the phone's words and limits are held against it."""

import json

from sync.fields import body_fields
from tests.sync._vectors import VECTORS


def test_the_list_of_fields_is_that_of_the_types() -> None:
    listed = json.loads((VECTORS / "bodies.json").read_text())
    assert listed == body_fields(), "python -m sync.fields > sync/vectors/bodies.json"


def test_fields_within_fields_are_listed_by_their_path() -> None:
    fields = body_fields()
    assert {"letters.kind", "letters.received_on"} <= set(fields["rent_problem_reported"])
    assert fields["client_updated"]["fields.name"] == {"max": 200}

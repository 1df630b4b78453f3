"""Identifiers are new each time, and entries have one order everywhere."""

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from sync.ids import ordering_key, uuid7

moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31), timezones=st.timezones())  # noqa: DTZ001


def test_ids_are_new_and_of_version_7() -> None:
    made = {uuid7() for _ in range(1000)}
    assert len(made) == 1000
    assert {(type(made_id), made_id.version) for made_id in made} == {(uuid.UUID, 7)}


@given(moments, moments, st.uuids(), st.uuids())
def test_order_is_by_instant_and_then_by_id(
    first: dt.datetime, second: dt.datetime, first_id: uuid.UUID, second_id: uuid.UUID
) -> None:
    ours = ordering_key(first, first_id) < ordering_key(second, second_id)
    utc = [moment.astimezone(dt.UTC) for moment in (first, second)]
    assert ours is ((utc[0], str(first_id)) < (utc[1], str(second_id)))

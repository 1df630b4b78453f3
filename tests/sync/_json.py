"""Hypothesis strategies for anything a request could hold once it has been read, flaws included."""

from typing import Any

from hypothesis import strategies as st

anything_written = st.text(st.characters(codec=None), max_size=20)
"""Texts with U+0000 and unpaired surrogates among them."""

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    anything_written,
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-14:00", "2026-11-21T09:05:00+01:00"]),
    st.uuids().map(str),
)

values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything_written, inner, max_size=4),
    max_leaves=12,
)

"""The phone's tables are the server's: the rows of the entry types, and the word for every code."""

import pytest

from fieldapp.texts.phone_tables import FILES, JS


@pytest.mark.parametrize("path", FILES)
def test_the_phones_table_is_the_servers(path: str) -> None:
    assert (JS / path).read_text(encoding="utf-8") == FILES[path](), "python -m fieldapp.texts.phone_tables"

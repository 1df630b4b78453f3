"""A database that does not answer, as the command line says it."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.engines("sqlite")


def test_a_database_that_is_away_is_one_sentence_naming_the_setting(run: Callable[..., str]) -> None:
    for words in (["migrate"], ["run", "--port", "0"], ["worker"], ["tick"], ["team", "list"]):
        told = run(*words, status=2, database_url="postgresql://nobody@127.0.0.1:1/none")
        assert "FIELDAPP_DATABASE_URL" in told, words
        assert len(told.splitlines()) == 1, words

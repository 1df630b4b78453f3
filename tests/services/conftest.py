"""What several tests of services begin with."""

import pytest

from fieldapp.db import Database
from tests.services._house import House


@pytest.fixture
def house(database: Database) -> House:
    return House(database).furnish()

"""Bodies of the team's board, of its settings, and of a drill of its alerts."""

import datetime as dt
import re
import uuid
from typing import Annotated

from msgspec import Meta, Struct

from sync.bodies_base import Body, Reason, Words
from sync.codes_board import BoardReason, SettingKey

REVIEWED_AFTER_DAYS = 14
"""When somebody on the board is looked at again, where nobody has chosen a day."""
MOST_COLUMNS = 12
MOST_REVIEW_DAYS = 90
MOST_PLACES, LONGEST_PLACE = 12, 40
ColumnKey = Annotated[str, Meta(pattern=r"^[a-z0-9_-]+(?!\n)$", max_length=40)]
"""A column of the team's own; one that the board does not have shows under «annet»."""
ColumnName = Annotated[str, Meta(pattern=r"\S", max_length=60)]
Value = Annotated[str, Meta(max_length=500)]
_NUMBER_TO_RING = re.compile(r"^\+?[0-9](?: ?[0-9]){2,14}\Z")
_DAYS = re.compile(r"^[1-9][0-9]?\Z")


class BoardPlaced(Body, frozen=True, kw_only=True):
    """Somebody is put up on the board, or moved on it; the newest stands. `team_id`: whose board, else the author's
    team that follows."""

    column: ColumnKey
    review_on: dt.date
    reasons: Annotated[tuple[BoardReason, ...], Meta(max_length=50)] = ()
    goal: Words | None = None
    down_when: Words | None = None
    team_id: uuid.UUID | None = None


class BoardRemoved(Body, frozen=True, kw_only=True):
    """Somebody is taken down from the board."""

    reason: Words | None = None
    team_id: uuid.UUID | None = None


class BoardColumn(Struct, frozen=True, kw_only=True):
    """One column; what is placed in it names its key, so that a new name moves nobody."""

    key: ColumnKey
    name: ColumnName


class BoardColumnsSet(Body, frozen=True, kw_only=True):
    """The team's own columns, from left to right. The newest one holds."""

    team_id: uuid.UUID
    columns: Annotated[tuple[BoardColumn, ...], Meta(min_length=1, max_length=MOST_COLUMNS)]

    def problem(self) -> str | None:
        """No two columns have one key."""
        return "columns" if len({one.key for one in self.columns}) < len(self.columns) else None


class TeamSettingSet(Body, frozen=True, kw_only=True):
    """One setting of a team; the newest of a key holds. Empty: the team has none."""

    team_id: uuid.UUID
    key: SettingKey
    value: Value
    reason: Reason

    def problem(self) -> str | None:
        """The value is one that its key takes."""
        return None if not self.value or is_value(self.key, self.value) else "value"


def is_value(key: str, value: str) -> bool:
    """Whether this is a number to ring, of `review_days` a number of days from 1 to 90, of `places` some place names
    with commas between them."""
    if key == SettingKey.review_days:
        return bool(_DAYS.match(value)) and int(value) <= MOST_REVIEW_DAYS
    if key == SettingKey.places:
        places = [place.strip() for place in value.split(",")]
        return len(places) <= MOST_PLACES and all(0 < len(place) <= LONGEST_PLACE for place in places)
    return bool(_NUMBER_TO_RING.match(value))


class DrillStarted(Body, frozen=True, kw_only=True):
    """An alert about nobody climbs like a real one, so that the team sees whom it reaches."""

    team_id: uuid.UUID

"""Seeded chance, and identifiers made by it. Owns nothing else, so that a demo from one seed is the same twice."""

import datetime as dt
import random
import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62


class Dice(random.Random):
    """Chance from a seed; each person and story has dice of its own, so that one change does not move all others."""

    def chance(self, likelihood: float) -> bool:
        """True that often."""
        return self.random() < likelihood

    def one_of(self, weighted: Mapping[Item, float]) -> Item:
        """One of these, by weight."""
        return self.choices(list(weighted), list(weighted.values()))[0]

    def some(self, items: Sequence[Item], fewest: int, most: int) -> list[Item]:
        """A few different ones, in the order they have."""
        wanted = self.sample(range(len(items)), min(len(items), self.randint(fewest, most)))
        return [items[place] for place in sorted(wanted)]

    def minutes(self, fewest: float, most: float) -> dt.timedelta:
        """A length of time, to the second."""
        return dt.timedelta(seconds=round(self.uniform(fewest * 60, most * 60)))

    def id_at(self, at: dt.datetime) -> uuid.UUID:
        """A UUIDv7 as a phone would make it at this moment."""
        milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
        return uuid.UUID(
            int=milliseconds << 80 | _VERSION_7 | self.getrandbits(12) << 64 | _VARIANT | self.getrandbits(62)
        )

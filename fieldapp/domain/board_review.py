"""What asks that the team looks again at somebody who is up on its board. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

_ASKS = {"concern": ("concern_raised", "urgency", "board"), "missed": ("sighting_reported", "what", "missed")}
"""Why: the type, the field and the code that say so. The worry comes first."""
TYPES = frozenset(type_ for type_, *_ in _ASKS.values())


def asks_for_review(told: Collection[tuple[str, Mapping[str, Any]]]) -> str | None:
    """Why these (type, body) ask for it: concern, missed, or None."""
    for why, (type_, field, code) in _ASKS.items():
        if any(one == type_ and body.get(field) == code for one, body in told):
            return why
    return None

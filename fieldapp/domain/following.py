"""Which team follows a client on which days. Somebody always does while the client is followed up (docs/adr/0008)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

Days = tuple[date, date | None]
"""From and to, the last day included."""


def covers(days: Days, on: date) -> bool:
    """Say whether the day is one of these days."""
    from_on, to_on = days
    return from_on <= on and (to_on is None or on <= to_on)


def said_anew(known: Days | None, said: Days, on: date) -> Days:
    """Give a team's days after somebody said new ones on the day `on`.

    A later start takes back nothing that has begun: only a last day ends a follow-up, and a mistyped year ends none.
    """
    if known is None or not covers(known, on):
        return said
    return min(known[0], said[0]), said[1]


def also(known: Days | None, meanwhile: Days, today: date) -> Days:
    """Give both periods as one. Of two that are apart the one that is not over holds, the earlier first."""
    from_on, to_on = meanwhile
    if known is None or to_on is None or (known[1] is not None and known[1] < from_on):
        return meanwhile
    if to_on < known[0]:
        return meanwhile if today <= to_on else known
    return min(known[0], from_on), None if known[1] is None else max(known[1], to_on)


def who_follows(days: Mapping[UUID, Days], today: date, *, somebody_must: bool) -> set[UUID]:
    """Give the teams whose days these are; if there is none and somebody must, the nearest one."""
    following = {team_id for team_id, of_team in days.items() if covers(of_team, today)}
    return following if following or not somebody_must else nearest(days, today)


def nearest(days: Mapping[UUID, Days], today: date) -> set[UUID]:
    """Give, of teams none of which follows today, the one that left last, else the one that comes first."""
    left = [(to_on, team_id) for team_id, (from_on, to_on) in days.items() if to_on is not None and from_on <= today]
    if left:
        return {max(left)[1]}
    coming = [(from_on, team_id) for team_id, (from_on, _) in days.items()]
    return {min(coming)[1]} if coming else set()

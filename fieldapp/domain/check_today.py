"""«Sjekk i dag»: whom somebody worries about or has missed, beside the clock, and in which order to look.

The same list stands on the phone (static/js/views/checks.js). What is answered and who has been met since is for the
caller; here is what belongs on the list, and what weighs most on it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fieldapp.domain.norway import day_of
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.domain.watch import TIGHTENED_AFTER
from sync.entry_types import ENTRY_TYPES

JUST_OUT = timedelta(days=14)
"""Risk is highest just after discharge, detox and release (NIBR 2015, Rus og bolig)."""
RING_ME = "ring_me"
_SIGHTINGS = frozenset({"missed", "worried"})


@dataclass(frozen=True)
class Sign:
    """One concern for today, one sighting missed or worried, or one entry without effect, that nobody has answered."""

    entry_id: UUID
    client_id: UUID
    what: str
    """concern missed worried ring_me no_effect"""
    source: str | None
    at: datetime


@dataclass(frozen=True)
class Release:
    """The end of a stay in an institution."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One client on the list: the signs, oldest first, and why the client stands where it does."""

    client_id: UUID
    signs: tuple[Sign, ...]
    released: Release | None
    days_missed: int
    """Days in a row on which the same source has said «ikke møtt», up to the newest that stands."""


def sign_of(entry_type: str, body: Mapping[str, Any], flags: Collection[str] = ()) -> str | None:
    """Give what kind of sign an entry is for today's list; None for one that does not belong there.

    Somebody has written that a client is away or dead, and no clock has heard it: the team that follows must look.
    """
    if NO_EFFECT in flags:
        return NO_EFFECT
    if entry_type == "concern_raised":
        return "concern" if body.get("urgency") == "today" else None
    if ENTRY_TYPES[entry_type].outcome == ("check_in", "what"):
        return RING_ME if body.get("what") == RING_ME else None
    what: str | None = body.get("what") if entry_type == "sighting_reported" else None
    return what if what in _SIGHTINGS else None


def checks(
    signs: Sequence[Sign],
    releases: Mapping[UUID, Collection[Release]],
    missed: Mapping[tuple[UUID, str], Collection[datetime]],
    now: datetime,
) -> list[Check]:
    """Give the list, one line a client: just out first, then missed most days in a row, then who has waited longest.

    `missed` has every «ikke møtt» by client and source, the answered ones too: two days are two days.
    """
    of_client: dict[UUID, list[Sign]] = {}
    for sign in sorted(signs, key=lambda one: (one.at, one.entry_id)):
        of_client.setdefault(sign.client_id, []).append(sign)
    found = [
        Check(client_id, tuple(own), _just_out(releases.get(client_id, ()), now), _days_missed(own, missed))
        for client_id, own in of_client.items()
    ]
    return sorted(found, key=lambda one: (one.released is None, -max(one.days_missed, 1), one.signs[0].at))


def _just_out(releases: Collection[Release], now: datetime) -> Release | None:
    recent = [one for one in releases if one.kind in TIGHTENED_AFTER and one.at <= now < one.at + JUST_OUT]
    return max(recent, key=lambda one: one.at, default=None)


def _days_missed(signs: Sequence[Sign], missed: Mapping[tuple[UUID, str], Collection[datetime]]) -> int:
    newest = next((sign for sign in reversed(signs) if sign.what == "missed"), None)
    if newest is None or newest.source is None:
        return 0
    days = {day_of(at) for at in missed.get((newest.client_id, newest.source), ())}
    return _in_a_row(days | {day_of(newest.at)}, day_of(newest.at))


def _in_a_row(days: Collection[date], last: date) -> int:
    count = 1
    while last - timedelta(days=count) in days:
        count += 1
    return count

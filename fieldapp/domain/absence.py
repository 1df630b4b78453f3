"""Absences: which kinds stop the clock, and when somebody must ask again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

CONFIRMED_KINDS = frozenset({"admitted", "treatment", "detox", "prison", "travel"})
BY_AGREEMENT = "with_others"
ASK_AGAIN_AFTER = timedelta(days=7)
ASK_AT_LEAST_EVERY = timedelta(days=30)
"""Also with an end that is far ahead: a mistyped year must not stop somebody's clock with nobody asking."""

DISCHARGED_FROM = frozenset({"admitted", "treatment", "detox", "prison"})
"""The days after these are the most dangerous ones (NIBR 2015, Rus og bolig)."""
NEAR = timedelta(days=3)
FIRST_DAY = timedelta(hours=24)
SAME_MORNING = timedelta(hours=12)
"""A homecoming of which only the day is known is reckoned at noon."""


@dataclass(frozen=True)
class Homecoming:
    """What is known of an absence that ends, or has ended. `home`: whether there is one, once asked about."""

    kind: str
    ended_at: datetime | None
    expected_end_at: datetime | None
    home: str | None


def pauses(kind: str, with_others_agreed: bool) -> bool:
    """Say whether this absence stops the clock; `unknown` never does: that is a missing person, not an absence."""
    return kind in CONFIRMED_KINDS or (kind == BY_AGREEMENT and with_others_agreed)


def overdue_at(kind: str, last_asked_at: datetime, expected_end_at: datetime | None, ended: bool) -> datetime | None:
    """Say when to ask how it stands: at the expected end, at the latest 30 days after it was last asked; without an
    end after 7; never for an ended one.

    `last_asked_at` is the start until somebody has asked. `unknown` is not asked about here: its clock is running.
    """
    if ended:
        return None
    if expected_end_at is not None:
        return min(expected_end_at, last_asked_at + ASK_AT_LEAST_EVERY)
    return last_asked_at + ASK_AGAIN_AFTER if pauses(kind, with_others_agreed=True) else None


def watched_times(steps: Sequence[Mapping[str, str]]) -> Iterator[tuple[datetime, datetime]]:
    """Give the times at home during which the watch runs, in order: those that say on, less those that say off."""
    spans = [
        (datetime.fromisoformat(one["from_at"]), datetime.fromisoformat(one["to_at"]), one["watch"]) for one in steps
    ]
    off = sorted((begins, ends) for begins, ends, watch in spans if watch == "off")
    for begins, ends, watch in sorted(spans):
        if watch != "on":
            continue
        for off_from, off_to in off:
            if begins < off_from < ends:
                yield begins, off_from
            if off_from < ends and off_to > begins:
                begins = max(begins, off_to)
        if begins < ends:
            yield begins, ends


def home_until(steps: Sequence[Mapping[str, str]], now: datetime) -> datetime | None:
    """Give until when somebody who is away is at home now, in a step of it; None when not."""
    spans = [(datetime.fromisoformat(one["from_at"]), datetime.fromisoformat(one["to_at"])) for one in steps]
    return max((ends for begins, ends in spans if begins <= now < ends), default=None)


def missing_for_home(
    one: Homecoming, visits_at: Collection[datetime], seen_at: datetime | None, now: datetime
) -> tuple[str, ...]:
    """Say what is missing for coming home: a home, or a visit planned for the first 24 hours.

    A home is asked for as soon as a discharge is planned, a visit from three days before until somebody has seen them;
    of an absence that has ended both for its first day. `visits_at`: the client's planned visits.
    """
    home_at = one.ended_at or one.expected_end_at
    if one.kind not in DISCHARGED_FROM or (one.ended_at is not None and now >= one.ended_at + FIRST_DAY):
        return ()
    is_near = home_at is not None and home_at - NEAR <= now < home_at + FIRST_DAY
    found = ["no_home"] if one.home == "no" else ["home_unsure"] if one.home == "unsure" and is_near else []
    if is_near and home_at is not None and (seen_at is None or seen_at < home_at):
        is_booked = any(home_at - SAME_MORNING <= at <= home_at + FIRST_DAY for at in visits_at)
        found += [] if is_booked else ["no_visit"]
    return tuple(found)

"""Afterwards: what a clock was counted from, why a contact did not stop it, and why a step began before its time.

Read backwards from what is stored, never counted anew: the page that asks must show what happened, not what today's
rules would have made of it. What the rows don't explain is `unknown`, and said to be so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldapp.domain.contact import Degree, counts
from fieldapp.domain.escalation import NO_RECEIPT_SECONDS
from fieldapp.domain.watch import TIGHTENED_TO

LATE = timedelta(minutes=1)
"""An alert that opened later than this after its moment is said to have come late."""


@dataclass(frozen=True)
class Terms:
    """The part of an agreement that decides what stops the clock. `sources` None: no list was given.

    `tightens`: half the interval for some days after a discharge, detox or release.
    """

    mode: str = "interval"
    interval_minutes: int = 1440
    tightens: bool = False
    counts: tuple[str, ...] = (Degree.seen.value,)
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Moments:
    """From where a clock may have been counted."""

    contact_at: datetime | None
    registered_at: datetime | None
    agreed_at: datetime | None
    absence_ends: Collection[datetime] = ()
    next_checks: Collection[datetime] = ()


@dataclass(frozen=True)
class Counted:
    """What a clock was counted from, and when that was, where there is one such moment.

    `base`: hand_check · shift_end · contact · absence_end · agreement · registration · unknown. `tightened`: by half
    the agreed interval.
    """

    base: str
    at: datetime | None = None
    tightened: bool = False


def counted_from(due_at: datetime, terms: Terms, moments: Moments) -> Counted:
    """Say what `due_at` was counted from."""
    if due_at in moments.next_checks:
        return Counted("hand_check")
    if terms.mode == "each_shift":
        return Counted("shift_end")
    interval = timedelta(minutes=terms.interval_minutes)
    for tightened in (False, True) if terms.tightens else (False,):
        at = due_at - (interval / TIGHTENED_TO if tightened else interval)
        if base := _base_at(at, moments):
            return Counted(base, at, tightened)
    return Counted("unknown")


def _base_at(base: datetime, moments: Moments) -> str | None:
    if base == moments.contact_at:
        return "contact"
    if base in moments.absence_ends:
        return "absence_end"
    if base == moments.registered_at:
        return "registration"
    return "agreement" if base == moments.agreed_at else None


def verdict_on_contact(degree: str, source: str | None, terms: Terms, *, struck: bool, arrived_after: bool) -> str:
    """Say what a contact did to the clock.

    struck · attempt · heard · reported · source: why it did not count; arrived_after: it counts, but nobody knew of it
    when the alert opened; counts.
    """
    if struck:
        return "struck"
    if not counts(degree, source, terms.counts, terms.sources):
        return "source" if degree == Degree.reported and degree in terms.counts else str(degree)
    return "arrived_after" if arrived_after else "counts"


def began_early_because(
    lasted: timedelta, planned: timedelta, *, people: int, devices: int, hoped: int, shown: int
) -> str | None:
    """Say why the next step began before the step's time was up; None when it lasted its time, or is not known.

    Of the step that was left: how many were told, on how many devices; on how many of those it was `hoped` for (not
    refused or given up), and on how many it was `shown` before the next step began.
    """
    if lasted + LATE >= planned or shown:
        return None
    if not people:
        return "nobody"
    if not devices:
        return "no_device"
    if not hoped:
        return "refused"
    return "no_receipt" if lasted >= timedelta(seconds=NO_RECEIPT_SECONDS) else None

"""Absences: which kinds stop the clock, and when somebody must ask again."""

from datetime import datetime, timedelta

CONFIRMED_KINDS = frozenset({"admitted", "treatment", "detox", "prison", "travel"})
BY_AGREEMENT = "with_others"
ASK_AGAIN_AFTER = timedelta(days=7)
ASK_AT_LEAST_EVERY = timedelta(days=30)
"""Also with an end that is far ahead: a mistyped year must not stop somebody's clock with nobody asking."""


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

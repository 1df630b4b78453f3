"""The clock of one client: when it runs out, and what holds it. Stores nothing; what counts as contact is contact.py.

Intervals are elapsed time (24 hours are 86,400 seconds, also when Norway changes its clocks); shift ends and dates
without an hour are wall time in Oslo.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from fieldapp.domain.absence import pauses
from fieldapp.domain.norway import NOON, at_wall_time, day_of

ShiftTimes = Mapping[str, tuple[time, time]]

DEFAULT_SHIFTS: ShiftTimes = {
    "day": (time(7, 30), time(15, 0)),
    "evening": (time(15, 0), time(22, 30)),
    "night": (time(22, 30), time(7, 30)),
}
DEFAULT_AGREED_SHIFTS = ("day", "evening")
DECEASED = "deceased"
LONGEST_NEXT_CHECK = timedelta(hours=24)
LONGEST_SNOOZE = timedelta(hours=4)
LONGEST_LEADER_SNOOZE = timedelta(hours=24)
TIGHTENED_AFTER = frozenset({"admitted", "treatment", "detox", "prison"})
TIGHTENED_TO = 2
"""Half the interval. Risk is highest just after discharge, detox and release (NIBR 2015, Rus og bolig)."""


@dataclass(frozen=True)
class Agreement:
    """What is agreed with the client about the clock.

    `since` is when the clock was last turned on: the registration's clock time, or that of the `watch_set` that
    turned it from off to on. `sources` None: no list was given.
    """

    mode: str
    interval_minutes: int
    counts: frozenset[str]
    sources: frozenset[str] | None
    shifts: tuple[str, ...]
    pause_with_others: bool
    since: datetime
    tighten_days: int = 0


@dataclass(frozen=True)
class AbsenceSpan:
    """One absence; `ends_at` is the earlier of the clock time of `absence_ended` and the expected end."""

    id: UUID
    kind: str
    started_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class HandCheck:
    """A not_seen alert resolved by hand at `at`, with the next check it was given."""

    at: datetime
    next_check_at: datetime


@dataclass(frozen=True)
class Due:
    """When the clock runs out (None: it stands still), what pauses it, and the moment it is counted from."""

    due_at: datetime | None
    paused_by: UUID | str | None
    base_at: datetime
    base_is_contact: bool


def due(
    agreement: Agreement,
    registered_at: datetime,
    last_contact_at: datetime | None,
    absences: Iterable[AbsenceSpan],
    hand_check: HandCheck | None,
    ended: bool,
    deceased: bool,
    now: datetime,
    shift_times: ShiftTimes = DEFAULT_SHIFTS,
) -> Due:
    """Say when the client must have been seen; `last_contact_at` is the last contact that counts.

    `now` decides only whether a pause is still shown, never the due time.
    """
    absences = tuple(absences)
    pausing = [absence for absence in absences if pauses(absence.kind, agreement.pause_with_others)]
    ends = [absence.ends_at for absence in pausing if absence.ends_at is not None]
    start = max(agreement.since, registered_at, *ends)
    base_is_contact = last_contact_at is not None and last_contact_at >= start
    base = max(start, last_contact_at) if last_contact_at else start

    if deceased:
        return Due(None, DECEASED, base, base_is_contact)
    if ended or agreement.mode == "off":
        return Due(None, None, base, base_is_contact)
    if open_ended := [absence for absence in pausing if absence.ends_at is None]:
        return Due(None, _first_begun(open_ended), base, base_is_contact)
    tight = tightened_until(agreement, absences)
    is_tight = tight is not None and base < tight
    runs_out = _runs_out(agreement, base, last_contact_at, shift_times, TIGHTENED_TO if is_tight else 1)
    due_at = hand_check.next_check_at if hand_check and runs_out <= hand_check.at else runs_out
    return Due(due_at, _pausing_at(now, pausing), base, base_is_contact)


def tightened_until(agreement: Agreement, absences: Iterable[AbsenceSpan]) -> datetime | None:
    """Give the end of the days after the last discharge, detox or release in which the interval is halved, over or not.

    None where nothing of the kind is agreed, or nobody has come home.
    """
    came_home = [one.ends_at for one in absences if one.kind in TIGHTENED_AFTER and one.ends_at is not None]
    if not agreement.tighten_days or not came_home:
        return None
    return max(came_home) + timedelta(days=agreement.tighten_days)


def expected_end(on: date | None, at: datetime | None) -> datetime | None:
    """Give the expected end of an absence; a date alone means 12:00 in Oslo."""
    if at is not None:
        return at.astimezone(UTC)
    return at_wall_time(on, NOON) if on is not None else None


def limit_next_check(asked: datetime | None, at: datetime, interval_minutes: int) -> datetime:
    """Give the next check after a resolution at `at`: as asked, or one interval on, cut to 24 h; never before `at`."""
    wanted = asked.astimezone(UTC) if asked is not None else at + timedelta(minutes=interval_minutes)
    return max(at, min(wanted, at + LONGEST_NEXT_CHECK))


def limit_snooze(until: datetime, at: datetime, is_leader: bool) -> datetime:
    """Cut a snooze made at `at` to 4 h, for the leader to 24 h; never before `at`."""
    return max(at, min(until.astimezone(UTC), at + (LONGEST_LEADER_SNOOZE if is_leader else LONGEST_SNOOZE)))


def _runs_out(
    agreement: Agreement, base: datetime, seen_at: datetime | None, shift_times: ShiftTimes, tightened: int
) -> datetime:
    if agreement.mode == "each_shift":
        return _end_of_first_unseen_shift(agreement.shifts or DEFAULT_AGREED_SHIFTS, base, seen_at, shift_times)
    return base + timedelta(minutes=agreement.interval_minutes) / tightened


def _end_of_first_unseen_shift(
    agreed: tuple[str, ...], base: datetime, seen_at: datetime | None, shift_times: ShiftTimes
) -> datetime:
    return min(
        end
        for start, end in _shifts_around(base, agreed, shift_times)
        if end > base and not (seen_at is not None and start <= seen_at < end)
    )


def _shifts_around(
    base: datetime, agreed: tuple[str, ...], shift_times: ShiftTimes
) -> Iterator[tuple[datetime, datetime]]:
    """Give every agreed shift from the day before the base to two days after: enough to hold the next unseen one."""
    for offset in (-1, 0, 1, 2):
        day = day_of(base) + timedelta(days=offset)
        for name in agreed:
            begins, ends = shift_times.get(name) or DEFAULT_SHIFTS[name]
            last_day = day if ends > begins else day + timedelta(days=1)
            yield at_wall_time(day, begins), at_wall_time(last_day, ends)


def _first_begun(absences: list[AbsenceSpan]) -> UUID:
    return min(absences, key=lambda absence: (absence.started_at, absence.id)).id


def _pausing_at(now: datetime, pausing: list[AbsenceSpan]) -> UUID | None:
    """Name the absence that holds the clock longest, while it does."""
    running = [(absence.ends_at, absence.id) for absence in pausing if absence.ends_at and absence.ends_at > now]
    return max(running)[1] if running else None

"""The clock of one client: when it runs out, and what holds it. Stores nothing; what counts as contact is contact.py.

Intervals are elapsed time (24 hours are 86,400 seconds, also when Norway changes its clocks); shift ends and dates
without an hour are wall time in Oslo.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from fieldapp.domain.absence import DISCHARGED_FROM, pauses
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
TIGHTENED_AFTER = DISCHARGED_FROM
TIGHTENED_TO = 2
"""Half the interval."""


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
    at_home: tuple[tuple[datetime, datetime], ...] = ()
    """Times during it when the watch runs: steps home. None of an absence that somebody has said is over."""


@dataclass(frozen=True)
class HandCheck:
    """A not_seen alert resolved by hand at `at`, with the next check it was given."""

    at: datetime
    next_check_at: datetime


@dataclass(frozen=True)
class Due:
    """When the clock runs out (None: it stands still), what pauses it until when, and the moment it is counted from."""

    due_at: datetime | None
    paused_by: UUID | str | None
    base_at: datetime
    base_is_contact: bool
    paused_until: datetime | None = None


@dataclass(frozen=True)
class _Missed:
    """A step home in which the clock runs out: when, counted from where, and when that step begins in which absence."""

    at: datetime
    base_at: datetime
    begins_at: datetime
    absence_id: UUID


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

    `now` decides only whether a pause is still shown, never the due time. A step home never puts off a clock that runs
    out before it: an absence may end, as expected, before a step that was planned in it.
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
    at_home = _due_at_home(agreement, registered_at, last_contact_at, pausing, hand_check, now, shift_times)
    if open_ended := [absence for absence in pausing if absence.ends_at is None]:
        return at_home or Due(None, _first_begun(open_ended), base, base_is_contact)
    tight = tightened_until(agreement, absences)
    is_tight = tight is not None and base < tight
    runs_out = _runs_out(agreement, base, last_contact_at, shift_times, TIGHTENED_TO if is_tight else 1)
    due_at = _by_hand(runs_out, hand_check)
    if at_home is not None and at_home.due_at is not None and at_home.due_at < due_at:
        return at_home
    paused_until, paused_by = _pausing_at(now, pausing)
    return Due(due_at, paused_by, base, base_is_contact, paused_until)


def _by_hand(runs_out: datetime, hand_check: HandCheck | None) -> datetime:
    """Give when a clock is due: one that had run out when somebody gave the next check by hand is due then instead."""
    return hand_check.next_check_at if hand_check and runs_out <= hand_check.at else runs_out


def _due_at_home(
    agreement: Agreement,
    registered_at: datetime,
    last_contact_at: datetime | None,
    pausing: list[AbsenceSpan],
    hand_check: HandCheck | None,
    now: datetime,
    shift_times: ShiftTimes,
) -> Due | None:
    """Say when the client must have been seen during a step home; None where none asks for it."""
    missed = _missed_at_home(agreement, registered_at, last_contact_at, pausing, shift_times)
    if missed is None:
        return None
    away = (missed.absence_id, missed.begins_at) if missed.begins_at > now else (None, None)
    base_is_contact = missed.base_at == last_contact_at
    return Due(_by_hand(missed.at, hand_check), away[0], missed.base_at, base_is_contact, away[1])


def _missed_at_home(
    agreement: Agreement,
    registered_at: datetime,
    last_contact_at: datetime | None,
    pausing: list[AbsenceSpan],
    shift_times: ShiftTimes,
) -> _Missed | None:
    """Give the first time the clock runs out during a step home that nobody was seen after; None where it does in none:
    a step too short for the interval asks nothing of anybody."""
    known = max(agreement.since, registered_at)
    steps = [(begins, ends, one) for one in pausing for begins, ends in one.at_home]
    for begins, ends, absence in sorted(steps, key=lambda step: step[:2]):
        home_at = _home_at(begins, absence, pausing)
        if home_at is None or ends <= known or (last_contact_at is not None and last_contact_at >= ends):
            continue
        base = max(known, home_at, last_contact_at or home_at)
        runs_out = _runs_out(agreement, base, last_contact_at, shift_times, 1)
        if runs_out < ends:
            return _Missed(runs_out, base, home_at, absence.id)
    return None


def _home_at(begins: datetime, absence: AbsenceSpan, pausing: list[AbsenceSpan]) -> datetime | None:
    """Give when somebody whose step home begins then is at home: once what else holds them has ended; None where it has
    no end. Another absence of the same kind is the same one, told twice."""
    others = [one for one in pausing if one.kind != absence.kind and not one.at_home and one.started_at <= begins]
    ends = [one.ends_at for one in others]
    return None if None in ends else max([begins, *(at for at in ends if at is not None)])


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


def longest_gap(mode: str, interval_minutes: int, shifts: tuple[str, ...]) -> timedelta:
    """Give the longest time that such a clock lets pass without a contact, by the usual shifts: the shorter of two
    clocks is the one that lets less pass."""
    if mode == "off":
        return timedelta.max
    if mode == "interval":
        return timedelta(minutes=interval_minutes)
    ends = sorted(timedelta(hours=end.hour, minutes=end.minute) for _, end in _usual(shifts))
    return max(after - before for before, after in pairwise([*ends, ends[0] + timedelta(days=1)]))


def _usual(shifts: tuple[str, ...]) -> list[tuple[time, time]]:
    return [DEFAULT_SHIFTS[name] for name in shifts or DEFAULT_AGREED_SHIFTS if name in DEFAULT_SHIFTS]


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


def _pausing_at(now: datetime, pausing: list[AbsenceSpan]) -> tuple[datetime | None, UUID | None]:
    """Give until when the absence that holds the clock longest does so, and its id."""
    running = [(absence.ends_at, absence.id) for absence in pausing if absence.ends_at and absence.ends_at > now]
    return max(running, default=(None, None))

"""How an alert climbs: who is told in each step, when the next begins, how long an owner holds it, when to send again.

Whether anyone could be reached, and who has taken it, is for services/; here are only the rules.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

DEFAULT_STEPS: tuple[float, ...] = (0, 15, 30, 45)
ROUND_MINUTES = 30
NO_RECEIPT_SECONDS = 120
HOLD_MINUTES = 60

RETRY_SECONDS = (5, 15, 45, 120, 300, 600)
GIVE_UP_AFTER = timedelta(hours=4, minutes=15)
"""One longest pause past the four hours promised, so that the last attempt never falls short of them."""

ALERTED_ROLES = frozenset({"fieldworker", "leader"})


@dataclass(frozen=True)
class Person:
    """A member of the alert's team, as the ladder sees them now.

    `is_primary`: the client's primary contact. `full_member`: for a peer, whether he or she is a full team member who
    was put on duty by a `duty_set`; without meaning for the other roles.
    """

    staff_id: UUID
    role: str
    is_primary: bool = False
    on_duty: bool = False
    on_backup: bool = False
    full_member: bool = False


def _may_be_told(person: Person) -> bool:
    return person.role in ALERTED_ROLES or (person.role == "peer" and person.full_member)


def _on_duty(people: list[Person]) -> list[Person]:
    return [person for person in people if person.on_duty]


def _primary_or_on_duty(people: list[Person]) -> list[Person]:
    on_duty = _on_duty(people)
    return [person for person in on_duty if person.is_primary] or on_duty


def _leaders(people: list[Person]) -> list[Person]:
    return [person for person in people if person.role == "leader"]


def _backup(people: list[Person]) -> list[Person]:
    return [person for person in people if person.on_backup]


def _on_duty_and_leaders(people: list[Person]) -> list[Person]:
    return [person for person in people if person.on_duty or person.role == "leader"]


Choice = Callable[[list[Person]], list[Person]]

_USUAL: dict[int, Choice] = {0: _primary_or_on_duty, 1: _on_duty, 2: _leaders, 3: _backup}

LADDERS: dict[str, dict[int, Choice]] = {
    "not_seen": _USUAL,
    "concern": _USUAL,
    "crisis": {0: _on_duty_and_leaders, 3: _backup},
}


def recipients(kind: str, step: int, people: Iterable[Person]) -> list[UUID]:
    """List who is told in a step, in the order given; empty where the kind has no such step or nobody fits.

    Landlords, partners, privacy and admin are never told, a peer only as a full team member put on duty.
    """
    choose = LADDERS.get(kind, {}).get(step)
    tellable = [person for person in people if _may_be_told(person)]
    return [person.staff_id for person in choose(tellable)] if choose else []


def next_step(kind: str, step: int) -> int | None:
    """Give the step after this one; None after the last, when a new round begins instead."""
    return min((later for later in LADDERS.get(kind, {}) if later > step), default=None)


def step_at(ladder_from: datetime, step: int, times: Sequence[float] = DEFAULT_STEPS) -> datetime:
    """Say when a step begins by the clock: `times` are the team's minutes from when the round's ladder began."""
    return ladder_from + timedelta(minutes=times[min(step, len(times) - 1)])


def next_round_at(kind: str, ladder_from: datetime, times: Sequence[float] = DEFAULT_STEPS) -> datetime:
    """Say when the ladder starts again: 30 minutes after its last step was to begin."""
    return step_at(ladder_from, max(LADDERS[kind]), times) + timedelta(minutes=ROUND_MINUTES)


def hold_until(clock_at: datetime, duty_ends_at: datetime | None) -> datetime:
    """Say how long an acknowledgement holds: 60 minutes, or to the end of the duty it was made on if that is sooner."""
    hold = clock_at + timedelta(minutes=HOLD_MINUTES)
    return min(hold, duty_ends_at) if duty_ends_at and duty_ends_at > clock_at else hold


def retry_after(attempt: int, retry_after_header_s: float | None, jitter: float) -> float:
    """Give the seconds to wait after failed attempt number `attempt` (from 1).

    About 5, 15, 45 s, then 2, 5, 10, 10 … min, spread ±10 % by `jitter` in 0–1; never sooner than the push service
    asked for, but what it asks is cut to GIVE_UP_AFTER.
    """
    usual = RETRY_SECONDS[min(max(attempt, 1), len(RETRY_SECONDS)) - 1] * (0.9 + 0.2 * jitter)
    asked = min(retry_after_header_s or 0.0, GIVE_UP_AFTER.total_seconds())
    return max(usual, asked)


def gives_up(first_attempt_at: datetime, now: datetime) -> bool:
    """Say whether a delivery that keeps failing has been tried long enough."""
    return now - first_attempt_at >= GIVE_UP_AFTER

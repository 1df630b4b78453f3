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
    """Somebody whom an alert may concern, as the ladder sees them now.

    `is_primary`: the client's primary contact. `is_subject`: whose safety the alert is about. `full_member`: for a
    peer, whether he or she is a full team member who was put on duty by a `duty_set`; without meaning for the other
    roles. `handed_to`: on duty in the team that this one hands over to while it is closed, and in that team only.
    """

    staff_id: UUID
    role: str
    is_primary: bool = False
    on_duty: bool = False
    on_backup: bool = False
    full_member: bool = False
    is_subject: bool = False
    handed_to: bool = False


People = list[Person]
Choice = Callable[[People], People]


def _may_be_told(person: Person) -> bool:
    return person.is_subject or person.role in ALERTED_ROLES or (person.role == "peer" and person.full_member)


def _on_duty(people: People) -> People:
    return [person for person in people if person.on_duty]


def _primary_or_on_duty(people: People) -> People:
    on_duty = _on_duty(people)
    return [person for person in on_duty if person.is_primary] or on_duty


def _leaders(people: People) -> People:
    return [person for person in people if person.role == "leader" and not person.handed_to]


def _backup(people: People) -> People:
    return [person for person in people if person.on_backup]


def _either(people: People, *wanted: People) -> People:
    return [person for person in people if any(person in some for some in wanted)]


def _on_duty_and_leaders(people: People) -> People:
    return _either(people, _on_duty(people), _leaders(people))


def _colleagues_on_duty_and_leaders(people: People) -> People:
    return [person for person in _on_duty_and_leaders(people) if not person.is_subject]


def _subject(people: People) -> People:
    return [person for person in people if person.is_subject]


def _whoever_is_there(people: People) -> People:
    """A closed team: vakttelefon (its own duty list), else the team handed to, else leader and bakvakt."""
    return (
        _on_duty(people)
        or [person for person in people if person.handed_to]
        or _either(people, _leaders(people), _backup(people))
    )


def _whoever_is_there_and_leaders(people: People) -> People:
    return _either(people, _whoever_is_there(people), _leaders(people))


@dataclass(frozen=True)
class Ladder:
    """One kind's steps: whom each tells; what the first of them tells while the team is closed, when that differs.

    `minutes`: of a ladder that has times of its own, per step; None: the team's times. `round_minutes`: how long after
    its last step began the ladder begins again.
    `ends`: then it ends instead.
    """

    steps: dict[int, Choice]
    first_when_closed: Choice | None = None
    minutes: tuple[float, ...] | None = None
    round_minutes: float = ROUND_MINUTES
    ends: bool = False


LADDERS: dict[str, Ladder] = {
    "not_seen": Ladder({0: _primary_or_on_duty, 1: _on_duty, 2: _leaders, 3: _backup}),
    "concern": Ladder({0: _primary_or_on_duty, 1: _on_duty, 2: _leaders, 3: _backup}, _whoever_is_there),
    "crisis": Ladder({0: _on_duty_and_leaders, 3: _backup}, _whoever_is_there_and_leaders),
    "staff_help": Ladder({0: _colleagues_on_duty_and_leaders}, minutes=(0,), round_minutes=2),
    "staff_overdue": Ladder(
        {0: _subject, 1: _colleagues_on_duty_and_leaders, 2: _backup}, minutes=(0, 5, 10), round_minutes=5
    ),
    "drill": Ladder({0: _on_duty, 1: _on_duty, 2: _leaders, 3: _backup}, round_minutes=15, ends=True),
}


def recipients(kind: str, step: int, people: Iterable[Person], *, closed: bool = False) -> list[UUID]:
    """List who is told in a step, in the order given; empty where the kind has no such step or nobody fits.

    `closed`: the team is closed now. Landlords, partners, privacy and admin are never told, a peer only as a full team
    member put on duty, or about their own safety.
    """
    ladder = LADDERS.get(kind)
    if ladder is None or step not in ladder.steps:
        return []
    choose = ladder.first_when_closed if closed and step == 0 and ladder.first_when_closed else ladder.steps[step]
    chosen = choose([person for person in people if _may_be_told(person)])
    return list(dict.fromkeys(person.staff_id for person in chosen))


def next_step(kind: str, step: int) -> int | None:
    """Give the step after this one; None after the last, when a new round begins instead."""
    return min((later for later in LADDERS[kind].steps if later > step), default=None)


def ends_after(kind: str, step: int) -> bool:
    """Say whether an alert of this kind ends once this step has had its time."""
    return LADDERS[kind].ends and next_step(kind, step) is None


def minutes_of(kind: str, team_times: Sequence[float]) -> Sequence[float]:
    """Give the minutes to each step of a kind: the team's, except for the kinds that have their own."""
    own = LADDERS[kind].minutes
    return team_times if own is None else own


def step_at(ladder_from: datetime, step: int, times: Sequence[float] = DEFAULT_STEPS) -> datetime:
    """Say when a step begins by the clock: `times` are the team's minutes from when the round's ladder began."""
    return ladder_from + timedelta(minutes=times[min(step, len(times) - 1)])


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

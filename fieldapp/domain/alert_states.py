"""The states of an alert, the one table of what leads from each to the next, and the kinds of alert there are."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an alert stands; all but `resolved` are unresolved: at most one such alert per kind and subject."""

    waiting = "waiting"
    open = "open"
    acknowledged = "acknowledged"
    snoozed = "snoozed"
    resolved = "resolved"


class Event(StrEnum):
    """What can happen to an alert."""

    opened_waiting = "opened_waiting"
    opened = "opened"
    team_opened = "team_opened"
    acknowledged = "acknowledged"
    snoozed = "snoozed"
    hold_ran_out = "hold_ran_out"
    """Sixty minutes after an acknowledgement, at the end of a snooze, or when the owner's duty ends."""
    waits_again = "waits_again"
    """As hold_ran_out, of an alert that has never been open: its team is still closed."""
    handed_over = "handed_over"
    """To a named person, who owns it once he or she acknowledges; until then it climbs."""
    resolved = "resolved"
    reopened = "reopened"
    """What resolved it was retracted."""


RETRACTED = "retracted"
DIED = "died"
"""The resolution of an alert whose opening entry was taken back, by Angre or by a correction."""

STATES = tuple(State)
UNRESOLVED = frozenset(STATES) - {State.resolved}

TRANSITIONS: dict[tuple[str | None, str], State] = {
    (None, Event.opened): State.open,
    (None, Event.opened_waiting): State.waiting,
    (State.waiting, Event.team_opened): State.open,
    (State.waiting, Event.acknowledged): State.acknowledged,
    (State.waiting, Event.snoozed): State.snoozed,
    (State.waiting, Event.handed_over): State.waiting,  # a closed team is not rung, only the named person
    (State.waiting, Event.resolved): State.resolved,
    (State.open, Event.acknowledged): State.acknowledged,
    (State.open, Event.snoozed): State.snoozed,
    (State.open, Event.handed_over): State.open,
    (State.open, Event.resolved): State.resolved,
    (State.acknowledged, Event.acknowledged): State.acknowledged,
    (State.acknowledged, Event.snoozed): State.snoozed,
    (State.acknowledged, Event.hold_ran_out): State.open,
    (State.acknowledged, Event.waits_again): State.waiting,
    (State.acknowledged, Event.handed_over): State.open,
    (State.acknowledged, Event.resolved): State.resolved,
    (State.snoozed, Event.acknowledged): State.acknowledged,
    (State.snoozed, Event.snoozed): State.snoozed,
    (State.snoozed, Event.hold_ran_out): State.open,
    (State.snoozed, Event.waits_again): State.waiting,
    (State.snoozed, Event.handed_over): State.open,
    (State.snoozed, Event.resolved): State.resolved,
    (State.resolved, Event.reopened): State.open,
}


class IllegalTransition(Exception):
    """The event cannot happen to an alert in this state."""

    def __init__(self, state: str | None, event: str) -> None:
        super().__init__(f"{event} cannot happen to an alert that is {state or 'not there yet'}")
        self.state = state
        self.event = event


def after(state: str | None, event: str) -> State:
    """Give the state an event leads to (None: no alert yet); raises IllegalTransition."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(state, event) from None


@dataclass(frozen=True)
class Kind:
    """What follows from the kind of an alert.

    `climbs`: goes up the steps until somebody has taken it (the others never ring). `title`: code of the push title,
    None where nothing is pushed. `waits`: may wait for a closed team to open. `by_hand`: «Avslutt» ends it.
    `later_title`: of the steps after the first, where they tell other people another thing.
    """

    climbs: bool
    title: str | None
    waits: bool
    by_hand: bool
    later_title: str | None = None


KINDS: dict[str, Kind] = {
    "not_seen": Kind(True, "alert", True, True),
    "concern": Kind(True, "alert", False, True),
    "crisis": Kind(True, "crisis", False, False),
    "staff_help": Kind(True, "help", False, True),
    "staff_overdue": Kind(True, "check", False, False, later_title="help"),
    "absence_overdue": Kind(False, None, True, False),
    "case_deadline": Kind(False, None, True, False),
    "drill": Kind(True, "drill", True, True),
}


ABOUT_STAFF = frozenset({"staff_help", "staff_overdue"})
"""A colleague's safety is the team's, whoever they were with: also when the team no longer follows that client."""

DRILL = "drill"
"""About nobody: it climbs so that a team sees whom it reaches, and is counted nowhere but in its own report."""

RINGS_ABOUT_CLIENT = frozenset(kind for kind, rules in KINDS.items() if rules.climbs) - ABOUT_STAFF - {DRILL}
"""These ring people about a client, who must see the client for as long."""


def title_of(kind: str, step: int) -> str:
    """Give the code of the push title of a step."""
    rules = KINDS[kind]
    return (rules.later_title if step else None) or rules.title or "alert"

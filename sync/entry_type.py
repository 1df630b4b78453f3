"""One type of entry as one frozen row: what is asked of its envelope, who may write it, what follows, how it reads.

The rows stand in sync/entry_types.py; admission, rights, references, effects and screens derive from them.
docs/new-entry-type.md tells how to add one.
"""

from dataclasses import dataclass
from typing import Literal

from sync.bodies_base import Body

TEAM = frozenset({"fieldworker", "peer", "leader"})
"""Those who follow up clients."""
NOT_PEERS = TEAM - {"peer"}
"""For formal tasks: a peer must not be loaded with them."""
LEADER = frozenset({"leader"})
HOUSING = TEAM | {"landlord"}
OUTSIDERS = HOUSING | {"partner"}
"""With those who only tell what they saw: a landlord, and the partner behind a link."""

About = Literal["client", "client_or_team", "team", "subject"]
Steering = Literal["never", "to_take_back", "always"]
PointsAt = Literal[
    "new_case",
    "case",
    "new_absence",
    "absence",
    "new_visit",
    "visit",
    "alert",
    "concern",
    "own_team",
    "hours_team",
    "receiving_team",
    "hand_over",
    "offered_duty",
    "taken_duty",
]
Refreshes = Literal["case", "hours", "visit", "card", "owned_cases", "hand_overs", "absences", "teams"]
Settles = Literal["duties", "alert", "terms", "hours", "clock", "concern", "crisis", "lines", "visit", "help", "sight"]
CaseKind = Literal["rent", "complaint", "crisis"]


@dataclass(frozen=True, kw_only=True)
class EntryType:
    """Everything there is to know of one type of entry; what it is called stands in fieldapp/texts."""

    body: type[Body]
    version: int = 1
    """The newest that this server reads; a newer one is deferred."""

    about: About = "client"
    """`client`: needs a `client_id`. `client_or_team`: may stand without one, and then needs a `team_id`. `team`: about
    a team alone, which its body names. `subject`: needs neither, for what it points at names them."""
    case: CaseKind | None = None
    """The kind of case whose `case_id` it carries."""
    opens_case: bool = False
    """It mints that `case_id`."""
    points_at: PointsAt | None = None
    """What it points at or mints, found and checked by services/entries/references.py, stored as the subject."""
    names_are_checked: bool = True
    """What it calls a person or place must be a name (sync/names.py)."""

    roles: frozenset[str] = TEAM
    """Who may write it."""
    primary_contact_too: bool = False
    """So may the client's primary contact, whatever the role."""
    steering: Steering = "never"
    """`always`: it decides from now on, so sight in the past is not enough, whatever time it is given.
    `to_take_back`: it is written as seen at its time; taking it back decides over a clock and takes the right now."""
    stops_clock: bool = False
    """It may pause or end a clock, and then only on the word of somebody who follows when it arrives."""
    never_refused: bool = False
    """About the safety of whoever is out, or an alert they were rung for: taken, as their team's, without a client they
    do not see (any longer). Nobody is left without help because somebody else follows the client from today."""
    moves: bool = True
    """A correction may move it into another client's record; what others hang on is written anew instead."""

    refreshes: tuple[Refreshes, ...] = ()
    """The projections computed anew at once: the next entry's checks rest on them (services/entries/effects.py)."""
    settles: tuple[Settles, ...] = ()
    """What is settled when the whole request has been taken (services/entries/effects.py)."""
    outcome: tuple[str, str] | None = None
    """The code list and the field that say how it went: what its title ends with, on both surfaces."""
    ends_alert_as: str = "clock_moved"
    """The resolution of a client's alert when this entry is why the clock has not run out any more."""

    @property
    def makes_client_rows(self) -> bool:
        """Whether a client's card, teams, absences, hand-overs, terms or checks by hand are computed from it."""
        of_client = {"card", "hand_overs", "absences", "teams"} & set(self.refreshes)
        return bool(of_client) or "terms" in self.settles or {"alert", "clock"} <= set(self.settles)

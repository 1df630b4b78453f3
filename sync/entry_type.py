"""One type of entry as one frozen row: what is asked of its envelope, who may write it, what follows, how it reads.

The rows stand in sync/entry_types.py; admission, rights, references, effects and screens derive from them.
docs/new-entry-type.md tells how to add one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sync.bodies_base import Body

TEAM = frozenset({"fieldworker", "peer", "leader"})
"""Those who follow up clients."""
NOT_PEERS = TEAM - {"peer"}
"""For formal tasks: a peer must not be loaded with them."""
LEADER = frozenset({"leader"})
OVERSEERS = LEADER | {"privacy"}
"""For who may see a client at all: without reading anything of the client."""
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
    "absence_step",
    "new_visit",
    "visit",
    "alert",
    "concern",
    "nobody_known",
    "noted",
    "entry",
    "own_team",
    "led_team",
    "hours_team",
    "receiving_team",
    "hand_over",
    "offered_duty",
    "taken_duty",
    "new_thing",
    "thing",
    "handovers",
    "other_client",
]
Refreshes = Literal[
    "case",
    "hours",
    "visit",
    "card",
    "owned_cases",
    "hand_overs",
    "absences",
    "teams",
    "limits",
    "facts",
    "standing",
    "file",
    "board",
    "board_columns",
    "team_settings",
]
Settles = Literal[
    "duties",
    "subject",
    "alert",
    "terms",
    "hours",
    "clock",
    "concern",
    "crisis",
    "reminders",
    "visit",
    "help",
    "sight",
    "limits",
    "drill",
]
CaseKind = Literal["rent", "complaint", "housing", "crisis"]
Check = Literal[
    "registration",
    "card_edit",
    "not_ahead",
    "leads_team",
    "holder",
    "taker",
    "anybody",
    "listed",
    "told",
    "basis",
    "half_year",
    "owner",
    "receiver",
    "one_person",
    "board_team",
]
AlertAnswer = Literal["acknowledge", "snooze", "hand_over", "resolve"]


@dataclass(frozen=True)
class Contact:
    """One line of a type's table of contact: this degree, where each field says one of these codes."""

    degree: Literal["seen", "heard", "reported", "attempt", "none"]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Thing = Literal[
    "risk", "plan", "contact_person", "agreement", "housing", "decision", "task", "handover", "planned", "meeting"
]
"""What stands until a newer entry or an ending: the kind of change that tells phones of it (a meeting has none)."""
Part = Literal["opens", "version", "reviews", "ends", "withdraws", "reads"]


@dataclass(frozen=True)
class Stands:
    """What an entry makes of a thing that stands until a newer entry or an ending (projections/what_stands.py).

    `opens`: it begins it, and no second one may. `version`: it begins it or takes the place of what stood; the newest
    by clock time, then id, stands. `reviews` changes fields of it; `ends`, `withdraws` and `reads` say what they do.
    """

    kind: Thing
    part: Part
    id: str | None = None
    """The field with the id the phone minted; None: the thing has the id of the entry that stands."""
    each: str | None = None
    """Where nothing is minted: the field of which each code stands by itself; None: one a client."""
    ended: tuple[str, object] | None = None
    """The field and the value by which a version or a review ends it."""


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

    checks: tuple[Check, ...] = ()
    """What is asked besides of whoever writes it, and of whom it names (services/entries/admission.py)."""
    registers: bool = False
    """It mints the `client_id` it is about."""
    gives_team: bool = False
    """The `team_id` of its body follows the client from then on."""
    merges: bool = False
    """It says that its client is the one it points at: while it stands, one record (services/entries/merging.py)."""
    follow_up: Literal["ends", "resumes"] | None = None
    """What it does to the following up of the client."""
    stands: Stands | None = None
    """What it makes of a thing that stands until a newer entry or an ending."""
    limits: Literal["blocks", "unblocks", "lists"] | None = None
    """What it does to who may see the client, whatever team they work in (services/projections/limits.py)."""
    shares: Literal["shares", "stops"] | None = None
    """What it does to the facts that landlords are told (services/projections/facts.py)."""
    read_by: frozenset[str] | None = None
    """The only roles that are shown it, of those who see the client; None: all. Corrections of it go by the same."""
    shared: tuple[str, ...] | None = None
    """The only fields that are shown to those who see it and neither wrote it nor lead its team; None: all. Of what
    corrects it they are shown that it is a correction."""
    terms: Literal["set", "withdrawn"] | None = None
    """What it does to the agreement about the watch."""
    card: Literal["fields", "days", "watch"] | None = None
    """What of the client's card it sets, where the newest counts: an older one that arrives later has no effect."""
    answers: AlertAnswer | None = None
    """What it does to the alert it points at (services/alerts/answers.py)."""
    looked_into: bool = False
    """It asks to be looked into, and an answer may point at it (domain/check_today.py)."""

    contact: tuple[Contact, ...] = ()
    """How surely somebody was met: the first line that fits holds. Phone and server read the same lines."""
    met_at: str | None = None
    """The field that may tell of an earlier moment than the entry's own, when they were met."""
    death: tuple[str, str] | None = None
    """The field and the code that tell that the client has died; of a type with `contact` it stops the clock."""

    refreshes: tuple[Refreshes, ...] = ()
    """The projections computed anew at once: the next entry's checks rest on them (services/entries/effects.py)."""
    settles: tuple[Settles, ...] = ()
    """What is settled when the whole request has been taken (services/entries/effects.py)."""
    outcome: tuple[str, str] | None = None
    """The code list and the field that say how it went: what its title ends with, on both surfaces."""
    titled: Literal["type", "outcome"] = "type"
    """Whether its title is what the type is called, with the outcome, or the outcome alone."""
    unsaid: str | None = None
    """The code of the outcome that is written before anybody has said what it is: left out of the title."""
    line: tuple[str, ...] = ()
    """The fields that stand after the title in a line, before the note (texts/entry_words.py, views/entry_words.js)."""
    short: tuple[str, ...] | None = None
    """The same on the phone, where that is not `line` and the note."""
    timeline: Literal["client", "own", "none"] = "client"
    """`client`: it stands in the client's timeline. `own`: it is about where staff are and who watches: only its
    author sees it, among what they did lately. `none`: it stands with what it points at, unless it is a contact."""
    urgent: bool = False
    """Somebody must be told of it at once, where it has an `urgency` only when that is `now`: the phone says so while
    it has not been sent."""
    ends_alert_as: str = "clock_moved"
    """The resolution of a client's alert when this entry is why the clock has not run out any more."""

    @property
    def makes_client_rows(self) -> bool:
        """Whether a client's card, teams, absences, hand-overs, terms or checks by hand are computed from it."""
        of_client = {"card", "hand_overs", "absences", "teams", "limits", "facts", "board"} & set(self.refreshes)
        return bool(of_client) or "terms" in self.settles or {"alert", "clock"} <= set(self.settles)

"""Who may see and log what. THE place for the whole access model: every rule about rights is a pure function here.

A right follows from the role and from the teams a person works in; above both stand the limits of a client (blocked
colleagues, those who alone may see it), which no team and no grant overrules. Ingest, queries and routes ask here and
hold no rules of their own. Forbidden and missing look the same: a caller that gets False answers as if the thing did
not exist.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sync.entry_type import TEAM
from sync.entry_types import ENTRY_TYPES, type_that, types_that

_BLOCKS = type_that(lambda row: row.limits == "blocks")
_SHARES_FACTS = type_that(lambda row: row.shares == "shares")
_ON_BOARD = types_that(lambda row: "board" in row.refreshes)
_GIVES_A_TEAM = type_that(lambda row: row.gives_team and not row.registers)

ROLES = ("fieldworker", "peer", "leader", "landlord", "privacy", "admin")
"""The roles a person can be given; `partner` is nobody's, but the author behind a link."""

PARTNER = "partner"

TEAM_ROLES = TEAM
"""Those who follow up clients; the others are beside the team."""

GRANTED_ROLES = frozenset({"fieldworker", "leader"})
"""Those who are given sight in time: of one client, or by nødtilgang."""

PARTNER_UNDO = timedelta(minutes=10)
"""How long a partner can take its own report back; after that the team looks into it."""

OPEN_KINDS = frozenset({"staff", "team", "codes"})
"""Kinds of change without client content, for everybody signed in."""
ROSTER_KINDS = frozenset({"duty", "hours"})
LANDLORD_KINDS = OPEN_KINDS | {"client"}
LANDLORD_OWN_KINDS = frozenset({"entry", "entry_left", "case", "alert", "fact"})
"""What it wrote itself, and what it is told: facts that a team has shared with it."""


@dataclass(frozen=True)
class Viewer:
    """The signed-in staff member, or the proven author of an entry, with the teams they work in now."""

    staff_id: UUID
    role: str
    team_ids: frozenset[UUID]
    name: str = ""
    granted: frozenset[UUID] = frozenset()
    """The clients a grant lets them see at this moment, whatever team follows."""
    linked_client_id: UUID | None = None
    """For a partner: the one client its link is about."""


@dataclass(frozen=True)
class Limits:
    """Who a client does not exist for, by person, and since when: the blocked, and (where anybody is listed) everybody
    who is not."""

    blocked: Mapping[UUID, datetime] = field(default_factory=dict)
    listed: Mapping[UUID, datetime] = field(default_factory=dict)


NO_LIMITS = Limits()


def works_in(viewer: Viewer, team_id: UUID) -> bool:
    """Say whether the person works in the team."""
    return team_id in viewer.team_ids


def may_lead(viewer: Viewer, team_id: UUID) -> bool:
    """Say whether the person leads the team."""
    return viewer.role == "leader" and works_in(viewer, team_id)


def sees_clients(role: str) -> bool:
    """Say whether the role meets clients at all; admin and privacy never do."""
    return role in TEAM_ROLES or role == "landlord"


def sees_watch(role: str) -> bool:
    """Say whether client rows carry the watch: who was last seen when is care, not housing."""
    return role in TEAM_ROLES


def sees_only_housing(role: str) -> bool:
    """Say whether the role gets of a client name and address, of a case whether it is open, and of what is written only
    its own words, as it wrote them: what tenants tell their helper must not become a case against them."""
    return role == "landlord"


def may_be_told(role: str, protected: str) -> bool:
    """Say whether somebody of this role may be told a single fact of a client with this protection."""
    return sees_clients(role) and (protected == "none" or not sees_only_housing(role))


def may_tell(viewer: Viewer, is_primary: bool) -> bool:
    """Say whether the person shares single facts of a client within reach with landlords, and stops it."""
    return may_submit(viewer, _SHARES_FACTS, is_primary)


def may_share(viewer: Viewer) -> bool:
    """Say whether the person shares a client within reach with one colleague, and ends that again."""
    return viewer.role == "leader"


def may_import(viewer: Viewer) -> bool:
    """Say whether the person registers many clients at once, in the teams they lead."""
    return viewer.role == "leader"


def may_hand_on(viewer: Viewer) -> bool:
    """Say whether the person takes the record of a client within reach out of Sett, for a journal elsewhere."""
    return viewer.role == "leader"


def may_ask_for_emergency(viewer: Viewer) -> bool:
    """Say whether the person may ask for sight of a client that no team of theirs follows."""
    return viewer.role in GRANTED_ROLES


def reaches(viewer: Viewer, client_team_ids: Collection[UUID], limits: Limits = NO_LIMITS) -> bool:
    """Say whether the client exists for this person: a team they work in follows the client now, and no limit of the
    client's keeps them out."""
    follows = sees_clients(viewer.role) and not viewer.team_ids.isdisjoint(client_team_ids)
    return follows and not forbids(limits, viewer.staff_id)


def forbids(limits: Limits, staff_id: UUID, at: datetime | None = None) -> bool:
    """Say whether the client does not exist for this person, whatever team they work in; `at`: did not exist then.

    What somebody wrote before a limit, and comes later, is taken: it reveals nothing that they did not know when they
    wrote it (docs/adr/0004). The same for statements is in models/access.py.
    """
    blocked_at = limits.blocked.get(staff_id)
    if blocked_at is not None and (at is None or at >= blocked_at):
        return True
    kept_out = bool(limits.listed) and staff_id not in limits.listed
    return kept_out and (at is None or at >= min(limits.listed.values()))


def is_shown(viewer: Viewer, protected: str) -> bool:
    """Say whether the role is shown clients with this protection: a landlord none with a code."""
    return protected == "none" or not sees_only_housing(viewer.role)


def is_linked_to(viewer: Viewer, client_id: UUID) -> bool:
    """Say whether a partner may report about this client; it sees nothing of it all the same."""
    return viewer.role == PARTNER and viewer.linked_client_id == client_id


def may_invite_partner(viewer: Viewer, is_primary: bool) -> bool:
    """Say whether the person makes and ends partners' links for a client within reach."""
    return viewer.role == "leader" or (is_primary and viewer.role in TEAM_ROLES)


def receives(viewer: Viewer, kind: str, own: bool = False) -> bool:
    """Say whether changes of a kind go to this person; `own`: they logged the thing themselves.

    Which clients' changes is for `reaches`. A landlord gets client rows (without the watch) and, of all that is
    written, only what it wrote itself.
    """
    if viewer.role in TEAM_ROLES:
        return kind != "board" or sees_board(viewer.role)
    if viewer.role == "landlord":
        return kind in LANDLORD_KINDS or (own and kind in LANDLORD_OWN_KINDS)
    return viewer.role in ROLES and kind in OPEN_KINDS | ROSTER_KINDS


def sees_board(role: str) -> bool:
    """Say whether the role is shown whom a team has up on its board; a peer is never loaded with that list."""
    return all(role in ENTRY_TYPES[name].roles for name in _ON_BOARD)


def may_submit(viewer: Viewer, entry_type: str, is_primary: bool = False) -> bool:
    """Say whether the role may log this type; `is_primary`: the person is the client's primary contact.

    Whether the client and team are within reach is for `reaches` and `may_lead`; who may correct is `may_correct`.
    """
    row = ENTRY_TYPES[entry_type]
    return viewer.role in row.roles or (row.primary_contact_too and is_primary and viewer.role in TEAM_ROLES)


def may_protect(viewer: Viewer) -> bool:
    """Say whether the person sets and takes back code 6 and 7 of a client within reach."""
    return viewer.role == "leader"


def may_limit(viewer: Viewer) -> bool:
    """Say whether the person decides whom a client does not exist for."""
    return may_submit(viewer, _BLOCKS)


def oversees(viewer: Viewer, entry_type: str) -> bool:
    """Say whether the person writes this type about any client, none of whom they see: privacy, of who may see whom."""
    return oversees_all(viewer) and ENTRY_TYPES[entry_type].limits is not None


def oversees_all(viewer: Viewer) -> bool:
    """Say whether the person decides who may see any client, without seeing one."""
    return viewer.role == "privacy"


def handles_records(viewer: Viewer) -> bool:
    """Say whether the person hands records out, corrects and bars entries in them, and deletes them."""
    return viewer.role == "privacy"


def unread_types(role: str) -> frozenset[str]:
    """The types of entry that are not shown to this role, whoever the client is."""
    return types_that(lambda row: row.read_by is not None and role not in row.read_by)


PARTLY_SHARED = types_that(lambda row: row.shared is not None)
"""The types of which most colleagues are shown only that it happened, and what the row says is shared."""


def reads_whole(viewer: Viewer | None, author_id: UUID, team_id: UUID | None) -> bool:
    """Say whether the person reads all of an entry that is partly shared: who wrote it, and who leads its team; nobody
    for a client's print."""
    if viewer is None:
        return False
    return viewer.staff_id == author_id or (team_id is not None and may_lead(viewer, team_id))


def may_give_a_team(viewer: Viewer) -> bool:
    """Say whether the person may decide which other teams follow a client."""
    return may_submit(viewer, _GIVES_A_TEAM)


def may_appoint(viewer: Viewer, present: UUID | None) -> bool:
    """Say whether the person may name a client's primary contact: the leader, the present one, a first one anybody."""
    return viewer.role == "leader" or present in (None, viewer.staff_id)


def may_correct(viewer: Viewer, author_id: UUID, what: str = "text", age: timedelta = timedelta()) -> bool:
    """Say whether the person may correct or retract an entry: its author at any time, otherwise the leader.

    A partner only takes its own report back, and only while it is fresh; `age` is how long ago it was received.
    """
    if viewer.role == PARTNER:
        return viewer.staff_id == author_id and what == "retracted" and age <= PARTNER_UNDO
    return viewer.staff_id == author_id or viewer.role == "leader"


def may_confirm(viewer: Viewer, author_id: UUID, author_team_ids: Collection[UUID], *, in_sight: bool) -> bool:
    """Say whether the person may see and confirm what came in somebody's name without a proof: one's own, and a leader
    what was written by somebody who works or worked in their team. `in_sight`: the leader sees what it is about."""
    if viewer.staff_id == author_id:
        return True
    return viewer.role == "leader" and in_sight and not viewer.team_ids.isdisjoint(author_team_ids)


def may_decline(viewer: Viewer, offered_to: UUID | None) -> bool:
    """Say whether the person may take an offer of a duty back for its author: whoever it was made to says no."""
    return viewer.role in TEAM_ROLES and viewer.staff_id == offered_to


def sees_numbers_of(viewer: Viewer, team_ids: Collection[UUID]) -> bool:
    """Say whether the person is given the numbers to ring of these teams: whoever follows up clients in one of them."""
    return viewer.role in TEAM_ROLES and not viewer.team_ids.isdisjoint(team_ids)


def may_use_office(viewer: Viewer) -> bool:
    """Say whether the person works at `/kontor`; a peer logs on the phone only and is never loaded with lists."""
    return viewer.role in ("fieldworker", "leader")


def may_read_log(viewer: Viewer) -> bool:
    """Say whether the person may see who has read what: privacy of everybody, a leader of the clients in reach."""
    return viewer.role in ("privacy", "leader")


def sees_every_reader(viewer: Viewer) -> bool:
    """Say whether the read log of every client is the person's work."""
    return viewer.role == "privacy"


def may_administer(viewer: Viewer) -> bool:
    """Say whether the person manages users, teams and settings; an admin sees no client content."""
    return viewer.role == "admin"


def may_make_code(viewer: Viewer, role: str, team_ids: Collection[UUID]) -> bool:
    """Say whether a leader may make a one-time code for somebody of this role in these teams.

    Whoever has the code can sign in as them, so it must open nothing that the leader has not got already.
    """
    return (
        viewer.role == "leader"
        and role in ("fieldworker", "peer", "landlord")
        and bool(team_ids)
        and viewer.team_ids.issuperset(team_ids)
    )

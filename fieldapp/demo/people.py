"""Who there is: teams, staff and clients, how closely each client is followed, and when somebody is away.

Only plans; fill writes them. The shares follow the studies: about a fifth of a FACT team's clients need tight
follow-up, residents of a staffed house are watched, most others have a planned contact.
"""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass, field

from fieldapp.demo import places
from fieldapp.demo.dice import Dice
from fieldapp.demo.names import full_names, username
from fieldapp.domain.access import Viewer

KINDS = ("fact", "staffed_housing", "tenancy_support", "outreach", "housing_first", "act", "night", "safety_fact")
"""The order in which teams are added."""
_CLIENT_WEIGHTS = {
    "fact": 40,
    "staffed_housing": 14,
    "tenancy_support": 22,
    "outreach": 14,
    "housing_first": 16,
    "act": 30,
}
_STAFF_WEIGHTS = {"fact": 7, "staffed_housing": 6, "tenancy_support": 2, "outreach": 2, "housing_first": 4, "act": 7}
_USUAL_WEIGHT = 12
WATCHED_SHARE = {
    "staffed_housing": 1.0,
    "fact": 0.2,
    "act": 0.2,
    "safety_fact": 0.2,
    "night": 1.0,
    "housing_first": 0.1,
}

CAST = (
    ("mona", "Mona Kleivmo", "leader", ("fact", "staffed_housing", "tenancy_support")),
    ("jonas", "Jonas Fjellvåg", "fieldworker", ("fact",)),
    ("rolf", "Rolf Tangvoll", "peer", ("outreach",)),
    ("lars", "Lars Torsmyr", "landlord", ("tenancy_support", "staffed_housing")),
    ("ingrid", "Ingrid Selvær", "privacy", ()),
    ("ada", "Ada Nesvoll", "admin", ()),
)
"""The people whose sign-ins are shown: one of each role, the same whatever the seed."""
PASSWORDS = {
    "leader": "teamleder",
    "fieldworker": "feltarbeid",
    "peer": "erfaring",
    "landlord": "boligvakt",
    "privacy": "innsyn",
    "admin": "drift",
}
PIN = "739152"
"""One to choose on a phone: the demo's own phones need none."""
"""One word a role, for everybody in the demo; never used outside it."""


@dataclass(frozen=True)
class Wish:
    """How large a municipality, and which."""

    teams: int = 4
    clients: int = 90
    staff: int = 26
    days: int = 60
    seed: int = 1


@dataclass(frozen=True)
class TeamPlan:
    """One team."""

    id: uuid.UUID
    name: str
    kind: str


@dataclass(frozen=True)
class StaffPlan:
    """One person at work, with a phone."""

    id: uuid.UUID
    username: str
    name: str
    role: str
    teams: tuple[TeamPlan, ...]
    device_id: uuid.UUID

    @property
    def viewer(self) -> Viewer:
        """The person as the write door knows them."""
        return Viewer(self.id, self.role, frozenset(team.id for team in self.teams), self.name)


@dataclass(frozen=True)
class WatchPlan:
    """The tilsynsavtale of a watched client."""

    mode: str = "interval"
    minutes: int = 1440
    counts: tuple[str, ...] = ("seen",)
    sources: tuple[str, ...] = ()
    shifts: tuple[str, ...] = ()
    may_enter: bool = False
    key_ref: str | None = None


@dataclass
class ClientPlan:
    """One client, and what the stories have decided about their days."""

    id: uuid.UUID
    number: int
    name: str
    alias: str | None
    birth_year: int
    address: str
    phone: str | None
    team: TeamPlan
    primary: StaffPlan
    registered_at: dt.datetime
    watch: WatchPlan | None
    interval_days: int | None
    is_asked: bool = True
    """Whether somebody has asked about the watch."""
    away: list[tuple[dt.datetime, dt.datetime | None]] = field(default_factory=list)
    """From when until when nobody can meet them; None: still away."""
    due_at: dt.datetime | None = None
    """When the clock shall run out in the end, where a story says so."""
    ended_at: dt.datetime | None = None

    def is_away(self, at: dt.datetime) -> bool:
        """Whether nobody can meet them then."""
        return any(start <= at and (end is None or at < end) for start, end in self.away)


@dataclass(frozen=True)
class Municipality:
    """Everybody, at one moment."""

    wish: Wish
    now: dt.datetime
    starts_at: dt.datetime
    teams: tuple[TeamPlan, ...]
    staff: tuple[StaffPlan, ...]
    clients: tuple[ClientPlan, ...]

    def dice(self, *about: object) -> Dice:
        """Dice of their own for this subject."""
        return Dice("/".join(map(str, (self.wish.seed, *about))))

    def team(self, kind: str) -> TeamPlan | None:
        """The first team of a kind."""
        return next((team for team in self.teams if team.kind == kind), None)

    def members(self, team: TeamPlan, *roles: str) -> list[StaffPlan]:
        """Those of the team with one of these roles."""
        return [one for one in self.staff if team in one.teams and one.role in roles]

    def clients_of(self, team: TeamPlan | None) -> list[ClientPlan]:
        """The team's clients, in order."""
        return [client for client in self.clients if client.team == team]

    def known_as(self, username: str) -> StaffPlan:
        """The person with this username."""
        return next(one for one in self.staff if one.username == username)


def plan(wish: Wish, now: dt.datetime) -> Municipality:
    """Decide who there is at `now`, which is cut to the minute."""
    now = now.replace(second=0, microsecond=0)
    starts_at = now - dt.timedelta(days=wish.days)
    teams = _teams(Dice(f"{wish.seed}/teams"), wish, starts_at)
    staff = _staff(Dice(f"{wish.seed}/staff"), wish, teams, starts_at)
    clients = _clients(Dice(f"{wish.seed}/clients"), wish, teams, staff, starts_at)
    return Municipality(wish, now, starts_at, tuple(teams), tuple(staff), tuple(clients))


def _teams(dice: Dice, wish: Wish, starts_at: dt.datetime) -> list[TeamPlan]:
    kinds = itertools.islice(itertools.cycle(KINDS), max(1, wish.teams))
    used: dict[str, int] = {}
    teams = []
    for kind in kinds:
        number = used[kind] = used.get(kind, 0) + 1
        names = places.TEAM_NAMES[kind]
        name = names[number - 1] if number <= len(names) else f"{names[0]} {number}"
        teams.append(TeamPlan(dice.id_at(starts_at), name, kind))
    return teams


def _staff(dice: Dice, wish: Wish, teams: list[TeamPlan], starts_at: dt.datetime) -> list[StaffPlan]:
    names, taken = full_names(dice), set[str]()
    staff: list[StaffPlan] = []

    def add(role: str, in_teams: tuple[TeamPlan, ...], called: tuple[str, str] | None = None) -> None:
        name = called[1] if called else next(names)
        taken_name = username(called[0] if called else name, taken)
        staff.append(StaffPlan(dice.id_at(starts_at), taken_name, name, role, in_teams, dice.id_at(starts_at)))

    for cast_username, name, role, kinds in CAST:
        theirs = tuple(next((t for t in teams if t.kind == kind), teams[0]) for kind in kinds)
        add(role, tuple(dict.fromkeys(theirs)), (cast_username, name))
    for team in teams[1:]:
        add("leader", (team,))
    for team in teams:
        if team.kind in ("fact", "act"):
            add("peer", (team,))
    for team in _fieldwork_places(teams, max(2 * len(teams), wish.staff - len(staff))):
        add("fieldworker", (team,))
    return staff


def _fieldwork_places(teams: list[TeamPlan], wanted: int) -> list[TeamPlan]:
    """Where the fieldworkers work: at least two a team, the rest by how much work there is."""
    by_weight = {team.id: _STAFF_WEIGHTS.get(team.kind, 3) for team in teams}
    count = {team.id: 2 for team in teams}
    while sum(count.values()) < wanted:
        thinnest = max(teams, key=lambda team: by_weight[team.id] / count[team.id])
        count[thinnest.id] += 1
    return [team for team in teams for _ in range(count[team.id])]


def _clients(
    dice: Dice, wish: Wish, teams: list[TeamPlan], staff: list[StaffPlan], starts_at: dt.datetime
) -> list[ClientPlan]:
    names = full_names(Dice(f"{wish.seed}/client names"))
    clients: list[ClientPlan] = []
    for team, size in zip(teams, _sizes(teams, wish.clients), strict=True):
        workers = [one for one in staff if team in one.teams and one.role == "fieldworker"]
        watched = round(size * WATCHED_SHARE.get(team.kind, 0))
        for number in range(size):
            watch = _watch(dice, team, number) if number < watched else None
            clients.append(
                ClientPlan(
                    id=dice.id_at(starts_at),
                    number=number,
                    name=next(names),
                    alias=None,
                    birth_year=dice.randint(1955, 2003),
                    address=_address(dice, team, number),
                    phone=places.phone(dice) if dice.chance(0.85) else None,
                    team=team,
                    primary=workers[number % len(workers)],
                    registered_at=_registered_at(dice, wish, starts_at, is_early=watch is not None or number < 19),
                    watch=watch,
                    interval_days=None if watch else dice.one_of({3: 2, 4: 3, 7: 6, 10: 2, 14: 3}),
                )
            )
    return clients


def _registered_at(dice: Dice, wish: Wish, starts_at: dt.datetime, *, is_early: bool) -> dt.datetime:
    """Most came with the team when it began to use Sett; some are new."""
    came_later = not is_early and dice.chance(0.3)
    return starts_at + dt.timedelta(hours=dice.uniform(24, wish.days * 22) if came_later else dice.uniform(0, 6))


def _sizes(teams: list[TeamPlan], clients: int) -> list[int]:
    weights = [_CLIENT_WEIGHTS.get(team.kind, _USUAL_WEIGHT) for team in teams]
    marks = [round(clients * part / sum(weights)) for part in itertools.accumulate(weights, initial=0)]
    return [end - start for start, end in itertools.pairwise(marks)]


def _address(dice: Dice, team: TeamPlan, number: int) -> str:
    return places.flat_in_house(number + 1) if team.kind == "staffed_housing" else places.address(dice)


def _watch(dice: Dice, team: TeamPlan, number: int) -> WatchPlan:
    if team.kind == "staffed_housing":
        if number % 6 == 3:
            return WatchPlan("each_shift", 1440, shifts=("day", "evening"), may_enter=True, key_ref=f"N{number + 1}")
        return WatchPlan(minutes=1440, may_enter=number % 3 != 2, key_ref=f"N{number + 1}" if number % 3 != 2 else None)
    heard = ("seen", "heard", "reported") if number % 2 else ("seen", "heard")
    sources = ("drop_in", "shelter", "lar") if number % 2 else ()
    minutes = dice.one_of({1440: 2, 2880: 4, 4320: 3})
    return WatchPlan(minutes=minutes, counts=heard, sources=sources, may_enter=number % 4 == 0)

"""The data of each kind of change, loaded in bulk: what a phone keeps of a client, a case, a colleague and so on.

Columns are read, not objects, and ids are text as they are sent. Leaves entries to entry_data.py.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, inspect, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.domain.opening import hours_of, open_spans
from fieldapp.domain.watch import TIGHTENED_AFTER
from fieldapp.models import (
    Absence,
    Agreement,
    Base,
    Case,
    Client,
    ClientTeam,
    Duty,
    DutyOffer,
    Entry,
    EntryState,
    HandOver,
    SharedFact,
    Staff,
    StaffTeam,
    StaffVisit,
    Team,
    TeamHours,
    TeamSetting,
    Watch,
)
from fieldapp.models.change import GONE_FROM
from fieldapp.models.fact import still_told
from fieldapp.queries import still_here
from fieldapp.queries.alerts.unresolved import alert_data
from fieldapp.queries.deaths import death_days
from fieldapp.queries.json_columns import IDS, as_json, json_columns, read
from fieldapp.queries.sync.board_data import board_data
from fieldapp.queries.sync.entry_data import Data
from fieldapp.queries.sync.standing_data import STANDING_KINDS, standing_data
from fieldapp.queries.visible import clients_on_phones, colleagues, former_colleagues
from sync.entry_type import Thing

HOURS_BEHIND = dt.timedelta(days=1)
HOURS_AHEAD = dt.timedelta(days=21)
"""Counted from midnight, so that all phones hold the same spans all day; a new day sends them anew (turned.py)."""

Key = tuple[str, str]
"""Kind and id."""


@dataclass(frozen=True)
class Part:
    """Things of one kind to load, for whom, and when."""

    session: Session
    viewer: Viewer
    ids: list[uuid.UUID]
    now: dt.datetime

    def read(self, statement: Select[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement about `IDS`."""
        return read(self.session, statement, {"ids": self.ids})


_MOST_AT_ONCE = 500


def load(session: Session, viewer: Viewer, wanted: Iterable[Key], now: dt.datetime) -> dict[Key, dict[str, Any]]:
    """The data of these things as this viewer may see it; what is missing is not in the answer."""
    by_kind: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in wanted:
        by_kind.setdefault(kind, []).append(uuid.UUID(id_))
    found: dict[Key, dict[str, Any]] = {}
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _MOST_AT_ONCE):
            part = Part(session, viewer, ids[start : start + _MOST_AT_ONCE], now)
            found |= {(kind, id_): data for id_, data in _LOADERS[kind](part).items()}
    return found


def _by_id(part: Part, table: type[Base], names: tuple[str, ...], *where: ColumnElement[bool]) -> Data:
    """These columns of the things, by id; the id comes first among them."""
    query = _about_ids(table, names)
    rows = part.read(query.where(*where) if where else query)
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


@cache
def _about_ids(table: type[Base], names: tuple[str, ...]) -> Select[Any]:
    return select(*json_columns(table, names)).where(inspect(table).columns["id"].in_(IDS))


def _grouped(pairs: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _clients(part: Part) -> Data:
    # A client the viewer lost sight of may stand in the page beside the change that says so.
    seen = Client.id.in_(clients_on_phones(part.viewer))
    names = _HOUSING if access.sees_only_housing(part.viewer.role) else _CARD
    found = _by_id(part, Client, names, seen)
    duplicates = _duplicates(part) if len(found) < len(part.ids) else {}
    if access.sees_only_housing(part.viewer.role):
        return found | duplicates
    for (masked_id,) in part.read(_MASKED):
        found.get(masked_id, {})["address"] = None
    teams, primaries = _grouped(part.read(_TEAMS_OF_CLIENTS)), still_here.primaries(part.session, part.ids)
    for client_id, data in found.items():
        data["primary_staff_id"] = primaries[uuid.UUID(client_id)]
        data["team_ids"] = teams.get(client_id, [])
    if access.sees_watch(part.viewer.role):
        _add_care(part, found)
    return found | duplicates


def _duplicates(part: Part) -> Data:
    """Of those that stand in the record of a client the viewer sees: which that is, for links and drafts live on."""
    return _by_id(part, Client, ("id", "merged_into"), Client.merged_into.in_(clients_on_phones(part.viewer)))


_MASKED = select(as_json(Client.id)).where(Client.id.in_(IDS), Client.protected == "code7")
_TEAMS_OF_CLIENTS = (
    select(as_json(ClientTeam.client_id), as_json(ClientTeam.team_id))
    .where(ClientTeam.client_id.in_(IDS), ClientTeam.active.is_(True))
    .order_by(ClientTeam.team_id)
)


def _add_care(part: Part, clients: Data) -> None:
    """What only those who follow up the client see of it."""
    care, watches = _by_id(part, Client, _CARE), _watches(part)
    died = death_days(part.session, [uuid.UUID(id_) for id_ in clients if care[id_]["deceased"]])
    for client_id, data in clients.items():
        data |= care[client_id] | {"watch": watches.get(client_id)}
    for dead_id, day in died.items():
        clients[str(dead_id)]["died_on"] = day


def _watches(part: Part) -> Data:
    """By client."""
    found: Data = {}
    for client_id, paused_by, paused_until, seen_as, *values in part.read(_WATCHES):
        is_paused = paused_by is not None and (paused_until is None or paused_until > part.now)
        now = {"paused_by": paused_by if is_paused else None, "last_seen_as": seen_as}
        found[client_id] = dict(zip(_WATCH, values, strict=True)) | now
    for client_id, until_at in _tightened(part, found).items():
        found[client_id]["tightened_until"] = until_at
    return found


def _tightened(part: Part, watches: Data) -> dict[str, dt.datetime]:
    """Until when the interval is halved, for those who have agreed to that and are newly home."""
    days = {client_id: watch["tighten_days"] for client_id, watch in watches.items() if watch["tighten_days"]}
    found: dict[str, dt.datetime] = {}
    for client_id, *ends in part.read(_HOME_AGAIN) if days else ():
        ends_at = min((at for at in ends if at), default=None)
        if client_id in days and ends_at is not None and ends_at <= part.now:
            until_at = ends_at + dt.timedelta(days=days[client_id])
            found[client_id] = max(until_at, found.get(client_id, until_at))
    return found


_HOME_AGAIN = select(as_json(Absence.client_id), Absence.ended_at, Absence.expected_end_at).where(
    Absence.client_id.in_(IDS), Absence.kind.in_(TIGHTENED_AFTER)
)


_HOUSING = ("id", "name", "address")
_CARD = ("id", "name", "alias", "birth_year", "address", "phone", "primary_staff_id")
_CARE = ("id", "contact_interval_days", "ended_at", "ended_reason", "deceased", "registered_at")
_WATCH = (
    *("team_id", "mode", "interval_minutes", "counts", "sources", "shifts", "may_enter", "key_ref", "tighten_days"),
    *("when_closed", "review_on", "agreed", "since_at", "last_seen_at", "last_seen_entry_id", "due_at"),
    *("handed_to_team_id", "handed_from_at", "handed_until_at", "pause_with_others"),
)
_CASE_OPENED = ("id", "client_id", "team_id", "kind", "opened_at", "opened_by")
_CASE = (
    *("id", "client_id", "team_id", "kind", "status", "opened_at", "opened_by", "closed_at", "owner_id"),
    *("next_step", "next_step_on", "deadline_on", "facts"),
)
_ABSENCE = ("id", "client_id", "kind", "started_at", "expected_end_at", "ended_at", "outcome", "steps", "discharge")
_AGREEMENT = ("id", "client_id", "kind", "made_at", "review_on", "withdrawn_at", "withdrawn_how")
_STAFF = ("id", "name", "role", "phone")
_HOURS = ("team_id", "when_closed", "to_team_id", "shifts")
_TEAM = ("id", "name", "kind")
_TEAM_AT_WORK = ("escalation", "duty_ever_set")
_HAND_OVER = (
    *("id", "client_id", "from_team_id", "to_team_id", "asked_by", "asked_at", "until_at", "taken_by", "taken_at"),
)
_VISIT = ("id", "staff_id", "with_staff", "client_id", "team_id", "started_at", "expected_end_at", "ended_at")
_DUTY = ("id", "team_id", "staff_id", "duty", "from_at", "to_at")
_OFFER = ("id", "to_staff_id", "in_return_for", "made_at")


_WATCHES = (
    select(as_json(Watch.client_id), Watch.paused_by, Watch.paused_until, EntryState.degree)
    .add_columns(*json_columns(Watch, _WATCH))
    .outerjoin(EntryState, EntryState.entry_id == Watch.last_seen_entry_id)
    .where(Watch.client_id.in_(IDS))
)


def _still_seen(part: Part) -> Data:
    """Entries that have left one record, or their team, and that this viewer sees where they are now."""
    nobodys = and_(EntryState.client_id.is_(None), Entry.team_id.in_(part.viewer.team_ids))
    seen = or_(EntryState.client_id.in_(clients_on_phones(part.viewer)), nobodys)
    query = select(as_json(EntryState.entry_id)).join(Entry, Entry.id == EntryState.entry_id)
    return {id_: {} for (id_,) in part.read(query.where(EntryState.entry_id.in_(IDS), seen))}


def _still_seen_cases(part: Part) -> Data:
    nobodys = and_(Case.client_id.is_(None), Case.team_id.in_(part.viewer.team_ids))
    seen = or_(Case.client_id.in_(clients_on_phones(part.viewer)), nobodys)
    return {id_: {} for (id_,) in part.read(select(as_json(Case.id)).where(Case.id.in_(IDS), seen))}


def _cases(part: Part) -> Data:
    if access.sees_only_housing(part.viewer.role):
        found = _by_id(part, Case, (*_CASE_OPENED, "closed_at"))
        for data in found.values():
            data["status"] = "closed" if data.pop("closed_at") else "open"
        return found
    owners = still_here.owners(part.session, part.ids)
    return {id_: data | {"owner_id": owners[uuid.UUID(id_)]} for id_, data in _by_id(part, Case, _CASE).items()}


def _absences(part: Part) -> Data:
    found = _by_id(part, Absence, (*_ABSENCE, "place"))
    for data in found.values():
        data["where"] = data.pop("place")
    return found


def _agreements(part: Part) -> Data:
    """The terms of the watch, and what was agreed in words."""
    return _by_id(part, Agreement, _AGREEMENT) | _standing("agreement")(part)


def _standing(kind: Thing) -> Callable[[Part], Data]:
    return lambda part: standing_data(part.session, part.viewer, part.ids, kind, part.now)


def _staff(part: Part) -> Data:
    query = select(as_json(StaffTeam.staff_id), as_json(StaffTeam.team_id)).where(StaffTeam.staff_id.in_(IDS))
    teams = _grouped(part.read(query.order_by(StaffTeam.team_id)))
    there = Staff.id.in_(colleagues(part.viewer))
    found = _by_id(part, Staff, _STAFF, Staff.ended_at.is_(None), there)
    left = _who_have_left(part) if len(found) < len(part.ids) else {}
    for id_, data in found.items():
        number, data["team_ids"] = data.pop("phone"), teams.get(id_, [])
        if access.sees_numbers_of(part.viewer, [uuid.UUID(team_id) for team_id in data["team_ids"]]):
            data["phone"] = number
    return left | found


def _who_have_left(part: Part) -> Data:
    """The names of those whose access has ended, or who have left a team of the viewer's: what they wrote there stays
    theirs. In no team, so on no list to choose from; for those who read what they wrote."""
    if part.viewer.role not in access.TEAM_ROLES:
        return {}
    was_there = Staff.id.in_(colleagues(part.viewer).union(former_colleagues(part.viewer)))
    return {id_: data | {"team_ids": []} for id_, data in _by_id(part, Staff, ("id", "name"), was_there).items()}


def _teams(part: Part) -> Data:
    names = _TEAM if access.sees_only_housing(part.viewer.role) else _TEAM + _TEAM_AT_WORK
    found = _by_id(part, Team, (*names, "duty_phone"), Team.ended_at.is_(None))
    for team_id, key, value in part.read(_SETTINGS):
        if team_id in found:
            found[team_id][key] = value or None
    for id_, data in found.items():
        if not access.sees_numbers_of(part.viewer, [uuid.UUID(id_)]):
            for name in NUMBERS:
                data.pop(name, None)
    return found


_SETTINGS = select(as_json(TeamSetting.team_id), TeamSetting.key, TeamSetting.value).where(TeamSetting.team_id.in_(IDS))
NUMBERS = ("duty_phone", "aat_phone")


def _duties(part: Part) -> Data:
    found = _by_id(part, Duty, _DUTY)
    for duty_id, *offer in part.read(_WAITING_OFFERS):
        found[duty_id]["offer"] = dict(zip(_OFFER, offer, strict=True))
    return found


_WAITING_OFFERS = (
    select(as_json(DutyOffer.duty_id), *json_columns(DutyOffer, _OFFER))
    .join(Staff, Staff.id == DutyOffer.to_staff_id)
    .where(DutyOffer.duty_id.in_(IDS), DutyOffer.taken_at.is_(None), Staff.ended_at.is_(None))
)


def _alerts(part: Part) -> Data:
    return {str(id_): data for id_, data in alert_data(part.session, part.viewer, part.ids, part.now).items()}


def _hours(part: Part) -> Data:
    """With the spans of the coming weeks as instants: a phone need know neither holidays nor time zones."""
    query = select(*json_columns(TeamHours, _HOURS), Team.name, TeamHours.hours, TeamHours.closed_days)
    query = query.outerjoin(Team, Team.id == TeamHours.to_team_id).where(TeamHours.team_id.in_(IDS))
    found: Data = {}
    for *values, to_team, hours, closed_days in part.read(query):
        data = dict(zip(_HOURS, values, strict=True))
        spans = _open_spans(hours, closed_days, part.now)
        found[data["team_id"]] = data | {"id": data["team_id"], "to_team_name": to_team, "open_spans": spans}
    return found


def _open_spans(hours: dict[str, Any], closed_days: list[Any], now: dt.datetime) -> list[Any]:
    midnight = at_wall_time(day_of(now), dt.time.min)
    return list(open_spans(hours_of(hours, closed_days), midnight - HOURS_BEHIND, midnight + HOURS_AHEAD))


def _hand_overs(part: Part) -> Data:
    """Those that have not ended; the others are gone from the phones. With names: a phone knows only its own teams."""
    from_team, to_team = aliased(Team), aliased(Team)
    query = (
        select(*json_columns(HandOver, _HAND_OVER), from_team.name, to_team.name, Staff.name)
        .join(from_team, from_team.id == HandOver.from_team_id)
        .join(to_team, to_team.id == HandOver.to_team_id)
        .outerjoin(Staff, Staff.id == HandOver.taken_by)
        .where(HandOver.id.in_(IDS), HandOver.until_at > part.now)
    )
    names = (*_HAND_OVER, "from_team_name", "to_team_name", "taken_by_name")
    return {row[0]: dict(zip(names, row, strict=True)) for row in part.read(query)}


def _visits(part: Part) -> Data:
    """Those that are running."""
    return _by_id(part, StaffVisit, _VISIT, StaffVisit.ended_at.is_(None))


def _facts(part: Part) -> Data:
    """Those that are told: the landlord's own, and to the team all."""
    names = (*_FACT, "what", "amount_nok", "on", "by_on", "handled")
    where = [SharedFact.stands.is_(True), still_told(part.now)]
    if access.sees_only_housing(part.viewer.role):
        where.append(SharedFact.staff_id == part.viewer.staff_id)
    return _by_id(part, SharedFact, names, *where)


_FACT = ("id", "client_id", "staff_id", "shared_at", "shared_by", "until_on")


_LOADERS: dict[str, Callable[[Part], Data]] = {
    "client": _clients,
    **dict.fromkeys((kind for kind, of in GONE_FROM.items() if of == "entry"), _still_seen),
    **dict.fromkeys((kind for kind, of in GONE_FROM.items() if of == "case"), _still_seen_cases),
    **dict.fromkeys((kind for kind, of in GONE_FROM.items() if of == "alert"), _alerts),
    "case": _cases,
    "alert": _alerts,
    "absence": _absences,
    "staff": _staff,
    "team": _teams,
    "duty": _duties,
    "hours": _hours,
    "hand_over": _hand_overs,
    "visit": _visits,
    "fact": _facts,
    **{kind: _standing(kind) for kind in STANDING_KINDS},
    "agreement": _agreements,
    "board": lambda part: board_data(part.session, part.viewer, part.ids),
}

"""The data of each kind of change, loaded in bulk: what a phone keeps of a client, an entry, a case and so on."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.domain.opening import hours_of, open_spans
from fieldapp.domain.steering import NO_EFFECT
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
    Staff,
    StaffTeam,
    StaffVisit,
    Team,
    TeamHours,
    Watch,
)
from fieldapp.models.change import LEFT
from fieldapp.queries import still_here
from fieldapp.queries.alerts.unresolved import alert_data
from fieldapp.queries.deaths import death_days
from fieldapp.queries.visible import colleagues, visible_clients

HOURS_BEHIND = dt.timedelta(days=1)
HOURS_AHEAD = dt.timedelta(days=21)
"""Counted from midnight, so that all phones hold the same spans all day; a new day sends them anew (turned.py)."""

Key = tuple[str, uuid.UUID]
Data = dict[uuid.UUID, dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """Things of one kind to load, for whom, and when."""

    session: Session
    viewer: Viewer
    ids: list[uuid.UUID]
    now: dt.datetime


_MOST_AT_ONCE = 500


def load(session: Session, viewer: Viewer, wanted: Iterable[Key], now: dt.datetime) -> dict[Key, dict[str, Any]]:
    """The data of these things as this viewer may see it; what is missing is not in the answer."""
    by_kind: dict[str, list[uuid.UUID]] = {}
    for kind, subject_id in wanted:
        by_kind.setdefault(kind, []).append(subject_id)
    found: dict[Key, dict[str, Any]] = {}
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _MOST_AT_ONCE):
            part = Part(session, viewer, ids[start : start + _MOST_AT_ONCE], now)
            found |= {(kind, subject_id): data for subject_id, data in _LOADERS[kind](part).items()}
    return found


def _clients(part: Part) -> Data:
    teams: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in part.session.execute(
        select(ClientTeam.client_id, ClientTeam.team_id)
        .where(ClientTeam.client_id.in_(part.ids), ClientTeam.active.is_(True))
        .order_by(ClientTeam.team_id)
    ):
        teams.setdefault(row.client_id, []).append(row.team_id)
    query = select(Watch, EntryState.degree).outerjoin(EntryState, EntryState.entry_id == Watch.last_seen_entry_id)
    rows_of = part.session.execute(query.where(Watch.client_id.in_(part.ids))).all()
    watches = {watch.client_id: watch for watch, _ in rows_of}
    seen_as = {watch.client_id: degree for watch, degree in rows_of}
    # A client the viewer lost sight of may stand in the page beside the change that says so.
    rows = part.session.scalars(
        select(Client).where(Client.id.in_(part.ids), Client.id.in_(visible_clients(part.viewer)))
    ).all()
    died = death_days(part.session, [row.id for row in rows if row.deceased])
    found = {row.id: _client(row, teams.get(row.id, []), watches.get(row.id), part.viewer, part.now) for row in rows}
    for client_id, data in found.items():
        if data.get("watch"):
            data["watch"]["last_seen_as"] = seen_as[client_id]
        if client_id in died and "deceased" in data:
            data["died_on"] = died[client_id]
    for client_id, staff_id in still_here.primaries(part.session, found.keys()).items():
        if "primary_staff_id" in found[client_id]:
            found[client_id]["primary_staff_id"] = staff_id
    for client_id, until_at in _tightened(part, watches.values()).items():
        if found.get(client_id, {}).get("watch"):
            found[client_id]["watch"]["tightened_until"] = until_at
    return found


def _tightened(part: Part, watches: Iterable[Watch]) -> dict[uuid.UUID, dt.datetime]:
    """Until when the interval is halved, for those who have agreed to that and are newly home."""
    days = {watch.client_id: watch.tighten_days for watch in watches if watch.tighten_days}
    query = select(Absence).where(Absence.client_id.in_(list(days)), Absence.kind.in_(TIGHTENED_AFTER))
    found: dict[uuid.UUID, dt.datetime] = {}
    for row in part.session.scalars(query) if days else ():
        ends_at = min((at for at in (row.ended_at, row.expected_end_at) if at), default=None)
        if ends_at is not None and ends_at <= part.now:
            until_at = ends_at + dt.timedelta(days=days[row.client_id] or 0)
            found[row.client_id] = max(until_at, found.get(row.client_id, until_at))
    return found


_HOUSING = ("id", "name", "address")
_CARD = ("id", "name", "alias", "birth_year", "address", "phone", "primary_staff_id")
_CARE = ("contact_interval_days", "ended_at", "ended_reason", "deceased", "registered_at")
_WATCH = (
    *("team_id", "mode", "interval_minutes", "counts", "sources", "shifts", "may_enter", "key_ref", "tighten_days"),
    *("when_closed", "review_on", "agreed", "since_at", "last_seen_at", "last_seen_entry_id", "due_at"),
    *("handed_to_team_id", "handed_from_at", "handed_until_at", "pause_with_others"),
)
_ENTRY = (
    *("id", "device_seq", "type", "version", "client_id", "case_id", "team_id", "occurred_at", "time_chosen"),
    *("clock_offset_ms", "mends", "body", "author_id", "corrected_at", "received_at", "flags"),
)
_CASE_OPENED = ("id", "client_id", "team_id", "kind", "opened_at", "opened_by")
_CASE = (
    *("id", "client_id", "team_id", "kind", "status", "opened_at", "opened_by", "closed_at", "owner_id"),
    *("next_step", "next_step_on", "deadline_on", "facts"),
)
_ABSENCE = ("id", "client_id", "kind", "started_at", "expected_end_at", "ended_at", "outcome")
_AGREEMENT = ("id", "client_id", "kind", "made_at", "review_on", "withdrawn_at", "withdrawn_how")
_TEAM = ("id", "name", "kind")
_TEAM_AT_WORK = ("escalation", "duty_ever_set")
_HAND_OVER = (
    *("id", "client_id", "from_team_id", "to_team_id", "asked_by", "asked_at", "until_at", "taken_by", "taken_at"),
)
_VISIT = ("id", "staff_id", "with_staff", "client_id", "team_id", "started_at", "expected_end_at", "ended_at")
_DUTY = ("id", "team_id", "staff_id", "duty", "from_at", "to_at")
_OFFER = ("id", "to_staff_id", "in_return_for", "made_at")


def _fields(row: Base, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _client(
    row: Client, team_ids: list[uuid.UUID], watch: Watch | None, viewer: Viewer, now: dt.datetime
) -> dict[str, Any]:
    if access.sees_only_housing(viewer.role):
        return _fields(row, _HOUSING)
    data = _fields(row, _CARD) | {"team_ids": team_ids}
    if access.sees_watch(viewer.role):
        data |= _fields(row, _CARE) | {"watch": _watch(watch, now) if watch else None}
    return data


def _watch(watch: Watch, now: dt.datetime) -> dict[str, Any]:
    paused = watch.paused_by is not None and (watch.paused_until is None or watch.paused_until > now)
    return _fields(watch, _WATCH) | {"paused_by": watch.paused_by if paused else None}


def _entries(part: Part) -> Data:
    query = select(Entry, EntryState, Staff.name).join(EntryState).join(Staff, Staff.id == Entry.author_id)
    rows = [
        (entry, state, author)
        for entry, state, author in part.session.execute(query.where(Entry.id.in_(part.ids)))
        # Out of the wrong client's record means out of every phone, at once.
        if state.struck_as != "wrong_client"
    ]
    if access.sees_only_housing(part.viewer.role):
        return _own_entries(part, [(entry, state) for entry, state, _ in rows])
    return {entry.id: _entry(entry, state, author) for entry, state, author in rows}


def _still_seen(part: Part) -> Data:
    """Entries that have left one record and that this viewer sees in the other."""
    query = select(EntryState.entry_id).where(EntryState.entry_id.in_(part.ids))
    return {
        id_: {} for id_ in part.session.scalars(query.where(EntryState.client_id.in_(visible_clients(part.viewer))))
    }


def _entry(entry: Entry, state: EntryState, author: str) -> dict[str, Any]:
    """Of what has no effect the author is named: somebody of a team that a phone of the team that follows knows not."""
    now_counts_as = {
        "degree": state.degree,
        "struck_by": state.struck_by,
        "amended_body": state.body if state.amended_by else None,
        "amended_at": state.amended_at,
        "client_id": state.record_of(entry),
    }
    if NO_EFFECT in entry.flags:
        now_counts_as["author_name"] = author
    return entry.extra | _fields(entry, _ENTRY) | now_counts_as


def _own_entries(part: Part, rows: list[tuple[Entry, EntryState]]) -> Data:
    """As their author wrote and corrected them: neither what a leader made of them, nor whether they count."""
    found = {
        entry.id: entry.extra
        | _fields(entry, _ENTRY)
        | {"client_id": state.record_of(entry), "struck_by": None, "amended_body": None}
        for entry, state in rows
        if entry.author_id == part.viewer.staff_id
    }
    query = select(Entry).where(Entry.type == "entry_corrected", Entry.subject_id.in_(list(found)))
    own = query.where(Entry.author_id == part.viewer.staff_id).order_by(Entry.clock_at, Entry.id)
    for correction in part.session.scalars(own):
        data = found[correction.subject_id] if correction.subject_id else {}
        if correction.body["what"] == "text":
            data["amended_body"] = (data["amended_body"] or data["body"]) | (correction.body.get("body") or {})
        else:
            data["struck_by"] = correction.id
    return found


def _cases(part: Part) -> Data:
    rows = part.session.scalars(select(Case).where(Case.id.in_(part.ids)))
    if access.sees_only_housing(part.viewer.role):
        return {row.id: _fields(row, _CASE_OPENED) | {"status": "closed" if row.closed_at else "open"} for row in rows}
    owners = still_here.owners(part.session, part.ids)
    return {row.id: _fields(row, _CASE) | {"owner_id": owners[row.id]} for row in rows}


def _absences(part: Part) -> Data:
    rows = part.session.scalars(select(Absence).where(Absence.id.in_(part.ids)))
    return {row.id: _fields(row, _ABSENCE) | {"where": row.place} for row in rows}


def _agreements(part: Part) -> Data:
    rows = part.session.scalars(select(Agreement).where(Agreement.id.in_(part.ids)))
    return {row.id: _fields(row, _AGREEMENT) for row in rows}


def _staff(part: Part) -> Data:
    teams: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in part.session.execute(select(StaffTeam).where(StaffTeam.staff_id.in_(part.ids))).scalars():
        teams.setdefault(row.staff_id, []).append(row.team_id)
    there = Staff.id.in_(colleagues(part.viewer))  # who has left the team is gone from its phones
    people = part.session.scalars(select(Staff).where(Staff.id.in_(part.ids), Staff.ended_at.is_(None), there))
    return {one.id: _one_of_staff(one, sorted(teams.get(one.id, [])), part.viewer) for one in people}


def _one_of_staff(one: Staff, team_ids: list[uuid.UUID], viewer: Viewer) -> dict[str, Any]:
    number = {"phone": one.phone} if access.sees_numbers_of(viewer, team_ids) else {}
    return {"id": one.id, "name": one.name, "role": one.role, "team_ids": team_ids} | number


def _teams(part: Part) -> Data:
    names = _TEAM if access.sees_only_housing(part.viewer.role) else _TEAM + _TEAM_AT_WORK
    rows = part.session.scalars(select(Team).where(Team.id.in_(part.ids), Team.ended_at.is_(None)))
    return {row.id: _team(row, names, part.viewer) for row in rows}


def _team(row: Team, names: tuple[str, ...], viewer: Viewer) -> dict[str, Any]:
    number = {"duty_phone": row.duty_phone} if access.sees_numbers_of(viewer, [row.id]) else {}
    return _fields(row, names) | number


def _duties(part: Part) -> Data:
    waiting = (
        select(DutyOffer)
        .join(Staff, Staff.id == DutyOffer.to_staff_id)
        .where(DutyOffer.duty_id.in_(part.ids), DutyOffer.taken_at.is_(None), Staff.ended_at.is_(None))
    )
    offers = {row.duty_id: {"offer": _fields(row, _OFFER)} for row in part.session.scalars(waiting)}
    rows = part.session.scalars(select(Duty).where(Duty.id.in_(part.ids)))
    return {row.id: _fields(row, _DUTY) | offers.get(row.id, {}) for row in rows}


def _alerts(part: Part) -> Data:
    return alert_data(part.session, part.viewer, part.ids, part.now)


def _hours(part: Part) -> Data:
    """With the spans of the coming weeks as instants: a phone need know neither holidays nor time zones."""
    query = select(TeamHours, Team.name).outerjoin(Team, Team.id == TeamHours.to_team_id)
    return {
        row.team_id: _fields(row, ("team_id", "when_closed", "to_team_id", "shifts"))
        | {"id": row.team_id, "to_team_name": to_team, "open_spans": _open_spans(row, part.now)}
        for row, to_team in part.session.execute(query.where(TeamHours.team_id.in_(part.ids)))
    }


def _open_spans(row: TeamHours, now: dt.datetime) -> list[Any]:
    hours = hours_of(row.hours, row.closed_days)
    midnight = at_wall_time(day_of(now), dt.time.min)
    return list(open_spans(hours, midnight - HOURS_BEHIND, midnight + HOURS_AHEAD))


def _hand_overs(part: Part) -> Data:
    """Those that have not ended; the others are gone from the phones. With names: a phone knows only its own teams."""
    from_team, to_team = aliased(Team), aliased(Team)
    query = (
        select(HandOver, from_team.name, to_team.name, Staff.name)
        .join(from_team, from_team.id == HandOver.from_team_id)
        .join(to_team, to_team.id == HandOver.to_team_id)
        .outerjoin(Staff, Staff.id == HandOver.taken_by)
        .where(HandOver.id.in_(part.ids), HandOver.until_at > part.now)
    )
    return {
        row.id: _fields(row, _HAND_OVER)
        | {"from_team_name": from_name, "to_team_name": to_name, "taken_by_name": taken_by}
        for row, from_name, to_name, taken_by in part.session.execute(query)
    }


def _visits(part: Part) -> Data:
    """Those that are running."""
    query = select(StaffVisit).where(StaffVisit.id.in_(part.ids), StaffVisit.ended_at.is_(None))
    return {row.id: _fields(row, _VISIT) for row in part.session.scalars(query)}


_LOADERS: dict[str, Callable[[Part], Data]] = {
    "client": _clients,
    "entry": _entries,
    LEFT: _still_seen,
    "case": _cases,
    "alert": _alerts,
    "absence": _absences,
    "agreement": _agreements,
    "staff": _staff,
    "team": _teams,
    "duty": _duties,
    "hours": _hours,
    "hand_over": _hand_overs,
    "visit": _visits,
}

"""Is the database what its entries say? Differences from a rebuild, rows that point at nothing, and what is silent.

Works on a copy (see copying): it computes everything anew in it, and must never stand in the way of a running Sett.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fieldapp.models import (
    Absence,
    AccessLimit,
    Agreement,
    Alert,
    AlertHold,
    AlertTransition,
    Base,
    BoardCard,
    BoardColumns,
    Case,
    Change,
    Client,
    Device,
    DeviceArrival,
    Duty,
    DutyOffer,
    Entry,
    EntryState,
    HandCheck,
    HandoverReading,
    PartnerLink,
    SharedFact,
    Staff,
    Standing,
    Team,
    TeamSetting,
    Watch,
)
from fieldapp.models.change import forget_noted
from fieldapp.services.entries.rebuild import PROJECTIONS, rebuild
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.operations.retention import wordy_tombstones
from fieldapp.services.operations.silence import silent
from fieldapp.services.operations.verify_alerts import untrue_alerts
from fieldapp.services.operations.verify_changes import Key, Meant, take_changes, wrong_changes
from fieldapp.services.operations.verify_read_log import Told, broken_log
from fieldapp.services.operations.verify_rows import (
    broken_seals,
    changed_set_aside,
    leave_out,
    unreadable,
    wrong_counts,
)
from fieldapp.services.operations.verify_words import uncovered

_log = structlog.get_logger()
_ABOUT_ARRIVAL = {("watch", "episode"), ("client", "safety_seq")}
_POINTS_AT: tuple[tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]], ...] = (
    (Entry.author_id, Staff.id),
    (Entry.client_id, Client.id),
    (Entry.team_id, Team.id),
    (Entry.device_id, Device.id),
    (EntryState.entry_id, Entry.id),
    (EntryState.struck_by, Entry.id),
    (EntryState.amended_by, Entry.id),
    (Client.registered_entry_id, Entry.id),
    (Client.primary_staff_id, Staff.id),
    (Client.merged_into, Client.id),
    (Watch.client_id, Client.id),
    (Watch.episode, Entry.id),
    (Watch.last_seen_entry_id, Entry.id),
    (Absence.started_entry_id, Entry.id),
    (Agreement.id, Entry.id),
    (Case.opened_entry_id, Entry.id),
    (Duty.id, Entry.id),
    (DutyOffer.id, Entry.id),
    (DutyOffer.duty_id, Entry.id),
    (DutyOffer.in_return_for, Entry.id),
    (HandCheck.entry_id, Entry.id),
    (Standing.ended_entry_id, Entry.id),
    (Standing.owner_id, Staff.id),
    (HandoverReading.handover_id, Entry.id),
    (HandoverReading.staff_id, Staff.id),
    (AccessLimit.staff_id, Staff.id),
    (AccessLimit.set_by_entry_id, Entry.id),
    (SharedFact.staff_id, Staff.id),
    (SharedFact.set_by_entry_id, Entry.id),
    (BoardCard.placed_entry_id, Entry.id),
    (BoardColumns.set_by_entry_id, Entry.id),
    (TeamSetting.set_by_entry_id, Entry.id),
    (Alert.client_id, Client.id),
    (Alert.team_id, Team.id),
    (Alert.owner_id, Staff.id),
    (AlertHold.entry_id, Entry.id),
    (AlertTransition.alert_id, Alert.id),
    (AlertTransition.entry_id, Entry.id),
    (DeviceArrival.device_id, Device.id),
    (Change.client_id, Client.id),
    (PartnerLink.client_id, Client.id),
)
"""Which column must find its row where, beyond what the database itself holds."""

Row = dict[str, Any]


def differences(session: Session, now: dt.datetime, tick_seconds: float, log: Told | None = None) -> Iterator[str]:
    """One sentence for everything that is not as it should be; rebuilds the projections of this (copied) database.
    `log`: what the read log is held against; without it the log is not looked at.

    What stops one check is a sentence too, and stops no other.
    """
    grace = dt.timedelta(seconds=2 * tick_seconds)
    broken: list[uuid.UUID] = []
    standing: dict[Key, Meant] = {}
    checks: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("leselogg", lambda: broken_log(session, log) if log else iter(())),
        ("rader", lambda: unreadable(session)),
        ("segl", lambda: broken_seals(session, broken)),
        ("slettet", lambda: wordy_tombstones(session)),
        ("nøkler", lambda: uncovered(session)),
        ("pekere", lambda: _orphans(session)),
        ("telefoner", lambda: wrong_counts(session)),
        ("avvist", lambda: changed_set_aside(session)),
        ("varsler", lambda: untrue_alerts(session)),
        ("tause", lambda: silent(session, grace)),
        ("logg", lambda: standing.update(take_changes(session)) or iter(())),
        ("ombygging", lambda: _against_a_rebuild(session, broken, now)),
        ("endringer", lambda: wrong_changes(session, standing)),
    )
    for name, check in checks:
        try:
            yield from check()
        except Exception as error:
            _log.exception("verify_check_failed", check=name)
            yield f"{name}: lot seg ikke sjekke ({type(error).__name__})"


def _against_a_rebuild(session: Session, broken: list[uuid.UUID], now: dt.datetime) -> Iterator[str]:
    turn_dates(session, now)
    session.flush()
    standing = {model: _rows(session, model) for model in PROJECTIONS}
    known_duty = dict(session.execute(select(Team.id, Team.duty_ever_set)).all())
    session.expunge_all()
    try:
        with session.begin_nested():
            rebuild(session, now)
    except Exception as error:
        if not broken:
            raise
        yield f"ombygging: stanset ({type(error).__name__}), og er gjort uten de {len(broken)} endrede oppføringene"
        session.expunge_all()
        forget_noted(session)
        leave_out(session, broken)
        rebuild(session, now)
    for model in PROJECTIONS:
        yield from _compare(model.__tablename__, standing[model], _rows(session, model))
    for team_id, ever_set in session.execute(select(Team.id, Team.duty_ever_set)):
        if known_duty.get(team_id) != ever_set:
            yield f"team {team_id}: duty_ever_set er {known_duty.get(team_id)}, skulle vært {ever_set}"


def _orphans(session: Session) -> Iterator[str]:
    for column, target in _POINTS_AT:
        missing = select(column).where(column.is_not(None), column.not_in(select(target))).distinct()
        for value in session.scalars(missing):
            yield f"{column.class_.__tablename__}.{column.key} peker på {value}, som ikke finnes"


def _rows(session: Session, model: type[Base]) -> dict[tuple[Any, ...], Row]:
    """Every row by its key."""
    keys = [column.name for column in inspect(model).primary_key]
    rows = session.execute(select(model.__table__)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in rows}


def _compare(table: str, stands: dict[tuple[Any, ...], Row], rebuilt: dict[tuple[Any, ...], Row]) -> Iterator[str]:
    for key in sorted(stands.keys() - rebuilt.keys(), key=str):
        yield f"{table} {_said(key)}: står i basen, men ingen oppføring sier det"
    for key in sorted(rebuilt.keys() - stands.keys(), key=str):
        yield f"{table} {_said(key)}: følger av oppføringene, men mangler"
    for key in sorted(stands.keys() & rebuilt.keys(), key=str):
        for name, value in rebuilt[key].items():
            if value != stands[key][name] and (table, name) not in _ABOUT_ARRIVAL:
                yield f"{table} {_said(key)}: {name} er {_shown(stands[key][name])}, skulle vært {_shown(value)}"


def _said(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)


def _shown(value: Any) -> str:
    """Ids, codes and times as they are; of words only that they are there."""
    plain = value is None or isinstance(value, bool | int | dt.date | uuid.UUID)
    return str(value) if plain or (isinstance(value, str) and len(value) <= 40 and value.isascii()) else "noe annet"

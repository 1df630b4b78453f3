"""Who should be looked after today beside the clock: what stands of concerns and sightings. The rule is in domain."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import check_today as rules
from fieldapp.domain.access import Viewer, sees_watch
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.models import Absence, Client, Entry, EntryState, Staff
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.models.read_log import shown
from fieldapp.queries.names import client_names
from fieldapp.queries.visible import is_shown, visible_clients
from sync.entry_types import types_that

_ROW_LOOKS_BACK = dt.timedelta(days=60)
_TYPES = types_that(lambda row: row.looked_into)
_ANSWERS = types_that(lambda row: row.points_at == "concern")
_MAY_STOP_A_CLOCK = types_that(lambda row: row.stops_clock)
_WITHOUT_EFFECT = cast(Entry.flags, String).contains(NO_EFFECT)
_SINCE = case((_WITHOUT_EFFECT, Entry.received_at), else_=HAPPENED_AT)
"""From when meeting the client answers it: a back-dated entry without effect has been seen by nobody yet."""


@dataclass(frozen=True)
class Wrote:
    """An entry's type and body as its author meant it to read, and how it read before when that was a correction."""

    type: str
    body: dict[str, Any]
    before: dict[str, Any] | None = None


@dataclass(frozen=True)
class SignLine:
    """One thing that was said: what, from where, by whom, when."""

    entry_id: UUID
    what: str
    source: str | None
    author: str
    words: str | None
    at: dt.datetime
    wrote: Wrote | None = None
    """Of an entry without effect: what it would have said."""


@dataclass(frozen=True)
class CheckLine:
    """One client on the list."""

    client_id: UUID
    client: str
    released: rules.Release | None
    days_missed: int
    signs: tuple[SignLine, ...]

    @property
    def told(self) -> list[SignLine]:
        """The signs, the newest first; what one source has missed several times is one line."""
        shown: dict[object, SignLine] = {}
        for sign in reversed(self.signs):
            shown.setdefault((sign.what, sign.source) if sign.what == "missed" else sign.entry_id, sign)
        return list(shown.values())


def check_today(session: Session, viewer: Viewer, now: dt.datetime) -> list[CheckLine]:
    """«Sjekk i dag» for the viewer's clients, in the order to look."""
    return _lines(session, _standing(session, viewer), now)


def signs_of_client(session: Session, viewer: Viewer, client_id: UUID) -> list[UUID]:
    """The entries that keep this client on the list; none for a client who is not on it, or out of sight."""
    return [line.entry_id for _, line in _standing(session, viewer, client_id)]


_Standing = list[tuple[UUID, SignLine]]


def _standing(session: Session, viewer: Viewer, client_id: UUID | None = None) -> _Standing:
    """What nobody has answered, about somebody the team has neither met nor heard since; oldest first."""
    if not sees_watch(viewer.role):
        return []
    query = (
        select(Entry, EntryState, Staff.name)
        .join(EntryState, EntryState.entry_id == Entry.id)
        .join(Client, Client.id == EntryState.client_id)
        .join(Staff, Staff.id == Entry.author_id)
        .where(or_(Entry.type.in_(_TYPES), and_(Entry.type.in_(_MAY_STOP_A_CLOCK), _WITHOUT_EFFECT)))
        .where(EntryState.struck_by.is_(None), EntryState.client_id.in_(visible_clients(viewer)), is_shown(viewer))
        .where(Client.ended_at.is_(None), Client.deceased.is_(False), ~_answered(), ~_met_since())
        .order_by(HAPPENED_AT, Entry.id)
    )
    if client_id is not None:
        query = query.where(EntryState.client_id == client_id)
    return [
        (state.client_id, _sign(session, entry, state, author, what))
        for entry, state, author in session.execute(query)
        if (what := rules.sign_of(entry.type, state.body, entry.flags)) and state.client_id is not None
    ]


def _answered() -> ColumnElement[bool]:
    answer, of_answer = aliased(Entry), aliased(EntryState)
    return (
        select(answer.id)
        .join(of_answer, of_answer.entry_id == answer.id)
        .where(answer.type.in_(_ANSWERS), answer.subject_id == Entry.id, of_answer.struck_by.is_(None))
        .exists()
    )


def _met_since() -> ColumnElement[bool]:
    later = aliased(EntryState)
    return (
        select(later.entry_id)
        .where(later.client_id == EntryState.client_id, later.degree.in_(("seen", "heard")))
        .where(later.contact_at > _SINCE)
        .exists()
    )


def _sign(session: Session, entry: Entry, state: EntryState, author: str, what: str) -> SignLine:
    body = state.body
    words = body.get("reason") if what == "concern" else body.get("note")
    wrote = _wrote(session, entry, body) if what == NO_EFFECT else None
    return SignLine(entry.id, what, body.get("source"), author, words, state.happened_at(entry), wrote)


def _wrote(session: Session, entry: Entry, body: dict[str, Any]) -> Wrote:
    if entry.type != "entry_corrected" or entry.subject_id is None:
        return Wrote(entry.type, body)
    target, state = session.get_one(Entry, entry.subject_id), session.get_one(EntryState, entry.subject_id)
    return Wrote(target.type, state.body | (body.get("body") or {}), state.body)


def _lines(session: Session, standing: _Standing, now: dt.datetime) -> list[CheckLine]:
    ids = {client_id for client_id, _ in standing}
    if not ids:
        return []
    lines = {line.entry_id: line for _, line in standing}
    for client_id, line in standing:
        shown(session, "entry", client_id, line.entry_id)
    names = client_names(session, ids)
    signs = [rules.Sign(one.entry_id, client_id, one.what, one.source, one.at) for client_id, one in standing]
    return [
        CheckLine(
            client_id=check.client_id,
            client=names[check.client_id],
            released=check.released,
            days_missed=check.days_missed,
            signs=tuple(lines[sign.entry_id] for sign in check.signs),
        )
        for check in rules.checks(signs, _releases(session, ids, now), _missed(session, ids, now), now)
    ]


def _releases(session: Session, ids: Collection[UUID], now: dt.datetime) -> dict[UUID, list[rules.Release]]:
    query = select(Absence.client_id, Absence.kind, Absence.ended_at).where(
        Absence.client_id.in_(ids), Absence.ended_at > now - rules.JUST_OUT
    )
    found: dict[UUID, list[rules.Release]] = {}
    for client_id, kind, ended_at in session.execute(query):
        if ended_at is not None:
            found.setdefault(client_id, []).append(rules.Release(kind, ended_at))
    return found


def _missed(session: Session, ids: Collection[UUID], now: dt.datetime) -> dict[tuple[UUID, str], list[dt.datetime]]:
    """Every «ikke møtt» of late by client and source, answered or not."""
    query = (
        select(EntryState.client_id, EntryState.body, HAPPENED_AT)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(Entry.type == "sighting_reported", EntryState.client_id.in_(ids), EntryState.struck_by.is_(None))
        .where(now - _ROW_LOOKS_BACK < HAPPENED_AT)
    )
    found: dict[tuple[UUID, str], list[dt.datetime]] = {}
    for client_id, body, at in session.execute(query):
        if client_id is not None and body.get("what") == "missed":
            found.setdefault((client_id, body["source"]), []).append(at)
    return found

"""What a phone has to know since its cursor: the only source of what travels down.

Invariant: a phone that followed along holds what a new one would get. So whoever asks sees every change with a lower
number, or could have seen it (models/change.py), and besides what the passing of time alone has changed (turned.py).
A page ends where its last change stands, and fits what a poor network carries.
"""

import datetime as dt
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Case, Change, CursorEpoch, Entry, EntryState, SharedFact, SightLost
from fieldapp.models.base import UtcDateTime
from fieldapp.models.change import GONE_FROM, LEFT
from fieldapp.models.entry import is_expired
from fieldapp.models.read_log import SHOWN_IN_SESSION, is_whole_logged, shown_in_sync, whole_in_sync
from fieldapp.queries.json_columns import as_json, read
from fieldapp.queries.sync import cursors
from fieldapp.queries.sync.change_data import load
from fieldapp.queries.sync.cursors import Cursor
from fieldapp.queries.sync.entry_data import COLUMNS, EntryColumns, entry_data, with_entries
from fieldapp.queries.sync.standing_data import NAMED_BY_ENTRY
from fieldapp.queries.sync.turned import grants_ended, turned
from fieldapp.queries.visible import (
    clients_on_phones,
    colleagues,
    former_colleagues,
    hidden_cases,
    hidden_clients,
    hidden_entries,
    hidden_facts,
    is_read_by,
    unread_entries,
    who,
    whoever,
)
from sync.envelope import Change as ChangeOut

PAGE = 500
KEPT_DAYS = 30
"""How long phones keep an entry after it came in, and a case after it was closed."""
MOST_BYTES = 512 * 1024
MOST_COMPRESSED = 128 * 1024
"""Of one page: about four seconds at 300 kbit/s."""
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class ChangePage:
    """One page of changes; `reset`: the cursor fits nothing here, begin again from none."""

    changes: list[msgspec.Raw]
    """Each a `sync.envelope.Change`, as JSON."""
    cursor: str
    more: bool
    reset: bool
    epoch: str


class _Row(NamedTuple):
    """One change to send; `gone` when phones do not keep the thing (any longer), whatever its data."""

    seq: int
    kind: str
    id: str
    gone: bool = False
    entry: EntryColumns = ()


def current_epoch(session: Session) -> str:
    """The name of this log's life."""
    return session.scalars(select(CursorEpoch.epoch)).one()


_AFTER, _HEAD, _FIRST, _MOST = (bindparam(name, type_=BigInteger()) for name in ("after", "head", "first", "most"))
_WHERE_THE_LOG_ENDS = select(
    CursorEpoch.epoch,
    func.coalesce(select(func.max(Change.seq)).scalar_subquery(), 0),
    func.coalesce(select(func.max(SightLost.seq)).scalar_subquery(), 0),
)


def changes_since(
    session: Session, viewer: Viewer, cursor: str | None, now: dt.datetime, limit: int = PAGE
) -> ChangePage:
    """The next page of changes for this viewer, oldest first."""
    epoch, last_change, last_loss = read(session, _WHERE_THE_LOG_ENDS, {})[0]
    head = max(last_change, last_loss)
    begin = Cursor(0, head, cursors.to_ms(now))
    reached = begin if cursor is None else cursors.read(cursor, epoch, viewer)
    if reached is None or reached.seq > head:
        return ChangePage([], cursors.write(begin, epoch, viewer), more=False, reset=True, epoch=epoch)
    by_time = [_Row(*row) for row in turned(session, viewer, reached, now, allowed)]
    if reached.seq:
        ended = grants_ended(session, viewer, reached.at, now)
        by_time += [_Row(reached.seq, "client", client_id, gone=True) for client_id in ended]
    rows = sorted(
        [*_changed(session, viewer, reached, head, now, limit), *_lost(session, viewer, reached, head, limit)],
        key=lambda row: row.seq,
    )
    page = rows[:limit]
    again = _dress(session, viewer, by_time, now, first=0)
    dressed = [*again, *_dress(session, viewer, page, now, first=reached.first)]
    sent = bounded(dressed, least=len(again) + 1)
    _note_shown(session, viewer, reached, dressed[: len(sent)], now)
    more = len(rows) > limit or len(sent) < len(dressed)
    end = head if not more else dressed[len(sent) - 1].seq if len(sent) < len(dressed) else page[-1].seq
    return ChangePage(sent, cursors.write(reached.to(end, now), epoch, viewer), more, reset=False, epoch=epoch)


def _note_shown(session: Session, viewer: Viewer, cursor: Cursor, sent: Sequence[ChangeOut], now: dt.datetime) -> None:
    """For the read log: what travels of whom. What a first sync has announced as a whole is not said again."""
    if SHOWN_IN_SESSION not in session.info:
        return
    announced = _announced(session, viewer, cursor, sent, now)
    reader_id = str(viewer.staff_id)
    for change in sent:
        data = change.data
        if data is None or change.seq <= announced:
            continue
        if client_id := _client_of(change):
            own = change.kind == "entry" and data["author_id"] == reader_id
            shown_in_sync(session, client_id, change.kind, change.id, is_own=own)


def _announced(session: Session, viewer: Viewer, cursor: Cursor, sent: Sequence[ChangeOut], now: dt.datetime) -> int:
    """Up to which number the rows of this first sync stand for what travels; -1: for nothing."""
    if access.sees_only_housing(viewer.role):  # gets too little of a client for «all» to be true
        return -1
    if cursor.seq == 0:
        seen = read(session, _in_sight(viewer.role), who(viewer))
        whole_in_sync(session, [one for (one,) in seen], now - dt.timedelta(days=KEPT_DAYS), now, cursor.first)
        return cursor.first
    if cursor.seq >= cursor.first:
        return -1
    client_id = next((_client_of(change) for change in sent if _client_of(change)), None)
    return cursor.first if client_id and is_whole_logged(session, client_id, cursor.first) else -1


@cache
def _in_sight(role: str) -> Select[Any]:
    seen = clients_on_phones(whoever(role)).subquery()
    return select(as_json(seen.c.client_id)).distinct()


def _client_of(change: ChangeOut) -> str | None:
    """Whom it shows something of; that one is a duplicate of another shows nothing."""
    if change.kind == "client" and "merged_into" in (change.data or {}):
        return None
    found = change.id if change.kind == "client" else (change.data or {}).get("client_id")
    return str(found) if found and change.data is not None else None


def bounded(changes: list[ChangeOut], least: int = 1) -> list[msgspec.Raw]:
    """The first of these that fit on one page, never fewer than `least`, as JSON."""
    texts = [_ENCODER.encode(change) for change in changes]
    while len(texts) > least and not _fits(texts):
        texts = texts[: max(len(texts) // 2, least)]
    return [msgspec.Raw(text) for text in texts]


def _fits(texts: list[bytes]) -> bool:
    text = b"[%b]" % b",".join(texts)
    if len(text) <= MOST_COMPRESSED:
        return True
    return len(text) <= MOST_BYTES and len(zlib.compress(text, 1)) <= MOST_COMPRESSED


def _changed(session: Session, viewer: Viewer, cursor: Cursor, head: int, now: dt.datetime, limit: int) -> list[_Row]:
    if cursor.seq == head:
        return []
    of_page = {"after": cursor.seq, "head": head, "first": cursor.first, "most": limit + 1}
    kept_from = now - dt.timedelta(days=KEPT_DAYS)
    rows = read(session, _page(viewer.role), who(viewer) | of_page | {"kept_from": kept_from})
    return [_Row(row[0], row[1], row[2], row[3], row[4:]) for row in rows]


@cache
def _page(role: str) -> Select[Any]:
    """What phones do not keep is left out of a first sync; afterwards it is sent as gone where it has changed."""
    kept_from = bindparam("kept_from", type_=UtcDateTime())
    old_entry = and_(Change.kind == "entry", Entry.received_at < kept_from)
    old_case = and_(Change.kind == "case", Case.closed_at.is_not(None), Case.closed_at < kept_from)
    corrected = or_(EntryState.struck_by.is_not(None), EntryState.amended_by.is_not(None), is_expired(Entry))
    viewer = whoever(role)
    barred = or_(
        and_(Change.kind == "entry", Change.subject_id.in_(hidden_entries(viewer))),
        and_(Change.kind == "case", Change.subject_id.in_(hidden_cases(viewer))),
        and_(Change.kind == "fact", Change.subject_id.in_(hidden_facts(viewer))),
    )
    is_gone = or_(old_entry, old_case, barred)
    is_sent = or_(~is_gone, and_(Change.seq > _FIRST, or_(old_case, corrected, barred)))
    # Not even that one was moved out of the record: its id alone says that it is there.
    of_entry = [kind for kind, of in GONE_FROM.items() if of == "entry"]
    was_read = or_(Change.kind.not_in(of_entry), Change.subject_id.not_in(unread_entries(role)))
    query = select(Change.seq, Change.kind, as_json(Change.subject_id), is_gone, *COLUMNS)
    return (
        with_entries(query)
        .outerjoin(Case, and_(Change.kind == "case", Case.id == Change.subject_id))
        .where(Change.seq > _AFTER, Change.seq <= _HEAD, allowed(viewer), is_sent, is_read_by(role), was_read)
        .order_by(Change.seq)
        .limit(_MOST)
    )


def allowed(viewer: Viewer) -> ColumnElement[bool]:
    """The access rules as one condition on `Change`: the client decides; without a client the team; for people,
    sharing a team.

    A CASE, so that the log is read in the order of its numbers and no further than the page is long.
    """
    kinds = {kind for kind in _KINDS if access.receives(viewer, kind)}
    own_kinds = {kind for kind in _KINDS if access.receives(viewer, kind, own=True)} - kinds
    within_reach = case(
        (Change.client_id.is_not(None), Change.client_id.in_(clients_on_phones(viewer))),
        # A colleague's safety is their team's, but not of those for whom the client they are with does not exist.
        (and_(Change.kind == "alert", Change.subject_id.in_(_about_hidden(viewer))), false()),
        else_=Change.team_id.in_(viewer.team_ids),
    )
    # What one wrote oneself follows the same rule: a client out of sight is out of sight with all about it.
    own = [(Change.kind == kind, and_(_is_own(viewer, kind), within_reach)) for kind in sorted(own_kinds)]
    return case(
        (Change.kind == "staff", Change.subject_id.in_(colleagues(viewer).union(former_colleagues(viewer)))),
        (Change.kind == "team", Change.subject_id.in_(viewer.team_ids)),
        (Change.kind.in_(sorted(kinds)), within_reach),
        *own,
        else_=false(),
    )


def _about_hidden(viewer: Viewer) -> Select[uuid.UUID]:
    own = Alert.staff_id.is_not_distinct_from(viewer.staff_id)
    return select(Alert.id).where(Alert.client_id.in_(hidden_clients(viewer)), ~own)


def _is_own(viewer: Viewer, kind: str) -> ColumnElement[bool]:
    if kind in ("entry", LEFT):
        return Change.subject_id.in_(select(Entry.id).where(Entry.author_id == viewer.staff_id))
    if kind == "fact":
        return Change.subject_id.in_(select(SharedFact.id).where(SharedFact.staff_id == viewer.staff_id))
    if kind == "case":
        return Change.subject_id.in_(select(Case.id).where(Case.opened_by == viewer.staff_id))
    return false()


_KINDS = (
    *("client", "entry", "case", "alert", "absence", "agreement", "risk", "plan", "task", "staff", "team", "duty"),
    *("hours", "hand_over", "visit", "fact", "contact_person", "housing", "decision", "handover", "planned", "board"),
    *GONE_FROM,
)


def _lost(session: Session, viewer: Viewer, cursor: Cursor, head: int, limit: int) -> list[_Row]:
    after = max(cursor.seq, cursor.first)
    if after == head:
        return []
    rows = read(session, _lost_page(viewer.role), who(viewer) | {"after": after, "head": head, "most": limit + 1})
    return [_Row(seq, "client", client_id, gone=True) for seq, client_id in rows]


@cache
def _lost_page(role: str) -> Select[Any]:
    viewer = whoever(role)
    return (
        select(SightLost.seq, as_json(SightLost.client_id))
        .where(SightLost.staff_id == viewer.staff_id, SightLost.seq > _AFTER, SightLost.seq <= _HEAD)
        .where(SightLost.client_id.not_in(clients_on_phones(viewer)))
        .order_by(SightLost.seq)
        .limit(_MOST)
    )


def _dress(session: Session, viewer: Viewer, rows: Sequence[_Row], now: dt.datetime, *, first: int) -> list[ChangeOut]:
    """Put its data to each change. What is gone is `removed`; up to `first` the phone never had it, and is not told."""
    entries = entry_data(session, viewer, [row.entry for row in rows if row.kind == "entry" and not row.gone])
    others = load(session, viewer, [(row.kind, row.id) for row in rows if row.kind != "entry" and not row.gone], now)
    dressed = []
    for row in rows:
        data = None if row.gone else entries.get(row.id) if row.kind == "entry" else others.get((row.kind, row.id))
        if data is not None:
            if row.kind not in GONE_FROM:  # else it is seen in the record it was moved to
                dressed.append(ChangeOut(kind=row.kind, id=row.id, seq=row.seq, data=data))
        elif row.seq > first:
            # What has its entry's id goes with it.
            gone = GONE_FROM.get(row.kind, row.kind)
            kinds = ("entry", "agreement", *NAMED_BY_ENTRY) if row.kind == LEFT else (gone,)
            dressed += [ChangeOut(kind=kind, id=row.id, seq=row.seq, removed=True) for kind in kinds]
    return dressed

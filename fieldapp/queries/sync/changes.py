"""What a phone has to know since its cursor: the only source of what travels down.

Invariant: a phone that followed along holds what a new one would get. So whoever asks sees every change with a lower
number, or could have seen it (models/change.py), and besides what the passing of time alone has changed (turned.py).
A page ends where its last change stands, and fits what a poor network carries.
"""

import datetime as dt
import uuid
import zlib
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Case, Change, CursorEpoch, Entry, EntryState, SightLost
from fieldapp.models.change import LEFT, last_seq
from fieldapp.queries.sync import cursors
from fieldapp.queries.sync.change_data import load
from fieldapp.queries.sync.cursors import Cursor
from fieldapp.queries.sync.turned import turned
from fieldapp.queries.visible import colleagues, former_colleagues, visible_clients
from sync.envelope import Change as ChangeOut

PAGE = 500
KEPT_DAYS = 30
"""How long phones keep an entry after it came in, and a case after it was closed."""
MOST_BYTES = 512 * 1024
MOST_COMPRESSED = 128 * 1024
"""Of one page: about four seconds at 300 kbit/s."""


@dataclass(frozen=True)
class ChangePage:
    """One page of changes; `reset`: the cursor fits nothing here, begin again from none."""

    changes: list[ChangeOut]
    cursor: str
    more: bool
    reset: bool


@dataclass(frozen=True)
class _Row:
    """One change to send; `gone` when phones do not keep the thing (any longer), whatever its data."""

    seq: int
    kind: str
    subject_id: uuid.UUID
    gone: bool = False


def current_epoch(session: Session) -> str:
    """The name of this log's life."""
    return session.scalars(select(CursorEpoch.epoch)).one()


def changes_since(
    session: Session, viewer: Viewer, cursor: str | None, now: dt.datetime, limit: int = PAGE
) -> ChangePage:
    """The next page of changes for this viewer, oldest first."""
    epoch = current_epoch(session)
    head = last_seq(session)
    begin = Cursor(0, head, cursors.to_ms(now))
    read = begin if cursor is None else cursors.read(cursor, epoch, viewer)
    if read is None or read.seq > head:
        return ChangePage([], cursors.write(begin, epoch, viewer), more=False, reset=True)
    by_time = [_Row(*row) for row in turned(session, viewer, read, now, allowed(viewer))]
    rows = sorted(
        [*_changed(session, viewer, read, head, now, limit), *_lost(session, viewer, read, head, limit)],
        key=lambda row: row.seq,
    )
    page = rows[:limit]
    again = _dress(session, viewer, by_time, now, first=0)
    dressed = [*again, *_dress(session, viewer, page, now, first=read.first)]
    sent = bounded(dressed, least=len(again) + 1)
    more = len(rows) > limit or len(sent) < len(dressed)
    end = head if not more else sent[-1].seq if len(sent) < len(dressed) else page[-1].seq
    return ChangePage(sent, cursors.write(read.to(end, now), epoch, viewer), more, reset=False)


def bounded(changes: list[ChangeOut], least: int = 1) -> list[ChangeOut]:
    """The first of these that fit on one page, never fewer than `least`."""
    while len(changes) > least and not _fits(changes):
        changes = changes[: max(len(changes) // 2, least)]
    return changes


def _fits(changes: list[ChangeOut]) -> bool:
    text = msgspec.json.encode(changes)
    if len(text) <= MOST_COMPRESSED:
        return True
    return len(text) <= MOST_BYTES and len(zlib.compress(text, 1)) <= MOST_COMPRESSED


def _changed(session: Session, viewer: Viewer, read: Cursor, head: int, now: dt.datetime, limit: int) -> list[_Row]:
    """What phones do not keep is left out of a first sync; afterwards it is sent as gone where it has changed."""
    kept_from = now - dt.timedelta(days=KEPT_DAYS)
    old_entry = and_(Change.kind == "entry", Entry.received_at < kept_from)
    old_case = and_(Change.kind == "case", Case.closed_at.is_not(None), Case.closed_at < kept_from)
    corrected = or_(EntryState.struck_by.is_not(None), EntryState.amended_by.is_not(None))
    is_gone = or_(old_entry, old_case)
    is_sent = or_(~is_gone, and_(Change.seq > read.first, or_(old_case, corrected)))
    query = (
        select(Change.seq, Change.kind, Change.subject_id, is_gone)
        .outerjoin(Entry, and_(Change.kind == "entry", Entry.id == Change.subject_id))
        .outerjoin(EntryState, EntryState.entry_id == Entry.id)
        .outerjoin(Case, and_(Change.kind == "case", Case.id == Change.subject_id))
        .where(Change.seq > read.seq, Change.seq <= head, allowed(viewer), is_sent)
        .order_by(Change.seq)
        .limit(limit + 1)
    )
    return [_Row(*row) for row in session.execute(query)]


def allowed(viewer: Viewer) -> ColumnElement[bool]:
    """The access rules as one condition on `Change`: the client decides; without a client the team; for people,
    sharing a team."""
    kinds = {kind for kind in _KINDS if access.receives(viewer, kind)}
    own_kinds = {kind for kind in _KINDS if access.receives(viewer, kind, own=True)}
    of_client = Change.client_id.in_(visible_clients(viewer))
    of_team = and_(Change.client_id.is_(None), Change.team_id.in_(viewer.team_ids))
    own_entry = and_(
        Change.kind.in_(("entry", LEFT)),
        Change.subject_id.in_(select(Entry.id).where(Entry.author_id == viewer.staff_id)),
    )
    own_case = and_(
        Change.kind == "case", Change.subject_id.in_(select(Case.id).where(Case.opened_by == viewer.staff_id))
    )
    # What one wrote oneself follows the same rule: a client out of sight is out of sight with all about it.
    within_reach = or_(of_client, of_team)
    return or_(
        and_(Change.kind.in_(kinds - {"staff", "team"}), within_reach),
        and_(Change.kind.in_(own_kinds), or_(own_entry, own_case), within_reach),
        and_(Change.kind == "staff", Change.subject_id.in_(colleagues(viewer).union(former_colleagues(viewer)))),
        and_(Change.kind == "team", Change.subject_id.in_(viewer.team_ids)),
    )


_KINDS = (
    *("client", "entry", "case", "alert", "absence", "agreement", "risk", "plan", "task", "staff", "team", "duty"),
    *("hours", "hand_over", "visit", LEFT),
)


def _lost(session: Session, viewer: Viewer, read: Cursor, head: int, limit: int) -> list[_Row]:
    query = (
        select(SightLost.seq, SightLost.client_id)
        .where(SightLost.staff_id == viewer.staff_id, SightLost.seq <= head)
        .where(SightLost.seq > max(read.seq, read.first), SightLost.client_id.not_in(visible_clients(viewer)))
        .order_by(SightLost.seq)
        .limit(limit + 1)
    )
    return [_Row(seq, "client", client_id, gone=True) for seq, client_id in session.execute(query)]


def _dress(session: Session, viewer: Viewer, rows: list[_Row], now: dt.datetime, *, first: int) -> list[ChangeOut]:
    """Put its data to each change. What is gone is `removed`; up to `first` the phone never had it, and is not told."""
    data = load(session, viewer, [(row.kind, row.subject_id) for row in rows if not row.gone], now)
    dressed = []
    for row in rows:
        found = data.get((row.kind, row.subject_id)) if not row.gone else None
        if found is not None:
            if row.kind != LEFT:  # else it is seen in the record it was moved to
                dressed.append(ChangeOut(kind=row.kind, id=str(row.subject_id), seq=row.seq, data=found))
        elif row.seq > first:
            # A watch agreement has its entry's id, and goes with it.
            kinds = ("entry", "agreement") if row.kind == LEFT else (row.kind,)
            dressed += [ChangeOut(kind=kind, id=str(row.subject_id), seq=row.seq, removed=True) for kind in kinds]
    return dressed

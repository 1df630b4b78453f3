"""What a phone has to know since its cursor: the only source of what travels down.

The cursor is a number in the change log (models/change.py), tied to its epoch and to the person. Whoever asks sees
every change with a lower number or could have seen it; a page ends where its last change stands.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.models import Case, Change, CursorEpoch, Entry, SightLost
from fieldapp.models.change import LEFT, last_seq
from fieldapp.queries.change_data import load
from fieldapp.queries.visible import colleagues, visible_clients
from sync.envelope import Change as ChangeOut

PAGE = 500
OLDER_PAGE = 200
KEPT_DAYS = 30
CLOSED = ("resolved", "evicted", "closed")


@dataclass(frozen=True)
class ChangePage:
    """One page of changes; `reset`: the cursor fits nothing here, begin again from none."""

    changes: list[ChangeOut]
    cursor: str
    more: bool
    reset: bool


def changes_since(
    session: Session, viewer: Viewer, cursor: str | None, now: dt.datetime, limit: int = PAGE
) -> ChangePage:
    """The next page of changes for this viewer, oldest first."""
    epoch = session.scalars(select(CursorEpoch.epoch)).one()
    head = last_seq(session)
    after = 0 if cursor is None else _read(cursor, epoch, viewer)
    if after is None or after > head:
        return ChangePage([], _write(epoch, viewer, 0), more=False, reset=True)
    rows = _changed(session, viewer, after, head, now, limit)
    lost = _lost(session, viewer, after, head, limit) if cursor is not None else []
    merged = sorted([*rows, *lost], key=lambda row: row[0])
    page = merged[:limit]
    more = len(merged) > limit or len(rows) > limit or len(lost) > limit
    return ChangePage(
        changes=_dress(session, viewer, page, now, first=cursor is None),
        cursor=_write(epoch, viewer, page[-1][0] if more else head),
        more=more,
        reset=False,
    )


def older_entries(
    session: Session, viewer: Viewer, client_id: uuid.UUID, before: int | None, now: dt.datetime
) -> list[ChangeOut]:
    """Entries of one client from before a change number, newest first: what a phone does not keep."""
    query = (
        select(Change.seq, Change.kind, Change.subject_id)
        .outerjoin(Entry, Entry.id == Change.subject_id)
        .where(Change.kind == "entry", Change.client_id == client_id, _allowed(viewer))
        .order_by(Change.seq.desc())
        .limit(OLDER_PAGE)
    )
    if before is not None:
        query = query.where(Change.seq < before)
    return _dress(
        session, viewer, [(row.seq, row.kind, row.subject_id) for row in session.execute(query)], now, first=True
    )


Row = tuple[int, str, uuid.UUID]


def _changed(session: Session, viewer: Viewer, after: int, head: int, now: dt.datetime, limit: int) -> list[Row]:
    recent = Entry.received_at >= now - dt.timedelta(days=KEPT_DAYS)
    query = (
        select(Change.seq, Change.kind, Change.subject_id)
        .outerjoin(Entry, and_(Change.kind == "entry", Entry.id == Change.subject_id))
        .where(Change.seq > after, Change.seq <= head, _allowed(viewer), or_(Change.kind != "entry", recent))
        .order_by(Change.seq)
        .limit(limit + 1)
    )
    if after == 0:
        closed = select(Case.id).where(Case.status.in_(CLOSED))
        query = query.where(or_(Change.kind != "case", Change.subject_id.not_in(closed)))
    return [(row.seq, row.kind, row.subject_id) for row in session.execute(query)]


def _allowed(viewer: Viewer) -> ColumnElement[bool]:
    """The access rules as one condition: the client decides; without a client the team; for people, sharing a team."""
    kinds = {kind for kind in _KINDS if access.receives(viewer, kind)}
    own_kinds = {kind for kind in _KINDS if access.receives(viewer, kind, own=True)}
    of_client = Change.client_id.in_(visible_clients(viewer))
    of_team = and_(Change.client_id.is_(None), Change.team_id.in_(viewer.team_ids))
    own_entry = and_(Change.kind == "entry", Entry.author_id == viewer.staff_id)
    own_case = and_(
        Change.kind == "case", Change.subject_id.in_(select(Case.id).where(Case.opened_by == viewer.staff_id))
    )
    # What one wrote oneself follows the same rule: a client out of sight is out of sight with all about it.
    within_reach = or_(of_client, of_team)
    return or_(
        and_(Change.kind.in_(kinds - {"staff", "team"}), within_reach),
        and_(Change.kind.in_(own_kinds), or_(own_entry, own_case), within_reach),
        and_(Change.kind == "staff", Change.subject_id.in_(colleagues(viewer))),
        and_(Change.kind == "team", Change.subject_id.in_(viewer.team_ids)),
    )


_KINDS = (
    *("client", "entry", "case", "alert", "absence", "agreement", "risk", "plan", "task", "staff", "team", "duty"),
    *("hours", "hand_over", "visit", LEFT),
)


def _lost(session: Session, viewer: Viewer, after: int, head: int, limit: int) -> list[Row]:
    query = (
        select(SightLost.seq, SightLost.client_id)
        .where(SightLost.staff_id == viewer.staff_id, SightLost.seq > after, SightLost.seq <= head)
        .where(SightLost.client_id.not_in(visible_clients(viewer)))
        .order_by(SightLost.seq)
        .limit(limit + 1)
    )
    return [(seq, "client", client_id) for seq, client_id in session.execute(query)]


def _dress(session: Session, viewer: Viewer, rows: list[Row], now: dt.datetime, *, first: bool) -> list[ChangeOut]:
    """Put its data to each change. What is gone is `removed`; a first sync need not hear of what it never had."""
    rows = [row for row in rows if not (first and row[1] == LEFT)]
    data = load(session, viewer, [(kind, subject_id) for _, kind, subject_id in rows], now)
    dressed = []
    for seq, kind, subject_id in rows:
        found = data.get((kind, subject_id))
        if kind == LEFT:
            # A watch agreement has its entry's id, and goes with it.
            gone = ("entry", "agreement") if found is None else ()
            dressed += [ChangeOut(kind=one, id=str(subject_id), seq=seq, removed=True) for one in gone]
        elif found is not None:
            dressed.append(ChangeOut(kind=kind, id=str(subject_id), seq=seq, data=found))
        elif not first:
            dressed.append(ChangeOut(kind=kind, id=str(subject_id), seq=seq, removed=True))
    return dressed


def _write(epoch: str, viewer: Viewer, seq: int) -> str:
    return f"{epoch}.{viewer.staff_id.hex}.{seq}"


def _read(cursor: str, epoch: str, viewer: Viewer) -> int | None:
    """The number in a cursor of this log and this person; None for any other text."""
    parts = cursor.split(".")
    if len(parts) != 3 or parts[:2] != [epoch, viewer.staff_id.hex] or len(parts[2]) > 18:
        return None
    return int(parts[2]) if parts[2].isascii() and parts[2].isdigit() else None

"""What the passing of time alone has changed for a phone since it last synced: no entry came, so no change is numbered.

Invariant: whatever `change_data` computes from the time of sending has its moment here. Else a phone that followed
along would keep showing what a new one would not be told.
"""

import datetime as dt
import uuid
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.models import Absence, Alert, Change, HandOver, TeamHours
from fieldapp.queries.alerts import unresolved
from fieldapp.queries.phones.unsent import unsent_phones
from fieldapp.queries.sync.cursors import Cursor
from fieldapp.queries.visible import visible_clients

_Thing = tuple[str, uuid.UUID]


def turned(
    session: Session, viewer: Viewer, read: Cursor, now: dt.datetime, allowed: ColumnElement[bool]
) -> list[tuple[int, str, uuid.UUID]]:
    """The changes (number, kind, id), oldest first, that were sent before and whose data has turned since."""
    by_kind: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in _things(session, viewer, read.at, now) if read.seq else ():
        by_kind.setdefault(kind, []).append(id_)
    if not by_kind:
        return []
    wanted = or_(*(and_(Change.kind == kind, Change.subject_id.in_(ids)) for kind, ids in by_kind.items()))
    query = select(Change.seq, Change.kind, Change.subject_id).where(wanted, Change.seq <= read.seq, allowed)
    return [(seq, kind, id_) for seq, kind, id_ in session.execute(query.order_by(Change.seq))]


def _things(session: Session, viewer: Viewer, since: dt.datetime, now: dt.datetime) -> Iterator[_Thing]:
    """Also where the server's clock was set back: what had turned has not, then."""
    earlier, later = sorted((since, now))
    yield from (("client", id_) for id_ in _home_again(session, viewer, earlier, later))
    yield from (("hand_over", id_) for id_ in _hand_overs_over(session, viewer, earlier, later))
    yield from (("alert", id_) for id_ in _phones_named_otherwise(session, viewer, earlier, later))
    if day_of(earlier) != day_of(later):  # spans of the coming weeks, by the day
        yield from (
            ("hours", id_)
            for id_ in session.scalars(select(TeamHours.team_id).where(TeamHours.team_id.in_(viewer.team_ids)))
        )


def _home_again(session: Session, viewer: Viewer, earlier: dt.datetime, later: dt.datetime) -> Iterator[uuid.UUID]:
    """A pause is over, or tighter days have begun, at the expected end of an absence."""
    came = Absence.expected_end_at > earlier, Absence.expected_end_at <= later
    query = select(Absence.client_id).where(Absence.client_id.in_(visible_clients(viewer)), *came)
    yield from session.scalars(query.distinct())


def _hand_overs_over(session: Session, viewer: Viewer, earlier: dt.datetime, later: dt.datetime) -> Iterator[uuid.UUID]:
    over = HandOver.until_at > earlier, HandOver.until_at <= later
    teams = or_(HandOver.from_team_id.in_(viewer.team_ids), HandOver.to_team_id.in_(viewer.team_ids))
    yield from session.scalars(select(HandOver.id).where(teams, *over))


def _phones_named_otherwise(
    session: Session, viewer: Viewer, earlier: dt.datetime, later: dt.datetime
) -> Iterator[uuid.UUID]:
    """An alert names the phones that have been quiet for long enough."""
    running = Alert.kind == "not_seen", Alert.state != "resolved", unresolved.visible(viewer)
    rows = session.scalars(select(Alert).where(*running)).all()
    if not rows:
        return
    before, after = unsent_phones(session, rows, earlier), unsent_phones(session, rows, later)
    yield from (alert.id for alert in rows if before[alert.id] != after[alert.id])

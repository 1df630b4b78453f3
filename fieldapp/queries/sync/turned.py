"""What the passing of time alone has changed for a phone since it last synced: no entry came, so no change is numbered.

Invariant: whatever `change_data` computes from the time of sending has its moment here. Else a phone that followed
along would keep showing what a new one would not be told.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, literal, or_, select, union
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.models import (
    Absence,
    AccessGrant,
    Alert,
    Change,
    Client,
    HandOver,
    SharedFact,
    Standing,
    TeamHours,
    Watch,
)
from fieldapp.queries.alerts import unresolved
from fieldapp.queries.json_columns import as_json, read
from fieldapp.queries.phones.unsent import EARLIER, LATER, PERHAPS_NAMED_OTHERWISE, between, unsent_phones
from fieldapp.queries.sync.cursors import Cursor
from fieldapp.queries.visible import clients_on_phones, who, whoever

_Thing = tuple[str, uuid.UUID]


def turned(
    session: Session,
    viewer: Viewer,
    cursor: Cursor,
    now: dt.datetime,
    allowed: Callable[[Viewer], ColumnElement[bool]],
) -> list[tuple[int, str, str]]:
    """The changes (number, kind, id), oldest first, that were sent before and whose data has turned since."""
    by_kind: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in _things(session, viewer, cursor.at, now) if cursor.seq else ():
        by_kind.setdefault(kind, []).append(id_)
    if not by_kind:
        return []
    wanted = or_(*(and_(Change.kind == kind, Change.subject_id.in_(ids)) for kind, ids in by_kind.items()))
    query = select(Change.seq, Change.kind, as_json(Change.subject_id))
    query = query.where(wanted, Change.seq <= cursor.seq, allowed(viewer)).order_by(Change.seq)
    return [(seq, kind, id_) for seq, kind, id_ in read(session, query, {})]


def grants_ended(session: Session, viewer: Viewer, since: dt.datetime, now: dt.datetime) -> list[str]:
    """What a grant alone showed this person, and does no longer: clients and their duplicates."""
    earlier, later = sorted((since, now))
    ended = or_(
        and_(AccessGrant.until_at > earlier, AccessGrant.until_at <= later),
        and_(AccessGrant.ended_at > earlier, AccessGrant.ended_at <= later),
    )
    lost = select(AccessGrant.client_id).where(
        AccessGrant.staff_id == viewer.staff_id,
        AccessGrant.client_id.is_not(None),
        AccessGrant.client_id.not_in(clients_on_phones(viewer)),
        ended,
    )
    query = select(as_json(Client.id)).where(or_(Client.id.in_(lost), Client.merged_into.in_(lost)))
    return [client_id for (client_id,) in read(session, query, {})]


def _things(session: Session, viewer: Viewer, since: dt.datetime, now: dt.datetime) -> Iterator[_Thing]:
    """Also where the server's clock was set back: what had turned has not, then."""
    earlier, later = sorted((since, now))
    found = read(session, _what_perhaps_turned(viewer.role), who(viewer) | between(earlier, later))
    yield from ((kind, id_) for kind, id_ in found if kind != "alert")
    alert_ids = [id_ for kind, id_ in found if kind == "alert"]
    yield from (("alert", id_) for id_ in _named_otherwise(session, alert_ids, earlier, later))
    if day_of(earlier) != day_of(later):  # spans of the coming weeks, by the day
        hours = select(TeamHours.team_id).where(TeamHours.team_id.in_(viewer.team_ids))
        yield from (("hours", id_) for id_ in session.scalars(hours))
        over = select(SharedFact.id).where(SharedFact.stands.is_(True), SharedFact.until_on >= day_of(earlier))
        yield from (("fact", id_) for id_ in session.scalars(over.where(SharedFact.until_on < day_of(later))))


@cache
def _what_perhaps_turned(role: str) -> CompoundSelect[Any]:
    """One question: there is seldom anything."""
    viewer = whoever(role)
    # A pause is over, or tighter days have begun, at the expected end of an absence.
    home_again = (
        select(literal("client"), Absence.client_id)
        .where(Absence.expected_end_at > EARLIER, Absence.expected_end_at <= LATER)
        .where(Absence.client_id.in_(clients_on_phones(viewer)))
    )
    step_home = (
        select(literal("client"), Watch.client_id)
        .where(Watch.paused_until > EARLIER, Watch.paused_until <= LATER)
        .where(Watch.client_id.in_(clients_on_phones(viewer)))
    )
    hand_over_over = (
        select(literal("hand_over"), HandOver.id)
        .where(or_(HandOver.from_team_id.in_(viewer.team_ids), HandOver.to_team_id.in_(viewer.team_ids)))
        .where(HandOver.until_at > EARLIER, HandOver.until_at <= LATER)
    )
    let_go_of = (
        select(Standing.kind, Standing.id)
        .where(or_(Standing.client_id.in_(clients_on_phones(viewer)), Standing.team_id.in_(viewer.team_ids)))
        .where(Standing.gone_at > EARLIER, Standing.gone_at <= LATER)
    )
    phones_named_otherwise = (
        select(literal("alert"), Alert.id)
        .where(Alert.kind == "not_seen", Alert.state != "resolved", unresolved.visible(viewer))
        .where(PERHAPS_NAMED_OTHERWISE)
    )
    return union(home_again, step_home, hand_over_over, let_go_of, phones_named_otherwise)


def _named_otherwise(
    session: Session, alert_ids: list[uuid.UUID], earlier: dt.datetime, later: dt.datetime
) -> Iterator[uuid.UUID]:
    """An alert names the phones that have been quiet for long enough."""
    if alert_ids:
        rows = session.scalars(select(Alert).where(Alert.id.in_(alert_ids))).all()
        before, after = unsent_phones(session, rows, earlier), unsent_phones(session, rows, later)
        yield from (alert.id for alert in rows if before[alert.id] != after[alert.id])

"""When somebody should next be met: the visit that is planned, what was agreed last, or how often it should be.

The same rule as the phone's (views/day.js): what was agreed at a visit holds until they have been met since.
"""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.models import Client, Entry, EntryState, Standing
from fieldapp.models.entry import HAPPENED_AT
from fieldapp.queries.visible import hidden_entries, is_shown
from sync.entry_types import types_that

AGREED_WITHIN = dt.timedelta(days=31)
"""How far back what was agreed is looked for: as far as a phone holds entries."""
_MET = ("seen", "heard", "contact")
_AGREES = types_that(lambda row: "next_contact_on" in row.body.__struct_fields__)


def next_contacts(
    session: Session, viewer: Viewer, client_ids: Collection[uuid.UUID], now: dt.datetime
) -> dict[uuid.UUID, dt.date]:
    """Of these clients, whom the viewer sees, those who should be met by a day. It may be past."""
    met, agreed = _met(session, client_ids), _agreed(session, viewer, client_ids, now)
    found = _planned(session, viewer, client_ids, now)
    query = select(Client.id, Client.contact_interval_days).where(Client.id.in_(client_ids))
    for client_id, days in session.execute(query):
        day = _promised(met.get(client_id), agreed.get(client_id), days)
        if day is not None:
            found[client_id] = min(day, found.get(client_id, day))
    return found


def _promised(met_on: dt.date | None, agreed_on: dt.date | None, days: int | None) -> dt.date | None:
    if agreed_on is not None and (met_on is None or agreed_on > met_on):
        return agreed_on
    return met_on + dt.timedelta(days=days) if met_on and days else None


def _met(session: Session, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """The day each was last met."""
    query = (
        select(EntryState.client_id, func.max(EntryState.contact_at))
        .where(EntryState.client_id.in_(client_ids), EntryState.degree.in_(_MET))
        .group_by(EntryState.client_id)
    )
    return {client_id: day_of(at) for client_id, at in session.execute(query) if client_id is not None}


def _agreed(
    session: Session, viewer: Viewer, client_ids: Collection[uuid.UUID], now: dt.datetime
) -> dict[uuid.UUID, dt.date]:
    """What was said last about when; of what the viewer is not shown nothing."""
    query = (
        select(EntryState.client_id, EntryState.body)
        .join(Entry, Entry.id == EntryState.entry_id)
        .where(EntryState.client_id.in_(client_ids), Entry.type.in_(_AGREES), EntryState.struck_by.is_(None))
        .where(now - AGREED_WITHIN <= HAPPENED_AT, is_shown(viewer))
        .order_by(HAPPENED_AT.desc(), Entry.id.desc())
    )
    found: dict[uuid.UUID, dt.date] = {}
    for client_id, body in session.execute(query):
        if client_id is not None and client_id not in found and body.get("next_contact_on"):
            found[client_id] = dt.date.fromisoformat(body["next_contact_on"])
    return found


def _planned(
    session: Session, viewer: Viewer, client_ids: Collection[uuid.UUID], now: dt.datetime
) -> dict[uuid.UUID, dt.date]:
    """The day of the next planned visit of which the viewer is shown something."""
    coming = select(Standing).where(Standing.client_id.in_(client_ids), Standing.kind == "planned")
    rows = session.scalars(coming.where(Standing.ended_at.is_(None), Standing.due_at >= now)).all()
    found: dict[uuid.UUID, dt.date] = {}
    for row in told_of(session, viewer, rows):
        if row.client_id is not None and row.due_at is not None:
            day = day_of(row.due_at)
            found[row.client_id] = min(day, found.get(row.client_id, day))
    return found


def told_of(session: Session, viewer: Viewer, rows: Collection[Standing]) -> list[Standing]:
    """Of what stands around clients whom the viewer sees, that of which not every entry is barred for them."""
    made_of = {row.id: [uuid.UUID(one) for one in row.entry_ids] for row in rows}
    ids = [one for some in made_of.values() for one in some]
    barred = set(session.scalars(select(Entry.id).where(Entry.id.in_(ids), Entry.id.in_(hidden_entries(viewer)))))
    return [row for row in rows if not barred.issuperset(made_of[row.id])]

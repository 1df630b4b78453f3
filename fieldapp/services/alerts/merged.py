"""What becomes of alerts when the client they are about is merged into another, or taken out of it again.

Invariant: an alert is about the client in whose record its subject stands; of one client at most one `not_seen` is
unresolved.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import State
from fieldapp.models import Absence, Alert, Case, Entry, EntryState, StaffVisit
from fieldapp.services.alerts import ending, lifecycle
from fieldapp.services.casefile import case_file

MERGED = "merged"
"""The resolution of a duplicate's `not_seen` where the client that stands has one already."""


def follow_records(
    session: Session, client_ids: Collection[uuid.UUID], cause: Entry, now: dt.datetime
) -> list[uuid.UUID]:
    """Move what is about these clients to where its subject stands now, ended or not; the ids of what was moved.

    Nobody is rung for that alone: each goes on as it was, with its owner and on its step.
    """
    moved = []
    about = select(Alert).where(Alert.client_id.in_(client_ids)).order_by(Alert.id)
    for alert in session.scalars(about).all():
        record_id = _record_of(session, alert)
        if record_id == alert.client_id:
            continue
        if alert.kind == "not_seen" and alert.state != State.resolved.value:
            _take_on(session, alert, record_id, cause, now)
        lifecycle.move_to_client(session, alert, record_id, now)
        moved.append(alert.id)
    return moved


def _take_on(session: Session, alert: Alert, record_id: uuid.UUID, cause: Entry, now: dt.datetime) -> None:
    """The client that stands goes on with the duplicate's alert, unless it has its own."""
    if lifecycle.unresolved(session, "not_seen", record_id) is None:
        ending.lock(session, alert)
        alert.subject_id = record_id
    else:
        ending.resolve(session, alert, resolution=MERGED, staff_id=cause.author_id, entry_id=cause.id, now=now)


def _record_of(session: Session, alert: Alert) -> uuid.UUID:
    assert alert.client_id is not None  # asked for by client
    if alert.kind == "not_seen":
        return case_file(session).record_of(alert.subject_id)
    subject_id = alert.case_id or alert.subject_id
    stands: Any = session.get(_SUBJECTS.get(alert.kind, EntryState), subject_id)
    found: uuid.UUID | None = stands.client_id if stands is not None else None
    return found or case_file(session).record_of(alert.client_id)


_SUBJECTS = {"crisis": Case, "case_deadline": Case, "absence_overdue": Absence, "staff_overdue": StaffVisit}
"""Where the subject of each kind stands; of the others it is an entry."""

"""For `verify`: would every phone get everything? Each thing has its row in the change log, for whom it is meant."""

import uuid
from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.models import Alert, Change, Entry, EntryState, Staff, Team
from fieldapp.models.change import Touched, noted

_NEVER_GOES = ("entry", "alert", "team", "staff")
"""Of these each row stands for ever; of the others only its change may be left, when its entry was taken back."""
Key = tuple[str, uuid.UUID]
Meant = tuple[uuid.UUID | None, uuid.UUID | None]


def take_changes(session: Session) -> dict[Key, Meant]:
    """The change log as it stands, taken out of this (copied) database: a rebuild would note again what is in it."""
    query = select(Change.kind, Change.subject_id, Change.client_id, Change.team_id)
    standing = {
        (kind, subject_id): (client_id, team_id) for kind, subject_id, client_id, team_id in session.execute(query)
    }
    session.execute(delete(Change))
    return standing


def wrong_changes(session: Session, standing: dict[Key, Meant]) -> Iterator[str]:
    """What phones would not be told, or told for others; asked right after a rebuild, which notes what it computed."""
    wanted = {(kind, subject_id): (client_id, team_id) for kind, subject_id, client_id, team_id in _wanted(session)}
    for (kind, subject_id), meant in sorted(wanted.items(), key=str):
        if (kind, subject_id) not in standing:
            yield f"change {kind}/{subject_id}: mangler, så ingen telefon får det"
        elif standing[kind, subject_id] != meant:
            yield f"change {kind}/{subject_id}: går til andre enn de det er for"
    known = _named(session)
    for kind, subject_id in sorted(standing.keys() - wanted.keys(), key=str):
        if kind in _NEVER_GOES or subject_id not in known:
            yield f"change {kind}/{subject_id}: er om noe ingen oppføring nevner"


def _wanted(session: Session) -> Iterator[Touched]:
    yield from noted(session)
    for entry, state in session.execute(select(Entry, EntryState).join(EntryState)):
        yield "entry", entry.id, state.record_of(entry), entry.team_id
    for alert in session.execute(select(Alert.id, Alert.kind, Alert.client_id, Alert.team_id)):
        yield "alert", alert.id, None if alert.kind in ABOUT_STAFF else alert.client_id, alert.team_id
    for team_id in session.scalars(select(Team.id)):
        yield "team", team_id, None, team_id
    for staff_id in session.scalars(select(Staff.id).where(Staff.role != access.PARTNER)):
        yield "staff", staff_id, None, None


def _named(session: Session) -> set[uuid.UUID | None]:
    """The ids that entries mention."""
    query = select(Entry.id, Entry.client_id, Entry.subject_id, Entry.case_id)
    of_alerts = session.scalars(select(Alert.id))
    return {id_ for row in session.execute(query) for id_ in row} | set(of_alerts)

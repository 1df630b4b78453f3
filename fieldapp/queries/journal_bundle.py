"""What of one client's record is handed to a journal elsewhere: the card, the entries, and what stands."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.access import PARTLY_SHARED, Viewer, may_hand_on
from fieldapp.models.access import listed_clients
from fieldapp.queries import entries, standing
from fieldapp.queries.clients import ClientCard, one_client
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.standing import Stands
from sync.entry_types import types_that

_TOLD = types_that(lambda row: row.timeline == "client") - PARTLY_SHARED


@dataclass(frozen=True)
class Record:
    """The client as whoever hands the record on sees it.

    `entries`: what was written of the client and stands, the oldest first; not what is about staff or private.
    `around`: what stands, by kind.
    """

    card: ClientCard
    entries: Sequence[EntryRow]
    around: Mapping[str, Sequence[Stands]]


def is_handed_on(session: Session, viewer: Viewer, client_id: UUID) -> bool:
    """Whether the person takes out the record of a client whom they see: nobody does of code 6."""
    return may_hand_on(viewer) and client_id not in set(session.scalars(listed_clients()))


def record_of(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> Record | None:
    """For the leader of a team that follows; None for everybody else. A client of code 6 is in no export."""
    card = one_client(session, viewer, client_id, now) if may_hand_on(viewer) else None
    if card is None or not is_handed_on(session, viewer, client_id):
        return None
    told = entries.entries_of_client(session, viewer, client_id, limit=None)
    kept = [one for one in reversed(told) if one.type in _TOLD and not one.struck and not one.body.get("private")]
    return Record(card, kept, standing.of_client(session, viewer, client_id, now))

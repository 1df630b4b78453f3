"""Meetings about a board while they go on: begun, written in, dropped. What they decide and end in goes through the
write door; here is only what would be lost when a tab is closed.

A draft belongs to whoever runs the meeting. The ids handed in are of what the caller has shown that person.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from fieldapp.models import MeetingDraft, MeetingNote
from fieldapp.models.merged import all_of
from fieldapp.services.writing import insert_new
from sync.ids import uuid7

KEPT_FOR = dt.timedelta(days=30)
"""How long a meeting that nobody ended is kept."""


def begin(
    session: Session, team_id: uuid.UUID, staff_id: uuid.UUID, client_ids: Sequence[uuid.UUID], now: dt.datetime
) -> uuid.UUID:
    """Begin a meeting with these clients in this order; its id. One that goes on already stands."""
    row = {
        "id": uuid7(),
        "team_id": team_id,
        "staff_id": staff_id,
        "begun_at": now,
        "client_ids": [str(one) for one in client_ids],
        "with_staff": [],
    }
    insert_new(session, MeetingDraft, [row])  # the button may be pressed twice at once
    mine = MeetingDraft.team_id == team_id, MeetingDraft.staff_id == staff_id
    return session.scalars(select(MeetingDraft.id).where(*mine)).one()


def keep_note(session: Session, meeting_id: uuid.UUID, client_id: uuid.UUID, words: str | None) -> bool:
    """Keep what is said about this client, in place of what was kept; nothing when there are no words. False: the
    meeting has ended."""
    if hold(session, meeting_id) is None:
        return False
    about = MeetingNote.meeting_id == meeting_id, MeetingNote.client_id.in_(all_of(client_id))
    session.execute(delete(MeetingNote).where(*about))
    if words is not None:
        session.add(MeetingNote(meeting_id=meeting_id, client_id=client_id, words=words))
    session.flush()
    return True


def keep_about(
    session: Session, meeting_id: uuid.UUID, with_staff: Sequence[uuid.UUID], others: str | None, minutes: str | None
) -> bool:
    """Keep who is there, and what was said about no client in particular. False: the meeting has ended."""
    draft = hold(session, meeting_id)
    if draft is None:
        return False
    draft.with_staff = [str(one) for one in with_staff]
    draft.others, draft.minutes = others, minutes
    session.flush()
    return True


def drop(session: Session, meeting_id: uuid.UUID) -> None:
    """Let go of all that was written: it stands in an entry, or nobody wants it."""
    session.execute(delete(MeetingNote).where(MeetingNote.meeting_id == meeting_id))
    session.execute(delete(MeetingDraft).where(MeetingDraft.id == meeting_id))


def is_forgotten(now: dt.datetime) -> ColumnElement[bool]:
    """Which meetings that goes for, in a query."""
    return MeetingDraft.begun_at <= now - KEPT_FOR


def drop_forgotten(session: Session, now: dt.datetime) -> int:
    """Let go of meetings that nobody ended; how many."""
    old = session.scalars(select(MeetingDraft.id).where(is_forgotten(now))).all()
    for meeting_id in old:
        drop(session, meeting_id)
    return len(old)


def hold(session: Session, meeting_id: uuid.UUID) -> MeetingDraft | None:
    """The draft, in which nobody writes and which nobody drops until this transaction is over; None: it has ended."""
    query = select(MeetingDraft).where(MeetingDraft.id == meeting_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))

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


def keep_note(session: Session, meeting_id: uuid.UUID, client_id: uuid.UUID, words: str | None) -> None:
    """Keep what is said about this client, in place of what was kept; nothing when there are no words."""
    if _held(session, meeting_id) is None:
        return
    note = session.get(MeetingNote, (meeting_id, client_id))
    if words is None:
        if note is not None:
            session.delete(note)
    elif note is None:
        session.add(MeetingNote(meeting_id=meeting_id, client_id=client_id, words=words))
    else:
        note.words = words
    session.flush()


def keep_about(
    session: Session, meeting_id: uuid.UUID, with_staff: Sequence[uuid.UUID], others: str | None, minutes: str | None
) -> None:
    """Keep who is there, and what was said about no client in particular."""
    draft = _held(session, meeting_id)
    if draft is None:
        return
    draft.with_staff = [str(one) for one in with_staff]
    draft.others, draft.minutes = others, minutes
    session.flush()


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


def _held(session: Session, meeting_id: uuid.UUID) -> MeetingDraft | None:
    """The draft, kept from being dropped meanwhile; None: what comes late is not needed."""
    return session.scalar(select(MeetingDraft).where(MeetingDraft.id == meeting_id).with_for_update())

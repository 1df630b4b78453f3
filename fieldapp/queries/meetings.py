"""A meeting about a board, one client at a time: while it goes on, and as it was entered.

Invariants: of a meeting that goes on its own reader alone is told; each client is shown as on the board, and nobody
beside the one.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.domain.board import initials
from fieldapp.models import ClientTeam, Entry, MeetingDraft, MeetingNote, Team
from fieldapp.queries import board, clients, duty, entries, standing
from fieldapp.queries.board import Card
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import client_names
from fieldapp.queries.standing import Stands
from fieldapp.queries.visible import visible_clients

KIND = "board"
_MOST_EARLIER = 10


@dataclass(frozen=True)
class Draft:
    """A meeting that goes on, and what is written in it about no client in particular."""

    id: UUID
    team_id: UUID
    begun_at: dt.datetime
    client_ids: tuple[UUID, ...]
    """Who was up when it began, in the order of the board then."""
    with_staff: tuple[UUID, ...]
    others: str | None
    minutes: str | None


@dataclass(frozen=True)
class Seat:
    """One client, while the meeting talks about them. `card` None: taken down."""

    client_id: UUID
    client: str
    is_followed_up: bool
    card: Card | None
    note: str | None
    is_read_by_all: bool
    """Whether everybody who reads the minutes sees the client: only then may the minutes say something."""
    owners: tuple[tuple[UUID, str], ...]
    tasks: tuple[Stands, ...]


@dataclass(frozen=True)
class Held:
    """A meeting that was entered, and what stands of what it decided."""

    entry: EntryRow
    team: str | None
    decisions: tuple[Stands, ...]


def going_on(session: Session, viewer: Viewer, team_id: UUID) -> Draft | None:
    """The meeting this person has begun with the team, and neither entered nor dropped."""
    mine = MeetingDraft.team_id == team_id, MeetingDraft.staff_id == viewer.staff_id
    row = session.scalar(select(MeetingDraft).where(*mine, MeetingDraft.team_id.in_(viewer.team_ids)))
    if row is None:
        return None
    client_ids, with_staff = (tuple(map(UUID, ids)) for ids in (row.client_ids, row.with_staff))
    return Draft(row.id, row.team_id, row.begun_at, client_ids, with_staff, row.others, row.minutes)


def order(session: Session, viewer: Viewer, draft: Draft) -> list[UUID]:
    """Everybody the meeting goes through: who was up when it began, then who has come up since."""
    up = board.ids_in_order(session, viewer, draft.team_id)
    return [*draft.client_ids, *(one for one in up if one not in draft.client_ids)]


def seat(session: Session, viewer: Viewer, draft: Draft, client_id: UUID, now: dt.datetime) -> Seat | None:
    """One client of the meeting; None: they are not shown to this person (any longer)."""
    client = board.client_of_team(session, viewer, draft.team_id, client_id)
    if client is None:
        return None
    owners = clients.may_be_primary_each(session, [client_id]).get(client_id, [])
    note = session.get(MeetingNote, (draft.id, client_id))
    return Seat(
        client_id=client_id,
        client=client.name,
        is_followed_up=client.is_followed_up,
        card=board.whole_card_of(session, viewer, draft.team_id, client_id, now),
        note=note.words if note else None,
        is_read_by_all=_readers(session, draft.team_id) <= {staff_id for staff_id, _ in owners},
        owners=tuple(owners),
        tasks=tuple(standing.tasks_of_client(session, viewer, client_id)),
    )


def minutes_of(session: Session, viewer: Viewer, draft: Draft) -> str:
    """All that was written, in the order of the meeting: about whom stands by initials.

    Of a client whom somebody in the team does not see nothing is said: the whole team reads it.
    """
    query = select(MeetingNote.client_id, MeetingNote.words).where(MeetingNote.meeting_id == draft.id)
    in_sight = MeetingNote.client_id.in_(visible_clients(viewer).where(ClientTeam.team_id == draft.team_id))
    words = {row.client_id: row.words for row in session.execute(query.where(in_sight))}
    names = client_names(session, words)
    read_by_all = _read_by_all(session, draft.team_id, words)
    lines = [
        f"{initials(names[one])}: {words[one]}"
        for one in order(session, viewer, draft)
        if one in words and one in read_by_all
    ]
    return "\n\n".join(filter(None, [draft.minutes, *lines]))


def held(session: Session, viewer: Viewer, meeting_id: UUID) -> Held | None:
    """A meeting that was entered; None: there is none for this person."""
    entry = entries.meeting(session, viewer, meeting_id)
    if entry is None:
        return None
    team = session.scalar(select(Team.name).join(Entry, Entry.team_id == Team.id).where(Entry.id == entry.id))
    return Held(entry, team, tuple(standing.decided_in(session, viewer, meeting_id)))


def earlier(session: Session, viewer: Viewer, team_id: UUID) -> list[EntryRow]:
    """The team's last meetings about its board, the newest first."""
    return entries.meetings_of_team(session, viewer, team_id, KIND, _MOST_EARLIER)


def _readers(session: Session, team_id: UUID) -> set[UUID]:
    return {one.staff_id for one in duty.members(session, team_id) if one.role in TEAM_ROLES}


def _read_by_all(session: Session, team_id: UUID, client_ids: Collection[UUID]) -> set[UUID]:
    readers = _readers(session, team_id)
    sees = clients.may_be_primary_each(session, list(client_ids))
    return {one for one, staff in sees.items() if readers <= {staff_id for staff_id, _ in staff}}

"""A meeting about a board, one client at a time: while it goes on, and as it was entered.

Invariants: of a meeting that goes on its own reader alone is told; each client is shown as on the board, and nobody
beside the one.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.domain.board import initials
from fieldapp.models import Client, ClientTeam, Entry, MeetingDraft, MeetingNote, Team
from fieldapp.models.merged import all_of
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
    is_told: bool
    """Whether the minutes may say something of the client."""
    owners: tuple[tuple[UUID, str], ...]
    tasks: tuple[Stands, ...]


@dataclass(frozen=True)
class Minutes:
    """All that was written. `left_out`: whose words they do not have, by number in the meeting."""

    text: str
    left_out: tuple[int, ...]


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
    """Everybody the meeting goes through: who was up when it began, then who has come up since. Whoever was merged
    meanwhile keeps the place, under the record in which they stand."""
    records = _records(session, draft.client_ids)
    up = board.ids_in_order(session, viewer, draft.team_id)
    return [*(records[one] for one in draft.client_ids), *(one for one in up if one not in records.values())]


def seat(session: Session, viewer: Viewer, draft: Draft, client_id: UUID, now: dt.datetime) -> Seat | None:
    """One client of the meeting; None: they are not shown to this person (any longer)."""
    client = board.client_of_team(session, viewer, draft.team_id, client_id)
    if client is None:
        return None
    sees = clients.may_be_primary_each(session, [client_id])
    return Seat(
        client_id=client_id,
        client=client.name,
        is_followed_up=client.is_followed_up,
        card=board.whole_card_of(session, viewer, draft.team_id, client_id, now),
        note=_notes(session, draft, MeetingNote.client_id.in_(all_of(client_id))).get(client_id),
        is_told=client_id in _told_of(session, draft.team_id, sees),
        owners=tuple(sees.get(client_id, ())),
        tasks=tuple(standing.tasks_of_client(session, viewer, client_id)),
    )


def minutes_of(session: Session, viewer: Viewer, draft: Draft) -> Minutes:
    """All that was written, in the order of the meeting: about whom stands by initials. Only of clients whom this
    person sees on the team's board, and of whom the minutes may tell."""
    words = _notes(session, draft)
    in_sight = visible_clients(viewer).where(ClientTeam.team_id == draft.team_id, ClientTeam.client_id.in_(words))
    seen = set(session.scalars(in_sight))
    told = _told_of(session, draft.team_id, clients.may_be_primary_each(session, list(seen)))
    names = client_names(session, told)
    places = {one: nr for nr, one in reversed(list(enumerate(order(session, viewer, draft), 1))) if one in seen}
    in_order = sorted(places, key=places.__getitem__)
    lines = [f"{initials(names[one])}: {words[one]}" for one in in_order if one in told]
    left_out = tuple(places[one] for one in in_order if one not in told)
    return Minutes("\n\n".join(filter(None, [draft.minutes, *lines])), left_out)


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


def _records(session: Session, client_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """In whose record each of these clients stands now."""
    merged = select(Client.id, Client.merged_into).where(Client.id.in_(client_ids), Client.merged_into.is_not(None))
    into = {client_id: record_id for client_id, record_id in session.execute(merged)}  # noqa: C416 - rows are no pairs
    return {one: into.get(one) or one for one in client_ids}


def _notes(session: Session, draft: Draft, *wanted: ColumnElement[bool]) -> dict[UUID, str]:
    """What is said in this meeting, by the record it is about."""
    query = select(MeetingNote.client_id, MeetingNote.words).where(MeetingNote.meeting_id == draft.id, *wanted)
    rows = session.execute(query.order_by(MeetingNote.client_id)).all()
    records = _records(session, [row.client_id for row in rows])
    found: dict[UUID, str] = {}
    for client_id, words in rows:
        found[records[client_id]] = "\n".join(filter(None, [found.get(records[client_id]), words]))
    return found


def _told_of(session: Session, team_id: UUID, sees: Mapping[UUID, Collection[tuple[UUID, str]]]) -> set[UUID]:
    """Of whom the minutes may tell, by who sees each: everybody in the team reads them, also on the phone, which holds
    nothing of code 6."""
    readers = {one.staff_id for one in duty.members(session, team_id) if one.role in TEAM_ROLES}
    seen_by_all = [one for one, staff in sees.items() if readers <= {staff_id for staff_id, _ in staff}]
    return set(session.scalars(select(Client.id).where(Client.id.in_(seen_by_all), Client.protected != "code6")))

"""What is left to see to after a death: a short list for the leader, and which of it Sett knows to be done."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.models import Client, Entry, EntryState
from fieldapp.models.read_log import shown
from fieldapp.queries.deaths import death_days
from fieldapp.queries.facts import facts_of_client
from fieldapp.queries.visible import is_shown, sees, visible_clients

LISTED_FOR = dt.timedelta(days=30)
THE_DAY_BEFORE = dt.timedelta(days=1)
"""A crisis may begin before midnight."""
ITEMS = ("called", "doctor", "team_told", "next_of_kin", "landlord", "pets", "keys", "debrief", "serious_event")
_SAYS_DONE: dict[str, tuple[str, tuple[Any, ...]]] = {
    "called": ("step", ("called_113", "called_112")),
    "doctor": ("step", ("municipal_doctor", "services_on_scene")),
    "debrief": ("debrief", (True,)),
    "serious_event": ("kind", ("serious_event",)),
}
"""The field of an entry about the client, and what it says there, that tells of an item."""


@dataclass(frozen=True)
class Death:
    """Somebody who died lately."""

    client_id: UUID
    client: str
    died_on: dt.date


@dataclass(frozen=True)
class ToSeeTo:
    """One thing to see to. `done_at`: when Sett was told of it; `who`: whom to ask, where somebody is named for it."""

    code: str
    done_at: dt.datetime | None = None
    who: tuple[str, ...] = ()


def deaths(session: Session, viewer: Viewer, now: dt.datetime) -> list[Death]:
    """Who died in the last month, the latest first: for the leader alone."""
    if viewer.role != "leader":
        return []
    query = select(Client.id, Client.name).where(Client.deceased.is_(True), Client.id.in_(visible_clients(viewer)))
    names = {row.id: row.name for row in session.execute(query)}
    days = death_days(session, names)
    found = [Death(id_, names[id_], day) for id_, day in days.items() if day > day_of(now - LISTED_FOR)]
    for one in found:
        shown(session, "client", one.client_id)
    return sorted(found, key=lambda one: (-one.died_on.toordinal(), one.client))


def to_see_to(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> list[ToSeeTo]:
    """The list for one client who has died: for the leader alone."""
    client = session.get(Client, client_id) if viewer.role == "leader" and sees(session, viewer, client_id) else None
    died_on = death_days(session, [client_id]).get(client_id) if client is not None and client.deceased else None
    if died_on is None:
        return []
    entries = _entries_since(session, viewer, client_id, at_wall_time(died_on - THE_DAY_BEFORE, dt.time.min))
    done = {code: at for at, body in reversed(entries) for code in _SAYS_DONE if _says_done(code, body)}
    told = [one.shared_at for one in facts_of_client(session, viewer, client_id, now) if one.what == "contract"]
    done |= {"landlord": min(told)} if told else {}
    who = {"pets": _pet_sitters(session, viewer, client_id)}
    return [ToSeeTo(code, done.get(code), who.get(code, ())) for code in ITEMS]


def _says_done(code: str, body: dict[str, Any]) -> bool:
    field, values = _SAYS_DONE[code]
    return body.get(field) in values


def _entries_since(
    session: Session, viewer: Viewer, client_id: UUID, since: dt.datetime
) -> list[tuple[dt.datetime, dict[str, Any]]]:
    """When each was written, and what it says now; the oldest first."""
    query = _about(viewer, client_id).where(Entry.clock_at >= since).order_by(Entry.clock_at, Entry.id)
    return [(entry.clock_at, state.body) for entry, state in session.execute(query)]


def _pet_sitters(session: Session, viewer: Viewer, client_id: UUID) -> tuple[str, ...]:
    query = _about(viewer, client_id).where(Entry.type == "contact_person_noted").order_by(Entry.clock_at, Entry.id)
    newest = {state.body["contact_id"]: state.body for _, state in session.execute(query)}
    found = [body for body in newest.values() if body["role"] == "pet_sitter" and not body.get("ended")]
    return tuple(" ".join(filter(None, (body["name"], body.get("phone")))) for body in found)


def _about(viewer: Viewer, client_id: UUID) -> Any:
    joined = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
    return joined.where(EntryState.client_id == client_id, EntryState.struck_by.is_(None), is_shown(viewer))

"""What has been kept for as long as it may be: what would go, and its going (domain/retention.py has the rules).

An entry is never taken out: numbers, seals, corrections and phones point at it. What said something about somebody goes
out of it, and a tombstone stays, under the same id, sealed anew (docs/adr/0024).

Invariant: of what goes nothing is left in the entry, in what corrects it, in what is computed from them, nor among what
was refused; and who offers it again puts nothing back (services/entries/ingest.py).
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, delete, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.retention import ATTACHED, EXPIRED, IN_SESSION, STREET, Rules, tombstone_key, tombstone_of
from fieldapp.models import Entry, EntryState, SetAside
from fieldapp.models.change import mark_changed
from fieldapp.models.entry import is_expired
from fieldapp.services import meetings
from fieldapp.services.casefile import case_file
from fieldapp.services.entries import files
from fieldapp.services.operations import heartbeat
from fieldapp.services.projections.states import refresh_state
from fieldapp.services.writing import chunks

MOST = 500
"""Street contacts in one transaction: others wait for it."""
_IDS_AT_ONCE = 100


@dataclass(frozen=True)
class Due:
    """What would go now: how many of what, the oldest of them, and why."""

    what: str
    count: int
    oldest: dt.datetime | None
    why: str


def due(session: Session, now: dt.datetime) -> Iterator[Due]:
    """What has been kept for as long as it may be, store by store."""
    until = _rules(session).street_contacts_until(now)
    if until is None:
        yield Due("gatekontakter uten bruker", 0, None, "FIELDAPP_STREET_CONTACT_DAYS er ikke satt, så ingen slettes")
    else:
        days = _rules(session).street_contact_days
        query = select(func.count(), func.min(Entry.received_at)).select_from(Entry).join(EntryState)
        count, oldest = session.execute(query.where(_is_old(until))).one()
        yield Due(
            "gatekontakter uten bruker",
            count,
            oldest,
            f"kom inn for {days} {'dag' if days == 1 else 'dager'} siden eller mer",
        )
        late = session.scalar(select(func.count()).select_from(_late_words().subquery())) or 0
        yield Due("rettinger og avviste utgaver av slike som alt er slettet", late, None, "kom etter at de var slettet")
    forgotten = "tavlemøter ingen har avsluttet", meetings.is_forgotten(now), "begynte for 30 dager siden eller mer"
    for what, condition, why in (*heartbeat.old_rows(now), forgotten):
        count = session.scalar(select(func.count()).where(condition)) or 0
        yield Due(what, count, None, why)


def any_street_contact_due(session: Session, now: dt.datetime) -> bool:
    """Whether there is one that goes."""
    until = _rules(session).street_contacts_until(now)
    return until is not None and bool(_due_ids(session, until, most=1))


def forget_street_contacts(session: Session, now: dt.datetime) -> int:
    """Take the words and the place out of street contacts with somebody unknown, the oldest first; how many."""
    until = _rules(session).street_contacts_until(now)
    ids = _due_ids(session, until, most=MOST) if until is not None else []
    if not ids:
        return 0
    if session.get_bind().dialect.name == "sqlite":  # what is overwritten is not left in a free part of a page
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON").close()
    file = case_file(session)
    file.hold_targets(ids)
    # Somebody may have said meanwhile who it was.
    unknown = [entry_id for entry_id in ids if file.state(entry_id).client_id is None]
    for entry_id in unknown:
        _bury(session, entry_id)
    return len(unknown)


def wordy_tombstones(session: Session) -> Iterator[str]:
    """For `verify`: what is marked as gone, and says something all the same."""
    for entry in session.scalars(select(Entry).where(is_expired(Entry)).order_by(Entry.id)):
        if entry.extra or tombstone_of(entry.type, entry.body) != entry.body:
            yield f"entry {entry.id}: er merket slettet, men sier fortsatt noe"


def _rules(session: Session) -> Rules:
    rules: Rules = session.info.get(IN_SESSION, Rules())
    return rules


def _is_old(until: dt.datetime) -> ColumnElement[bool]:
    unknown = Entry.client_id.is_(None) & EntryState.client_id.is_(None)
    return (Entry.type == STREET) & unknown & (Entry.received_at <= until) & ~is_expired(Entry)


def _late_words() -> CompoundSelect[uuid.UUID | None]:
    """The tombstones that somebody has corrected or offered in other words since, one row for each time."""
    target, state = aliased(Entry), aliased(EntryState)
    gone = (
        select(target.id)
        .join(state, state.entry_id == target.id)
        .where(target.type == STREET, state.client_id.is_(None), is_expired(target))
    )
    corrects_one = (Entry.type == "entry_corrected") & Entry.subject_id.in_(gone) & ~is_expired(Entry)
    return union_all(
        select(Entry.subject_id).where(corrects_one),
        select(SetAside.entry_id).where(SetAside.entry_id.in_(gone)),
    )


def _due_ids(session: Session, until: dt.datetime, most: int) -> list[uuid.UUID]:
    old = select(Entry.id).join(EntryState).where(_is_old(until)).order_by(Entry.received_at, Entry.id).limit(most)
    late = session.scalars(_late_words().limit(most)).all()
    found = [*session.scalars(old), *late]
    return list(dict.fromkeys(entry_id for entry_id in found if entry_id is not None))


def _bury(session: Session, entry_id: uuid.UUID) -> None:
    file = case_file(session)
    entry = file.entry(entry_id)
    assert entry is not None  # it was found a moment ago, and no entry is ever taken out
    attached = select(Entry).where(Entry.subject_id == entry_id, Entry.type == ATTACHED).order_by(Entry.id)
    pictures = list(session.scalars(attached))
    for picture in pictures:
        files.forget(session, uuid.UUID(picture.body["file_id"]))
    buried = [entry, *file.corrections(entry_id)]
    buried += [one for picture in pictures for one in (picture, *file.corrections(picture.id))]
    for one in buried:
        one.body = tombstone_of(one.type, one.body)
        one.extra, one.flags = {}, sorted({*one.flags, EXPIRED})
        one.content_key = tombstone_key(one.id)
    for one in buried:
        state = refresh_state(session, one)
        mark_changed(session, "entry", one.id, client_id=state.record_of(one), team_id=one.team_id)
    _forget_refused(session, {id_ for one in buried for id_ in (one.id, one.mends) if id_ is not None}, entry_id)


def _forget_refused(session: Session, ids: Iterable[uuid.UUID], target: uuid.UUID) -> None:
    """The same in words that were not taken: of itself, of what it mends, and corrections of it."""
    for part in chunks(sorted(ids), _IDS_AT_ONCE):
        about = or_(SetAside.entry_id.in_(part), SetAside.corrects_id == target)
        session.execute(delete(SetAside).where(about))

"""What clocks are computed from, beside their terms: of many clients at once, who are held (casefile.py)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.contact import Degree
from fieldapp.domain.watch import AbsenceSpan
from fieldapp.domain.watch import HandCheck as CheckedByHand
from fieldapp.models import Absence, Client, EntryState, HandCheck, HandOver, Watch
from fieldapp.services.casefile import case_file
from fieldapp.services.projections.absences import span
from fieldapp.services.writing import chunks


class Contact(NamedTuple):
    """The newest of one degree."""

    client_id: uuid.UUID
    entry_id: uuid.UUID
    contact_at: dt.datetime


@dataclass
class ClockFacts:
    """Of one client."""

    taken: HandOver | None = None
    """The taken hand-over by the watch's team that goes on longest, over or not: it alone decides who has the watch.
    Another team that follows the client can't give away a clock that is not its own."""
    contact: Contact | None = None
    """The newest that counts under the agreement (the rule in words: domain/contact.py `counts`)."""
    absences: list[AbsenceSpan] = field(default_factory=list)
    hand_check: CheckedByHand | None = None


def clock_facts(session: Session, watches: Sequence[Watch]) -> dict[uuid.UUID, ClockFacts]:
    """The facts of each of these clients, who are held, by client."""
    file = case_file(session)
    found = {
        watch.client_id: ClockFacts(
            taken=_taken(watch, file.rows(HandOver, watch.client_id)),
            absences=[span(absence) for absence in file.rows(Absence, watch.client_id)],
            hand_check=_newest_check(file.rows(HandCheck, watch.client_id)),
        )
        for watch in watches
    }
    for contact in sorted(_contacts(session, watches), key=lambda one: (one.contact_at, one.entry_id)):
        found[contact.client_id].contact = contact
    return found


def _taken(watch: Watch, hand_overs: Sequence[HandOver]) -> HandOver | None:
    taken = [
        (one.until_at, one.id, one)
        for one in hand_overs
        if one.from_team_id == watch.team_id and one.taken_at is not None and one.taken_at < one.until_at
    ]
    return max(taken)[-1] if taken else None


def _newest_check(checks: Sequence[HandCheck]) -> CheckedByHand | None:
    newest = max(checks, key=lambda one: (one.at, one.entry_id), default=None)
    return CheckedByHand(at=newest.at, next_check_at=newest.next_check_at) if newest else None


def _contacts(session: Session, watches: Sequence[Watch]) -> Iterator[Contact]:
    """The newest contact of each degree that counts for these clients: one look into the index each."""
    for degree in (Degree.seen, Degree.heard, Degree.reported):
        counting = [w for w in watches if degree == Degree.seen or degree in w.counts]
        from_some = [w for w in counting if degree == Degree.reported and w.sources is not None]
        from_any = [w.client_id for w in counting if w not in from_some]
        for part in chunks(from_any):
            yield from _newest(session, part, degree)
        for watch in from_some:
            yield from _newest(session, [watch.client_id], degree, watch.sources)


def _newest(
    session: Session, client_ids: Sequence[uuid.UUID], degree: Degree, sources: Sequence[str] | None = None
) -> Iterator[Contact]:
    given = {"ids": client_ids, "degree": degree.value} | ({} if sources is None else {"sources": sources})
    found = session.execute(_NEWEST if sources is None else _NEWEST_FROM_SOME, given)
    return (Contact(*row) for row in found)


def _newest_query(*which: ColumnElement[bool]) -> Select[uuid.UUID, uuid.UUID, dt.datetime]:
    newest = (
        select(_ONE.entry_id)
        .where(_ONE.client_id == Client.id, _ONE.degree == bindparam("degree"), *which)
        .order_by(_ONE.contact_at.desc(), _ONE.entry_id.desc())
        .limit(1)
        .correlate(Client)
        .scalar_subquery()
    )
    found = select(Client.id, EntryState.entry_id, EntryState.contact_at).join(Client, EntryState.entry_id == newest)
    return found.where(Client.id.in_(bindparam("ids", expanding=True)))


_ONE = aliased(EntryState)
_NEWEST = _newest_query()
_NEWEST_FROM_SOME = _newest_query(_ONE.source.in_(bindparam("sources", expanding=True)))

"""What clocks are computed from, beside their terms: read for many clients at once, one statement a table.

Whoever reads holds the clocks' rows (watch.py), and reads afresh: another transaction may have written meanwhile.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.contact import Degree
from fieldapp.domain.watch import AbsenceSpan
from fieldapp.domain.watch import HandCheck as CheckedByHand
from fieldapp.models import Absence, Client, EntryState, HandCheck, HandOver, Watch
from fieldapp.services.projections.absences import span


@dataclass
class ClockFacts:
    """Of one client."""

    taken: HandOver | None = None
    """The taken hand-over by the watch's team that goes on longest, over or not: it alone decides who has the watch.
    Another team that follows the client can't give away a clock that is not its own."""
    contact: EntryState | None = None
    """The newest that counts under the agreement (the rule in words: domain/contact.py `counts`)."""
    absences: list[AbsenceSpan] = field(default_factory=list)
    hand_check: CheckedByHand | None = None


def clock_facts(session: Session, watches: Sequence[Watch]) -> dict[uuid.UUID, ClockFacts]:
    """The facts of each of these clients, by client."""
    found = {watch.client_id: ClockFacts() for watch in watches}
    ids = list(found)
    teams = {watch.client_id: watch.team_id for watch in watches}
    for taken in _read(session, _taken(ids)):
        facts = found[taken.client_id]
        if facts.taken is None and taken.from_team_id == teams[taken.client_id]:
            facts.taken = taken
    for client_id, contact in sorted(_contacts(session, watches), key=lambda one: (one[1].contact_at, one[1].entry_id)):
        found[client_id].contact = contact
    for absence in _read(session, select(Absence).where(Absence.client_id.in_(ids))):
        found[absence.client_id].absences.append(span(absence))
    for check in _read(session, _hand_checks(ids)):
        facts = found[check.client_id]
        facts.hand_check = facts.hand_check or CheckedByHand(at=check.at, next_check_at=check.next_check_at)
    return found


def _read(session: Session, query: Select[Any]) -> Sequence[Any]:
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _rows(session: Session, query: Select[uuid.UUID, EntryState]) -> Iterator[tuple[uuid.UUID, EntryState]]:
    yield from session.execute(query.execution_options(populate_existing=True))


def _taken(client_ids: Sequence[uuid.UUID]) -> Select[HandOver]:
    return (
        select(HandOver)
        .where(HandOver.client_id.in_(client_ids))
        .where(HandOver.taken_at.is_not(None), HandOver.taken_at < HandOver.until_at)
        .order_by(HandOver.until_at.desc(), HandOver.id.desc())
    )


def _hand_checks(client_ids: Sequence[uuid.UUID]) -> Select[HandCheck]:
    newest_first = (HandCheck.at.desc(), HandCheck.entry_id.desc())
    return select(HandCheck).where(HandCheck.client_id.in_(client_ids)).order_by(*newest_first)


def _contacts(session: Session, watches: Sequence[Watch]) -> Iterator[tuple[uuid.UUID, EntryState]]:
    """(client, the newest contact) of each degree that counts for them: one look into the index each."""
    for degree in (Degree.seen, Degree.heard, Degree.reported):
        counting = [w for w in watches if degree == Degree.seen or degree in w.counts]
        from_some = [w for w in counting if degree == Degree.reported and w.sources is not None]
        from_any = [w.client_id for w in counting if w not in from_some]
        if from_any:
            yield from _rows(session, _newest(degree, Client.id.in_(from_any)))
        for watch in from_some:
            yield from _rows(session, _newest(degree, Client.id == watch.client_id, watch.sources))


def _newest(
    degree: Degree, whose: ColumnElement[bool], sources: Sequence[str] | None = None
) -> Select[uuid.UUID, EntryState]:
    one = aliased(EntryState)
    newest = (
        select(one.entry_id)
        .where(one.client_id == Client.id, one.degree == degree.value)
        .order_by(one.contact_at.desc(), one.entry_id.desc())
        .limit(1)
        .correlate(Client)
    )
    if sources is not None:
        newest = newest.where(one.source.in_(sources))
    return select(Client.id, EntryState).join(Client, EntryState.entry_id == newest.scalar_subquery()).where(whose)

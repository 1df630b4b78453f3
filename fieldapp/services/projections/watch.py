"""The clock of each client: from the agreement, the contacts, the absences and the checks by hand to `due_at`.

Order never matters: everything is computed from what stands, so entries may arrive in any order and repeatedly.

Invariant: whoever computes a clock holds its row (casefile.py), and reads what it is computed from after that. On
PostgreSQL it would else be computed from half of the entries: what another wrote meanwhile is seen by neither, and the
last one wins.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import watch as rules
from fieldapp.domain.opening import MIDNIGHT_AFTER
from fieldapp.models import Client, Team, TeamHours, Watch
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import case_file, hold
from fieldapp.services.following import following_teams
from fieldapp.services.projections.agreements import refresh_agreements
from fieldapp.services.projections.clock_facts import ClockFacts, clock_facts

_BEFORE_EVERYTHING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def refresh_watch(
    session: Session, client_id: uuid.UUID, cause: uuid.UUID, *, terms_changed: bool = True
) -> Watch | None:
    """Compute this client's clock anew; `cause` is the entry whose arrival made it necessary.

    `terms_changed` False: no entry about the agreement has come since last time, so its terms stand as they are.
    Returns None for a client that is not registered.
    """
    return refresh_watches(session, {client_id: cause}, {client_id} if terms_changed else ()).get(client_id)


def refresh_watches(
    session: Session, causes: Mapping[uuid.UUID, uuid.UUID], terms_changed: Collection[uuid.UUID]
) -> dict[uuid.UUID, Watch]:
    """The same for many clients, each with the entry that made it necessary: the clocks of those registered."""
    file = hold(session, causes)
    clients = {client_id: client for client_id in causes if (client := file.client(client_id)) is not None}
    watches = {
        client_id: _with_terms(session, client, causes[client_id], changed=client_id in terms_changed)
        for client_id, client in clients.items()
    }
    facts = clock_facts(session, list(watches.values()))
    for client_id, client in clients.items():
        move_clock(session, client, watches[client_id], facts[client_id], causes[client_id])
    return watches


def _with_terms(session: Session, client: Client, cause: uuid.UUID, *, changed: bool) -> Watch:
    known = case_file(session).watch(client.id)
    watch = known or Watch(client_id=client.id, episode=cause, due_at=None)
    if changed or known is None:
        for name, value in dataclasses.asdict(refresh_agreements(session, client)).items():
            setattr(watch, name, value)
        watch.team_id = _owning_team(session, client.id, watch.team_id)
    if known is None:
        case_file(session).add(watch)
    return watch


def move_clock(session: Session, client: Client, watch: Watch, facts: ClockFacts, cause: uuid.UUID) -> None:
    """Set the clock by what stands now; `cause` is the entry whose arrival made it necessary."""
    due_before = watch.due_at
    taken, contact = facts.taken, facts.contact
    watch.handed_to_team_id = taken.to_team_id if taken else None
    watch.handed_from_at, watch.handed_until_at = (taken.taken_at, taken.until_at) if taken else (None, None)
    watch.last_seen_at = contact.contact_at if contact else None
    watch.last_seen_entry_id = contact.entry_id if contact else None
    _wind(session, client, watch, facts)
    if watch.due_at != due_before:
        watch.episode = cause
    mark_changed(session, "client", client.id, client_id=client.id)


def _owning_team(session: Session, client_id: uuid.UUID, agreed: uuid.UUID) -> uuid.UUID:
    """The agreement's team while it follows the client, else the team that has followed longest.

    An alert owned by a team that has left the client would ring people who may not see whom it is about.
    """
    following = following_teams(session, client_id)
    return agreed if agreed in following or not following else following[0]


def _wind(session: Session, client: Client, watch: Watch, facts: ClockFacts) -> None:
    due = rules.due(
        _agreement(watch),
        client.registered_at,
        watch.last_seen_at,
        facts.absences,
        facts.hand_check,
        ended=client.ended_at is not None,
        deceased=client.deceased,
        # The row must not depend on when it was computed: whether a pause is over is for whoever reads it.
        now=_BEFORE_EVERYTHING,
        shift_times=_shift_times(session, watch),
    )
    watch.due_at = due.due_at
    watch.paused_by = str(due.paused_by) if due.paused_by else None
    watch.paused_until = due.paused_until


def _agreement(watch: Watch) -> rules.Agreement:
    return rules.Agreement(
        mode=watch.mode,
        interval_minutes=watch.interval_minutes,
        counts=frozenset(watch.counts),
        sources=None if watch.sources is None else frozenset(watch.sources),
        shifts=tuple(watch.shifts),
        pause_with_others=watch.pause_with_others,
        since=watch.since_at,
        tighten_days=watch.tighten_days or 0,
    )


def _shift_times(session: Session, watch: Watch) -> rules.ShiftTimes:
    """The shifts of the watch's team, the usual times where it has none of its own."""
    own = _own_shifts(session, watch.team_id) if watch.mode == "each_shift" else {}
    return {**rules.DEFAULT_SHIFTS, **{name: (_wall(span[0]), _wall(span[1])) for name, span in own.items()}}


def _own_shifts(session: Session, team_id: uuid.UUID) -> Mapping[str, Sequence[str]]:
    """Share-lock the team row, so that a concurrent change of shifts finds this clock among those to compute anew."""
    session.execute(select(Team.id).where(Team.id == team_id).with_for_update(read=True)).all()
    hours = session.get(TeamHours, team_id, populate_existing=True)
    return hours.shifts if hours else {}


def _wall(text: str) -> dt.time:
    return dt.time.min if text == MIDNIGHT_AFTER else dt.time.fromisoformat(text)

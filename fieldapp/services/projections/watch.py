"""The clock of each client: from the agreement, the contacts, the absences and the checks by hand to `due_at`.

Order never matters: everything is computed from what stands, so entries may arrive in any order and repeatedly.

Invariant: whoever computes a clock holds its row, and reads what it is computed from after that. On PostgreSQL it would
else be computed from half of the entries: what another wrote meanwhile is seen by neither, and the last one wins.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import watch as rules
from fieldapp.domain.contact import Degree
from fieldapp.domain.opening import MIDNIGHT_AFTER
from fieldapp.models import Client, EntryState, HandCheck, Team, TeamHours, Watch
from fieldapp.models.change import touch
from fieldapp.services.following import following_teams
from fieldapp.services.projections.absences import spans
from fieldapp.services.projections.agreements import refresh_agreements
from fieldapp.services.projections.hand_overs import taken_last

_BEFORE_EVERYTHING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def refresh_watch(
    session: Session, client_id: uuid.UUID, cause: uuid.UUID, *, terms_changed: bool = True
) -> Watch | None:
    """Compute this client's clock anew; `cause` is the entry whose arrival made it necessary.

    `terms_changed` False: no entry about the agreement has come since last time, so its terms stand as they are.
    Returns None for a client that is not registered.
    """
    known = lock_clock(session, client_id)
    client = session.get(Client, client_id, populate_existing=True)
    if client is None:
        return None
    watch = known or Watch(client_id=client_id, episode=cause, due_at=None)
    due_before = watch.due_at
    if terms_changed or known is None:
        for name, value in dataclasses.asdict(refresh_agreements(session, client)).items():
            setattr(watch, name, value)
        watch.team_id = _owning_team(session, client_id, watch.team_id)
    _hand_over(session, watch)
    contact = _last_contact(session, watch)
    watch.last_seen_at = contact.contact_at if contact else None
    watch.last_seen_entry_id = contact.entry_id if contact else None
    _wind(session, client, watch)
    if watch.due_at != due_before:
        watch.episode = cause
    session.add(watch)
    session.flush()
    touch(session, "client", client_id, client_id=client_id)
    return watch


def lock_clock(session: Session, client_id: uuid.UUID) -> Watch | None:
    """The client's clock, which nobody else moves until this transaction ends, as whoever moved it last has left it."""
    session.flush()  # or what is not written yet would be overwritten by what is read
    return session.get(Watch, client_id, populate_existing=True, with_for_update=True)


def _owning_team(session: Session, client_id: uuid.UUID, agreed: uuid.UUID) -> uuid.UUID:
    """The agreement's team while it follows the client, else the team that has followed longest.

    An alert owned by a team that has left the client would ring people who may not see whom it is about.
    """
    following = following_teams(session, client_id)
    return agreed if agreed in following or not following else following[0]


def _hand_over(session: Session, watch: Watch) -> None:
    taken = taken_last(session, watch.client_id, watch.team_id)
    watch.handed_to_team_id = taken.to_team_id if taken else None
    watch.handed_from_at, watch.handed_until_at = (taken.taken_at, taken.until_at) if taken else (None, None)


def _wind(session: Session, client: Client, watch: Watch) -> None:
    absences = spans(session, client.id)
    due = rules.due(
        _agreement(watch),
        client.registered_at,
        watch.last_seen_at,
        absences,
        _hand_check(session, client.id),
        ended=client.ended_at is not None,
        deceased=client.deceased,
        # The row must not depend on when it was computed: whether a pause is over is for whoever reads it.
        now=_BEFORE_EVERYTHING,
        shift_times=_shift_times(session, watch),
    )
    watch.due_at = due.due_at
    watch.paused_by = str(due.paused_by) if due.paused_by else None
    watch.paused_until = next((span.ends_at for span in absences if span.id == due.paused_by), None)


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
    """Read while nobody is changing them: whoever does would not find this clock among those to compute anew."""
    session.execute(select(Team.id).where(Team.id == team_id).with_for_update(read=True)).all()
    hours = session.get(TeamHours, team_id, populate_existing=True)
    return hours.shifts if hours else {}


def _wall(text: str) -> dt.time:
    return dt.time.min if text == MIDNIGHT_AFTER else dt.time.fromisoformat(text)


def _last_contact(session: Session, watch: Watch) -> EntryState | None:
    """The newest contact that counts under this agreement (the rule in words: domain/contact.py `counts`)."""
    stops = [EntryState.degree == Degree.seen.value]
    if Degree.heard in watch.counts:
        stops.append(EntryState.degree == Degree.heard.value)
    if Degree.reported in watch.counts:
        reported = EntryState.degree == Degree.reported.value
        stops.append(reported if watch.sources is None else and_(reported, EntryState.source.in_(watch.sources)))
    return session.scalar(
        select(EntryState)
        .where(EntryState.client_id == watch.client_id, or_(*stops))
        .order_by(EntryState.contact_at.desc(), EntryState.entry_id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _hand_check(session: Session, client_id: uuid.UUID) -> rules.HandCheck | None:
    row = session.scalar(
        select(HandCheck)
        .where(HandCheck.client_id == client_id)
        .order_by(HandCheck.at.desc(), HandCheck.entry_id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return rules.HandCheck(at=row.at, next_check_at=row.next_check_at) if row else None

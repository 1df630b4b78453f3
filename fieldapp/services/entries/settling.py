"""What follows from the entries of a request for clocks and alerts, settled once when all of it has been taken.

The alert engine never sees half a request, and a crisis that was opened and closed without coverage rings nobody.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import DIED, RETRACTED
from fieldapp.models import Case, Entry, EntryState, Watch
from fieldapp.models.change import mark_changed, mark_left
from fieldapp.services.alerts import answers, ending, lifecycle, staff_safety
from fieldapp.services.alerts.answers import refresh_hand_checks
from fieldapp.services.alerts.reminders import settle_reminders
from fieldapp.services.casefile import case_file, hold
from fieldapp.services.entries.effects import Changed, recount
from fieldapp.services.entries.sight import settle_sight
from fieldapp.services.notify import alert_news
from fieldapp.services.projections.duties import refresh_duties
from fieldapp.services.projections.hours import clients_on_shifts, look_at_waiting
from fieldapp.services.projections.states import body_of
from fieldapp.services.projections.watch import refresh_watches
from fieldapp.services.writing import chunks, savepoint
from sync.entry_types import ENTRY_TYPES, types_that

Causes = Mapping[uuid.UUID, Entry]
"""What is to be settled, each with the entry that made it necessary."""


@dataclass
class Settling:
    """What is left to settle when the whole request has been taken."""

    left: dict[str, dict[uuid.UUID, Entry]] = field(default_factory=lambda: {name: {} for name in _SETTLERS})
    """By what it is (the names of `_SETTLERS`), each subject with the entry that made it necessary."""
    terms: set[uuid.UUID] = field(default_factory=set)
    """Clients for whom an entry came about the agreement itself, or about who follows: its team must be one of them."""
    revived: set[uuid.UUID] = field(default_factory=set)
    """Clients who stood as dead until an entry of this request."""
    duty_lists: set[uuid.UUID] = field(default_factory=set)
    """Teams whose duty list must be computed anew: once for all the duties of a request."""

    def add(self, other: "Settling") -> None:
        """Leave to settle what the other has left, too."""
        for name, subjects in other.left.items():
            self.left[name] |= subjects
        self.terms |= other.terms
        self.revived |= other.revived
        self.duty_lists |= other.duty_lists


_OF_RECORDS = ("clock", "reminders", "sight", "limits")
"""What is settled of clients whose records were put together or taken apart."""
Settler = Callable[[Session, Causes, dt.datetime, Settling], None]


def react(session: Session, changed: list[Changed], settling: Settling, now: dt.datetime) -> None:
    """Let alerts know at once what concerns one alert, and note what is settled at the end of the request."""
    cause = changed[0].entry
    for one in changed:
        entry, row = one.entry, ENTRY_TYPES[one.entry.type]
        settles = row.settles
        if "duties" in settles and entry.subject_id is not None:
            settling.duty_lists.add(entry.subject_id)
        if "alert" in settles:
            _settle_duty_lists(session, settling)
            answers.react(session, entry, new=entry is cause, now=now)
        if "terms" in settles or "teams" in row.refreshes:
            settling.terms.update(one.client_ids)
        settling.terms |= one.records
        settling.revived |= one.revived | one.records
        for name in _OF_RECORDS:
            settling.left[name] |= dict.fromkeys(one.records, cause)
        for name in settling.left.keys() & settles:
            for subject_id in _SUBJECTS_OF[name](one):
                settling.left[name][subject_id] = cause


def settle(session: Session, settling: Settling, now: dt.datetime) -> None:
    """Settle duty lists, clocks and alerts after the last entry of the request."""
    _settle_duty_lists(session, settling)
    for name, settler in _SETTLERS.items():
        if settling.left[name]:
            settler(session, settling.left[name], now, settling)


def try_out(session: Session, settling: Settling, now: dt.datetime) -> None:
    """Settle and undo it all: raises whatever settling this would raise."""
    trial = Settling()
    trial.add(settling)
    with suppress(_TriedOut), savepoint(session):
        settle(session, trial, now)
        session.flush()
        raise _TriedOut


class _TriedOut(Exception):
    """It would settle."""


def _settle_hours(session: Session, team_id: uuid.UUID, cause: Entry, now: dt.datetime, settling: Settling) -> None:
    """The clocks that go by the team's shifts come after this, and what waits for it to open is looked at again."""
    for client_id in clients_on_shifts(session, team_id):
        settling.left["clock"].setdefault(client_id, cause)
    look_at_waiting(session, team_id, now)


def _settle_duty_lists(session: Session, settling: Settling) -> None:
    """Before an alert is touched: who is on duty decides who is told, and how long an acknowledgement holds."""
    if settling.duty_lists:
        alert_news.duties_changed(session, settling.duty_lists)
    while settling.duty_lists:
        refresh_duties(session, settling.duty_lists.pop())


def _settle_clocks(session: Session, causes: Causes, now: dt.datetime, settling: Settling) -> None:
    """Compute these clocks anew, and end the alerts of clients whose clock is no longer run out."""
    for part in chunks(list(causes)):
        file = hold(session, part)
        before = {client_id: _contact_of(file.watch(client_id)) for client_id in part}
        by_cause = {client_id: causes[client_id].id for client_id in part}
        watches = refresh_watches(session, by_cause, settling.terms)
        with_new_terms = [client_id for client_id in watches if client_id in settling.terms]
        checked = [client_id for client_id in with_new_terms if refresh_hand_checks(session, client_id)]
        refresh_watches(session, {client_id: by_cause[client_id] for client_id in checked}, ())
        session.flush()
        for client_id in lifecycle.with_unresolved(session, "not_seen", list(watches)):
            _settle_not_seen(session, client_id, before[client_id], causes[client_id], now)
        _look_at_deaths(session, list(watches), causes, settling)


def _look_at_deaths(session: Session, client_ids: list[uuid.UUID], causes: Causes, settling: Settling) -> None:
    """A death ends what rings about the client and keeps silent what comes later; undone, all of it rings."""
    dead = {client_id for client_id in client_ids if _is_dead(session, client_id)}
    for alert in lifecycle.ringing_about(session, _OF_THE_LIVING, dead) if dead else ():
        if alert.client_id is not None:
            settling.left[alert.kind].setdefault(alert.subject_id, causes[alert.client_id])
    for client_id in settling.revived.intersection(client_ids) - dead:
        for kind, subject_id in _may_ring_about(session, client_id):
            settling.left[kind].setdefault(subject_id, causes[client_id])


def _may_ring_about(session: Session, client_id: uuid.UUID) -> Iterator[tuple[str, uuid.UUID]]:
    """Each crisis and worry in the client's record. Settling one that has its alert, or is over, changes nothing."""
    yield from (("crisis", case.id) for case in case_file(session).rows(Case, client_id) if case.kind == "crisis")
    worries = select(EntryState.entry_id).join(Entry, Entry.id == EntryState.entry_id)
    worries = worries.where(
        EntryState.client_id == client_id, Entry.type.in_(_CONCERNS), EntryState.struck_by.is_(None)
    )
    yield from (("concern", entry_id) for entry_id in session.scalars(worries.order_by(Entry.id)).all())


_OF_THE_LIVING = ("concern", "crisis")
"""Alerts about a client that no contact ends."""
_CONCERNS = types_that(lambda row: "concern" in row.settles)


def _is_dead(session: Session, client_id: uuid.UUID | None) -> bool:
    client = case_file(session).client(client_id) if client_id is not None else None
    return client is not None and client.deceased


def _contact_of(watch: Watch | None) -> uuid.UUID | None:
    return watch.last_seen_entry_id if watch else None


def _settle_not_seen(
    session: Session, client_id: uuid.UUID, contact_before: uuid.UUID | None, cause: Entry, now: dt.datetime
) -> None:
    """End the client's alert if the clock is no longer run out."""
    file = case_file(session)
    watch, client = file.watch(client_id), file.client(client_id)
    assert watch is not None  # it has just been computed
    assert client is not None
    met_again = watch.last_seen_entry_id is not None and watch.last_seen_entry_id != contact_before
    lifecycle.settle_not_seen(
        session,
        watch,
        resolution_if_ended=DIED if client.deceased else ENTRY_TYPES[cause.type].ends_alert_as,
        contact_at=watch.last_seen_at if met_again else None,
        staff_id=cause.author_id,
        entry_id=cause.id,
        now=now,
    )


def _settle_subject(session: Session, target_id: uuid.UUID, cause: Entry, now: dt.datetime, settling: Settling) -> None:
    """The alert of a case or concern moves with the client that somebody has named, and what was written about the
    alert with it: before the clocks, which count that."""
    target = case_file(session).entry(target_id)
    case = session.get(Case, target_id) if target is None else None
    if target is None and case is None:
        return
    client_id = case.client_id if case is not None else case_file(session).state(target_id).client_id
    if case is not None and case.kind == "crisis":  # whoever it is about now may be dead, or no longer so
        settling.left["crisis"].setdefault(target_id, cause)
    elif target is not None and target.type in _CONCERNS:
        settling.left["concern"].setdefault(target_id, cause)
    for alert in lifecycle.about_subject(session, ("crisis", "concern"), target_id):
        if alert.client_id == client_id:
            continue
        gone_from = alert.client_id
        lifecycle.move_to_client(session, alert, client_id, now)
        for entry in session.scalars(select(Entry).where(Entry.subject_id == alert.id).order_by(Entry.id)).all():
            one = recount(session, entry)
            record = one.state.record_of(entry)
            mark_changed(session, "entry", entry.id, client_id=record, team_id=entry.team_id)
            if one.has_moved and record == one.state.client_id:
                mark_left(session, "entry", entry.id, one.left_client_id, entry.team_id)
        for moved_id in (gone_from, client_id):
            if moved_id is not None and case_file(session).is_held(moved_id):
                settling.left["clock"].setdefault(moved_id, cause)


def _settle_concern(session: Session, entry_id: uuid.UUID, cause: Entry, now: dt.datetime, _: Settling) -> None:
    """«Bekymret nå» rings whatever the clock says; its retraction ends it."""
    file = case_file(session)
    entry, state = file.entry(entry_id), file.state(entry_id)
    assert entry is not None  # it has just been taken, or corrected
    stands = state.struck_by is None and body_of(entry, state).urgency == "now"
    ringing = lifecycle.unresolved(session, "concern", entry.id)
    if ringing is not None and ringing.client_id != state.client_id:
        # Moved to the right client's record: it rings anew, for those who see that client.
        _end(session, "concern", entry.id, RETRACTED, cause, now)
    if stands and _is_dead(session, state.client_id):
        _end(session, "concern", entry.id, DIED, cause, now)
    elif stands and entry.team_id is not None:
        if not lifecycle.was_answered(session, "concern", entry.id):
            lifecycle.open_alert(
                session,
                lifecycle.Subject(
                    kind="concern",
                    subject_id=entry.id,
                    client_id=state.client_id,
                    team_id=entry.team_id,
                    episode=entry.id,
                    due_at=state.happened_at(entry),
                ),
                now,
            )
    else:
        _end(session, "concern", entry.id, RETRACTED, cause, now)


def _settle_crisis(session: Session, case_id: uuid.UUID, cause: Entry, now: dt.datetime, _: Settling) -> None:
    """An open crisis has an alert; it ends by `crisis_closed`, or when its opening is retracted."""
    case = session.get(Case, case_id)
    if case is None:
        _end(session, "crisis", case_id, RETRACTED, cause, now)
    elif case.status == "closed":
        _end(session, "crisis", case_id, str(case.facts.get("outcome", "closed")), cause, now)
    elif _is_dead(session, case.client_id):
        _end(session, "crisis", case_id, DIED, cause, now)
    elif lifecycle.unresolved(session, "crisis", case_id) is None:
        lifecycle.open_alert(
            session,
            lifecycle.Subject(
                kind="crisis",
                subject_id=case_id,
                client_id=case.client_id,
                team_id=case.team_id,
                episode=case.opened_entry_id,
                due_at=case.opened_at,
                case_id=case_id,
            ),
            now,
        )


def _end(session: Session, kind: str, subject_id: uuid.UUID, resolution: str, cause: Entry, now: dt.datetime) -> None:
    alert = lifecycle.unresolved(session, kind, subject_id)
    if alert is not None:
        ending.resolve(
            session,
            alert,
            resolution=resolution,
            staff_id=cause.author_id,
            entry_id=cause.id,
            now=now,
            is_told=resolution != DIED,  # nobody gets a push about a death
        )


def _settle_visit(session: Session, visit_id: uuid.UUID, cause: Entry, now: dt.datetime, _: Settling) -> None:
    staff_safety.settle_visit(session, visit_id, cause, now)


def _settle_help(session: Session, entry_id: uuid.UUID, cause: Entry, now: dt.datetime, _: Settling) -> None:
    entry = case_file(session).entry(entry_id)
    assert entry is not None  # it has just been taken, or corrected
    staff_safety.settle_help(session, entry, cause, now)


def _settle_drill(session: Session, entry_id: uuid.UUID, cause: Entry, now: dt.datetime, _: Settling) -> None:
    """A drill rings once, about nobody; its retraction ends it."""
    file = case_file(session)
    entry, state = file.entry(entry_id), file.state(entry_id)
    assert entry is not None  # it has just been taken, or corrected
    if state.struck_by is not None:
        _end(session, "drill", entry.id, RETRACTED, cause, now)
    elif entry.team_id is not None and not lifecycle.was_answered(session, "drill", entry.id):
        lifecycle.open_alert(
            session,
            lifecycle.Subject(
                kind="drill",
                subject_id=entry.id,
                client_id=None,
                team_id=entry.team_id,
                episode=entry.id,
                due_at=state.happened_at(entry),
            ),
            now,
        )


def _settle_reminders(session: Session, causes: Causes, now: dt.datetime, _: Settling) -> None:
    for part in chunks(list(causes)):
        settle_reminders(session, {client_id: causes[client_id] for client_id in part}, now)


def _settle_limits(session: Session, client_id: uuid.UUID, _: Entry, now: dt.datetime, __: Settling) -> None:
    """Whoever held or was told of an alert may not see it any longer: it climbs at once."""
    file = case_file(session)
    if not file.is_held(client_id) or file.has_alert(client_id):
        lifecycle.look_again(session, client_id, now)


def _settle_sight(session: Session, client_id: uuid.UUID, _: Entry, now: dt.datetime, __: Settling) -> None:
    settle_sight(session, client_id, now)


def _of_client(changed: Changed) -> Collection[uuid.UUID]:
    return changed.client_ids


def _of_entry(changed: Changed) -> Collection[uuid.UUID]:
    return {changed.entry.id}


def _of_case(changed: Changed) -> Collection[uuid.UUID]:
    return () if changed.entry.case_id is None else {changed.entry.case_id}


def _of_subject(changed: Changed) -> Collection[uuid.UUID]:
    return () if changed.entry.subject_id is None else {changed.entry.subject_id}


_SUBJECTS_OF: dict[str, Callable[[Changed], Collection[uuid.UUID]]] = {
    "hours": _of_subject,
    "subject": _of_subject,
    "clock": _of_client,
    "concern": _of_entry,
    "crisis": _of_case,
    "reminders": _of_client,
    "visit": _of_subject,
    "help": _of_entry,
    "sight": _of_client,
    "limits": _of_client,
    "drill": _of_entry,
}
"""What each thing to settle is about."""


def _each(settle_one: Callable[[Session, uuid.UUID, Entry, dt.datetime, Settling], None]) -> Settler:
    """Settle one subject after the other."""

    def settle_all(session: Session, causes: Causes, now: dt.datetime, settling: Settling) -> None:
        for subject_id, cause in causes.items():
            settle_one(session, subject_id, cause, now, settling)

    return settle_all


_SETTLERS: dict[str, Settler] = {
    "hours": _each(_settle_hours),
    "subject": _each(_settle_subject),
    "clock": _settle_clocks,
    "concern": _each(_settle_concern),
    "crisis": _each(_settle_crisis),
    "reminders": _settle_reminders,
    "visit": _each(_settle_visit),
    "help": _each(_settle_help),
    "sight": _each(_settle_sight),
    "limits": _each(_settle_limits),
    "drill": _each(_settle_drill),
}
"""In the order they are settled in."""

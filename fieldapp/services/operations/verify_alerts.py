"""For `verify`: does every alert's story lead to where it stands, and is it about what it says it is about?"""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Iterator

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from fieldapp.domain.alert_states import KINDS, STATES, TRANSITIONS, Event, State
from fieldapp.domain.escalation import HOLD_MINUTES
from fieldapp.models import (
    Absence,
    Alert,
    AlertHold,
    AlertTransition,
    Case,
    Client,
    Entry,
    EntryState,
    Heartbeat,
    StaffVisit,
)
from fieldapp.services.alerts.lifecycle import answered_or_ringing
from fieldapp.services.projections.states import body_of
from sync.entry_types import types_that

_LONGEST_LOOK = dt.timedelta(hours=25)
"""A leader may put an alert off for 24 hours; nothing else makes the engine look later."""
_LONGEST_HOLD = {"acknowledged": dt.timedelta(minutes=HOLD_MINUTES), "snoozed": dt.timedelta(hours=24)}
_ABOUT = {
    "not_seen": Client.id,
    "concern": Entry.id,
    "staff_help": Entry.id,
    "drill": Entry.id,
    "crisis": Case.id,
    "staff_overdue": StaffVisit.id,
    "absence_overdue": Absence.id,
}
_LEADS_TO: dict[str | None, set[str]] = {}
for (before, _), after in TRANSITIONS.items():
    _LEADS_TO.setdefault(before, set()).add(after)


def untrue_alerts(session: Session) -> Iterator[str]:
    """One sentence for everything about an alert that its transitions, its holds or its subject do not say."""
    stories, holders = _stories(session), _holders(session)
    ticked_at = session.scalar(select(Heartbeat.ticked_at))
    for alert in session.scalars(select(Alert).order_by(Alert.id)):
        story = stories.get(alert.id, [])
        yield from (f"alert {alert.id}: {what}" for what in _untrue(alert, story, ticked_at))
        if alert.owner_id is not None and alert.owner_id not in holders.get(alert.id, ()):
            yield f"alert {alert.id}: {alert.owner_id} har det, men har ikke tatt det"
    yield from _without_subject(session)
    yield from _silent(session)
    yield from _untrue_holds(session)


def _stories(session: Session) -> dict[uuid.UUID, list[AlertTransition]]:
    rows = session.scalars(select(AlertTransition).order_by(AlertTransition.alert_id, AlertTransition.id))
    return {alert_id: list(of_one) for alert_id, of_one in itertools.groupby(rows, lambda row: row.alert_id)}


def _holders(session: Session) -> dict[uuid.UUID, set[uuid.UUID]]:
    held: dict[uuid.UUID, set[uuid.UUID]] = {}
    for alert_id, staff_id in session.execute(select(AlertHold.alert_id, AlertHold.staff_id)):
        held.setdefault(alert_id, set()).add(staff_id)
    return held


def _untrue(alert: Alert, story: list[AlertTransition], ticked_at: dt.datetime | None) -> Iterator[str]:
    if alert.kind not in KINDS or alert.state not in STATES:
        yield f"er et {alert.kind} som er {alert.state}, og det finnes ikke"
        return
    if not story:
        yield "har ingen overganger"
        return
    first, last = story[0], story[-1]
    if first.from_state is not None or first.at != alert.opened_at:
        yield "åpningen mangler eller er en annen"
    yield from _breaks(story)
    if last.to_state != alert.state:
        yield f"står som {alert.state}, men siste overgang sier {last.to_state}"
    if (last.step, last.round) != (alert.step, alert.round):
        yield f"står på trinn {alert.step} i runde {alert.round}, men siste overgang sier {last.step} i {last.round}"
    yield from _untrue_end(alert, story)
    climbs = KINDS[alert.kind].climbs and alert.state not in (State.resolved, State.waiting)
    if climbs and ticked_at and alert.next_at and alert.next_at > ticked_at + _LONGEST_LOOK:
        yield f"blir ikke sett på før {alert.next_at}"


def _breaks(story: Iterable[AlertTransition]) -> Iterator[str]:
    """Each transition begins where the one before ended, and is one that there is."""
    for before, after in itertools.pairwise(story):
        if after.from_state != before.to_state:
            yield f"overgang {after.id} ({after.event}) begynner der ingen sluttet: en overgang mangler"
    for one in story:
        if one.to_state != one.from_state and one.to_state not in _LEADS_TO.get(one.from_state, ()):
            yield f"overgang {one.id} ({one.event}) fører fra {one.from_state} til {one.to_state}, som ingen gjør"


def _untrue_end(alert: Alert, story: Iterable[AlertTransition]) -> Iterator[str]:
    ended = [(one.at, one.reason) for one in story if one.event == Event.resolved]
    said = ended[-1] if ended and alert.state == State.resolved else (None, None)
    if (alert.resolved_at, alert.resolution) != said:
        yield f"er avsluttet {alert.resolved_at} som {alert.resolution}, men overgangene sier {said[0]} som {said[1]}"
    if (alert.owner_id is not None) is not (alert.state in (State.acknowledged, State.snoozed)):
        yield "er tatt av ingen, eller av en som ikke har tatt det"


def _without_subject(session: Session) -> Iterator[str]:
    for kind, id_ in _ABOUT.items():
        lost = select(Alert.id, Alert.subject_id).where(Alert.kind == kind, Alert.subject_id.not_in(select(id_)))
        for alert_id, subject_id in session.execute(lost.where(Alert.state != State.resolved)):
            yield f"alert {alert_id}: er et {kind} om {subject_id}, som ikke finnes"
    record_id = select(func.coalesce(Client.merged_into, Client.id)).where(Client.id == Alert.subject_id)
    is_other = Alert.client_id.is_distinct_from(record_id.correlate(Alert).scalar_subquery())
    other = select(Alert.id).where(Alert.kind == "not_seen", is_other)
    for alert_id in session.scalars(other):
        yield f"alert {alert_id}: er om en annen bruker enn den det nevner"


def _silent(session: Session) -> Iterator[str]:
    """What must ring and does not: a crisis that goes on, a worry for now that nobody has answered; not of the dead."""
    lives = ~exists().where(Client.id == Case.client_id, Client.deceased)
    crises = select(Case.id).where(Case.kind == "crisis", Case.status != "closed", lives)
    rings = exists().where(Alert.kind == "crisis", Alert.subject_id == Case.id, Alert.state != State.resolved.value)
    for case_id in session.scalars(crises.where(~rings).order_by(Case.id)):
        yield f"krisen {case_id} er åpen, og ingen varsles"
    lives = ~exists().where(Client.id == EntryState.client_id, Client.deceased)
    worries = select(Entry, EntryState).join(EntryState, EntryState.entry_id == Entry.id)
    worries = worries.where(Entry.type.in_(_CONCERNS), EntryState.struck_by.is_(None), lives)
    rang = exists().where(Alert.kind == "concern", Alert.subject_id == Entry.id, answered_or_ringing())
    for entry, state in session.execute(worries.where(~rang).order_by(Entry.id)):
        if body_of(entry, state).urgency == "now":
            yield f"bekymringen {entry.id} gjelder nå, og ingen varsles"


_CONCERNS = types_that(lambda row: "concern" in row.settles)


def _untrue_holds(session: Session) -> Iterator[str]:
    """Whoever holds an alert has said so, in an entry of their own."""
    query = select(AlertHold, Entry.author_id, Entry.subject_id, Entry.type).join(Entry, Entry.id == AlertHold.entry_id)
    for hold, author_id, subject_id, type_ in session.execute(query):
        said = (author_id, subject_id, type_.removeprefix("alert_"))
        if said != (hold.staff_id, hold.alert_id, hold.kind):
            yield f"alert_hold {hold.entry_id}: sier noe annet enn oppføringen"
        elif hold.until_at - hold.from_at > _LONGEST_HOLD.get(hold.kind, dt.timedelta()):
            yield f"alert_hold {hold.entry_id}: holder varselet til {hold.until_at}"

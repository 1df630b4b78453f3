"""What an accepted entry sets in motion: which projections it touches, and what it does to alerts.

The projections of clients, teams, cases and absences are brought up to date entry by entry, because the next entry's
checks rest on them. Clocks and alerts are settled once, when the whole request has been taken: the alert engine never
sees half a request, and a crisis that was opened and closed without coverage rings nobody.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import Alert, Case, Client, Entry, EntryState, Watch
from fieldapp.models.change import touch
from fieldapp.services import alert_entries, alerts
from fieldapp.services.projections.absences import refresh_absences
from fieldapp.services.projections.agreements import TERMS_TYPES
from fieldapp.services.projections.cases import KIND_OF, refresh_case
from fieldapp.services.projections.clients import refresh_client
from fieldapp.services.projections.states import body_of, first_state, refresh_state
from fieldapp.services.projections.teams import refresh_client_teams, refresh_duties
from fieldapp.services.projections.watch import refresh_watch

CARD_TYPES = frozenset(
    {
        "client_registered",
        "client_updated",
        "contact_interval_set",
        "follow_up_ended",
        "follow_up_resumed",
        "home_entered",
    }
    | {"crisis_closed"}
)
TEAM_TYPES = frozenset({"client_registered", "client_team_set"})
ABSENCE_TYPES = frozenset({"absence_started", "absence_ended"})
CLOCK_TYPES = frozenset(
    {
        "client_team_set",
        "visit_logged",
        "street_contact_logged",
        "call_logged",
        "sighting_reported",
        "watch_set",
        "agreement_withdrawn",
    }
    | {"alert_resolved"}
    | CARD_TYPES
    | ABSENCE_TYPES
)
CONCERN_TYPES = frozenset({"concern_raised"})


@dataclass
class Settling:
    """What is left to settle when the whole request has been taken."""

    clocks: dict[uuid.UUID, Entry] = field(default_factory=dict)
    """Clients whose clock must be computed anew, with the entry that made it necessary."""
    terms: set[uuid.UUID] = field(default_factory=set)
    """Those of them for whom an entry about the agreement itself came."""
    concerns: dict[uuid.UUID, Entry] = field(default_factory=dict)
    crises: dict[uuid.UUID, Entry] = field(default_factory=dict)


def project(session: Session, entry: Entry, now: dt.datetime) -> list[tuple[Entry, EntryState]]:
    """Bring the projections up to date with one new entry; the entries whose meaning changed, itself the first."""
    changed = [entry]
    if entry.type == "entry_corrected":
        changed.append(session.get_one(Entry, entry.subject_id))
    projected = []
    for one in changed:
        projected.append((one, first_state(session, one) if one is entry else refresh_state(session, one)))
        touch(session, "entry", one.id, client_id=one.client_id, team_id=one.team_id)
        _refresh_subjects(session, one, now)
    return projected


def react(session: Session, changed: list[tuple[Entry, EntryState]], settling: Settling, now: dt.datetime) -> None:
    """Let alerts know at once what concerns one alert, and note what is settled at the end of the request."""
    cause = changed[0][0]
    for entry, state in changed:
        if entry.type.startswith("alert_"):
            alert_entries.react(session, entry, new=entry is cause, now=now)
        if entry.type in CLOCK_TYPES and state.client_id is not None:
            settling.clocks[state.client_id] = cause
            if entry.type in TERMS_TYPES:
                settling.terms.add(state.client_id)
        if entry.type in CONCERN_TYPES:
            settling.concerns[entry.id] = cause
        if entry.case_id is not None and KIND_OF.get(entry.type) == "crisis":
            settling.crises[entry.case_id] = cause


def settle(session: Session, settling: Settling, now: dt.datetime) -> None:
    """Settle clocks and alerts after the last entry of the request."""
    for client_id, cause in settling.clocks.items():
        settle_clock(session, client_id, cause, now, terms_changed=client_id in settling.terms)
    for entry_id, cause in settling.concerns.items():
        _settle_concern(session, session.get_one(Entry, entry_id), cause, now)
    for case_id, cause in settling.crises.items():
        _settle_crisis(session, case_id, cause, now)


def settle_clock(
    session: Session, client_id: uuid.UUID, cause: Entry, now: dt.datetime, *, terms_changed: bool = True
) -> None:
    """Compute one clock anew and end the client's alert if the clock is no longer run out."""
    before = session.get(Watch, client_id)
    contact_before = before.last_seen_entry_id if before else None
    watch = refresh_watch(session, client_id, cause.id, terms_changed=terms_changed)
    if watch is None:
        return
    if terms_changed and alert_entries.refresh_hand_checks(session, client_id):
        refresh_watch(session, client_id, cause.id, terms_changed=False)
    client = session.get_one(Client, client_id)
    met_again = watch.last_seen_entry_id is not None and watch.last_seen_entry_id != contact_before
    alerts.settle_not_seen(
        session,
        watch,
        resolution_if_ended="died" if client.deceased else _RESOLUTIONS.get(cause.type, "clock_moved"),
        contact_at=watch.last_seen_at if met_again else None,
        staff_id=cause.author_id,
        entry_id=cause.id,
        now=now,
    )


_RESOLUTIONS = {
    "absence_started": "absence",
    "absence_ended": "absence",
    "watch_set": "agreement_changed",
    "follow_up_ended": "follow_up_ended",
    "follow_up_resumed": "follow_up_resumed",
    "alert_resolved": "checked_by_hand",
    "entry_corrected": "corrected",
}


def _refresh_subjects(session: Session, entry: Entry, now: dt.datetime) -> None:
    if entry.case_id is not None and entry.type in KIND_OF:
        refresh_case(session, entry.case_id)
    if entry.type == "duty_set" and entry.subject_id is not None:
        refresh_duties(session, entry.subject_id)
    if entry.client_id is None:
        return
    if entry.type in CARD_TYPES:
        refresh_client(session, entry.client_id)
    if entry.type == "client_updated":
        _refresh_cases(session, entry.client_id)
    if entry.type in TEAM_TYPES:
        refresh_client_teams(session, entry.client_id, now)
    if entry.type in ABSENCE_TYPES:
        refresh_absences(session, entry.client_id)


def _refresh_cases(session: Session, client_id: uuid.UUID) -> None:
    """A case nobody was named for belongs to the client's primary contact, whoever that is now."""
    for case_id in session.scalars(select(Case.id).where(Case.client_id == client_id)).all():
        refresh_case(session, case_id)


def _settle_concern(session: Session, entry: Entry, cause: Entry, now: dt.datetime) -> None:
    """«Bekymret nå» rings whatever the clock says; its retraction ends it."""
    state = session.get_one(EntryState, entry.id)
    stands = state.struck_by is None and body_of(entry, state).urgency == "now"
    if stands and entry.team_id is not None:
        if not _had_alert(session, "concern", entry.id):
            alerts.open_alert(
                session,
                kind="concern",
                subject_id=entry.id,
                client_id=state.client_id,
                team_id=entry.team_id,
                episode=entry.id,
                due_at=entry.clock_at,
                now=now,
            )
    else:
        _end(session, "concern", entry.id, "retracted", cause, now)


def _settle_crisis(session: Session, case_id: uuid.UUID, cause: Entry, now: dt.datetime) -> None:
    """An open crisis has an alert; it ends by `crisis_closed`, or when its opening is retracted."""
    case = session.get(Case, case_id)
    if case is None:
        _end(session, "crisis", case_id, "retracted", cause, now)
    elif case.status == "closed":
        _end(session, "crisis", case_id, str(case.facts.get("outcome", "closed")), cause, now)
    elif alerts.unresolved(session, "crisis", case_id) is None:
        alerts.open_alert(
            session,
            kind="crisis",
            subject_id=case_id,
            client_id=case.client_id,
            team_id=case.team_id,
            episode=case.opened_entry_id,
            due_at=case.opened_at,
            now=now,
        )


def _had_alert(session: Session, kind: str, subject_id: uuid.UUID) -> bool:
    """Whether this subject has, or ever had, an alert: a concern that was answered does not ring again."""
    query = select(Alert.id).where(Alert.kind == kind, Alert.subject_id == subject_id).limit(1)
    return session.scalar(query) is not None


def _end(session: Session, kind: str, subject_id: uuid.UUID, resolution: str, cause: Entry, now: dt.datetime) -> None:
    alert = alerts.unresolved(session, kind, subject_id)
    if alert is not None:
        alerts.resolve(
            session,
            alert,
            resolution=resolution,
            staff_id=cause.author_id,
            entry_id=cause.id,
            now=now,
            tell=resolution != "died",  # nobody gets a push about a death
        )

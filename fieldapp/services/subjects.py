"""What each type of entry points at: found, checked, and stored with the entry as its subject.

Forbidden and missing look the same: both are `unknown_reference`.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.errors import Rejected
from fieldapp.models import Alert, ClientTeam, Entry, Team, TeamHours
from fieldapp.services import duty_rights
from fieldapp.services.candidates import Candidate, check_member, follows
from fieldapp.services.projections.cases import FOLLOWERS, OPENERS
from sync import private_talks
from sync.entry_types import parse_body


def subject_of(session: Session, candidate: Candidate) -> uuid.UUID | None:
    """The id of what the entry points at, None for the types that point at nothing; raises Rejected."""
    find = _SUBJECTS.get(candidate.envelope.type)
    return find(session, candidate) if find else None


def _opened_case(session: Session, candidate: Candidate) -> None:
    if _opening(session, candidate.envelope.case_id) is not None:
        raise Rejected("already_exists", "case_id")


def _followed_case(session: Session, candidate: Candidate) -> None:
    envelope = candidate.envelope
    opening = _opening(session, envelope.case_id)
    if opening is None or opening.client_id != envelope.client_id or OPENERS[opening.type] != FOLLOWERS[envelope.type]:
        raise Rejected("unknown_reference", "case_id")
    if candidate.author.role == "landlord" and opening.author_id != candidate.author.staff_id:
        raise Rejected("unknown_reference", "case_id")


def _opening(session: Session, case_id: uuid.UUID | None) -> Entry | None:
    """The entry that opened the case. An opening that was retracted still counts: order must not matter."""
    return session.scalar(select(Entry).where(Entry.case_id == case_id, Entry.type.in_(OPENERS)))


def _started_absence(session: Session, candidate: Candidate) -> uuid.UUID:
    absence_id: uuid.UUID = candidate.body.absence_id
    if _absence_start(session, absence_id) is not None:
        raise Rejected("already_exists", "body.absence_id")
    return absence_id


def _ended_absence(session: Session, candidate: Candidate) -> uuid.UUID:
    absence_id: uuid.UUID = candidate.body.absence_id
    start = _absence_start(session, absence_id)
    if start is None or start.client_id != candidate.envelope.client_id:
        raise Rejected("unknown_reference", "body.absence_id")
    return absence_id


def _absence_start(session: Session, absence_id: uuid.UUID) -> Entry | None:
    return session.scalar(select(Entry).where(Entry.type == "absence_started", Entry.subject_id == absence_id))


def _alert(session: Session, candidate: Candidate) -> uuid.UUID:
    alert = session.get(Alert, candidate.body.alert_id)
    author, envelope = candidate.author, candidate.envelope
    if alert is None or not _sees_alert(session, author, alert, candidate.clock_at):
        raise Rejected("unknown_reference", "body.alert_id")
    if envelope.client_id is not None and envelope.client_id != alert.client_id:
        raise Rejected("unknown_reference", "client_id")
    return alert.id


def _sees_alert(session: Session, author: Viewer, alert: Alert, at: dt.datetime) -> bool:
    if author.role not in access.TEAM_ROLES:
        return False
    if alert.client_id is None or alert.kind in ABOUT_STAFF:
        return alert.team_id in author.team_ids
    return bool(follows(session, author, alert.client_id, at))


def _corrected_entry(session: Session, candidate: Candidate) -> uuid.UUID:
    body, author = candidate.body, candidate.author
    entry = session.get(Entry, body.entry_id)
    if entry is None or not _sees_entry(session, author, entry, candidate.clock_at):
        raise Rejected("unknown_reference", "body.entry_id")
    if entry.type == "entry_corrected":
        raise Rejected("invalid_body", "body.entry_id")
    _check_private_talk(candidate, entry)
    may_say_no = body.what == "retracted" and access.may_decline(author, duty_rights.was_offered_to(entry))
    since = candidate.clock_at - entry.received_at
    if not may_say_no and not access.may_correct(author, entry.author_id, body.what, since):
        raise Rejected("not_permitted")
    if entry.type == "duty_set" and body.body:
        _check_corrected_duty(session, entry, body.body)
    return entry.id


def _check_private_talk(candidate: Candidate, entry: Entry) -> None:
    """A correction neither adds to a private talk nor changes whether a talk is private: see sync/private_talks.py."""
    if entry.type != private_talks.TYPE:
        return
    becomes_private = private_talks.is_private(candidate.body.body)
    was_private = private_talks.is_private(entry.body)
    if (becomes_private and not was_private) or (was_private and _says_too_much(candidate)):
        raise Rejected("private_has_no_note", "body")


def _says_too_much(candidate: Candidate) -> bool:
    envelope = candidate.envelope
    return private_talks.correction_says_too_much({"body": envelope.body} | envelope.extra)


def _check_corrected_duty(session: Session, duty: Entry, body: dict[str, Any]) -> None:
    """Whoever the correction puts on the list must be as fit for it."""
    corrected: Any = parse_body("duty_set", duty.body | body, "body.body")
    check_member(session, corrected.staff_id, {corrected.team_id} & {duty.subject_id}, "body.body.staff_id")


def _sees_entry(session: Session, author: Viewer, entry: Entry, at: dt.datetime) -> bool:
    if entry.author_id == author.staff_id:
        return True
    if author.role not in access.TEAM_ROLES:
        return False
    if entry.client_id is not None:
        return bool(follows(session, author, entry.client_id, at))
    return entry.team_id in author.team_ids


def _started_visit(session: Session, candidate: Candidate) -> uuid.UUID:
    visit_id: uuid.UUID = candidate.body.visit_id
    if _visit_start(session, visit_id) is not None:
        raise Rejected("already_exists", "body.visit_id")
    return visit_id


def _ended_visit(session: Session, candidate: Candidate) -> uuid.UUID:
    """Whoever went in says that they are out, or a colleague of the team who has heard it from them."""
    start = visit_start_of(session, candidate)
    about = candidate.envelope.client_id
    if about is not None and about != start.client_id:
        raise Rejected("unknown_reference", "client_id")
    return start.subject_id or candidate.body.visit_id


def visit_start_of(session: Session, candidate: Candidate) -> Entry:
    start = _visit_start(session, candidate.body.visit_id)
    author = candidate.author
    if start is None or not (start.author_id == author.staff_id or start.team_id in author.team_ids):
        raise Rejected("unknown_reference", "body.visit_id")
    return start


def _visit_start(session: Session, visit_id: uuid.UUID) -> Entry | None:
    return session.scalar(select(Entry).where(Entry.type == "visit_started", Entry.subject_id == visit_id))


def _answered_concern(session: Session, candidate: Candidate) -> uuid.UUID:
    concern = session.get(Entry, candidate.body.entry_id)
    worries = concern is not None and concern.type in ("concern_raised", "sighting_reported")
    if concern is None or not worries or concern.client_id != candidate.envelope.client_id:
        raise Rejected("unknown_reference", "body.entry_id")
    return concern.id


def _handed_watch(session: Session, candidate: Candidate) -> None:
    """Only to the team that theirs hands over to, or that follows the client anyway: sharing is decided beforehand."""
    to_team_id, client_id = candidate.body.to_team_id, candidate.envelope.client_id
    agreed = select(TeamHours.to_team_id).where(TeamHours.team_id.in_(candidate.author.team_ids))
    following = select(ClientTeam.team_id).where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
    if to_team_id not in {*session.scalars(agreed), *session.scalars(following)}:
        raise Rejected("unknown_reference", "body.to_team_id")


def _taken_watch(session: Session, candidate: Candidate) -> uuid.UUID:
    asked = session.get(Entry, candidate.body.handed_over_id)
    about_this = asked is not None and asked.client_id == candidate.envelope.client_id
    if asked is None or asked.type != "watch_handed_over" or not about_this:
        raise Rejected("unknown_reference", "body.handed_over_id")
    if uuid.UUID(asked.body["to_team_id"]) not in candidate.author.team_ids:
        raise Rejected("not_permitted", "body.handed_over_id")
    return asked.id


def _own_team(_session: Session, candidate: Candidate) -> uuid.UUID:
    team_id: uuid.UUID = candidate.body.team_id
    return team_id


def _hours_team(session: Session, candidate: Candidate) -> uuid.UUID:
    to_team_id = candidate.body.to_team_id
    if to_team_id is not None and session.get(Team, to_team_id) is None:
        raise Rejected("unknown_reference", "body.to_team_id")
    return _own_team(session, candidate)


def _offered_duty(session: Session, candidate: Candidate) -> uuid.UUID:
    team_id = duty_rights.offered_in(session, candidate.author, candidate.body)
    check_member(session, candidate.body.to_staff_id, {team_id}, "body.to_staff_id")
    return team_id


def _taken_duty(session: Session, candidate: Candidate) -> uuid.UUID:
    return duty_rights.taken_in(session, candidate.author, candidate.body)


_Subject = Callable[[Session, Candidate], uuid.UUID | None]
_SUBJECTS: dict[str, _Subject] = {
    **dict.fromkeys(OPENERS, _opened_case),
    **dict.fromkeys(FOLLOWERS, _followed_case),
    "absence_started": _started_absence,
    "absence_confirmed": _ended_absence,
    "absence_ended": _ended_absence,
    "alert_acknowledged": _alert,
    "alert_snoozed": _alert,
    "alert_resolved": _alert,
    "alert_handed_over": _alert,
    "entry_corrected": _corrected_entry,
    "duty_set": _own_team,
    "team_hours_set": _hours_team,
    "visit_started": _started_visit,
    "visit_ended": _ended_visit,
    "concern_answered": _answered_concern,
    "watch_handed_over": _handed_watch,
    "watch_taken_over": _taken_watch,
    "duty_handed_over": _offered_duty,
    "duty_taken_over": _taken_duty,
}
"""Finds and checks what the body points at; its id is stored with the entry."""

"""What each type of entry points at: found, checked, and stored with the entry as its subject.

Forbidden and missing look the same: both are `unknown_reference`. Whether a minted id is new is not asked of an entry
that is being corrected: it has the id.
"""

import datetime as dt
import uuid
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.errors import Rejected
from fieldapp.models import Alert, ClientTeam, Entry, EntryState, Team, TeamHours
from fieldapp.services.entries import duty_rights
from fieldapp.services.entries.candidates import Candidate, check_member, follows, is_forbidden, worked_in
from fieldapp.services.projections.cases import OPENERS
from sync.entry_type import PointsAt
from sync.entry_types import ENTRY_TYPES, types_that

_STARTS_ABSENCE = types_that(lambda row: row.points_at == "new_absence")
_STARTS_VISIT = types_that(lambda row: row.points_at == "new_visit")


def subject_of(session: Session, candidate: Candidate) -> uuid.UUID | None:
    """The id of what the entry points at, None for the types that point at nothing; raises Rejected."""
    points_at = candidate.row.points_at
    return _FINDERS[points_at](session, candidate) if points_at else None


def _opened_case(session: Session, candidate: Candidate) -> None:
    if candidate.before is None and _opening(session, candidate.envelope.case_id) is not None:
        raise Rejected("already_exists", "case_id")


def _followed_case(session: Session, candidate: Candidate) -> None:
    envelope = candidate.envelope
    opening = _opening(session, envelope.case_id)
    if (
        opening is None
        or opening.client_id != envelope.client_id
        or ENTRY_TYPES[opening.type].case != candidate.row.case
    ):
        raise Rejected("unknown_reference", "case_id")
    if opening.client_id is None and opening.team_id not in worked_in(session, candidate.author, candidate.clock_at):
        raise Rejected("unknown_reference", "case_id")
    if candidate.author.role == "landlord" and opening.author_id != candidate.author.staff_id:
        raise Rejected("unknown_reference", "case_id")


def _opening(session: Session, case_id: uuid.UUID | None) -> Entry | None:
    """The entry that opened the case. An opening that was retracted still counts: order must not matter."""
    return session.scalar(select(Entry).where(Entry.case_id == case_id, Entry.type.in_(OPENERS)))


def _started_absence(session: Session, candidate: Candidate) -> uuid.UUID:
    absence_id: uuid.UUID = candidate.body.absence_id
    if candidate.before is None and _absence_start(session, absence_id) is not None:
        raise Rejected("already_exists", "body.absence_id")
    return absence_id


def _ended_absence(session: Session, candidate: Candidate) -> uuid.UUID:
    absence_id: uuid.UUID = candidate.body.absence_id
    start = _absence_start(session, absence_id)
    if start is None or start.client_id != candidate.envelope.client_id:
        raise Rejected("unknown_reference", "body.absence_id")
    return absence_id


def _absence_start(session: Session, absence_id: uuid.UUID) -> Entry | None:
    return session.scalar(select(Entry).where(Entry.type.in_(_STARTS_ABSENCE), Entry.subject_id == absence_id))


def _alert(session: Session, candidate: Candidate) -> uuid.UUID:
    alert = session.get(Alert, candidate.body.alert_id)
    author, envelope = candidate.author, candidate.envelope
    sees = alert is not None and (candidate.sight_is_known or _sees_alert(session, author, alert, candidate.clock_at))
    if alert is None or not sees:
        raise Rejected("unknown_reference", "body.alert_id")
    if envelope.client_id is not None and envelope.client_id != alert.client_id:
        raise Rejected("unknown_reference", "client_id")
    return alert.id


def _sees_alert(session: Session, author: Viewer, alert: Alert, at: dt.datetime) -> bool:
    if author.role not in access.TEAM_ROLES:
        return False
    if alert.client_id is None or alert.kind in ABOUT_STAFF:
        hidden = alert.client_id is not None and is_forbidden(session, author.staff_id, alert.client_id, at)
        return alert.team_id in author.team_ids and (not hidden or alert.staff_id == author.staff_id)
    return bool(follows(session, author, alert.client_id, at))


def _started_visit(session: Session, candidate: Candidate) -> uuid.UUID:
    visit_id: uuid.UUID = candidate.body.visit_id
    if candidate.before is None and _visit_start(session, visit_id) is not None:
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
    is_theirs = start is not None and (start.author_id == author.staff_id or start.team_id in author.team_ids)
    if start is None or not (is_theirs or candidate.sight_is_known):
        raise Rejected("unknown_reference", "body.visit_id")
    return start


def _visit_start(session: Session, visit_id: uuid.UUID) -> Entry | None:
    return session.scalar(select(Entry).where(Entry.type.in_(_STARTS_VISIT), Entry.subject_id == visit_id))


def _answered_concern(session: Session, candidate: Candidate) -> uuid.UUID:
    concern = session.get(Entry, candidate.body.entry_id)
    if concern is None or not _asks_to_be_looked_into(concern):
        raise Rejected("unknown_reference", "body.entry_id")
    if session.get_one(EntryState, concern.id).client_id != candidate.envelope.client_id:
        raise Rejected("unknown_reference", "body.entry_id")
    return concern.id


def _asks_to_be_looked_into(entry: Entry) -> bool:
    return ENTRY_TYPES[entry.type].looked_into or NO_EFFECT in entry.flags


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
    if asked is None or ENTRY_TYPES[asked.type].points_at != "receiving_team" or not about_this:
        raise Rejected("unknown_reference", "body.handed_over_id")
    if uuid.UUID(session.get_one(EntryState, asked.id).body["to_team_id"]) not in candidate.author.team_ids:
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


_Finder = Callable[[Session, Candidate], uuid.UUID | None]
_FINDERS: dict[PointsAt, _Finder] = {
    "new_case": _opened_case,
    "case": _followed_case,
    "new_absence": _started_absence,
    "absence": _ended_absence,
    "new_visit": _started_visit,
    "visit": _ended_visit,
    "alert": _alert,
    "concern": _answered_concern,
    "own_team": _own_team,
    "hours_team": _hours_team,
    "receiving_team": _handed_watch,
    "hand_over": _taken_watch,
    "offered_duty": _offered_duty,
    "taken_duty": _taken_duty,
}
"""Finds and checks what an entry points at; the id is stored with the entry."""

"""Whether an entry may come in: the author's rights and what the entry points at. Changes nothing.

Forbidden and missing look the same: both are `unknown_reference`, so that nobody can ask the outbox who is a client.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.errors import Rejected
from fieldapp.models import Alert, Client, ClientTeam, Entry, HandOver, Staff, StaffTeam, Team, TeamHours
from fieldapp.services import duty_rights
from fieldapp.services.projections.cases import FOLLOWERS, OPENERS
from fieldapp.services.projections.clients import SAFETY_FIELDS
from sync.entry_types import parse_body
from sync.envelope import Envelope

_STEERING = frozenset({"client_updated", "client_team_set", "watch_set", "contact_interval_set"}) | {
    "follow_up_ended",
    "follow_up_resumed",
    "watch_handed_over",
    "watch_taken_over",
}
"""What decides over the client from now on, and so takes a team that follows now: no back-dated entry of somebody who
has lost the client may turn off its clock."""
_OF_A_DUTY = frozenset({"duty_handed_over", "duty_taken_over"})
"""They belong to the team of the duty they are about."""
_ANYBODY = frozenset(access.ROLES)
STAFF_FIELDS = ("primary_staff_id", "staff_id", "to_staff_id", "owner_id", "with_staff")


@dataclass(frozen=True)
class Candidate:
    """An entry at the door: parsed, its author proven, its clock time known."""

    envelope: Envelope
    body: Any
    author: Viewer
    clock_at: dt.datetime


@dataclass(frozen=True)
class Admitted:
    """What the checks found out, so that nobody has to look twice."""

    team_id: uuid.UUID | None
    subject_id: uuid.UUID | None


def admit(session: Session, candidate: Candidate) -> Admitted:
    """Check rights and references; raises Rejected with the protocol's code and the field it concerns."""
    client, following = _client(session, candidate)
    team_id = _team(candidate, following)
    _check_rights(candidate, client)
    subject_id = _SUBJECTS.get(candidate.envelope.type, _no_subject)(session, candidate)
    if candidate.envelope.type == "visit_ended":
        team_id = team_id or _visit_start_of(session, candidate).team_id
    _check_staff(session, candidate)
    if candidate.envelope.type in _OF_A_DUTY:
        team_id = subject_id
    return Admitted(team_id=team_id, subject_id=subject_id)


def follows(session: Session, author: Viewer, client_id: uuid.UUID, at: dt.datetime | None) -> list[uuid.UUID]:
    """The author's teams that follow this client now, or (with `at`) followed it when the thing happened.

    What was logged in time is taken after the access has ended too: a lost entry is worse than a late one.
    """
    if access.is_linked_to(author, client_id):
        return _following(session, client_id)
    if not access.sees_clients(author.role):
        return []
    following: ColumnElement[bool] = ClientTeam.active.is_(True)
    if at is not None:
        on = day_of(at)
        then = (ClientTeam.from_on <= on) & (ClientTeam.to_on.is_(None) | (ClientTeam.to_on >= on))
        following = or_(following, then, _watched_over(client_id, at))
    query = (
        select(ClientTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.team_id.in_(author.team_ids))
        .where(following)
        .order_by(ClientTeam.team_id)
    )
    return list(session.scalars(query))


def _following(session: Session, client_id: uuid.UUID) -> list[uuid.UUID]:
    """The teams that follow the client now, the one that has followed longest first."""
    query = (
        select(ClientTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.active.is_(True))
        .order_by(ClientTeam.from_on, ClientTeam.team_id)
    )
    return list(session.scalars(query))


def _watched_over(client_id: uuid.UUID, at: dt.datetime) -> ColumnElement[bool]:
    """Whether the team had been asked to watch over the client then, in one of many hand-overs."""
    return (
        select(HandOver.id)
        .where(
            HandOver.client_id == client_id,
            HandOver.to_team_id == ClientTeam.team_id,
            HandOver.asked_at <= at,
            HandOver.until_at > at,
        )
        .exists()
    )


def _client(session: Session, candidate: Candidate) -> tuple[Client | None, list[uuid.UUID]]:
    """The client the entry is about, and the author's teams that follow it."""
    envelope = candidate.envelope
    if envelope.client_id is None:
        return None, []
    client = session.get(Client, envelope.client_id)
    if envelope.type == "client_registered":
        if client is not None:
            raise Rejected("already_exists", "client_id")
        return None, []
    happened_at = None if envelope.type in _STEERING else candidate.clock_at
    following = follows(session, candidate.author, client.id, happened_at) if client else []
    if not following:
        raise Rejected("unknown_reference", "client_id")
    return client, following


def _team(candidate: Candidate, following: list[uuid.UUID]) -> uuid.UUID | None:
    """The team the entry belongs to: the one it names, else the author's team that follows the client."""
    envelope, author = candidate.envelope, candidate.author
    of_body: uuid.UUID | None = getattr(candidate.body, "team_id", None)
    for field, named in (("team_id", envelope.team_id), ("body.team_id", of_body)):
        if named is not None and named not in author.team_ids and not _may_name_any_team(envelope.type):
            raise Rejected("unknown_reference", field)
    return envelope.team_id or (following[0] if following else of_body)


def _may_name_any_team(entry_type: str) -> bool:
    """A leader gives a client one more team, which is seldom their own."""
    return entry_type == "client_team_set"


def _check_rights(candidate: Candidate, client: Client | None) -> None:
    envelope, body, author = candidate.envelope, candidate.body, candidate.author
    is_primary = client is not None and client.primary_staff_id == author.staff_id
    if not access.may_submit(author, envelope.type, is_primary):
        raise Rejected("not_permitted")
    if envelope.type == "client_registered" and body.protected != "none":
        raise Rejected("not_permitted", "body.protected")
    if envelope.type == "client_updated":
        _check_edit(candidate, client)
    if envelope.type in ("duty_set", "team_hours_set") and not access.may_lead(author, body.team_id):
        raise Rejected("not_permitted", "body.team_id")


def _check_edit(candidate: Candidate, client: Client | None) -> None:
    given = candidate.body.fields.given()
    if given.get("protected", "none") != "none":
        raise Rejected("not_permitted", "body.fields.protected")
    if client is not None and SAFETY_FIELDS & set(given) and candidate.body.base_seq < client.safety_seq:
        raise Rejected("stale_base", "body.base_seq")


def _check_staff(session: Session, candidate: Candidate) -> None:
    """Everybody an entry names must be a colleague: somebody in a team of the author's or of the client's.

    A landlord may have come along on a visit; clients, cases and alerts are only given to those who follow up clients.
    """
    named = _named_staff(candidate.body)
    if candidate.envelope.type == "client_updated":
        named += _named_staff(candidate.body.fields, "body.fields")
    if not named:
        return
    roles = _colleagues(session, candidate, {staff_id for _, staff_id in named})
    for field, staff_id in named:
        may_be_named = _ANYBODY if field == "body.with_staff" else access.TEAM_ROLES
        if roles.get(staff_id) not in may_be_named:
            raise Rejected("unknown_reference", field)
    if candidate.envelope.type == "duty_set":
        _check_member(session, candidate.body.staff_id, {candidate.body.team_id}, "body.staff_id")
    if candidate.envelope.type == "alert_handed_over":
        _check_member(session, candidate.body.to_staff_id, _alert_teams(session, candidate), "body.to_staff_id")


def _named_staff(body: Any, at: str = "body") -> list[tuple[str, uuid.UUID]]:
    named = []
    for field in STAFF_FIELDS:
        value = getattr(body, field, None)
        values: Iterable[Any] = value if isinstance(value, tuple) else (value,)
        named += [(f"{at}.{field}", one) for one in values if isinstance(one, uuid.UUID)]
    return named


def _colleagues(session: Session, candidate: Candidate, wanted: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Those of the wanted who are colleagues, with their roles."""
    teams = set(candidate.author.team_ids)
    if candidate.envelope.client_id is not None:
        teams |= set(
            session.scalars(select(ClientTeam.team_id).where(ClientTeam.client_id == candidate.envelope.client_id))
        )
    query = (
        select(StaffTeam.staff_id, Staff.role)
        .join(Staff, Staff.id == StaffTeam.staff_id)
        .where(StaffTeam.staff_id.in_(wanted), StaffTeam.team_id.in_(teams))
    )
    return {row.staff_id: row.role for row in session.execute(query)}


def _check_member(session: Session, staff_id: uuid.UUID, teams: set[uuid.UUID], field: str) -> None:
    """Who is given an alert or a duty works in the team and follows up clients: nobody else sees whom it is about."""
    found = session.scalar(
        select(Staff.id)
        .join(StaffTeam, StaffTeam.staff_id == Staff.id)
        .where(Staff.id == staff_id, Staff.ended_at.is_(None), Staff.role.in_(access.TEAM_ROLES))
        .where(StaffTeam.team_id.in_(teams))
        .limit(1)
    )
    if found is None:
        raise Rejected("unknown_reference", field)


def _alert_teams(session: Session, candidate: Candidate) -> set[uuid.UUID]:
    """The teams whose people see the alert: its own, and those that follow the client."""
    alert = session.get_one(Alert, candidate.body.alert_id)
    following = select(ClientTeam.team_id).where(ClientTeam.client_id == alert.client_id, ClientTeam.active.is_(True))
    return {alert.team_id, *session.scalars(following)}


def _no_subject(_session: Session, _candidate: Candidate) -> None:
    return None


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
    if alert.client_id is None:
        return alert.team_id in author.team_ids
    return bool(follows(session, author, alert.client_id, at))


def _corrected_entry(session: Session, candidate: Candidate) -> uuid.UUID:
    body, author = candidate.body, candidate.author
    entry = session.get(Entry, body.entry_id)
    if entry is None or not _sees_entry(session, author, entry, candidate.clock_at):
        raise Rejected("unknown_reference", "body.entry_id")
    if entry.type == "entry_corrected":
        raise Rejected("invalid_body", "body.entry_id")
    may_say_no = body.what == "retracted" and access.may_decline(author, duty_rights.was_offered_to(entry))
    since = candidate.clock_at - entry.received_at
    if not may_say_no and not access.may_correct(author, entry.author_id, body.what, since):
        raise Rejected("not_permitted")
    if entry.type == "duty_set" and body.body:
        _check_corrected_duty(session, entry, body.body)
    return entry.id


def _check_corrected_duty(session: Session, duty: Entry, body: dict[str, Any]) -> None:
    """Whoever the correction puts on the list must be as fit for it."""
    corrected: Any = parse_body("duty_set", duty.body | body, "body.body")
    _check_member(session, corrected.staff_id, {corrected.team_id} & {duty.subject_id}, "body.body.staff_id")


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
    start = _visit_start_of(session, candidate)
    about = candidate.envelope.client_id
    if about is not None and about != start.client_id:
        raise Rejected("unknown_reference", "client_id")
    return start.subject_id or candidate.body.visit_id


def _visit_start_of(session: Session, candidate: Candidate) -> Entry:
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
    _check_member(session, candidate.body.to_staff_id, {team_id}, "body.to_staff_id")
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

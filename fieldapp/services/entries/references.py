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
from fieldapp.domain.norway import day_of
from fieldapp.domain.retention import EXPIRED
from fieldapp.domain.steering import NO_EFFECT
from fieldapp.errors import Rejected
from fieldapp.models import AccessGrant, Alert, ClientTeam, Entry, EntryState, Team, TeamHours
from fieldapp.services.casefile import case_file
from fieldapp.services.entries import duty_rights
from fieldapp.services.entries.candidates import Candidate, check_member, follows, is_forbidden, worked_in
from fieldapp.services.followers import taken_back
from fieldapp.services.projections.cases import OPENERS
from fieldapp.services.projections.states import ABOUT_SOMEBODY, links_of
from sync import private_talks
from sync.entry_type import PointsAt, Thing
from sync.entry_types import ENTRY_TYPES, types_that
from sync.envelope import Envelope

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
    if opening is None or ENTRY_TYPES[opening.type].case != candidate.row.case:
        raise Rejected("unknown_reference", "case_id")
    if opening.client_id is not None and not case_file(session).are_one(opening.client_id, envelope.client_id):
        raise Rejected("unknown_reference", "case_id")
    if opening.client_id is None and not _follows_case_of_nobody(session, candidate, opening):
        raise Rejected("unknown_reference", "case_id")
    if candidate.author.role == "landlord" and opening.author_id != candidate.author.staff_id:
        raise Rejected("unknown_reference", "case_id")


def _follows_case_of_nobody(session: Session, candidate: Candidate, opening: Entry) -> bool:
    """Of a case that was opened about nobody known: the team's, and, when somebody has said whom it was about, of those
    who follow that client. It may name nobody, or any client it has been said to be about."""
    named = {link.client_id for link in links_of(session, opening.case_id)}
    about = candidate.envelope.client_id
    if about is not None:
        return any(case_file(session).are_one(about, client_id) for client_id in named)
    author, at = candidate.author, candidate.clock_at
    if opening.team_id in worked_in(session, author, at) or candidate.sight_is_known:
        return True
    records = {case_file(session).record_of(client_id) for client_id in named if client_id is not None}
    return any(follows(session, author, client_id, at) for client_id in records)


def _nobody_known(session: Session, candidate: Candidate) -> uuid.UUID:
    """A case, concern or street contact that came without a client, of a team the author worked in; and so the author
    sees both it and the client."""
    body, envelope = candidate.body, candidate.envelope
    if body.entry_id is not None:
        field, found = "body.entry_id", session.get(Entry, body.entry_id)
        is_one = found is not None and found.type in ABOUT_SOMEBODY and ENTRY_TYPES[found.type].case is None
        target_id = body.entry_id
    else:
        target_id = body.case_id or envelope.case_id
        if target_id is None:
            raise Rejected("invalid_body", "body.entry_id")
        field, found = "body.case_id" if body.case_id else "case_id", _opening(session, target_id)
        is_one = found is not None
    if found is None or not is_one or found.client_id is not None or EXPIRED in found.flags:
        raise Rejected("unknown_reference", field)
    if found.team_id not in worked_in(session, candidate.author, candidate.clock_at) and not candidate.sight_is_known:
        raise Rejected("unknown_reference", field)
    if private_talks.is_private_entry(found.type, found.body) and private_talks.link_says_too_much(
        {"body": envelope.body} | envelope.extra
    ):
        raise Rejected("private_has_no_note", "body")
    return target_id


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
    if start is None or not case_file(session).are_one(start.client_id, candidate.envelope.client_id):
        raise Rejected("unknown_reference", "body.absence_id")
    return absence_id


def _absence_start(session: Session, absence_id: uuid.UUID) -> Entry | None:
    return session.scalar(select(Entry).where(Entry.type.in_(_STARTS_ABSENCE), Entry.subject_id == absence_id))


def _alert(session: Session, candidate: Candidate) -> uuid.UUID:
    alert = session.get(Alert, candidate.body.alert_id)
    author, envelope = candidate.author, candidate.envelope
    sees = alert is not None and (candidate.sight_is_known or _sees_alert(session, author, alert, candidate.clock_at))
    if alert is not None and not sees and candidate.row.answers is None:
        sees = _saw_client_of(session, author, alert, candidate.clock_at)
    if alert is None or not sees:
        raise Rejected("unknown_reference", "body.alert_id")
    named = envelope.client_id is None or case_file(session).are_one(envelope.client_id, alert.client_id)
    if not named and not _was_named(session, alert.subject_id, envelope):
        raise Rejected("unknown_reference", "client_id")
    return alert.id


def _was_named(session: Session, target_id: uuid.UUID, envelope: Envelope) -> bool:
    """Whether this case or entry, which came without a client, has been said to be about that of the envelope."""
    file = case_file(session)
    return any(file.are_one(link.client_id, envelope.client_id) for link in links_of(session, target_id))


def _sees_alert(session: Session, author: Viewer, alert: Alert, at: dt.datetime) -> bool:
    if author.role not in access.TEAM_ROLES:
        return False
    if alert.client_id is None or alert.kind in ABOUT_STAFF:
        hidden = alert.client_id is not None and is_forbidden(session, author.staff_id, alert.client_id, at)
        return alert.team_id in author.team_ids and (not hidden or alert.staff_id == author.staff_id)
    return bool(follows(session, author, alert.client_id, at))


def _saw_client_of(session: Session, author: Viewer, alert: Alert, at: dt.datetime) -> bool:
    """Whether the author once followed whom the alert is about: a step of the check is not refused for lost sight."""
    client_id = alert.client_id
    if client_id is None or alert.kind in ABOUT_STAFF or author.role not in access.TEAM_ROLES:
        return False
    if is_forbidden(session, author.staff_id, client_id, at):
        return False
    followed = {row.team_id for row in case_file(session).rows(ClientTeam, client_id) if row.from_on <= day_of(at)}
    followed |= {past.team_id for past in taken_back(session, client_id)}
    ids = case_file(session).ids_of(client_id)
    granted = select(AccessGrant.id).where(
        AccessGrant.staff_id == author.staff_id, AccessGrant.client_id.in_(ids), AccessGrant.from_at <= at
    )
    worked = worked_in(session, author, min(at, alert.opened_at))
    return bool(followed & worked) or session.scalar(granted.limit(1)) is not None


def _started_visit(session: Session, candidate: Candidate) -> uuid.UUID:
    visit_id: uuid.UUID = candidate.body.visit_id
    if candidate.before is None and _visit_start(session, visit_id) is not None:
        raise Rejected("already_exists", "body.visit_id")
    return visit_id


def _ended_visit(session: Session, candidate: Candidate) -> uuid.UUID:
    """Whoever went in says that they are out, or a colleague of the team who has heard it from them."""
    start = visit_start_of(session, candidate)
    about = candidate.envelope.client_id
    if about is not None and not case_file(session).are_one(about, start.client_id):
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
    about = session.get_one(EntryState, concern.id).client_id
    named = case_file(session).are_one(about, candidate.envelope.client_id)
    if not named and not _was_named(session, concern.id, candidate.envelope):
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
    about_this = asked is not None and case_file(session).are_one(asked.client_id, candidate.envelope.client_id)
    if asked is None or ENTRY_TYPES[asked.type].points_at != "receiving_team" or not about_this:
        raise Rejected("unknown_reference", "body.handed_over_id")
    if uuid.UUID(session.get_one(EntryState, asked.id).body["to_team_id"]) not in candidate.author.team_ids:
        raise Rejected("not_permitted", "body.handed_over_id")
    return asked.id


def _noted(session: Session, candidate: Candidate) -> None:
    """What one wrote oneself, or what stands in the record of the client that is named."""
    author_id, client_id = candidate.author.staff_id, candidate.envelope.client_id
    wanted = set(candidate.body.entry_ids)
    query = select(Entry.id, Entry.author_id, EntryState.client_id).join(EntryState, EntryState.entry_id == Entry.id)
    found = session.execute(query.where(Entry.id.in_(wanted))).all()
    are_one = case_file(session).are_one
    seen = {id_ for id_, by, about in found if by == author_id or (client_id is not None and are_one(client_id, about))}
    if seen != wanted:
        raise Rejected("unknown_reference", "body.entry_ids")


def _minted_thing(session: Session, candidate: Candidate) -> uuid.UUID:
    """A new id, or a newer version of what is the same client's, or (of nobody) the same team's."""
    stands = candidate.stands
    assert stands.id is not None
    id_: uuid.UUID = getattr(candidate.body, stands.id)
    first = opening_of(session, stands.kind, id_) if candidate.before is None else None
    if first is not None and (stands.part == "opens" or not _is_of_same(session, first, candidate)):
        raise Rejected("already_exists", f"body.{stands.id}")
    return id_


def _is_of_same(session: Session, first: Entry, candidate: Candidate) -> bool:
    envelope = candidate.envelope
    if first.client_id is None and envelope.client_id is None:
        return first.team_id == envelope.team_id
    return case_file(session).are_one(first.client_id, envelope.client_id)


def _named_thing(session: Session, candidate: Candidate) -> uuid.UUID:
    return named_thing(session, candidate).subject_id or candidate.envelope.id


def named_thing(session: Session, candidate: Candidate) -> Entry:
    """The entry that minted the id this one names; raises Rejected when the author does not see it."""
    stands = candidate.stands
    assert stands.id is not None
    first = opening_of(session, stands.kind, getattr(candidate.body, stands.id))
    if first is None or not _sees_thing(session, candidate, first):
        raise Rejected("unknown_reference", f"body.{stands.id}")
    about = candidate.envelope.client_id
    if about is not None and not case_file(session).are_one(about, first.client_id):
        raise Rejected("unknown_reference", "client_id")
    return first


def _sees_thing(session: Session, candidate: Candidate, first: Entry) -> bool:
    """As its client is seen, or (of nobody) as somebody who works in its team."""
    author, at = candidate.author, candidate.clock_at
    if candidate.sight_is_known:
        return True
    if first.client_id is not None:
        about, file = candidate.envelope.client_id, case_file(session)
        if about is not None:
            return file.are_one(about, first.client_id)
        return bool(follows(session, author, file.record_of(first.client_id), at))
    return first.team_id in worked_in(session, author, at)


def opening_of(session: Session, kind: Thing, id_: uuid.UUID) -> Entry | None:
    """The entry that first minted the id for a thing of this kind. One that was retracted still counts: order must not
    matter."""
    types = types_that(lambda row: row.points_at == "new_thing" and row.stands is not None and row.stands.kind == kind)
    query = select(Entry).where(Entry.type.in_(types), Entry.subject_id == id_)
    return session.scalars(query.order_by(Entry.received_at, Entry.id).limit(1)).first()


def _read_handovers(session: Session, candidate: Candidate) -> None:
    """Each is a hand-over that the reader sees, and about the client where one is named."""
    about = candidate.envelope.client_id
    notes = types_that(lambda row: row.stands is not None and row.stands.kind == "handover" and row.stands.id is None)
    for entry_id in candidate.body.entry_ids:
        note = case_file(session).entry(entry_id)
        is_of_another = about is not None and note is not None and not case_file(session).are_one(note.client_id, about)
        if note is None or note.type not in notes or is_of_another:
            raise Rejected("unknown_reference", "body.entry_ids")
        if not _sees_handover(session, candidate, note):
            raise Rejected("unknown_reference", "body.entry_ids")


def _sees_handover(session: Session, candidate: Candidate, note: Entry) -> bool:
    """A note about nobody is read by its author's team and by the one it is for."""
    if _sees_thing(session, candidate, note):
        return True
    to_team_id = note.body.get("to_team_id") if note.client_id is None else None
    return bool(to_team_id) and uuid.UUID(to_team_id) in worked_in(session, candidate.author, candidate.clock_at)


def _attached_to(session: Session, candidate: Candidate) -> uuid.UUID:
    """An entry one wrote, or sees: of the client now, else of the team."""
    target = session.get(Entry, candidate.body.entry_id)
    if target is None or target.type in _NOT_TO_ATTACH_TO or not _sees_entry(session, candidate, target):
        raise Rejected("unknown_reference", "body.entry_id")
    about = session.get_one(EntryState, target.id).client_id
    named, are_one = candidate.envelope.client_id, case_file(session).are_one
    if named is not None and not (are_one(named, about) or are_one(named, target.client_id)):
        raise Rejected("unknown_reference", "client_id")
    if private_talks.is_private_entry(target.type, target.body):
        raise Rejected("private_has_no_note", "body")
    return target.id


_NOT_TO_ATTACH_TO = {"entry_corrected", *types_that(lambda row: row.points_at == "entry")}


def _sees_entry(session: Session, candidate: Candidate, target: Entry) -> bool:
    author, about = candidate.author, session.get_one(EntryState, target.id).client_id
    if about is not None and is_forbidden(session, author.staff_id, about, candidate.clock_at):
        return False
    if target.author_id == author.staff_id:
        return True
    if author.role not in access.TEAM_ROLES or target.type in access.unread_types(author.role):
        return False
    if about is not None:
        return bool(follows(session, author, about, candidate.clock_at))
    return target.team_id in worked_in(session, author, candidate.clock_at)


def _other_client(session: Session, candidate: Candidate) -> uuid.UUID:
    """The client that stands, of two that are one: the author sees both."""
    other_id: uuid.UUID = candidate.body.into_client_id
    record_id = case_file(session).record_of(other_id)
    if case_file(session).client(record_id) is None or not follows(session, candidate.author, record_id, None):
        raise Rejected("unknown_reference", "body.into_client_id")
    return other_id


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
    "absence_step": _ended_absence,
    "new_visit": _started_visit,
    "visit": _ended_visit,
    "alert": _alert,
    "concern": _answered_concern,
    "nobody_known": _nobody_known,
    "noted": _noted,
    "entry": _attached_to,
    "own_team": _own_team,
    "led_team": _own_team,
    "hours_team": _hours_team,
    "receiving_team": _handed_watch,
    "hand_over": _taken_watch,
    "offered_duty": _offered_duty,
    "taken_duty": _taken_duty,
    "new_thing": _minted_thing,
    "thing": _named_thing,
    "handovers": _read_handovers,
    "other_client": _other_client,
}
"""Finds and checks what an entry points at; the id is stored with the entry."""

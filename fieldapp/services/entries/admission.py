"""Whether an entry may come in: the author's rights, and the client, team and people it names. Changes nothing.

What it points at besides is found in references.py; what a correction makes of an entry comes through the same
functions (corrections.py), so that nobody gains by a correction what they may not do directly.

Forbidden and missing look the same: both are `unknown_reference`, so that nobody can ask the outbox who is a client.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access, steering
from fieldapp.domain.alert_states import ABOUT_STAFF
from fieldapp.domain.norway import add_months, day_of
from fieldapp.errors import Rejected
from fieldapp.models import AccessGrant, Alert, Client, ClientTeam, Duty, Staff, StaffVisit, Team
from fieldapp.models.change import newest_seq
from fieldapp.services.casefile import case_file
from fieldapp.services.entries.candidates import Candidate, check_member, follows, is_forbidden, is_gone, worked_in
from fieldapp.services.entries.references import named_thing, opening_of, subject_of, visit_start_of
from fieldapp.services.following import following_teams
from fieldapp.services.projections.clients import SAFETY_FIELDS
from sync.entry_type import Check
from sync.entry_types import type_that

_ANYBODY = frozenset(access.ROLES)
_SETS_THE_WATCH = type_that(lambda row: row.terms == "set")
STAFF_FIELDS = (
    "primary_staff_id",
    "staff_id",
    "to_staff_id",
    "owner_id",
    "coordinator_id",
    "staff_ids",
    "with_staff",
)
REVIEWED_WITHIN_MONTHS = 6


@dataclass(frozen=True)
class Admitted:
    """What the checks found out, so that nobody has to look twice."""

    client_id: uuid.UUID | None
    team_id: uuid.UUID | None
    subject_id: uuid.UUID | None
    flags: tuple[str, ...] = ()
    """`no_effect`, when that is so."""


def admit(session: Session, candidate: Candidate) -> Admitted:
    """Check rights and references; raises Rejected with the protocol's code and the field it concerns."""
    client, following = _client(session, candidate)
    team_id = _team(session, candidate, following)
    _check_rights(session, candidate, client)
    subject_id = subject_of(session, candidate)
    if candidate.row.points_at == "visit" and candidate.before is None:
        team_id = team_id or visit_start_of(session, candidate).team_id
    if candidate.row.points_at == "alert" and candidate.row.answers is None and candidate.before is None:
        team_id = team_id or session.get_one(Alert, subject_id).team_id
    if candidate.row.points_at == "entry" and candidate.before is None:
        target = case_file(session).entry(subject_id) if subject_id else None
        team_id = team_id or (target.team_id if target else None)
    _check_staff(session, candidate)
    _check_base(session, candidate, client)
    if candidate.row.about == "team":
        team_id = subject_id
    out_of_sight = candidate.row.never_refused and not following
    client_id = None if out_of_sight else candidate.envelope.client_id
    if candidate.row.about == "subject" and client_id is None and candidate.row.stands is not None:
        client_id, team_id = _of_the_thing(session, candidate, team_id)
    return Admitted(client_id, team_id, subject_id, _flags(session, candidate))


def _of_the_thing(
    session: Session, candidate: Candidate, team_id: uuid.UUID | None
) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """Whose record and which team's an entry is that says neither itself: those of what it names."""
    if candidate.row.points_at == "thing":
        first = named_thing(session, candidate)
        return first.client_id, team_id or first.team_id
    return None, team_id or min(worked_in(session, candidate.author, candidate.clock_at), default=None)


def check_right_now(session: Session, candidate: Candidate) -> None:
    """Check that the author may steer so now, whatever time it is given: to take back what steers is to steer.

    What it names is not asked for again: a duty of somebody who has left the team must go off the list.
    """
    client = None
    if candidate.envelope.client_id is not None:
        client = case_file(session).client(candidate.envelope.client_id)
        if client is None or not _following(session, candidate, client, None):
            raise Rejected("unknown_reference", "client_id")
    _check_rights(session, candidate, client)


def _flags(session: Session, candidate: Candidate) -> tuple[str, ...]:
    """A clock is stopped only on the word of somebody whose team follows when it arrives. Judged here, once: that is
    the one place where the order of arrival matters."""
    envelope, before = candidate.envelope, candidate.before
    if envelope.client_id is None or before is not None:
        return ()
    stopped = steering.stops(envelope.type, candidate.body, candidate.clock_at)
    return (steering.NO_EFFECT,) if stopped and not follows_now(session, candidate) else ()


def follows_now(session: Session, candidate: Candidate) -> bool:
    """Whether a team of the author's follows the client at this moment."""
    client_id = candidate.envelope.client_id
    return client_id is not None and bool(follows(session, candidate.author, client_id, None))


def _client(session: Session, candidate: Candidate) -> tuple[Client | None, Sequence[uuid.UUID]]:
    """The client the entry is about, and the author's teams that follow it."""
    envelope, before = candidate.envelope, candidate.before
    if envelope.client_id is None:
        return None, []
    client = case_file(session).client(envelope.client_id)
    if candidate.row.registers and before is None:
        if client is not None:
            raise Rejected("already_exists" if follows_now(session, candidate) else "unknown_reference", "client_id")
        return None, []
    happened_at = None if candidate.row.steering == "always" else candidate.clock_at
    following = _following(session, candidate, client, happened_at) if client else []
    saw_it = candidate.sight_is_known and happened_at is not None
    if not following and (saw_it or (candidate.row.never_refused and candidate.author.team_ids)):
        return None, []
    if not following and client is not None and _sees_by_grant(session, candidate, client):
        raise Rejected("not_permitted")
    if not following or client is None:
        raise Rejected("unknown_reference", "client_id")
    return client, following


def _sees_by_grant(session: Session, candidate: Candidate, client: Client) -> bool:
    """A grant is for seeing and logging: whoever steers must work in a team that follows."""
    author = candidate.author
    return client.id in author.granted and not is_forbidden(session, author.staff_id, client.id, None)


def _following(session: Session, candidate: Candidate, client: Client, at: dt.datetime | None) -> Sequence[uuid.UUID]:
    """The author's teams that follow it; of one who decides who may see it, and sees none, those of others."""
    if is_gone(session, client):
        return []
    is_blocked = candidate.author.staff_id in case_file(session).limits(client.id).blocked
    if access.oversees(candidate.author, candidate.envelope.type) and not is_blocked:
        return following_teams(session, client.id)
    decides = candidate.row.limits is not None and access.may_limit(candidate.author)
    if decides and not is_blocked:
        # A leader decides who may see a client of code 6, and need not be one of them.
        return sorted(candidate.author.team_ids & set(following_teams(session, client.id)))
    return follows(session, candidate.author, client.id, at)


def _team(session: Session, candidate: Candidate, following: Sequence[uuid.UUID]) -> uuid.UUID | None:
    """The team the entry belongs to: the one it names, else the author's team that follows the client."""
    envelope, author = candidate.envelope, candidate.author
    of_body: uuid.UUID | None = getattr(candidate.body, "team_id", None)
    # What a body says of a team steers; an entry of a team may come home after its author has left it.
    if envelope.team_id is not None and envelope.team_id not in worked_in(session, author, candidate.clock_at):
        raise Rejected("unknown_reference", "team_id")
    if of_body is not None and of_body not in author.team_ids and not _gives_a_team(candidate):
        raise Rejected("unknown_reference", "body.team_id")
    if candidate.before is not None:
        return None  # an entry stays its team's
    if candidate.row.never_refused and candidate.row.about == "client_or_team" and not following:
        return envelope.team_id or _went_out_for(session, candidate)
    return envelope.team_id or (following[0] if following else of_body)


def _runs(session: Session, team_id: uuid.UUID) -> bool:
    """A team that has ended has nobody to follow anybody."""
    return session.scalar(select(Team.id).where(Team.id == team_id, Team.ended_at.is_(None))) is not None


def _went_out_for(session: Session, candidate: Candidate) -> uuid.UUID:
    """The team of the visit somebody asks for help from, when it is one of theirs; else a team of theirs."""
    visit = session.get(StaffVisit, candidate.body.visit_id) if candidate.body.visit_id else None
    teams = candidate.author.team_ids
    return visit.team_id if visit is not None and visit.team_id in teams else min(teams)


def _gives_a_team(candidate: Candidate) -> bool:
    """A leader gives a client one more team, which is seldom their own; so does another team in a registration."""
    if candidate.row.registers:
        return candidate.before is not None and candidate.changes("team_id")
    return candidate.row.gives_team


def _check_rights(session: Session, candidate: Candidate, client: Client | None) -> None:
    if not access.may_submit(candidate.author, candidate.envelope.type, _is_primary(candidate, client)):
        raise Rejected("not_permitted")
    for check in candidate.row.checks:
        if check in _RIGHTS:
            _RIGHTS[check](session, candidate, client)
    if _gives_a_team(candidate) and not _runs(session, candidate.body.team_id):
        raise Rejected("unknown_reference", "body.team_id")


def _is_primary(candidate: Candidate, client: Client | None) -> bool:
    return client is not None and client.primary_staff_id == candidate.author.staff_id


def _check_not_ahead(_session: Session, candidate: Candidate, _client: Client | None) -> None:
    """The clock stops at once: it must not stop for somebody who is still followed up for another ten days."""
    if candidate.body.on is not None and candidate.body.on > day_of(candidate.clock_at):
        raise Rejected("invalid_body", "body.on")


def _check_half_year(_session: Session, candidate: Candidate, _client: Client | None) -> None:
    """A warning neither vanishes nor sticks: somebody looks at it again within half a year."""
    review_on = candidate.body.review_on
    if review_on is not None and review_on > add_months(day_of(candidate.clock_at), REVIEWED_WITHIN_MONTHS):
        raise Rejected("invalid_body", "body.review_on")


def _check_receiver(session: Session, candidate: Candidate, _client: Client | None) -> None:
    """A hand-over is for a team that follows the client too; of nobody, for a team of the author's."""
    to_team_id = candidate.body.to_team_id
    if to_team_id is None or not candidate.changes("to_team_id"):
        return
    client_id = candidate.envelope.client_id
    teams = (
        following_teams(session, client_id) if client_id else worked_in(session, candidate.author, candidate.clock_at)
    )
    if to_team_id not in teams:
        raise Rejected("unknown_reference", "body.to_team_id")


def _check_board_team(session: Session, candidate: Candidate, client: Client | None) -> None:
    """A client is put on the board of a team of the author's that follows them, or that followed them then."""
    team_id = candidate.body.team_id
    if team_id is None or client is None or not candidate.changes("team_id"):
        return
    if team_id not in follows(session, candidate.author, client.id, candidate.clock_at):
        raise Rejected("unknown_reference", "body.team_id")


def _check_leads_team(_session: Session, candidate: Candidate, _client: Client | None) -> None:
    if not access.may_lead(candidate.author, candidate.body.team_id):
        raise Rejected("not_permitted", "body.team_id")


def _check_registration(session: Session, candidate: Candidate, client: Client | None) -> None:
    """Correcting a registration decides as much as the entries that would: it takes their rights, now."""
    author, body = candidate.author, candidate.body
    if body.protected != "none":
        raise Rejected("not_permitted", "body.protected")
    if client is None or candidate.before is None:
        return
    may_change = {
        "team_id": access.may_give_a_team(author),
        "watch": access.may_submit(author, _SETS_THE_WATCH, _is_primary(candidate, client)),
        "primary_staff_id": access.may_appoint(author, _present_primary(session, client)),
    }
    for field, may in may_change.items():
        if candidate.changes(field) and not may:
            raise Rejected("not_permitted", f"body.{field}")


def _check_edit(session: Session, candidate: Candidate, client: Client | None) -> None:
    given = candidate.body.fields.given()
    _check_protection(candidate, client, given)
    present = _present_primary(session, client) if client else None
    if "primary_staff_id" in given and not access.may_appoint(candidate.author, present):
        raise Rejected("not_permitted", "body.fields.primary_staff_id")


def _check_protection(candidate: Candidate, client: Client | None, given: dict[str, Any]) -> None:
    """A leader decides over code 6 and 7, and takes it back; of code 6 nobody writes down where the client is."""
    present = client.protected if client else "none"
    changes = "protected" in given and (candidate.before is not None or given["protected"] != present)
    if changes and not access.may_protect(candidate.author):
        raise Rejected("not_permitted", "body.fields.protected")
    if given.get("protected", present) == "code6" and given.get("address"):
        raise Rejected("not_permitted", "body.fields.address")


def _check_listed(session: Session, candidate: Candidate) -> None:
    """Who is listed works in a team that follows, and no block keeps them out: else the list would be of nobody."""
    client_id = candidate.envelope.client_id
    assert client_id is not None  # it was asked for
    blocked = case_file(session).limits(client_id).blocked
    for staff_id in candidate.body.staff_ids:
        check_member(session, staff_id, set(following_teams(session, client_id)), "body.staff_ids")
        if staff_id in blocked:
            raise Rejected("unknown_reference", "body.staff_ids")


def _check_told(session: Session, candidate: Candidate) -> None:
    """Who is told a fact works in a team that follows and is shown the client; nobody for whom it does not exist."""
    client_id = candidate.envelope.client_id
    client = case_file(session).client(client_id) if client_id is not None else None
    assert client is not None  # it was asked for
    members = case_file(session).members(following_teams(session, client.id))
    for staff_id in candidate.body.to_staff_ids:
        found = members.get(staff_id)
        if found is None or found.has_ended or is_forbidden(session, staff_id, client.id, None):
            raise Rejected("unknown_reference", "body.to_staff_ids")
        if not access.may_be_told(found.role, client.protected):
            raise Rejected("not_permitted", "body.to_staff_ids")


def _check_basis(session: Session, candidate: Candidate) -> None:
    """What rests on a consent names one that this client has given. One that is withdrawn is taken, and nothing stands
    on it: order must not matter."""
    agreement_id = candidate.body.agreement_id
    if agreement_id is None:
        return
    first = opening_of(session, "agreement", agreement_id)
    named = first is not None and case_file(session).are_one(first.client_id, candidate.envelope.client_id)
    if first is None or not named or first.body["kind"] != "consent":
        raise Rejected("unknown_reference", "body.agreement_id")


def _check_one_person(session: Session, candidate: Candidate) -> None:
    """Nobody gains or loses sight of either by it: the same teams follow both, and the same people are listed, kept out
    or let in."""
    file = case_file(session)
    client_id, other_id = candidate.envelope.client_id, file.record_of(candidate.body.into_client_id)
    assert client_id is not None  # it was asked for
    if client_id == other_id:
        return
    both = [_sight_of(session, one, candidate.clock_at) for one in (client_id, other_id)]
    if both[0] != both[1]:
        raise Rejected("not_permitted", "body.into_client_id")


def _sight_of(session: Session, client_id: uuid.UUID, at: dt.datetime) -> tuple[frozenset[uuid.UUID], ...]:
    file = case_file(session)
    limits = file.limits(client_id)
    grants = session.scalars(select(AccessGrant).where(AccessGrant.client_id.in_(file.ids_of(client_id))))
    granted = frozenset(grant.staff_id for grant in grants if grant.runs(at))
    return frozenset(following_teams(session, client_id)), frozenset(limits.blocked), frozenset(limits.listed), granted


def _present_primary(session: Session, client: Client) -> uuid.UUID | None:
    """The primary contact, while they work in a team that follows the client: who has left can't appoint the next."""
    members = case_file(session).members(following_teams(session, client.id))
    staff_id = client.primary_staff_id
    found = members.get(staff_id) if staff_id else None
    if staff_id is None or found is None or found.has_ended:
        return None
    return None if is_forbidden(session, staff_id, client.id, None) else staff_id


def _check_base(session: Session, candidate: Candidate, client: Client | None) -> None:
    """A safety field is edited by somebody who has seen its newest value; nobody has seen what is to come."""
    if "card_edit" not in candidate.row.checks or client is None or candidate.before is not None:
        return
    base_seq = candidate.body.base_seq
    if SAFETY_FIELDS & set(candidate.body.fields.given()) and not (
        client.safety_seq <= base_seq <= newest_seq(session, "client", client.id)
    ):
        raise Rejected("stale_base", "body.base_seq")


def _check_staff(session: Session, candidate: Candidate) -> None:
    """Everybody an entry names must be a colleague: somebody in a team of the author's or of the client's.

    A landlord may have come along on a visit; clients, cases and alerts are only given to those who follow up clients.
    """
    named = _all_named_staff(candidate, candidate.body)
    if candidate.before is not None:
        # A colleague who was named already may have left since.
        named = [one for one in named if one not in _all_named_staff(candidate, candidate.before.body)]
    _check_given(session, candidate)
    if not named or "listed" in candidate.row.checks:  # who is listed has been looked at
        return
    if "anybody" in candidate.row.checks:
        _check_exist(session, named)
        return
    roles = _colleagues(session, candidate, {staff_id for _, staff_id in named})
    for field, staff_id in named:
        if field.endswith("primary_staff_id"):
            check_member(session, staff_id, _primary_contacts_teams(session, candidate), field)
        came_along = field == "body.with_staff"
        may_be_named = _ANYBODY if came_along else access.TEAM_ROLES
        if roles.get(staff_id) not in may_be_named or not (came_along or _may_be_given(session, candidate, staff_id)):
            raise Rejected("unknown_reference", field)
    for check in candidate.row.checks:
        if check in _NAMED:
            _NAMED[check](session, candidate, roles)


def _check_given(session: Session, candidate: Candidate) -> None:
    for check in candidate.row.checks:
        if check in _GIVEN:
            _GIVEN[check](session, candidate)


def _check_exist(session: Session, named: Sequence[tuple[str, uuid.UUID]]) -> None:
    """Anybody who has or had an account: whom a client must not exist for may work anywhere, today or tomorrow."""
    for field, staff_id in named:
        if session.get(Staff, staff_id) is None:
            raise Rejected("unknown_reference", field)


def _may_be_given(session: Session, candidate: Candidate, staff_id: uuid.UUID) -> bool:
    """Nothing about a client is given to somebody for whom it does not exist."""
    client_id = candidate.envelope.client_id
    return client_id is None or not is_forbidden(session, staff_id, client_id, None)


def _primary_contacts_teams(session: Session, candidate: Candidate) -> set[uuid.UUID]:
    """Where a client's primary contact must work: nobody else sees the client, and step 0 would ring past them."""
    if candidate.row.registers:
        return {candidate.body.team_id}
    client_id = candidate.envelope.client_id
    return set(following_teams(session, client_id)) if client_id is not None else set()


def _check_holder(session: Session, candidate: Candidate, _roles: dict[uuid.UUID, str]) -> None:
    check_member(session, candidate.body.staff_id, {candidate.body.team_id}, "body.staff_id")


def _check_owner(session: Session, candidate: Candidate, _roles: dict[uuid.UUID, str]) -> None:
    """Who is given a task follows the client; of nobody, works in the task's team."""
    envelope, body = candidate.envelope, candidate.body
    if envelope.client_id is not None:
        teams = set(following_teams(session, envelope.client_id))
    else:
        first = opening_of(session, candidate.stands.kind, body.task_id) if envelope.team_id is None else None
        teams = {team_id for team_id in (first.team_id if first else envelope.team_id,) if team_id is not None}
    check_member(session, body.owner_id, teams, "body.owner_id")


def _check_taker(session: Session, candidate: Candidate, roles: dict[uuid.UUID, str]) -> None:
    """An alert is handed to somebody who sees it: to a peer only while on the duty list, for others are never told."""
    to_staff_id, teams = candidate.body.to_staff_id, _alert_teams(session, candidate)
    check_member(session, to_staff_id, teams, "body.to_staff_id")
    about = session.get_one(Alert, candidate.body.alert_id).client_id
    if about is not None and is_forbidden(session, to_staff_id, about, None):
        raise Rejected("unknown_reference", "body.to_staff_id")
    at = candidate.clock_at
    on_duty = select(Duty.id).where(Duty.staff_id == to_staff_id, Duty.team_id.in_(teams), Duty.from_at <= at)
    if roles[to_staff_id] == "peer" and session.scalar(on_duty.where(Duty.to_at > at).limit(1)) is None:
        raise Rejected("unknown_reference", "body.to_staff_id")


def _all_named_staff(candidate: Candidate, body: Any) -> list[tuple[str, uuid.UUID]]:
    of_fields = _named_staff(body.fields, "body.fields") if "card_edit" in candidate.row.checks else []
    return _named_staff(body) + of_fields


def _named_staff(body: Any, at: str = "body") -> list[tuple[str, uuid.UUID]]:
    named = []
    for field in STAFF_FIELDS:
        value = getattr(body, field, None)
        values: Iterable[Any] = value if isinstance(value, tuple) else (value,)
        named += [(f"{at}.{field}", one) for one in values if isinstance(one, uuid.UUID)]
    return named


def _colleagues(session: Session, candidate: Candidate, wanted: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Those of the wanted who are colleagues, with their roles."""
    file, teams = case_file(session), set(candidate.author.team_ids)
    if candidate.envelope.client_id is not None:
        teams |= {row.team_id for row in file.rows(ClientTeam, candidate.envelope.client_id)}
    members = file.members(teams)
    return {staff_id: members[staff_id].role for staff_id in wanted & members.keys()}


def _alert_teams(session: Session, candidate: Candidate) -> set[uuid.UUID]:
    """The teams whose people see the alert: those that follow the client; its own, where a colleague's safety or no
    client is what it is about."""
    alert = session.get_one(Alert, candidate.body.alert_id)
    if alert.kind in ABOUT_STAFF:
        return {alert.team_id}
    return {alert.team_id, *(following_teams(session, alert.client_id) if alert.client_id else ())}


_RIGHTS: dict[Check, Callable[[Session, Candidate, Client | None], None]] = {
    "registration": _check_registration,
    "card_edit": _check_edit,
    "not_ahead": _check_not_ahead,
    "leads_team": _check_leads_team,
    "half_year": _check_half_year,
    "receiver": _check_receiver,
    "board_team": _check_board_team,
}
"""What a type asks of whoever writes it, besides the role."""

_GIVEN: dict[Check, Callable[[Session, Candidate], None]] = {
    "listed": _check_listed,
    "told": _check_told,
    "basis": _check_basis,
    "one_person": _check_one_person,
}
"""What it asks of those it gives something: sight of the client, or a fact."""

_NAMED: dict[Check, Callable[[Session, Candidate, dict[uuid.UUID, str]], None]] = {
    "holder": _check_holder,
    "taker": _check_taker,
    "owner": _check_owner,
}
"""What it asks of those it names, given their roles."""

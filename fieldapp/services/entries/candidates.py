"""An entry at the door, and who may see what it is about: what all checks of admission share. Changes nothing."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.errors import Rejected
from fieldapp.models import AccessGrant, Client, ClientTeam, HandOver
from fieldapp.models.record_key import is_erased
from fieldapp.services.casefile import case_file
from fieldapp.services.followers import followed_then
from fieldapp.services.following import following_teams
from sync.entry_type import EntryType, Stands
from sync.entry_types import ENTRY_TYPES
from sync.envelope import Envelope


@dataclass(frozen=True)
class Before:
    """An entry that is there, as it reads before the correction of it that is at the door."""

    body: Any
    sight_is_known: bool
    """The corrector wrote it, so they saw the client when it happened."""


@dataclass(frozen=True)
class Candidate:
    """An entry at the door: parsed, its author proven, its clock time known. With `before`: what a correction makes of
    an entry that is there, judged as if the corrector wrote it now."""

    envelope: Envelope
    body: Any
    author: Viewer
    clock_at: dt.datetime
    before: Before | None = None

    @property
    def row(self) -> EntryType:
        """What is to know of its type."""
        return ENTRY_TYPES[self.envelope.type]

    @property
    def stands(self) -> Stands:
        """What it makes of a thing that stands; asked only of the types of which something does."""
        stands = self.row.stands
        assert stands is not None
        return stands

    @property
    def sight_is_known(self) -> bool:
        """Whether the author corrects what they wrote themselves, of the time they gave it: they saw it then."""
        return self.before is not None and self.before.sight_is_known

    def changes(self, field: str) -> bool:
        """Whether this field of the body gets another value than it had; always so for a new entry."""
        return self.before is None or getattr(self.body, field) != getattr(self.before.body, field)


def follows(session: Session, author: Viewer, client_id: uuid.UUID, at: dt.datetime | None) -> list[uuid.UUID]:
    """The author's teams that follow this client now, or (with `at`) followed it when the thing happened. Of whoever
    had a grant then, the teams that follow: a grant lets nobody steer, so without `at` there are none.

    What was logged in time is taken after the access has ended too: a lost entry is worse than a late one.
    """
    if access.is_linked_to(author, client_id):
        return following_teams(session, client_id)
    client = case_file(session).client(client_id)
    if client is not None and is_gone(session, client):
        return []
    if not access.sees_clients(author.role) or (client is not None and not access.is_shown(author, client.protected)):
        return []
    if is_forbidden(session, author.staff_id, client_id, at):
        return []
    if at is None:
        return sorted(set(following_teams(session, client_id)) & author.team_ids)
    found = _followed_on(session, client_id, worked_in(session, author, at), at)
    found = found or followed_then(session, client_id, author.team_ids, at)
    if not found and was_granted(session, author.staff_id, client_id, at):
        return following_teams(session, client_id)
    return found


def is_gone(session: Session, client: Client) -> bool:
    """Whether the client's record is deleted: only of whom nobody follows up any longer."""
    return (client.ended_at is not None or client.deceased) and is_erased(session, client.id)


def was_granted(session: Session, staff_id: uuid.UUID, client_id: uuid.UUID, at: dt.datetime) -> bool:
    """Whether a grant let the person see the client then: what they logged in that time stays theirs to log."""
    ids = case_file(session).ids_of(client_id)
    grants = select(AccessGrant).where(AccessGrant.staff_id == staff_id, AccessGrant.client_id.in_(ids))
    return any(grant.runs(at) for grant in session.scalars(grants))


def is_forbidden(session: Session, staff_id: uuid.UUID, client_id: uuid.UUID, at: dt.datetime | None) -> bool:
    """Whether the client does not exist for this person now, or (with `at`) did not when they wrote of it."""
    return access.forbids(case_file(session).limits(client_id), staff_id, at)


def _followed_on(
    session: Session, client_id: uuid.UUID, teams: Collection[uuid.UUID], at: dt.datetime
) -> list[uuid.UUID]:
    """Those of these teams that follow the client now, or did on that day, or had been asked to watch over them."""
    file, on = case_file(session), day_of(at)
    asked = {one.to_team_id for one in file.rows(HandOver, client_id) if one.asked_at <= at < one.until_at}
    return sorted(
        row.team_id
        for row in file.rows(ClientTeam, client_id)
        if row.team_id in teams
        and (row.active or row.team_id in asked or (row.from_on <= on and (row.to_on is None or row.to_on >= on)))
    )


def worked_in(session: Session, author: Viewer, at: dt.datetime) -> frozenset[uuid.UUID]:
    """The author's teams, with those they had not left yet at that moment."""
    return author.team_ids | case_file(session).left_since(author.staff_id, at)


def check_member(session: Session, staff_id: uuid.UUID, teams: set[uuid.UUID], field: str) -> None:
    """Who is given an alert or a duty works in the team and follows up clients: nobody else sees whom it is about."""
    found = case_file(session).members(teams).get(staff_id)
    if found is None or found.has_ended or found.role not in access.TEAM_ROLES:
        raise Rejected("unknown_reference", field)

"""An entry at the door, and who may see what it is about: what all checks of admission share. Changes nothing."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.errors import Rejected
from fieldapp.models import ClientTeam, FormerMember, HandOver, Staff, StaffTeam
from fieldapp.services.followers import followed_then
from fieldapp.services.following import following_teams
from sync.entry_type import EntryType
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
    def sight_is_known(self) -> bool:
        """Whether the author corrects what they wrote themselves, of the time they gave it: they saw it then."""
        return self.before is not None and self.before.sight_is_known

    def changes(self, field: str) -> bool:
        """Whether this field of the body gets another value than it had; always so for a new entry."""
        return self.before is None or getattr(self.body, field) != getattr(self.before.body, field)


def follows(session: Session, author: Viewer, client_id: uuid.UUID, at: dt.datetime | None) -> list[uuid.UUID]:
    """The author's teams that follow this client now, or (with `at`) followed it when the thing happened.

    What was logged in time is taken after the access has ended too: a lost entry is worse than a late one.
    """
    if access.is_linked_to(author, client_id):
        return following_teams(session, client_id)
    if not access.sees_clients(author.role):
        return []
    following: ColumnElement[bool] = ClientTeam.active.is_(True)
    teams = author.team_ids if at is None else worked_in(session, author, at)
    if at is not None:
        on = day_of(at)
        then = (ClientTeam.from_on <= on) & (ClientTeam.to_on.is_(None) | (ClientTeam.to_on >= on))
        following = or_(following, then, _watched_over(client_id, at))
    query = (
        select(ClientTeam.team_id)
        .where(ClientTeam.client_id == client_id, ClientTeam.team_id.in_(teams))
        .where(following)
        .order_by(ClientTeam.team_id)
    )
    found = list(session.scalars(query))
    return found or ([] if at is None else followed_then(session, client_id, author.team_ids, at))


def worked_in(session: Session, author: Viewer, at: dt.datetime) -> frozenset[uuid.UUID]:
    """The author's teams, with those they had not left yet at that moment."""
    left_since = select(FormerMember.team_id).where(FormerMember.staff_id == author.staff_id, FormerMember.left_at > at)
    return author.team_ids | frozenset(session.scalars(left_since))


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


def check_member(session: Session, staff_id: uuid.UUID, teams: set[uuid.UUID], field: str) -> None:
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

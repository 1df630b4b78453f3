"""An entry at the door, and who may see what it is about: what all checks of admission share. Changes nothing."""

import datetime as dt
import uuid
from collections.abc import Collection
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


class Sight:
    """Which teams follow the clients of some entries, and which teams their authors have left: read at once.

    Invariant: used only for entries that change none of it, between the reading and the next that may.
    """

    def __init__(self, session: Session, client_ids: Collection[uuid.UUID]) -> None:
        self._session = session
        self._teams: dict[uuid.UUID, list[Any]] = {client_id: [] for client_id in client_ids}
        # Columns and not objects, which the session would give back as it last saw them.
        days = (ClientTeam.client_id, ClientTeam.team_id, ClientTeam.from_on, ClientTeam.to_on, ClientTeam.active)
        for row in session.execute(
            select(*days).where(ClientTeam.client_id.in_(client_ids)).order_by(ClientTeam.team_id)
        ):
            self._teams[row.client_id].append(row)
        # Who watched over whom for a night is asked of the database.
        for client_id in session.scalars(select(HandOver.client_id).where(HandOver.client_id.in_(client_ids))):
            self._teams.pop(client_id, None)
        self._left: dict[uuid.UUID, list[Any]] = {}

    def following(self, client_id: uuid.UUID, team_ids: Collection[uuid.UUID], on: dt.date) -> list[uuid.UUID] | None:
        """Which of these teams follow the client now or did on that day; None when it has to be asked."""
        rows = self._teams.get(client_id)
        if rows is None:
            return None
        then = (row for row in rows if row.active or (row.from_on <= on and (row.to_on is None or row.to_on >= on)))
        return [row.team_id for row in then if row.team_id in team_ids]

    def left_since(self, staff_id: uuid.UUID, at: dt.datetime) -> frozenset[uuid.UUID]:
        """The teams this person had not left yet at that moment, but has since."""
        if staff_id not in self._left:
            query = select(FormerMember.team_id, FormerMember.left_at).where(FormerMember.staff_id == staff_id)
            self._left[staff_id] = list(self._session.execute(query))
        return frozenset(row.team_id for row in self._left[staff_id] if row.left_at > at)


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
    sight: Sight | None = None

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


def follows(
    session: Session, author: Viewer, client_id: uuid.UUID, at: dt.datetime | None, sight: Sight | None = None
) -> list[uuid.UUID]:
    """The author's teams that follow this client now, or (with `at`) followed it when the thing happened.

    What was logged in time is taken after the access has ended too: a lost entry is worse than a late one.
    """
    if access.is_linked_to(author, client_id):
        return following_teams(session, client_id)
    if not access.sees_clients(author.role):
        return []
    teams = author.team_ids if at is None else worked_in(session, author, at, sight)
    found = sight.following(client_id, teams, day_of(at)) if sight is not None and at is not None else None
    if found is None:
        found = _following(session, client_id, teams, at)
    return found or ([] if at is None else followed_then(session, client_id, author.team_ids, at))


def _following(
    session: Session, client_id: uuid.UUID, teams: Collection[uuid.UUID], at: dt.datetime | None
) -> list[uuid.UUID]:
    following: ColumnElement[bool] = ClientTeam.active.is_(True)
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
    return list(session.scalars(query))


def worked_in(session: Session, author: Viewer, at: dt.datetime, sight: Sight | None = None) -> frozenset[uuid.UUID]:
    """The author's teams, with those they had not left yet at that moment."""
    if sight is not None:
        return author.team_ids | sight.left_since(author.staff_id, at)
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

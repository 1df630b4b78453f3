"""Who may see a client whatever team they work in: limits, as the entries say, and grants in time; and the rules as
statements have them.

The rule itself is `domain.access.forbids`; here it is SQL, so that one condition serves every query and the ladder.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, or_, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import Beside, Ciphered, CipheredText
from fieldapp.models.client import OfClient
from fieldapp.models.seal import Sealed

BLOCKED = "blocked"
LISTED = "listed"


class AccessLimit(OfClient, Base):
    """`blocked`: the client does not exist for this person. `listed`: it exists for those who are listed, and for
    nobody else (code 6). A projection of the entries whose row says `limits`."""

    __tablename__ = "access_limit"
    __table_args__ = (Index(None, "client_id", "kind"), Index(None, "staff_id", "kind"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made from client, kind and person, so that a rebuild finds the same."""
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Code]
    since_at: Mapped[dt.datetime]
    """Clock time of the entry: what was written before it, and comes later, is judged as it was then (ADR 0004)."""
    set_by_entry_id: Mapped[uuid.UUID]


def forbidden_clients(staff_id: Any) -> Select[uuid.UUID]:
    """The ids of the clients that do not exist for this person, as a sub-query that depends on nothing around it."""
    mine = select(AccessLimit.client_id).where(AccessLimit.staff_id == staff_id, AccessLimit.kind == LISTED)
    listed = aliased(AccessLimit)
    of_others = select(listed.id).where(listed.kind == LISTED, listed.client_id.not_in(mine))
    blocked = (AccessLimit.staff_id == staff_id) & (AccessLimit.kind == BLOCKED)
    return select(AccessLimit.client_id).where(or_(blocked, AccessLimit.id.in_(of_others)))


def blocked_clients(staff_id: Any) -> Select[uuid.UUID]:
    """The ids of the clients this person is blocked from, as a sub-query: whoever decides who may see a client, or
    gives it innsyn, need not be on its list, but does not decide about one they are blocked from."""
    return select(AccessLimit.client_id).where(AccessLimit.staff_id == staff_id, AccessLimit.kind == BLOCKED)


def forbids(client_id: Any, staff_id: Any, *around: Any) -> ColumnElement[bool]:
    """Whether this client does not exist for this person, both columns of the tables `around`.

    False where there is no client.
    """
    blocked, others, mine = aliased(AccessLimit), aliased(AccessLimit), aliased(AccessLimit)
    is_blocked = select(blocked.id).where(
        blocked.client_id == client_id, blocked.staff_id == staff_id, blocked.kind == BLOCKED
    )
    is_listed = select(mine.id).where(mine.client_id == client_id, mine.staff_id == staff_id, mine.kind == LISTED)
    has_list = select(others.id).where(others.client_id == client_id, others.kind == LISTED)
    return or_(
        is_blocked.correlate(*around).exists(),
        has_list.correlate(*around).exists() & ~is_listed.correlate(*around).exists(),
    )


def listed_clients() -> Select[uuid.UUID]:
    """The ids of the clients of code 6: on no phone, and in no count."""
    return select(AccessLimit.client_id).where(AccessLimit.kind == LISTED)


def limited_clients() -> Select[uuid.UUID]:
    """The ids of the clients that do not exist for somebody who would see them: the ladder looks at each by itself."""
    return select(AccessLimit.client_id)


class AccessGrant(Sealed, Ciphered, Base):
    """Sight of one client, or work in one team, for one person until a time; it ends by itself."""

    __tablename__ = "access_grant"
    CIPHERED = ("reason",)
    __table_args__ = (
        Index(None, "staff_id", "until_at"),
        Index("ix_access_grant_until_at", "until_at", postgresql_where=text("ended_at IS NULL")),
    )
    SEALED = (
        *("id", "staff_id", "client_id", "team_id", "ground", "from_at", "until_at", "given_by", "reason"),
        *("supervisor_id", "ended_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("client.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    ground: Mapped[Code]
    """emergency shared (of a client) · vikar student (of a team)"""
    from_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str | None] = mapped_column(CipheredText(with_seal=True))
    supervisor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """A student's veileder, named on every entry of theirs."""
    ended_at: Mapped[dt.datetime | None]
    """When it was ended: by somebody before its time, or by the worker once that was past."""

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The client, or else the team."""
        owner = self.client_id or self.team_id
        assert owner is not None
        return owner

    def runs(self, at: dt.datetime) -> bool:
        """Whether it stood at that moment."""
        return self.from_at <= at < min(self.until_at, self.ended_at or self.until_at)


class EmergencyAsked(Ciphered, Base):
    """One question for nødtilgang, hit or miss: what counts towards the limits, and what the leader reads."""

    __tablename__ = "emergency_asked"
    CIPHERED = ("name", "reason")
    __table_args__ = (Index(None, "staff_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime]
    name: Mapped[str] = mapped_column(CipheredText())
    birth_year: Mapped[int]
    reason: Mapped[str] = mapped_column(CipheredText())
    grant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_grant.id"))
    """None: exactly one person was not found."""

    def key_owner(self, beside: Beside) -> uuid.UUID:
        """The client that was found, else whoever asked."""
        grant = beside.find(AccessGrant, self.grant_id)
        return (grant.client_id if grant else None) or self.staff_id


def running_grants(now: Any) -> ColumnElement[bool]:
    """Which grants of the statement stand."""
    return and_(AccessGrant.ended_at.is_(None), AccessGrant.from_at <= now, AccessGrant.until_at > now)

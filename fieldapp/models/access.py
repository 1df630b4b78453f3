"""Who may see a client whatever team they work in: limits, as the entries say, and the same rule for statements.

The rule itself is `domain.access.forbids`; here it is SQL, so that one condition serves every query and the ladder.
"""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.client import OfClient

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


def limited_clients() -> Select[uuid.UUID]:
    """The ids of the clients that do not exist for somebody who would see them: the ladder looks at each by itself."""
    return select(AccessLimit.client_id)

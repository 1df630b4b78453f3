"""The steps of cases about correcting and barring, and the bars that hold, as statements ask for them. Append-only."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CompoundSelect, ForeignKey, Index, Select, and_, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import CipheredText, OfOneClient
from fieldapp.models.entry import Entry
from fieldapp.models.seal import Sealed
from fieldapp.models.staff import StaffTeam
from sync.entry_types import types_that

_BESIDE_THEIR_TARGET = {"entry_corrected", *types_that(lambda row: row.points_at == "entry")}
"""The types that say more of what they point at: shown with it or not at all."""


class RecordStep(Sealed, OfOneClient, Base):
    """One step of a case (domain/record_requests.py)."""

    __tablename__ = "record_step"
    CIPHERED = ("note",)
    __table_args__ = (Index(None, "client_id"), Index(None, "entry_id", "what"))
    SEALED = (
        *("id", "case_id", "client_id", "what", "by_staff_id", "at", "kind", "asker", "answer", "law"),
        *("entry_id", "staff_id", "team_id", "lifts", "note"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """UUIDv7: the order of the steps."""
    case_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    """No foreign key: clients are a projection."""
    what: Mapped[Code]
    """asked answered barred lifted"""
    by_staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime]
    kind: Mapped[Code | None]
    asker: Mapped[Code | None]
    answer: Mapped[Code | None]
    law: Mapped[Code | None]
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entry.id"))
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Of a bar: for this person; for the people of `team_id`; for everybody, where neither is named."""
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    lifts: Mapped[uuid.UUID | None]
    """The bar that does not hold any longer."""
    note: Mapped[str | None] = mapped_column(CipheredText(with_seal=True))


def bars(staff_id: Any, team_ids: Any) -> Select[uuid.UUID | None, dt.datetime]:
    """The entries that are kept from this person now, each with since when.

    By all the teams the person works in, whichever they have chosen to look at.
    """
    lifted = aliased(RecordStep)
    works_in = select(StaffTeam.team_id).where(StaffTeam.staff_id == staff_id)
    of_unit = or_(RecordStep.team_id.in_(team_ids), RecordStep.team_id.in_(works_in))
    of_all = and_(RecordStep.staff_id.is_(None), RecordStep.team_id.is_(None))
    return (
        select(RecordStep.entry_id, RecordStep.at)
        .where(RecordStep.what == "barred", or_(RecordStep.staff_id == staff_id, of_unit, of_all))
        .where(RecordStep.id.not_in(select(lifted.lifts).where(lifted.lifts.is_not(None))))
    )


def barred_entries(staff_id: Any, team_ids: Any) -> CompoundSelect[Any]:
    """The ids of these entries and of what stands beside them, as a sub-query."""
    return with_what_is_beside(bars(staff_id, team_ids).with_only_columns(RecordStep.entry_id))


def with_what_is_beside(entry_ids: Select[Any]) -> CompoundSelect[Any]:
    """These ids, and those of the corrections of these entries, of what is attached to them and of its corrections."""
    beside, corrects_it = aliased(Entry), aliased(Entry)
    nearest = select(beside.id).where(beside.subject_id.in_(entry_ids), beside.type.in_(_BESIDE_THEIR_TARGET))
    corrects = select(corrects_it.id).where(corrects_it.subject_id.in_(nearest), corrects_it.type == "entry_corrected")
    return entry_ids.union(nearest, corrects)


def barred_cases(staff_id: Any, team_ids: Any) -> Select[uuid.UUID | None]:
    """The ids of the cases one of whose entries is kept from this person: a case says what its entries said."""
    of_case = aliased(Entry)
    return select(of_case.case_id).where(
        of_case.case_id.is_not(None), of_case.id.in_(barred_entries(staff_id, team_ids))
    )

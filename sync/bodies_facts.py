"""Bodies about single facts that a team shares with a landlord, on purpose, and stops sharing."""

import datetime as dt
import uuid
from typing import Annotated

from msgspec import Meta

from sync.bodies_base import Body, Line
from sync.codes import ShareBasis, SharedFact


class Shares(Body, frozen=True, kw_only=True):
    """What gives the right to share; an entry of an earlier version says nothing of it.

    Source: helsepersonelloven § 22 (consent) and §§ 23, 25, 45; sosialtjenesteloven § 44; see docs/personvern.md.
    """

    basis: ShareBasis | None = None
    agreement_id: uuid.UUID | None = None
    """The consent it rests on, for as long as that is not withdrawn."""
    basis_words: Line | None = None
    """Which law, or what danger."""

    def problem(self) -> str | None:
        """A consent is named by its id, a law and a danger in words."""
        if self.basis == ShareBasis.consent:
            return None if self.agreement_id else "agreement_id"
        if self.agreement_id:
            return "agreement_id"
        needs_words = self.basis in (ShareBasis.law, ShareBasis.danger)
        return "basis_words" if needs_words and not (self.basis_words or "").strip() else None


Landlords = Annotated[tuple[uuid.UUID, ...], Meta(min_length=1, max_length=50)]


class FactShared(Shares, frozen=True, kw_only=True):
    """These people are told this fact as it stands, until the end of a day, or until it is stopped."""

    what: SharedFact
    to_staff_ids: Landlords
    until_on: dt.date | None = None

    def problem(self) -> str | None:
        """A landlord is of no service."""
        return "basis" if self.basis == ShareBasis.same_service else super().problem()


class FactUnshared(Body, frozen=True, kw_only=True):
    """These people are not told it any longer."""

    what: SharedFact
    to_staff_ids: Landlords
    until_on: dt.date | None = None

"""Entries: the only place where facts come in. An accepted row is never changed or deleted, but for one thing: what may
not be kept any longer goes out of it, and a tombstone stays (services/operations/retention.py)."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, Integer, Text, cast, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fieldapp.domain.retention import EXPIRED
from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import Beside, Ciphered, CipheredJson, CipheredText
from fieldapp.models.seal import Sealed
from sync.envelope import LOCKED
from sync.words import Where, words_of

NOBODY = uuid.UUID(int=0)
"""Owns the key of what names nobody at all."""


class Entry(Sealed, Ciphered, Base):
    """One accepted entry, as it came. What later entries did to it (Angre, correction) is in `EntryState`."""

    __tablename__ = "entry"
    CIPHERED = ("body", "extra")
    STAYS_UNDER_ITS_KEY = True
    SEALED = (
        *("id", "type", "version", "author_id", "client_id", "case_id", "team_id", "subject_id", "device_id"),
        *("device_seq", "occurred_at", "time_chosen", "clock_offset_ms", "corrected_at", "clock_at", "received_at"),
        *("flags", "mends", "body", "extra", "content_key"),
    )
    __table_args__ = (
        Index(None, "client_id", "received_at"),
        Index(None, "case_id"),
        Index(None, "type", "client_id"),
        Index(None, "subject_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type: Mapped[Code]
    version: Mapped[int]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    client_id: Mapped[uuid.UUID | None]
    case_id: Mapped[uuid.UUID | None]
    team_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None]
    """What the body points at: the absence, the alert, or the entry that is corrected."""
    device_id: Mapped[uuid.UUID | None]
    device_seq: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[str]
    """Exactly as the phone wrote it, with its offset."""
    time_chosen: Mapped[bool]
    clock_offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    corrected_at: Mapped[dt.datetime]
    clock_at: Mapped[dt.datetime]
    """The earliest of corrected, `occurred_at` + transit, and received: the only time the clock and the alerts use."""
    received_at: Mapped[dt.datetime]
    flags: Mapped[list[Any]]
    """clock_uncertain; no_effect: what it would have paused or ended went on, for its author's team did not follow the
    client when it arrived; locked: written on a locked phone; expired: a tombstone. Judged once: a rebuild reads it
    here."""
    mends: Mapped[uuid.UUID | None]
    body: Mapped[dict[str, Any]] = mapped_column(CipheredJson())
    extra: Mapped[dict[str, Any]] = mapped_column(CipheredJson())
    """Envelope fields this server does not know, kept."""
    content_key: Mapped[bytes]
    """A fingerprint of its content: see record_key.py."""

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The client it was written about, else the team, else whoever wrote it."""
        return self.client_id or self.team_id or self.author_id

    def words_in(self, beside: Beside) -> Where:
        """As its type says; what a correction gives is of the type that it corrects."""
        where = words_of(self.type)
        target = beside.find(Entry, self.subject_id) if self.type == "entry_corrected" else None
        return where if target is None else {**where, "body": words_of(target.type)}


class EntryState(Ciphered, Base):
    """What an entry counts as now (projection; rebuilt from the entries)."""

    __tablename__ = "entry_state"
    CIPHERED = ("body",)
    __table_args__ = (Index("ix_entry_state_contact", "client_id", "degree", "contact_at"),)

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    client_id: Mapped[uuid.UUID | None]
    """Whose record it stands in: the client named below, or the one that has been merged into."""
    own_client_id: Mapped[uuid.UUID | None]
    """The entry's own client, the one it was moved to, or that of what it points at: whoever that is now."""
    body: Mapped[dict[str, Any]] = mapped_column(CipheredJson())
    """The body with every text correction that has effect, merged field by field."""
    degree: Mapped[Code]
    """seen heard reported attempt none; `none` too for an entry that was struck."""
    source: Mapped[Code | None]
    """Who reported it, for `reported`."""
    contact_at: Mapped[dt.datetime]
    struck_by: Mapped[uuid.UUID | None]
    """The correction that retracted it or took it out of the wrong client's record."""
    struck_as: Mapped[Code | None]
    """retracted wrong_client"""
    amended_by: Mapped[uuid.UUID | None]
    """The newest text correction that has effect."""
    amended_at: Mapped[dt.datetime | None]
    """The time a correction gave it: the entry's clock time from then on, see `happened_at`."""
    confirmed_by: Mapped[uuid.UUID | None]
    """Of what was written on a locked phone: where its author says that it was they who wrote it."""
    entry: Mapped[Entry] = relationship(lazy="raise")
    """Says to the unit of work that an entry is written before its state; nobody reads by it."""

    def key_owner(self, beside: Beside) -> uuid.UUID:
        """The client in whose record it stands, else as the entry's."""
        return self.client_id or self._own_entry(beside).key_owner(beside)

    def words_in(self, beside: Beside) -> Where:
        """As in the entry."""
        return self._own_entry(beside).words_in(beside)

    def _own_entry(self, beside: Beside) -> Entry:
        entry = beside.find(Entry, self.entry_id)
        assert entry is not None
        return entry

    def happened_at(self, entry: Entry) -> dt.datetime:
        """The clock time of this state's entry as corrected: what every rule goes by."""
        return self.amended_at or entry.clock_at

    def flags_of(self, entry: Entry) -> list[str]:
        """The flags of this state's entry that still say something."""
        return [flag for flag in entry.flags if flag != LOCKED or self.confirmed_by is None]

    def record_of(self, entry: Entry) -> uuid.UUID | None:
        """Whose followers may read it: an answer to an alert that names no client is its team's."""
        is_teams = entry.client_id is None and entry.type.startswith("alert_")
        return None if is_teams else self.client_id


def is_expired(entry: type[Entry]) -> ColumnElement[bool]:
    """Whether the entry is a tombstone, in a query."""
    return cast(entry.flags, Text).contains(f'"{EXPIRED}"')


HAPPENED_AT = func.coalesce(EntryState.amended_at, Entry.clock_at)
"""`EntryState.happened_at` in a query of an entry and its state."""


class SetAside(Ciphered, Base):
    """An entry that was rejected or deferred, kept verbatim: neither side ever drops one. Of a street contact that may
    not be kept any longer what was refused goes with it.

    With `claimed_by` it is to be confirmed: it came under a key of its author that was right once.
    """

    __tablename__ = "set_aside"
    CIPHERED = ("raw",)
    __table_args__ = (Index("uq_set_aside_content", "device_id", "content_key", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    device_id: Mapped[uuid.UUID | None]
    author_id: Mapped[uuid.UUID | None]
    verdict: Mapped[Code]
    code: Mapped[Code]
    field: Mapped[str | None]
    raw: Mapped[str] = mapped_column(CipheredText())
    """The element as JSON, opened if it opens; only id, type and code of a private talk that came with text."""
    about_client_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The client it names, known here or not."""
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The entry that its body points at as a correction does."""
    content_key: Mapped[bytes]
    received_at: Mapped[dt.datetime]
    """When it was last offered."""
    claimed_by: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """Who wrote it, if it is confirmed; after a restore perhaps somebody who is not known here."""
    sent_at: Mapped[dt.datetime | None]
    came_at: Mapped[dt.datetime | None]
    """When it was first sent and received: its clock goes by these, however late it is confirmed."""
    answer: Mapped[Code | None]
    """confirmed declined"""
    answered_by: Mapped[uuid.UUID | None]
    answered_at: Mapped[dt.datetime | None]

    def key_owner(self, beside: Beside) -> uuid.UUID:
        """The client it names, else whoever sent it, else the device; of none of these, nobody.

        Invariant: a record that is deleted gets no new key."""
        about = self.about_client_id
        if about is not None and not beside.is_erased(about):
            return about
        return self.author_id or self.device_id or NOBODY


MOST_TO_CONFIRM = 2 * 1024 * 1024
"""Characters that wait to be confirmed for one person on one device: room for thousands of entries. More stays on the
phone, which offers it again, until somebody has answered for some: a key that was right once fills no database."""

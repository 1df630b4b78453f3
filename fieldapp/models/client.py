"""Clients and what the entries say of them now: all projections, rebuilt from the entries."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from fieldapp.models.base import Base, Code
from fieldapp.models.ciphered import Beside, Ciphered, CipheredJson, CipheredText, OfOneClient
from fieldapp.models.entry import Entry
from sync.words import Where, words_of_case


class Client(Ciphered, Base):
    __tablename__ = "client"
    CIPHERED = ("name", "alias", "address", "phone")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(CipheredText())
    alias: Mapped[str | None] = mapped_column(CipheredText())
    birth_year: Mapped[int | None]
    address: Mapped[str | None] = mapped_column(CipheredText())
    phone: Mapped[str | None] = mapped_column(CipheredText())
    protected: Mapped[Code] = mapped_column(default="none", index=True)
    primary_staff_id: Mapped[uuid.UUID | None]
    contact_interval_days: Mapped[int | None]
    """Planned contact: a line on I dag, never an alert."""
    registered_entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entry.id"))
    registered_at: Mapped[dt.datetime]
    """Clock time of the registration: where the first clock starts."""
    ended_at: Mapped[dt.datetime | None]
    ended_reason: Mapped[Code | None]
    deceased: Mapped[bool] = mapped_column(Boolean, default=False)
    safety_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """No `base_seq` below this has seen the newest value of the safety fields."""
    merged_into: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """Of a duplicate: the client in whose record it stands. It has no clock, no team and nothing else of its own, so
    that whatever goes by teams or clocks does not find it; its card is as it was written under its own id."""
    registered_entry: Mapped[Entry] = relationship(lazy="raise")

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The client."""
        return self.id


class OfClient:
    """A row that is written after its client's. The relationship says so to the unit of work; nobody reads by it."""

    @declared_attr
    def client(self) -> Mapped[Client]:
        return relationship(Client, lazy="raise")


class ClientTeam(OfClient, Base):
    __tablename__ = "client_team"
    __table_args__ = (Index(None, "team_id", "active"),)

    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date | None]
    """The last day, included."""
    active: Mapped[bool]
    """Whether the team follows the client now; the worker turns it when a date passes."""


class Watch(OfClient, OfOneClient, Base):
    """The clock of one client. Invariant: a watched client who is not paused has, after every tick, a `due_at` in the
    future or an unresolved `not_seen` alert."""

    __tablename__ = "watch"
    CIPHERED = ("key_ref",)
    __table_args__ = (Index("ix_watch_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    mode: Mapped[Code]
    """interval each_shift off"""
    interval_minutes: Mapped[int]
    counts: Mapped[list[Any]]
    sources: Mapped[list[Any] | None]
    shifts: Mapped[list[Any]]
    may_enter: Mapped[bool]
    key_ref: Mapped[str | None] = mapped_column(CipheredText())
    tighten_days: Mapped[int | None]
    when_closed: Mapped[Code | None]
    pause_with_others: Mapped[bool]
    agreed: Mapped[bool]
    """False until someone has asked: shown as «Avtale mangler»."""
    since_at: Mapped[dt.datetime]
    """When the clock was last turned on."""
    review_on: Mapped[dt.date | None]
    handed_to_team_id: Mapped[uuid.UUID | None]
    """The team that has taken it over by name, between the two moments below; None when nobody has."""
    handed_from_at: Mapped[dt.datetime | None]
    handed_until_at: Mapped[dt.datetime | None]
    last_seen_at: Mapped[dt.datetime | None]
    last_seen_entry_id: Mapped[uuid.UUID | None]
    due_at: Mapped[dt.datetime | None]
    paused_by: Mapped[str | None]
    """The absence's id, or `deceased`. Paused now only while `paused_until` is empty or still to come."""
    paused_until: Mapped[dt.datetime | None]
    episode: Mapped[uuid.UUID]
    """The accepted entry whose arrival last changed `due_at`; explains an alert, does not dedupe it."""


class HandOver(OfClient, Base):
    """A closing team's request that another watches over the client; theirs from when somebody there has taken it."""

    __tablename__ = "hand_over"
    __table_args__ = (Index(None, "to_team_id", "until_at"), Index(None, "from_team_id", "until_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The id of the entry that asked."""
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"), index=True)
    from_team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    to_team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]
    taken_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[dt.datetime | None]


class StaffVisit(OfClient, Base):
    """Somebody who is out at a client's, and when they mean to be back: past that, the alert `staff_overdue`."""

    __tablename__ = "staff_visit"
    __table_args__ = (
        Index(
            "ix_staff_visit_running",
            "expected_end_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    with_staff: Mapped[list[Any]]
    client_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("client.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    started_at: Mapped[dt.datetime]
    expected_end_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    started_entry_id: Mapped[uuid.UUID]


class Absence(OfClient, OfOneClient, Base):
    __tablename__ = "absence"
    CIPHERED = ("place", "confirmed_with", "where_to")
    __table_args__ = (Index("ix_absence_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[Code]
    place: Mapped[str | None] = mapped_column(CipheredText())
    started_at: Mapped[dt.datetime]
    expected_end_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    confirmed_with: Mapped[str | None] = mapped_column(CipheredText())
    outcome: Mapped[Code | None]
    where_to: Mapped[str | None] = mapped_column(CipheredText())
    started_entry_id: Mapped[uuid.UUID]
    steps: Mapped[list[Any]]
    """The steps home that stand, by start: `from_at`, `to_at`, `watch` on or off."""
    discharge: Mapped[dict[str, Any]]
    """What is ready for coming home: `checks`, `home`; empty until somebody has said."""
    ask_at: Mapped[dt.datetime | None]
    """When somebody must ask how it stands: `absence_overdue`. None for one that has ended or is never asked about."""


class Agreement(OfClient, Base):
    """The terms of a client's watch, from `watch_set` to `agreement_withdrawn`. Agreements in the client's own words
    are in `Standing`; phones get both as the kind `agreement`."""

    __tablename__ = "agreement"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[Code]
    made_at: Mapped[dt.datetime]
    review_on: Mapped[dt.date | None]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_how: Mapped[Code | None]


class Case(OfClient, Ciphered, Base):
    """A rent problem, a complaint, an incident at home or a crisis; its timeline is the entries that carry its id."""

    __tablename__ = "client_case"
    CIPHERED = ("facts",)
    __table_args__ = (
        Index(None, "client_id"),
        Index(None, "team_id", "status"),
        Index("ix_client_case_deadline_on", "deadline_on", postgresql_where=text("deadline_on IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("client.id"))
    """None: a crisis of somebody nobody knows; then it is its team's."""
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[Code]
    """rent complaint housing crisis"""
    status: Mapped[Code]
    """open agreed answered resolved evicted handled closed"""
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[uuid.UUID]
    opened_entry_id: Mapped[uuid.UUID]
    closed_at: Mapped[dt.datetime | None]
    owner_id: Mapped[uuid.UUID]
    next_step: Mapped[Code | None]
    next_step_on: Mapped[dt.date | None]
    deadline_on: Mapped[dt.date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(CipheredJson())
    """The merged fields of all its entries, newest value of each."""

    def key_owner(self, _beside: Beside) -> uuid.UUID:
        """The client, or the team whose crisis it is."""
        return self.client_id or self.team_id

    def words_in(self, _beside: Beside) -> Where:
        """As its kind's entries say."""
        return words_of_case(self.kind)

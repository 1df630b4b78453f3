"""Alerts, every change of their state, and every attempt to tell somebody."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from fieldapp.models.base import Base, Code

_UNRESOLVED = text("state <> 'resolved'")
_UNCLEARED = text("cleared_at IS NULL")

FIRST_STEP = 0
LAST_STEP = 3
FIRST_ROUND = 1
HANDED_STEP = 90
"""The step of a message to a person the alert was handed to; its rounds count the hand-overs."""
OVER_STEP = 99
"""The step of «Varsel avsluttet»."""
NO_LONGER_HOPED = frozenset({"unreachable", "our_fault", "given_up", "called_off"})
"""States of a delivery of which no receipt is to be hoped for any more."""


class Alert(Base):
    """Invariant: at most one unresolved alert per (kind, subject), held by a partial unique index."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_unresolved",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=_UNRESOLVED,
            postgresql_where=_UNRESOLVED,
        ),
        Index("ix_alert_next_at", "next_at", sqlite_where=_UNRESOLVED, postgresql_where=_UNRESOLVED),
        Index(None, "team_id", "state"),
        Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    subject_id: Mapped[uuid.UUID]
    """The client for not_seen; the entry for concern, staff_help and drill; the case for crisis; case and date for
    case_deadline; the absence; the visit for staff_overdue."""
    case_id: Mapped[uuid.UUID | None]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Whose safety it is about: staff_help, staff_overdue."""
    client_id: Mapped[uuid.UUID | None]
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    episode: Mapped[uuid.UUID]
    state: Mapped[Code]
    """waiting open acknowledged snoozed resolved"""
    step: Mapped[int]
    round: Mapped[int]
    ladder_from: Mapped[dt.datetime]
    """Step k of this round begins `escalation[k]` minutes after this instant."""
    step_began_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime | None]
    """When `escalate` must look at it next: the next step, no receipt, or the end of a hold or snooze."""
    opened_at: Mapped[dt.datetime]
    waits_until_at: Mapped[dt.datetime | None]
    """Opened while its team was closed, under «vente»: when the team opens. None once it has been open."""
    due_at: Mapped[dt.datetime]
    unseen_since_at: Mapped[dt.datetime | None]
    """Last contact when it opened: how long it has been in all."""
    owner_id: Mapped[uuid.UUID | None]
    resolved_at: Mapped[dt.datetime | None]
    resolution: Mapped[Code | None]
    topic: Mapped[str] = mapped_column(unique=True)
    """The push topic all its messages share; opaque."""


class AlertTransition(Base):
    """One change of an alert's state, or one step of its ladder."""

    __tablename__ = "alert_transition"
    __table_args__ = (Index(None, "alert_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alert.id"))
    at: Mapped[dt.datetime]
    event: Mapped[Code]
    from_state: Mapped[Code | None]
    to_state: Mapped[Code]
    step: Mapped[int]
    round: Mapped[int]
    staff_id: Mapped[uuid.UUID | None]
    entry_id: Mapped[uuid.UUID | None]
    reason: Mapped[Code | None]
    """The code of how it ended. What somebody says in words stands in their entry."""


class AlertHold(Base):
    """«Jeg tar den», or a snooze: who holds the alert from when until when. The earliest running one owns it."""

    __tablename__ = "alert_hold"
    __table_args__ = (Index(None, "alert_id", "until_at"),)

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("alert.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[Code]
    """acknowledged snoozed"""
    from_at: Mapped[dt.datetime]
    until_at: Mapped[dt.datetime]


_taken = aliased(AlertHold)
WAS_TAKEN_SINCE = (
    select(_taken.entry_id)
    .where(_taken.alert_id == AlertHold.alert_id, _taken.kind == "acknowledged", _taken.from_at > AlertHold.from_at)
    .correlate(AlertHold)
    .exists()
)
"""In a query of holds: whether somebody took the alert after this one began. That ends a snooze."""


class HandCheck(Base):
    """A not_seen alert ended by hand without a contact: when somebody must look again (projection)."""

    __tablename__ = "hand_check"

    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(index=True)
    at: Mapped[dt.datetime]
    next_check_at: Mapped[dt.datetime]


class Notification(Base):
    """One person told once about one step of one alert, through one channel; below it one delivery per device."""

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("alert_id", "step", "round", "staff_id", "channel"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("alert.id"))
    step: Mapped[int]
    """0–3 of the ladder; OVER_STEP for «Varsel avsluttet»; HANDED_STEP for a hand-over."""
    round: Mapped[int]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[Code]
    kind: Mapped[Code]
    """Which title: alert crisis help check over bundle closing digest down test"""
    created_at: Mapped[dt.datetime]


class Delivery(Base):
    """One message to one subscription. Its id is the 128 random bits the device sends back as a receipt."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_pending",
            "next_attempt_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "notification_id"),
        Index("ix_delivery_carried_by", "carried_by", postgresql_where=text("carried_by IS NOT NULL")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    notification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notification.id"))
    subscription_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("subscription.id"), index=True)
    """For a push; None for the other channels."""
    address: Mapped[str | None]
    """For an e-mail: where to."""
    carried_by: Mapped[str | None]
    """The delivery («Flere varsler i Sett») that goes in its place; what becomes of that one becomes of this."""
    host: Mapped[str]
    """Of the endpoint: one slow service must not delay the others."""
    state: Mapped[Code]
    """pending handed_over unreachable given_up our_fault called_off"""
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[dt.datetime]
    first_attempt_at: Mapped[dt.datetime | None]
    """Where the hours of trying again are counted from."""
    claimed_until: Mapped[dt.datetime | None]
    claimed_by: Mapped[str | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    handed_over_at: Mapped[dt.datetime | None]
    shown_at: Mapped[dt.datetime | None]


class Heartbeat(Base):
    """The last good tick of any worker (one row)."""

    __tablename__ = "heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticked_at: Mapped[dt.datetime]
    worker: Mapped[str]


class Outage(Base):
    """A time the alerting was down. Whoever inserts the row for a heartbeat tells the people, once."""

    __tablename__ = "outage"

    heartbeat_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    claimed_at: Mapped[dt.datetime]
    told: Mapped[int] = mapped_column(default=0)


class OperatorAlarm(Base):
    """Something only an operator can mend (a refused key, a client the engine stumbles over).

    Invariant: at most one that is not cleared per (code, subject), held by a partial unique index.
    """

    __tablename__ = "operator_alarm"
    __table_args__ = (
        Index(
            "uq_operator_alarm_uncleared",
            "code",
            "subject_id",
            unique=True,
            sqlite_where=_UNCLEARED,
            postgresql_where=_UNCLEARED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    code: Mapped[Code]
    subject_id: Mapped[uuid.UUID]
    """What it is about: a client, an alert or a subscription."""
    detail: Mapped[str]
    last_at: Mapped[dt.datetime]
    count: Mapped[int] = mapped_column(default=1)
    aside_until: Mapped[dt.datetime | None]
    """Until then the engine leaves the subject alone, so that it delays nobody else."""
    cleared_at: Mapped[dt.datetime | None]

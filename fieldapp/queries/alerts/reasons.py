"""Why an alert came, told afterwards: what opened it, which agreement and which clock, what did not count, who had
duty, and whether the alerting itself was up. Who was told and how that went is in notified.py.

Leaves the rules to domain/alert_story.py and the sentences to texts/reason_words.py. Works on any alert there is, old
or new: what can't be found (a moved entry, a client without a clock) is None, never an error.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain import alert_story as rules
from fieldapp.domain.access import Viewer
from fieldapp.models import (
    Absence,
    Alert,
    AlertHold,
    Case,
    Delivery,
    Duty,
    Entry,
    HandOver,
    Notification,
    Outage,
    Staff,
    StaffVisit,
    Team,
)
from fieldapp.queries.alerts.clock import Clock, Contact, TermsThen, clock_of, contacts, terms_then
from fieldapp.queries.alerts.facts import Fact, facts
from fieldapp.queries.alerts.unresolved import AlertDetail, one_alert


@dataclass(frozen=True)
class DutyThen:
    """Somebody's duty while the alert ran."""

    name: str
    duty: str
    from_at: dt.datetime
    to_at: dt.datetime


@dataclass(frozen=True)
class Hold:
    """Somebody had it, or had put it off, from when until when."""

    name: str
    kind: str
    from_at: dt.datetime
    until_at: dt.datetime


@dataclass(frozen=True)
class HandedOver:
    """The watch over the client had been handed to another team."""

    to_team: str
    asked_by: str
    asked_at: dt.datetime
    until_at: dt.datetime
    taken_by: str | None
    taken_at: dt.datetime | None


@dataclass(frozen=True)
class Down:
    """A time the alerting was down: its last sign of life before, when it was noticed, and how many it was sent to."""

    heartbeat_at: dt.datetime
    noticed_at: dt.datetime
    told: int


@dataclass(frozen=True)
class Subject:
    """What an alert without a clock of its own is about: an absence, somebody's visit, or a case.

    `code`: kind of absence or case. `entry_id`: the entry it began with.
    """

    sort: str
    code: str
    entry_id: UUID
    expected_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    name: str | None = None
    """Who is out on the visit."""
    place: str | None = None
    confirmed_with: str | None = None
    case_id: UUID | None = None


@dataclass(frozen=True)
class AlertReasons:
    """Everything the why-page tells of one alert."""

    alert: AlertDetail
    team: str
    waits_until_at: dt.datetime | None
    opening: Fact | None
    subject: Subject | None
    terms: TermsThen | None
    clock: Clock | None
    contacts: tuple[Contact, ...]
    answers: dict[UUID, Fact]
    """The entries behind what happened to it, by id; those the viewer may see."""
    duty_list: bool
    duties: tuple[DutyThen, ...]
    holds: tuple[Hold, ...]
    handed_over: tuple[HandedOver, ...]
    down: tuple[Down, ...]

    @property
    def opened_late_by(self) -> dt.timedelta | None:
        """How long after its moment it opened, when that is worth a word."""
        late = self.alert.opened_at - self.alert.due_at
        return late if late > rules.LATE else None


def why(session: Session, viewer: Viewer, alert_id: UUID, now: dt.datetime) -> AlertReasons | None:
    """The story of one alert; None when it does not exist for the viewer."""
    detail = one_alert(session, viewer, alert_id, now, whole=True)
    if detail is None:
        return None
    alert, team = session.get_one(Alert, alert_id), session.get_one(Team, detail.team_id)
    ends_at = detail.resolved_at or now
    subject = _subject(session, alert)
    terms = terms_then(session, viewer, alert) if alert.kind == "not_seen" else None
    found = {one.id: one for one in facts(session, viewer, Entry.id.in_(_entry_ids(detail, alert, subject)))}
    return AlertReasons(
        alert=detail,
        team=team.name,
        waits_until_at=alert.waits_until_at,
        opening=found.get(_opening_id(alert, subject)) or found.get(alert.episode),
        subject=subject,
        terms=terms,
        clock=clock_of(session, viewer, alert, terms) if terms else None,
        contacts=contacts(session, viewer, alert, terms, ends_at) if terms else (),
        answers=found,
        duty_list=team.duty_ever_set,
        duties=_duties(session, alert, ends_at),
        holds=_holds(session, alert_id),
        handed_over=_handed_over(session, alert, ends_at),
        down=_down(session, alert, ends_at),
    )


# --- what opened it -------------------------------------------------------------------------------------------------


def _subject(session: Session, alert: Alert) -> Subject | None:
    find = _SUBJECTS.get(alert.kind)
    return find(session, alert) if find else None


def _absence(session: Session, alert: Alert) -> Subject | None:
    row = session.get(Absence, alert.subject_id)
    if row is None:
        return None
    return Subject(
        "absence",
        row.kind,
        row.started_entry_id,
        row.expected_end_at,
        row.ended_at,
        place=row.place,
        confirmed_with=row.confirmed_with,
    )


def _visit(session: Session, alert: Alert) -> Subject | None:
    query = select(StaffVisit, Staff.name).join(Staff, Staff.id == StaffVisit.staff_id)
    found = session.execute(query.where(StaffVisit.id == alert.subject_id)).first()
    if found is None:
        return None
    row, name = found
    return Subject("visit", "", row.started_entry_id, row.expected_end_at, row.ended_at, name=name)


def _case(session: Session, alert: Alert) -> Subject | None:
    """A crisis is its own subject; a deadline's is the case and the date, so the entry that set it names the case."""
    by_entry = select(Entry.case_id).where(Entry.id == alert.episode).scalar_subquery()
    row = session.scalar(select(Case).where(or_(Case.id == alert.subject_id, Case.id == by_entry)).limit(1))
    if row is None:
        return None
    return Subject("case", row.kind, row.opened_entry_id, ended_at=row.closed_at, case_id=row.id)


_SUBJECTS: dict[str, Callable[[Session, Alert], Subject | None]] = {
    "absence_overdue": _absence,
    "staff_overdue": _visit,
    "crisis": _case,
    "case_deadline": _case,
}


def _entry_ids(detail: AlertDetail, alert: Alert, subject: Subject | None) -> set[UUID]:
    ids = {alert.episode, alert.subject_id, *(one.entry_id for one in detail.history if one.entry_id)}
    return ids | ({subject.entry_id} if subject else set())


def _opening_id(alert: Alert, subject: Subject | None) -> UUID:
    """The entry about the thing itself; for a clock or a deadline the one whose arrival last moved it."""
    if alert.kind in ("concern", "staff_help"):
        return alert.subject_id
    return subject.entry_id if subject and alert.kind != "case_deadline" else alert.episode


# --- who and what was there ----------------------------------------------------------------------------------------


def _duties(session: Session, alert: Alert, ends_at: dt.datetime) -> tuple[DutyThen, ...]:
    query = (
        select(Staff.name, Duty.duty, Duty.from_at, Duty.to_at)
        .join(Staff, Staff.id == Duty.staff_id)
        .where(Duty.team_id == alert.team_id, Duty.from_at <= ends_at, Duty.to_at > alert.opened_at)
        .order_by(Duty.from_at, Duty.duty.desc(), Staff.name)
    )
    return tuple(DutyThen(*row) for row in session.execute(query))


def _holds(session: Session, alert_id: UUID) -> tuple[Hold, ...]:
    query = (
        select(Staff.name, AlertHold.kind, AlertHold.from_at, AlertHold.until_at)
        .join(Staff, Staff.id == AlertHold.staff_id)
        .where(AlertHold.alert_id == alert_id)
        .order_by(AlertHold.from_at, AlertHold.entry_id)
    )
    return tuple(Hold(*row) for row in session.execute(query))


def _handed_over(session: Session, alert: Alert, ends_at: dt.datetime) -> tuple[HandedOver, ...]:
    asker, taker = aliased(Staff), aliased(Staff)
    query = (
        select(Team.name, asker.name, HandOver.asked_at, HandOver.until_at, taker.name, HandOver.taken_at)
        .join(Team, Team.id == HandOver.to_team_id)
        .join(asker, asker.id == HandOver.asked_by)
        .outerjoin(taker, taker.id == HandOver.taken_by)
        .where(HandOver.client_id == alert.client_id, HandOver.asked_at <= ends_at, HandOver.until_at > alert.due_at)
        .order_by(HandOver.asked_at)
    )
    return tuple(HandedOver(*row) for row in session.execute(query))


def _down(session: Session, alert: Alert, ends_at: dt.datetime) -> tuple[Down, ...]:
    """Outages that began while the alert ran, and the last one before it opened when it opened late.

    When the alerting came up again is not kept; the time the alert opened tells it.
    """
    during: ColumnElement[bool] = Outage.claimed_at.between(alert.due_at, ends_at)
    if alert.opened_at - alert.due_at > rules.LATE:
        before = select(Outage.heartbeat_at).where(Outage.heartbeat_at <= alert.due_at)
        last = before.order_by(Outage.heartbeat_at.desc()).limit(1).scalar_subquery()
        during = or_(during, Outage.heartbeat_at == last)
    rows = session.scalars(select(Outage).where(during).order_by(Outage.heartbeat_at)).all()
    return tuple(Down(row.heartbeat_at, row.claimed_at, _got_word(session, row)) for row in rows)


def _got_word(session: Session, outage: Outage) -> int:
    """How many people a message about it left for, or was shown to; who was merely to be told does not count."""
    # The messages carry the moment of the claim: they were written in the same transaction.
    query = (
        select(func.count(Notification.staff_id.distinct()))
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(Notification.kind == "down", Notification.created_at == outage.claimed_at)
        .where(or_(Delivery.state == "handed_over", Delivery.shown_at.is_not(None)))
    )
    return session.scalar(query) or 0

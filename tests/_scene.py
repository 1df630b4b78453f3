"""Rows for tests of the alert engine: a team, its people with phones, and clients whose clocks are set by hand.

Below the write door on purpose: what entries make of clocks is tested elsewhere. Time is `NOON` and what is added.
"""

import datetime as dt
import os
import uuid
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.models import (
    Alert,
    Client,
    ClientTeam,
    Delivery,
    Device,
    DeviceStaff,
    Duty,
    Entry,
    Notification,
    SecretKey,
    Staff,
    StaffTeam,
    Subscription,
    Team,
    Watch,
)
from fieldapp.services.alerts import escalation, holds, overdue
from fieldapp.services.people import keys
from sync.ids import uuid7
from tests._push_service import Phone, PushService, b64

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
SECRET = "a secret for the tests only, thirty-two long"
DAY = dt.timedelta(days=1)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def seconds(count: float) -> dt.timedelta:
    return dt.timedelta(seconds=count)


@dataclass
class Scene:
    """Everything is committed at once, so what a test sees is what a worker in another process would."""

    database: Database
    push: PushService | None = None
    phones: dict[uuid.UUID, list[Phone]] = field(default_factory=dict)
    key_id: str = ""
    began: dt.datetime = NOON
    """Where a real worker runs, the real now: a phone silent for a week is sent a test push."""

    def team(self, *, escalation: tuple[float, ...] = (0, 15, 30, 45), duty_list: bool = True) -> uuid.UUID:
        team_id = uuid7()
        with self.database.transaction() as session:
            session.add(
                Team(
                    id=team_id,
                    name="Team",
                    kind="act",
                    escalation=list(escalation),
                    duty_ever_set=duty_list,
                    created_at=NOON - DAY,
                )
            )
        return team_id

    def person(
        self, team_id: uuid.UUID, role: str = "fieldworker", *, on: str | None = None, phone: bool = True
    ) -> uuid.UUID:
        """A member of the team, `on` "duty" or "backup" for two days around NOON, with one phone by default."""
        staff_id = uuid7()
        with self.database.transaction() as session:
            name = f"{role} {staff_id.hex[-4:]}"
            session.add(Staff(id=staff_id, username=staff_id.hex, name=name, role=role, created_at=NOON - DAY))
            session.flush()
            session.add(StaffTeam(staff_id=staff_id, team_id=team_id))
        if on:
            self.put_on(team_id, staff_id, on, NOON - DAY, NOON + 2 * DAY)
        if phone:
            self.phone(staff_id)
        return staff_id

    def put_on(
        self, team_id: uuid.UUID, staff_id: uuid.UUID, duty: str, from_at: dt.datetime, to_at: dt.datetime
    ) -> None:
        with self.database.transaction() as session:
            span = Duty(id=uuid7(), team_id=team_id, staff_id=staff_id, duty=duty, from_at=from_at, to_at=to_at)
            session.add(span)

    def phone(self, staff_id: uuid.UUID, *, device_id: uuid.UUID | None = None) -> uuid.UUID:
        """A subscription on a device of this person (a new one by default); gives the subscription's id."""
        phone = self.push.subscribe() if self.push else Phone(f"http://127.0.0.1:9/push/{os.urandom(6).hex()}", "")
        self.phones.setdefault(staff_id, []).append(phone)
        subscription_id = uuid7()
        with self.database.transaction() as session:
            device_id = device_id or self._device(session)
            if session.get(DeviceStaff, (device_id, staff_id)) is None:
                session.add(DeviceStaff(device_id=device_id, staff_id=staff_id, signed_in_at=NOON - DAY))
            self.key_id = self.key_id or keys.ensure(session, SECRET, NOON).vapid.key_id
            session.add(
                Subscription(
                    id=subscription_id,
                    device_id=device_id,
                    endpoint=phone.endpoint,
                    p256dh=phone.p256dh,
                    auth=b64(phone.auth),
                    key_id=self.key_id,
                    created_at=self.began - DAY,
                )
            )
        return subscription_id

    def _device(self, session: Session) -> uuid.UUID:
        device_id = uuid7()
        session.add(Device(id=device_id, name="telefon", created_at=NOON - DAY))
        session.flush()
        return device_id

    def clients(self, team_id: uuid.UUID, count: int, *, due_at: dt.datetime, primary: uuid.UUID | None = None) -> list:
        """Clients whose clock runs out at `due_at`, a millisecond apart, the first first."""
        author = primary or self._anybody(team_id)
        ids = [uuid7() for _ in range(count)]
        with self.database.transaction() as session:
            entries = [self._registration(client_id, team_id, author) for client_id in ids]
            session.add_all(entries)
            session.flush()
            for n, (client_id, entry) in enumerate(zip(ids, entries, strict=True)):
                self._add_client(session, client_id, entry, team_id, due_at + dt.timedelta(milliseconds=n), primary)
        return ids

    def client(self, team_id: uuid.UUID, *, due_at: dt.datetime = NOON, primary: uuid.UUID | None = None) -> uuid.UUID:
        found: uuid.UUID = self.clients(team_id, 1, due_at=due_at, primary=primary)[0]
        return found

    def _anybody(self, team_id: uuid.UUID) -> uuid.UUID:
        with self.database.reading() as session:
            found = session.scalar(select(StaffTeam.staff_id).where(StaffTeam.team_id == team_id))
        return found or self.person(team_id, "admin", phone=False)

    def _registration(self, client_id: uuid.UUID, team_id: uuid.UUID, author: uuid.UUID) -> Entry:
        at = NOON - 2 * DAY
        return Entry(
            id=uuid7(),
            type="client_registered",
            version=1,
            author_id=author,
            client_id=client_id,
            team_id=team_id,
            occurred_at=at.isoformat(),
            time_chosen=False,
            corrected_at=at,
            clock_at=at,
            received_at=at,
            flags=[],
            body={},
            extra={},
            content_key=client_id.bytes,
        )

    def _add_client(
        self,
        session: Session,
        client_id: uuid.UUID,
        entry: Entry,
        team_id: uuid.UUID,
        due_at: dt.datetime,
        primary: uuid.UUID | None,
    ) -> None:
        session.add(
            Client(
                id=client_id,
                name="Kari",
                primary_staff_id=primary,
                registered_entry_id=entry.id,
                registered_at=entry.clock_at,
            )
        )
        session.flush()
        session.add(ClientTeam(client_id=client_id, team_id=team_id, from_on=entry.clock_at.date(), active=True))
        session.add(
            Watch(
                client_id=client_id,
                team_id=team_id,
                mode="interval",
                interval_minutes=1440,
                counts=["seen"],
                shifts=[],
                may_enter=False,
                pause_with_others=False,
                agreed=True,
                since_at=entry.clock_at,
                last_seen_at=due_at - DAY,
                due_at=due_at,
                episode=entry.id,
            )
        )

    # --- what a worker and a phone do -------------------------------------------------------------------------

    def open(self, now: dt.datetime) -> int:
        with self.database.transaction() as session:
            return overdue.open_overdue(session, now)

    def climb(self, now: dt.datetime) -> int:
        with self.database.transaction() as session:
            return escalation.escalate(session, now)

    def tick(self, now: dt.datetime) -> None:
        """Open and climb, without sending."""
        self.open(now)
        self.climb(now)

    def receipt(self, staff_id: uuid.UUID, at: dt.datetime) -> None:
        """The person's phone has shown everything it was sent so far."""
        with self.database.transaction() as session:
            for delivery in session.scalars(
                select(Delivery)
                .join(Notification, Notification.id == Delivery.notification_id)
                .where(Notification.staff_id == staff_id, Delivery.shown_at.is_(None))
            ):
                delivery.state, delivery.shown_at, delivery.attempts = "handed_over", at, 1

    def answer(self, staff_id: uuid.UUID, state: str) -> None:
        """What came of everything that is on its way to the person."""
        with self.database.transaction() as session:
            for delivery in session.scalars(
                select(Delivery)
                .join(Notification, Notification.id == Delivery.notification_id)
                .where(Notification.staff_id == staff_id, Delivery.state == "pending")
            ):
                delivery.state, delivery.attempts = state, 1

    def acknowledge(self, staff_id: uuid.UUID, at: dt.datetime, *, clock_at: dt.datetime | None = None) -> uuid.UUID:
        """«Jeg tar den», on the only unresolved alert; gives the entry's id."""
        entry_id = uuid7()
        with self.database.transaction() as session:
            alert = session.get_one(Alert, self.alert().id)
            holds.acknowledge(session, alert, staff_id=staff_id, entry_id=entry_id, clock_at=clock_at or at, now=at)
        return entry_id

    def set_due(self, client_id: uuid.UUID, due_at: dt.datetime | None) -> None:
        with self.database.transaction() as session:
            session.get_one(Watch, client_id).due_at = due_at

    # --- looking ----------------------------------------------------------------------------------------------

    def alerts(self) -> list[Alert]:
        with self.database.reading() as session:
            return list(session.scalars(select(Alert).order_by(Alert.opened_at, Alert.id)))

    def alert(self) -> Alert:
        """The only unresolved alert."""
        (only,) = [alert for alert in self.alerts() if alert.state != "resolved"]
        return only

    def alert_id(self) -> uuid.UUID:
        return self.alert().id

    def told(
        self, step: int | None = None, round: int | None = None, *, of: uuid.UUID | None = None
    ) -> list[uuid.UUID | None]:
        """Who has a notification (`of`: of this alert), in order."""
        query = select(Notification.staff_id).order_by(Notification.created_at, Notification.staff_id)
        if of is not None:
            query = query.where(Notification.alert_id == of)
        if step is not None:
            query = query.where(Notification.step == step)
        if round is not None:
            query = query.where(Notification.round == round)
        with self.database.reading() as session:
            return list(session.scalars(query))

    def deliveries(self, *states: str) -> list[Delivery]:
        query = select(Delivery).order_by(Delivery.next_attempt_at, Delivery.id)
        if states:
            query = query.where(Delivery.state.in_(states))
        with self.database.reading() as session:
            return list(session.scalars(query))

    def count(self, model: type) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def vapid_key(self, key_id: str) -> str | None:
        with self.database.reading() as session:
            row = session.get(SecretKey, key_id)
            return keys.read(session, SECRET).vapid.private_key if row else None

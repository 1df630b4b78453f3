"""The town on a real database, its entries through the real door and its ticks by the real engine, and beside it what
the naive rules say must be: every alert, its state, its team and who was told, compared after every tick."""

import datetime as dt
import heapq
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.jobs import tasks
from fieldapp.models import Alert, AlertTransition, Notification, Watch
from fieldapp.services.alerts import escalation, overdue
from fieldapp.services.entries import ingest
from sync.envelope import MAX_ENTRIES, SyncRequest
from tests.faults._naive_rules import Life, Said, Team, clock_time, day_of
from tests.faults._town import HOUR, MINUTE, Phone, Town

(TEAM_DATES,) = (job for job in tasks.JOBS if job.name == "team_dates")
LATE = 6 * HOUR
OFFERED_AGAIN = 3
"""Times a phone offers an entry that pointed at something the server did not have yet."""


@dataclass
class Expected:
    """An alert that the rules say must exist."""

    client: uuid.UUID
    due_at: dt.datetime
    opened_at: dt.datetime
    began_waiting: bool
    ended_at: dt.datetime | None = None
    has_rung: bool = False
    was_held: bool = False

    def row(self) -> tuple[uuid.UUID, dt.datetime, dt.datetime, dt.datetime | None, str]:
        event = "opened_waiting" if self.began_waiting else "opened"
        return self.client, self.due_at, self.opened_at, self.ended_at, event


class Year(Town):
    """What happens, what must follow from it, and the comparison."""

    def __init__(
        self, database: Database, seed: int, clients: int, begins: dt.datetime, ends: dt.datetime, *, calm: bool
    ) -> None:
        self.database = database
        self.said: dict[uuid.UUID, list[Said]] = defaultdict(list)
        """Of each client and each team, what was accepted about it."""
        self.known: dict[uuid.UUID, uuid.UUID] = {}
        """Whom each accepted entry is about."""
        self.absences: set[str] = set()
        self.refused: Counter[str] = Counter()
        self.lives: dict[uuid.UUID, Life] = {}
        self.due: dict[uuid.UUID, dt.datetime] = {}
        self.unresolved: dict[uuid.UUID, Expected] = {}
        self.history: list[Expected] = []
        self.wakes: list[tuple[dt.datetime, bool]] = []
        """When the worker must look, and whether even if nobody's clock has run out by then."""
        self.worker_back = self.server_back = begins
        self.day = day_of(begins)
        self.figures: Counter[str] = Counter(clients=clients)
        super().__init__(database, seed, clients, begins, ends, calm=calm)
        self.rules = {team.id: Team([]) for team in self.teams}
        self.after(self.some(6), self._worker_stops)
        self.after(self.some(25), self._server_stops)

    # --- what happens -----------------------------------------------------------------------------------------------

    def live(self) -> Counter[str]:
        """Live it; the figures of what happened. Anything missed or doubled stops it at once."""
        while True:
            moments = [*(one[0] for one in self.moments[:1]), *(one[0] for one in self.wakes[:1])]
            if not moments or min(moments) >= self.ends:
                break
            self.now = min(moments)
            woken = self._woken()
            while self.moments and self.moments[0][0] <= self.now:
                heapq.heappop(self.moments)[2]()
            ran_out = any(due <= self.now and id not in self.unresolved for id, due in self.due.items())
            if self.now >= self.worker_back and (woken or ran_out or self.chance(0.05)):
                self.tick()
        self.now = self.ends
        self.tick()
        self._compare_history()
        return self.figures

    def _woken(self) -> bool:
        woken = False
        while self.wakes and self.wakes[0][0] <= self.now:
            woken |= heapq.heappop(self.wakes)[1]
        return woken

    def _wake(self, at: dt.datetime | None, *, in_any_case: bool = True) -> None:
        """The worker sleeps until something is due, and is a little late."""
        if at is not None and at > self.now:
            late = dt.timedelta(seconds=self.dice.choice([0, 0, 1, 5]))
            heapq.heappush(self.wakes, (at + late, in_any_case))

    def _worker_stops(self) -> None:
        self.figures["outages"] += 1
        self.worker_back = self.now + self._outage()
        self._wake(self.worker_back)
        self.after(self.some(6), self._worker_stops)

    def _server_stops(self) -> None:
        self.figures["outages"] += 1
        self.server_back = self.worker_back = self.now + self._outage()
        self._wake(self.worker_back)
        self.after(self.some(25), self._server_stops)

    def _outage(self) -> dt.timedelta:
        """Minutes, mostly; sometimes most of a day."""
        return self.some(self.dice.choice([0.005, 0.05, 0.7])) + MINUTE

    # --- the door ---------------------------------------------------------------------------------------------------

    def send(self, phone: Phone) -> None:
        if self.now < self.server_back:
            self.send_later(phone, self.server_back - self.now + self.dice.random() * HOUR)
            return
        phone.sends_at = None
        batch, held_back = phone.outbox[:MAX_ENTRIES], phone.outbox[MAX_ENTRIES:]
        sent_at = self.now + phone.wrong
        request = SyncRequest(
            protocol=1, device_id=phone.device_id, sent_at=sent_at, unsent_after=len(held_back), entries=batch
        )
        with self.database.transaction() as session:
            verdicts = ingest.receive(session, request, phone.owner, {}, self.now)
        self.figures["requests"] += 1
        answer_is_lost = self.chance(0.03)
        again = [raw for raw, verdict in zip(batch, verdicts, strict=True) if self._heard(phone, raw, verdict, sent_at)]
        phone.outbox = (batch if answer_is_lost else again) + held_back
        if phone.outbox:
            self.send_later(phone, MINUTE if answer_is_lost or held_back else HOUR)
        self._after_request({self.known[uuid.UUID(raw["id"])] for raw in batch if uuid.UUID(raw["id"]) in self.known})

    def _heard(self, phone: Phone, raw: dict[str, Any], verdict: Any, sent_at: dt.datetime) -> bool:
        """Take the verdict on one entry; whether the phone offers it again."""
        self.figures[verdict.verdict] += 1
        id = uuid.UUID(raw["id"])
        if verdict.verdict == "duplicate":
            assert id in self.known
            return False
        if verdict.verdict == "accepted":
            assert id not in self.known, "accepted twice"
            self._remember(id, raw, sent_at)
            return False
        assert verdict.code == "unknown_reference", (verdict, raw)
        assert self._may_be_unknown(phone, raw), (verdict, raw)
        self.refused[raw["id"]] += 1
        return self.refused[raw["id"]] < OFFERED_AGAIN

    def _may_be_unknown(self, phone: Phone, raw: dict[str, Any]) -> bool:
        """It points at what the server does not have yet, or a neighbour team no longer sees the client."""
        client = uuid.UUID(raw["client_id"]) if raw["client_id"] else None
        body = raw["body"]
        return (
            (client is not None and client not in self.lives)
            or (client is not None and self.clients[client].team.id not in phone.owner.team_ids)
            or (raw["type"] == "entry_corrected" and uuid.UUID(body["entry_id"]) not in self.known)
            or (raw["type"].startswith("absence_") and body["absence_id"] not in self.absences)
        )

    def _remember(self, id: uuid.UUID, raw: dict[str, Any], sent_at: dt.datetime) -> None:
        body = raw["body"]
        corrects = uuid.UUID(body["entry_id"]) if raw["type"] == "entry_corrected" else None
        about = raw["client_id"] or body.get("team_id")
        subject = self.known[corrects] if corrects else uuid.UUID(about)
        at = clock_time(raw, sent_at, self.now)
        self.said[subject].append(Said(id, raw["type"], at, body, corrects))
        self.known[id] = subject
        if raw["type"] == "absence_started":
            self.absences.add(body["absence_id"])
        if raw["type"] == "client_registered":
            self.lives[subject] = Life(self.said[subject], self.rules[self.clients[subject].team.id])
        if raw["type"] in ("alert_acknowledged", "alert_snoozed") and subject in self.unresolved:
            self.unresolved[subject].was_held = True
        self.figures["late entries"] += self.now - at > LATE
        self.figures["wrong clocks"] += abs(self.now - sent_at) > MINUTE
        self.figures["taken back"] += corrects is not None

    def _after_request(self, subjects: set[uuid.UUID]) -> None:
        for team in self.teams:
            if team.id in subjects:
                self.rules[team.id] = Team(self.said[team.id])
                subjects |= {one for one in self.lives if self.clients[one].team is team}
        clients = subjects & self.lives.keys()
        for client in clients:
            self._settle_life(client)
        if not clients:
            return
        with self.database.reading() as session:
            stored = dict(
                session.execute(select(Watch.client_id, Watch.due_at).where(Watch.client_id.in_(clients))).all()
            )
        for client in clients:
            assert stored[client] == self.due.get(client), self.story(client)

    def _settle_life(self, client: uuid.UUID) -> None:
        life = self.lives[client] = Life(self.said[client], self.rules[self.clients[client].team.id])
        due_at = life.due_at()
        self.due.pop(client, None)
        if due_at is not None:
            self.due[client] = due_at
            self._wake(due_at, in_any_case=False)
        expected = self.unresolved.get(client)
        if expected is None:
            return
        if due_at is None or due_at > self.now:
            expected.ended_at = self.now
            del self.unresolved[client]
        else:
            self._await(life)

    def _await(self, life: Life) -> None:
        """When the state or the owner of an alert about this client will next change by itself."""
        waits_until = life.waits_until(self.now)
        handed = life.handed_to(self.now)
        self._wake(waits_until)
        self._wake(handed[1] if handed else None)

    # --- the worker -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        now = self.now
        self.figures["ticks"] += 1
        if day_of(now) != self.day:
            self.day = day_of(now)
            tasks.run_job(self.database, TEAM_DATES, now)
            if self.day.day == 1:
                print(f"{self.day}: {dict(self.figures)}, {len(self.history)} alerts", flush=True)
        with self.database.reading() as session:
            to_open, climbing = overdue.any_overdue(session, now), escalation.any_due(session, now)
        if to_open:
            with self.database.transaction() as session:
                overdue.open_overdue(session, now)
        if to_open or climbing:
            with self.database.transaction() as session:
                escalation.escalate(session, now)
        opened = [self._must_open(client, due) for client, due in self.due.items() if due <= now]
        self._compare(list(filter(None, opened)))

    def _must_open(self, client: uuid.UUID, due_at: dt.datetime) -> Expected | None:
        if client in self.unresolved:
            return None
        waits = self.lives[client].waits_until(self.now) is not None
        expected = Expected(client, due_at, self.now, waits)
        self.unresolved[client] = expected
        self.history.append(expected)
        self._await(self.lives[client])
        return expected

    def _compare(self, opened: list[Expected]) -> None:
        query = select(
            Alert.id, Alert.subject_id, Alert.state, Alert.team_id, Alert.due_at, Alert.opened_at, Alert.waits_until_at
        ).where(Alert.kind == "not_seen", Alert.state != "resolved")
        with self.database.reading() as session:
            rows = session.execute(query).all()
        found = sorted((row.subject_id, row.due_at, row.opened_at) for row in rows)
        must = sorted((one.client, one.due_at, one.opened_at) for one in self.unresolved.values())
        missed, doubled = [one for one in must if one not in found], [one for one in found if one not in must]
        assert (missed, doubled) == ([], []), [self.story(one[0]) for one in (*missed, *doubled)]
        assert len(found) == len(must)
        for row in rows:
            self._compare_state(row)
        self._compare_told({row.id: row.subject_id for row in rows if row.opened_at == self.now})
        new = {one.client for one in opened}
        for row in rows:
            if row.subject_id in new:
                self.alerted(row.subject_id, row.id)

    def _compare_state(self, row: Any) -> None:
        expected, life = self.unresolved[row.subject_id], self.lives[row.subject_id]
        waits_until = life.waits_until(self.now)
        if row.state == "waiting":
            assert row.waits_until_at == waits_until, self.story(row.subject_id)
            self._wake(waits_until)
        if waits_until is None:
            expected.has_rung = True
        if row.state == "open":
            assert expected.has_rung or expected.was_held, "rings while its team is closed"
            assert row.team_id == self._owner(row.subject_id), self.story(row.subject_id)

    def _owner(self, client: uuid.UUID) -> uuid.UUID:
        handed = self.lives[client].handed_to(self.now)
        return handed[0] if handed else self.clients[client].team.id

    def _compare_told(self, opened: dict[uuid.UUID, uuid.UUID]) -> None:
        """Step 0: the primary contact if on duty, otherwise everyone on duty; nobody while it waits."""
        if not opened:
            return
        query = select(Notification.alert_id, Notification.staff_id).where(
            Notification.alert_id.in_(opened), Notification.step == 0, Notification.round == 1
        )
        told: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        with self.database.reading() as session:
            for alert_id, staff_id in session.execute(query):
                told[alert_id].append(staff_id)
        for alert_id, client in opened.items():
            self.figures["handed over"] += self._owner(client) != self.clients[client].team.id
            assert sorted(told[alert_id]) == sorted(self._to_be_told(client)), self.story(client)

    def _to_be_told(self, client: uuid.UUID) -> set[uuid.UUID]:
        if self.unresolved[client].began_waiting:
            return set()
        (team,) = (team for team in self.teams if team.id == self._owner(client))
        on_duty = self.rules[team.id].on_duty(self.now, {one.staff_id for one in team.everyone})
        return on_duty & {self.clients[client].primary} or on_duty

    # --- the end ----------------------------------------------------------------------------------------------------

    def _compare_history(self) -> None:
        began = AlertTransition.event.in_(("opened", "opened_waiting"))
        query = (
            select(Alert.subject_id, Alert.due_at, Alert.opened_at, Alert.resolved_at, AlertTransition.event)
            .join(AlertTransition, (AlertTransition.alert_id == Alert.id) & began)
            .where(Alert.kind == "not_seen")
        )
        with self.database.reading() as session:
            rows = [tuple(row) for row in session.execute(query)]
            ended = Counter(session.scalars(select(Alert.resolution).where(Alert.kind == "not_seen")))
        assert sorted(rows, key=str) == sorted((one.row() for one in self.history), key=str)
        self.figures |= Counter({f"ended: {why}": count for why, count in ended.items()})
        self.figures["alerts"] = len(rows)
        self.figures["waiting"] = sum(one.began_waiting for one in self.history)

    def story(self, client: uuid.UUID) -> str:
        """What is known about one client, for whoever has to find out."""
        lines = [f"{one.at} {one.type} {one.body} {one.corrects or ''} {one.id}" for one in self.said[client]]
        alert = self.unresolved.get(client)
        return "\n".join([f"now {self.now}, due {self.due.get(client)}, {alert}", *lines[-40:]])

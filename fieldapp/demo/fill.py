"""Takes the plans into the database: accounts as rows, everything else through the write door, in time order.

Each sync arrives at a past moment. Between two of them the alert engine is run at the moments it would have woken, so
the alerts of two months have opened, climbed, been taken and ended as they would have. Nothing is ever sent for the
past (see phones). One transaction holds it all: a demo is whole or not there.
"""

import datetime as dt
import heapq
import itertools
import uuid
from bisect import bisect_right
from collections.abc import Iterator

from sqlalchemy import ColumnElement, event, func, select
from sqlalchemy.orm import Session

from fieldapp.demo import duties, guests, phones, reads, rhythm, stories
from fieldapp.demo.answers import Answers, Ringing
from fieldapp.demo.boards import Boards
from fieldapp.demo.cases import Cases
from fieldapp.demo.deeds import Deed
from fieldapp.demo.events import Events
from fieldapp.demo.incidents import Incidents
from fieldapp.demo.people import PASSWORDS, Municipality, StaffPlan, Wish, plan
from fieldapp.demo.plans import Plans
from fieldapp.models import Alert, Client, Device, DeviceStaff, Staff, StaffTeam, Team, Watch
from fieldapp.models.change import mark_changed
from fieldapp.services.alerts import escalation, lifecycle
from fieldapp.services.entries import ingest
from fieldapp.services.people import accounts
from sync.entry_type import TEAM
from sync.entry_types import types_that
from sync.envelope import MAX_ENTRIES, SyncRequest, Verdict

PLATFORM = "demo"
"""What the phones of a demo call themselves; a database with one is a demo."""
_ROUND = dt.timedelta(minutes=100)
_WAKES_AFTER = dt.timedelta(seconds=2)
_ORDINARY_SIZE = 300
"""With more clients than this, history gets shorter instead of longer."""
_UNSENT = {"rolf": 2}
"""Whose phone says it still holds entries."""
_MEETINGS = types_that(lambda row: bool(row.contact) and not (row.refreshes or row.points_at) and row.roles == TEAM)
_DUTY_PHONE = "400 00 100"


class Refused(Exception):
    """The door did not accept an entry of the demo: the demo is wrong."""


def make(session: Session, wish: Wish, now: dt.datetime) -> Iterator[tuple[int, int]]:
    """Fill an empty database with a municipality; yields how many entries are in, and how many there will be."""
    town = plan(wish, now)
    stories.set_clocks(town)
    _add_accounts(session, town)
    phones.set_up(session, town)
    turns = duties.turns(town)
    filling = _Filling(session, town, Answers(town, turns), _deeds(town, turns))
    yield from filling.run()
    reads.add(session, town)
    guests.add(session, town, _on_duty(town, turns))


def _on_duty(town: Municipality, turns: list[duties.Turn]) -> StaffPlan | None:
    """Who is on duty in the staffed house now."""
    now = (turn.staff for turn in turns if turn.team.kind == "staffed_housing" and turn.covers(town.now))
    return next(now, None)


def is_demo(session: Session) -> bool:
    """Whether this database was filled by the demo."""
    return session.scalar(select(Device.id).where(Device.platform == PLATFORM).limit(1)) is not None


def _deeds(town: Municipality, turns: list[duties.Turn]) -> list[Deed]:
    pace = max(1.0, len(town.clients) / _ORDINARY_SIZE)
    history_from = town.now - max(dt.timedelta(days=town.wish.days) / pace, dt.timedelta(days=2))
    history_from = max(history_from, town.starts_at)
    events = Events(town)
    told = [*events.absences(), *events.deeds(), *Cases(town).deeds(), *duties.deeds(town, turns)]
    told += Incidents(town).deeds()
    told += Plans(town).deeds()
    told += Boards(town).deeds()
    told += stories.registrations(town, history_from)
    for client in town.clients:
        told += rhythm.Days(town, client, history_from).deeds()
    for team in town.teams:
        if team.kind == "outreach":
            told += rhythm.walks(town, team, history_from)
    return [deed for deed in told if town.starts_at <= deed.at < town.now]


def _add_accounts(session: Session, town: Municipality) -> None:
    hashes = {role: accounts.hash_password(word) for role, word in PASSWORDS.items()}
    at = town.starts_at
    for team in town.teams:
        escalation_minutes = list(accounts.DEFAULT_ESCALATION)
        session.add(
            Team(
                id=team.id,
                name=team.name,
                kind=team.kind,
                escalation=escalation_minutes,
                duty_phone=_DUTY_PHONE,
                created_at=at,
            )
        )
        mark_changed(session, "team", team.id, team_id=team.id)
    for one in town.staff:
        row = Staff(id=one.id, username=one.username, name=one.name, role=one.role, created_at=at)
        row.password_hash = hashes[one.role]
        session.add(row)
        session.add(
            Device(id=one.device_id, name=f"Telefonen til {one.name.split()[0]}", platform=PLATFORM, created_at=at)
        )
        mark_changed(session, "staff", one.id)
    session.flush()
    for one in town.staff:
        session.add_all(StaffTeam(staff_id=one.id, team_id=team.id) for team in one.teams)
        session.add(DeviceStaff(device_id=one.device_id, staff_id=one.id, signed_in_at=at))
    session.flush()


class _Filling:
    def __init__(self, session: Session, town: Municipality, answers: Answers, deeds: list[Deed]) -> None:
        self._session, self._town, self._answers = session, town, answers
        self._clients = {client.id: client for client in town.clients}
        self._meetings = _meetings(deeds)
        self._seqs: dict[uuid.UUID, Iterator[int]] = {one.id: itertools.count(1) for one in town.staff}
        self._answered: set[uuid.UUID] = set()
        self._order = itertools.count()
        self._held: list[object] = []
        self._queue: list[tuple[dt.datetime, int, StaffPlan, list[Deed]]] = []
        self._planned = self._done = 0
        for received_at, author, batch in _rounds(deeds, town.now):
            self._send_later(received_at, author, batch)

    def run(self) -> Iterator[tuple[int, int]]:
        """Receive everything in time order. What every request reads again is held on to, for speed."""
        for became in ("pending_to_persistent", "loaded_as_persistent"):
            event.listen(self._session, became, self._hold)
        while self._queue:
            received_at, _, author, batch = heapq.heappop(self._queue)
            self._run_engine(received_at)
            self._receive(received_at, author, batch)
            self._answer()
            yield self._done, self._planned
        self._run_engine(self._town.now)
        phones.take_away(self._session)

    def _hold(self, _session: Session, row: object) -> None:
        if isinstance(row, Client | Watch | Device):
            self._held.append(row)

    def _send_later(self, received_at: dt.datetime, author: StaffPlan, batch: list[Deed]) -> None:
        self._planned += len(batch)
        heapq.heappush(self._queue, (received_at, next(self._order), author, batch))

    def _receive(self, now: dt.datetime, author: StaffPlan, batch: list[Deed]) -> None:
        seqs = self._seqs[author.id]
        unsent = _UNSENT.get(author.username, 0) if self._town.now - now < dt.timedelta(days=1) else 0
        request = SyncRequest(
            protocol=1,
            device_id=author.device_id,
            sent_at=now,
            unsent_after=unsent,
            entries=[deed.element(next(seqs)) for deed in batch],
        )
        verdicts = ingest.receive(self._session, request, author.viewer, {}, now)
        for deed, verdict in zip(batch, verdicts, strict=True):
            _insist(deed, verdict)
        self._done += len(batch)
        phones.show(self._session, now)

    # --- the engine over the past --------------------------------------------------------------------------------

    def _run_engine(self, until: dt.datetime) -> None:
        while (at := self._next_wake()) is not None and at <= until:
            self._open(at)
            escalation.escalate(self._session, at)
            phones.show(self._session, at)
            self._answer()
            if self._queue and self._queue[0][0] <= at:
                earlier = heapq.heappop(self._queue)
                self._receive(max(earlier[0], at), earlier[2], earlier[3])

    def _next_wake(self) -> dt.datetime | None:
        due = self._session.scalar(select(func.min(Watch.due_at)).where(Watch.due_at.is_not(None), ~_has_alert()))
        look = self._session.scalar(select(func.min(Alert.next_at)).where(Alert.state != "resolved"))
        return min((at for at in (due + _WAKES_AFTER if due else None, look) if at), default=None)

    def _open(self, now: dt.datetime) -> None:
        """As the worker does, but one by one: there an alert's id is random, here it must follow from the seed."""
        query = select(Watch).where(Watch.due_at <= now, ~_has_alert()).order_by(Watch.due_at, Watch.client_id)
        for watch in self._session.scalars(query).all():
            assert watch.due_at is not None
            lifecycle.open_alert(
                self._session,
                lifecycle.Subject(
                    kind="not_seen",
                    subject_id=watch.client_id,
                    client_id=watch.client_id,
                    team_id=watch.team_id,
                    episode=watch.episode,
                    due_at=watch.due_at,
                    unseen_since_at=watch.last_seen_at,
                ),
                now,
            )

    def _answer(self) -> None:
        query = select(Alert).where(Alert.state != "resolved").order_by(Alert.opened_at, Alert.id)
        for alert in self._session.scalars(query).all():
            if alert.id in self._answered or alert.client_id is None:
                continue
            self._answered.add(alert.id)
            client = self._clients[alert.client_id]
            meetings = self._meetings.get(client.id, [])
            place = bisect_right(meetings, alert.opened_at)
            next_at = meetings[place] if place < len(meetings) else None
            ringing = Ringing(alert.id, alert.kind, alert.opened_at, alert.due_at, client, next_at)
            for deed in self._answers.to(ringing):
                self._send_later(deed.at + dt.timedelta(seconds=20), deed.author, [deed])


def _has_alert() -> ColumnElement[bool]:
    return (
        select(Alert.id)
        .where(Alert.kind == "not_seen", Alert.subject_id == Watch.client_id, Alert.state != "resolved")
        .exists()
    )


def _insist(deed: Deed, verdict: Verdict) -> None:
    if verdict.verdict != "accepted":
        raise Refused(f"{deed.type} {deed.at} {deed.body}: {verdict.code} {verdict.field}")


def _meetings(deeds: list[Deed]) -> dict[uuid.UUID, list[dt.datetime]]:
    """When each client is met, in order."""
    found: dict[uuid.UUID, list[dt.datetime]] = {}
    for deed in sorted(deeds, key=lambda deed: deed.at):
        if deed.client and deed.type in _MEETINGS:
            found.setdefault(deed.client.id, []).append(deed.at)
    return found


def _rounds(deeds: list[Deed], now: dt.datetime) -> Iterator[tuple[dt.datetime, StaffPlan, list[Deed]]]:
    """What each person sends at once: a round of visits when it is done, a prompt thing at once."""
    open_rounds: dict[uuid.UUID, list[Deed]] = {}

    def close(author_id: uuid.UUID) -> tuple[dt.datetime, StaffPlan, list[Deed]]:
        batch = open_rounds.pop(author_id)
        return min(batch[-1].at + dt.timedelta(minutes=2), now), batch[0].author, batch

    for deed in sorted(deeds, key=lambda deed: (deed.at, deed.id)):
        batch = open_rounds.get(deed.author.id)
        if batch and (deed.prompt or deed.at - batch[0].at > _ROUND or len(batch) >= MAX_ENTRIES):
            yield close(deed.author.id)
        if deed.prompt:
            yield min(deed.at + dt.timedelta(seconds=20), now), deed.author, [deed]
        else:
            open_rounds.setdefault(deed.author.id, []).append(deed)
    for author_id in list(open_rounds):
        yield close(author_id)

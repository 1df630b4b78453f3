"""The promise of the alert engine, against anything people and phones may do: no client is ever silently forgotten.

After every tick, every watched client who is not paused has a clock that runs out in the future or an unresolved alert.
What waits for its team to open does so no longer than that, and what rings climbs. Beside the engine run the naive
rules of `_naive_rules`: a list of what was said, read from the start.
"""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, AlertHold, Watch
from fieldapp.services.alerts import escalation, overdue
from fieldapp.services.entries import ingest
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest
from sync.ids import uuid7
from tests.faults._naive_rules import Life, Said, Team, clock_time

START = dt.datetime(2026, 3, 27, 9, 0, tzinfo=dt.UTC)
"""The Friday before Norway moves its clocks."""
YEAR = dt.timedelta(days=365)
OFFICE = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
NIGHT = {day: [["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MORNINGS = {"tue": [["00:30", "02:30"], ["09:00", "09:01"]]}
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
EASTER = [f"2026-04-0{day}" for day in range(1, 8)]
OWN_SHIFTS = {"day": ["06:00", "14:00"], "night": ["23:00", "02:30"]}
WHEN_CLOSED = ["wait", "wait", "hand_over", "on_call"]

ago = st.floats(-3, 60).map(lambda hours: dt.timedelta(hours=round(hours, 2)))
"""How long ago something is said to have happened; below nothing, it is said to be still to come."""
wrong_by = st.sampled_from([dt.timedelta()] * 6 + [dt.timedelta(minutes=40), -dt.timedelta(minutes=40), YEAR, -YEAR])
recently = st.sampled_from([0, 0.1, 1, 3]).map(lambda hours: dt.timedelta(hours=hours))
outcomes = st.sampled_from(["seen", "heard", "no_answer", "not_home", "declined", "cancelled"])
which = st.integers(0, 2)
ends = st.sampled_from([None, -30, -1, 1, 20, 100])


def test_no_client_is_ever_silently_forgotten(sqlite_template: Path, rounds: Callable[[int, int], int]) -> None:
    Days.template = sqlite_template
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=rounds(40, 2000),
            stateful_step_count=40,
            deadline=None,
            derandomize=rounds(1, 0) == 1,
            suppress_health_check=list(HealthCheck),
            phases=[phase for phase in Phase if phase not in (Phase.explain, Phase.shrink)],
        ),
    )


class Days(RuleBasedStateMachine):
    """Some days of one team."""

    template: Path

    @initialize()
    def a_team(self) -> None:
        self.database = copied(self.template)
        self.now = START
        with self.database.transaction() as session:
            self.teams = [
                accounts.add_team(session, name, "staffed_housing", (0, 15, 30, 45), START)
                for name in ("Granstua", "Natteravnene")
            ]
            ids = [
                accounts.add_staff(session, name, name, role, self.teams, None, START).id
                for name, role in (("alice", "leader"), ("bob", "fieldworker"))
            ]
        self.team, self.night = self.teams
        self.alice, self.bob = (
            Viewer(id, role, frozenset(self.teams)) for id, role in zip(ids, ("leader", "fieldworker"), strict=True)
        )
        self.clients = [uuid7() for _ in range(3)]
        self.said: list[tuple[uuid.UUID, Said]] = []
        """Each entry with the client, or the team, it is about."""
        self.absences: list[tuple[uuid.UUID, uuid.UUID]] = []
        self.handed: list[tuple[uuid.UUID, uuid.UUID]] = []
        for client in self.clients:
            self.say("client_registered", {"name": "Kari", "team_id": str(self.team)}, client)

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.dispose()

    # --- what people do -------------------------------------------------------------------------------------------

    @rule(who=which)
    def met(self, who: int) -> None:
        self.visit(who, "seen", dt.timedelta(minutes=5), dt.timedelta())

    @rule(who=which, wrong=wrong_by.filter(bool))
    def met_says_a_wrong_clock(self, who: int, wrong: dt.timedelta) -> None:
        self.visit(who, "seen", dt.timedelta(minutes=5), wrong)

    @rule(who=which, outcome=outcomes, ago=recently | ago, wrong=wrong_by)
    def visited(self, who: int, outcome: str, ago: dt.timedelta, wrong: dt.timedelta) -> None:
        self.visit(who, outcome, ago, wrong)

    def visit(self, who: int, outcome: str, ago: dt.timedelta, wrong: dt.timedelta) -> None:
        self.say("visit_logged", {"outcome": outcome, "place": "home"}, self.clients[who], ago, wrong)

    @rule(who=which, source=st.sampled_from(["police", "neighbour"]), what=st.sampled_from(["seen", "missed"]), ago=ago)
    def sighting(self, who: int, source: str, what: str, ago: dt.timedelta) -> None:
        self.say("sighting_reported", {"source": source, "what": what}, self.clients[who], ago)

    @rule(
        who=which,
        minutes=st.sampled_from([1, 90, 720, 1440, 4320]),
        mode=st.sampled_from(["interval"] * 6 + ["off", "each_shift"]),
        counts=st.sampled_from([["seen"], ["seen", "heard"], ["seen", "heard", "reported"]]),
        sources=st.sampled_from([[], ["police"]]),
        shifts=st.sampled_from([[], ["day"], ["night"], ["day", "evening", "night"]]),
        tighten_days=st.sampled_from([None, 0, 2, 14]),
        when_closed=st.sampled_from([None, None, *WHEN_CLOSED]),
        pause_with_others=st.booleans(),
        ago=ago,
    )
    def agreement(self, who: int, ago: dt.timedelta, minutes: int, **body: Any) -> None:
        self.say("watch_set", body | {"interval_minutes": minutes, "reason": "avtalt"}, self.clients[who], ago)

    @rule(
        who=which,
        kind=st.sampled_from(["admitted", "treatment", "detox", "prison", "travel", "with_others", "unknown"]),
        ends=ends,
        ago=ago,
    )
    def away(self, who: int, kind: str, ends: float | None, ago: dt.timedelta) -> None:
        absence = uuid7()
        body = {"absence_id": str(absence), "kind": kind} | self.expected_end(ends)
        self.say("absence_started", body, self.clients[who], ago)
        self.absences.append((absence, self.clients[who]))

    @precondition(lambda self: self.absences)
    @rule(data=st.data(), ends=ends, ago=ago)
    def still_away(self, data: st.DataObject, ends: float | None, ago: dt.timedelta) -> None:
        absence, client = data.draw(st.sampled_from(self.absences))
        self.say("absence_confirmed", {"absence_id": str(absence)} | self.expected_end(ends), client, ago)

    def expected_end(self, hours: float | None) -> dict[str, str]:
        at = self.now + dt.timedelta(hours=hours or 0)
        if hours == 100:
            return {"expected_end_on": at.date().isoformat()}
        return {"expected_end_at": at.isoformat()} if hours is not None else {}

    @precondition(lambda self: self.absences)
    @rule(data=st.data(), ago=ago)
    def back(self, data: st.DataObject, ago: dt.timedelta) -> None:
        absence, client = data.draw(st.sampled_from(self.absences))
        self.say("absence_ended", {"absence_id": str(absence)}, client, ago)

    @rule(
        who=which,
        what=st.sampled_from(
            [
                ("agreement_withdrawn", {"kind": "watch", "how": "at_door"}),
                ("follow_up_ended", {"reason": "agreed"}),
                ("follow_up_ended", {"reason": "died"}),
                ("follow_up_resumed", {}),
                ("follow_up_resumed", {}),
            ]
        ),
        ago=ago,
    )
    def the_frame_changes(self, who: int, what: tuple[str, dict[str, Any]], ago: dt.timedelta) -> None:
        self.say(*what, self.clients[who], ago)

    # --- what teams do ---------------------------------------------------------------------------------------------

    @rule(
        of=st.integers(0, 1),
        hours=st.sampled_from([OFFICE, OFFICE, NIGHT, MORNINGS, ALWAYS, {}]),
        when_closed=st.sampled_from(WHEN_CLOSED),
        closed_days=st.sampled_from([[], EASTER]),
        shifts=st.sampled_from([None, OWN_SHIFTS]),
        ago=recently,
    )
    def opening_hours(self, of: int, when_closed: str, ago: dt.timedelta, **body: Any) -> None:
        other = {"to_team_id": str(self.teams[1 - of])} if when_closed == "hand_over" else {}
        team = self.teams[of]
        self.say("team_hours_set", body | {"team_id": str(team), "when_closed": when_closed} | other, team, ago)

    @rule(who=which, hours=st.sampled_from([-1, 1, 14, 60]), ago=recently)
    def hand_over_watch(self, who: int, hours: float, ago: dt.timedelta) -> None:
        until = {"to_team_id": str(self.night), "until_at": (self.now + dt.timedelta(hours=hours)).isoformat()}
        asked = self.say("watch_handed_over", until, self.clients[who], ago)
        if asked is not None:
            self.handed.append((asked, self.clients[who]))

    @precondition(lambda self: self.handed)
    @rule(data=st.data(), ago=recently)
    def take_over_watch(self, data: st.DataObject, ago: dt.timedelta) -> None:
        asked, client = data.draw(st.sampled_from(self.handed))
        self.say("watch_taken_over", {"handed_over_id": str(asked)}, client, ago)

    # --- what is taken back ----------------------------------------------------------------------------------------

    @rule(data=st.data(), what=st.sampled_from(["retracted", "retracted", "wrong_client"]))
    def angre(self, data: st.DataObject, what: str) -> None:
        self.correct(*data.draw(st.sampled_from(self.said)), what)

    @rule(data=st.data(), outcome=outcomes, ago=ago)
    def retting(self, data: st.DataObject, outcome: str, ago: dt.timedelta) -> None:
        visits = [said for said in self.said if said[1].type == "visit_logged"]
        if visits:
            self.correct(*data.draw(st.sampled_from(visits)), "text", ago, body={"outcome": outcome, "place": "home"})

    # --- what people do to alerts ---------------------------------------------------------------------------------

    @rule(who=which, ago=recently, wrong=wrong_by)
    def take(self, who: int, ago: dt.timedelta, wrong: dt.timedelta) -> None:
        self.answer("alert_acknowledged", who, {}, ago, wrong)

    @rule(who=which, hours=st.sampled_from([-1, 0.5, 3, 30]), ago=recently | ago)
    def snooze(self, who: int, hours: float, ago: dt.timedelta) -> None:
        until = (self.now + dt.timedelta(hours=hours)).isoformat()
        self.answer("alert_snoozed", who, {"until": until, "reason": "sover"}, ago)

    @rule(who=which)
    def hand_over(self, who: int) -> None:
        self.answer("alert_handed_over", who, {"to_staff_id": str(self.bob.staff_id)})

    @rule(who=which, next_check=st.sampled_from([None, -3, 2, 20, 24, 40, 1000]), ago=recently | ago)
    def end_by_hand(self, who: int, next_check: float | None, ago: dt.timedelta) -> None:
        body: dict[str, Any] = {"reason": "ikke funnet", "outcome": "not_found_plan_made"}
        if next_check is not None:
            body["next_check_at"] = (self.now + dt.timedelta(hours=next_check)).isoformat()
        self.answer("alert_resolved", who, body, ago)

    @rule(who=which, seen=ago)
    def was_seen(self, who: int, seen: dt.timedelta) -> None:
        seen_at = (self.now - seen).isoformat()
        self.answer("alert_resolved", who, {"reason": "sett", "outcome": "was_seen", "seen_at": seen_at})

    # --- time -----------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0.01, 0.3, 1.1, 5]))
    def an_hour_passes(self, hours: float) -> None:
        self.now += dt.timedelta(hours=hours)
        self.tick()

    @rule(hours=st.sampled_from([13, 24, 25, 49]))
    def a_day_passes(self, hours: float) -> None:
        self.now += dt.timedelta(hours=hours)
        self.tick()

    @rule()
    def tick(self) -> None:
        rang = select(Alert.id).where(Alert.state == "open")
        with self.database.reading() as session:
            self.rang = set(session.scalars(rang))
        with self.database.transaction() as session:
            overdue.open_overdue(session, self.now)
        with self.database.transaction() as session:
            escalation.escalate(session, self.now)
        self.check()

    # --- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def clocks_are_those_of_the_rules(self) -> None:
        with self.database.reading() as session:
            due = {row.client_id: row.due_at for row in session.scalars(select(Watch))}
        for client in self.clients:
            assert due[client] == self.life(client).due_at()

    def check(self) -> None:
        """After a tick: a clock that will run out, or an alert that will be looked at again."""
        with self.database.reading() as session:
            due = {row.client_id: row.due_at for row in session.scalars(select(Watch))}
            unresolved = list(session.scalars(select(Alert).where(Alert.state != "resolved")))
            holds = list(session.scalars(select(AlertHold)))
        alerted = sorted(alert.subject_id for alert in unresolved)
        has_run_out = sorted(client for client, due_at in due.items() if due_at is not None and due_at <= self.now)
        assert alerted == has_run_out, "a client was silently forgotten, or an alert is about nothing"
        for alert in unresolved:
            assert alert.next_at is not None, "what nobody has taken climbs, a hold runs out, a team opens"
            assert alert.next_at > self.now
            held = is_held([hold for hold in holds if hold.alert_id == alert.id], self.now)
            assert (alert.owner_id is not None) == (alert.state in ("acknowledged", "snoozed")) == held
            self.check_opening(alert)

    def check_opening(self, alert: Alert) -> None:
        """It waits only for a team that will open, and no longer; it belongs to whoever has the watch.

        What rang before this tick goes on ringing, whatever hours are set meanwhile."""
        life = self.life(alert.subject_id)
        opens_at, handed = life.waits_until(self.now), life.handed_to(self.now)
        if alert.state == "waiting":
            assert alert.next_at == alert.waits_until_at == opens_at, "it waits, and its team does not open"
        if alert.opened_at == self.now and alert.state == "open" and alert.id not in self.rang:
            assert opens_at is None, "it rings people who are not at work"
        if alert.state in ("waiting", "open"):
            assert alert.team_id == (handed[0] if handed else self.team)

    # --- saying it ------------------------------------------------------------------------------------------------

    def life(self, client: uuid.UUID) -> Life:
        return Life(self.about(client), Team(self.about(self.team)))

    def about(self, subject: uuid.UUID) -> list[Said]:
        return [one for about, one in self.said if about == subject]

    def say(
        self,
        type: str,
        body: dict[str, Any],
        subject: uuid.UUID,
        ago: dt.timedelta = dt.timedelta(),
        wrong: dt.timedelta = dt.timedelta(),
        corrects: uuid.UUID | None = None,
    ) -> uuid.UUID | None:
        """Send one entry about a client or a team from a phone whose clock is wrong by so much; its id if accepted."""
        id = uuid7()
        raw = {
            "id": str(id),
            "device_seq": len(self.said) + 1,
            "type": type,
            "version": 1,
            "client_id": None if subject in self.teams else str(subject),
            "occurred_at": (self.now - ago + wrong).isoformat(),
            "body": body,
        }
        sent = self.now + wrong
        request = SyncRequest(protocol=1, device_id=uuid.UUID(int=9), sent_at=sent, unsent_after=0, entries=[raw])
        with self.database.transaction() as session:
            (verdict,) = ingest.receive(session, request, self.alice, {}, self.now)
        if verdict.verdict == "rejected":
            # A hand-over goes only to the team that the hours name; a client whose registration was undone is gone.
            may_be = type == "watch_handed_over" or not self.life(subject).is_registered()
            assert (verdict.code, may_be) == ("unknown_reference", True), verdict
            return None
        self.said.append((subject, Said(id, type, clock_time(raw, sent, self.now), body, corrects)))
        return id

    def correct(
        self, subject: uuid.UUID, entry: Said, what: str, ago: dt.timedelta = dt.timedelta(), **body: Any
    ) -> None:
        if entry.type != "entry_corrected":
            asked = {"entry_id": str(entry.id), "what": what, "reason": "angret", **body}
            self.say("entry_corrected", asked, subject, ago, corrects=entry.id)

    def answer(
        self,
        type: str,
        who: int,
        body: dict[str, Any],
        ago: dt.timedelta = dt.timedelta(),
        wrong: dt.timedelta = dt.timedelta(),
    ) -> None:
        """Do this to an alert about the client: the unresolved one, else the last there was."""
        client = self.clients[who]
        with self.database.reading() as session:
            known = select(Alert).where(Alert.subject_id == client)
            alerts = sorted(session.scalars(known), key=lambda one: (one.state != "resolved", one.opened_at))
        if alerts:
            self.say(type, body | {"alert_id": str(alerts[-1].id)}, client, ago, wrong)


def is_held(holds: list[AlertHold], now: dt.datetime) -> bool:
    """Whether anybody has the alert now; a snooze is over once somebody takes the alert after it."""
    taken = max((hold.from_at for hold in holds if hold.kind == "acknowledged"), default=None)
    return any(
        hold.until_at > now and not (hold.kind == "snoozed" and taken is not None and taken > hold.from_at)
        for hold in holds
    )


def copied(template: Path) -> Database:
    """A database in memory, as the template: a hundred stories a minute need no disk."""
    database = Database(SimpleNamespace(database_url="sqlite://"))
    with sqlite3.connect(template) as source, database.engine.connect() as connection:
        connection.rollback()
        source.backup(connection.connection.driver_connection)
    source.close()
    return database

"""The promise of the alert engine, against anything people and phones may do: no client is ever silently forgotten.

After every tick, every watched client who is not paused has a clock that runs out in the future or an unresolved alert.
Beside the engine runs a model that is meant to be naive: it keeps a list of what was said and reads it from the start.
"""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass
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
from fieldapp.services import accounts, escalation, ingest
from sync.envelope import SyncRequest
from sync.ids import uuid7

START = dt.datetime(2026, 3, 27, 9, 0, tzinfo=dt.UTC)
"""The Friday before Norway moves its clocks."""
YEAR = dt.timedelta(days=365)
DEGREES = {
    "seen": "seen",
    "heard": "heard",
    "no_answer": None,
    "not_home": None,
    "declined": "heard",
    "cancelled": None,
}
PAUSING = {"admitted", "treatment", "detox", "prison", "travel"}

ago = st.floats(-3, 60).map(lambda hours: dt.timedelta(hours=round(hours, 2)))
"""How long ago something is said to have happened; below nothing, it is said to be still to come."""
wrong_by = st.sampled_from([dt.timedelta()] * 6 + [dt.timedelta(minutes=40), -dt.timedelta(minutes=40), YEAR, -YEAR])
recently = st.sampled_from([0, 0.1, 1, 3]).map(lambda hours: dt.timedelta(hours=hours))
outcomes = st.sampled_from(sorted(DEGREES))
which = st.integers(0, 2)


def test_no_client_is_ever_silently_forgotten(sqlite_template: Path, rounds: Callable[[int, int], int]) -> None:
    Days.template = sqlite_template
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=rounds(80, 2000),
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
            self.team = accounts.add_team(session, "Granstua", "staffed_housing", (0, 15, 30, 45), START)
            ids = [
                accounts.add_staff(session, name, name, role, [self.team], None, START).id
                for name, role in (("alice", "leader"), ("bob", "fieldworker"))
            ]
        self.alice, self.bob = (
            Viewer(id, role, frozenset({self.team})) for id, role in zip(ids, ("leader", "fieldworker"), strict=True)
        )
        self.clients = [uuid7() for _ in range(3)]
        self.said: list[Said] = []
        self.absences: list[tuple[uuid.UUID, uuid.UUID]] = []
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
        ago=ago,
    )
    def agreement(self, who: int, ago: dt.timedelta, minutes: int, sources: list[str], **body: Any) -> None:
        body |= {"interval_minutes": minutes, "sources": sources, "reason": "avtalt"}
        self.say("watch_set", body, self.clients[who], ago)

    @rule(
        who=which,
        kind=st.sampled_from([*sorted(PAUSING), "with_others", "unknown"]),
        ends=st.sampled_from([None, -30, -1, 1, 20, 100]),
        ago=ago,
    )
    def away(self, who: int, kind: str, ends: float | None, ago: dt.timedelta) -> None:
        absence = uuid7()
        body: dict[str, Any] = {"absence_id": str(absence), "kind": kind}
        if ends is not None:
            body["expected_end_at"] = (self.now + dt.timedelta(hours=ends)).isoformat()
        self.say("absence_started", body, self.clients[who], ago)
        self.absences.append((absence, self.clients[who]))

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

    @rule(data=st.data(), what=st.sampled_from(["retracted", "retracted", "wrong_client"]))
    def angre(self, data: st.DataObject, what: str) -> None:
        self.correct(data.draw(st.sampled_from(self.said)), what)

    @rule(data=st.data(), outcome=outcomes, ago=ago)
    def retting(self, data: st.DataObject, outcome: str, ago: dt.timedelta) -> None:
        visits = [one for one in self.said if one.type == "visit_logged"]
        if visits:
            self.correct(data.draw(st.sampled_from(visits)), "text", ago, body={"outcome": outcome, "place": "home"})

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
        with self.database.transaction() as session:
            escalation.open_overdue(session, self.now)
        with self.database.transaction() as session:
            escalation.escalate(session, self.now)
        self.check()

    # --- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def clocks_are_those_of_the_model(self) -> None:
        with self.database.reading() as session:
            due = {row.client_id: row.due_at for row in session.scalars(select(Watch))}
        for client in self.clients:
            model = Model([one for one in self.said if one.client == client])
            if model.is_watched() and model.mode() == "each_shift":
                assert due[client] is not None or None in model.ends_of_pauses()
            else:
                assert due[client] == model.due_at()

    def check(self) -> None:
        """After a tick: a clock that will run out, or an alert that will be looked at again."""
        with self.database.reading() as session:
            due = {row.client_id: row.due_at for row in session.scalars(select(Watch))}
            unresolved = list(session.scalars(select(Alert).where(Alert.state != "resolved")))
            holds = list(session.scalars(select(AlertHold).where(AlertHold.until_at > self.now)))
        alerted = sorted(alert.subject_id for alert in unresolved)
        has_run_out = sorted(client for client, due_at in due.items() if due_at is not None and due_at <= self.now)
        assert alerted == has_run_out, "a client was silently forgotten, or an alert is about nothing"
        for alert in unresolved:
            assert alert.next_at is not None, "an alert that nobody has taken climbs, a hold runs out"
            assert alert.next_at > self.now
            held = [hold for hold in holds if hold.alert_id == alert.id]
            assert (alert.owner_id is not None) == (alert.state in ("acknowledged", "snoozed")) == bool(held)

    # --- saying it ------------------------------------------------------------------------------------------------

    def say(
        self,
        type: str,
        body: dict[str, Any],
        client: uuid.UUID,
        ago: dt.timedelta = dt.timedelta(),
        wrong: dt.timedelta = dt.timedelta(),
        **about: Any,
    ) -> None:
        """Send one entry from a phone whose clock is wrong by so much."""
        occurred, sent = self.now - ago + wrong, self.now + wrong
        id = uuid7()
        raw = {
            "id": str(id),
            "device_seq": len(self.said) + 1,
            "type": type,
            "version": 1,
            "client_id": str(client),
            "occurred_at": occurred.isoformat(),
            "body": body,
        }
        request = SyncRequest(protocol=1, device_id=uuid.UUID(int=9), sent_at=sent, unsent_after=0, entries=[raw])
        with self.database.transaction() as session:
            (verdict,) = ingest.receive(session, request, self.alice, {}, self.now)
        if verdict.verdict == "rejected":
            known = Model([one for one in self.said if one.client == client])
            assert (verdict.code, known.all("client_registered")) == ("unknown_reference", []), verdict
            return
        at = min(occurred, occurred + (self.now - sent), self.now)
        self.said.append(Said(id, type, client, at, body, **about))

    def correct(self, entry: "Said", what: str, ago: dt.timedelta = dt.timedelta(), **body: Any) -> None:
        if entry.type == "entry_corrected":
            return
        asked = {"entry_id": str(entry.id), "what": what, "reason": "angret", **body}
        self.say("entry_corrected", asked, entry.client, ago, corrects=entry.id)

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


@dataclass(frozen=True)
class Said:
    """One accepted entry as the model remembers it."""

    id: uuid.UUID
    type: str
    client: uuid.UUID
    at: dt.datetime
    body: dict[str, Any]
    corrects: uuid.UUID | None = None

    @property
    def order(self) -> tuple[dt.datetime, str]:
        return self.at, str(self.id)


class Model:
    """One client: everything that was said, oldest first, with what was taken back left out and rettinger put in."""

    def __init__(self, said: list[Said]) -> None:
        corrections = [one for one in said if one.corrects]
        struck = {one.corrects for one in corrections if one.body["what"] != "text"}
        texts = {one.corrects: one.body["body"] for one in sorted(corrections, key=order) if one.body["what"] == "text"}
        kept = [one for one in said if not one.corrects and one.id not in struck]
        self.said = sorted(kept, key=order)
        self.body = {one.id: texts.get(one.id, one.body) for one in kept}

    def all(self, *types: str) -> list[tuple[dt.datetime, dict[str, Any]]]:
        return [(one.at, self.body[one.id]) for one in self.said if one.type in types]

    def is_watched(self) -> bool:
        return bool(self.all("client_registered")) and not self.has_ended() and self.mode() != "off"

    def has_ended(self) -> bool:
        last = [one for one in self.said if one.type in ("follow_up_ended", "follow_up_resumed")][-1:]
        return any(one.type == "follow_up_ended" for one in last)

    def terms(self) -> dict[str, Any]:
        agreed = [body for _, body in self.all("watch_set")]
        return (
            agreed[-1] if agreed else {"mode": "interval", "interval_minutes": 1440, "counts": ["seen"], "sources": []}
        )

    def mode(self) -> str:
        mode: str = self.terms()["mode"]
        return mode

    def due_at(self) -> dt.datetime | None:
        """When it runs out: one interval after whatever came last of all that starts the clock anew."""
        if not self.is_watched() or None in self.ends_of_pauses():
            return None
        started = max([self.turned_on(), *filter(None, self.ends_of_pauses()), *self.contacts()])
        due_at = started + dt.timedelta(minutes=self.terms()["interval_minutes"])
        checks = self.next_checks()
        if checks and checks[-1][0] >= due_at:
            return checks[-1][1]
        return due_at

    def turned_on(self) -> dt.datetime:
        ((since, _),) = self.all("client_registered")
        mode = "interval"
        for one in self.said:
            if one.type == "follow_up_resumed":
                since = max(since, one.at)
            if one.type == "watch_set":
                if mode == "off" and self.body[one.id]["mode"] != "off":
                    since = one.at
                mode = self.body[one.id]["mode"]
        ((registered, _),) = self.all("client_registered")
        return max(since, registered)

    def ends_of_pauses(self) -> list[dt.datetime | None]:
        """The end of every absence that stops the clock; None for one without an end."""
        ends: list[dt.datetime | None] = []
        for _, body in self.all("absence_started"):
            if body["kind"] not in PAUSING:
                continue
            came_back = [at for at, end in self.all("absence_ended") if end["absence_id"] == body["absence_id"]]
            expected = [dt.datetime.fromisoformat(body["expected_end_at"])] if "expected_end_at" in body else []
            ends.append(min(came_back[:1] + expected, default=None))
        return ends

    def contacts(self) -> list[dt.datetime]:
        terms = self.terms()
        counts = [at for at, body in self.all("visit_logged") if DEGREES[body["outcome"]] in terms["counts"]]
        for at, body in self.all("sighting_reported"):
            agreed = "reported" in terms["counts"] and (not terms["sources"] or body["source"] in terms["sources"])
            counts += [at] if agreed and body["what"] == "seen" else []
        for at, body in self.all("alert_resolved"):
            if body["outcome"] == "was_seen":
                counts.append(min(at, dt.datetime.fromisoformat(body["seen_at"])))
        return counts

    def next_checks(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """(ended by hand at, look again at), oldest first; never before and never more than a day after."""
        checks = []
        for one in self.said:
            if one.type != "alert_resolved" or one.body["outcome"] == "was_seen":
                continue
            asked = one.body.get("next_check_at")
            interval = dt.timedelta(minutes=self.terms()["interval_minutes"])
            wanted = dt.datetime.fromisoformat(asked) if asked else one.at + interval
            checks.append((one.at, max(one.at, min(wanted, one.at + dt.timedelta(days=1)))))
        return checks


def order(one: Said) -> tuple[dt.datetime, str]:
    return one.order


def copied(template: Path) -> Database:
    """A database in memory, as the template: a hundred stories a minute need no disk."""
    database = Database(SimpleNamespace(database_url="sqlite://"))
    with sqlite3.connect(template) as source, database.engine.connect() as connection:
        connection.rollback()
        source.backup(connection.connection.driver_connection)
    source.close()
    return database

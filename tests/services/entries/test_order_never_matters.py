"""However the phones' entries are shuffled, split, doubled and offered again, the state ends the same."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import (
    Absence,
    Agreement,
    Alert,
    AlertHold,
    Base,
    Case,
    Client,
    ClientTeam,
    Duty,
    DutyOffer,
    Entry,
    EntryState,
    HandCheck,
    HandoverReading,
    Standing,
    Watch,
)
from fieldapp.services.alerts.overdue import open_overdue
from fieldapp.services.entries import ingest
from fieldapp.services.entries.rebuild import rebuild
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest

START = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
NOW = START + dt.timedelta(hours=60)
PARTS = 4
"""Of one property, so that both processes are busy; each draws examples of its own, the same every time."""
TABLES = (
    *(Client, ClientTeam, Watch, Absence, Agreement, Case, Duty, DutyOffer, EntryState, HandCheck),
    *(Standing, HandoverReading),
)
ORDER_OF_ARRIVAL = {"episode", "safety_seq"}
"""Columns that say in which order things came in, and are meant to."""


@pytest.mark.parametrize("part", range(PARTS))
def test_any_order_splitting_and_doubling_ends_in_the_same_state(
    story: "Story", engine: str, part: int, rounds: Callable[[int, int], int]
) -> None:
    # The rules are the same code on both engines; PostgreSQL repeats a third.
    examples = rounds(200 if engine == "sqlite" else 60, 500) // PARTS
    ends_alike(story, story.pool, examples, least=2, most=14, drawn_by=part)


def test_duties_change_hands_alike_in_any_order(story: "Story", engine: str, rounds: Callable[[int, int], int]) -> None:
    ends_alike(story, list(story.swaps()), rounds(40 if engine == "sqlite" else 15, 60), least=4)


def test_what_stands_is_alike_in_any_order(story: "Story", engine: str, rounds: Callable[[int, int], int]) -> None:
    ends_alike(story, list(story.what_stands()), rounds(60 if engine == "sqlite" else 20, 400), least=3)


def test_clients_that_are_one_end_alike_in_any_order(
    story: "Story", engine: str, rounds: Callable[[int, int], int]
) -> None:
    examples = rounds(50 if engine == "sqlite" else 12, 400)
    ends_alike(story, list(story.merges()), examples, least=4, rebuilt=True)


def ends_alike(
    story: "Story",
    pool: list[Any],
    examples: int,
    *,
    least: int,
    most: int | None = None,
    drawn_by: int = 0,
    rebuilt: bool = False,
) -> None:
    """Some of the pool, shuffled, doubled here and there and split into requests, end as one by one in their order.
    `rebuilt`: and so does a rebuild from what came in."""

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False, database=None
    )
    @seed(drawn_by)
    @given(data=st.data())
    def shuffled(data: st.DataObject) -> None:
        some = st.lists(st.sampled_from(pool), unique_by=lambda e: e["id"], min_size=least, max_size=most or len(pool))
        chosen = data.draw(some)
        plan = data.draw(st.permutations(chosen + data.draw(st.lists(st.sampled_from(chosen), max_size=4))))
        cuts = sorted(data.draw(st.sets(st.integers(1, len(plan)), max_size=4)))
        batches = [plan[a:b] for a, b in zip([0, *cuts], [*cuts, len(plan)], strict=True)]
        in_order = [[entry] for entry in sorted(chosen, key=pool.index)]
        assert story.end_state(batches, rebuilt=rebuilt) == story.end_state(in_order)

    shuffled()


class Story:
    """One team's eventful days, as a pool of entries that may arrive in any order. Every try is rolled back."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            team = accounts.add_team(session, "FACT Nord", "fact", (0, 15, 30, 45), START)
            people = [
                accounts.add_staff(session, name, name, role, [team], None, START).id
                for name, role in (("alice", "leader"), ("bob", "fieldworker"), ("rolf", "peer"))
            ]
        self.team = team
        self.viewers = [
            Viewer(person, role, frozenset({team}))
            for person, role in zip(people, ("leader", "fieldworker", "peer"), strict=True)
        ]
        self.kari, self.even = uuid.UUID(int=1), uuid.UUID(int=2)
        with database.transaction() as session:
            self._deliver(session, [self._registration(self.even, 0)], START)
        with database.transaction() as session:
            open_overdue(session, START + dt.timedelta(hours=26))
            self.alert = str(session.scalars(select(Alert.id)).one())
        self.pool = list(self._pool())

    def end_state(self, batches: Iterable[list[dict[str, Any]]], *, rebuilt: bool = False) -> dict[str, Any]:
        """Deliver, offer the refused again until nothing changes, let the worker look once, and read everything.
        `rebuilt`: as it is computed anew from the entries, too."""
        with Session(self.database.engine) as session, session.begin() as transaction:
            verdicts: dict[str, str] = {}
            offered = [entry for batch in batches for entry in batch]
            for batch in batches:
                verdicts |= self._deliver(session, batch, NOW)
            while True:
                again = [entry for entry in offered if verdicts[entry["id"]] == "rejected"]
                before = dict(verdicts)
                verdicts |= self._deliver(session, again, NOW)
                if verdicts == before:
                    break
            open_overdue(session, NOW)
            state = self._read(session)
            if rebuilt:
                rebuild(session, NOW)
                assert self._read(session) == state
            transaction.rollback()
        return state

    def _deliver(self, session: Session, batch: list[dict[str, Any]], now: dt.datetime) -> dict[str, str]:
        verdicts: dict[str, str] = {}
        proven = {viewer.staff_id: viewer for viewer in self.viewers}
        request = SyncRequest(protocol=1, device_id=uuid.UUID(int=99), sent_at=now, unsent_after=0, entries=list(batch))
        for raw, verdict in zip(batch, ingest.receive(session, request, None, proven, now), strict=True):
            verdicts[raw["id"]] = "accepted" if verdict.verdict == "duplicate" else verdict.verdict
        return verdicts

    def _read(self, session: Session) -> dict[str, Any]:
        session.expire_all()
        state: dict[str, Any] = {table.__tablename__: _rows(session, table) for table in TABLES}
        state["entries"] = sorted(map(str, session.scalars(select(Entry.id))))
        alerts = session.scalars(select(Alert).where(Alert.state != "resolved"))
        state["alerts"] = sorted(
            (a.kind, str(a.subject_id), a.state, str(a.owner_id)) for a in alerts if a.kind != "not_seen"
        )
        state["overdue"] = sorted(str(a.subject_id) for a in session.scalars(select(Alert)) if _unresolved(a))
        state["holds"] = sorted(str(h) for h in session.scalars(select(AlertHold.entry_id)))
        return state

    def _pool(self) -> Iterable[dict[str, Any]]:
        alice, bob, rolf = range(3)
        yield self._registration(self.kari, bob, watch={"mode": "off"})
        yield self._entry("client_updated", bob, 2, self.kari, base_seq=0, fields={"phone": "900 00 001"})
        yield self._entry(
            "client_updated", rolf, 3, self.kari, base_seq=0, fields={"phone": "900 00 002", "alias": "K"}
        )
        yield self._entry("contact_interval_set", alice, 3, self.kari, days=4)
        yield self._entry("watch_set", alice, 4, self.kari, mode="interval", interval_minutes=600, reason="avtalt",
                          counts=["seen", "heard"], may_enter=True, key_ref="14")  # fmt: skip
        seen = self._entry("visit_logged", bob, 20, self.kari, outcome="seen", place="home")
        yield seen
        yield self._correction(seen, bob, 21, what="retracted")
        heard = self._entry("visit_logged", bob, 30, self.kari, outcome="heard", place="home")
        yield heard
        yield self._correction(heard, alice, 31, what="text", body={"outcome": "no_answer"})
        yield self._entry("call_logged", rolf, 33, self.even, direction="in", outcome="spoke")
        yield self._entry("visit_logged", bob, 50, self.even, outcome="seen", place="street")
        yield self._entry("agreement_withdrawn", bob, 40, self.kari, kind="watch", how="at_door")
        absence = str(uuid.UUID(int=7))
        yield self._entry("absence_started", bob, 22, self.kari, absence_id=absence, kind="admitted")
        yield self._entry("absence_ended", alice, 41, self.kari, absence_id=absence, outcome="as_planned")
        yield self._entry("absence_started", bob, 23, self.even, absence_id=str(uuid.UUID(int=8)), kind="unknown")
        rent = uuid.UUID(int=70)
        yield self._entry("rent_problem_reported", bob, 5, self.kari, rent, amount_nok="14250.00")
        yield self._entry("rent_problem_updated", bob, 6, self.kari, rent, status="agreed", plan="instalments")
        yield self._entry("rent_problem_updated", rolf, 7, self.kari, rent, amount_nok="9000.00")
        crisis = uuid.UUID(int=71)
        yield self._entry("crisis_opened", bob, 45, self.even, crisis, kind="overdose")
        yield self._entry("crisis_step_logged", bob, 46, self.even, crisis, step="called_113")
        yield self._entry("crisis_closed", bob, 47, self.even, crisis, outcome="calmed_home")
        concern = self._entry("concern_raised", rolf, 48, self.kari, reason="stille")
        yield concern
        yield self._correction(concern, rolf, 49, what="retracted")
        yield self._entry("alert_acknowledged", bob, 59.2, alert_id=self.alert)
        yield self._entry("alert_acknowledged", alice, 59.5, alert_id=self.alert)
        resolved = self._entry(
            "alert_resolved",
            alice,
            58,
            alert_id=self.alert,
            reason="plan",
            outcome="not_found_plan_made",
            next_check_at=(NOW + dt.timedelta(hours=3)).isoformat(),
        )
        yield resolved
        yield self._correction(resolved, alice, 59, what="retracted")
        duty = {"from_at": START.isoformat(), "to_at": (NOW + dt.timedelta(hours=9)).isoformat()}
        yield self._entry("duty_set", alice, 1, team_id=str(self.team), staff_id=str(self.viewers[bob].staff_id),
                          duty="duty", **duty)  # fmt: skip
        yield self._entry("follow_up_ended", alice, 55, self.kari, reason="moved")
        yield self._entry("follow_up_resumed", alice, 56, self.kari)

    def swaps(self) -> Iterable[dict[str, Any]]:
        """Alice's running duty goes to Bob for one of his, is offered on, taken back and removed."""
        alice, bob, rolf = range(3)
        hers = self._duty(alice, 1, 20, 50)
        his = self._duty(bob, 1, 60, 70)
        theirs = self._duty(rolf, 1, 55, 58)
        offer = self._offer(hers, alice, bob, 21, in_return_for=his["id"])
        taken = self._entry("duty_taken_over", bob, 30, handed_over_id=offer["id"])
        onward = self._offer(hers, bob, rolf, 31)
        given_back = self._offer(his, alice, bob, 40)
        yield from (hers, his, theirs, offer, taken, onward, given_back)
        yield self._offer(hers, bob, alice, 32, in_return_for=his["id"])
        yield self._entry("duty_taken_over", rolf, 35, handed_over_id=onward["id"])
        yield self._entry("duty_taken_over", bob, 41, handed_over_id=given_back["id"])
        yield self._correction(taken, bob, 45, what="retracted")
        yield self._correction(onward, rolf, 33, what="retracted")
        yield self._correction(his, alice, 42, what="retracted")

    def merges(self) -> Iterable[dict[str, Any]]:
        """Kari and Siri turn out to be Even; or all of it is taken back, with what was written meanwhile."""
        alice, bob, rolf = range(3)
        siri = uuid.UUID(int=3)
        yield self._registration(self.kari, bob, watch={"mode": "off"})
        yield self._registration(siri, bob)
        absence, risk, task, rent = (
            str(uuid.UUID(int=7)),
            str(uuid.UUID(int=80)),
            str(uuid.UUID(int=82)),
            uuid.UUID(int=70),
        )
        yield self._entry("client_updated", bob, 2, self.kari, base_seq=0, fields={"phone": "900 00 001"})
        yield self._entry("client_updated", rolf, 3, self.even, base_seq=0, fields={"alias": "E"})
        yield self._entry("watch_set", alice, 4, self.kari, mode="interval", interval_minutes=600, reason="avtalt",
                          counts=["seen", "heard"], may_enter=True, key_ref="14")  # fmt: skip
        seen = self._entry("visit_logged", bob, 5, self.kari, outcome="seen", place="home")
        yield seen
        yield self._correction(seen, alice, 6, what="wrong_client", to_client_id=str(siri))
        yield self._entry("rent_problem_reported", bob, 7, self.kari, rent, amount_nok="14250.00")
        yield self._entry(
            "risk_noted", bob, 8, siri, risk_id=risk, advice=["dog"], reason="Hund", review_on="2027-01-01"
        )
        yield self._entry("plan_noted", bob, 8, siri, kind="crisis", red_avoid="Politi")
        yield self._entry("absence_started", bob, 9, self.kari, absence_id=absence, kind="admitted")
        yield self._entry("task_set", bob, 9, self.even, task_id=task, what="Ringe")
        yield self._entry("follow_up_ended", alice, 10, siri, reason="moved")
        first = self._merge(alice, 12, self.kari, self.even)
        second = self._merge(alice, 13, siri, self.kari)
        loop = self._merge(alice, 14, self.even, siri)
        yield from (first, second, loop)
        yield self._entry("visit_logged", rolf, 15, self.kari, outcome="heard", place="home")
        yield self._entry("visit_logged", rolf, 16, self.even, outcome="seen", place="street")
        yield self._entry("rent_problem_updated", bob, 17, self.even, rent, status="agreed", plan="instalments")
        yield self._entry("risk_reviewed", alice, 18, self.even, risk_id=risk, outcome="ended")
        yield self._entry("task_set", rolf, 18, self.kari, task_id=task, what="Ringe igjen")
        yield self._entry("absence_ended", alice, 19, self.even, absence_id=absence)
        yield self._entry("plan_noted", alice, 19, self.even, kind="crisis", red_avoid="Uniform")
        yield self._entry("watch_set", alice, 20, self.even, mode="interval", interval_minutes=900, reason="nytt")
        yield self._entry("agreement_withdrawn", bob, 21, self.kari, kind="watch", how="at_door")
        yield self._entry("concern_raised", rolf, 22, siri, reason="stille")
        yield self._correction(first, alice, 30, what="retracted")
        yield self._correction(second, alice, 31, what="retracted")
        yield self._correction(second, alice, 11, what="text", occurred_at=(START + dt.timedelta(hours=3)).isoformat())
        yield self._entry("visit_logged", bob, 33, self.kari, outcome="seen", place="home")

    def _merge(self, who: int, hours: float, duplicate: uuid.UUID, into: uuid.UUID) -> dict[str, Any]:
        said = {"into_client_id": str(into), "reason": "samme person"}
        return self._entry("client_merged", who, hours, duplicate, **said)

    def what_stands(self) -> Iterable[dict[str, Any]]:
        """One thing of every kind: written, written anew by somebody who had or had not seen it, ended, taken back."""
        alice, bob, rolf = range(3)
        risk, contact, task, team_task, planned, decision, agreement = (str(uuid.UUID(int=n)) for n in range(80, 87))
        yield self._entry("risk_noted", bob, 2, self.even, risk_id=risk, advice=["dog"], reason="Hund",
                          review_on="2027-01-01")  # fmt: skip
        yield self._entry("risk_reviewed", alice, 5, self.even, risk_id=risk, outcome="changed", advice=["sharps"],
                          review_on="2027-02-01")  # fmt: skip
        gone = self._entry("risk_reviewed", rolf, 6, self.even, risk_id=risk, outcome="ended")
        yield from (gone, self._correction(gone, rolf, 7, what="retracted"))
        plan = self._entry("plan_noted", bob, 3, self.even, kind="crisis", red_avoid="Politi")
        yield plan
        yield self._entry("plan_noted", alice, 4, self.even, kind="crisis", red_avoid="Uniform")
        yield self._entry("plan_noted", bob, 8, self.even, kind="crisis", replaces=[plan["id"]])
        yield self._correction(plan, bob, 9, what="text", body={"kind": "rhythm"})
        person = {"contact_id": contact, "role": "gp", "name": "Anne", "call_if_not_found": "no"}
        told = self._entry("contact_person_noted", bob, 3, self.even, **person, must_not_be_told="Alt")
        yield from (told, self._entry("contact_person_noted", rolf, 4, self.even, **person))
        yield self._entry("contact_person_noted", alice, 5, self.even, **person, ended=True, replaces=[told["id"]])
        yield self._entry("housing_changed", bob, 3, self.even, situation="rough", from_on="2026-11-01")
        yield self._entry("housing_changed", alice, 4, self.even, situation="owned", from_on="2026-11-02")
        decided = {"decision_id": decision, "service": "Bo", "ground": "treatment", "from_on": "2026-11-01"}
        yield self._entry("decision_recorded", alice, 3, self.even, **decided)
        yield self._entry("decision_ended", bob, 4, self.even, decision_id=decision, on="2026-12-01")
        yield self._entry("task_set", bob, 3, self.even, task_id=task, what="Ringe", due_on="2026-11-25")
        yield self._entry("task_done", alice, 5, self.even, task_id=task, outcome="done")
        yield self._entry("task_set", rolf, 6, self.even, task_id=task, what="Ringe igjen")
        yield self._entry("task_set", bob, 3, None, task_id=team_task, what="Kaffe") | {"team_id": str(self.team)}
        yield self._entry("task_done", rolf, 4, None, task_id=team_task, outcome="dropped")
        yield self._entry("visit_planned", bob, 3, self.even, plan_id=planned, at="2026-11-24T09:00:00Z")
        yield self._entry("visit_planned", alice, 5, self.even, plan_id=planned, at="2026-11-25T09:00:00Z")
        yield self._entry("visit_plan_ended", bob, 4, self.even, plan_id=planned, outcome="moved")
        yield self._entry("agreement_withdrawn", rolf, 4, self.even, kind="service", how="told", agreement_id=agreement)
        no = self._entry("agreement_withdrawn", bob, 6, self.even, kind="service", how="at_door")
        yield from (no, self._correction(no, bob, 7, what="retracted"))
        yield self._entry("agreement_recorded", alice, 5, self.even, agreement_id=agreement, kind="service", words="Ja")
        note = self._entry("handover_noted", bob, 3, self.even, what="Legen ringer")
        of_team = self._entry("handover_noted", bob, 3, None, what="Bilen") | {"team_id": str(self.team)}
        read = self._entry("handover_read", alice, 4, None, entry_ids=[note["id"], of_team["id"]])
        yield from (note, of_team, read, self._correction(read, alice, 5, what="retracted"))
        yield self._entry("handover_read", rolf, 5, self.even, entry_ids=[note["id"]])
        yield self._correction(note, bob, 6, what="retracted")

    def _duty(self, who: int, hours: float, begins: float, ends: float) -> dict[str, Any]:
        begins_at, ends_at = ((START + dt.timedelta(hours=hours)).isoformat() for hours in (begins, ends))
        return self._entry("duty_set", 0, hours, team_id=str(self.team), staff_id=str(self.viewers[who].staff_id),
                           duty="duty", from_at=begins_at, to_at=ends_at)  # fmt: skip

    def _offer(self, duty: dict[str, Any], of: int, to: int, hours: float, **body: Any) -> dict[str, Any]:
        to_staff_id = str(self.viewers[to].staff_id)
        return self._entry("duty_handed_over", of, hours, duty_id=duty["id"], to_staff_id=to_staff_id, **body)

    def _registration(self, client_id: uuid.UUID, author: int, **body: Any) -> dict[str, Any]:
        return self._entry("client_registered", author, 0, client_id, name="Kari", team_id=str(self.team), **body)

    def _correction(self, entry: dict[str, Any], author: int, hours: float, **body: Any) -> dict[str, Any]:
        return self._entry("entry_corrected", author, hours, entry_id=entry["id"], reason="angret", **body)

    def _entry(
        self,
        type: str,
        author: int,
        hours: float,
        client: uuid.UUID | None = None,
        case: uuid.UUID | None = None,
        **body: Any,
    ) -> dict[str, Any]:
        self._made = getattr(self, "_made", 0) + 1
        at = (START + dt.timedelta(hours=hours)).isoformat()
        return {
            "id": str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | self._made)),
            "device_seq": self._made,
            "type": type,
            "version": 1,
            "author_id": str(self.viewers[author].staff_id),
            "client_id": str(client) if client else None,
            "case_id": str(case) if case else None,
            "occurred_at": at,
            "clock_offset_ms": 0,
            "body": body,
        }


def _unresolved(alert: Alert) -> bool:
    return alert.kind == "not_seen" and alert.state != "resolved"


def _rows(session: Session, table: type[Base]) -> list[str]:
    columns = [column for column in table.__table__.columns if column.name not in ORDER_OF_ARRIVAL]
    return sorted(str(tuple(row)) for row in session.execute(select(*columns)))


@pytest.fixture
def story(database: Database) -> Story:
    return Story(database)

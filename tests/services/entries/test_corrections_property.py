"""Every type, author, target and time: a correction is accepted, and has its effect, exactly when the protocol says so.

The naive reading is `_correction_rules.py`. Every example is a story of its own, told in a transaction and rolled back.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Client, ClientTeam, Entry, EntryState, StaffTeam, Watch
from fieldapp.models.change import number_changes
from fieldapp.services.alerts.overdue import open_overdue
from fieldapp.services.entries import ingest
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.operations import verify
from fieldapp.services.people import accounts
from sync.entry_type import EntryType
from sync.entry_types import ENTRY_TYPES, types_that
from sync.envelope import SyncRequest
from tests._bodies import example
from tests.services.entries import _correction_rules as rules
from tests.services.entries._correction_rules import Correction, Target


def only_moves_clocks(row: EntryType) -> bool:
    follows = row.refreshes or row.points_at or set(row.settles) - {"clock"}
    return row.about in ("client", "client_or_team") and row.steering == "never" and not follows


START = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
ABSENCE, VISIT, CASE = str(uuid.UUID(int=7)), str(uuid.UUID(int=8)), str(uuid.UUID(int=9))
KARI, OLA = uuid.UUID(int=1), uuid.UUID(int=2)
SPAN = {"from_at": "2026-11-20T07:00:00+01:00", "to_at": "2026-12-20T07:00:00+01:00"}
HOURS = {"hours": {"mon": [["08:00", "15:00"]]}, "when_closed": "hand_over"}
NOTE = ({"note": "ny"}, False)
THING = str(uuid.UUID(int=10))
REVIEW = {"review_on": "2027-01-01"}
RISK = {"advice": ["dog"], "reason": "x", **REVIEW}
PERSON = {"role": "gp", "name": "Anne", "call_if_not_found": "no"}
DECISION = {"service": "x", "ground": "treatment", "from_on": "2026-11-20"}

Try = tuple[dict[str, Any], bool]
Texts = tuple[Try, ...]
"""New fields, and whether they stop a clock, or for longer."""

WORDS: dict[str, tuple[dict[str, Any], Texts]] = {
    "client_registered": (
        {"name": "Kari", "team_id": "nord", "primary_staff_id": "dina", "watch": {"mode": "interval"}},
        (
            ({"alias": "K"}, False),
            ({"team_id": "sor"}, False),
            ({"watch": {"mode": "off"}}, False),
            ({"primary_staff_id": "bob"}, False),
            ({"primary_staff_id": None}, False),
            ({"protected": "code6"}, False),
        ),
    ),
    "client_updated": ({"base_seq": 0, "fields": {"alias": "K"}}, (NOTE, ({"fields": {"alias": "L"}}, False))),
    "client_team_set": ({"team_id": "nord", "from_on": "2026-11-20"}, (({"from_on": "2026-11-19"}, False),)),
    "contact_interval_set": ({"days": 7}, (({"days": 3}, False),)),
    "watch_set": (
        {"mode": "interval", "interval_minutes": 600, "reason": "x"},
        (NOTE, ({"mode": "off"}, False), ({"interval_minutes": 1440}, False)),
    ),
    "follow_up_ended": ({"reason": "moved"}, (({"reason": "other"}, False),)),
    "follow_up_resumed": ({"reason": "other"}, (NOTE,)),
    "watch_handed_over": ({"to_team_id": "sor", "until_at": "2026-11-24T09:00:00Z"}, (NOTE,)),
    "watch_taken_over": ({"handed_over_id": "asked"}, (NOTE,)),
    "absence_started": (
        {"absence_id": ABSENCE, "kind": "unknown"},
        (NOTE, ({"kind": "admitted"}, True), ({"kind": "travel", "expected_end_on": "2026-12-24"}, True)),
    ),
    "absence_confirmed": (
        {"absence_id": ABSENCE, "expected_end_on": "2026-12-24"},
        (NOTE, ({"expected_end_on": "2030-12-24"}, True), ({"expected_end_on": "2026-12-01"}, False)),
    ),
    "absence_ended": ({"absence_id": ABSENCE}, (NOTE,)),
    "agreement_withdrawn": ({"kind": "watch", "how": "told"}, (({"how": "at_door"}, False),)),
    "home_entered": ({"ground": "agreement", "reason": "x", "found": "ok"}, (NOTE, ({"found": "dead"}, True))),
    "crisis_opened": ({"kind": "fire"}, (({"kind": "somatic"}, False),)),
    "crisis_step_logged": ({"step": "arrived"}, (({"step": "stayed"}, False),)),
    "crisis_closed": ({"outcome": "calmed_home"}, (NOTE, ({"outcome": "died"}, True))),
    "visit_logged": ({"outcome": "seen", "place": "home"}, (NOTE, ({"outcome": "no_answer"}, False))),
    "street_contact_logged": ({"place_label": "Kaia", "people": 1}, (({"people": 2}, False),)),
    "call_logged": ({"direction": "in", "outcome": "spoke"}, (({"outcome": "no_answer"}, False),)),
    "sighting_reported": ({"source": "lar"}, (NOTE, ({"what": "missed"}, False))),
    "rent_problem_reported": ({"amount_nok": "900.00"}, (({"amount_nok": "800.00"}, False),)),
    "rent_problem_updated": ({"status": "agreed"}, (({"status": "open"}, False),)),
    "neighbour_complaint_received": (
        {"what": ["noise"], "complainant": "other", "client_role": "unclear"},
        (({"client_role": "suffers"}, False),),
    ),
    "neighbour_complaint_updated": ({"status": "answered"}, (({"status": "open"}, False),)),
    "concern_raised": ({"reason": "stille"}, (NOTE, ({"urgency": "today"}, False))),
    "concern_answered": ({"entry_id": "asked"}, (NOTE,)),
    "visit_started": ({"visit_id": VISIT, "expected_end_at": "2026-11-22T12:00:00Z"}, (NOTE,)),
    "visit_ended": ({"visit_id": VISIT}, (NOTE,)),
    "help_requested": ({"place_label": "Storgata"}, (({"place_label": "Kaia"}, False),)),
    "alert_acknowledged": ({"alert_id": "alert"}, (NOTE,)),
    "alert_snoozed": (
        {"alert_id": "alert", "until": "2026-11-22T12:00:00Z", "reason": "x"},
        (({"reason": "y"}, False),),
    ),
    "alert_resolved": ({"alert_id": "alert", "reason": "x"}, (({"reason": "y"}, False),)),
    "alert_handed_over": ({"alert_id": "alert", "to_staff_id": "alice"}, (NOTE,)),
    "duty_set": ({"team_id": "nord", "staff_id": "bob", "duty": "duty", **SPAN}, (({"duty": "backup"}, False),)),
    "duty_handed_over": ({"duty_id": "duty", "to_staff_id": "dina"}, (NOTE,)),
    "duty_taken_over": ({"handed_over_id": "offer"}, (NOTE,)),
    "risk_noted": ({"risk_id": THING, **RISK}, (NOTE, ({"advice": ["sharps"]}, False))),
    "risk_reviewed": ({"risk_id": THING, "outcome": "ended"}, (NOTE, ({"outcome": "kept", **REVIEW}, False))),
    "plan_noted": ({"kind": "crisis", "green": "x"}, (({"green": "y"}, False), ({"kind": "rhythm"}, False))),
    "contact_person_noted": ({"contact_id": THING, **PERSON}, (NOTE, ({"ended": True}, False))),
    "agreement_recorded": ({"agreement_id": THING, "kind": "service", "words": "x"}, (({"words": "y"}, False),)),
    "housing_changed": ({"situation": "rough", "from_on": "2026-11-20"}, (({"situation": "owned"}, False),)),
    "decision_recorded": ({"decision_id": THING, **DECISION}, (({"hours": "4"}, False),)),
    "decision_ended": ({"decision_id": THING, "on": "2026-12-01"}, (({"on": "2026-12-02"}, False),)),
    "task_set": ({"task_id": THING, "what": "x"}, (({"what": "y"}, False), ({"due_on": "2026-12-01"}, False))),
    "task_done": ({"task_id": THING, "outcome": "done"}, (({"outcome": "dropped"}, False),)),
    "handover_noted": ({"what": "x"}, (({"what": "y"}, False), ({"important": True}, False))),
    "handover_read": ({"entry_ids": ["asked"]}, (NOTE,)),
    "visit_planned": ({"plan_id": THING, "at": "2026-11-24T09:00:00Z"}, (({"at": "2026-11-25T09:00:00Z"}, False),)),
    "visit_plan_ended": ({"plan_id": THING, "outcome": "done"}, (({"outcome": "moved"}, False),)),
    "meeting_held": ({"meeting_id": THING, "kind": "board"}, (({"kind": "other"}, False),)),
    "team_hours_set": ({"team_id": "nord", "to_team_id": "sor", **HOURS}, (({"when_closed": "wait"}, False),)),
}
"""What is written of each type, and the new texts that are tried."""
WORDS |= {
    name: (example(name, {}), (NOTE,))
    for name in types_that(only_moves_clocks)
    if name not in {*WORDS, "client_checked_in"}
}
DEAD = {"home_entered": {"found": "dead"}, "crisis_closed": {"outcome": "died"}}
PARTS = 4
"""Of the property, so that both processes are busy; each draws examples of its own, the same every time."""
BEFORE = {
    "watch_taken_over": ("watch_handed_over", "bob"),
    "absence_confirmed": ("absence_started", "bob"),
    "absence_ended": ("absence_started", "bob"),
    "crisis_step_logged": ("crisis_opened", "bob"),
    "crisis_closed": ("crisis_opened", "bob"),
    "rent_problem_updated": ("rent_problem_reported", "lars"),
    "neighbour_complaint_updated": ("neighbour_complaint_received", "lars"),
    "concern_answered": ("concern_raised", "bob"),
    "visit_ended": ("visit_started", "bob"),
    "duty_handed_over": ("duty_set", "alice"),
    "duty_taken_over": ("duty_handed_over", "bob"),
    "risk_reviewed": ("risk_noted", "bob"),
    "decision_ended": ("decision_recorded", "bob"),
    "task_done": ("task_set", "bob"),
    "handover_read": ("handover_noted", "bob"),
    "visit_plan_ended": ("visit_planned", "bob"),
}
"""What must have been written before, and by whom."""
NO_CLIENT = rules.ROSTER | {"help_requested"}
ALERTS = {name for name in WORDS if name.startswith("alert_")}
ONLY = {"watch_taken_over": {"berit", "charlie", "eva"}, "duty_handed_over": {"bob"}, "duty_taken_over": {"dina"}}
IN_CASE = {name for name in WORDS if name.startswith(("crisis_", "rent_", "neighbour_"))}


LIMITS = types_that(lambda row: row.limits is not None)
"""Who may see a client: routes/test_blocked_colleague.py and test_protected_address.py correct these."""


def test_every_type_is_tried() -> None:
    assert set(WORDS) == set(ENTRY_TYPES) - {"entry_corrected"} - LIMITS - ELSEWHERE.keys()


ELSEWHERE = {
    "fact_shared": "routes/test_shared_facts.py",
    "fact_unshared": "routes/test_shared_facts.py",
    "housing_incident_logged": "as the other cases that a landlord opens",
    "housing_incident_updated": "as housing_incident_logged",
    "check_step_logged": "routes/test_check_steps.py",
    "absence_step_set": "routes/test_steps_home.py",
    "discharge_planned": "routes/test_steps_home.py",
    "client_checked_in": "only through the client's own link, as a partner's: routes/test_check_in.py",
    "subject_client_set": "routes/test_subject_client.py",
    "journal_noted": "routes/test_journal_noted.py",
    "board_placed": "services/entries/test_board_entries.py",
    "board_removed": "as board_placed",
    "board_columns_set": "as board_placed",
    "team_setting_set": "as board_placed",
    "drill_started": "journeys/test_drill.py",
    "client_merged": "services/entries/test_merging.py",
    "file_attached": "routes/test_files.py",
}
"""Types that the rules of this property do not know, and where they are looked at."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_correction_is_accepted_and_has_effect_as_the_protocol_says(
    database: Database, engine: str, part: int, rounds: Callable[[int, int], int]
) -> None:
    town = Town(database)

    @settings(
        max_examples=rounds(60 if engine == "sqlite" else 16, 4000) // PARTS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=False,
        database=None,
    )
    @seed(part)
    @given(target=targets(), data=st.data())
    def tried(target: Target, data: st.DataObject) -> None:
        one = data.draw(corrections(target))
        dated = data.draw(st.sampled_from((rules.REGISTERED, rules.WRITTEN, rules.NOW)))
        with Session(database.engine) as session, session.begin() as transaction:
            Story(session, town, target).holds(one, dated)
            transaction.rollback()

    tried()


@st.composite
def targets(draw: st.DrawFn) -> Target:
    type_ = draw(st.sampled_from(sorted(WORDS)))
    handed_on = draw(st.booleans()) and type_ not in NO_CLIENT
    late = handed_on and draw(st.booleans()) and type_ not in {"client_registered", *ALERTS, *BEFORE}
    writers = ("berit", "charlie") if late else ("alice", "bob", "dina", "rolf", "lars", "gone")
    only = ONLY.get(type_)
    if type_ == "watch_taken_over":
        writers = ("berit", "charlie")
    elif only is not None:
        writers = tuple(sorted(only))
    day = rules.WRITTEN_LATER if late else rules.WRITTEN
    target = Target(
        type_,
        author="",
        day=rules.REGISTERED if type_ == "client_registered" else day,
        handed_on=handed_on,
        about_client=type_ not in NO_CLIENT,
        dead=type_ in DEAD and draw(st.booleans()),
        only=frozenset(only) if only else None,
    )
    # Whoever may write it may have written it. On that day Dina was the primary contact, or Charlie.
    then = replace(target, handed_on=late)
    able = [who for who in writers if rules.may_write("bob" if who == "gone" else who, type_, then)]
    return replace(target, author=draw(st.sampled_from(able)))


@st.composite
def corrections(draw: st.DrawFn, target: Target) -> Correction:
    by = draw(st.sampled_from((target.author, *rules.PEOPLE)))
    what = draw(st.sampled_from(("text", "text", "text", "retracted", "wrong_client")))
    if what != "text":
        return Correction(by, what, move=what == "wrong_client" and draw(st.booleans()))
    fields, stops = draw(st.sampled_from(WORDS[target.type][1]))
    to_day = None
    if target.about_client and target.type not in {"client_registered", *ALERTS} and draw(st.booleans()):
        to_day = draw(st.sampled_from((rules.WRITTEN - 1, rules.WRITTEN, rules.WRITTEN_LATER)))
    later = target.type == "absence_ended" and to_day is not None and rules.WRITTEN < to_day <= target.day
    return Correction(by, what, fields, (stops and not target.dead) or later, to_day)


class Town:
    """The people of the rules, in two teams."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            self.teams = {n: accounts.add_team(session, n, "act", (0, 15, 30, 45), START) for n in ("nord", "sor")}
            self.people = {
                name: accounts.add_staff(
                    session, name, name, who.role, [self.teams[t] for t in sorted(who.teams or {"nord"})], None, START
                ).id
                for name, who in rules.PEOPLE.items()
            }

    def viewer(self, name: str, *, then: bool = False) -> Viewer:
        who = rules.PEOPLE[name]
        teams = who.teams or ({"nord"} if then else set())
        return Viewer(self.people[name], who.role, frozenset(self.teams[team] for team in teams))


class Story:
    """One client, one entry of one type, and a correction of it."""

    def __init__(self, session: Session, town: Town, target: Target) -> None:
        self.session, self.town, self.target = session, town, target
        self.count = 0
        self.names: dict[str, Any] = {**town.teams, **town.people}
        author = target.author if target.type == "client_registered" else "bob"
        registered = self.write(author, "client_registered", 0)
        self.write("bob", "client_registered", 0, client=OLA)
        self.write("alice", "team_hours_set", 0)
        if target.type in ALERTS:
            open_overdue(session, self.at(rules.WRITTEN, hours=-1))
            self.names["alert"] = session.scalars(select(Alert.id).where(Alert.client_id == KARI)).one()
        for type_, who in self._before():
            self.names |= dict.fromkeys(("asked", "duty", "offer"), self.write(who, type_, 1))
        handed_on_first = target.handed_on and target.day >= rules.HANDED_ON
        if handed_on_first:
            self._hand_on()
        if target.type == "client_registered":
            self.entry_id = registered
        else:
            self.entry_id = self.write(target.author, target.type, target.day, **self._deadly())
        if target.handed_on and not handed_on_first:
            self._hand_on()
        turn_dates(session, self.at(rules.NOW))
        for membership in session.scalars(select(StaffTeam).where(StaffTeam.staff_id == town.people["gone"])).all():
            session.delete(membership)

    def holds(self, one: Correction, dated: int) -> None:
        """Correct it, and compare what came of it with the rules."""
        before = self.state()
        correction_id, verdict = self._correct(one, dated)
        expected = rules.accepted(one, self.target)
        assert (verdict.verdict == "accepted") == expected, (verdict, one, self.target)
        after = self.state()
        flagged = expected and not rules.has_effect(one, self.target)
        if expected:
            assert ("no_effect" in self.session.get_one(Entry, correction_id).flags) == flagged
        if not expected or flagged:
            assert after == before
        else:
            self._had_effect(one, correction_id, before)
        number_changes(self.session)
        found = list(verify.differences(self.session, self.at(rules.NOW), 86_400 * 365))
        assert found == []

    def _had_effect(self, one: Correction, correction_id: uuid.UUID, before: Any) -> None:
        entry, state = self.session.get_one(Entry, self.entry_id), self.session.get_one(EntryState, self.entry_id)
        if one.what == "text":
            assert state.body == before[0]["body"] | self._named(one.fields)
            wanted = self.at(one.to_day) if one.to_day is not None else before[0]["at"]
            assert state.happened_at(entry) == min(wanted, entry.received_at)
            assert state.struck_by is None
        elif one.move:
            assert (state.struck_by, state.client_id) == (None, OLA)
        else:
            assert (state.struck_by, state.struck_as) == (correction_id, one.what)
            assert state.degree == "none"

    def state(self) -> Any:
        """The entry as it counts, and the client's card, teams and clock."""
        self.session.flush()
        self.session.expire_all()
        entry, state = self.session.get_one(Entry, self.entry_id), self.session.get_one(EntryState, self.entry_id)
        counts = {"body": state.body, "at": state.happened_at(entry), "struck": state.struck_by, "of": state.client_id}
        rows = [
            [tuple(row) for row in self.session.execute(select(*model.__table__.columns).where(column == KARI))]
            for model, column in ((Client, Client.id), (ClientTeam, ClientTeam.client_id), (Watch, Watch.client_id))
        ]
        return counts, rows

    def write(self, who: str, type_: str, day: int, client: uuid.UUID = KARI, **fields: Any) -> uuid.UUID:
        """Write one entry on its day; its id."""
        words = self._named(WORDS[type_][0]) | fields
        if type_ == "client_team_set" and day == rules.WRITTEN_LATER:
            words["team_id"] = str(self.town.teams["sor"])
        raw = self._raw(type_, day, words)
        raw["client_id"] = None if type_ in NO_CLIENT else str(client)
        raw["case_id"] = CASE if type_ in IN_CASE else None
        raw["team_id"] = str(self.town.teams["nord"]) if type_ == "help_requested" else None
        verdict = self._send(self.town.viewer(who, then=True), raw, self.at(day))
        assert verdict.verdict == "accepted", (who, raw, verdict)
        return uuid.UUID(raw["id"])

    def at(self, day: int, hours: float = 0) -> dt.datetime:
        return START + dt.timedelta(days=day, hours=hours)

    def _before(self) -> list[tuple[str, str]]:
        """What must be there first, the first first."""
        found: list[tuple[str, str]] = []
        type_ = self.target.type
        while type_ in BEFORE:
            found.insert(0, BEFORE[type_])
            type_ = BEFORE[type_][0]
        return found

    def _deadly(self) -> dict[str, Any]:
        return DEAD[self.target.type] if self.target.dead else {}

    def _hand_on(self) -> None:
        """Sør follows from day 5, where Charlie is the primary contact; Nord's last day is day 4."""
        nord, sor = self.town.teams["nord"], self.town.teams["sor"]
        days = {"from_on": str(self.at(rules.HANDED_ON).date())}
        self.write("alice", "client_team_set", rules.HANDED_ON, team_id=str(sor), **days)
        last_on = str(self.at(rules.HANDED_ON - 1).date())
        self.write("alice", "client_team_set", rules.HANDED_ON, team_id=str(nord), from_on="2026-11-20", to_on=last_on)
        charlie = {"primary_staff_id": str(self.town.people["charlie"])}
        self.write("berit", "client_updated", rules.HANDED_ON, base_seq=0, fields=charlie)

    def _correct(self, one: Correction, dated: int) -> tuple[uuid.UUID, Any]:
        body: dict[str, Any] = {"entry_id": str(self.entry_id), "what": one.what, "reason": "x"}
        if one.what == "text":
            body["body"] = self._named(one.fields)
        if one.to_day is not None:
            body["occurred_at"] = self.at(one.to_day).isoformat()
        if one.move:
            body["to_client_id"] = str(OLA)
        raw = self._raw("entry_corrected", dated, body)
        return uuid.UUID(raw["id"]), self._send(self.town.viewer(one.by), raw, self.at(rules.NOW))

    def _raw(self, type_: str, day: int, body: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        return {
            "id": str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | self.count)),
            "device_seq": self.count,
            "type": type_,
            "version": 1,
            "occurred_at": self.at(day).isoformat(),
            "time_chosen": True,
            "body": body,
        }

    def _send(self, viewer: Viewer, raw: dict[str, Any], now: dt.datetime) -> Any:
        request = SyncRequest(protocol=1, device_id=uuid.UUID(int=99), sent_at=now, unsent_after=0, entries=[raw])
        (verdict,) = ingest.receive(self.session, request, viewer, {}, now)
        return verdict

    def _named(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The words with the ids of those they name."""

        def named(value: Any) -> Any:
            if isinstance(value, list):
                return [named(one) for one in value]
            return str(self.names[value]) if isinstance(value, str) and value in self.names else value

        return {name: named(value) for name, value in fields.items()}

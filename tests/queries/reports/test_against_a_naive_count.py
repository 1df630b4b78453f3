"""Random municipalities, written through the one door: each report says what somebody counts by hand."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.domain.reports.basis import Period
from fieldapp.models import Entry
from fieldapp.models.change import newest_seq, number_changes
from fieldapp.queries.reports import read
from fieldapp.queries.reports.asked import Asked
from fieldapp.services.entries import ingest
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest
from tests.queries.reports._naive import ByHand, Told

BEGAN = dt.datetime(2026, 10, 12, 6, 0, tzinfo=dt.UTC)
"""Two weeks before the clocks go back."""
NOW = dt.datetime(2026, 11, 5, 12, 0, tzinfo=dt.UTC)
HOURS = (0, 1, 2, 9, 13, 21, 22, 23)
"""UTC: around midnight in Oslo, summer and winter, and the hour that comes twice."""


def test_reports_say_what_is_counted_by_hand(
    database: Database, engine: str, rounds: Callable[[int, int], int]
) -> None:
    @settings(
        max_examples=rounds(24 if engine == "sqlite" else 8, 1000),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(st.integers(0, 2**32))
    def tried(number: int) -> None:
        with Session(database.engine) as session, session.begin() as transaction:
            Municipality(session, random.Random(number)).holds()
            transaction.rollback()

    tried()


class Municipality:
    """Two teams, their people, some clients, and a month of what is written about them."""

    def __init__(self, session: Session, dice: random.Random) -> None:
        self.session, self.dice, self.made = session, dice, 0
        self.nord, self.sor = (accounts.add_team(session, name, "act", (0, 15, 30, 45), BEGAN) for name in ("N", "S"))
        both, nord, sor = (self.nord, self.sor), (self.nord,), (self.sor,)
        self.hanne, self.odd = self._person("leader", *both), self._person("leader", *both)
        self.writers = [self._person("fieldworker", *both), self._person("fieldworker", *nord)]
        self.writers += [self._person("peer", *nord), self._person("fieldworker", *sor), self.odd]
        self.told: list[Told] = []
        self.follows: dict[str, list[tuple[str, dt.date, dt.date | None]]] = {}
        self.kept_out: set[str] = set()
        for _ in range(dice.randrange(3, 7)):
            self._register()
        for _ in range(dice.randrange(20, 45)):
            self._write_something()
        for _ in range(dice.randrange(4, 20)):
            self._correct_something()
        for client in self.follows:
            self._change_who_follows(client)

    def holds(self) -> None:
        from_on = dt.date(2026, 10, 14) + dt.timedelta(days=self.dice.randrange(14))
        to_on = from_on + dt.timedelta(days=self.dice.randrange(20))
        teams = self.dice.choice(({self.nord}, {self.sor}, {self.nord, self.sor}))
        asked = Asked(self.hanne, frozenset(teams), Period(from_on, to_on), NOW)
        self.session.expire_all()
        made = read.all_reports(self.session, asked)
        by_hand = ByHand(self.told, self.follows, self.kept_out, {str(team) for team in teams}, from_on, to_on)
        for name in ("contacts", "people_seen", "missed_visits", "street", "home_entries", "staff_incidents",
                     "continuity", "complaints", "crises", "hours", "board"):  # fmt: skip
            assert [line.cells for line in made[name].lines] == getattr(by_hand, name)(), name
        assert [((line.cells[0],), line.cells[1]) for line in made["tenancies"].lines] == by_hand.tenancies()
        assert [line.cells for line in made["not_seen"].lines] == by_hand.not_seen(NOW)
        assert made["data_quality"].lines[-1].cells == ("entries_late", by_hand.entries_late())
        for table in (made["contacts"], made["people_seen"], made["home_entries"]):
            counts = [place for place, column in enumerate(table.columns) if column.kind == "count"]
            assert [line.small for line in table.lines] == [
                any(line.cells[place] < 5 for place in counts) for line in table.lines
            ]

    # --- what happens ---------------------------------------------------------------------------------------------

    def _register(self) -> None:
        client, team = (
            str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
            self.dice.choice((self.nord, self.sor)),
        )
        body = {"name": f"Bruker {len(self.follows)}", "team_id": str(team), "watch": {"mode": "off"}}
        assert self._send(self.hanne, "client_registered", body, BEGAN, client=client)
        self.follows[client] = [(str(team), dt.date(2026, 10, 12), None)]

    def _change_who_follows(self, client: str) -> None:
        dice = self.dice.random()
        (team, from_on, _) = self.follows[client][0]
        if dice < 0.2:
            on = dt.date(2026, 10, 20) + dt.timedelta(days=self.dice.randrange(12))
            other = self.sor if team == str(self.nord) else self.nord
            last = on - dt.timedelta(days=self.dice.randrange(1, 3))
            given = {"team_id": str(other), "from_on": str(on)}
            kept = {"team_id": team, "from_on": str(from_on), "to_on": str(last)}
            assert self._send(self.hanne, "client_team_set", given, NOW, client=client)
            assert self._send(self.hanne, "client_team_set", kept, NOW, client=client)
            self.follows[client] = [(team, from_on, last), (str(other), on, None)]
        elif dice < 0.4:
            at = self._moment()
            if self._send(self.hanne, "follow_up_ended", {"reason": "moved"}, at, client=client):
                self.follows[client] = [(team, from_on, self.told[-1].on)]
        elif dice < 0.55:
            assert self._send(self.odd, "staff_blocked", {"staff_id": str(self.hanne.staff_id), "reason": "x"}, NOW,
                              client=client)  # fmt: skip
            self.kept_out.add(client)
        elif dice < 0.7:
            number_changes(self.session)
            seq = newest_seq(self.session, "client", uuid.UUID(client))
            body = {"base_seq": seq, "fields": {"protected": "code6"}}
            assert self._send(self.hanne, "client_updated", body, NOW, client=client)
            self.kept_out.add(client)

    def _write_something(self) -> None:
        client = self.dice.choice(list(self.follows))
        type_ = self.dice.choices(list(BODIES), [BODIES[name][0] for name in BODIES])[0]
        body = BODIES[type_][1](self.dice, [str(one.staff_id) for one in self.writers])
        about: str | None = client
        if type_ in ("street_contact_logged", "staff_incident_logged", "crisis_opened") and self.dice.random() < 0.4:
            about = None
        if type_ in CASES:
            self._case(type_, body, about)
        else:
            self._send(self.dice.choice(self.writers), type_, body, self._moment(), client=about)

    def _case(self, type_: str, body: dict[str, Any], client: str | None) -> None:
        case, at = str(uuid.UUID(int=self.dice.getrandbits(128), version=4)), self._moment()
        who = self.dice.choice(self.writers)
        if not self._send(who, type_, body, at, client=client, case=case):
            return
        for follower, give in CASES[type_]:
            if self.dice.random() < 0.5:
                later = min(NOW, at + dt.timedelta(hours=self.dice.randrange(1, 60)))
                self._send(who, follower, give(self.dice), later, client=client, case=case)

    def _correct_something(self) -> None:
        target = self.dice.choice(self.told)
        if target.gone or target.type not in CORRECTED:
            return
        kind = self.dice.choice(("retracted", "text", "time", "move"))
        body: dict[str, Any] = {"entry_id": target.id, "what": kind, "reason": "feil"}
        author = next(one for one in (*self.writers, self.hanne) if str(one.staff_id) == target.author)
        if kind == "text":
            body["body"] = CORRECTED[target.type](self.dice)
        elif kind == "time":
            body |= {"what": "text", "occurred_at": self._moment().isoformat()}
        elif kind == "move":
            if target.case or target.client is None:
                return
            body |= {"what": "wrong_client", "to_client_id": self.dice.choice(list(self.follows))}
        if not self._send(author, "entry_corrected", body, NOW, client=target.client, case=target.case):
            return
        self.told.pop()
        if kind == "retracted":
            target.gone = True
        elif kind == "text":
            target.body = target.body | body["body"]
        elif kind == "time":
            target.at = min(dt.datetime.fromisoformat(body["occurred_at"]), target.received_at)
        else:
            target.client = body["to_client_id"]

    # --- the door -------------------------------------------------------------------------------------------------

    def _moment(self) -> dt.datetime:
        day = BEGAN.replace(hour=0) + dt.timedelta(days=self.dice.randrange(1, 24))
        return day + dt.timedelta(hours=self.dice.choice(HOURS), minutes=self.dice.choice((0, 29, 59)))

    def _send(
        self, author: Viewer, type_: str, body: dict[str, Any], at: dt.datetime, *,
        client: str | None = None, case: str | None = None,
    ) -> bool:  # fmt: skip
        """Whether it was taken; then it is told."""
        self.made += 1
        late = dt.timedelta(hours=self.dice.choice((0, 2, 25, 48)))
        received_at = at if type_ == "client_registered" else min(max(at, at + late), NOW)
        team = None if client else str(next(iter(sorted(author.team_ids))))
        raw = {
            "id": str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | self.made)),
            "device_seq": self.made,
            "type": type_,
            "version": 1,
            "client_id": client,
            "case_id": case,
            "team_id": team,
            "occurred_at": at.isoformat(),
            "time_chosen": True,
            "body": body,
        }
        request = SyncRequest(
            protocol=1, device_id=uuid.UUID(int=99), sent_at=received_at, unsent_after=0, entries=[raw]
        )
        (verdict,) = ingest.receive(self.session, request, author, {}, received_at)
        if verdict.verdict != "accepted":
            return False
        of_team = team or str(self._team_of(uuid.UUID(str(raw["id"]))))
        self.told.append(
            Told(type_, str(raw["id"]), client, case, of_team, str(author.staff_id), at, received_at, dict(body))
        )
        return True

    def _team_of(self, entry_id: uuid.UUID) -> uuid.UUID | None:
        """The author's, as the door noted it: only who works in both teams has two to choose from."""
        return self.session.get_one(Entry, entry_id).team_id

    def _person(self, role: str, *teams: uuid.UUID) -> Viewer:
        name = f"{role} {self.dice.getrandbits(40)}"
        added = accounts.add_staff(self.session, name.replace(" ", ""), name, role, list(teams), None, BEGAN)
        return Viewer(added.id, role, frozenset(teams))


def visit(dice: random.Random, staff: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "outcome": dice.choice(("seen", "seen", "heard", "no_answer", "not_home", "declined", "cancelled")),
        "place": dice.choice(("home", "street", "office")),
    }
    if dice.random() < 0.5:
        body["duration_min"] = dice.randrange(0, 90)
    if dice.random() < 0.3:
        body["with_staff"] = [dice.choice(staff)]
    if body["outcome"] in ("declined", "cancelled") and dice.random() < 0.5:
        body["contact"] = "seen"
    return body


def decision(dice: random.Random, _: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "decision_id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "service": dice.choice(("Booppfølging", "=Praktisk hjelp")),
        "ground": "hol_3_2_6b",
        "from_on": f"2026-10-{dice.randrange(10, 28)}",
        "hours": dice.choice(("4", "2.5", "10")),
        "per": dice.choice(("week", "month", "as_needed")),
    }
    return body | ({"to_on": "2026-10-29"} if dice.random() < 0.3 else {})


BODIES: dict[str, tuple[int, Callable[[random.Random, list[str]], dict[str, Any]]]] = {
    "visit_logged": (10, visit),
    "call_logged": (3, lambda dice, _: {"direction": "in", "outcome": dice.choice(("spoke", "no_answer"))}),
    "street_contact_logged": (
        4,
        lambda dice, _: {"place_label": "Kaia", "people": dice.randrange(1, 9), "equipment": {"naloxone": 1}},
    ),
    "home_entered": (
        3,
        lambda dice, _: {
            "ground": dice.choice(("agreement", "danger_to_life", "invited")),
            "reason": "x",
            "found": dice.choice(("ok", "nobody")),
            **({"told": dice.choice(("note", "not_yet"))} if dice.random() < 0.6 else {}),
        },
    ),
    "staff_incident_logged": (
        2,
        lambda dice, _: {
            "kinds": dice.sample(("threats", "verbal", "physical"), 2),
            "by": dice.choice(("client", "other")),
        },
    ),
    "decision_recorded": (2, decision),
    "board_placed": (
        4,
        lambda dice, _: {"column": dice.choice(("tight", "new")), "reasons": ["new"], "review_on": "2026-11-20"},
    ),
    "board_removed": (3, lambda _, __: {}),
    "rent_problem_reported": (2, lambda dice, _: {"amount_nok": "1200"}),
    "neighbour_complaint_received": (
        2,
        lambda dice, _: {"what": dice.sample(("noise", "theft"), 1), "complainant": "other", "client_role": "unclear"},
    ),
    "crisis_opened": (3, lambda dice, _: {"kind": dice.choice(("overdose", "missing"))}),
}
CASES: dict[str, list[tuple[str, Callable[[random.Random], dict[str, Any]]]]] = {
    "rent_problem_reported": [("rent_problem_updated", lambda dice: {"status": dice.choice(("agreed", "evicted"))})],
    "neighbour_complaint_received": [
        ("neighbour_complaint_updated", lambda dice: {"status": "answered", "client_role": "causes"}),
        ("neighbour_complaint_updated", lambda dice: {"what": ["noise", "waste"]}),
    ],
    "crisis_opened": [
        (
            "crisis_closed",
            lambda dice: {
                "outcome": dice.choice(("calmed_home", "not_found")),
                **({"admission_avoided": dice.choice((True, False, "unsure"))} if dice.random() < 0.7 else {}),
            },
        )
    ],
}
CORRECTED: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "visit_logged": lambda dice: {"outcome": "not_home"},
    "call_logged": lambda dice: {"outcome": "spoke"},
    "street_contact_logged": lambda dice: {"people": 7},
    "home_entered": lambda dice: {"ground": "fire_safety"},
    "staff_incident_logged": lambda dice: {"by": "visitor"},
    "rent_problem_reported": lambda dice: {"status": "resolved"},
    "crisis_opened": lambda dice: {"kind": "fire"},
    "board_placed": lambda dice: {"goal": "ro"},
    "board_removed": lambda dice: {"reason": "bedre"},
}

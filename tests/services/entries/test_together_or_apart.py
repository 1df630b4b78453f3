"""What is judged, written and settled together comes to the same as when each is taken apart: verdicts and tables."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Base, FormerMember
from fieldapp.models.change import number_changes
from fieldapp.services.alerts.overdue import open_overdue
from fieldapp.services.entries import ingest
from fieldapp.services.entries.sight import turn_dates
from fieldapp.services.people import accounts
from sync.envelope import SyncRequest, Verdict

START = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
NOW = START + dt.timedelta(hours=60)
LEFT_AT = START + dt.timedelta(hours=40)
PHONE = uuid.UUID(int=99)
MADE_ANEW = {"seq", "topic", "wrapped", "seal"}
"""Columns that no two runs have alike; so are the keys of these tables."""
KEY_MADE_ANEW = ("alert_transition", "notification", "delivery", "set_aside", "operator_alarm", "record_key")
DEPENDS_ON_SPLITTING = {"episode", "safety_seq"}
ALERTS = ("alert", "alert_transition", "alert_hold", "notification", "delivery", "operator_alarm", "sight_lost")
"""Half a request may ring, or end an alert, that the whole would not."""
ROLES = {
    "leader": ("leader", "nord", "sør"),
    "nord": ("fieldworker", "nord"),
    "sør": ("fieldworker", "sør"),
    "night": ("fieldworker", "natt"),
    "peer": ("peer", "nord"),
    "landlord": ("landlord", "nord"),
    "privacy": ("privacy", "nord"),
    "moved": ("fieldworker", "sør"),
}

Entries = Sequence[Any]
Way = Callable[["House", Entries], list[Verdict]]


def test_a_request_comes_to_the_same_as_its_entries_apart(
    database: Database, engine: str, rounds: Callable[[int, int], int]
) -> None:
    house = House(database)
    for n in range(rounds(12, 400) if engine == "sqlite" else rounds(4, 80)):
        request = Request(house, random.Random(n)).entries
        together, apart = (house.outcome(way, request) for way in (as_sent, each_apart))
        assert together == apart, f"request {n}"


def test_a_request_leaves_what_one_request_for_each_entry_leaves(
    database: Database, rounds: Callable[[int, int], int]
) -> None:
    house = House(database)
    for n in range(1000, 1000 + rounds(4, 100)):
        request = Request(house, random.Random(n), only_tells=True).entries
        together, one_by_one = (house.outcome(way, request, alerts=False) for way in (as_sent, in_requests_of_one))
        assert together == one_by_one, f"request {n}"


def as_sent(house: "House", request: Entries) -> list[Verdict]:
    return house.receive(request)


def each_apart(house: "House", request: Entries) -> list[Verdict]:
    """The way of a request in which the database did not take something."""
    judge_all = ingest._judge_all

    def stumble(session: Session, elements: list[Any], batch: ingest.Batch, take: ingest.Take) -> list[Verdict]:
        if take is ingest._take:
            raise IntegrityError("", {}, Exception("not taken"))
        return judge_all(session, elements, batch, take)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "_judge_all", stumble)
        return house.receive(request)


def in_requests_of_one(house: "House", request: Entries) -> list[Verdict]:
    return [verdict for entry in request for verdict in house.receive([entry])]


class House:
    """Three teams, everybody who may write or not, seven clients with every kind of clock. Tries are rolled back."""

    def __init__(self, database: Database) -> None:
        self._database, self._session, self._made = database, None, 0
        with self._transaction() as session:
            self.teams = {
                name: accounts.add_team(session, name, "act", (0, 15, 30, 45), START)
                for name in ("nord", "sør", "natt")
            }
            self.people = {name: self._person(session, name, *role) for name, role in ROLES.items()}
            moved = self.people["moved"].staff_id
            session.add(FormerMember(staff_id=moved, team_id=self.teams["nord"], left_at=LEFT_AT))
        self.clients = [str(uuid.UUID(int=n)) for n in range(1, 9)]
        """The last is not registered."""
        self.known = list(self._history())
        with self._transaction():
            verdicts = self.receive(self.known, START + dt.timedelta(hours=8))
            assert {verdict.verdict for verdict in verdicts} == {"accepted"}, [
                (v.code, v.field, v.id) for v in verdicts if v.code
            ]
        with self._transaction() as session:
            turn_dates(session, NOW - dt.timedelta(hours=1))
            open_overdue(session, NOW - dt.timedelta(hours=1))
            self.alerts = list(map(str, session.scalars(select(Alert.id).order_by(Alert.client_id))))
        assert len(self.alerts) >= 4

    def receive(self, request: Entries, now: dt.datetime = NOW) -> list[Verdict]:
        """From a phone on which everybody is signed in; only privacy has proven nothing."""
        proven = {person.staff_id: person for person in self.people.values() if person.role != "privacy"}
        fresh = json.loads(json.dumps(list(request)))
        asked = SyncRequest(protocol=1, device_id=PHONE, sent_at=now, unsent_after=0, entries=fresh)
        assert self._session is not None
        return ingest.receive(self._session, asked, None, proven, now)

    def outcome(self, way: Way, request: Entries, *, alerts: bool = True) -> dict[str, Any]:
        """The verdicts, and every table after it."""
        with self._transaction(keep=False) as session:
            verdicts = way(self, request)
            session.flush()
            number_changes(session)
            tables = [table for table in Base.metadata.sorted_tables if alerts or table.name not in ALERTS]
            left_out = MADE_ANEW if alerts else MADE_ANEW | DEPENDS_ON_SPLITTING
            return {"verdicts": verdicts} | {table.name: _rows(session, table, left_out) for table in tables}

    def entry(self, who: str, type_: str, client: str | None, at: dt.datetime, **body: Any) -> dict[str, Any]:
        self._made += 1
        return {
            "id": str(uuid.UUID(int=(0x019A << 112) | (7 << 76) | (2 << 62) | self._made)),
            "device_seq": self._made,
            "type": type_,
            "version": 1,
            "author_id": str(self.people[who].staff_id),
            "client_id": client,
            "occurred_at": at.isoformat(),
            "clock_offset_ms": 0,
            "body": {name: value for name, value in body.items() if value is not None},
        }

    @contextmanager
    def _transaction(self, *, keep: bool = True) -> Iterator[Session]:
        with Session(self._database.engine, expire_on_commit=False) as session, session.begin() as transaction:
            self._session = session
            yield session
            if keep:
                session.flush()
                number_changes(session)
            else:
                transaction.rollback()
        self._session = None

    def _person(self, session: Session, name: str, role: str, *teams: str) -> Viewer:
        ids = [self.teams[team] for team in teams]
        return Viewer(accounts.add_staff(session, name, name, role, ids, None, START).id, role, frozenset(ids))

    def _history(self) -> Iterator[dict[str, Any]]:
        """Clients that are watched by all that counts, by some sources, each shift, not at all; shared for a day, for
        a night, away, ended."""
        nord, sor, natt = (str(self.teams[name]) for name in ("nord", "sør", "natt"))
        by_all, by_police, by_shift, unwatched, lent, away, ended = self.clients[:7]

        def write(who: str, type_: str, client: str | None, **body: Any) -> dict[str, Any]:
            return self.entry(who, type_, client, START + dt.timedelta(seconds=self._made), **body)

        hours = {"hours": {"sun": [["08:00", "09:00"]]}, "when_closed": "hand_over", "to_team_id": natt}
        yield write("leader", "team_hours_set", None, team_id=nord, **hours)
        yield write("nord", "client_registered", by_all, name="Kari", team_id=nord)
        yield write("nord", "client_registered", by_police, name="Even", team_id=nord)
        yield write("sør", "client_registered", by_shift, name="Siv", team_id=sor, watch={"mode": "each_shift"})
        for client, mode in ((unwatched, "off"), (lent, "interval"), (away, "interval"), (ended, "interval")):
            watch = {"mode": mode, "interval_minutes": 600}
            yield write("nord", "client_registered", client, name="Ola", team_id=nord, watch=watch)
        for client, sources in ((by_all, None), (by_police, ["police"])):
            counts = {"counts": ["seen", "heard", "reported"], "sources": sources, "team_id": nord}
            yield write("leader", "watch_set", client, mode="interval", interval_minutes=600, reason="avtalt", **counts)
        days = {"from_on": str(START.date()), "to_on": str((START + dt.timedelta(days=1)).date())}
        yield write("leader", "client_team_set", by_police, team_id=sor, **days)
        until_at = (START + dt.timedelta(hours=20)).isoformat()
        handed = write("nord", "watch_handed_over", lent, to_team_id=natt, until_at=until_at)
        yield handed
        yield write("night", "watch_taken_over", lent, handed_over_id=handed["id"])
        yield write("nord", "absence_started", away, absence_id=str(uuid.UUID(int=50)), kind="admitted")
        yield write("nord", "visit_logged", by_all, outcome="seen", place="home")
        yield write("leader", "follow_up_ended", ended, reason="moved")


class Request:
    """One request as no phone would make it: most of it only tells, some of it is wrong, known, doubled or steers."""

    def __init__(self, house: House, dice: random.Random, *, only_tells: bool = False) -> None:
        self._house, self._dice = house, dice
        self.entries: list[Any] = []
        for _ in range(dice.choice((3, 8, 14))):
            kinds = (self._tell, self._double, self._spoil, self._steer)
            self.entries.append(dice.choices(kinds, (12, 2, 3, 0 if only_tells else 3))[0]())

    def _tell(self) -> dict[str, Any]:
        who, client, dice = self._who(), self._client(), self._dice
        type_, bodies = dice.choice(TELLING)
        told = self._house.entry(who, type_, client, self._at(), **dice.choice(bodies))
        told |= {"team_id": str(dice.choice([*self._house.teams.values()]))} if dice.random() < 0.15 else {}
        told |= {"time_chosen": True} if dice.random() < 0.1 else {}
        told |= {"mends": dice.choice(self._house.known)["id"], "new_field": [1]} if dice.random() < 0.1 else {}
        told["clock_offset_ms"] = dice.choice((0, None, -3_600_000, 3_600_000))
        return told

    def _double(self) -> Any:
        return self._dice.choice([*self.entries, *self._house.known])

    def _spoil(self) -> Any:
        """Something is wrong with it, or it has the id of another."""
        told, others = self._tell(), [one for one in [*self.entries, *self._house.known] if isinstance(one, dict)]
        wrong: list[dict[str, Any]] = [
            {"id": self._dice.choice(others).get("id")},
            {"id": told["id"].upper()},
            {"id": None},
            {"version": 7},
            {"type": "invented"},
            {"occurred_at": "i går"},
            {"author_id": str(uuid.UUID(int=5))},
            {"body": told["body"] | {"note": "x" * 10_001}},
            {"body": {"people": 0}},
            {"client_id": "{x}"},
        ]
        return self._dice.choice([*(told | one for one in wrong), 7, None, {}])

    def _steer(self) -> dict[str, Any]:
        """What the entries after it are judged by, or what takes back one before it."""
        house, who, client, at = self._house, self._who(), self._client(), self._at()
        told = [one for one in self.entries if isinstance(one, dict) and one.get("type") in OF_TELLING]
        corrected = {"entry_id": self._dice.choice(told or house.known)["id"], "reason": "angret"}
        nord, sor, natt = (str(house.teams[name]) for name in ("nord", "sør", "natt"))
        later, day = (NOW + dt.timedelta(hours=3)).isoformat(), str(at.date())
        absence = str(uuid.UUID(int=0x500 + len(self.entries)))
        writers: list[Callable[[], dict[str, Any]]] = [
            lambda: house.entry("leader", "entry_corrected", None, at, what="retracted", **corrected),
            lambda: house.entry("leader", "entry_corrected", None, at, what="text", body={"note": "ny"}, **corrected),
            lambda: house.entry(
                "leader", "entry_corrected", None, at, what="wrong_client", to_client_id=client, **corrected
            ),
            lambda: house.entry("nord", "client_registered", house.clients[7], at, name="Ny", team_id=nord),
            lambda: house.entry("leader", "client_team_set", client, at, team_id=sor, from_on=day, to_on=day),
            lambda: house.entry("leader", "watch_set", client, at, mode="interval", interval_minutes=60, reason="x",
                                counts=["seen", "reported"], sources=["lar"]),
            lambda: house.entry(who, "watch_handed_over", client, at, to_team_id=natt, until_at=later),
            lambda: house.entry(who, "absence_started", client, at, absence_id=absence, kind="prison"),
            lambda: house.entry(who, "home_entered", client, at, ground="agreement", reason="x",
                                found=self._dice.choice(("ok", "dead"))),
            lambda: house.entry(who, "alert_resolved", None, at, alert_id=self._dice.choice(house.alerts), reason="x",
                                outcome="other", next_check_at=later),
            lambda: house.entry(who, "alert_acknowledged", None, at, alert_id=self._dice.choice(house.alerts)),
            lambda: house.entry(who, "concern_raised", client, at, reason="stille"),
            lambda: house.entry(who, "follow_up_resumed", client, at),
        ]  # fmt: skip
        return self._dice.choice(writers)()

    def _who(self) -> str:
        return self._dice.choice(["leader", "leader", "nord", "sør", "moved", *ROLES])

    def _client(self) -> str:
        return self._dice.choice(self._house.clients)

    def _at(self) -> dt.datetime:
        hours = self._dice.choice((0, 0.1, 2, 11, 19, 21, 30, 45, 59, 300, -1))
        return NOW - dt.timedelta(hours=hours, seconds=self._dice.randrange(60))


TELLING: list[tuple[str, list[dict[str, Any]]]] = [
    ("visit_logged", [{"outcome": said, "place": "home"} for said in ("seen", "seen", "heard", "no_answer")]),
    ("call_logged", [{"direction": "in", "outcome": "spoke"}, {"direction": "out", "outcome": "message"}]),
    ("sighting_reported", [{"source": source} for source in ("police", "lar")]),
    (
        "street_contact_logged",
        [
            {"place_label": "Torget", "people": 2},
            {"place_label": "Torget", "people": 1, "private": True},
            {"place_label": "Torget", "people": 1, "private": True, "note": "hemmelig"},
        ],
    ),
]
OF_TELLING = {type_ for type_, _ in TELLING}


def _rows(session: Session, table: Any, left_out: set[str]) -> list[str]:
    keys = {"id", "notification_id"} if table.name in KEY_MADE_ANEW else set()
    columns = [column for column in table.columns if column.name not in left_out | keys]
    return sorted(str(tuple(row)) for row in session.execute(select(*columns)))

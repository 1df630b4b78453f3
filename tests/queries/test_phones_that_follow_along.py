"""A phone that followed along holds what a new one gets, whatever has happened and whenever it synced."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fieldapp.queries.sync.changes import KEPT_DAYS
from sync.ids import uuid7
from tests._push_service import PushService
from tests._world import Person, TeamOfWorld, World

Replica = dict[tuple[str, str], dict[str, Any]]
_NAMES = itertools.count(1)


@pytest.mark.parametrize("role", ["fieldworker", "leader", "peer", "landlord"])
def test_following_along_equals_starting_anew(
    world: World, push_service: PushService, engine: str, role: str, rounds: Callable[[int, int], int]
) -> None:
    for seed in range(rounds(2, 100) if engine == "sqlite" else rounds(1, 20)):
        town = Town(world, push_service, role, random.Random(f"{role} {seed}"))
        for number in range(60):
            town.pick(STEPS)(town)
            if number % 12 == 11:
                followed, anew = town.both_phones()
                assert differences(followed, anew) == [], f"seed {seed}, after {town.story}"


def differences(followed: Replica, anew: Replica) -> list[Any]:
    """Each field in which the two differ: (kind, field, the phone that followed, the new one)."""
    pairs = [(key, followed.get(key, {}), anew.get(key, {})) for key in sorted(followed.keys() | anew.keys())]
    return [
        (key[0], name, one.get(name), other.get(name))
        for key, one, other in pairs
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def kept(replica: Replica, now: dt.datetime) -> Replica:
    """What a phone does not drop by itself: entries that came in, and cases that were closed, in the last 30 days."""
    from_at = now - dt.timedelta(days=KEPT_DAYS)

    def is_old(kind: str, data: dict[str, Any]) -> bool:
        moment = data["received_at"] if kind == "entry" else data.get("closed_at") if kind == "case" else None
        return moment is not None and dt.datetime.fromisoformat(moment) < from_at

    return {key: data for key, data in replica.items() if not is_old(key[0], data)}


class Town:
    """Two teams with people and clients of their own, and one phone that follows along."""

    def __init__(self, world: World, push_service: PushService, role: str, chance: random.Random) -> None:
        self.chance, self.story = chance, list[str]()
        self.world, self.push_service = world, push_service
        self.team: TeamOfWorld = world.team(f"Team {next(_NAMES)}", escalation=(0, 1, 2, 3))
        self.other = world.team(f"Team {next(_NAMES)}")
        self.alice = world.staff("leader", self.team, self.other)
        self.bob = world.staff("fieldworker", self.team)
        self.follower = world.staff(role, self.team)
        self.people = [self.alice, self.bob, self.follower]
        self.phone = self.bob.subscribe(push_service)
        self.clients = [self.alice.register(f"Kari {next(_NAMES)}", self.team) for _ in range(2)]
        self.entries: list[dict[str, Any]] = []
        self.cases: list[tuple[str, str, str]] = []
        self.absences: list[tuple[str, str]] = []
        self.visits: list[str] = []
        self.shown: set[str] = set()

    def both_phones(self) -> tuple[Replica, Replica]:
        """What the phone that followed along holds, and what a new one would get."""
        self.wait(0)
        followed = kept(self.follower.pull(), self.now)
        self.follower.replica, self.follower.cursor = {}, None
        anew = kept(self.follower.pull(), self.now)
        return followed, anew

    @property
    def now(self) -> dt.datetime:
        return self.world.clock.now()

    def ahead(self, **how_far: float) -> str:
        return (self.now + dt.timedelta(**how_far)).isoformat()

    def wait(self, minutes: float) -> None:
        self.world.clock.shift(minutes=minutes)
        for person in self.people:
            if person.get("/api/session").status_code == 401:
                person.sign_in()

    def log(self, type: str, body: dict[str, Any], by: Person | None = None, **envelope: Any) -> dict[str, Any]:
        """Offer one entry; whether it is taken is for the door to say."""
        author = by or self.alice
        entry = author.entry(type, body, **envelope)
        author.sync(entry)
        self.entries.append(entry)
        self.story.append(type)
        return entry

    def pick(self, choices: Sequence[Any]) -> Any:
        return self.chance.choice(choices)

    def one_client(self) -> str:
        chosen: str = self.pick(self.clients)
        return chosen


Step = Callable[[Town], None]


def follow(town: Town) -> None:
    town.follower.pull()


def some_time(town: Town) -> None:
    town.wait(town.pick([1, 30, 61, 600, 1500, 4000, 45_000]))


def work(town: Town) -> None:
    town.world.tick()


def register(town: Town) -> None:
    watch = town.pick([{"mode": "off"}, {"mode": "interval", "interval_minutes": 60}])
    town.clients.append(town.alice.register(f"Even {next(_NAMES)}", town.team, watch=watch))


def meet(town: Town) -> None:
    outcome = town.pick(["seen", "heard", "no_answer"])
    hours = town.pick([0, 3, 30, 900])
    at = town.now - dt.timedelta(hours=hours)
    town.log("visit_logged", {"outcome": outcome, "place": "home"}, town.bob, client=town.one_client(), at=at)


def report(town: Town) -> None:
    what = town.pick(["seen", "missed", "worried"])
    by = town.pick(town.people)
    town.log("sighting_reported", {"source": "police", "what": what}, by, client=town.one_client())


def agree(town: Town) -> None:
    body: dict[str, Any] = {
        "mode": "interval",
        "interval_minutes": 120,
        "counts": ["seen", "heard"],
        "reason": "avtalt",
    }
    body |= town.pick([{}, {"tighten_days": 3}, {"mode": "off"}, {"mode": "each_shift"}])
    town.log("watch_set", body, client=town.one_client())


def leave(town: Town) -> None:
    absence, client = str(uuid7()), town.one_client()
    town.absences.append((absence, client))
    kind = town.pick(["admitted", "travel", "unknown"])
    end = town.pick([{}, {"expected_end_at": town.ahead(hours=2)}, {"expected_end_at": town.ahead(days=2)}])
    town.log("absence_started", {"absence_id": absence, "kind": kind} | end, client=client)


def come_home(town: Town) -> None:
    if town.absences:
        absence, client = town.pick(town.absences)
        town.log("absence_ended", {"absence_id": absence}, client=client)


def open_case(town: Town) -> None:
    type, body = town.pick([
        ("rent_problem_reported", {"amount_nok": "100.00"}),
        ("neighbour_complaint_received", {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}),
        ("crisis_opened", {"kind": "overdose"}),
    ])  # fmt: skip
    case, client = str(uuid7()), town.one_client()
    by = town.pick(town.people)
    town.log(type, body, by, client=client, case=case)
    town.cases.append((type, case, client))


def go_on_with_case(town: Town) -> None:
    if town.cases:
        type, case, client = town.pick(town.cases)
        next_type, body = {
            "rent_problem_reported": ("rent_problem_updated", {"status": "resolved", "cause": "moved"}),
            "neighbour_complaint_received": ("neighbour_complaint_updated", {"status": "resolved"}),
            "crisis_opened": ("crisis_closed", {"outcome": "calmed_home"}),
        }[type]
        town.log(next_type, body, client=client, case=case)


def worry(town: Town) -> None:
    town.log("concern_raised", {"reason": "stille"}, town.bob, client=town.one_client())


def answer(town: Town) -> None:
    alerts = town.alice.alerts()
    if alerts:
        alert = town.pick(sorted(one["id"] for one in alerts))
        type, body = town.pick([
            ("alert_acknowledged", {}),
            ("alert_snoozed", {"until": town.ahead(hours=2), "reason": "sover"}),
            ("alert_resolved", {"reason": "funnet", "outcome": "other"}),
            ("alert_handed_over", {"to_staff_id": town.bob.id}),
        ])  # fmt: skip
        town.log(type, {"alert_id": alert} | body)


def correct(town: Town) -> None:
    if town.entries:
        entry = town.pick(town.entries)
        what = town.pick(["retracted", "text", "wrong_client"])
        body = {"body": entry["body"] | {"note": "rettet"}} if what == "text" else {}
        by = town.pick(town.people)
        client = {"client": entry["client_id"]} if entry["client_id"] else {}
        town.log("entry_corrected", {"entry_id": entry["id"], "what": what, "reason": "feil"} | body, by, **client)


def share(town: Town) -> None:
    today = town.now.date()
    before = {"from_on": f"{today - dt.timedelta(days=9)}", "to_on": f"{today - dt.timedelta(days=1)}"}
    spans = [{"from_on": f"{today}"}, before, {"from_on": f"{today}", "to_on": f"{today}"}]
    team = town.pick([town.team, town.other])
    town.log("client_team_set", {"team_id": team.id} | town.pick(spans), client=town.one_client())


def duty(town: Town) -> None:
    person = town.pick([town.bob, town.alice])
    hours = town.pick([-9, -1, 4])
    span = {"from_at": town.ahead(hours=hours), "to_at": town.ahead(hours=hours + 8)}
    town.log("duty_set", {"team_id": town.team.id, "staff_id": person.id, "duty": "duty"} | span)


def hours(town: Town) -> None:
    days = {day: [["08:00", "15:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    when_closed = town.pick([{"when_closed": "wait"}, {"when_closed": "hand_over", "to_team_id": town.other.id}])
    town.log("team_hours_set", {"team_id": town.team.id, "hours": days} | when_closed)


def hand_over(town: Town) -> None:
    body = {"to_team_id": town.other.id, "until_at": town.ahead(hours=3)}
    town.log("watch_handed_over", body, client=town.one_client())


def end_follow_up(town: Town) -> None:
    type, body = town.pick([("follow_up_ended", {"reason": "agreed"}), ("follow_up_resumed", {})])
    town.log(type, body, client=town.one_client())


def go_out(town: Town) -> None:
    visit = str(uuid7())
    town.visits.append(visit)
    body = {"visit_id": visit, "expected_end_at": town.ahead(hours=1)}
    town.log("visit_started", body, town.bob, client=town.pick([None, *town.clients]))


def come_back(town: Town) -> None:
    if town.visits:
        town.log("visit_ended", {"visit_id": town.pick(town.visits)}, town.bob)


def ask_for_help(town: Town) -> None:
    town.log("help_requested", {}, town.bob)


def say_what_waits(town: Town) -> None:
    town.bob.sync(unsent_after=town.pick([0, 1, 3]))


def skip_a_number(town: Town) -> None:
    town.bob.entry("visit_logged")


def show(town: Town) -> None:
    for message in town.push_service.messages(town.phone):
        town.bob.post("/api/push/receipts", {"notification_id": message.json["notification_id"]})


STEPS: list[Step] = [
    *(follow, follow, follow, some_time, some_time, some_time, work, work, work),
    *(register, meet, meet, report, agree, leave, leave, come_home, open_case, go_on_with_case, worry, answer, answer),
    *(correct, correct, share, duty, hours, hand_over, end_follow_up, go_out, come_back, ask_for_help),
    *(say_what_waits, skip_a_number, show),
]


@pytest.mark.engines("sqlite")
def test_a_pause_that_has_run_out_is_over_on_every_phone(world: World) -> None:
    alice = world.staff("leader", world.team())
    kari = alice.register("Kari")
    end = (world.clock.now() + dt.timedelta(hours=5)).isoformat()
    alice.log("absence_started", {"absence_id": str(uuid7()), "kind": "admitted", "expected_end_at": end}, client=kari)
    assert alice.pull()["client", kari]["watch"]["paused_by"]
    world.clock.shift(hours=6)
    assert alice.pull()["client", kari]["watch"]["paused_by"] is None

"""One team's alerts in figures: what is counted where."""

import datetime as dt
import uuid

import pytest

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, AlertTransition, Entry, EntryState, Outage
from fieldapp.queries.alerts.figures import AlertFigures, alert_figures
from sync.ids import uuid7
from tests._scene import DAY, NOON, Scene, minutes, seconds
from tests._world import World

TODAY = NOON.date()
ANYBODY = Viewer(uuid.UUID(int=1), "leader", frozenset())
"""For whom every client exists that the team follows."""


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def figures(scene: Scene, team: uuid.UUID) -> AlertFigures:
    with scene.database.reading() as session:
        return alert_figures(session, ANYBODY, team, TODAY)


class Past:
    """Alerts of a team's past, told in words: `by_hand` is the outcome of the entry that ended one."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.team = scene.team()
        self.mona = scene.person(self.team, on="duty")
        self.client = scene.client(self.team, primary=self.mona, due_at=NOON + DAY)

    def alert(
        self, at: dt.datetime = NOON, *, ended: str | None = None, by_hand: str | None = None,
        kind: str = "not_seen", waited: float = 0, taken: float | None = None, seen: float | None = None,
        step: int = 0, round: int = 1, undone: bool = False,
    ) -> None:  # fmt: skip
        alert_id, ends_at = uuid7(), at + minutes(300)
        with self.scene.database.transaction() as session:
            session.add(
                Alert(
                    id=alert_id,
                    kind=kind,
                    subject_id=uuid7(),
                    client_id=self.client,
                    team_id=self.team,
                    episode=uuid7(),
                    state="resolved" if ended else "open",
                    step=step,
                    round=round,
                    ladder_from=at,
                    step_began_at=at,
                    opened_at=at,
                    due_at=at,
                    topic=alert_id.hex,
                    resolved_at=ends_at if ended else None,
                    resolution=ended,
                )
            )
            session.flush()
            self._note(session, alert_id, at, "opened_waiting" if waited else "opened")
            if waited:
                self._note(session, alert_id, at + minutes(waited), "team_opened")
            if step or round > 1:
                self._note(session, alert_id, at + minutes(45), "step_began", step=step, round=round)
            if taken is not None:
                took = self._entry(session, at, "alert_acknowledged", {}, undone=undone)
                self._note(session, alert_id, at + minutes(taken), "acknowledged", entry_id=took, step=step)
            if ended:
                type_ = "alert_resolved" if by_hand else "visit_logged"
                met = at + minutes(seen) if seen is not None else None
                end = self._entry(session, at, type_, {"outcome": by_hand or "seen"}, met=met)
                self._note(session, alert_id, ends_at, "resolved", entry_id=end, step=step)

    def _note(self, session, alert_id, at, event, *, step=0, round=1, entry_id=None) -> None:
        to_state = {"resolved": "resolved", "acknowledged": "acknowledged"}.get(event, "open")
        about = {"alert_id": alert_id, "event": event, "to_state": to_state, "entry_id": entry_id}
        session.add(AlertTransition(at=at, step=step, round=round, **about))
        session.flush()

    def _entry(self, session, at, type_, body, *, met=None, undone=False) -> uuid.UUID:
        entry_id = uuid7()
        times = dict.fromkeys(("corrected_at", "clock_at", "received_at"), at)
        session.add(
            Entry(
                id=entry_id,
                type=type_,
                version=1,
                author_id=self.mona,
                client_id=self.client,
                occurred_at="",
                time_chosen=False,
                flags=[],
                body=body,
                extra={},
                content_key=entry_id.bytes,
                **times,
            )
        )
        session.flush()
        degree = "seen" if met else "none"
        struck = {"struck_by": entry_id, "struck_as": "retracted"} if undone else {}
        about = {"client_id": self.client, "body": body, "degree": degree, "contact_at": met or at}
        session.add(EntryState(entry_id=entry_id, **about, **struck))
        session.flush()
        return entry_id


def test_an_alert_counts_in_the_norwegian_week_it_opened_in(scene: Scene) -> None:
    past = Past(scene)
    monday_in_oslo = dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)
    past.alert(monday_in_oslo)
    past.alert(monday_in_oslo - seconds(1))
    past.alert(monday_in_oslo - 11 * 7 * DAY + minutes(70))  # summer time: an hour earlier
    past.alert(monday_in_oslo - 12 * 7 * DAY)
    found = figures(scene, past.team)
    assert [week.alerts for week in found.weeks] == [1, 1, *[0] * 9, 1]
    assert found.total.alerts == 3
    assert found.weeks[0].monday == dt.date(2026, 11, 23)


def test_how_they_ended(scene: Scene) -> None:
    past = Past(scene)
    past.alert(ended="seen_in_time", seen=-30)
    past.alert(ended="seen_late", by_hand="was_seen", seen=10)
    past.alert(ended="seen_late", seen=40)
    past.alert(ended="checked_by_hand", by_hand="mistake")
    past.alert(ended="corrected")
    past.alert(kind="concern", ended="retracted")
    past.alert(kind="concern", ended="was_seen", by_hand="was_seen")
    past.alert(kind="absence_overdue", ended="absence")
    found = figures(scene, past.team).total
    assert (found.alerts, found.ended, found.not_logged, found.taken_back) == (7, 5, 2, 3)
    assert found.to_seen.count == 1


def test_times_count_from_when_the_team_opened_and_an_acknowledgement_undone_is_none(scene: Scene) -> None:
    past = Past(scene)
    for taken in (2, 4, 6, 8):
        past.alert(taken=taken)
    past.alert(waited=60, taken=70)
    past.alert(taken=1, undone=True)
    found = figures(scene, past.team).total
    assert (found.while_closed, found.to_taken.count) == (1, 5)
    assert (found.to_taken.median, found.to_taken.most) == (minutes(6), minutes(10))


def test_clients_followed_and_outages_belong_to_their_weeks(scene: Scene) -> None:
    past = Past(scene)
    scene.clients(past.team, 4, due_at=NOON + DAY, primary=past.mona)
    for _ in range(5):
        past.alert()
    with scene.database.transaction() as session:
        session.add(Outage(heartbeat_at=NOON, claimed_at=NOON + minutes(1), told=1))
    this, before = figures(scene, past.team).weeks[:2]
    assert (this.clients, this.per_client, this.outages) == (5, 1.0, 1)
    assert (before.per_client, before.outages) == (0.0, 0)


def test_each_step_says_how_many_came_were_reached_and_taken_there(scene: Scene) -> None:
    past = Past(scene)
    past.alert(taken=5)
    past.alert(step=3, taken=50)
    past.alert(round=2)
    found = figures(scene, past.team)
    assert [(one.began, one.taken) for one in found.steps] == [(3, 1), (0, 0), (0, 0), (1, 1)]
    assert found.total.climbed == 2


def test_a_step_was_reached_when_a_phone_showed_it_however_many_did(scene: Scene) -> None:
    team = scene.team()
    mona = scene.person(team, on="duty")
    scene.phone(mona)
    scene.clients(team, 2, due_at=NOON)
    scene.tick(NOON + seconds(1))
    scene.receipt(mona, NOON + seconds(4))
    scene.climb(NOON + minutes(16))
    assert [(one.began, one.reached) for one in figures(scene, team).steps[:2]] == [(2, 2), (2, 0)]


def test_another_teams_alerts_are_not_counted(scene: Scene) -> None:
    past = Past(scene)
    past.alert()
    assert figures(scene, scene.team()).total.alerts == 0


def test_a_team_whose_duty_phone_rings_while_it_is_closed_is_counted_as_closed(world: World) -> None:
    """Nothing waits there, so no transition tells of it; the hours of that day do."""
    team = world.team("Nord")
    alice = world.staff("leader", team, name="Alice")
    hours = {"mon": [["08:00", "15:30"]], "tue": [["08:00", "15:30"]]}
    even = alice.register("Even", watch={"mode": "interval", "interval_minutes": 60})
    alice.log("team_hours_set", {"team_id": team.id, "hours": hours, "when_closed": "on_call"})
    world.clock.shift(minutes=61)
    world.tick()
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    world.clock.shift(hours=8)
    world.tick()
    alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    alice.log("team_hours_set", {"team_id": team.id, "hours": {}, "when_closed": "on_call"})
    world.clock.shift(minutes=61)
    world.tick()
    with world.database.reading() as session:
        found = alert_figures(session, ANYBODY, uuid.UUID(team.id), dt.date(2026, 11, 23)).total
    assert (found.alerts, found.while_closed) == (3, 1), (
        "one by day, one in the evening, one of a team that never opens"
    )

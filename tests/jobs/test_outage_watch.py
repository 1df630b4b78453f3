"""Who watches the watcher: a minute without a tick is told, once, by whichever web process sees it first."""

from fieldapp.jobs.outage_watch import OutageWatch
from fieldapp.jobs.sender import Sender
from fieldapp.models import Heartbeat, Outage
from fieldapp.services.alerts import outage
from tests._push_service import PushService
from tests._scene import NOON, Scene, minutes, seconds
from tests.jobs._tick import Tick, channel


def test_60_seconds_without_a_tick_are_told_once_whatever_the_number_of_web_processes(
    scene: Scene, push: PushService, tick: Tick
) -> None:
    team = scene.team()
    told = [scene.person(team, on="duty"), scene.person(team, "leader")]
    scene.person(team)
    scene.person(team, "admin")
    now = [NOON]
    tick(NOON)
    webs = []
    for _ in range(3):
        sender = Sender(scene.database, channel(scene), "web", clock_now=lambda: now[-1], about_outage=True)
        webs.append((OutageWatch(scene.database, sender, lambda: now[-1]), sender))
    for at in (30, 60, 61, 66, 71, 400):
        now.append(NOON + seconds(at))
        assert {watch.look() for watch, _ in webs} == {at > 60}
        for _, sender in webs:
            assert sender.wait(10)
    assert sorted(one.path for one in push.messages()) == sorted(scene.phones[who][0].path for who in told)
    assert {one.json["notification"]["title"] for one in push.messages()} == {"Varslingen i Sett er nede"}
    assert scene.count(Outage) == 1
    tick(NOON + seconds(500))
    now.append(NOON + seconds(501))
    assert not any(watch.look() for watch, _ in webs)
    now.append(NOON + seconds(600))
    assert all(watch.look() for watch, _ in webs), "a new silence is a new outage"
    for _, sender in webs:
        assert sender.wait(10)
        sender.stop()
    assert len(push.messages()) == 2 * len(told)


def test_at_start_up_the_worker_gets_its_minute_before_anyone_is_told(scene: Scene, push: PushService) -> None:
    scene.person(scene.team(), on="duty")
    now = [NOON]
    with scene.database.transaction() as session:
        session.add(Heartbeat(id=1, ticked_at=NOON - minutes(600), worker="i går"))
    sender = Sender(scene.database, channel(scene), "web", clock_now=lambda: now[-1], about_outage=True)
    watch = OutageWatch(scene.database, sender, lambda: now[-1])
    now.append(NOON + seconds(59))
    assert not watch.look()
    now.append(NOON + seconds(61))
    assert watch.look()
    sender.stop()
    assert len(push.messages()) == 1


def test_a_heartbeat_ahead_of_a_clock_that_was_set_back_is_believed_while_it_changes_only(
    scene: Scene, push: PushService
) -> None:
    scene.person(scene.team(), on="duty")
    now = [NOON]
    sender = Sender(scene.database, channel(scene), "web", clock_now=lambda: now[-1], about_outage=True)
    watch = OutageWatch(scene.database, sender, lambda: now[-1])

    def looks_down(at: float, beat: float | None = None) -> bool:
        if beat is not None:
            with scene.database.transaction() as session:
                session.merge(Heartbeat(id=1, ticked_at=NOON + minutes(1440) + seconds(beat), worker="x"))
        now.append(NOON + seconds(at))
        return watch.look()

    assert not any(looks_down(at, beat=at) for at in (0, 50, 100)), "another machine's clock, and a worker that ticks"
    assert not looks_down(160)
    assert looks_down(161), "it has stood still for a minute"
    assert sender.wait(10)
    sender.stop()
    assert len(push.messages()) == 1


def test_a_worker_never_sends_the_news_of_an_outage(scene: Scene, push: PushService, tick: Tick) -> None:
    scene.person(scene.team(), on="duty")
    with scene.database.transaction() as session:
        assert outage.claim_and_tell(session, NOON, NOON + seconds(61)) == 1
    tick(NOON + seconds(62))
    assert push.messages() == []


def test_news_left_by_a_web_process_that_ended_is_sent_while_the_silence_lasts_and_never_after(
    scene: Scene, push: PushService, tick: Tick
) -> None:
    scene.person(scene.team(), on="duty")
    now = [NOON]
    tick(NOON)

    def restarted(at: float) -> OutageWatch:
        now.append(NOON + seconds(at))
        return OutageWatch(scene.database, sender, lambda: now[-1])

    def looks_down(watch: OutageWatch, at: float) -> bool:
        now.append(NOON + seconds(at))
        down = watch.look()
        assert sender.wait(10)
        return down

    def leave_news(silent_since: float) -> None:
        with scene.database.transaction() as session:
            assert outage.claim_and_tell(session, NOON + seconds(silent_since), now[-1]) == 1

    sender = Sender(scene.database, channel(scene), "web", clock_now=lambda: now[-1], about_outage=True)
    now.append(NOON + seconds(61))
    leave_news(0)
    web = restarted(62)
    assert not looks_down(web, 63), "it gives the worker its minute"
    assert looks_down(web, 123)
    assert len(push.messages()) == 1
    tick(NOON + seconds(200))
    now.append(NOON + seconds(261))
    leave_news(200)
    tick(NOON + seconds(262))
    web = restarted(263)
    assert not looks_down(web, 264)
    assert looks_down(web, 330)
    sender.stop()
    assert len(push.messages()) == 2, "the news of a silence that is over is not told at the next"


def test_a_worker_that_ticked_once_while_the_machine_slept_and_died_is_a_new_silence(
    scene: Scene, push: PushService, tick: Tick
) -> None:
    """Nobody looked while it lived: the web process wakes up to a silence it has not told of."""
    scene.person(scene.team(), on="duty")
    now = [NOON]
    tick(NOON)
    sender = Sender(scene.database, channel(scene), "web", clock_now=lambda: now[-1], about_outage=True)
    web = OutageWatch(scene.database, sender, lambda: now[-1])
    for at, ticked_at in ((61, None), (600, 500)):
        if ticked_at is not None:
            tick(NOON + seconds(ticked_at))
        now.append(NOON + seconds(at))
        assert web.look()
        assert sender.wait(10)
    sender.stop()
    assert scene.count(Outage) == 2
    assert len(push.messages()) == 2

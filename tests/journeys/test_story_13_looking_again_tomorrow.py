"""13. Prøver i morgen: not found, and nobody forgets it."""

import datetime as dt

from fieldapp.texts import duration
from tests.journeys._story import ALERT, OVER, SEEN, Story, at_minute, minute, moment, watch


def test_looking_again_tomorrow(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    alice = story.staff("leader", house, name="Alice")
    mona, siv = (story.staff("fieldworker", house, name=name) for name in ("Mona", "Siv"))
    thirty_hours = {"mode": "interval", "interval_minutes": 30 * 60}
    jonny = story.client(mona, "Jonny", watch=thirty_hours)
    story.duty(alice, mona, "tue 07:30", "tue 15:30")
    story.duty(alice, siv, "wed 07:30", "wed 15:30")
    story.at("mon 08:00")
    mona.log("visit_logged", SEEN, client=jonny)

    # Mona takes the alert for Jonny,
    story.at("tue 14:05")
    mona.sign_in()
    assert story.told() == [("tue 14:00", "Mona", ALERT)]
    (alert,) = mona.alerts()
    story.at("tue 14:30")
    mona.log("alert_acknowledged", {"alert_id": alert["id"]})
    told_so_far = len(story.told())
    # rings the bell three times,
    for when in ("tue 14:35", "tue 14:50", "tue 15:10"):
        story.at(when)
        mona.log("visit_logged", {"outcome": "no_answer", "place": "home"}, client=jonny)
    assert [one["owner"] for one in mona.alerts()] == [mona.id]
    # and at 15:20 ends it with «ikke funnet, ny sjekk i morgen 09:00».
    story.at("tue 15:20")
    ended = {
        "alert_id": alert["id"], "outcome": "not_found_plan_made", "reason": "Ikke funnet. Ny sjekk i morgen 09.00",
        "next_check_at": moment("wed 09:00").isoformat(),
    }  # fmt: skip
    mona.log("alert_resolved", ended)
    assert mona.alerts() == []
    assert at_minute(watch(mona, jonny)["due_at"]) == "wed 09:00"
    # Her duty ends at 15:30.
    story.at("wed 08:59")
    assert {title for _, _, title in story.told()[told_so_far:]} <= {OVER}, "nobody is rung in the night"

    # At 09:00 nobody has seen him: a new alert,
    story.at("wed 09:01")
    siv.sign_in(), alice.sign_in()
    assert story.told("wed 00:00") == [("wed 09:00", "Siv", ALERT)]
    (new,) = siv.alerts()
    assert new["id"] != alert["id"]
    assert at_minute(new["opened_at"]) == "wed 09:00"
    # «ikke sett på 2 døgn og 1 t».
    shown = siv.pull()["alert", new["id"]]
    seen_at = dt.datetime.fromisoformat(shown["unseen_since_at"])
    assert minute(seen_at) == "mon 08:00"
    assert duration(story.world.clock.now() - seen_at) == "2 døgn og 1 t"


def test_the_next_check_is_never_more_than_a_day_ahead_and_never_left_out(story: Story) -> None:
    house = story.world.team("Granstua", "staffed_housing")
    mona = story.staff("fieldworker", house, name="Mona")
    later = {
        "reason": "Prøver igjen",
        "outcome": "not_found_plan_made",
        "next_check_at": moment("sun 09:00").isoformat(),
    }
    asked = story.client(mona, "Jonny")
    silent = story.client(mona, "Kjell", watch={"mode": "interval", "interval_minutes": 720})
    story.at("mon 19:30")
    mona.log("visit_logged", SEEN, client=silent)
    story.at("tue 08:00")
    mona.sign_in()
    alerts = {one["client_id"]: one["id"] for one in mona.alerts()}
    mona.log("alert_resolved", {"alert_id": alerts[asked]} | later)
    mona.log("alert_resolved", {"alert_id": alerts[silent], "reason": "Feil"})
    assert at_minute(watch(mona, asked)["due_at"]) == "wed 08:00"
    assert at_minute(watch(mona, silent)["due_at"]) == "tue 20:00"

"""9. Week offline: sixty entries over seven days on a phone whose clock is forty minutes slow."""

import datetime as dt

from tests.journeys._story import Story, at_minute, moment, watch

SLOW = dt.timedelta(minutes=40)


def test_week_offline(story: Story) -> None:
    team = story.world.team("Uteteamet", "outreach")
    alice, jonas = (
        story.staff(role, team, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Jonas"))
    )
    even = story.client(jonas, "Even", watch={"mode": "off"})
    numbers_used = 1

    # A phone logs 60 entries over seven days with a clock 40 minutes wrong, an app update
    start, every = moment("mon 08:00"), dt.timedelta(hours=2, minutes=48)
    happened = [start + n * every for n in range(60)]
    logged = []
    for number, at in enumerate(happened):
        by_the_phone = {"occurred_at": (at - SLOW).isoformat(), "clock_offset_ms": int(SLOW.total_seconds() * 1000)}
        version = {"made_by": "0.2"} if number >= 30 else {"time_chosen": None, "team_id": None}
        logged.append(jonas.entry("visit_logged", visit(number), client=even, **by_the_phone | version))

    # and an expired session in between.
    story.at("next mon 08:00")
    refused = send(story, jonas, logged[:20], left=40)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "sign_in")
    assert "results" not in refused.get_json(), "401 leaves everything on the phone"
    jonas.sign_in()

    # All 60 arrive: newest first, the connection breaking after the server has taken them, and sent once more.
    verdicts: dict[str, list[str]] = {}
    for batch in (logged[40:], logged[40:], logged[20:40], logged[:25], logged[:20]):
        for one in send(story, jonas, batch, left=0).get_json()["results"]:
            verdicts.setdefault(one["id"], []).append(one["verdict"])
    assert [verdicts[entry["id"]][0] for entry in logged] == ["accepted"] * 60
    assert {again for one in verdicts.values() for again in one[1:]} == {"duplicate"}

    # once, in corrected order.
    alice.sign_in()
    entries = [d for (kind, _), d in alice.pull().items() if kind == "entry" and d["type"] == "visit_logged"]
    assert len(entries) == 60
    entries.sort(key=lambda data: (data["corrected_at"], data["id"]))
    assert [data["id"] for data in entries] == [entry["id"] for entry in logged]
    assert [dt.datetime.fromisoformat(data["corrected_at"]) for data in entries] == happened
    assert all(data["flags"] == [] for data in entries)
    assert entries[45]["made_by"] == "0.2", "what this server does not know is kept"
    assert at_minute(watch(alice, even)["last_seen_at"]) == at_minute(entries[58]["corrected_at"])
    # The phone's numbers have no hole.
    assert sorted(data["device_seq"] for data in entries) == list(range(1 + numbers_used, 61 + numbers_used))


def visit(number: int) -> dict:
    """Met every second time."""
    return {"outcome": "no_answer" if number % 2 else "seen", "place": "street", "note": f"nummer {number}"}


def send(story: Story, jonas, entries: list[dict], left: int):
    """A request from the phone with the slow clock."""
    sent_at = (story.world.clock.now() - SLOW).isoformat()
    return jonas.post("/api/sync", jonas.sync_request(*entries, sent_at=sent_at, unsent_after=left))

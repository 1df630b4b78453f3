"""`/vakt/<token>.ics`: the duty calendar as a program fetches it, and the life of its links."""

import datetime as dt
import hashlib
import uuid
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from sqlalchemy import select

from fieldapp.domain.norway import OSLO
from fieldapp.models import AccessGrant, CalendarLink, Staff
from fieldapp.services.people import accounts, staffing, throttle
from tests._client import CheckedClient
from tests._world import Person, World


def link(person: Person, path: str = "/konto/kalender") -> str:
    """The path of a new link."""
    page = person.http.post(path)
    assert page.status_code == 200
    address = page.text.split('value="https://sett.example/vakt/')[1].split('"')[0]
    return f"/vakt/{address}"


def team_link(person: Person) -> str:
    return link(person, f"/kontor/vakt/kalender?team={person.teams[0].id}")


def fetch(world: World, path: str) -> Calendar:
    """As a calendar program does: without signing in."""
    answer = CheckedClient.of(world.app).get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.data)


def events(calendar: Calendar) -> list[tuple[str, str, str]]:
    """What each says, and its Norwegian wall times."""
    return [
        (str(one["summary"]), *(f"{one[at].dt.astimezone(OSLO):%d.%m %H.%M}" for at in ("dtstart", "dtend")))
        for one in calendar.walk("VEVENT")
    ]


def duty(leader: Person, person: Person, begins: str, ends: str, kind: str = "duty") -> str:
    at = {
        name: dt.datetime.fromisoformat(text).replace(tzinfo=OSLO).isoformat()
        for name, text in (("from_at", begins), ("to_at", ends))
    }
    body = {"team_id": leader.teams[0].id, "staff_id": person.id, "duty": kind}
    entry_id: str = leader.log("duty_set", body | at)["id"]
    return entry_id


def work_in(world: World, person: Person, *team_ids: str) -> None:
    """Give the person these teams and no others."""
    with world.database.transaction() as session:
        teams = [uuid.UUID(one) for one in team_ids]
        same = {"name": person.name, "role": "fieldworker", "title": ""}
        staffing.edit_person(session, uuid.UUID(person.id), **same, team_ids=teams, now=world.clock.now())


def test_a_persons_own_calendar_has_their_duties_in_every_team(world: World, alice: Person, bob: Person) -> None:
    act = world.team("ACT Sør")
    dina = world.staff("leader", act, name="Dina")
    work_in(world, bob, alice.teams[0].id, act.id)
    duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30")
    duty(dina, bob, "2026-11-25T15:30", "2026-11-26T08:00", "backup")
    duty(alice, alice, "2026-11-27T08:00", "2026-11-27T15:30")
    calendar = fetch(world, link(bob))
    assert events(calendar) == [
        ("Vakt: FACT Nord", "24.11 08.00", "24.11 15.30"),
        ("Bakvakt: ACT Sør", "25.11 15.30", "26.11 08.00"),
    ]
    assert str(calendar["x-wr-calname"]) == "Mine vakter i Sett"


def test_a_teams_calendar_names_who_is_on_duty(world: World, alice: Person, bob: Person) -> None:
    first = duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30")
    duty(alice, alice, "2026-11-24T15:30", "2026-11-25T08:00")
    calendar = fetch(world, team_link(bob))
    assert [what for what, *_ in events(calendar)] == ["Vakt: Bob", "Vakt: Alice"]
    assert str(calendar["x-wr-calname"]) == "Vakt: FACT Nord"
    assert str(calendar.walk("VEVENT")[0]["uid"]) == f"{first}@sett.example"
    with world.database.transaction() as session:
        accounts.end_staff(session, alice.username, world.clock.now())
    assert [what for what, *_ in events(fetch(world, team_link(bob)))] == ["Vakt: Bob"]


def test_a_duty_that_changed_hands_or_was_taken_off_follows(world: World, alice: Person, bob: Person) -> None:
    bobs, alices = link(bob), link(alice)
    first = duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30")
    assert len(events(fetch(world, bobs))) == 1
    offer = bob.log("duty_handed_over", {"duty_id": first, "to_staff_id": alice.id})
    alice.log("duty_taken_over", {"handed_over_id": offer["id"]})
    assert (events(fetch(world, bobs)), len(events(fetch(world, alices)))) == ([], 1)
    alice.http.post(f"/kontor/vakt/{first}/fjern")
    assert events(fetch(world, alices)) == []


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2027-03-27T22:30", "2027-03-28T07:30", 8),  # the clock goes forward at 02
        ("2026-10-24T22:30", "2026-10-25T07:30", 10),  # and back at 03
        ("2026-11-24T22:30", "2026-11-25T07:30", 9),
        ("2027-07-01T22:30", "2027-07-02T07:30", 9),
    ],
)
def test_times_are_those_of_the_wall_on_both_sides_of_a_change_of_clocks(
    world: World, alice: Person, bob: Person, begins: str, ends: str, hours: int
) -> None:
    duty(alice, bob, begins, ends)
    calendar = fetch(world, link(bob))
    wall = [f"{dt.datetime.fromisoformat(text):%d.%m %H.%M}" for text in (begins, ends)]
    assert events(calendar) == [("Vakt: FACT Nord", *wall)]
    (event,) = calendar.walk("VEVENT")
    assert event["dtend"].dt - event["dtstart"].dt == dt.timedelta(hours=hours)


def test_nothing_of_a_client_is_in_it_and_nothing_else_of_staff(world: World, alice: Person, bob: Person) -> None:
    kari = alice.register("Kari Nordmann")
    alice.log("visit_logged", {"outcome": "seen", "place": "home", "note": "Kari hadde det bra"}, client=kari)
    duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30")
    for path in (link(bob), team_link(alice)):
        said = CheckedClient.of(world.app).get(path).text
        assert "Kari" not in said
        assert kari not in said
        assert bob.username not in said


def test_the_token_is_long_random_and_kept_nowhere(world: World, bob: Person) -> None:
    token = link(bob).removeprefix("/vakt/").removesuffix(".ics")
    assert len(token) == 43  # 256 bits
    assert token not in bob.get("/konto").text
    with world.database.reading() as session:
        (row,) = session.scalars(select(CalendarLink))
        assert row.token_hash == hashlib.sha256(token.encode()).digest()


def test_a_link_is_stopped_by_its_owner_and_a_new_one_stops_the_old(world: World, alice: Person, bob: Person) -> None:
    anybody, first = CheckedClient.of(world.app), link(bob)
    second = link(bob)
    assert (anybody.get(first).status_code, anybody.get(second).status_code) == (404, 200)
    stop = stop_path(bob.get("/konto").text)
    assert alice.http.post(stop).status_code == 404
    page = bob.http.post(stop, follow_redirects=True).text
    assert "Kalenderlenka er stoppet." in page
    assert anybody.get(second).status_code == 404
    assert anybody.get("/vakt/aldri-laget.ics").status_code == 404
    assert anybody.get(second).text == anybody.get("/vakt/aldri-laget.ics").text, "the same answer"


def stop_path(page: str) -> str:
    return page.split("/stopp")[0].rsplit('"', 1)[1] + "/stopp"


def test_the_leader_stops_anybodys_link_to_the_teams_list(world: World, alice: Person, bob: Person) -> None:
    anybody, bobs, alices = CheckedClient.of(world.app), team_link(bob), team_link(alice)
    kaia = world.staff("fieldworker", *alice.teams, name="Kaia")
    page = alice.get("/kontor/vakt").text
    assert page.count("/stopp") == 2
    assert kaia.get("/kontor/vakt").text.count("/stopp") == 0
    stops = [part.rsplit('"', 1)[1] + "/stopp" for part in page.split("/stopp")[:2]]
    for stop in stops:
        assert kaia.http.post(stop).status_code == 404
        assert alice.http.post(stop, follow_redirects=True).status_code == 200
    assert [anybody.get(path).status_code for path in (bobs, alices)] == [404, 404]


def test_who_leaves_takes_the_link_along(world: World, alice: Person, bob: Person) -> None:
    anybody, own, teams = CheckedClient.of(world.app), link(bob), team_link(bob)
    work_in(world, bob, world.team("ACT").id)
    assert [anybody.get(path).status_code for path in (own, teams)] == [200, 404]
    with world.database.transaction() as session:
        accounts.end_staff(session, bob.username, world.clock.now())
    assert [anybody.get(path).status_code for path in (own, teams)] == [404, 404]


def test_nobody_makes_one_for_a_team_they_are_not_in(world: World, alice: Person) -> None:
    other = world.staff("leader", world.team(), name="Olga")
    assert other.http.post(f"/kontor/vakt/kalender?team={alice.teams[0].id}").status_code == 404
    lars = world.staff("landlord", *alice.teams, name="Lars")
    assert lars.http.post("/konto/kalender").status_code == 404
    assert "Vaktene dine i kalenderen" not in lars.get("/konto").text
    assert "Vaktene dine i kalenderen" in alice.get("/konto").text


def test_a_program_that_runs_wild_is_slowed_down(world: World, bob: Person) -> None:
    anybody, path, other = CheckedClient.of(world.app), link(bob), team_link(bob)
    for _ in range(throttle.MOST_FETCHES):
        assert anybody.get(path).status_code == 200
    slowed = anybody.get(path)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert anybody.get(other).status_code == 200, "the others from the same address are none the worse"
    world.clock.shift(minutes=16)
    assert anybody.get(path).status_code == 200


def test_it_speaks_the_language_of_its_owner(world: World, alice: Person, bob: Person) -> None:
    duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30", "backup")
    bob.http.post("/konto/sprak", data={"language": "en"})
    assert events(fetch(world, link(bob)))[0][0] == "On call: FACT Nord"


def test_the_page_says_when_it_was_last_fetched(world: World, bob: Person) -> None:
    path = link(bob)
    assert "ikke hentet ennå" in bob.get("/konto").text
    fetch(world, path)
    assert "sist hentet 23. nov." in bob.get("/konto").text


def test_the_list_stands_at_the_address_in_each_event(world: World, alice: Person, bob: Person) -> None:
    duty(alice, bob, "2026-11-24T08:00", "2026-11-24T15:30")
    (event,) = fetch(world, team_link(bob)).walk("VEVENT")
    address = urlsplit(str(event["url"]))
    assert (address.netloc, address.path) == ("sett.example", "/kontor/vakt")
    assert bob.get(f"{address.path}?{address.query}").status_code == 200


def test_a_vikars_link_to_the_list_ends_with_the_shift(world: World, alice: Person) -> None:
    """As everything that was let in until a time: no worker needs to come by."""
    vera, now = world.staff("fieldworker", *alice.teams, name="Vera"), world.clock.now()
    with world.database.transaction() as session:
        grant = AccessGrant(
            id=uuid.uuid4(),
            staff_id=uuid.UUID(vera.id),
            team_id=uuid.UUID(alice.teams[0].id),
            ground="vikar",
            from_at=now,
            until_at=now + dt.timedelta(hours=2),
            given_by=uuid.UUID(alice.id),
        )
        session.add(grant)
    path = team_link(vera)
    assert CheckedClient.of(world.app).get(path).status_code == 200
    world.clock.shift(hours=3)
    assert CheckedClient.of(world.app).get(path).status_code == 404


def test_a_link_ends_for_whoever_is_shown_the_list_no_longer(world: World, bob: Person) -> None:
    own, team = link(bob), team_link(bob)
    for role, statuses in (("peer", (200, 404)), ("landlord", (404, 404)), ("fieldworker", (200, 200))):
        with world.database.transaction() as session:
            session.get_one(Staff, uuid.UUID(bob.id)).role = role
        assert tuple(CheckedClient.of(world.app).get(path).status_code for path in (own, team)) == statuses, role

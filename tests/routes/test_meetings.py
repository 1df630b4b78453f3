"""`/kontor/tavle/mote` and `/kontor/tavle/vegg`: one client at a time, decisions, minutes that are kept, one entry."""

import re
import uuid
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fieldapp.jobs.tasks import JOBS
from fieldapp.models import Entry, MeetingDraft, MeetingNote
from fieldapp.queries import meetings
from fieldapp.services.operations import retention
from sync.ids import uuid7
from tests._read_log import told
from tests._world import Person, TeamOfWorld, World
from tests.routes._code6 import hide
from tests.routes.test_client_list import statements
from tests.routes.test_record_requests import bar, granted

PAGE = "/kontor/tavle/mote"
PLACED = {"column": "crisis", "review_on": "2026-12-07", "reasons": ["crisis"], "goal": "Sove om natta"}


@dataclass
class Room:
    """A team whose board has three people up; Alice runs the meeting."""

    world: World
    nord: TeamOfWorld
    alice: Person
    bob: Person
    up: dict[str, str]

    def see(self, path: str = "", who: Person | None = None) -> str:
        answer = (who or self.alice).get(f"{PAGE}{path}")
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def send(self, path: str, who: Person | None = None, **form: object) -> TestResponse:
        return (who or self.alice).http.post(f"{PAGE}{path}", data=form)

    def begin(self) -> str:
        assert self.send("").location == f"{PAGE}/1?team={self.nord.id}"
        found = re.search(r'data-meeting="([^"]+)"', self.see("/1"))
        assert found
        return found[1]

    def about(self, name: str) -> dict[str, object]:
        """What every form of that client's page carries."""
        return {"meeting_id": self.meeting, "client_id": self.up[name]}

    @property
    def meeting(self) -> str:
        with Session(self.world.database.engine) as session:
            return str(session.scalars(select(MeetingDraft.id)).one())

    def held(self) -> list[Entry]:
        with Session(self.world.database.engine) as session:
            return list(session.scalars(select(Entry).where(Entry.type == "meeting_held")))


@pytest.fixture
def room(world: World) -> Room:
    nord = world.team("Nord")
    alice, bob = world.staff("leader", nord, name="Alice"), world.staff("fieldworker", nord, name="Bob")
    up = {name: alice.register(name, nord) for name in ("Kari Nes", "Even Li", "Jonny Ås")}
    for name, column in (("Kari Nes", "tight"), ("Even Li", "crisis"), ("Jonny Ås", "other")):
        alice.log("board_placed", PLACED | {"column": column}, client=up[name])
        world.clock.shift(minutes=1)
    return Room(world, nord, alice, bob, up)


def shown(text: str) -> list[str]:
    return [name for name in ("Kari Nes", "Even Li", "Jonny Ås") if name in text]


def test_one_client_at_a_time_in_the_order_of_the_board(room: Room) -> None:
    room.begin()
    assert [shown(room.see(f"/{nr}")) for nr in (1, 2, 3)] == [["Even Li"], ["Kari Nes"], ["Jonny Ås"]]
    first = room.see("/1")
    assert "1 av 3" in first
    assert "Sove om natta" in first
    assert "<title>Tavlemøte – Sett</title>" in first
    assert room.alice.get(f"{PAGE}/4").location == f"{PAGE}/slutt?team={room.nord.id}"
    assert shown(room.see("/slutt")) == []


def test_nobody_changes_place_while_the_meeting_moves_them(room: Room) -> None:
    room.begin()
    of_even = f"/kontor/tavle/bruker/{room.up['Even Li']}"
    moved = room.alice.http.post(f"{of_even}/flytt?team={room.nord.id}&mote=1", data={"column": "away"})
    assert moved.location.startswith(f"{PAGE}/1?team={room.nord.id}&gjort=tavla&angre=")
    assert "Innlagt, fengsel" in room.see("/1")
    undo = re.search(r"angre=([0-9a-f-]+)", moved.location)
    assert undo
    room.alice.http.post("/kontor/angre", data={"entry_id": undo[1], "tilbake": f"{PAGE}/1"})
    assert "Krise eller forverring" in room.see("/1")
    down = room.alice.http.post(f"{of_even}/ned?team={room.nord.id}&mote=1", data={"reason": "målet er nådd"})
    assert "gjort=tavla-ned&angre=" in down.location
    assert "Er tatt ned fra tavla." in room.see("/1")
    assert shown(room.see("/2")) == ["Kari Nes"]
    new = room.alice.register("Ny Nilsen", room.nord)
    room.alice.log("board_placed", PLACED, client=new)
    assert "Ny Nilsen" in room.see("/4"), "who comes up meanwhile comes last"


def test_a_decision_is_a_task_of_its_owner(room: Room) -> None:
    meeting = room.begin()
    decided = {"what": "Ringe NAV", "owner_id": room.bob.id, "due_on": "2026-11-24", "form_id": str(uuid7())}
    for _ in range(2):
        answer = room.send("/1/vedtak", **room.about("Even Li"), **decided)
        assert answer.status_code == 303, "sent twice it is decided once"
    (task,) = [data for (kind, _), data in room.bob.pull().items() if kind == "task"]
    assert (task["what"], task["owner_id"], task["due_on"]) == ("Ringe NAV", room.bob.id, "2026-11-24")
    assert (task["meeting_id"], task["client_id"]) == (meeting, room.up["Even Li"])
    assert "Ringe NAV" in room.see("/1")
    assert "Én beslutning er tatt i møtet." in room.see("/slutt")
    nobody = room.send("/1/vedtak", **room.about("Even Li"), what="Rydde", owner_id="")
    assert nobody.status_code == 422
    assert "Må fylles ut." in nobody.text
    assert "Rydde" in nobody.text


def test_the_minutes_are_kept_as_they_are_written_and_end_in_one_entry(room: Room) -> None:
    meeting = room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Sover ikke.")
    room.send("/1/referat", **room.about("Even Li"), words="Sover bedre.")
    room.send("/2/referat", **room.about("Kari Nes"), words="Depot i morgen.")
    assert "Sover bedre." in room.see("/1")
    assert "Sover bedre." not in room.see("/2") + room.see("/slutt"), "no page shows what was said about another"
    room.send("/om", meeting_id=meeting, with_staff=[room.alice.id, room.bob.id], others="Lege Holm\n", minutes="Kort.")
    assert "Fortsett møtet" in room.see("")
    with Session(room.world.database.engine) as session:
        stored = str(session.connection().exec_driver_sql("SELECT words FROM meeting_note").all())
        stored += str(session.connection().exec_driver_sql("SELECT minutes, others FROM meeting_draft").all())
    assert "Sover" not in stored
    assert "Kort" not in stored
    sent = {
        "meeting_id": meeting,
        "with_staff": [room.alice.id, room.bob.id],
        "others": "Lege Holm",
        "minutes": "Kort.",
    }
    answers = [room.send("/slutt", **sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303], "sent twice it is entered once"
    (entry,) = room.held()
    assert (str(entry.subject_id), entry.client_id, str(entry.team_id)) == (meeting, None, room.nord.id)
    page = room.see(f"/{meeting}")
    assert re.search(r"Nord · 23\. nov\. 2026 kl\. 10\.0\d", page)
    for words in ("Alice, Bob, Lege Holm", "Kort.\n\nE. L.: Sover bedre.\n\nK. N.: Depot i morgen.", "Skriv ut"):
        assert words in page
    assert shown(page) == []
    assert "Start møtet" in room.see("")
    assert f"{PAGE}/{meeting}" in room.see("")
    assert room.see(f"/{meeting}", room.bob)
    with Session(room.world.database.engine) as session:
        assert session.scalars(select(MeetingNote)).all() == []


def test_too_long_minutes_are_told_of_and_nothing_is_lost(room: Room) -> None:
    meeting = room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Sover bedre.")
    answer = room.send("/slutt", meeting_id=meeting, minutes="å" * 10_000)
    assert answer.status_code == 422
    assert "Høyst 10000 tegn" in answer.text
    assert room.held() == []
    assert room.meeting == meeting


def test_what_not_everybody_in_the_team_sees_is_not_in_the_minutes(room: Room) -> None:
    meeting = room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Sover bedre.")
    room.alice.log("staff_blocked", {"staff_id": room.bob.id, "reason": "slekt"}, client=room.up["Even Li"])
    text = room.see("/1")
    assert "Om denne brukeren står det ikke noe der." in text
    assert 'name="words"' not in text
    room.send("/slutt", meeting_id=meeting)
    page = room.see(f"/{meeting}", room.bob)
    assert "Sover bedre" not in page
    assert "E. L." not in page
    assert "Det er ikke skrevet referat." in page


def test_words_that_are_left_out_are_told_of_before_the_end(room: Room) -> None:
    room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Sover bedre.")
    room.send("/2/referat", **room.about("Kari Nes"), words="Depot i morgen.")
    assert "kommer ikke med" not in room.see("/slutt")
    room.alice.log("staff_blocked", {"staff_id": room.bob.id, "reason": "slekt"}, client=room.up["Even Li"])
    end = room.see("/slutt")
    assert "Noe av det som ble skrevet, kommer ikke med i referatet." in end
    assert f'href="{PAGE}/1?team={room.nord.id}">1 av 3</a>' in end
    assert "Sover bedre." in room.see("/1"), "they can be moved before they are gone"
    room.alice.log("staff_blocked", {"staff_id": room.alice.id, "reason": "slekt"}, client=room.up["Even Li"])
    assert "kommer ikke med" not in room.see("/slutt"), "of whom one does not see nothing is told"


def test_nothing_of_code_6_is_in_minutes_that_phones_hold(room: Room) -> None:
    meeting = room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Flytter til Strandgata 9.")
    hide(room.world, room.alice, room.up["Even Li"], room.alice, room.bob)
    text = room.see("/1")
    assert 'name="words"' not in text
    assert "Om denne brukeren står det ikke noe der." in text
    room.send("/slutt", meeting_id=meeting)
    assert "Strandgata" not in str(room.bob.pull()) + room.see(f"/{meeting}")


def test_who_is_merged_meanwhile_keeps_words_and_decisions(room: Room) -> None:
    meeting = room.begin()
    of_even = room.about("Even Li")
    room.send("/1/referat", **of_even, words="Sover bedre.")
    room.send("/1/vedtak", **of_even, what="Ringe NAV", owner_id=room.alice.id)
    into = room.alice.register("Even Lie")
    room.alice.log("client_merged", {"into_client_id": into, "reason": "samme"}, client=room.up["Even Li"])
    text = room.see("/1")
    assert "Even Lie" in text
    assert "Sover bedre." in text
    assert "1 av 3" in text
    assert room.send("/1/referat", **of_even, words="Sover godt.").status_code == 303, "from a page that was open"
    with Session(room.world.database.engine) as session:
        assert [note.words for note in session.scalars(select(MeetingNote))] == ["Sover godt."]
    assert "Én beslutning er tatt i møtet." in room.see("/slutt")
    room.send("/slutt", meeting_id=meeting)
    page = room.see(f"/{meeting}")
    assert "E. L.: Sover godt." in page
    assert "Ringe NAV" in page


def test_a_barred_decision_is_not_counted(room: Room) -> None:
    room.begin()
    even, ingrid = room.up["Even Li"], room.world.staff("privacy", name="Ingrid")
    room.send("/1/vedtak", **room.about("Even Li"), what="Ringe NAV", owner_id=room.alice.id)
    with Session(room.world.database.engine) as session:
        (task_id,) = session.scalars(select(Entry.id).where(Entry.type == "task_set"))
    assert bar(ingrid, even, granted(ingrid, even, str(task_id)), f"person:{room.alice.id}") == 303
    assert "Ingen beslutninger er tatt i møtet." in room.see("/slutt")


def test_words_on_their_way_at_the_end_are_in_it_or_refused(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = room.begin()
    about, client = room.about("Even Li"), another_tab(room)
    answers: list[int] = []
    late = Thread(
        target=lambda: answers.append(client.post(f"{PAGE}/1/referat", data=about | {"words": "Sent."}).status_code)
    )
    written = meetings.minutes_of

    def minutes_while_one_writes(*args: Any) -> meetings.Minutes:
        found = written(*args)
        late.start()
        late.join(timeout=1)
        return found

    monkeypatch.setattr(meetings, "minutes_of", minutes_while_one_writes)
    assert room.send("/slutt", meeting_id=meeting).status_code == 303
    late.join()
    (entry,) = room.held()
    assert (answers == [303]) == ("Sent." in entry.body.get("minutes", "")), "nothing is said to be kept and is gone"


def another_tab(room: Room) -> FlaskClient:
    cookie = room.alice.http.get_cookie("__Host-sett", domain="sett.example")
    assert cookie is not None
    client = FlaskClient(room.world.app, room.world.app.response_class, use_cookies=True)
    client.set_cookie("__Host-sett", cookie.value, domain="sett.example", secure=True)
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "sett.example"
    return client


def test_decisions_of_a_meeting_are_told_to_who_sees_the_client(room: Room) -> None:
    meeting = room.begin()
    room.send("/1/vedtak", **room.about("Even Li"), what="Ringe NAV", owner_id=room.alice.id)
    room.send("/2/vedtak", **room.about("Kari Nes"), what="Ringe DPS", owner_id=room.alice.id)
    room.send("/slutt", meeting_id=meeting)
    room.alice.log("staff_blocked", {"staff_id": room.bob.id, "reason": "slekt"}, client=room.up["Even Li"])
    assert "Ringe NAV" in room.see(f"/{meeting}")
    of_bob = room.see(f"/{meeting}", room.bob)
    assert "Ringe DPS" in of_bob
    assert "Ringe NAV" not in of_bob


def test_a_meeting_that_goes_on_is_its_own_persons_alone(room: Room) -> None:
    meeting = room.begin()
    for path in ("/1", "/slutt"):
        assert room.bob.get(f"{PAGE}{path}").location.startswith(f"{PAGE}?team=")
    for path in ("/1/vedtak", "/1/referat", "/om", "/forkast", "/slutt"):
        sent = room.about("Even Li") | {"what": "x", "owner_id": room.bob.id, "words": "x"}
        assert room.send(path, room.bob, **sent).status_code == 404
    assert room.bob.get(f"{PAGE}/{meeting}").status_code == 404
    rolf, carla = room.world.staff("peer", room.nord), room.world.staff("leader", room.world.team("Sør"))
    for path in ("", "/1", "/slutt", f"/{meeting}"):
        assert rolf.get(f"{PAGE}{path}").status_code == 403
    assert carla.get(f"{PAGE}?team={room.nord.id}").text.count("Nord") == 0
    room.send("/slutt", meeting_id=meeting)
    assert carla.get(f"{PAGE}/{meeting}").status_code == 404
    assert rolf.get(f"{PAGE}/{meeting}").status_code == 403


def test_a_form_of_another_meeting_or_client_writes_nothing(room: Room) -> None:
    room.begin()
    of_another = room.about("Kari Nes")
    assert room.send("/1/referat", **of_another, words="Feil person").status_code == 404
    assert room.send("/1/referat", client_id=room.up["Even Li"], meeting_id=str(uuid7()), words="x").status_code == 404
    room.alice.log("staff_blocked", {"staff_id": room.alice.id, "reason": "slekt"}, client=room.up["Even Li"])
    assert room.send("/1/referat", **room.about("Even Li"), words="x").status_code == 404
    text = room.see("/1")
    assert "vises ikke lenger for deg" in text
    assert shown(text) == []


def test_each_client_shown_is_in_the_read_log_and_nobody_else(room: Room) -> None:
    room.begin()
    room.world.clock.shift(minutes=61)
    before = len(told(room.world, room.alice))
    room.see("/1")
    rows = told(room.world, room.alice)[before:]
    assert {client for _, _, client, _ in rows} == {room.up["Even Li"]}
    assert any("board" in what for _, _, _, what in rows)
    room.see("/2")
    assert {client for _, _, client, _ in told(room.world, room.alice)[before:]} == {
        room.up["Even Li"],
        room.up["Kari Nes"],
    }


def test_the_wall_shows_the_board_and_logs_whom_it_shows(room: Room) -> None:
    room.alice.register("Ikke Oppe", room.nord)
    before = len(told(room.world, room.bob))
    answer = room.bob.get(f"/kontor/tavle/vegg?team={room.nord.id}")
    assert answer.status_code == 200
    assert shown(answer.text) == ["Kari Nes", "Even Li", "Jonny Ås"]
    assert 'data-names="initials"' in answer.text
    assert "K. N." in answer.text
    assert "Ikke Oppe" not in answer.text
    assert {client for _, _, client, _ in told(room.world, room.bob)[before:]} == set(room.up.values())
    mark = re.search(r'"merke": "([^"]+)"', answer.text)
    assert mark
    asked = room.bob.http.get(f"/kontor/tavle/vegg?team={room.nord.id}&merke={mark[1]}", headers={"HX-Request": "true"})
    assert asked.status_code == 204, "while nothing has changed nothing is sent"


def test_as_many_statements_for_many_on_the_board_as_for_few(room: Room) -> None:
    counts: dict[str, list[int]] = {f"{PAGE}/1": [], f"{PAGE}/slutt": [], "/kontor/tavle/vegg": []}
    room.begin()
    for more in (1, 20):
        for i in range(more):
            client = room.alice.register(f"Person {more} {i}", room.nord)
            room.alice.log("board_placed", PLACED, client=client)
        for path, asked_for in counts.items():
            room.alice.get(path)
            with statements(room.world) as asked:
                assert room.alice.get(path).status_code == 200
            asked_for.append(len(asked))
    assert all(many <= few + 1 for few, many in counts.values()), counts
    assert max(max(one) for one in counts.values()) < 60, counts


def test_a_meeting_is_dropped_by_hand_or_after_thirty_days(room: Room) -> None:
    room.begin()
    room.send("/1/referat", **room.about("Even Li"), words="Sover bedre.")
    room.send("/1/vedtak", **room.about("Even Li"), what="Ringe NAV", owner_id=room.bob.id)
    assert "gjort=mote-forkastet" in room.send("/forkast", meeting_id=room.meeting).location
    assert "Start møtet" in room.see("")
    assert [data["what"] for (kind, _), data in room.bob.pull().items() if kind == "task"] == ["Ringe NAV"]
    room.begin()
    (job,) = [one for one in JOBS if one.name == "meetings"]
    for days, kept in ((29, 1), (2, 0)):
        room.world.clock.shift(days=days)
        with room.world.database.reading() as session:
            due = [one.count for one in retention.due(session, room.world.clock.now()) if "tavlemøter" in one.what]
        assert due == [1 - kept]
        with room.world.database.transaction() as session:
            job.run(session, room.world.clock.now())
        with Session(room.world.database.engine) as session:
            assert len(session.scalars(select(MeetingDraft)).all()) == kept


def test_a_board_with_nobody_up_says_what_to_do(world: World) -> None:
    alice = world.staff("leader", world.team("Nord"), name="Alice")
    assert "Sett noen på tavla først." in alice.get(PAGE).text
    assert alice.http.post(PAGE).location.startswith(PAGE)
    assert alice.get(f"{PAGE}/{uuid.uuid4()}").status_code == 404
    assert "Ingen er på tavla." in alice.get("/kontor/tavle/vegg").text

"""Many phones at once, about the same clients: every one is answered, and a reader's cursor skips nothing."""

import random
import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldapp.models import Entry, Watch
from tests._world import Person, World

WRITERS = 6
CLIENTS = 8
SEEN = {"outcome": "seen", "place": "home"}


def unchecked(app: Flask, person: Person) -> Person:
    """Somebody whose client does not mind other requests at the same time."""
    token = person.http.get_cookie("__Host-sett", domain="sett.example")
    assert token is not None
    person.http = FlaskClient(app, app.response_class, use_cookies=True)  # type: ignore[assignment]
    person.http.set_cookie("__Host-sett", token.value, domain="sett.example", secure=True)
    for method in ("get", "post"):
        ask = getattr(person.http, method)
        setattr(person.http, method, partial(ask, base_url="https://sett.example"))
    return person


@pytest.fixture
def people(world: World, app: Flask) -> list[Person]:
    """The writers and, last, a reader; all of one team."""
    team = world.team()
    return [unchecked(app, world.staff("leader", team)) for _ in range(WRITERS + 1)]


def test_the_cursor_of_a_polling_reader_skips_nothing_that_was_accepted(
    world: World, people: list[Person], rounds: Callable[[int, int], int]
) -> None:
    *writers, reader = people
    clients = [reader.register(f"Bruker {n}") for n in range(CLIENTS)]
    batches = rounds(10, 150)
    working = threading.Barrier(WRITERS + 1)
    accepted: list[str] = []
    failures: list[Any] = []

    def write(writer: Person, number: int) -> None:
        """Each with the clients in an order of its own: what one holds another wants."""
        dice = random.Random(number)
        working.wait()
        for batch in range(batches):
            order = clients if (number + batch) % 2 else clients[::-1]
            entries = [something(writer, client, dice) for client in order[: dice.randint(1, CLIENTS)]]
            answer = offer(writer, entries)
            if answer.status_code != 200:
                failures.append((answer.status_code, answer.get_data(as_text=True)))
                continue
            for entry, one in zip(entries, answer.get_json()["results"], strict=True):
                (accepted if one["verdict"] == "accepted" else failures).append(one.get("id") or entry)

    threads = [threading.Thread(target=write, args=(writer, n)) for n, writer in enumerate(writers)]
    for thread in threads:
        thread.start()
    working.wait()
    seen: list[str] = []
    while any(thread.is_alive() for thread in threads):
        seen += new_entries(reader)
    seen += new_entries(reader) + new_entries(reader)

    assert failures == []
    assert set(accepted) <= set(seen), "a change that was committed was never seen"
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == len(accepted) + CLIENTS
        newest = {watch.client_id: watch.last_seen_at for watch in session.scalars(select(Watch))}
        for client in clients:
            visits = select(func.max(Entry.clock_at)).where(
                Entry.client_id == uuid.UUID(client), Entry.type == "visit_logged"
            )
            assert newest[uuid.UUID(client)] == session.scalar(visits), "a clock was computed from half of the entries"


def offer(writer: Person, entries: list[dict[str, Any]]) -> Any:
    """Send until it is not too busy to take them, as a phone does: nobody waits longer than 10 s for the others."""
    for _ in range(20):
        answer = writer.post("/api/sync", writer.sync_request(*entries, cursor="-"))
        if answer.status_code != 503:
            break
        assert int(answer.headers["Retry-After"]) > 0
    return answer


def something(writer: Person, client: str, dice: random.Random) -> dict[str, Any]:
    """What touches clocks, cards, cases and absences."""
    kind = dice.randrange(5)
    if kind == 0:
        return writer.entry("client_updated", {"base_seq": 0, "fields": {"phone": "900"}}, client=client)
    if kind == 1:
        return writer.entry("rent_problem_reported", {"amount_nok": "9"}, client=client, case=str(uuid.uuid4()))
    if kind == 2:
        return writer.entry("absence_started", {"absence_id": str(uuid.uuid4()), "kind": "unknown"}, client=client)
    return writer.entry("visit_logged", SEEN, client=client)


def new_entries(reader: Person) -> list[str]:
    """Everything since last time, page by page."""
    found: list[str] = []
    more = True
    while more:
        answer = reader.sync()
        found += [change["id"] for change in answer["changes"] if change["kind"] == "entry"]
        more = answer["more"]
    return found


def test_the_same_entries_offered_by_many_at_once_are_taken_once(world: World, people: list[Person]) -> None:
    """An impatient phone sends the batch again before the first answer has come."""
    writer = people[0]
    client = writer.register("Kari")
    case = str(uuid.uuid4())
    batch = [
        writer.entry("crisis_opened", {"kind": "overdose"}, client=client, case=case),
        writer.entry("crisis_step_logged", {"step": "called_113"}, client=client, case=case),
        *(writer.entry("visit_logged", SEEN, client=client) for _ in range(8)),
    ]
    request = writer.sync_request(*batch)
    start = threading.Barrier(WRITERS)
    verdicts: list[list[str]] = []
    failures: list[Any] = []

    def send() -> None:
        start.wait()
        answer = writer.post("/api/sync", request)
        if answer.status_code == 200:
            verdicts.append([one["verdict"] for one in answer.get_json()["results"]])
        else:
            failures.append(answer.get_data(as_text=True))

    threads = [threading.Thread(target=send) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(verdicts) == sorted([["accepted"] * 10] + [["duplicate"] * 10] * (WRITERS - 1))
    assert len(writer.alerts()) == 1


def test_a_new_phone_whose_first_requests_come_together_is_one_phone(world: World, people: list[Person]) -> None:
    writer = people[0]
    client = writer.register("Kari")
    device = str(uuid.uuid4())
    start = threading.Barrier(WRITERS)
    answers: list[int] = []

    def send(number: int) -> None:
        entry = writer.entry("visit_logged", SEEN, client=client, device_seq=number + 1)
        start.wait()
        answers.append(writer.post("/api/sync", writer.sync_request(entry, device_id=device)).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * WRITERS

"""What a phone no longer holds: asked about, called lost, and no alert waits for it."""

import uuid

from fieldapp import clock
from fieldapp.domain.access import Viewer
from fieldapp.models import Alert, Device
from fieldapp.models.change import start_new_epoch
from fieldapp.queries.phones.for_leader import PhoneRow, phones
from fieldapp.queries.phones.unsent import unsent_phones
from fieldapp.services.operations.verify_rows import wrong_counts
from sync.ids import uuid7
from tests._client import CheckedClient
from tests._world import Person, World


def rows(world: World, person: Person) -> dict[str, PhoneRow]:
    viewer = Viewer(uuid.UUID(person.id), "leader", frozenset(uuid.UUID(team.id) for team in person.teams))
    with world.database.reading() as session:
        return {str(one.device_id): one for one in phones(session, viewer, clock.now())}


def named(world: World) -> set[str]:
    """Whose phones the open alerts name."""
    with world.database.reading() as session:
        alerts = session.query(Alert).where(Alert.state != "resolved").all()
        found = unsent_phones(session, alerts, clock.now())
        return {str(phone.staff_id) for listed in found.values() for phone in listed}


def an_alert(world: World, alice: Person) -> None:
    alice.register("Kari")
    world.clock.shift(hours=25)
    world.tick()
    alice.sign_in()


def a_visit(person: Person, client: str, seq: int) -> dict:
    return person.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=client, device_seq=seq)


def test_the_answer_names_the_epoch_and_a_restore_another(world: World) -> None:
    alice = world.staff("leader", world.team("Nord", "fact"), name="Alice")
    first = alice.sync()["epoch"]
    assert alice.sync()["epoch"] == first
    with world.database.transaction() as session:
        start_new_epoch(session)
    answer = alice.sync()
    assert (answer["epoch"] != first, answer["reset"]) == (True, True)


def test_pull_false_takes_entries_and_sends_nothing_down(world: World) -> None:
    alice = world.staff("leader", world.team("Nord", "fact"), name="Alice")
    kari = alice.register("Kari")
    cursor = alice.cursor
    entry = alice.entry("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    answer = alice.post("/api/sync", json=alice.sync_request(entry, pull=False)).get_json()
    assert [one["verdict"] for one in answer["results"]] == ["accepted"]
    assert (answer["changes"], answer["cursor"], answer["more"]) == ([], cursor, False)
    assert any(change["id"] == entry["id"] for change in alice.sync()["changes"])


def test_missing_numbers_are_named_to_their_phone_and_end_when_it_has_lost_them(world: World) -> None:
    alice = world.staff("leader", world.team("Nord", "fact"), name="Alice")
    an_alert(world, alice)
    kari = next(id for kind, id in alice.replica if kind == "client")
    assert "missing_seqs" not in alice.sync()
    answer = alice.sync(a_visit(alice, kari, 5), a_visit(alice, kari, 8))
    assert answer["missing_seqs"] == [2, 3, 4, 6, 7]
    world.clock.shift(hours=25)
    world.tick()
    alice.sign_in()
    assert (rows(world, alice)[alice.device_id].missing, named(world)) == (5, {alice.id})

    assert alice.sync(lost_seqs=[2, 3, 4, 6])["missing_seqs"] == [7]
    row = rows(world, alice)[alice.device_id]
    assert (row.missing, row.lost, row.is_trouble) == (1, 4, True)
    alice.sync(lost_seqs=[7, 7, 5, 99, -1, "x", None])
    assert (rows(world, alice)[alice.device_id].missing, named(world)) == (0, set())
    with world.database.reading() as session:
        assert list(wrong_counts(session)) == []

    # One comes after all; what has arrived is never called lost.
    alice.sync(a_visit(alice, kari, 6), lost_seqs=[5, 6])
    row = rows(world, alice)[alice.device_id]
    assert (row.missing, row.lost) == (0, 4)
    world.clock.shift(days=31)
    assert rows(world, alice)[alice.device_id].lost == 0


def test_nobody_else_is_believed_about_what_a_phone_has_lost(world: World) -> None:
    team = world.team("Nord", "fact")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    kari = alice.register("Kari")
    alice.sync(a_visit(alice, kari, 4))
    answer = bob.sync(device_id=alice.device_id, lost_seqs=[2, 3])
    assert "missing_seqs" not in answer
    assert rows(world, alice)[alice.device_id].missing == 2


def test_an_invented_number_makes_no_endless_list(world: World) -> None:
    alice = world.staff("leader", world.team("Nord", "fact"), name="Alice")
    kari = alice.register("Kari")
    assert "missing_seqs" not in alice.sync(a_visit(alice, kari, 2**50))


def test_a_phone_whose_storage_was_emptied_is_no_longer_named_but_its_loss_is(world: World) -> None:
    team = world.team("Nord", "fact")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    an_alert(world, alice)
    bob.sign_in()
    old = bob.device_id
    bob.sync(unsent_after=1)
    assert named(world) == {bob.id}
    bob.device_id = str(uuid7())
    bob.register_device()
    bob.sync()
    assert named(world) == set()
    row = rows(world, alice)[old]
    assert (row.unsent, row.missing, row.lost) == (0, 0, 1)
    # Somebody put the old storage back: the phone speaks, and counts again.
    bob.sync(device_id=old, unsent_after=1)
    assert (named(world), rows(world, alice)[old].lost) == ({bob.id}, 0)


def test_the_session_before_is_proof_also_when_it_has_run_out_or_was_anothers(world: World) -> None:
    team = world.team("Nord", "fact")
    alice = world.staff("leader", team, name="Alice")
    bob = world.staff("fieldworker", team, name="Bob")
    old = bob.device_id
    bob.sync(unsent_after=2)
    world.clock.shift(hours=30)
    bob.device_id = str(uuid7())
    bob.sign_in()
    alice.sign_in()
    assert (rows(world, alice)[old].unsent, rows(world, alice)[old].lost) == (0, 2)


def test_without_proof_a_phone_is_given_up_when_its_person_has_used_another_for_a_week(
    world: World, client: CheckedClient
) -> None:
    team = world.team("Nord", "fact")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    old = bob.device_id
    bob.sync(unsent_after=1)
    bob.http = client  # another browser altogether
    bob.device_id = str(uuid7())
    for days, lost in ((6, 0), (1.1, 1)):
        world.clock.shift(days=days)
        bob.sign_in()
        bob.sync()
        alice.sign_in()
        assert rows(world, alice)[old].lost == lost, days


def test_a_second_phone_in_use_and_a_colleagues_phone_are_not_given_up(world: World, client: CheckedClient) -> None:
    team = world.team("Nord", "fact")
    alice, bob = world.staff("leader", team, name="Alice"), world.staff("fieldworker", team, name="Bob")
    for person in (alice, bob):
        person.sync(unsent_after=1)
    bob.http = client
    bob.device_id, first = str(uuid7()), bob.device_id
    bob.sign_in()
    with world.database.reading() as session:
        for id_ in (first, alice.device_id):
            assert session.get_one(Device, uuid.UUID(id_)).replaced_at is None

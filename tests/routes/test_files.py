"""Photos: piece by piece, images only, encrypted on disk, readable with their entry by whoever reads that."""

import base64
import hashlib
import struct
import uuid
from pathlib import Path
from typing import Any

import pytest

from fieldapp.services.entries import files
from sync import sealing
from sync.ids import uuid7
from tests._world import Person, World

pytestmark = pytest.mark.engines("sqlite")

PLACE = b"GPS 59.9139N 10.7522E kanarifugl"
"""What must never be kept."""


def jpeg(size: int = 3000) -> bytes:
    exif = b"\xff\xe1" + struct.pack(">H", len(PLACE) + 8) + b"Exif\0\0" + PLACE
    comment = b"\xff\xfe" + struct.pack(">H", len(PLACE) + 2) + PLACE
    frame = b"\xff\xc0" + struct.pack(">H", 11) + b"\x08\0\x10\0\x10\x01\x01\x11\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\0\0\x3f\0" + b"\x5a" * size
    return (
        b"\xff\xd8\xff\xe0"
        + struct.pack(">H", 16)
        + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + exif
        + comment
        + frame
        + scan
        + b"\xff\xd9"
    )


IMAGE = jpeg()


@pytest.fixture
def bob(world: World) -> Person:
    return world.staff("leader", world.team("Nord"), name="Bob")


@pytest.fixture
def kari(bob: Person) -> str:
    return bob.register("Kari")


def announce(person: Person, raw: bytes, file_id: str = "", **headers: str) -> tuple[str, Any]:
    told = {
        "id": file_id or str(uuid7()),
        "size": len(raw),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "type": "image/jpeg",
    }
    return told["id"], person.http.post("/api/files", json=told, headers=headers)


def put(person: Person, file_id: str, offset: int, piece: bytes, **headers: str) -> Any:
    sent = {"Content-Type": "application/octet-stream"} | headers
    return person.http.put(f"/api/files/{file_id}?offset={offset}", data=piece, headers=sent)


def send(person: Person, raw: bytes) -> str:
    file_id, answer = announce(person, raw)
    assert answer.get_json() == {"offset": 0}
    answer = put(person, file_id, 0, raw)
    assert (answer.status_code, answer.get_json()) == (200, {"offset": len(raw)})
    return file_id


def attach(person: Person, file_id: str, entry: dict[str, Any], **body: str) -> dict[str, Any]:
    told = {"file_id": file_id, "entry_id": entry["id"], "kind": "letter"} | body
    return person.log("file_attached", told, client=entry["client_id"])


def visit(person: Person, kari: str) -> dict[str, Any]:
    return person.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)


def test_pieces_go_on_where_they_ended_and_answers_name_the_offset(bob: Person) -> None:
    file_id, _ = announce(bob, IMAGE)
    assert put(bob, file_id, 0, IMAGE[:1000]).get_json() == {"offset": 1000}
    for wrong in (0, 500, 2000):
        answer = put(bob, file_id, wrong, IMAGE[1000:2000])
        assert (answer.status_code, answer.get_json()["code"], answer.get_json()["offset"]) == (
            409,
            "wrong_offset",
            1000,
        )
    _, again = announce(bob, IMAGE, file_id)
    assert again.get_json() == {"offset": 1000}
    assert put(bob, file_id, 1000, IMAGE[1000:]).get_json() == {"offset": len(IMAGE)}


def test_whoever_reads_the_entry_reads_the_photo_without_its_place(world: World, bob: Person, kari: str) -> None:
    cato = world.staff("fieldworker", *bob.teams)
    eve = world.staff("leader", world.team("Sør"))
    entry, file_id = visit(bob, kari), send(bob, IMAGE)
    assert bob.get(f"/api/files/{file_id}").status_code == 404, "not before an entry attaches it"
    attach(bob, file_id, entry)
    for person in (bob, cato):
        answer = person.get(f"/api/files/{file_id}")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.data.startswith(b"\xff\xd8\xff")
        assert PLACE not in answer.data
        assert answer.headers["Cache-Control"] == "no-store"
    missing = eve.get(f"/api/files/{uuid7()}")
    forbidden = eve.get(f"/api/files/{file_id}")
    assert (forbidden.status_code, forbidden.data) == (missing.status_code, missing.data)
    page = bob.get(f"/kontor/bruker/{kari}").text
    assert f'<a href="/kontor/bilde/{file_id}">Se bildet</a>' in page
    assert cato.get(f"/kontor/bilde/{file_id}").data == cato.get(f"/api/files/{file_id}").data
    missing, forbidden = eve.get(f"/kontor/bilde/{uuid7()}"), eve.get(f"/kontor/bilde/{file_id}")
    assert forbidden.status_code == missing.status_code == 404
    readers = bob.get(f"/api/clients/{kari}/readers").get_json()["readers"]
    assert any("file" in one["what"] and one["kind"] == "opened" for one in readers)


def test_an_entry_that_names_somebody_elses_file_shows_it_to_nobody(world: World, bob: Person, kari: str) -> None:
    thief = world.staff("fieldworker", world.team("Sør"))
    file_id, mine = send(bob, IMAGE), thief.register("Åse")
    attach(thief, file_id, visit(thief, mine))
    assert thief.get(f"/api/files/{file_id}").status_code == 404
    assert put(thief, file_id, 0, b"x").status_code == 404
    _, answer = announce(thief, IMAGE, file_id)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7 not an image", b"<svg xmlns='x'/>", b"\xff\xd8\xff cut", b"GIF89a" + b"0" * 90]
)
def test_what_is_no_image_is_refused_by_its_content(world: World, bob: Person, raw: bytes) -> None:
    file_id, _ = announce(bob, raw)
    answer = put(bob, file_id, 0, raw)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "not_an_image")
    assert announce(bob, raw, file_id)[1].status_code == 415
    assert not list(folder(world).glob(f"{file_id}*"))


def test_too_large_is_said_before_it_is_sent(bob: Person) -> None:
    told = {"id": str(uuid7()), "size": 11 * 1024 * 1024, "sha256": "0" * 64, "type": "image/jpeg"}
    assert bob.post("/api/files", told).status_code == 413
    file_id, _ = announce(bob, IMAGE)
    assert put(bob, file_id, 0, b"x" * (11 * 1024 * 1024)).status_code == 413


def test_bytes_broken_on_the_way_begin_again(bob: Person) -> None:
    file_id, _ = announce(bob, IMAGE)
    answer = put(bob, file_id, 0, IMAGE[:-5] + b"xxxxx")
    assert (answer.status_code, answer.get_json()["offset"]) == (409, 0)
    assert put(bob, file_id, 0, IMAGE).status_code == 200


def test_sealed_it_opens_under_its_own_id_alone(world: World, bob: Person, kari: str) -> None:
    key = bob.get("/api/sealing/key").get_json()
    file_id = str(uuid7())
    text = sealing.seal(sealing.decode(key["public_key"]), b"sett file 1", file_id.encode(), IMAGE)
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    announce(bob, raw, file_id)
    assert put(bob, file_id, 0, raw).status_code == 200
    attach(bob, file_id, visit(bob, kari))
    assert bob.get(f"/api/files/{file_id}").data.startswith(b"\xff\xd8\xff")
    other, _ = announce(bob, raw)
    assert put(bob, other, 0, raw).status_code == 415


def test_a_colleague_delivers_it_by_the_senders_key(world: World, bob: Person, kari: str) -> None:
    cato = world.staff("fieldworker", *bob.teams)
    mine = {"X-Deliver-For": f"{bob.id}:{bob.delivery_key}"}
    cato.sign_out()
    file_id, answer = announce(cato, IMAGE, **mine)
    assert answer.status_code == 200
    assert put(cato, file_id, 0, IMAGE, **mine).status_code == 200
    attach(bob, file_id, visit(bob, kari))
    assert bob.get(f"/api/files/{file_id}").status_code == 200
    for told in (f"{bob.id}:wrong", "nonsense", f"{uuid7()}:{bob.delivery_key}"):
        assert announce(cato, IMAGE, **{"X-Deliver-For": told})[1].status_code == 401
    assert announce(cato, IMAGE)[1].status_code == 401


def test_nothing_lies_on_disk_in_clear_whole_or_in_pieces(world: World, bob: Person) -> None:
    half, _ = announce(bob, IMAGE)
    put(bob, half, 0, IMAGE[:2000])
    send(bob, IMAGE)
    written = b"".join(path.read_bytes() for path in folder(world).iterdir())
    assert len(written) > 4000
    assert not [part for part in (PLACE, b"JFIF", b"\x5a" * 20) if part in written]


def test_it_goes_out_of_sight_with_its_entry(world: World, bob: Person, kari: str) -> None:
    entry, file_id = visit(bob, kari), send(bob, IMAGE)
    attached = attach(bob, file_id, entry, caption="Purring")
    even = bob.register("Even")
    move = {"entry_id": entry["id"], "what": "wrong_client", "to_client_id": even, "reason": "feil"}
    bob.log("entry_corrected", move, client=kari)
    assert bob.pull()["entry", attached["id"]]["client_id"] == even
    bob.log("entry_corrected", {"entry_id": attached["id"], "what": "retracted", "reason": "angret"}, client=even)
    assert bob.get(f"/api/files/{file_id}").status_code == 404


def test_it_comes_before_or_after_its_entry_and_points_at_one_that_is_seen(
    world: World, bob: Person, kari: str
) -> None:
    eve = world.staff("fieldworker", world.team("Sør"))
    entry, file_id = visit(bob, kari), str(uuid7())
    attach(bob, file_id, entry)
    announce(bob, IMAGE, file_id)
    assert bob.get(f"/api/files/{file_id}").status_code == 404
    put(bob, file_id, 0, IMAGE)
    assert bob.get(f"/api/files/{file_id}").status_code == 200
    for target in (entry["id"], str(uuid.uuid4())):
        told = {"file_id": file_id, "entry_id": target, "kind": "other"}
        assert eve.judged("file_attached", told, team_id=None)["code"] == "unknown_reference"


def test_what_no_entry_asks_for_goes_after_a_month(world: World, bob: Person, kari: str) -> None:
    kept, gone = send(bob, IMAGE), send(bob, IMAGE)
    attach(bob, kept, visit(bob, kari))
    world.clock.shift(days=31)
    with world.database.transaction() as session:
        files.sweep_folder(session, world.clock.now())
    assert [path.name for path in folder(world).iterdir()] == [kept]
    assert gone != kept


def folder(world: World) -> Path:
    return Path(world.app.extensions["settings"].data_dir) / "files"


def test_a_photo_goes_with_the_record_that_is_deleted(world: World, bob: Person, kari: str) -> None:
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=kari)
    file_id = send(bob, IMAGE)
    bob.log("file_attached", {"file_id": file_id, "entry_id": visit["id"], "kind": "letter"}, client=kari)
    assert bob.get(f"/api/files/{file_id}").status_code == 200
    bob.log("follow_up_ended", {"reason": "moved"}, client=kari)
    petra = world.staff("privacy", name="Petra")
    answer = petra.http.post(f"/kontor/innsyn/{kari}/slett", data={"ground": "asked", "name": "Kari"})
    assert answer.status_code == 303
    assert bob.get(f"/api/files/{file_id}").status_code == 404
    assert not list(files.store_in(world.app.extensions["settings"].data_dir, "").folder.glob(f"{file_id}*"))


def test_a_photo_of_a_barred_entry_is_barred_with_it(world: World, bob: Person, kari: str) -> None:
    eve, petra = world.staff("fieldworker", *bob.teams, name="Eve"), world.staff("privacy", name="Petra")
    entry, file_id = visit(bob, kari), send(bob, IMAGE)
    attached = attach(bob, file_id, entry)
    eve.pull()
    assert eve.get(f"/api/files/{file_id}").status_code == 200
    page = f"/kontor/innsyn/{kari}/krav"
    petra.http.post(page, data={"kind": "barring", "asker": "client", "note": "søster", "entry_id": entry["id"]})
    case = petra.get(page).text.split('<li class="card" id="krav-')[1][:36]
    petra.http.post(f"{page}/{case}/svar", data={"answer": "granted", "law": "pbrl_5_3", "note": "I slekt"})
    assert petra.http.post(f"{page}/{case}/sperr", data={"whom": f"person:{eve.id}"}).status_code == 303
    assert eve.get(f"/api/files/{file_id}").status_code == 404
    assert ("entry", attached["id"]) not in eve.pull()
    assert bob.get(f"/api/files/{file_id}").status_code == 200

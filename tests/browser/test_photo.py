"""A photo of twelve megapixels: made small, without where it was taken, and sent past broken connections."""

import base64
import re
import struct
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from tests.browser import _scripts
from tests.browser._phone import Phone
from tests.browser._town import Town
from tests.browser.test_taps import bob_with_even

MOST_BYTES = 400_000
PIECE = 64 * 1024
PLACE = b"59.9139N 10.7522E"
"""Where it was taken: stands in the photo as words, so that it can be looked for."""

# Noise in squares: a photo that does not become small by itself.
_CAMERA = """async () => {
  const canvas = new OffscreenCanvas(4000, 3000), draw = canvas.getContext("2d");
  const noise = new OffscreenCanvas(500, 375), small = noise.getContext("2d"), grey = small.createImageData(500, 375);
  for (let i = 0; i < grey.data.length; i++) grey.data[i] = i % 4 === 3 ? 255 : (i * 2654435761) >>> 24;
  small.putImageData(grey, 0, 0);
  draw.drawImage(noise, 0, 0, 4000, 3000);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}"""


def taken_at_a_place(jpeg: bytes) -> bytes:
    """The photo with an EXIF segment as a phone writes it: a GPS directory, and the place in words."""
    gps_at = 8 + 2 + 2 * 12 + 4
    latitude_at = gps_at + 2 + 2 * 12 + 4
    words_at = latitude_at + 24
    ifd = struct.pack(">HHHIIHHIII", 2, 0x010E, 2, len(PLACE), words_at, 0x8825, 4, 1, gps_at, 0)
    gps = struct.pack(">HHHI4sHHIII", 2, 1, 2, 2, b"N\0\0\0", 2, 5, 3, latitude_at, 0)
    latitude = struct.pack(">6I", 59, 1, 54, 1, 50, 1)
    exif = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + ifd + gps + latitude + PLACE
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the frame's own header."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
    return width, height


def waiting(phone: Phone) -> int:
    """How many photos are still to be sent."""
    return len(phone.page.evaluate(_scripts.READ_ALL, ["sett-photos", "photos"]))


def test_a_photo_of_twelve_megapixels(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    phone.start_with(bob)
    phone.open(f"/felt/notat/{visit['id']}")
    photo = taken_at_a_place(base64.b64decode(phone.page.evaluate(_CAMERA)))
    assert size_of(photo) == (4000, 3000)
    assert len(photo) > MOST_BYTES
    assert PLACE in photo

    # The connection breaks three times on the way, each time after a piece has come through.
    offsets: list[int] = []
    broken: list[int] = []

    def break_now_and_then(route: Route) -> None:
        offsets.append(int(parse_qs(urlsplit(route.request.url).query)["offset"][0]))
        if len(broken) < 3 and len(offsets) % 2 == 0:
            broken.append(offsets[-1])
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.context.route(re.compile(r"/api/files/.*offset="), break_now_and_then)
    pick = phone.page.locator('input[data-kind="damage"]')
    pick.set_input_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo})
    expect(phone.toast).to_contain_text("Bildet er lagt ved")
    # The entry that names it is there before the photo is: entries wait for no photo.
    phone.wait_for_outbox(0)
    deadline = time.monotonic() + 60
    while waiting(phone):
        assert time.monotonic() < deadline, "the photo has not been sent"
        phone.page.evaluate("dispatchEvent(new Event('online'))")
        phone.page.wait_for_timeout(100)
    assert len(broken) == 3
    # It goes on where the connection broke: what had come through is not sent again.
    assert sorted(offsets) == sorted([*range(0, max(offsets) + 1, PIECE), *broken])

    attached = next(d for (kind, _), d in bob.pull().items() if kind == "entry" and d["type"] == "file_attached")
    stored = bob.get(f"/api/files/{attached['body']['file_id']}").get_bytes()
    assert stored.startswith(b"\xff\xd8")
    assert len(stored) <= MOST_BYTES
    assert max(size_of(stored)) <= 2_000
    assert not [word for word in (b"Exif", b"GPS", PLACE, b"http://ns.adobe.com") if word in stored]


def test_what_is_no_image_is_refused_with_a_sentence(town: Town, phone: Phone) -> None:
    bob, even = bob_with_even(town)
    visit = bob.log("visit_logged", {"outcome": "seen", "place": "home"}, client=even)
    phone.start_with(bob)
    phone.open(f"/felt/notat/{visit['id']}")
    pick = phone.page.locator('input[data-kind="letter"]')
    pick.set_input_files({"name": "brev.jpg", "mimeType": "image/jpeg", "buffer": b"Dette er ikke et bilde."})
    expect(phone.toast).to_contain_text("Bildet lot seg ikke lese. Prøv et annet.")
    assert phone.waiting() == []

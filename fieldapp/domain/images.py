"""What an image is, by its content alone, and the same image without what it says of where and when it was taken.

Pure. JPEG, PNG and WebP are kept, as browsers make them; nothing else is an image here, whatever it calls itself.
"""

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_SOI, _SOS, _EOI = 0xD8, 0xDA, 0xD9
_KEPT_MARKERS = {0xE0, 0xE2, 0xEE}
"""JFIF, the colour profile and Adobe's: how it is drawn. The other APP segments and comments say where and by what."""
_TOLD_PNG = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_TOLD_WEBP = (b"EXIF", b"XMP ")
_HEAD = 12


class NotAnImage(Exception):
    """The bytes are no image that is kept."""


def kind_of(raw: bytes) -> str:
    """The media type, by content. Raises NotAnImage."""
    if raw.startswith(_JPEG):
        return "image/jpeg"
    if raw.startswith(_PNG):
        return "image/png"
    if raw[:4] == b"RIFF" and raw[8:_HEAD] == b"WEBP":
        return "image/webp"
    raise NotAnImage


def without_traces(raw: bytes) -> bytes:
    """The same image without place, time, camera and comments. Raises NotAnImage for one that is cut or no image."""
    kind = kind_of(raw)
    try:
        parts = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[kind](raw)
        return b"".join(parts) if kind != "image/webp" else _riff(b"".join(parts))
    except (IndexError, struct.error) as error:
        raise NotAnImage from error


def _jpeg(raw: bytes) -> Iterator[bytes]:
    yield raw[:2]
    at = 2
    while True:
        if raw[at] != 0xFF:
            raise NotAnImage
        marker = raw[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _SOS:
            if raw.rfind(b"\xff\xd9") < at:
                raise NotAnImage
            yield raw[at:]
            return
        (length,) = struct.unpack(">H", raw[at + 2 : at + 4])
        segment = raw[at : at + 2 + length]
        if length < 2 or len(segment) != length + 2:
            raise NotAnImage
        is_told = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_told or marker in _KEPT_MARKERS:
            yield segment
        at += length + 2


def _png(raw: bytes) -> Iterator[bytes]:
    yield raw[:8]
    at, is_whole = 8, False
    while at < len(raw) and not is_whole:
        (length,) = struct.unpack(">I", raw[at : at + 4])
        kind, chunk = raw[at + 4 : at + 8], raw[at : at + 12 + length]
        if len(chunk) != length + 12:
            raise NotAnImage
        if kind not in _TOLD_PNG:
            yield chunk
        is_whole = kind == b"IEND"
        at += length + 12
    if not is_whole:
        raise NotAnImage


def _webp(raw: bytes) -> Iterator[bytes]:
    at = _HEAD
    if len(raw) <= _HEAD:
        raise NotAnImage
    while at < len(raw):
        kind = raw[at : at + 4]
        (length,) = struct.unpack("<I", raw[at + 4 : at + 8])
        chunk = raw[at : at + 8 + length + length % 2]
        if len(chunk) < length + 8:
            raise NotAnImage
        if kind not in _TOLD_WEBP:
            yield chunk
        at += length + 8 + length % 2


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks

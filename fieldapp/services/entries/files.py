"""Files that belong to entries: taken piece by piece, judged when whole, and kept encrypted, one file an id.

Invariants: what is acknowledged is on disk before the answer leaves; nothing lies on disk in clear; only an entry of
whoever sent a file makes it readable, to those who read that entry and the one it is attached to.
"""

import datetime as dt
import hashlib
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from fieldapp.domain import images
from fieldapp.errors import AppError
from fieldapp.models import AttachedFile, SecretKey, StoredFile
from fieldapp.models.file import FILES_IN_SESSION
from fieldapp.services.people import keys
from sync import sealing

LARGEST = 10 * 1024 * 1024
FILE_INFO = b"sett file 1"
UNATTACHED = dt.timedelta(days=30)
"""How long a file waits for the entry that it belongs to."""
COMING, WHOLE, REFUSED = "coming", "whole", "refused"
FOLDER = "files"
"""What the folder is called, in the data directory."""
_SEAL_BYTES = 200
_NONCE = 12
_HEAD = struct.Struct(">I")


def key_of(secret_key: str, _file_id: UUID) -> bytes:
    """The key that a file is encrypted with. The one place to ask: a key per client goes in here."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"fieldapp files at rest").derive(
        secret_key.encode()
    )


@dataclass(frozen=True)
class Store:
    """The folder of the files, and how they are encrypted."""

    folder: Path
    secret_key: str

    def path(self, file_id: UUID) -> Path:
        """Where a whole file lies."""
        return self.folder / f"{file_id}"

    def pieces(self, file_id: UUID) -> Path:
        """Where the pieces of one lie that is still coming."""
        return self.folder / f"{file_id}.part"

    def append(self, file_id: UUID, at: int, piece: bytes) -> int:
        """Write one piece at this place, over whatever was never acknowledged; how far the pieces reach then."""
        nonce = os.urandom(_NONCE)
        box = nonce + self._cipher(file_id).encrypt(nonce, piece, file_id.bytes + _HEAD.pack(at))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.pieces(file_id), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            os.ftruncate(descriptor, at)
            os.pwrite(descriptor, _HEAD.pack(len(box)) + box, at)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return at + _HEAD.size + len(box)

    def collected(self, file_id: UUID, length: int) -> bytes:
        """All acknowledged pieces, opened."""
        raw, at, found = self.pieces(file_id).read_bytes()[:length], 0, []
        while at < len(raw):
            (size,) = _HEAD.unpack_from(raw, at)
            box = raw[at + _HEAD.size : at + _HEAD.size + size]
            found.append(self._cipher(file_id).decrypt(box[:_NONCE], box[_NONCE:], file_id.bytes + _HEAD.pack(at)))
            at += _HEAD.size + size
        return b"".join(found)

    def keep(self, file_id: UUID, image: bytes) -> None:
        """Put the whole image there, in place of its pieces."""
        nonce = os.urandom(_NONCE)
        draft = self.folder / f".{file_id}.{os.getpid()}"
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(nonce + self._cipher(file_id).encrypt(nonce, image, file_id.bytes))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path(file_id))

    def read(self, file_id: UUID) -> bytes | None:
        """The image; None when it is not there or does not open."""
        try:
            raw = self.path(file_id).read_bytes()
            return self._cipher(file_id).decrypt(raw[:_NONCE], raw[_NONCE:], file_id.bytes)
        except (OSError, InvalidTag):
            return None

    def remove(self, file_id: UUID) -> None:
        """Take it off the disk, whole or in pieces."""
        for path in (self.path(file_id), self.pieces(file_id)):
            path.unlink(missing_ok=True)

    def ids_older_than(self, at: dt.datetime) -> Iterator[UUID]:
        """Of what lies there, whole or in pieces, and was written before."""
        for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
            with suppress(ValueError, OSError):
                if path.stat().st_mtime < at.timestamp():
                    yield UUID(path.name.removesuffix(".part"))

    def copy_to(self, folder: Path) -> int:
        """Put what is whole there too, as it lies here; how many came."""
        new = 0
        for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
            goal = folder / path.name
            if path.suffix or path.name.startswith(".") or goal.exists():
                continue
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = folder / f".{path.name}.{os.getpid()}"
            shutil.copyfile(path, draft)
            draft.chmod(0o600)
            draft.replace(goal)
            new += 1
        return new

    def _cipher(self, file_id: UUID) -> AESGCM:
        return AESGCM(key_of(self.secret_key, file_id))


def store_in(data_dir: Path, secret_key: str) -> Store:
    """The installation's store."""
    return Store(data_dir / FOLDER, secret_key)


@dataclass(frozen=True)
class Announced:
    """What a phone says of a file before it sends it: of the bytes as they are sent."""

    id: UUID
    size: int
    sha256: str
    type: str


def announce(session: Session, staff_id: UUID, told: Announced, now: dt.datetime) -> int:
    """Begin, or go on: how many bytes are here. Raises AppError."""
    if told.size > LARGEST + _SEAL_BYTES:
        raise AppError("too_large", field="size")
    row = session.get(StoredFile, told.id, with_for_update=True)
    if row is None:
        row = StoredFile(id=told.id, staff_id=staff_id, created_at=now, received=0, on_disk=0, state=COMING)
        row.size, row.sha256, row.type = told.size, told.sha256.lower(), told.type
        session.add(row)
        session.flush()
        return 0
    _must_be_of(row, staff_id)
    if (row.size, row.sha256) != (told.size, told.sha256.lower()):
        raise AppError("id_reused", field="id")
    if row.state == REFUSED:
        raise AppError("not_an_image")
    return row.received


def take(
    session: Session, store: Store, staff_id: UUID, file_id: UUID, offset: int, piece: bytes, now: dt.datetime
) -> int:
    """Take the bytes from an offset; how many are here then. Judges the file when it is whole. Raises AppError: then
    too what has been decided of the file stands, so the caller commits before it answers."""
    row = session.get(StoredFile, file_id, with_for_update=True)
    if row is None:
        raise AppError("not_found")
    _must_be_of(row, staff_id)
    if row.state == REFUSED:
        raise AppError("not_an_image")
    if offset != row.received or offset + len(piece) > row.size:
        raise AppError("wrong_offset", offset=row.received)
    if piece and row.state == COMING:
        row.on_disk = store.append(file_id, row.on_disk, piece)
        row.received += len(piece)
    if row.received == row.size and row.state == COMING:
        _judge(session, store, row, now)
    session.flush()
    return row.received


def _must_be_of(row: StoredFile, staff_id: UUID) -> None:
    """Somebody else's file is as one that is not there."""
    if row.staff_id != staff_id:
        raise AppError("not_found")


def _judge(session: Session, store: Store, row: StoredFile, now: dt.datetime) -> None:
    sent = store.collected(row.id, row.on_disk)
    if hashlib.sha256(sent).hexdigest() != row.sha256:
        row.received = row.on_disk = 0  # broken on the way: from the beginning
        return
    try:
        image = images.without_traces(_opened(session, store, row.id, sent))
        if len(image) > LARGEST:
            raise images.NotAnImage
    except images.NotAnImage:
        row.state, row.on_disk = REFUSED, 0
        store.remove(row.id)
        return
    store.keep(row.id, image)
    store.pieces(row.id).unlink(missing_ok=True)
    row.state, row.whole_at, row.type, row.on_disk = WHOLE, now, images.kind_of(image), 0


def _opened(session: Session, store: Store, file_id: UUID, sent: bytes) -> bytes:
    """What was sent, out of its seal if it came in one."""
    with suppress(images.NotAnImage):
        images.kind_of(sent)
        return sent
    ids = session.scalars(select(SecretKey.key_id).where(SecretKey.purpose == keys.SEALING)).all()
    text, aad = sealing.encode(sent), sealing.entry_aad(str(file_id))
    for private in keys.private_sealing_keys(session, store.secret_key, ids).values():
        with suppress(sealing.DoesNotOpen):
            return sealing.unseal(private, FILE_INFO, aad, text)
    raise images.NotAnImage


def forget(session: Session, file_id: UUID) -> None:
    """Take a file away for good, row and bytes."""
    session.execute(delete(StoredFile).where(StoredFile.id == file_id))
    store = store_of(session)
    if store is not None:
        store.remove(file_id)


def state_of(session: Session, file_id: UUID) -> str | None:
    """coming, whole or refused; None for one nobody has announced."""
    return session.scalar(select(StoredFile.state).where(StoredFile.id == file_id))


def sweep(session: Session, store: Store, now: dt.datetime) -> int:
    """Forget what no entry has asked for in a month, and what lies on disk and is nobody's; how many."""
    attached = select(AttachedFile.file_id)
    old = select(StoredFile.id).where(StoredFile.created_at < now - UNATTACHED, StoredFile.id.not_in(attached))
    gone = list(session.scalars(old))
    for file_id in gone:
        session.execute(delete(StoredFile).where(StoredFile.id == file_id))
        store.remove(file_id)
    known = set(session.scalars(select(StoredFile.id)))
    # After a restore the rows may be gone of what phones offer again: nothing goes from the disk before its month.
    lost = [file_id for file_id in store.ids_older_than(now - UNATTACHED) if file_id not in known]
    for file_id in lost:
        store.remove(file_id)
    return len({*gone, *lost})


def sweep_folder(session: Session, now: dt.datetime) -> int:
    """The same, of the installation's own folder."""
    store = store_of(session)
    return sweep(session, store, now) if store is not None else 0


def store_of(session: Session) -> Store | None:
    """The installation's store; None for a session of a mere copy of the database."""
    told = session.info.get(FILES_IN_SESSION)
    return store_in(*told) if told else None


def missing(session: Session, store: Store) -> Iterator[UUID]:
    """For `verify`: whole files that are not on disk, or do not open."""
    for file_id in session.scalars(select(StoredFile.id).where(StoredFile.state == WHOLE).order_by(StoredFile.id)):
        if store.read(file_id) is None:
            yield file_id

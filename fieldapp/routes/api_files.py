"""`/api/files`: photos, piece by piece, for whoever has a session or proves themselves by a delivery key."""

from typing import Annotated
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request

from fieldapp.errors import AppError
from fieldapp.routes._images import image_of, store
from fieldapp.routes._web import body, clock, db, json_answer, settings
from fieldapp.security import access, current, must_sign_in
from fieldapp.services.entries import files
from fieldapp.services.people import devices

bp = Blueprint("api_files", __name__, url_prefix="/api/files")


class FileAnnounced(msgspec.Struct):
    """Of the bytes as they will be sent, sealed or in clear."""

    id: UUID
    size: Annotated[int, msgspec.Meta(ge=1)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{64}$", max_length=64)]
    type: Annotated[str, msgspec.Meta(max_length=100)]


class FileOffset(msgspec.Struct):
    offset: int


@bp.post("")
@access("token")
def announce() -> Response:
    staff_id = _sender()
    told = body(FileAnnounced)
    announced = files.Announced(told.id, told.size, told.sha256, told.type)

    def work() -> int:
        with db().transaction() as session:
            return files.announce(session, staff_id, announced, clock.now())

    return json_answer(FileOffset(db().again(work)))


@bp.put("/<uuid:file_id>")
@access("token")
def take(file_id: UUID) -> Response:
    """What is decided of the file is committed before the answer, a refusal too."""
    staff_id, piece = _sender(), request.get_data(cache=False)
    offset = request.args.get("offset", type=int)
    if offset is None or offset < 0:
        raise AppError("invalid_field", field="offset")

    def work() -> tuple[int, str | None]:
        with db().transaction() as session:
            reached = files.take(session, store(), staff_id, file_id, offset, piece, clock.now())
            return reached, files.state_of(session, file_id)

    reached, state = db().again(work)
    if state == files.REFUSED:
        raise AppError("not_an_image")
    if reached != offset + len(piece):
        raise AppError("wrong_offset", offset=reached)
    return json_answer(FileOffset(reached))


@bp.get("/<uuid:file_id>")
@access("signed_in", reads="phone")
def read(file_id: UUID) -> Response:
    """The image, to whoever reads the entry it is attached to; any other is not there."""
    image = image_of(file_id)
    if image is None:
        raise AppError("not_found")
    return image


def _sender() -> UUID:
    """Whose file it is: of the person whose delivery key comes along, else of whoever is signed in."""
    told = request.headers.get("X-Deliver-For")
    if told is not None:
        return _proven(*told.partition(":")[::2])
    person = current()
    if person is None:
        raise must_sign_in()
    return person.viewer.staff_id


def _proven(named: str, key: str) -> UUID:
    try:
        staff_id = UUID(named)
    except ValueError:
        raise must_sign_in() from None
    with db().reading() as session:
        if not devices.proves_on_any(session, settings().secret_key, staff_id, key):
            raise must_sign_in()
    return staff_id

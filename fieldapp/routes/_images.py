"""The photos that lie on the server's disk, as an answer."""

from uuid import UUID

from flask import Response

from fieldapp.queries import files as readable
from fieldapp.routes._web import settings, showing, viewer
from fieldapp.services.entries import files


def image_of(file_id: UUID) -> Response | None:
    """The image, to whoever reads the entry it is attached to; None: any other is not there."""
    media_type = showing(lambda session: readable.readable_type(session, viewer(), file_id))
    image = store().read(file_id) if media_type else None
    if image is None:
        return None
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    return Response(image, mimetype=media_type, headers=headers)


def store() -> files.Store:
    """Where they lie, under a key of the installation."""
    return files.store_in(settings().data_dir, settings().secret_key)

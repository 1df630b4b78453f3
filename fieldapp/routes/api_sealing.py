"""GET /api/sealing/key: what phones seal their entries to. Public, as the key is: a service worker fetches it before
anybody has signed in."""

import msgspec
from flask import Blueprint, Response

from fieldapp.errors import AppError
from fieldapp.routes._web import db, json_answer
from fieldapp.security import access
from fieldapp.services.people import keys
from sync.sealing import SUITE

bp = Blueprint("api_sealing", __name__, url_prefix="/api/sealing")


class SealingKey(msgspec.Struct):
    key_id: str
    suite: str
    public_key: str


@bp.get("/key")
@access("public")
def key() -> Response:
    with db().reading() as session:
        found = keys.sealing_key(session)
    if found is None:
        raise AppError("unavailable")
    return json_answer(SealingKey(found.key_id, SUITE, found.public_key), headers={"Cache-Control": "no-store"})

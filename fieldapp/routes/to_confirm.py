"""«Må bekreftes»: what came in somebody's name without a proof that holds now, answered at the office or by its author
under Min konto."""

import datetime as dt
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError, Rejected
from fieldapp.queries import to_confirm
from fieldapp.routes._office import done, not_found, plain_page
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.services.entries import confirmations
from fieldapp.texts import form_message

bp = Blueprint("to_confirm", __name__)

ANSWERS = {"ja": confirmations.confirm, "nei": confirmations.decline}
_TOLD = {"ja": "bekreftet", "nei": "ikke-bekreftet"}


@bp.get("/kontor/bekreft")
@access("office", reads="office")
def index() -> tuple[str, int]:
    return _page()


@bp.post("/kontor/bekreft/<int:kept_id>")
@access("office", reads="office")
def answer(kept_id: int) -> AnyResponse | tuple[str, int]:
    try:
        said = _answer(kept_id)
    except Rejected as rejected:
        return _page(form_message(rejected.code), kept_id, 422)
    return done(url_for(".index"), _TOLD[said])


@bp.post("/konto/bekreft/<int:kept_id>")
@access("signed_in")
def answer_own(kept_id: int) -> AnyResponse:
    """Of one's own alone: also for those who do not work at the office."""
    try:
        said = _answer(kept_id)
    except Rejected as rejected:
        return redirect(url_for("account.account", ikke=rejected.code, _anchor="confirm"), 303)
    return redirect(url_for("account.account", gjort=_TOLD[said], _anchor="confirm"), 303)


def _answer(kept_id: int) -> str:
    """What was answered. What waits for others looks as if it were not there. Raises Rejected."""
    said = request.form.get("svar", "")
    if said not in ANSWERS:
        raise AppError("invalid_field", field="svar")

    def work() -> None:
        with db().transaction() as session:
            if not to_confirm.waits_for(session, viewer(), kept_id):
                raise not_found()
            ANSWERS[said](session, kept_id, viewer().staff_id, clock.now())

    db().again(work)
    return said


def _page(problem: str = "", kept_id: int = 0, status: int = 200) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, _: dt.datetime) -> dict[str, Any]:
        waiting = to_confirm.to_confirm(session, reader)
        full = to_confirm.without_room(session, waiting)
        return {"waiting": waiting, "without_room": full, "problem": problem, "problem_of": kept_id}

    return plain_page("office/to_confirm.html", read, status)

"""`/kontor/nodtilgang`: asking for sight of a client no team of one's own follows, and what has been asked."""

import datetime as dt
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_limit
from fieldapp.errors import AppError
from fieldapp.queries import emergencies
from fieldapp.routes._office import Form, done, plain_page
from fieldapp.routes._web import viewer
from fieldapp.routes.api_access import asked
from fieldapp.security import access
from fieldapp.texts import N_, gettext, message
from sync.bodies_base import MAX_NAME

bp = Blueprint("emergency", __name__, url_prefix="/kontor/nodtilgang")

ASK = "nodtilgang"
OLDEST, YOUNGEST = 1850, 2199
LONGEST_REASON = 2000


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    return _page(Form())


@bp.post("")
@access("office", reads="office")
def ask() -> AnyResponse | tuple[str, int]:
    form = Form.sent(ASK)
    name, reason = form.text("name", required=True), form.text("reason", required=True)
    year = form.number("birth_year", OLDEST, YOUNGEST, required=True)
    for field, value, most in (("name", name, MAX_NAME), ("reason", reason, LONGEST_REASON)):
        if value and len(value) > most:
            form.errors[field] = gettext(N_("Høyst %(n)s tegn.")) % {"n": most}
    if form.errors or name is None or reason is None or year is None:
        return _page(form, 422)
    try:
        found = asked(name, year, reason)
    except AppError as error:
        if error.code != "slow_down":
            raise
        form.errors[""] = message(error.code)
        return _page(form, error.status)
    if found is None:
        form.errors[""] = gettext(N_("Fant ikke én bruker med dette navnet og fødselsåret."))
        return _page(form, 404)
    return done(url_for("office.client", client_id=found.client_id), "nodtilgang")


@bp.get("/spurt")
@access("oversight", reads="office")
def log() -> tuple[str, int]:
    def read(session: Any, reader: Viewer, _: dt.datetime) -> dict[str, Any]:
        return {"asked": emergencies.asked(session, reader)}

    return plain_page("office/emergencies.html", read)


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    def read(_: Any, __: Viewer, ___: dt.datetime) -> dict[str, Any]:
        return {"form": form, "may_read_log": may_limit(viewer())}

    return plain_page("office/emergency.html", read, status)

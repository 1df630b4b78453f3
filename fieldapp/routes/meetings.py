"""`/kontor/tavle/mote`: the morning meeting about a board. One client at a time, from the keyboard; each decision is a
task of its owner from the moment it is made, and the meeting ends in one entry that prints.

Moving a card and taking it down are the board's own forms. What is written meanwhile: services/meetings.py.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.errors import Rejected
from fieldapp.queries import board, duty, merged, standing
from fieldapp.queries import meetings as queries
from fieldapp.queries.meetings import Draft
from fieldapp.routes import _once
from fieldapp.routes._office import Form, big_screen, done, not_found, plain_page, reader
from fieldapp.routes._web import clock, db, viewer
from fieldapp.security import access
from fieldapp.services import meetings
from fieldapp.services.entries import ingest

bp = Blueprint("meetings", __name__, url_prefix="/kontor/tavle/mote")

PER_CLIENT_S = 120
DECIDED, HELD = "task_set", "meeting_held"


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    """Begin, go on where a tab was closed, or find an earlier one."""
    return plain_page("meetings/start.html", _read_start)


@bp.post("")
@access("office")
def begin() -> AnyResponse:
    team_id = _team_id()
    with db().deciding() as session:
        order = board.ids_in_order(session, viewer(), team_id)
    if not order:
        return redirect(url_for(".index", team=team_id), 303)
    with db().transaction() as session:
        meetings.begin(session, team_id, viewer().staff_id, order, clock.now())
    return redirect(url_for(".one", nr=1, team=team_id), 303)


@bp.get("/<int:nr>")
@access("office", reads="office")
def one(nr: int) -> AnyResponse | tuple[str, int]:
    """The client whose turn it is."""
    draft, order = _going_on()
    if draft is None or nr < 1:
        return redirect(url_for(".index", team=_team_id()), 303)
    if nr > len(order):
        return redirect(url_for(".about", team=draft.team_id), 303)
    return _one_page(draft, order, nr, Form())


@bp.post("/<int:nr>/vedtak")
@access("office", reads="office")
def decide(nr: int) -> AnyResponse | tuple[str, int]:
    """Somebody does something by some day: a task of theirs, on their phone at once."""
    draft, order, client_id = _talked_about(nr)
    form = Form.sent("vedtak")
    owner_id, due_on = form.uuid("owner_id", required=True), form.day("due_on")
    body = {
        "what": form.text("what", required=True),
        "owner_id": str(owner_id),
        "due_on": due_on.isoformat() if due_on else None,
        "meeting_id": str(draft.id),
    }
    entry_id = _once.try_once(form, DECIDED, lambda id_: {"task_id": str(id_)} | body, client_id=client_id)
    if entry_id is None:
        return _one_page(draft, order, nr, form, 422)
    return done(url_for(".one", nr=nr, team=draft.team_id), "vedtak", entry_id)


@bp.post("/<int:nr>/referat")
@access("office")
def note(nr: int) -> AnyResponse:
    """What is said about this client, kept as one writes."""
    draft, _, client_id = _talked_about(nr)
    words = Form.sent().text("words")
    with db().transaction() as session:
        is_kept = meetings.keep_note(session, draft.id, client_id, words)
    if not is_kept:
        raise not_found()
    return redirect(url_for(".one", nr=nr, team=draft.team_id), 303)


@bp.get("/slutt")
@access("office", reads="office")
def about() -> AnyResponse | tuple[str, int]:
    """Who is there, what was said about nobody in particular, and the end."""
    draft, order = _going_on()
    if draft is None:
        return redirect(url_for(".index", team=_team_id()), 303)
    return _about_page(draft, order, Form())


@bp.post("/om")
@access("office")
def keep() -> AnyResponse:
    """The same page, kept as one writes."""
    draft = _own_draft()
    if not _keep_about(draft, Form.sent()):
        raise not_found()
    return redirect(url_for(".about", team=draft.team_id), 303)


@bp.post("/slutt")
@access("office", reads="office")
def hold() -> AnyResponse | tuple[str, int]:
    """End it: one entry, under the meeting's own id. Sent twice, it is entered once."""
    draft, order = _going_on()
    form = Form.sent("slutt")
    meeting_id = form.uuid("meeting_id", required=True)
    if draft is None or draft.id != meeting_id:
        return redirect(url_for(".held", id=_entered(meeting_id)), 303)
    _keep_about(draft, form)
    if not _try_hold(form, draft):
        return _about_page(draft, order, form, 422)
    return done(url_for(".held", id=meeting_id), "mote")


@bp.post("/forkast")
@access("office")
def drop() -> AnyResponse:
    """Nothing of it is entered; what was decided and moved stands."""
    draft = _own_draft()
    with db().transaction() as session:
        meetings.drop(session, draft.id)
    return done(url_for(".index", team=draft.team_id), "mote-forkastet")


@bp.get("/<uuid:id>")
@access("office", reads="office")
def held(id: UUID) -> tuple[str, int]:
    """A meeting that was entered, to read and to print."""

    def read(session: Any, _: Viewer, __: dt.datetime) -> dict[str, Any]:
        found = queries.held(session, viewer(), id)
        if found is None:
            raise not_found()
        return {"held": found}

    return plain_page("meetings/held.html", read)


def _team_id() -> UUID:
    """The team in the address; else the first of one's own by name."""
    with db().deciding() as session:
        teams = duty.teams_now(session, reader(), clock.now())
    if not teams:
        raise not_found()
    return teams[0].team_id


def _going_on() -> tuple[Draft | None, list[UUID]]:
    team_id = _team_id()
    with db().deciding() as session:
        draft = queries.going_on(session, viewer(), team_id)
        return draft, queries.order(session, viewer(), draft) if draft else []


def _own_draft() -> Draft:
    """The meeting a form was sent from: another one may have begun since."""
    draft, _ = _going_on()
    if draft is None or str(draft.id) != request.form.get("meeting_id"):
        raise not_found()
    return draft


def _talked_about(nr: int) -> tuple[Draft, list[UUID], UUID]:
    """The client a form was sent about, who must still have this number, and be shown to this person."""
    draft, order = _own_draft(), _going_on()[1]
    client_id = order[nr - 1] if 0 < nr <= len(order) else None
    sent_id = Form.sent().uuid("client_id")
    if client_id is None or sent_id is None:
        raise not_found()
    with db().deciding() as session:
        if merged.stands_for(session, sent_id) != client_id:
            raise not_found()
        if board.client_of_team(session, viewer(), draft.team_id, client_id) is None:
            raise not_found()
    return draft, order, client_id


def _one_page(draft: Draft, order: list[UUID], nr: int, form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, _: Viewer, now: dt.datetime) -> dict[str, Any]:
        return _meeting(draft, order, now) | {
            "nr": nr,
            "seat": queries.seat(session, viewer(), draft, order[nr - 1], now),
            "columns": board.columns_of(session, draft.team_id),
            "form": form,
        }

    return plain_page("meetings/one.html", read, status, big_screen)


def _about_page(draft: Draft, order: list[UUID], form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, _: Viewer, now: dt.datetime) -> dict[str, Any]:
        return _meeting(draft, order, now) | {
            "staff": duty.choices(session, draft.team_id),
            "decided": standing.count_decided(session, viewer(), draft.id),
            "left_out": queries.minutes_of(session, viewer(), draft).left_out,
            "form": form,
        }

    return plain_page("meetings/about.html", read, status, big_screen)


def _meeting(draft: Draft, order: list[UUID], now: dt.datetime) -> dict[str, Any]:
    return {
        "draft": draft,
        "chosen_team": draft.team_id,
        "count": len(order),
        "per_client_s": PER_CLIENT_S,
        "gone_s": int((now - draft.begun_at).total_seconds()),
    }


def _keep_about(draft: Draft, form: Form) -> bool:
    with db().deciding() as session:
        known = {str(staff_id): staff_id for staff_id, _ in duty.choices(session, draft.team_id)}
    there = [known[one] for one in request.form.getlist("with_staff") if one in known]
    with db().transaction() as session:
        return meetings.keep_about(session, draft.id, there, form.text("others"), form.text("minutes"))


def _try_hold(form: Form, draft: Draft) -> bool:
    body: dict[str, Any] = {}

    def work() -> None:
        with db().transaction() as session:
            meetings.hold(session, draft.id)
            fresh = queries.going_on(session, viewer(), draft.team_id)
            if fresh is None or fresh.id != draft.id:
                return
            body.update(_body(session, fresh))
            about = {"team_id": draft.team_id}
            ingest.submit_once(session, viewer(), draft.id, HELD, body, about, clock.now())
            meetings.drop(session, draft.id)

    try:
        db().again(work)
    except Rejected as rejected:
        form.refuse(rejected, HELD, body)
        return False
    return True


def _body(session: Any, draft: Draft) -> dict[str, Any]:
    minutes = queries.minutes_of(session, viewer(), draft).text
    return {
        "meeting_id": str(draft.id),
        "kind": queries.KIND,
        "with_staff": [str(one) for one in draft.with_staff],
        "attended": [line.strip() for line in (draft.others or "").splitlines() if line.strip()],
    } | ({"minutes": minutes} if minutes else {})


def _entered(meeting_id: UUID | None) -> UUID:
    """The meeting a form was sent from, where it has ended already."""
    with db().deciding() as session:
        if meeting_id is None or queries.held(session, viewer(), meeting_id) is None:
            raise not_found()
    return meeting_id


def _read_start(session: Any, narrowed: Viewer, now: dt.datetime) -> dict[str, Any]:
    teams = duty.teams_now(session, narrowed, now)
    if not teams:
        return {"team": None, "draft": None, "earlier": [], "count": 0}
    team = teams[0]
    return {
        "team": team,
        "chosen_team": team.team_id,
        "draft": queries.going_on(session, viewer(), team.team_id),
        "count": len(board.ids_in_order(session, viewer(), team.team_id)),
        "minutes_each": PER_CLIENT_S // 60,
        "earlier": queries.earlier(session, viewer(), team.team_id),
    }

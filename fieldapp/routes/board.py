"""`/kontor/tavle`: a team's board, to read, to move on, on a wall, and as it stood on an earlier morning."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.domain.board import PLACED, initials
from fieldapp.domain.norway import at_wall_time, day_of
from fieldapp.errors import AppError
from fieldapp.queries import board as boards
from fieldapp.queries.board import Board, Card, Column
from fieldapp.queries.duty import teams_now
from fieldapp.routes._office import (
    Form,
    big_screen,
    chosen_team,
    done,
    live_page,
    not_found,
    plain_page,
    try_submit,
)
from fieldapp.routes._web import db
from fieldapp.routes._web import viewer as asking
from fieldapp.security import access
from fieldapp.texts import N_, gettext, label

bp = Blueprint("board", __name__, url_prefix="/kontor/tavle")

MORNING = dt.time(8, 0)
_SLOTS = 12
_NO_COLUMN = N_("En tavle må ha minst én kolonne.")


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(column_name=column_name)
    state.app.jinja_env.filters.update(initials=initials)


def column_name(column: Column) -> str:
    """The team's own word, else the usual one."""
    return column.name or label("board_column", column.key)


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    """With `?dag=` the board as it stood that morning."""
    return plain_page("board/board.html", _read)


@bp.get("/vegg")
@access("office", reads="office")
def wall() -> str | Response:
    """The same on a big screen: no menu, initials first, and nothing to press but keys."""
    return live_page("board/wall.html", "board/_wall.html", _read_wall, big_screen)


@bp.get("/bruker/<uuid:client_id>")
@access("office", reads="office")
def card(client_id: UUID) -> tuple[str, int]:
    return _card_page(client_id, Form(), 200)


@bp.post("/bruker/<uuid:client_id>")
@access("office", reads="office")
def place(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """Put somebody up, or say anew why they are."""
    team_id = _team_of(client_id)
    form = Form.sent("kort")
    review_on = form.day("review_on", required=True)
    body = {
        "column": form.text("column", required=True),
        "reasons": request.form.getlist("reason"),
        "goal": form.text("goal"),
        "down_when": form.text("down_when"),
        "review_on": review_on.isoformat() if review_on else None,
        "team_id": str(team_id),
    }
    entry_id = try_submit(form, PLACED, body, client_id=client_id)
    if entry_id is None:
        return _card_page(client_id, form, 422)
    return done(url_for(".index", team=team_id), "tavla", entry_id)


@bp.post("/bruker/<uuid:client_id>/flytt")
@access("office", reads="office")
def move(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """To another column, with all that is said of them as it was."""
    team_id = _team_of(client_id)
    with db().deciding() as session:
        found = boards.card_of(session, asking(), team_id, client_id)
    if found is None:
        raise not_found()
    form = Form.sent("flytt")
    entry_id = try_submit(form, PLACED, _said(found, team_id) | {"column": form.text("column")}, client_id=client_id)
    if entry_id is None:
        raise AppError("invalid_field", field="column")
    return _back(team_id, "tavla", entry_id, fragment=f"kort-{client_id}")


@bp.post("/bruker/<uuid:client_id>/ned")
@access("office", reads="office")
def take_down(client_id: UUID) -> AnyResponse | tuple[str, int]:
    team_id = _team_of(client_id)
    form = Form.sent("ned")
    body = {"reason": form.text("reason"), "team_id": str(team_id)}
    entry_id = try_submit(form, "board_removed", body, client_id=client_id)
    if entry_id is None:
        return _card_page(client_id, form, 422)
    return _back(team_id, "tavla-ned", entry_id)


@bp.post("/kolonner/<uuid:team_id>")
@access("office", reads="office")
def set_columns(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """A column keeps its key while its name changes, so that nobody on it moves."""
    if team_id not in asking().team_ids:
        raise not_found()
    if not may_lead(asking(), team_id):
        raise AppError("not_permitted")
    form = Form.sent("kolonner")
    columns = [
        {"key": form.text(f"key-{n}") or f"kolonne-{n + 1}", "name": name}
        for n in range(_SLOTS)
        if (name := form.text(f"name-{n}"))
    ]
    if not columns:
        form.errors[""] = gettext(_NO_COLUMN)
    entry_id = try_submit(form, "board_columns_set", {"team_id": str(team_id), "columns": columns})
    if entry_id is None:
        return plain_page("board/board.html", lambda *about: _read(*about) | {"form": form}, 422)
    return done(url_for(".index", team=team_id), "kolonner", entry_id)


def _back(team_id: UUID, code: str, entry_id: UUID, fragment: str = "") -> AnyResponse:
    """To the board, or to the place in the meeting (`?mote=`) that moved the card."""
    nr = request.args.get("mote", type=int)
    if nr is not None and nr > 0:
        return done(url_for("meetings.one", nr=nr, team=team_id), code, entry_id)
    return done(url_for(".index", team=team_id), code, entry_id, fragment=fragment)


def _said(card: Card, team_id: UUID) -> dict[str, Any]:
    said = {"goal": card.goal, "down_when": card.down_when}
    return {name: text for name, text in said.items() if text} | {
        "reasons": list(card.reasons),
        "review_on": card.review_on.isoformat(),
        "team_id": str(team_id),
    }


def _team_of(client_id: UUID) -> UUID:
    """The team whose board is in the address, which follows the client; else the first of one's own that does."""
    viewer = asking()
    wanted = chosen_team(viewer)
    teams = [wanted] if wanted else sorted(viewer.team_ids)
    with db().deciding() as session:
        team_id = next((one for one in teams if boards.client_of_team(session, viewer, one, client_id)), None)
    if team_id is None:
        raise not_found()
    return team_id


def _card_page(client_id: UUID, form: Form, status: int) -> tuple[str, int]:
    team_id = _team_of(client_id)

    def read(session: Any, _: Viewer, now: dt.datetime) -> dict[str, Any]:
        days = boards.review_days(session, team_id)
        return {
            "client_id": client_id,
            "client": boards.client_of_team(session, asking(), team_id, client_id),
            "card": boards.card_of(session, asking(), team_id, client_id),
            "columns": boards.columns_of(session, team_id),
            "chosen_team": team_id,
            "review_on": day_of(now) + dt.timedelta(days=days),
            "picked": set(request.form.getlist("reason")),
            "form": form,
        }

    return plain_page("board/card.html", read, status)


def _read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one; otherwise the first by name."""
    teams = teams_now(session, viewer, now)
    if not teams:
        return {"board": None, "team": None, "day": None}
    team, day = teams[0], _day(now)
    if day is None:
        found: Board = boards.team_board(session, asking(), team.team_id, now)
    else:
        found = boards.board_at(session, asking(), team.team_id, at_wall_time(day, MORNING))
    return {
        "board": found,
        "team": team,
        "day": day,
        "chosen_team": team.team_id,
        "slots": range(_SLOTS),
        "may_lead": may_lead(asking(), team.team_id),
    }


def _read_wall(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    teams = teams_now(session, viewer, now)
    if not teams:
        return {"board": None, "team": None, "chosen_team": None}
    team = teams[0]
    found = boards.team_board(session, asking(), team.team_id, now, with_others=False)
    return {"board": found, "team": team, "chosen_team": team.team_id}


def _day(now: dt.datetime) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(request.args.get("dag", ""))
    except ValueError:
        return None
    return day if dt.date(2000, 1, 1) <= day and at_wall_time(day, MORNING) <= now else None

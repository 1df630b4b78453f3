"""`/kontor/varsler/tall`: one team's alerts in figures, for its leader."""

import datetime as dt
from typing import Any

from flask import Blueprint

from fieldapp.domain.access import Viewer
from fieldapp.domain.figures import is_small, share
from fieldapp.errors import AppError
from fieldapp.queries.alerts import figures, truer
from fieldapp.queries.duty import teams_now
from fieldapp.routes._office import chosen_team, plain_page
from fieldapp.routes._web import viewer as asking
from fieldapp.security import access
from fieldapp.texts import local
from fieldapp.texts.figure_words import count_words, decimal, share_words, week_words

bp = Blueprint("alert_figures", __name__, url_prefix="/kontor/varsler")


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(
        count_cell=lambda count: count_words(None if is_small(count) else count),
        decimal=decimal,
        is_small=is_small,
        share_cell=lambda part, whole: share_words(share(part, whole)) if whole else "–",
        week_words=week_words,
    )


@bp.get("/tall")
@access("office", reads="office")
def index() -> tuple[str, int]:
    if asking().role != "leader":
        raise AppError("not_permitted")
    return plain_page("alerts/figures.html", _read)


def _read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`viewer` is narrowed to the chosen team when there is one; otherwise the first by name."""
    teams = teams_now(session, viewer, now)
    if not teams:
        return {"figures": None, "team": None, "proposals": []}
    team = teams[0]
    return {
        "team": team,
        "chosen_team": chosen_team(asking()) or team.team_id,
        "figures": figures.alert_figures(session, viewer, team.team_id, local(now).date()),
        "proposals": [one for one in truer.proposals(session, viewer, now) if one.team_id == team.team_id],
    }

"""`/kontor/varsler/<id>/hvorfor`: why one alert came, who was told, and how it went; to read, and to print."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint

from fieldapp.domain.access import Viewer
from fieldapp.queries import clients
from fieldapp.queries.alerts import notified, reasons
from fieldapp.queries.alerts.clock import MET
from fieldapp.queries.alerts.facts import Fact
from fieldapp.queries.alerts.reasons import AlertReasons
from fieldapp.queries.names import staff_names
from fieldapp.routes._office import not_found, plain_page
from fieldapp.security import access
from fieldapp.texts.contact_words import before_opening_words, until_contact_words
from fieldapp.texts.reason_words import (
    channel_words,
    clock_words,
    devices_words,
    early_words,
    exact_time,
    interval_words,
    stamp,
    step_title,
    took,
    verdict_words,
)

bp = Blueprint("alert_reasons", __name__, url_prefix="/kontor/varsler")


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.filters.update(exact_time=exact_time, stamp=stamp, took=took)
    state.app.jinja_env.globals.update(
        before_opening_words=before_opening_words,
        channel_words=channel_words,
        clock_words=clock_words,
        devices_words=devices_words,
        early_words=early_words,
        interval_words=interval_words,
        step_title=step_title,
        until_contact_words=until_contact_words,
        verdict_words=verdict_words,
    )


@bp.get("/<uuid:alert_id>/hvorfor")
@access("office", reads="office")
def why(alert_id: UUID) -> tuple[str, int]:
    return plain_page("alerts/why.html", lambda *about: _read(alert_id, *about))


def _read(alert_id: UUID, session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    found = reasons.why(session, viewer, alert_id, now)
    if found is None:
        raise not_found()
    alert = found.alert
    told = notified.step_stories(session, alert_id, alert.team_id)
    handed = [one.body.get("to_staff_id") for one in found.answers.values()]
    people = [
        alert.owner,
        alert.snoozed_by,
        *(one.staff_id for one in alert.history),
        *(UUID(one) for one in handed if one),
    ]
    staff = staff_names(session, people)
    return {
        "why": found,
        "alert": alert,
        "client": clients.one_client(session, viewer, alert.client_id, now) if alert.client_id else None,
        "told": told,
        "staff": staff,
        "names_by_text": {str(staff_id): name for staff_id, name in staff.items()},
        "ended_by": contact.degree if (contact := _contact_that_ended(found)) else None,
        "times": _times(found, notified.first_shown_at(told)),
    }


def _contact_that_ended(found: AlertReasons) -> Fact | None:
    ended = next((one for one in reversed(found.alert.history) if one.event == "resolved"), None)
    contact = found.answers.get(ended.entry_id) if ended and ended.entry_id else None
    return contact if contact and contact.degree in MET and found.alert.kind == "not_seen" else None


def _times(found: AlertReasons, shown_at: dt.datetime | None) -> dict[str, dt.timedelta | None]:
    """From when it became open: to the first phone that showed it, to taken, and to seen. None: not (yet)."""
    history = found.alert.history
    opened = next((one.at for one in history if one.event == "team_opened"), found.alert.opened_at)
    taken = next((one.at for one in history if one.event == "acknowledged"), None)
    contact = _contact_that_ended(found)
    seen = contact.contact_at if contact else None
    moments = {"shown": shown_at, "taken": taken, "seen": seen}
    return {name: max(at - opened, dt.timedelta(0)) if at else None for name, at in moments.items()}

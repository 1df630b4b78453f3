"""`/kontor`: the day at a glance, and Angre. The page of one client is in client.py."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import at_wall_time
from fieldapp.errors import AppError, Rejected
from fieldapp.queries import (
    after_death,
    cases,
    check_today,
    entries,
    overview,
    standing,
    still_here,
    to_confirm,
)
from fieldapp.queries.alerts import truer
from fieldapp.queries.names import client_names
from fieldapp.queries.phones import for_leader
from fieldapp.routes._office import done, live_page, not_found, retraction, submit_all
from fieldapp.routes._web import db, viewer
from fieldapp.security import access
from fieldapp.texts import day as day_words
from fieldapp.texts import local
from fieldapp.texts.alert_words import (
    alert_headline,
    happening_words,
    next_check_words,
    resolution_words,
    snoozed_words,
    told_words,
)
from fieldapp.texts.case_words import case_title, date_words, status_words, step_words
from fieldapp.texts.check_words import no_effect_words, released_words, sign_words
from fieldapp.texts.entry_words import entry_detail, entry_title, kroner, lower_first, upper_first
from fieldapp.texts.phone_words import unreachable_words, yes_no
from fieldapp.texts.when import holiday, long_day, near_day, weekday, when

bp = Blueprint("office", __name__, url_prefix="/kontor")

DAY = dt.timedelta(days=1)
CONTACTS_SHOWN = 40
MOST_UNDONE = 100
MET = ("seen", "heard", "reported")


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.filters.update(
        holiday=holiday,
        kroner=kroner,
        long_day=long_day,
        lower_first=lower_first,
        near_day=near_day,
        unbroken=_unbroken,
        upper_first=upper_first,
        weekday=weekday,
        when=when,
    )
    state.app.jinja_env.globals.update(
        alert_headline=alert_headline,
        case_title=case_title,
        date_words=date_words,
        entry_detail=entry_detail,
        entry_title=entry_title,
        happening_words=happening_words,
        no_effect_words=no_effect_words,
        next_check_words=next_check_words,
        released_words=released_words,
        resolution_words=resolution_words,
        sign_words=sign_words,
        snoozed_words=snoozed_words,
        status_words=status_words,
        step_words=step_words,
        told_words=told_words,
        unreachable_words=unreachable_words,
        yes_no=yes_no,
        timedelta=dt.timedelta,
        day_of_text=lambda text: day_words(dt.date.fromisoformat(text)),
    )


def _unbroken(paragraph: str) -> str:
    """«tvfbl § 13-6» that never ends a line at the sign."""
    return paragraph.replace("§ ", "§\u00a0")


@bp.get("")
@access("office", reads="office")
def day() -> str | Response:
    return live_page("office/overview.html", "office/_overview.html", _read_day)


def _read_day(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    midnight = at_wall_time(local(now).date(), dt.time(0, 0))
    contacts = entries.contacts_since(session, viewer, midnight)
    open_cases = cases.open_cases(session, viewer, cases.TENANCY_KINDS)
    week_ends = local(now).date() + 7 * DAY
    return {
        "checks": check_today.check_today(session, viewer, now),
        "not_seen": overview.not_seen(session, viewer, now),
        "crises": cases.crises_since(session, viewer, now - DAY),
        "follow_ups": cases.follow_ups_due(session, viewer, local(now).date()),
        "contacts": contacts[:CONTACTS_SHOWN],
        "client_names": client_names(session, [contact.client_id for contact in contacts]),
        "count": {degree: sum(1 for contact in contacts if contact.degree == degree) for degree in (*MET, "attempt")},
        "cases": open_cases,
        "pressing": sum(1 for case in open_cases if case.first_day <= week_ends),
        "absences": overview.absences(session, viewer, now),
        "reviews": overview.reviews(session, viewer, now),
        "overdue_tasks": [one for one in standing.tasks(session, viewer) if one.is_past(local(now).date())],
        "old_risks": standing.old_risks(session, viewer, local(now).date()),
        "to_confirm": to_confirm.to_confirm(session, viewer),
        "deaths": after_death.deaths(session, viewer, now),
        "left_behind": still_here.left_behind(session, viewer),
        "phones": for_leader.phones_in_trouble(session, viewer, now),
        "unreachable": for_leader.unreachable(session, viewer, now),
        "proposals": truer.proposals(session, viewer, now),
    }


@bp.post("/bruker/<uuid:client_id>/fulgt-opp")
@access("office")
def followed_up(client_id: UUID) -> AnyResponse:
    """«Fulgt opp»: all that kept this client on the list when the button was pressed is answered."""
    with db().deciding() as session:
        standing = check_today.signs_of_client(session, viewer(), client_id)
    shown = set(request.form.getlist("entry_id"))
    answers = [("concern_answered", {"entry_id": str(one)}) for one in standing if str(one) in shown]
    if not answers:
        raise not_found()
    return done(url_for(".day"), "fulgt-opp", *submit_all(answers, client_id=client_id))


@bp.post("/angre")
@access("office")
def undo() -> AnyResponse:
    """Angre: the entries stay, and count for nothing."""
    entry_ids, back = _to_undo(), request.form.get("tilbake", "")
    if not entry_ids or not _is_office_path(back):
        raise AppError("invalid_field", field="entry_id")
    try:
        submit_all([retraction(one, "angret") for one in entry_ids])
    except Rejected as rejected:
        raise AppError("not_found" if rejected.code == "unknown_reference" else "not_permitted") from rejected
    return done(back, "angret")


def _to_undo() -> list[UUID]:
    """One entry, or the few that one button wrote."""
    try:
        return [UUID(one) for one in request.form.get("entry_id", "").strip().split(".")][:MOST_UNDONE]
    except ValueError:
        return []


def _is_office_path(path: str) -> bool:
    return path.startswith("/kontor") and path.isprintable() and not {"\\", "?", "#"} & set(path)

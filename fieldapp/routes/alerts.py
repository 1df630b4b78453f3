"""`/kontor/varsler`: the alerts, and one alert with its whole history and the answers to it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import KINDS, State
from fieldapp.queries import clients, duty, entries, overview
from fieldapp.queries.alerts import unresolved
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import staff_names
from fieldapp.routes._office import Form, done, frame, live_page, not_found, reader, try_submit
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.texts import N_, choices, duration, gettext
from sync.entry_types import ENTRY_TYPES, type_that

bp = Blueprint("alerts", __name__, url_prefix="/kontor/varsler")

HANDED_STEP = 90
RECENT = dt.timedelta(days=7)
SNOOZES = (30, 60, 120, 240)
LEADER_SNOOZES = (*SNOOZES, 480, 720, 1440)
"""Minutes. More than 4 hours only for a leader; the engine cuts what is longer."""
NOT_SEEN_OUTCOMES = ("not_found_plan_made", "found_elsewhere", "mistake", "other")
OTHER_OUTCOMES = ("other", "mistake")

_FINAL = frozenset({"videre", "videre-venter", "videre-stille", "ikke-avsluttet", "alt-avsluttet"})
"""What there is nothing to undo of."""

Answered = tuple[UUID | None, str]
"""The entry that was taken (None: the form has errors), and the code of what was done."""


@bp.get("")
@access("office", reads="office")
def index() -> str | Response:
    def read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
        return {"ended": overview.ended_alerts(session, viewer, now - RECENT)}

    return live_page("alerts/alerts.html", "alerts/_alerts.html", read)


@bp.get("/<uuid:alert_id>")
@access("office", reads="office")
def one(alert_id: UUID) -> str | Response:
    return live_page("alerts/alert.html", "alerts/_alert.html", lambda *about: _read(alert_id, *about))


@bp.post("/<uuid:alert_id>/<any(ta, sett, utsett, avslutt, videre, steg):answer>")
@access("office", reads="office")
def answer(alert_id: UUID, answer: str) -> AnyResponse | tuple[str, int]:
    with db().deciding() as session:
        alert = unresolved.one_alert(session, viewer(), alert_id, clock.now())
    if alert is None:
        raise not_found()
    form = Form.sent(answer)
    entry_id, code = _ANSWERS[answer](form, alert)
    if entry_id is None:
        return _again(alert_id, form), 422
    with db().deciding() as session:
        after = unresolved.one_alert(session, viewer(), alert_id, clock.now())
    happened = _happened(code, alert, after or alert)
    final = happened in _FINAL or (happened == "avsluttet" and alert.kind != "not_seen")
    return done(url_for(".one", alert_id=alert_id), happened, None if final else entry_id)


def _happened(code: str, before: unresolved.AlertDetail, after: unresolved.AlertDetail) -> str:
    """What became of what was asked, by how the alert stands now: it may have moved on while the page stood open."""
    is_over = after.state == State.resolved
    if code == "fort":
        return "fort" if is_over else "fort-for-gammelt"
    if code == "avsluttet" and before.state != State.resolved:
        return "avsluttet" if is_over else "ikke-avsluttet"
    if is_over:
        return "alt-avsluttet"
    if code == "videre":
        return _handed(after)
    return "tatt-av-andre" if code == "tatt" and after.owner != viewer().staff_id else code


def _handed(alert: unresolved.AlertDetail) -> str:
    """A line that never rings is given on in silence, one that waits for its team tells the named person alone."""
    if not KINDS[alert.kind].climbs:
        return "videre-stille"
    return "videre-venter" if alert.state == State.waiting else "videre"


def _again(alert_id: UUID, form: Form) -> str:
    now = clock.now()
    names = showing(lambda session: frame(session, now) | {"mark": ""} | _read(alert_id, session, reader(), now))
    return render_template("alerts/alert.html", **names | {"form": form})


def _degree_that_ended(alert: unresolved.AlertDetail, answers: Mapping[UUID, EntryRow]) -> str | None:
    ended = next((row for row in reversed(alert.history) if row.event == "resolved"), None)
    contact = answers.get(ended.entry_id) if ended and ended.entry_id else None
    return contact.degree if contact else None


def _read(alert_id: UUID, session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    alert = unresolved.one_alert(session, viewer, alert_id, now)
    if alert is None:
        raise not_found()
    client = clients.one_client(session, viewer, alert.client_id, now) if alert.client_id else None
    named = [one.staff_id for one in alert.told] + [one.staff_id for one in alert.history]
    answers = entries.entries_by_id(session, viewer, [alert.subject_id, *(one.entry_id for one in alert.history)])
    handed = [row.body.get("to_staff_id") for row in answers.values()]
    staff = staff_names(
        session, [alert.owner, alert.staff_id, alert.snoozed_by, *named, *(UUID(one) for one in handed if one)]
    )
    return {
        "alert": alert,
        "kind": KINDS[alert.kind],
        "client": client,
        "opening": answers.get(alert.subject_id),
        "answers": answers,
        "steps": entries.steps_of_alert(session, viewer, alert_id),
        "last": entries.entries_of_client(session, viewer, alert.client_id, 5) if alert.client_id else [],
        "ended_by": _degree_that_ended(alert, answers),
        "person_id": viewer.staff_id,
        "colleague_options": duty.colleagues(session, alert.team_id, viewer.staff_id),
        "staff": staff,
        "names_by_text": {str(staff_id): name for staff_id, name in staff.items()},
        "snooze_options": _snooze_options(LEADER_SNOOZES if viewer.role == "leader" else SNOOZES),
        "outcome_options": _outcome_options(alert.kind),
        "handed_step": HANDED_STEP,
    }


def _snooze_options(minutes: tuple[int, ...]) -> list[tuple[int, str]]:
    return [(one, duration(dt.timedelta(minutes=one))) for one in minutes]


def _outcome_options(kind: str) -> list[tuple[str, str]]:
    """«Var sett» has its own form, with when and by whom; what is only about finding somebody belongs to not_seen."""
    only = (
        ("not_found_plan_made", "found_elsewhere", "mistake", "other") if kind == "not_seen" else ("other", "mistake")
    )
    words = dict(choices("alert_outcome"))
    return [(code, words[code]) for code in only]


def _take(form: Form, alert: unresolved.AlertDetail) -> Answered:
    return try_submit(form, _ANSWERING["acknowledge"], {"alert_id": str(alert.id)}, client_id=alert.client_id), "tatt"


def _was_seen(form: Form, alert: unresolved.AlertDetail) -> Answered:
    """«Var sett, ikke ført»: a contact at the time that is told, in the past."""
    seen_at = form.moment("seen_at", required=True)
    if seen_at and seen_at > clock.now():
        form.errors["seen_at"] = gettext(N_("Det kan ikke være fram i tid."))
    body = {
        "alert_id": str(alert.id),
        "outcome": "was_seen",
        "reason": form.text("reason") or gettext(N_("Var sett, ikke ført")),
        "seen_at": seen_at and seen_at.isoformat(),
        "seen_by": form.text("seen_by", required=True),
    }
    return try_submit(form, _ANSWERING["resolve"], body, client_id=alert.client_id), "fort"


def _snooze(form: Form, alert: unresolved.AlertDetail) -> Answered:
    chosen = form.text("minutes", required=True) or ""
    reason = form.text("reason", required=True)
    if chosen and chosen not in map(str, LEADER_SNOOZES):
        form.errors["minutes"] = gettext(N_("Velg hvor lenge."))
        return None, "utsatt"
    until = clock.now() + dt.timedelta(minutes=int(chosen or 0))
    body = {"alert_id": str(alert.id), "until": until.isoformat(), "reason": reason}
    return try_submit(form, _ANSWERING["snooze"], body, client_id=alert.client_id), "utsatt"


def _end(form: Form, alert: unresolved.AlertDetail) -> Answered:
    next_check_at = form.moment("next_check_at")
    if next_check_at and next_check_at <= clock.now():
        form.errors["next_check_at"] = gettext(N_("Neste sjekk må være fram i tid."))
    body = {
        "alert_id": str(alert.id),
        "outcome": form.text("outcome", required=True),
        "reason": form.text("reason", required=True),
        "next_check_at": next_check_at and next_check_at.isoformat(),
    }
    return try_submit(form, _ANSWERING["resolve"], body, client_id=alert.client_id), "avsluttet"


def _hand_over(form: Form, alert: unresolved.AlertDetail) -> Answered:
    to_staff_id = form.uuid("to_staff_id", required=True)
    body = {"alert_id": str(alert.id), "to_staff_id": to_staff_id and str(to_staff_id), "note": form.text("note")}
    return try_submit(form, _ANSWERING["hand_over"], body, client_id=alert.client_id), "videre"


def _step(form: Form, alert: unresolved.AlertDetail) -> Answered:
    body = {"alert_id": str(alert.id), "step": form.text("step", required=True), "note": form.text("note")}
    return try_submit(form, _STEP_OF_CHECK, body, client_id=alert.client_id, team_id=alert.team_id), "steg"


_STEP_OF_CHECK = type_that(lambda row: row.points_at == "alert" and row.answers is None)
_ANSWERING = {row.answers: name for name, row in ENTRY_TYPES.items() if row.answers}
"""The entry type of each answer."""

_ANSWERS: dict[str, Callable[[Form, unresolved.AlertDetail], Answered]] = {
    "ta": _take,
    "sett": _was_seen,
    "utsett": _snooze,
    "avslutt": _end,
    "videre": _hand_over,
    "steg": _step,
}

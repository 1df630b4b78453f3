"""`/kontor/vakt`: a week of the duty list of one team; setting one duty or many, and handing one's own over."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.domain.norway import at_wall_time
from fieldapp.errors import AppError, Rejected
from fieldapp.queries import duty, duty_feed
from fieldapp.routes import _duty_calendar, _duty_pattern
from fieldapp.routes._office import (
    Form,
    chosen_team,
    done,
    frame,
    not_found,
    plain_page,
    reader,
    retraction,
    submit,
    submit_all,
    try_submit,
)
from fieldapp.routes._web import clock, db, settings, showing, signed_in, viewer
from fieldapp.security import access
from fieldapp.services.entries import duty_list
from fieldapp.texts import N_, clock_time, day, gettext, local

bp = Blueprint("duty", __name__, url_prefix="/kontor/vakt")

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
OFFERED_AHEAD = dt.timedelta(weeks=8)
"""How far ahead a colleague's duty may lie to be asked for in return."""
MOST_PUT_BACK = 20
OFFER_FORM = "tilby-"
BACK_FORM = "tilbake"
_HAS_LEFT = N_("Vakta kan ikke settes tilbake: den som hadde den, arbeider ikke i teamet lenger. Sett den på en annen.")
NIGHT_BEGINS, NIGHT_ENDS = 22, 7
"""Hours between which people sleep: who is on duty then needs a channel that rings."""


@bp.get("")
@access("office", reads="office")
def week() -> AnyResponse | tuple[str, int]:
    if not viewer().team_ids:
        return redirect(url_for("team.index"))
    return plain_page("office/duty.html", _read)


@bp.post("")
@access("office", reads="office")
def add() -> AnyResponse | tuple[str, int]:
    team_id = chosen_team(viewer())
    if team_id is None:
        raise not_found()
    form = Form.sent("vakt")
    begins, ends = _span(form)
    staff_id = form.uuid("staff_id", required=True)
    body = {
        "team_id": str(team_id),
        "staff_id": staff_id and str(staff_id),
        "duty": form.text("duty", required=True),
        "from_at": begins and begins.isoformat(),
        "to_at": ends and ends.isoformat(),
    }
    if begins and ends and staff_id and not form.errors:
        with db().reading() as session:
            if duty.is_set(session, team_id, staff_id, body["duty"] or "", begins, ends):
                return done(_here(team_id, local(begins).date()), "vakt-fra-for")
    entry_id = try_submit(form, "duty_set", body, team_id=team_id)
    if entry_id is None:
        return _again(form), 422
    return done(_here(team_id, local(begins).date() if begins else None), "vakt", entry_id)


@bp.post("/<uuid:duty_id>/fjern")
@access("office")
def remove(duty_id: UUID) -> AnyResponse:
    """The entry that set the duty is retracted: it stays, and counts for nothing."""
    with db().reading() as session:
        team_id = duty.duty_team(session, viewer(), duty_id)
        same = duty_list.the_same(session, team_id, duty_id) if team_id else []
    if team_id is None:
        raise not_found()
    reason = gettext(N_("tatt av vaktlista"))
    taken_off = [retraction(one, reason) for one in same]
    try:
        submit_all(taken_off, team_id=team_id)
    except Rejected as rejected:
        raise not_found() from rejected
    return done(_here(team_id, _monday(), removed=".".join(map(str, same))), "fjernet")


@bp.post("/sett-tilbake")
@access("office", reads="office")
def put_back() -> AnyResponse | tuple[str, int]:
    """Angre of «Fjern»: what stood is set again, for whoever held it."""
    team_id = _led_team()
    try:
        removed = [UUID(one) for one in request.form.get("duty_ids", "").split(".")][:MOST_PUT_BACK]
    except ValueError:
        raise not_found() from None
    with db().reading() as session:
        of_team, again = duty_list.to_put_back(session, removed)
    if of_team != team_id:
        raise not_found()
    try:
        submit_all(again, team_id=team_id)
    except Rejected:
        form = Form.sent(BACK_FORM)
        form.errors[""] = gettext(_HAS_LEFT)
        return _again(form), 422
    return done(_here(team_id, _monday()), "angret")


@bp.post("/flere")
@access("office", reads="office")
def add_many() -> AnyResponse | tuple[str, int]:
    """First the list of what would be set; then, when that very list has been looked at, all of it or nothing."""
    team_id = _led_team()
    form = Form.sent(_duty_pattern.NAME)
    with db().reading() as session:
        plan = _duty_pattern.plan(session, form, team_id)
    if plan is None:
        return _again(form), 422
    if form.text("seen") != plan.mark:
        return _again(form, plan), 200
    try:
        entry_ids = submit_all(plan.bodies(team_id), team_id=team_id)
    except Rejected as rejected:
        form.refuse(rejected, *plan.bodies(team_id)[0])
        return _again(form), 422
    first_on = local(plan.rows[0].from_at).date()
    return done(url_for(".week", team=team_id, uke=first_on, flere=entry_ids[0]), "vakter", fragment="gjort")


@bp.post("/flere/<uuid:duty_id>/angre")
@access("office")
def undo_many(duty_id: UUID) -> AnyResponse:
    """All that was set in one go with this duty is taken back in one go."""
    with db().reading() as session:
        team_id, together = duty.duty_team(session, viewer(), duty_id), duty.set_together(session, viewer(), duty_id)
    if team_id is None or not together:
        raise not_found()
    submit_all([retraction(one, "angret") for one in together], team_id=team_id)
    return done(_here(team_id, _monday()), "angret")


@bp.post("/<uuid:duty_id>/tilby")
@access("office", reads="office")
def offer(duty_id: UUID) -> AnyResponse | tuple[str, int]:
    """The holder asks a colleague; nothing changes until the colleague has said yes."""
    with db().reading() as session:
        team_id = duty.duty_team(session, viewer(), duty_id)
    if team_id is None:
        raise not_found()
    form = Form.sent(f"{OFFER_FORM}{duty_id}")
    asked, back = form.uuid("to_staff_id", required=True), form.uuid("in_return_for")
    body = {"duty_id": str(duty_id), "to_staff_id": asked and str(asked), "in_return_for": back and str(back)}
    entry_id = try_submit(form, "duty_handed_over", body, team_id=team_id)
    if entry_id is None:
        return _again(form), 422
    return done(_here(team_id, _monday()), "tilbudt", entry_id)


@bp.post("/tilbud/<uuid:offer_id>/<any(ta, nei):answer>")
@access("office")
def answer_offer(offer_id: UUID, answer: str) -> AnyResponse:
    """Whoever was asked says yes or no; «nei» is also how the one who asked takes the offer back."""
    with db().reading() as session:
        team_id = duty.offer_team(session, viewer(), offer_id)
    if team_id is None:
        raise not_found()
    says_yes = "duty_taken_over", {"handed_over_id": str(offer_id)}
    says_no = retraction(offer_id, gettext(N_("nei til vakta")))
    type_, body = says_yes if answer == "ta" else says_no
    try:
        entry_id = submit(type_, body, team_id=team_id)
    except Rejected as rejected:
        raise AppError("not_permitted") from rejected
    return done(_here(team_id, _monday()), *(("overtatt", entry_id) if answer == "ta" else ("nei",)))


def _led_team() -> UUID:
    team_id = chosen_team(viewer())
    if team_id is None:
        raise not_found()
    if not may_lead(viewer(), team_id):
        raise AppError("not_permitted")
    return team_id


def _again(form: Form, plan: _duty_pattern.Plan | None = None) -> str:
    return week_page(form=form, plan=plan)


def week_page(**shown: Any) -> str:
    """The page, with what a form or a new link adds to it."""
    now = clock.now()
    names = showing(lambda session: frame(session, now) | _read(session, reader(), now, shown.get("form")))
    return render_template("office/duty.html", **names | shown)


def _read(session: Any, _: Viewer, now: dt.datetime, form: Form | None = None) -> dict[str, Any]:
    person = signed_in().viewer
    teams, monday = duty.teams_now(session, person, now), _monday()
    team = next((team for team in teams if team.team_id == chosen_team(person)), teams[0])
    team_id = team.team_id
    days = duty.week(session, team_id, monday, now)
    ahead = duty.ahead(session, team_id, now, now + OFFERED_AHEAD)
    members = duty.choices(session, team_id)
    return {
        "team": team,
        "days": days,
        "calendar": _duty_calendar.week_of(days, members, now),
        "monday": monday,
        "previous": monday - WEEK,
        "following": monday + WEEK,
        "member_options": members,
        "may_edit": may_lead(person, team_id),
        "me": person.staff_id,
        "offering": _offering(ahead, person.staff_id, form),
        "for_whom": request.args.get("hvem", ""),
        "for_day": request.args.get("dag", ""),
        "calendar_links": duty_feed.team_links(session, person, team_id),
        "calendar_address": "",
        "offers_to_me": [row for row in ahead if row.offer and row.offer.to_staff_id == person.staff_id],
        "return_options": [(row.id, _said(row)) for row in ahead if row.staff_id != person.staff_id],
        "shift_times": duty.shift_times(session, team_id),
        "weekdays": _duty_pattern.WEEKDAYS,
        "most_weeks": _duty_pattern.MOST_WEEKS,
        "first_monday": max(monday, _duty_pattern.next_monday(local(now).date())),
        "plan": None,
        "set_together": request.args.get("flere", ""),
        "removed": request.args.get("fjernet", ""),
        "night_without_ringing": not settings().webhook_url and any(_at_night(row) for one in days for row in one.rows),
    }


def _offering(ahead: Sequence[duty.DutyRow], staff_id: UUID, form: Form | None) -> duty.DutyRow | None:
    """The duty its holder is about to offer: chosen in the address, or in the form that is shown again."""
    chosen = form.name.removeprefix(OFFER_FORM) if form is not None else request.args.get("tilby", "")
    own = (row for row in ahead if row.staff_id == staff_id and row.offer is None and not row.is_stood_part)
    return next((row for row in own if str(row.id) == chosen), None)


def _said(row: duty.DutyRow) -> str:
    """A duty in one line of a list to choose from."""
    return f"{row.name}, {day(row.from_at)} {clock_time(row.from_at)}–{clock_time(row.to_at)}"


def _monday() -> dt.date:
    try:
        on = dt.date.fromisoformat(request.args.get("uke", ""))
    except ValueError:
        on = local(clock.now()).date()
    on = min(max(on, dt.date(2000, 1, 3)), dt.date(2190, 1, 1))
    return on - dt.timedelta(days=on.weekday())


def _span(form: Form) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From and to; an end that is not after the beginning means the next day."""
    on = form.day("on", required=True)
    begins, ends = form.clock("from", required=True), form.clock("to", required=True)
    if not (on and begins and ends):
        return None, None
    return at_wall_time(on, begins), at_wall_time(on if ends > begins else on + DAY, ends)


def _at_night(row: duty.DutyRow) -> bool:
    begins, ends = local(row.from_at), local(row.to_at)
    return ends.date() > begins.date() or begins.hour < NIGHT_ENDS or ends.hour >= NIGHT_BEGINS


def _here(team_id: UUID, on: dt.date | None, removed: str | None = None) -> str:
    return url_for(".week", team=team_id, uke=on, fjernet=removed)

"""`/kontor/team/<id>/apningstid`: when a team is open, and what becomes of what falls due while it is closed."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, may_lead
from fieldapp.domain.opening import WEEKDAYS
from fieldapp.domain.watch import DEFAULT_SHIFTS
from fieldapp.queries import accounts, opening
from fieldapp.routes._office import YEARS, Form, done, frame, not_found, plain_page, reader, try_submit
from fieldapp.routes._web import clock, showing, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext
from fieldapp.texts.hours_words import read_spans, write_spans

bp = Blueprint("opening", __name__, url_prefix="/kontor/team")

NAME = "apningstid"
DAYS = tuple(
    zip(
        WEEKDAYS,
        (N_("mandag"), N_("tirsdag"), N_("onsdag"), N_("torsdag"), N_("fredag"), N_("lørdag"), N_("søndag")),
        strict=True,
    )
)
_NOT_HOURS = N_("Skriv tidene slik: 08.00–15.30. La feltet stå tomt når dere er stengt.")
_NOT_DAYS = N_("«%(line)s» er ikke en dato som kan brukes. Skriv én dato på hver linje, slik: 24.12.2026.")


@bp.get("/<uuid:team_id>/apningstid")
@access("office", reads="office")
def show(team_id: UUID) -> tuple[str, int]:
    if team_id not in viewer().team_ids:
        raise not_found()
    return plain_page("office/opening.html", lambda *about: _read(team_id, *about))


@bp.post("/<uuid:team_id>/apningstid")
@access("office", reads="office")
def save(team_id: UUID) -> AnyResponse | tuple[str, int]:
    """Rights are judged at the write door, as for an entry from a phone."""
    if team_id not in viewer().team_ids:
        raise not_found()
    form = Form.sent(NAME)
    body = {
        "team_id": str(team_id),
        "hours": {day: _spans(form, day) for day in WEEKDAYS},
        "shifts": {name: span for name in DEFAULT_SHIFTS if (span := _shift(form, name))},
        "closed_days": _closed_days(form),
        "when_closed": form.text("when_closed", required=True),
        "to_team_id": form.text("to_team_id"),
    }
    if body["when_closed"] == "hand_over" and not body["to_team_id"]:
        form.errors["to_team_id"] = gettext(N_("Velg teamet som tar over."))
    entry_id = try_submit(form, "team_hours_set", body)
    if entry_id is None:
        return _again(team_id, form), 422
    return done(url_for(".show", team_id=team_id), NAME, entry_id)


def _again(team_id: UUID, form: Form) -> str:
    now = clock.now()
    names = showing(lambda session: frame(session, now) | _read(team_id, session, reader(), now))
    return render_template("office/opening.html", **names | {"form": form})


def _read(team_id: UUID, session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    team = next(row for row in accounts.teams_of(session, viewer) if row.id == team_id)
    known = opening.opening_of(session, team_id, now)
    return {
        "team": team,
        "opening": known,
        "days": [(day, gettext(words), _written(known, day)) for day, words in DAYS],
        "shift_rows": [(name, _shift_text(name, known)) for name in DEFAULT_SHIFTS],
        "closed_text": "\n".join(f"{day:%d.%m.%Y}" for day in known.closed_days) if known else "",
        "team_options": [("", gettext(N_("Ingen"))), *opening.other_teams(session, team_id)],
        "may_edit": may_lead(viewer, team_id),
    }


def _written(known: opening.TeamOpening | None, day: str) -> str:
    spans = known.week.get(day, ()) if known else ()
    return write_spans([(span[0], span[1]) for span in spans])


def _shift_text(name: str, known: opening.TeamOpening | None) -> str:
    own = known.shifts.get(name) if known else None
    begins, ends = DEFAULT_SHIFTS[name]
    return write_spans([(own[0], own[1])] if own else [(f"{begins:%H:%M}", f"{ends:%H:%M}")])


def _spans(form: Form, name: str) -> list[tuple[str, str]]:
    try:
        return read_spans(form.text(name) or "")
    except ValueError:
        form.errors[name] = gettext(_NOT_HOURS)
        return []


def _shift(form: Form, name: str) -> tuple[str, str] | None:
    spans = _spans(form, f"shift_{name}")
    if len(spans) > 1:
        form.errors[f"shift_{name}"] = gettext(_NOT_HOURS)
    return spans[0] if spans else None


def _closed_days(form: Form) -> list[str]:
    days = set()
    for line in (form.text("closed_days") or "").split():
        day = _day(line)
        if day is None:
            form.errors["closed_days"] = gettext(_NOT_DAYS) % {"line": line}
            return []
        days.add(day.isoformat())
    return sorted(days)


def _day(line: str) -> dt.date | None:
    try:
        day = dt.datetime.strptime(line, "%d.%m.%Y").date()  # noqa: DTZ007
    except ValueError:
        return None
    return day if day.year in YEARS else None

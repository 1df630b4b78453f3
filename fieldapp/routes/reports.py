"""`/kontor/rapporter`: each report a question, as a page with its chart and table, and as a file; for who leads."""

import datetime as dt
from typing import Any

from flask import Blueprint, Response, request

from fieldapp.domain.access import Viewer
from fieldapp.domain.reports import chart
from fieldapp.domain.reports.basis import LONGEST, Period
from fieldapp.errors import AppError
from fieldapp.queries.reports import read
from fieldapp.queries.reports.asked import Asked, team_names
from fieldapp.routes import _report_files
from fieldapp.routes._office import Form, chosen_team, plain_page, reader
from fieldapp.routes._web import clock, showing
from fieldapp.routes._web import viewer as asking
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local, report_words

bp = Blueprint("reports", __name__, url_prefix="/kontor/rapporter")

_NAMED = f"<any({','.join(read.REPORTS)}):name>"
_FOUR_WEEKS = dt.timedelta(days=27)
_SHORTCUTS = (
    (N_("Siste fire uker"), _FOUR_WEEKS),
    (N_("Siste tolv uker"), dt.timedelta(days=83)),
    (N_("Siste år"), dt.timedelta(days=364)),
)


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.globals.update(
        cell_words=report_words.cell_words,
        key_figure=report_words.key_figure,
        short_words=report_words.short_words,
        time_words=report_words.time_words,
    )


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    _must_lead()
    return plain_page("reports/index.html", _read_all)


@bp.get(f"/{_NAMED}")
@access("office", reads="office")
def one(name: str) -> tuple[str, int]:
    _must_lead()
    return plain_page("reports/one.html", lambda session, viewer, now: _read_one(session, viewer, now, name))


@bp.get(f"/{_NAMED}.csv")
@access("office", reads="print")
def csv(name: str) -> Response:
    asked = _asked_for_file()
    table = showing(lambda session: read.report(session, asked, name))
    return _file(_report_files.csv_of(table), "text/csv", f"{name}.csv")


@bp.get(f"/{_NAMED}.xlsx")
@access("office", reads="print")
def xlsx(name: str) -> Response:
    asked = _asked_for_file()
    table, names = showing(lambda session: (read.report(session, asked, name), team_names(session, asked)))
    filters = [
        (gettext(N_("Fra og med")), asked.period.from_on.isoformat()),
        (gettext(N_("Til og med")), asked.period.to_on.isoformat()),
        (gettext(N_("Team")), ", ".join(names)),
    ]
    return _file(_report_files.xlsx_of(table, name, filters), _report_files.XLSX, f"{name}.xlsx")


def _asked_for_file() -> Asked:
    """What a file is of; what is wrong with the question is refused."""
    _must_lead()
    period, form = _period(clock.now())
    if form.errors:
        raise AppError("invalid_field", field=next(iter(form.errors)))
    viewer = reader()
    return Asked(viewer, viewer.team_ids, period, clock.now())


def _file(content: str | bytes, type_: str, name: str) -> Response:
    return Response(content, mimetype=type_, headers={"Content-Disposition": f"attachment; filename={name}"})


def _must_lead() -> None:
    """Another's team is as good as missing."""
    if asking().role != "leader":
        raise AppError("not_permitted")
    if request.args.get("team") and chosen_team(asking()) is None:
        raise AppError("not_found")


def _period(now: dt.datetime) -> tuple[Period, Form]:
    """The days that were asked for, else the last four weeks; with what is wrong with them."""
    form, today = Form(request.args), local(now).date()
    to_on = form.day("to") or today
    from_on = form.day("from") or to_on - _FOUR_WEEKS
    if not form.errors and from_on > to_on:
        form.errors["to"] = gettext(N_("Til må være etter fra."))
    if not form.errors and to_on - from_on > LONGEST:
        form.errors["from"] = gettext(N_("Velg høyst tre år."))
    return (Period(today - _FOUR_WEEKS, today) if form.errors else Period(from_on, to_on)), form


def _read_all(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    asked, names = _asked(viewer, now)
    return names | {"reports": read.all_reports(session, asked)}


def _read_one(session: Any, viewer: Viewer, now: dt.datetime, name: str) -> dict[str, Any]:
    asked, names = _asked(viewer, now)
    table = read.report(session, asked, name)
    shown = chart.CHARTS.get(name)
    return names | {
        "name": name,
        "table": table,
        "chart": shown,
        "bars": chart.bars(table, shown) if shown else (),
        "kinds": {column.name: column.kind for column in table.columns},
    }


def _asked(viewer: Viewer, now: dt.datetime) -> tuple[Asked, dict[str, Any]]:
    """`viewer` is narrowed to the chosen team when there is one."""
    period, form = _period(now)
    today = local(now).date()
    team = chosen_team(asking())
    return Asked(viewer, viewer.team_ids, period, now), {
        "period": period,
        "form": form,
        "words": report_words,
        "filters": {"from": period.from_on, "to": period.to_on, "team": team},
        "shortcuts": [(gettext(text), today - length, today) for text, length in _SHORTCUTS],
    }

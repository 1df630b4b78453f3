"""What lies behind a client's page: all entries, searched and month by month; a year for print; the tenancy's timeline;
and who has read the record.
"""

import datetime as dt
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from fieldapp.domain.access import Viewer
from fieldapp.domain.norway import day_of
from fieldapp.queries import client_history, client_year, clients, files, readers, tenancy_line
from fieldapp.queries.clients import ClientCard
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import client_names
from fieldapp.queries.readers import Search
from fieldapp.routes._office import Form, frame, not_found, plain_page
from fieldapp.routes._web import clock, showing, viewer
from fieldapp.routes.read_log import ground
from fieldapp.security import access
from fieldapp.texts import N_, gettext, label
from fieldapp.texts.when import month_name

bp = Blueprint("client_history", __name__, url_prefix="/kontor/bruker/<uuid:client_id>")

FIRST_YEAR = 1990
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_PLACE = re.compile(r"(-?\d{1,17})\.([0-9a-f]{32})", re.ASCII)

Build = Callable[[Any, Viewer, ClientCard, dt.datetime], dict[str, Any]]


@bp.record_once
def _teach_templates(state: Any) -> None:
    state.app.jinja_env.filters.update(month_name=month_name)


@bp.get("/oppforinger")
@access("office", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    """All entries, the newest first, narrowed and a page at a time."""
    form = Form(request.args)
    wanted = _wanted(form)

    def build(session: Any, reader: Viewer, card: ClientCard, now: dt.datetime) -> dict[str, Any]:
        known = client_history.known(session, reader, card.id)
        page = client_history.search(session, reader, card.id, wanted, now)
        return {
            "form": form,
            "wanted": wanted,
            "known": known,
            "months": _by_month(page.entries),
            "page": page,
            "narrowed": _narrowed(wanted),
            "older": _narrowed(wanted) | {"for": _written(page.older)} if page.older else None,
            "photos": files.files_of_entries(session, reader, [one.id for one in page.entries]),
            "kind_options": _options(
                N_("Alt"), sorted(((one, label("entry_type", one)) for one in known.kinds), key=_words)
            ),
            "author_options": _options(N_("Alle"), [(str(id_), name) for id_, name in known.authors]),
        }

    return _page("entries/history.html", client_id, build, 422 if form.errors else 200)


@bp.get("/aar/<int:year>")
@access("office", reads="print")
def year(client_id: UUID, year: int) -> tuple[str, int]:
    """One year, for print."""
    if not FIRST_YEAR <= year <= day_of(clock.now()).year:
        raise not_found()

    def build(session: Any, reader: Viewer, card: ClientCard, now: dt.datetime) -> dict[str, Any]:
        return {
            "told": client_year.client_year(session, reader, card.id, year, now),
            "this_year": day_of(now).year,
            "first_year": FIRST_YEAR,
        }

    return _page("entries/year.html", client_id, build)


@bp.get("/bolig")
@access("office", reads="office")
def tenancy(client_id: UUID) -> tuple[str, int]:
    """What threatens the home, in one line of time."""
    return _page(
        "entries/tenancy.html",
        client_id,
        lambda session, reader, card, _: {"line": tenancy_line.tenancy_line(session, reader, card.id)},
    )


@bp.get("/lest")
@access("readers", reads="office")
def readers_of(client_id: UUID) -> str:
    """Who has read the record, the newest first. For whoever may not ask, the client does not exist."""
    form, now = Form(request.args), clock.now()
    wanted = Search(client_id=client_id, only_opened=form.text("hva") == "opened", before=form.number("for", 0, 10**9))

    def read(session: Any) -> dict[str, Any]:
        if not readers.may_see_readers(session, viewer(), client_id):
            raise not_found()
        found = readers.search(session, viewer(), wanted)
        name = client_names(session, [client_id])[client_id]
        older = found[readers.PAGE - 1].seq if len(found) > readers.PAGE else None
        about = {"client": {"id": client_id, "name": name}, "lines": found[: readers.PAGE], "older": older}
        return frame(session, now) | about

    names = showing(read, ground())
    return render_template("entries/readers.html", **names | {"form": form, "wanted": wanted})


def _page(page: str, client_id: UUID, build: Build, status: int = 200) -> tuple[str, int]:
    """A page about one client; 404 where there is none for the viewer."""

    def read(session: Any, reader: Viewer, now: dt.datetime) -> dict[str, Any]:
        card = clients.one_client(session, reader, client_id, now)
        if card is None:
            raise not_found()
        return {"client": card} | build(session, reader, card, now)

    return plain_page(page, read, status)


def _wanted(form: Form) -> client_history.Wanted:
    since, until = form.day("fra"), form.day("til")
    if since and until and since > until:
        form.errors["til"] = gettext(N_("Til må være etter fra."))
    return client_history.Wanted(
        kind=form.text("art") or "",
        author_id=form.uuid("hvem"),
        since=since,
        until=until,
        words=(form.text("ord") or "")[:100],
        before=_place(form.text("for") or ""),
    )


def _narrowed(wanted: client_history.Wanted) -> dict[str, str]:
    """What the address says of it."""
    said = {
        "ord": wanted.words,
        "art": wanted.kind,
        "hvem": wanted.author_id,
        "fra": wanted.since,
        "til": wanted.until,
    }
    return {name: str(value) for name, value in said.items() if value}


def _place(text: str) -> client_history.Place | None:
    """The place in a text that `_written` made; None, which is the newest entry, for any other."""
    found = _PLACE.fullmatch(text)
    try:
        return (_EPOCH + int(found[1]) * _MICROSECOND, UUID(hex=found[2])) if found else None
    except OverflowError:
        return None


def _written(place: client_history.Place) -> str:
    at, entry_id = place
    return f"{(at - _EPOCH) // _MICROSECOND}.{entry_id.hex}"


def _by_month(rows: tuple[EntryRow, ...]) -> list[tuple[dt.date, list[EntryRow]]]:
    return [(month, list(some)) for month, some in groupby(rows, key=lambda row: day_of(row.at).replace(day=1))]


def _options(first: str, rest: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", gettext(first)), *rest]


def _words(option: tuple[str, str]) -> str:
    return option[1]

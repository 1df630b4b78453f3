"""Partners' links on a client's page at the office: made, shown once, ended."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer
from fieldapp.errors import AppError
from fieldapp.queries import clients, partner_links
from fieldapp.queries.visible import sees
from fieldapp.routes._office import Form, done, not_found, plain_page
from fieldapp.routes._web import clock, db, settings, viewer
from fieldapp.security import access
from fieldapp.services.entries import partner_links as links
from fieldapp.texts import N_, gettext, label

bp = Blueprint("partner_links", __name__, url_prefix="/kontor/bruker/<uuid:client_id>/lenker")


@bp.get("")
@access("office", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    return _page(client_id, Form())


@bp.post("")
@access("office", reads="office")
def make(client_id: UUID) -> tuple[str, int]:
    """Answers with the address itself: it is shown once, and kept nowhere."""
    form = Form.sent("lenke")
    name, source, days = (form.text(field, required=True) for field in ("name", "source", "days"))
    if form.text("agreed") is None:
        form.errors["agreed"] = gettext(N_("Spør brukeren først. Bare de brukeren har sagt ja til, kan få en lenke."))
    if name and len(name) > links.LONGEST_NAME:
        form.errors["name"] = gettext(N_("Navnet kan ha høyst %(n)s tegn.")) % {"n": links.LONGEST_NAME}
    if form.errors:
        return _page(client_id, form, 422)
    try:
        with db().transaction() as session:
            token = links.make(session, viewer(), client_id, source or "", name or "", int(days or 0), clock.now())
    except (AppError, ValueError) as error:
        if isinstance(error, AppError) and error.field is None:
            raise
        form.errors[getattr(error, "field", None) or "days"] = gettext(N_("Velg fra lista."))
        return _page(client_id, form, 422)
    return _page(client_id, Form(), address=_public(url_for("partner.show", token=token)), made_for=name or "")


@bp.post("/egen")
@access("office", reads="office")
def make_own(client_id: UUID) -> tuple[str, int]:
    """The client's own link, for as long as any lasts; shown once, as the others."""
    form = Form.sent("egen")
    if form.text("agreed") is None:
        form.errors["agreed"] = gettext(N_("Spør brukeren først."))
        return _page(client_id, form, 422)
    name = gettext(N_("Brukeren selv"))
    with db().transaction() as session:
        token = links.make(session, viewer(), client_id, links.OWN, name, max(links.LASTS_DAYS), clock.now())
    return _page(client_id, Form(), address=_public(url_for("partner.show", token=token)), made_for=name)


@bp.post("/<uuid:link_id>/avslutt")
@access("office")
def end(client_id: UUID, link_id: UUID) -> AnyResponse:
    with db().deciding() as session:
        if not sees(session, viewer(), client_id):
            raise not_found()
    with db().transaction() as session:
        links.end(session, viewer(), client_id, link_id, clock.now())
    return done(url_for("office.client", client_id=client_id), "lenke-slutt")


def _page(client_id: UUID, form: Form, status: int = 200, **shown: Any) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, now: dt.datetime) -> dict[str, Any]:
        card = clients.one_client(session, reader, client_id, now)
        if card is None:
            raise not_found()
        return {
            "client": card,
            "form": form,
            "links": partner_links.links_of_client(session, reader, client_id),
            "may_invite": partner_links.may_invite(session, reader, client_id),
            "source_options": [(code, label("source", code)) for code in links.sources_to_choose(session, client_id)],
            "days_options": [(days, _lasts(days)) for days in links.LASTS_DAYS],
            **shown,
        }

    return plain_page("office/partner_links.html", read, status)


def _lasts(days: int) -> str:
    months = days // 30
    return gettext(N_("1 måned")) if months == 1 else gettext(N_("%(n)s måneder")) % {"n": months}


def _public(path: str) -> str:
    return (settings().public_url or request.host_url).rstrip("/") + path

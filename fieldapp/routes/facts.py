"""Sharing single facts of a client with landlords: the team's page with a preview, and what a landlord is told."""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import Viewer, sees_only_housing
from fieldapp.domain.norway import day_of
from fieldapp.errors import Rejected
from fieldapp.queries import facts
from fieldapp.queries.consents import consents_of
from fieldapp.routes._basis import basis_in
from fieldapp.routes._office import Form, done, not_found, plain_page, submit_all, try_submit
from fieldapp.routes._web import clock, db, showing, viewer
from fieldapp.security import access
from fieldapp.services.projections.facts import told_now
from fieldapp.texts import N_, gettext
from fieldapp.texts.fact_words import fact_words
from sync.codes import SharedFact
from sync.entry_types import type_that

bp = Blueprint("facts", __name__, url_prefix="/kontor")

SHARE = "del-opplysning"
_TENANCY = type_that(lambda row: row.stands is not None and row.stands.kind == "housing")
_SHARES, _STOPS = type_that(lambda row: row.shares == "shares"), type_that(lambda row: row.shares == "stops")


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"fact_words": fact_words}


@bp.get("/delt")
@access("signed_in", reads="office")
def told() -> str:
    """«Delt med deg», for a landlord."""
    if not sees_only_housing(viewer().role):
        raise not_found()
    now = clock.now()
    rows = showing(lambda session: facts.told_to(session, viewer(), now))
    return render_template("office/facts_told.html", rows=rows, now=now)


@bp.get("/bruker/<uuid:client_id>/deling")
@access("office", reads="office")
def index(client_id: UUID) -> tuple[str, int]:
    return _page(client_id, Form())


@bp.post("/bruker/<uuid:client_id>/deling")
@access("office", reads="office")
def share(client_id: UUID) -> AnyResponse | tuple[str, int]:
    """One fact, shared as the preview said it: what has changed since the page was made is looked at again first."""
    _must_tell(client_id)
    form = Form.sent(SHARE)
    with db().deciding() as session:
        has_died = facts.has_died(session, viewer(), client_id)
        lives_in = facts.lives_in(session, viewer(), client_id)
    if has_died:
        return _tell_that_it_is_over(client_id, form, lives_in)
    what, people = form.text("what", required=True), request.form.getlist("to_staff_id")
    until_on = form.day("until_on")
    if until_on is not None and until_on < day_of(clock.now()):
        form.errors["until_on"] = gettext(N_("Velg en dag som ikke er passert."))
    if not people:
        form.errors["to_staff_id"] = gettext(N_("Velg minst én."))
    if what in list(SharedFact) and form.text(f"sier-{what}") != _preview(client_id)[what]:
        form.errors["what"] = gettext(N_("Det huseier får se, er endret. Les det på nytt."))
    body = {"what": what, "to_staff_ids": people, "until_on": until_on.isoformat() if until_on else None}
    body |= basis_in(form)
    if try_submit(form, _SHARES, body, client_id=client_id) is None:
        return _page(client_id, form, 422)
    return done(url_for(".index", client_id=client_id), "opplysning-delt")


def _tell_that_it_is_over(client_id: UUID, form: Form, lives_in: str) -> AnyResponse | tuple[str, int]:
    """After a death: the last day of the tenancy is written down and told, and nothing else can be."""
    over_on, people = form.day("over_on", required=True), request.form.getlist("to_staff_id")
    basis = basis_in(form)
    if not people:
        form.errors["to_staff_id"] = gettext(N_("Velg minst én."))
    if form.errors or over_on is None:
        return _page(client_id, form, 422)
    ended = {"situation": lives_in, "from_on": over_on.isoformat(), "contract_end_on": over_on.isoformat()}
    told = {"what": str(SharedFact.contract), "to_staff_ids": people} | basis
    try:
        submit_all([(_TENANCY, ended), (_SHARES, told)], client_id=client_id)
    except Rejected as rejected:
        form.refuse(rejected, _SHARES, told)
        return _page(client_id, form, 422)
    return done(url_for(".index", client_id=client_id), "opplysning-delt")


@bp.post("/bruker/<uuid:client_id>/deling/<uuid:fact_id>/stopp")
@access("office", reads="office")
def stop(client_id: UUID, fact_id: UUID) -> AnyResponse | tuple[str, int]:
    """In one tap."""
    _must_tell(client_id)
    form = Form.sent(str(fact_id))
    with db().deciding() as session:
        row = next(
            (one for one in facts.facts_of_client(session, viewer(), client_id, clock.now()) if one.id == fact_id), None
        )
    if row is None:
        raise not_found()
    body = {"what": row.what, "to_staff_ids": [str(row.staff_id)]}
    if try_submit(form, _STOPS, body, client_id=client_id) is None:
        return _page(client_id, form, 422)
    return done(url_for(".index", client_id=client_id), "opplysning-stoppet")


def _must_tell(client_id: UUID) -> None:
    with db().deciding() as session:
        if not facts.may_tell(session, viewer(), client_id):
            raise not_found()


def _preview(client_id: UUID) -> dict[str, str]:
    """The sentence of each fact, exactly as whoever is told reads it."""
    with db().deciding() as session:
        return {str(what): fact_words(what, told_now(session, client_id, what)) for what in SharedFact}


def _page(client_id: UUID, form: Form, status: int = 200) -> tuple[str, int]:
    def read(session: Any, reader: Viewer, now: dt.datetime) -> dict[str, Any]:
        name = facts.client_name(session, reader, client_id)
        if name is None:
            raise not_found()
        return {
            "client_id": client_id,
            "client_name": name,
            "may_tell": facts.may_tell(session, reader, client_id),
            "rows": facts.facts_of_client(session, reader, client_id, now),
            "landlords": facts.landlords(session, reader, client_id),
            "preview": {str(what): fact_words(what, told_now(session, client_id, what)) for what in SharedFact},
            "consents": consents_of(session, reader, client_id),
            "form": form,
            "has_died": facts.has_died(session, reader, client_id),
            "chosen": set(request.form.getlist("to_staff_id")),
        }

    return plain_page("office/facts.html", read, status)

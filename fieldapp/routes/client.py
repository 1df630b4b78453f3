"""`/kontor/bruker/<id>`: the page of one client, with its address behind code 7 and the photos of its entries.

Its endpoints are office's (`office.client`): every page links to it.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Response

from fieldapp.domain.access import Viewer, may_appoint, may_give_a_team, may_limit
from fieldapp.domain.watch import DEFAULT_AGREED_SHIFTS
from fieldapp.queries import (
    after_death,
    cases,
    clients,
    code6,
    emergencies,
    entries,
    facts,
    files,
    journal_bundle,
    merged,
    overview,
    partner_links,
    standing,
)
from fieldapp.queries.consents import consents_of
from fieldapp.routes._client_forms import forms_for, preset
from fieldapp.routes._images import image_of
from fieldapp.routes._office import Form, not_found, plain_page
from fieldapp.routes._web import signed_in
from fieldapp.routes.office import bp
from fieldapp.security import access
from fieldapp.texts import gettext, label, local
from fieldapp.texts.entry_words import lower_first
from fieldapp.texts.office_forms import PLAN_WORDS

CLIENT_ENTRIES = 30


@bp.get("/bruker/<uuid:client_id>")
@access("office", reads="office")
def client(client_id: UUID) -> tuple[str, int]:
    return client_page(client_id, Form())


@bp.post("/bruker/<uuid:client_id>/adresse")
@access("office", reads="office")
def show_address(client_id: UUID) -> tuple[str, int]:
    """Answers with the address itself: it stands on no page that is asked for. The reason is in the read log."""
    form = Form.sent("adresse")
    reason = form.text("reason", required=True)
    return client_page(client_id, Form() if reason else form, 200 if reason else 422, reason)


def client_page(
    client_id: UUID, form: Form, status: int = 200, reason_for_address: str | None = None
) -> tuple[str, int]:
    """The page of one client, with a form that was sent from it."""

    def read(session: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
        card = clients.one_client(session, viewer, client_id, now)
        if card is None:
            raise not_found()
        address = reason_for_address and clients.masked_address(session, viewer, client_id, reason_for_address)
        if reason_for_address and not address:
            raise not_found()
        today = local(now).date()
        shifts = card.watch.shifts if card.watch else ()
        told = entries.entries_of_client(session, viewer, client_id, CLIENT_ENTRIES)
        return {
            "client": card,
            "shift_words": ", ".join(lower_first(label("shift", shift)) for shift in shifts or DEFAULT_AGREED_SHIFTS),
            "entries": told,
            "photos": files.files_of_entries(session, viewer, [one.id for one in told]),
            "cases": cases.cases_of_client(session, viewer, client_id),
            "alerts": overview.alerts_of_client(session, viewer, client_id),
            "around": standing.of_client(session, viewer, client_id, now),
            "absences": overview.absences_of_client(session, viewer, client_id, now),
            "office_forms": forms_for(signed_in().viewer, card),
            "preset_of": lambda name, thing=None: preset(name, card, thing, today),
            "staff_options": clients.may_be_primary(session, client_id),
            "plan_words": [(name, gettext(words)) for name, words in PLAN_WORDS],
            "links": partner_links.links_of_client(session, viewer, client_id),
            "may_invite": partner_links.may_invite(session, viewer, client_id),
            "form": form,
            "shown_address": address,
            "own_team_ids": signed_in().viewer.team_ids,
            "may_limit": may_limit(viewer),
            "may_hand_on": journal_bundle.is_handed_on(session, viewer, client_id),
            "may_merge": merged.may_merge(viewer),
            "merged": merged.merged_clients(session, viewer, client_id),
            "granted": emergencies.granted_until(session, viewer, client_id, now),
            "texts_waiting": code6.waiting(session, viewer, client_id),
            "facts": facts.facts_of_client(session, viewer, client_id, now),
            "may_tell": facts.may_tell(session, viewer, client_id),
            "to_see_to": after_death.to_see_to(session, viewer, client_id, now),
            "may_give": may_give_a_team(viewer),
            "consents": consents_of(session, viewer, client_id),
            "other_teams": clients.other_teams(session, card),
            "may_appoint": may_appoint(viewer, card.primary_staff_id),
            "primary_options": clients.may_be_primary(session, client_id),
        }

    return plain_page("office/client.html", read, status)


@bp.get("/bilde/<uuid:file_id>")
@access("office", reads="office")
def photo(file_id: UUID) -> Response:
    """The photo of an entry that the viewer reads, noted as opened."""
    image = image_of(file_id)
    if image is None:
        raise not_found()
    return image

"""Which forms stand on a client's page for whom, and what stands in them before anybody has typed."""

import datetime as dt
from typing import Any

from fieldapp.domain.access import Viewer, may_submit
from fieldapp.domain.norway import add_months
from fieldapp.queries.clients import ClientCard
from fieldapp.texts.office_forms import OFFICE_FORMS, OfficeForm

RESUMES = "gjenoppta"
"""The one form for somebody whose follow-up has ended."""
_CARD = ("name", "alias", "birth_year", "phone", "address")
_WATCH = (
    *("mode", "shifts", "counts", "sources", "may_enter", "key_ref"),
    *("when_closed", "tighten_days", "pause_with_others"),
)
_TODAY = {"avtale": "made_on", "bosituasjon": "from_on", "vedtak": "from_on", "vedtaksslutt": "on"}


def forms_for(viewer: Viewer, card: ClientCard) -> dict[str, OfficeForm]:
    """The forms whose entries this person may write about this client."""
    if card.deceased:
        return {}
    is_primary, is_ended = card.primary_staff_id == viewer.staff_id, card.ended_at is not None
    return {
        name: one
        for name, one in OFFICE_FORMS.items()
        if (name == RESUMES) == is_ended and may_submit(viewer, one.type, is_primary)
    }


def preset(name: str, card: ClientCard, thing: Any, today: dt.date) -> dict[str, Any]:
    """What stands in a form. `thing`: what it is about; of a risk that is looked at again, what it says now."""
    said = dict(getattr(thing, "body", {}))
    if name in _TODAY and not (thing and name == "vedtak"):
        said[_TODAY[name]] = today.isoformat()
    if name == "vedtak" and said.get("hours"):
        said["hours"] = said["hours"].replace(".", ",")
    if name == "opplysninger":
        said = {field: getattr(card, field) for field in _CARD}
    if name == "tilsyn" and card.watch:
        said = {field: getattr(card.watch, field) for field in _WATCH}
        said["hours"] = card.watch.interval_minutes // 60
    if name == "kontakt":
        said["days"] = card.contact_interval_days
    if months := OFFICE_FORMS[name].review_in_months:
        said["review_on"] = add_months(today, months).isoformat()
    return said

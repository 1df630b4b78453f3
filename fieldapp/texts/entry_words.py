"""How one entry reads in a line: what it was («Hjemmebesøk, traff»), then what was said, agreed and noted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from fieldapp.texts.catalogues import N_, filled, gettext
from fieldapp.texts.labels import label
from fieldapp.texts.times import moment

Body = dict[str, Any]

_OUTCOME = {
    "visit_logged": ("visit_outcome", "outcome"),
    "call_logged": ("call_outcome", "outcome"),
    "sighting_reported": ("sighting", "what"),
    "concern_raised": ("urgency", "urgency"),
    "crisis_opened": ("crisis_kind", "kind"),
    "crisis_closed": ("crisis_outcome", "outcome"),
    "home_entered": ("found", "found"),
    "absence_started": ("absence_kind", "kind"),
    "absence_ended": ("absence_outcome", "outcome"),
    "rent_problem_updated": ("rent_status", "status"),
    "neighbour_complaint_updated": ("complaint_status", "status"),
    "agreement_withdrawn": ("withdrawn_how", "how"),
    "follow_up_ended": ("follow_up_reason", "reason"),
    "watch_set": ("watch_mode", "mode"),
    "alert_resolved": ("alert_outcome", "outcome"),
    "entry_corrected": ("correction", "what"),
}


def lower_first(text: str) -> str:
    """As inside a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def kroner(amount: str) -> str:
    """«14 250,00 kr» from the exact decimal string of the contract."""
    whole, _, fraction = amount.partition(".")
    return f"{int(whole):,}".replace(",", "\u00a0") + f",{fraction:0<2} kr"


def entry_title(type_: str, body: Body) -> str:
    """What it was, and how it went."""
    if type_ == "crisis_step_logged":
        return label("crisis_step", body["step"]) + (f" ({body['count']})" if body.get("count") else "")
    title = label("entry_type", type_)
    list_name, field = _OUTCOME.get(type_, ("", ""))
    return f"{title}, {lower_first(label(list_name, body[field]))}" if body.get(field) else title


def entry_detail(type_: str, body: Body, now: dt.datetime | None = None) -> str:
    """What was said, agreed and noted; the person's own words first. Days of another year than now's say which."""
    said = _ended_alert(body, now) if type_ == "alert_resolved" else _DETAILS.get(type_, _nothing)(body)
    parts = [part.strip() for part in (*said, body.get("note") or "") if part.strip()]
    return " ".join([*(_closed(part) for part in parts[:-1]), *parts[-1:]])


def _closed(part: str) -> str:
    """A part that another follows ends as a sentence does."""
    return part if part.endswith((".", "!", "?", ":", "…", "»")) else f"{part}."


def _nothing(_: Body) -> tuple[str, ...]:
    return ()


def _quoted(text: str | None) -> str:
    return f"«{text}»" if text else ""


def _sentence(text: str, **values: Any) -> str:
    return filled(gettext(text), values) if all(values.values()) else ""


def _codes(list_name: str, codes: list[str] | None) -> str:
    return ", ".join(lower_first(label(list_name, code)) for code in codes or ())


def _visit(body: Body) -> tuple[str, ...]:
    condition = body.get("condition")
    return (
        _quoted(body.get("client_said")),
        _sentence(N_("Mitt inntrykk: %(what)s."), what=condition and lower_first(label("condition", condition))),
        _sentence(N_("Avtalt: %(what)s"), what=body.get("agreed")),
    )


def _street(body: Body) -> tuple[str, ...]:
    people = body.get("people", 1)
    return (
        _closed(body["place_label"]) if body.get("place_label") else "",
        gettext(N_("%(n)s personer.")) % {"n": people} if people > 1 else "",
        gettext(N_("Privat samtale.")) if body.get("private") else "",
    )


def _rent(body: Body) -> tuple[str, ...]:
    amount = body.get("amount_nok")
    return (
        _sentence(N_("Restanse %(amount)s."), amount=amount and kroner(amount)),
        _sentence(N_("Brev: %(what)s."), what=_codes("letter", [one["kind"] for one in body.get("letters") or ()])),
        _sentence(N_("Plan: %(what)s."), what=_codes("rent_plan", [body["plan"]] if body.get("plan") else [])),
    )


def _complaint(body: Body) -> tuple[str, ...]:
    """Never who complained: that is kept apart."""
    role, answer = body.get("client_role"), body.get("answer_given")
    return (
        _sentence(N_("Det gjelder %(what)s."), what=_codes("complaint", body.get("what"))),
        _sentence(N_("%(role)s."), role=role and label("client_role", role)),
        _sentence(N_("Svar gitt: %(answer)s"), answer=answer) if isinstance(answer, str) else "",
    )


def _home(body: Body) -> tuple[str, ...]:
    told = body.get("told")
    return (
        _sentence(N_("%(ground)s."), ground=label("entry_ground", body["ground"])),
        body.get("reason", ""),
        _sentence(N_("Prøvd først: %(what)s."), what=_codes("tried", body.get("tried"))),
        _sentence(N_("Fortalt beboeren: %(how)s."), how=told and lower_first(label("told", told))),
    )


def _ended_alert(body: Body, now: dt.datetime | None) -> tuple[str, ...]:
    return (
        body.get("reason", ""),
        _sentence(N_("Sett %(at)s."), at=_moment(body.get("seen_at"), now)),
        _sentence(N_("Sett av %(who)s."), who=body.get("seen_by")),
        _sentence(N_("Ny sjekk %(at)s."), at=_moment(body.get("next_check_at"), now)),
    )


def _moment(text: str | None, now: dt.datetime | None) -> str:
    return moment(dt.datetime.fromisoformat(text), now) if text else ""


def _reason(body: Body) -> tuple[str, ...]:
    return (body.get("reason") or "",)


_DETAILS: dict[str, Callable[[Body], tuple[str, ...]]] = {
    "visit_logged": _visit,
    "street_contact_logged": _street,
    "concern_raised": _reason,
    "rent_problem_reported": _rent,
    "rent_problem_updated": _rent,
    "neighbour_complaint_received": _complaint,
    "neighbour_complaint_updated": _complaint,
    "home_entered": _home,
    "absence_started": lambda body: (body.get("where") or "",),
    "absence_ended": lambda body: (body.get("where_to") or "",),
    "watch_set": _reason,
    "alert_snoozed": _reason,
    "entry_corrected": _reason,
}

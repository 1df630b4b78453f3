"""How one entry reads in a line: what it was («Hjemmebesøk, traff»), then what was said, agreed and noted."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fieldapp.texts.catalogues import N_, filled, gettext
from fieldapp.texts.labels import label
from fieldapp.texts.times import day, moment
from sync.entry_types import ENTRY_TYPES

Body = dict[str, Any]


def lower_first(text: str) -> str:
    """As inside a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """As the first word of a sentence."""
    return text[:1].upper() + text[1:]


def kroner(amount: str) -> str:
    """«14 250,00 kr» from the exact decimal string of the contract."""
    whole, _, fraction = amount.partition(".")
    return f"{int(whole):,}".replace(",", "\u00a0") + f",{fraction:0<2} kr"


def entry_title(type_: str, body: Body) -> str:
    """What it was, and how it went."""
    if type_ == "crisis_step_logged":
        return label("crisis_step", body["step"]) + (f" ({body['count']})" if body.get("count") else "")
    if type_ == "visit_logged" and body.get("quick") and body["outcome"] == "seen":
        return gettext(N_("Sett"))  # one tap says that the person was seen, and no more
    if type_ == "alert_resolved" and body.get("outcome") == "was_seen":
        return label("alert_outcome", "was_seen")
    if type_ == "crisis_opened" and body["kind"] == "other":
        return label("entry_type", type_)  # the clock starts before anybody has said what it is
    title = _visit_title(body) if type_ == "visit_logged" else label("entry_type", type_)
    row = ENTRY_TYPES.get(type_)
    list_name, field = (row and row.outcome) or ("", "")
    return f"{title}, {lower_first(label(list_name, body[field]))}" if body.get(field) else title


def _visit_title(body: Body) -> str:
    """A home visit is one at home; elsewhere the place is named."""
    if body.get("place", "home") == "home":
        return label("entry_type", "visit_logged")
    return gettext(N_("Besøk (%(place)s)")) % {"place": lower_first(label("visit_place", body["place"]))}


def entry_detail(
    type_: str, body: Body, now: dt.datetime | None = None, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """What was said, agreed and noted; the person's own words first. Days of another year than now's say which.

    `names`: what the ids in the body are called.
    """
    if type_ == "alert_resolved":
        said = _ended_alert(body, now)
    elif type_ in _NAMING:
        said = _NAMING[type_](body, names)
    else:
        said = _DETAILS.get(type_, _nothing)(body)
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


def _rent_news(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    return (*_rent(body), *_case_step(body, names))


def _complaint_news(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    answered = gettext(N_("Svar gitt.")) if body.get("answer_given") is True else ""
    return (*_complaint(body), answered, *_case_step(body, names))


def _case_step(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    """What comes next in a case, when, and whose it is."""
    return (
        _sentence(N_("Årsak: %(what)s."), what=_codes("rent_cause", [body["cause"]] if body.get("cause") else [])),
        _sentence(N_("Vår frist: %(day)s"), day=_day(body.get("deadline_on"))),
        _sentence(N_("Neste steg: %(what)s"), what=body.get("next_step")),
        _sentence(N_("Når: %(day)s"), day=_day(body.get("next_step_on"))),
        _sentence(N_("Eier: %(who)s."), who=names.get(str(body.get("owner_id")))),
    )


def _team_set(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    team, ends = names.get(body["team_id"], ""), _day(body.get("to_on"))
    if ends:
        return (gettext(N_("%(team)s følger til og med %(day)s")) % {"team": team, "day": ends},)
    return (gettext(N_("%(team)s følger fra %(day)s")) % {"team": team, "day": _day(body["from_on"])},)


def _registered(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    return (names.get(body["team_id"], ""),)


def _handed_watch(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    return (_sentence(N_("Til %(team)s."), team=names.get(body["to_team_id"])),)


def _handed_alert(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    return (_sentence(N_("Til %(team)s."), team=names.get(body["to_staff_id"])),)


def _card(body: Body, names: Mapping[str, str]) -> tuple[str, ...]:
    """Which fields of the card got a new value; the primary contact is named."""
    fields = body.get("fields") or {}
    said = [gettext(_CARD_FIELDS[name]) for name in fields if name in _CARD_FIELDS and name != "primary_staff_id"]
    primary = ""
    if "primary_staff_id" in fields:
        who = names.get(str(fields["primary_staff_id"])) or gettext(N_("ingen"))
        primary = gettext(N_("Primærkontakt: %(who)s")) % {"who": who}
    return (_sentence(N_("Nytt: %(what)s."), what=", ".join(said)), primary)


_CARD_FIELDS = {
    "name": N_("navn"),
    "alias": N_("kallenavn"),
    "birth_year": N_("fødselsår"),
    "address": N_("adresse"),
    "phone": N_("telefon"),
    "protected": N_("adressesperre"),
    "primary_staff_id": N_("primærkontakt"),
}


def _interval(body: Body) -> tuple[str, ...]:
    return (gettext(N_("Hver %(n)s. dag.")) % {"n": body["days"]},)


def _day(text: str | None) -> str:
    return day(dt.date.fromisoformat(text)) if text else ""


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


_NAMING: dict[str, Callable[[Body, Mapping[str, str]], tuple[str, ...]]] = {
    "client_registered": _registered,
    "client_updated": _card,
    "client_team_set": _team_set,
    "watch_handed_over": _handed_watch,
    "alert_handed_over": _handed_alert,
    "rent_problem_reported": _rent_news,
    "rent_problem_updated": _rent_news,
    "neighbour_complaint_received": _complaint_news,
    "neighbour_complaint_updated": _complaint_news,
}
"""What is told with the names of the teams and people it is about."""

_DETAILS: dict[str, Callable[[Body], tuple[str, ...]]] = {
    "visit_logged": _visit,
    "street_contact_logged": _street,
    "concern_raised": _reason,
    "contact_interval_set": _interval,
    "home_entered": _home,
    "absence_started": lambda body: (body.get("where") or "",),
    "absence_ended": lambda body: (body.get("where_to") or "",),
    "watch_set": _reason,
    "alert_snoozed": _reason,
    "entry_corrected": _reason,
}

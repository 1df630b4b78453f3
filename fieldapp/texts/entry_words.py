"""How one entry reads in a line: what it was («Hjemmebesøk, traff»), then what was said, agreed and noted."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fieldapp.texts.catalogues import N_, filled, gettext
from fieldapp.texts.labels import label
from fieldapp.texts.times import day, moment
from sync.entry_types import ENTRY_TYPES

Body = dict[str, Any]


def lower_first(text: str) -> str:
    """As inside a sentence; abbreviations stay as they are."""
    is_short = text[:1].isupper() and (text[1:2].isupper() or text[1:2].isdigit())
    return text if is_short else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """As the first word of a sentence."""
    return text[:1].upper() + text[1:]


def kroner(amount: str) -> str:
    """«14 250,00 kr» from the exact decimal string of the contract."""
    whole, _, fraction = amount.partition(".")
    return f"{int(whole):,}".replace(",", "\u00a0") + f",{fraction:0<2} kr"


def entry_title(type_: str, body: Body) -> str:
    """What it was, and how it went."""
    row = ENTRY_TYPES.get(type_)
    list_name, field = (row and row.outcome) or ("", "")
    code = body.get(field)
    if row is None or not code or code == row.unsaid:
        return _type_title(type_, body)
    if row.titled == "outcome":
        return label(list_name, code) + (f" ({body['count']})" if body.get("count") else "")
    if row.met_at and any(code in line.when.get(field, ()) for line in row.contact):
        return label(list_name, code)  # only «var sett, ikke ført» is about the person
    if body.get("quick") and code == "seen":
        return gettext(N_("Sett"))  # one tap says that the person was seen, and no more
    return f"{_type_title(type_, body)}, {lower_first(label(list_name, code))}"


def _type_title(type_: str, body: Body) -> str:
    return _visit_title(body) if type_ == "visit_logged" else label("entry_type", type_)


def _visit_title(body: Body) -> str:
    """A home visit is one at home; elsewhere the place is named."""
    if body.get("place", "home") == "home":
        return label("entry_type", "visit_logged")
    return gettext(N_("Besøk (%(place)s)")) % {"place": lower_first(label("visit_place", body["place"]))}


@dataclass(frozen=True)
class _Around:
    """What a field is told with: the rest of its entry, what the ids are called, and the time it is read."""

    body: Body
    names: Mapping[str, str]
    now: dt.datetime | None


def entry_detail(
    type_: str, body: Body, now: dt.datetime | None = None, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """What was said, agreed and noted; the person's own words first. Days of another year than now's say which.

    `names`: what the ids in the body are called.
    """
    row, around = ENTRY_TYPES.get(type_), _Around(body, names, now)
    told = [_told(type_, field, body[field], around) for field in (row.line if row else ()) if body.get(field)]
    parts = [part.strip() for part in (*told, body.get("note") or "") if part.strip()]
    return " ".join([*(_closed(part) for part in parts[:-1]), *parts[-1:]])


def _told(type_: str, field: str, value: Any, around: _Around) -> str:
    """One field in a line; text that nothing is said about stands as it is."""
    words = _WORDS.get(f"{type_}.{field}") or _WORDS.get(field)
    return words(value, around) if words else str(value)


def _closed(part: str) -> str:
    """A part that another follows ends as a sentence does."""
    return part if part.endswith((".", "!", "?", ":", "…", "»")) else f"{part}."


def _sentence(text: str, **values: Any) -> str:
    return filled(gettext(text), values) if all(values.values()) else ""


def _codes(list_name: str, codes: Iterable[str]) -> str:
    return ", ".join(lower_first(label(list_name, code)) for code in codes)


def _day(text: str) -> str:
    return day(dt.date.fromisoformat(text))


def _moment(text: str, around: _Around) -> str:
    return moment(dt.datetime.fromisoformat(text), around.now)


def _team(team_id: str, around: _Around) -> str:
    """Who follows, and the days where the entry says so."""
    team, body = around.names.get(team_id, ""), around.body
    if body.get("to_on"):
        return gettext(N_("%(team)s følger til og med %(day)s")) % {"team": team, "day": _day(body["to_on"])}
    if body.get("from_on"):
        return gettext(N_("%(team)s følger fra %(day)s")) % {"team": team, "day": _day(body["from_on"])}
    return team


def _people(ids: Iterable[Any], around: _Around) -> str:
    return ", ".join(name for one in ids if (name := around.names.get(str(one))))


def _card(fields: Body, around: _Around) -> str:
    """Which fields of the card got a new value; the primary contact is named."""
    said = [gettext(_CARD_FIELDS[name]) for name in fields if name in _CARD_FIELDS and name != "primary_staff_id"]
    primary = ""
    if "primary_staff_id" in fields:
        who = around.names.get(str(fields["primary_staff_id"])) or gettext(N_("ingen"))
        primary = gettext(N_("Primærkontakt: %(who)s")) % {"who": who}
    new = _sentence(N_("Nytt: %(what)s."), what=", ".join(said))
    return f"{new} {primary}".strip()


_CARD_FIELDS = {
    "name": N_("navn"),
    "alias": N_("kallenavn"),
    "birth_year": N_("fødselsår"),
    "address": N_("adresse"),
    "phone": N_("telefon"),
    "protected": N_("adressesperre"),
    "primary_staff_id": N_("primærkontakt"),
}


def _complained_of(codes: Iterable[str]) -> str:
    return _sentence(N_("Det gjelder %(what)s."), what=_codes("complaint", codes))


def _answer(value: str | bool, _: _Around) -> str:
    return gettext(N_("Svar gitt.")) if value is True else _sentence(N_("Svar gitt: %(answer)s"), answer=value)


_WORDS: dict[str, Callable[[Any, _Around], str]] = {
    "reasons": lambda codes, _: upper_first(_codes("board_reason", codes)),
    "goal": lambda words, _: _sentence(N_("Mål: %(what)s"), what=words),
    "down_when": lambda words, _: _sentence(N_("Tas ned når %(what)s"), what=lower_first(words)),
    "client_said": lambda said, _: f"«{said}»",
    "condition": lambda code, _: _sentence(N_("Mitt inntrykk: %(what)s."), what=lower_first(label("condition", code))),
    "kind": lambda code, _: label("report_kind", code),
    "agreed": lambda what, _: _sentence(N_("Avtalt: %(what)s"), what=what),
    "place_label": lambda place, _: _closed(place),
    "people": lambda n, _: gettext(N_("%(n)s personer.")) % {"n": n} if n > 1 else "",
    "private": lambda _, __: gettext(N_("Privat samtale.")),
    "amount_nok": lambda amount, _: _sentence(N_("Restanse %(amount)s."), amount=kroner(amount)),
    "letters": lambda letters, _: _sentence(
        N_("Brev: %(what)s."), what=_codes("letter", [one["kind"] for one in letters])
    ),
    "tenancy": lambda code, _: _sentence(N_("Boligen: %(what)s."), what=lower_first(label("tenancy", code))),
    "plan": lambda code, _: _sentence(N_("Plan: %(what)s."), what=_codes("rent_plan", [code])),
    "what": lambda what, _: what if isinstance(what, str) else _complained_of(what),
    "housing_incident_logged.what": lambda codes, _: upper_first(_codes("housing_incident", codes)),
    "housing_incident_updated.what": lambda codes, _: upper_first(_codes("housing_incident", codes)),
    "from_at": lambda at, around: _sentence(N_("Fra %(at)s"), at=_moment(at, around)),
    "to_at": lambda at, around: _sentence(N_("Til %(at)s."), at=_moment(at, around)),
    "checks": lambda codes, _: upper_first(_codes("discharge_check", codes)),
    "home": lambda code, _: label("home_to_go_to", code),
    "kinds": lambda codes, _: upper_first(_codes("staff_incident", codes)),
    "by": lambda code, _: _sentence(N_("Av: %(who)s."), who=lower_first(label("incident_by", code))),
    "injury": lambda code, _: label("injury", code),
    "support": lambda codes, _: _sentence(N_("Etterpå: %(what)s."), what=_codes("staff_support", codes)),
    "client_role": lambda code, _: _sentence(N_("%(role)s."), role=label("client_role", code)),
    "answer_given": _answer,
    "cause": lambda code, _: _sentence(N_("Årsak: %(what)s."), what=_codes("rent_cause", [code])),
    "deadline_on": lambda on, _: _sentence(N_("Vår frist: %(day)s"), day=_day(on)),
    "next_step": lambda what, _: _sentence(N_("Neste steg: %(what)s"), what=what),
    "next_step_on": lambda on, _: _sentence(N_("Når: %(day)s"), day=_day(on)),
    "owner_id": lambda who, around: _sentence(N_("Eier: %(who)s."), who=around.names.get(str(who))),
    "team_id": _team,
    "to_team_id": lambda team, around: _sentence(N_("Til %(team)s."), team=around.names.get(team)),
    "to_staff_id": lambda who, around: _sentence(N_("Til %(team)s."), team=around.names.get(who)),
    "to_staff_ids": lambda ids, around: _sentence(N_("Til %(team)s."), team=_people(ids, around)),
    "basis": lambda code, _: _sentence(N_("%(basis)s."), basis=label("share_basis", code)),
    "basis_words": lambda words, _: _closed(words),
    "until_on": lambda on, _: _sentence(N_("Til og med %(day)s"), day=_day(on)),
    "fields": _card,
    "days": lambda n, _: gettext(N_("Hver %(n)s. dag.")) % {"n": n},
    "ground": lambda code, _: _sentence(N_("%(ground)s."), ground=label("entry_ground", code)),
    "tried": lambda codes, _: _sentence(N_("Prøvd først: %(what)s."), what=_codes("tried", codes)),
    "told": lambda code, _: _sentence(N_("Fortalt beboeren: %(how)s."), how=lower_first(label("told", code))),
    "seen_at": lambda at, around: _sentence(N_("Sett %(at)s."), at=_moment(at, around)),
    "seen_by": lambda who, _: _sentence(N_("Sett av %(who)s."), who=who),
    "advice": lambda codes, _: _closed(_codes("risk_advice", codes)),
    "at": lambda at, around: _moment(at, around),
    "on": lambda on, _: _sentence(N_("Til og med %(day)s."), day=_day(on)),
    "next_check_at": lambda at, around: _sentence(N_("Ny sjekk %(at)s."), at=_moment(at, around)),
}
"""How a field reads in a line, whatever type it belongs to, or `type.field` where the type says otherwise.

Who complained is never told: that is kept apart."""

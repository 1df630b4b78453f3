"""One client's record as a FHIR R4 bundle (https://hl7.org/fhir/R4/bundle.html), for a journal that takes it in.

A collection: the patient, the teams and people it names, an encounter for each contact, each entry as a document of
plain text, and what stands: risks and who must not be told as flags, people around, plans. What is kept apart from an
entry (who complained) is not in it. Ids are Sett's own, so that a bundle taken in twice is the same.
"""

import base64
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from fieldapp.queries.clients import ClientCard
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.journal_bundle import Record
from fieldapp.queries.standing import Stands
from fieldapp.texts import N_, gettext, label
from fieldapp.texts.entry_fields import fields_of
from fieldapp.texts.entry_words import entry_title

TYPE = "application/fhir+json"
Resource = dict[str, Any]
_ACT_CODES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_ACTS = {"AMB": "ambulatory", "FLD": "field", "HH": "home health", "VR": "virtual"}
_ACT_OF_TYPE = {"call_logged": "VR", "street_contact_logged": "FLD"}
_ACT_OF_PLACE = {"home": "HH", "street": "FLD", "outdoors": "FLD"}


def bundle_of(record: Record, now: dt.datetime) -> Resource:
    """The whole bundle, as JSON values."""
    resources = [*_around(record), *_written(record, now), *_standing(record, now)]
    return {
        "resourceType": "Bundle",
        "id": str(record.card.id),
        "type": "collection",
        "timestamp": now.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


def _around(record: Record) -> Iterator[Resource]:
    """The patient, the teams that follow, and whoever has written."""
    card = record.card
    yield _patient(card)
    for team in card.following:
        if team.active:
            yield {"resourceType": "Organization", "id": str(team.team_id), "active": True, "name": team.name}
    wrote = {one.author_id: one.author for one in record.entries}
    wrote |= {one.noted.author_id: one.noted.author for of_kind in record.around.values() for one in of_kind}
    for staff_id, name in wrote.items():
        yield {"resourceType": "Practitioner", "id": str(staff_id), "name": [{"text": name}]}


def _patient(card: ClientCard) -> Resource:
    names = [{"use": "usual", "text": card.name}]
    return _given(
        resourceType="Patient",
        id=str(card.id),
        active=card.ended_at is None,
        name=names + ([{"use": "nickname", "text": card.alias}] if card.alias else []),
        birthDate=str(card.birth_year) if card.birth_year else None,
        telecom=_phone(card.phone),
        address=[{"text": card.address}] if card.address else None,
        deceasedDateTime=card.died_on.isoformat() if card.died_on else None,
        deceasedBoolean=True if card.deceased and not card.died_on else None,
        managingOrganization=next((_to(one.team_id) for one in card.following if one.active), None),
    )


def _written(record: Record, now: dt.datetime) -> Iterator[Resource]:
    """Every entry as a document, and the encounter that it tells of."""
    for one in record.entries:
        met = _encounter(one, record.card) if one.degree != "none" or _is_cancelled(one) else None
        if met is not None:
            yield met
        yield _document(one, record.card, met, now)


def _is_cancelled(one: EntryRow) -> bool:
    return one.body.get("outcome") == "cancelled"


def _encounter(one: EntryRow, card: ClientCard) -> Resource:
    act = _ACT_OF_TYPE.get(one.type) or _ACT_OF_PLACE.get(one.body.get("place", ""), "AMB")
    ended_at = one.at + dt.timedelta(minutes=one.body.get("duration_min") or 0)
    return {
        "resourceType": "Encounter",
        "id": str(uuid.uuid5(one.id, "encounter")),
        "status": "cancelled" if _is_cancelled(one) else "finished",
        "class": {"system": _ACT_CODES, "code": act, "display": _ACTS[act]},
        "type": [{"text": entry_title(one.type, one.body)}],
        "subject": _to(card.id),
        "participant": [{"individual": _to(one.author_id)}],
        "period": {"start": _instant(one.at), "end": _instant(ended_at)},
    }


def _document(one: EntryRow, card: ClientCard, met: Resource | None, now: dt.datetime) -> Resource:
    title = entry_title(one.type, one.body)
    return {
        "resourceType": "DocumentReference",
        "id": str(one.id),
        "status": "current",
        "type": {"text": label("entry_type", one.type)},
        "subject": _to(card.id),
        "date": _instant(one.at),
        "author": [_to(one.author_id)],
        "description": title,
        "content": [{"attachment": _plain_text("\n".join((title, *_lines(one, one.body, now))), one.at)}],
        "context": _given(encounter=[_to(met["id"])] if met else None, period={"start": _instant(one.at)}),
    }


def _plain_text(text: str, at: dt.datetime) -> Resource:
    data = base64.b64encode(text.encode()).decode()
    return {"contentType": "text/plain; charset=utf-8", "data": data, "creation": _instant(at)}


def _lines(one: EntryRow, body: Mapping[str, Any], now: dt.datetime) -> list[str]:
    """Every field in words but those that are kept apart."""
    said = fields_of(one.type, body, one.names, now, one.corrects)
    return [f"{field.label.rstrip(':')}: {field.words}" for field in said if not field.apart]


def _standing(record: Record, now: dt.datetime) -> Iterator[Resource]:
    card = record.card
    yield from (_risk(one, card) for one in record.around.get("risk", ()))
    for one in record.around.get("contact_person", ()):
        yield from _person(one, card)
    yield from (_plan(one, card, now) for one in record.around.get("plan", ()))


def _risk(one: Stands, card: ClientCard) -> Resource:
    advice = ", ".join(label("risk_advice", code) for code in one.body.get("advice", ()))
    words = ". ".join(part for part in (advice, one.body.get("reason")) if part)
    return _flag(one.id, words, one.noted, card, one.due_on)


def _person(one: Stands, card: ClientCard) -> Iterator[Resource]:
    yield _given(
        resourceType="RelatedPerson",
        id=str(one.id),
        active=True,
        patient=_to(card.id),
        relationship=[{"text": label("contact_role", one.body["role"])}],
        name=[{"text": one.body["name"]}],
        telecom=_phone(one.body.get("phone")),
    )
    if one.body.get("must_not_be_told"):
        words = gettext(N_("%(name)s må ikke få vite: %(what)s"))
        about = {"name": one.body["name"], "what": one.body["must_not_be_told"]}
        yield _flag(uuid.uuid5(one.id, "must not be told"), words % about, one.noted, card, None)


def _flag(id_: uuid.UUID, words: str, noted: EntryRow, card: ClientCard, until_on: dt.date | None) -> Resource:
    period = _given(start=_instant(noted.at), end=until_on.isoformat() if until_on else None)
    return {
        "resourceType": "Flag",
        "id": str(id_),
        "status": "active",
        "code": {"text": words},
        "subject": _to(card.id),
        "period": period,
        "author": _to(noted.author_id),
    }


def _plan(one: Stands, card: ClientCard, now: dt.datetime) -> Resource:
    return {
        "resourceType": "CarePlan",
        "id": str(uuid.uuid5(one.id, "plan")),  # what stands without an id of its own has its entry's
        "status": "active",
        "intent": "plan",
        "title": label("plan_kind", one.body["kind"]),
        "description": "\n".join(_lines(one.noted, one.body, now)),
        "subject": _to(card.id),
        "created": _instant(one.noted.at),
        "author": _to(one.noted.author_id),
    }


def _phone(number: str | None) -> list[Resource] | None:
    return [{"system": "phone", "value": number}] if number else None


def _to(id_: uuid.UUID | str) -> Resource:
    return {"reference": f"urn:uuid:{id_}"}


def _instant(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")


def _given(**fields: Any) -> Resource:
    """What has a value: FHIR knows no null."""
    return {name: value for name, value in fields.items() if value is not None}

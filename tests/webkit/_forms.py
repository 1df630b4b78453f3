"""Every form of the phone's own table: where it opens with what it needs, and how it is filled in until it is saved."""

import datetime as dt
import json
import subprocess
import uuid
from collections.abc import Callable

from fieldapp import clock
from tests._server import ROOT
from tests.browser._town import Colleague
from tests.webkit._iphone import Iphone

_NAMES = """import("./fieldapp/static/js/views/forms.js").then(({ FORMS }) =>
  console.log(JSON.stringify(Object.keys(FORMS))))"""
_MISSING = ".field:has(.wrong)"


def addresses(alice: Colleague, bob: Colleague) -> dict[str, str]:
    """By form, so that a new one is among them: it is about somebody of its own, and what else `_NEEDS` says."""
    node = subprocess.run(["node", "-e", _NAMES], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {}
    for form in json.loads(node.stdout):
        needed = _NEEDS[form](alice, form) if form in _NEEDS else {"client": alice.register(f"{form} Furu")}
        found[form] = "&".join([f"/felt/ny?type={form}", *(f"{name}={id}" for name, id in needed.items())])
    assert set(_NEEDS) <= set(found)
    return found


def fill_in_and_save(iphone: Iphone) -> bool:
    """Press save, and answer what the form then says is missing, until another page stands. Does it ever?"""
    form = iphone.address
    for answer in range(4):
        iphone.tap(iphone.one("form[data-form] button[type=submit]"))
        iphone.wait(lambda: iphone.address != form or bool(iphone.all(_MISSING)), f"{form} saved, or what is missing")
        if iphone.address != form:
            return True
        for field in iphone.names_of(_MISSING):
            _answer(iphone, field, answer)
    return False


def _answer(iphone: Iphone, field: str, number: int) -> None:
    """The first thing to choose, the next where that was not the answer; else words, or a time ahead, then one past."""
    here = f'.field[data-field="{field}"]'
    if chips := iphone.all(f"{here} [data-pick], {here} [data-letter-add]"):
        iphone.tap(chips[number % len(chips)])
        return
    for line in iphone.all(f"{here} [name]"):  # none when another answer has made the question go away
        days = (2 if field == "to_at" else 1) * (-1) ** number
        at = f"{clock.now() + dt.timedelta(days=days):%Y-%m-%dT%H:%M}"
        iphone.fill(line, at if line.get_attribute("type") == "datetime-local" else "Som avtalt")


_Needed = Callable[[Colleague, str], dict[str, str]]


def _nothing(alice: Colleague, form: str) -> dict[str, str]:
    return {}


def _concern(alice: Colleague, form: str) -> dict[str, str]:
    client = alice.register(f"{form} Furu")
    return {"entry": alice.log("concern_raised", {"urgency": "now"}, client=client)["id"]}


def _alert(alice: Colleague, form: str) -> dict[str, str]:
    client = alice.register(f"{form} Furu")
    alice.log("concern_raised", {"urgency": "now"}, client=client)
    return {"alert": next(one["id"] for one in alice.alerts() if one["client_id"] == client)}


def _visit(alice: Colleague, form: str) -> dict[str, str]:
    client = alice.register(f"{form} Furu")
    return {"entry": alice.log("visit_logged", {"outcome": "seen", "place": "home"}, client=client)["id"]}


def _case(type: str, body: dict[str, object]) -> _Needed:
    def case(alice: Colleague, form: str) -> dict[str, str]:
        opened = alice.log(type, body, client=alice.register(f"{form} Furu"), case=str(uuid.uuid4()))
        return {"case": opened["case_id"]}

    return case


def _unnamed_case(alice: Colleague, form: str) -> dict[str, str]:
    opened = alice.log("crisis_opened", {"kind": "overdose"}, case=str(uuid.uuid4()))
    return {"case": opened["case_id"], "client": alice.register(f"{form} Furu")}


def _unnamed_entry(alice: Colleague, form: str) -> dict[str, str]:
    noted = alice.log("street_contact_logged", {"place_label": "Havna", "people": 1})
    return {"entry": noted["id"], "client": alice.register(f"{form} Furu")}


def _thing(type: str, name: str, body: dict[str, object]) -> _Needed:
    def thing(alice: Colleague, form: str) -> dict[str, str]:
        client, id = alice.register(f"{form} Furu"), str(uuid.uuid4())
        alice.log(type, {name: id} | body, client=client)
        return {"client": client, "thing": id}

    return thing


def _consent(alice: Colleague, form: str) -> dict[str, str]:
    client = alice.register(f"{form} Furu")
    said = {"kind": "consent", "words": "Ja", "party": "Huseier", "purpose": "leia"}
    alice.log("agreement_recorded", {"agreement_id": str(uuid.uuid4())} | said, client=client)
    return {"client": client}


def _absence(alice: Colleague, form: str) -> dict[str, str]:
    client, absence = alice.register(f"{form} Furu"), str(uuid.uuid4())
    alice.log("absence_started", {"absence_id": absence, "kind": "admitted", "where": "DPS"}, client=client)
    return {"client": client, "absence": absence}


def _ended(alice: Colleague, form: str) -> dict[str, str]:
    client = alice.register(f"{form} Furu")
    alice.log("follow_up_ended", {"reason": "moved"}, client=client)
    return {"client": client}


def _duty(alice: Colleague, form: str) -> dict[str, str]:
    begins = alice.now() + dt.timedelta(days=1)
    span = {"from_at": begins.isoformat(), "to_at": (begins + dt.timedelta(hours=8)).isoformat()}
    alice.log("duty_set", {"team_id": alice.teams[0].id, "staff_id": alice.id, "duty": "duty"} | span)
    return {"duty": next(id for kind, id in alice.pull() if kind == "duty")}


_IN_A_MONTH = clock.now() + dt.timedelta(days=30)
_NEEDS: dict[str, _Needed] = {
    "alert_handed_over": _alert,
    "alert_resolved": _alert,
    "alert_snoozed": _alert,
    "absence_confirmed": _absence,
    "absence_ended": _absence,
    "absence_step_set": _absence,
    "client_registered": _nothing,
    "client_team_set": _consent,
    "concern_words": _concern,
    "crisis_closed": _case("crisis_opened", {"kind": "overdose"}),
    "decision_ended": _thing(
        "decision_recorded", "decision_id", {"service": "Bo", "ground": "treatment", "from_on": "2026-11-01"}
    ),
    "discharge_planned": _absence,
    "duty_handed_over": _duty,
    "duty_set": _nothing,
    "entry_corrected": _visit,
    "fact_shared": _consent,
    "follow_up_resumed": _ended,
    "housing_incident_updated": _case("housing_incident_logged", {"what": ["damage"], "client_role": "unclear"}),
    "neighbour_complaint_updated": _case(
        "neighbour_complaint_received", {"what": ["noise"], "complainant": "neighbour", "client_role": "unclear"}
    ),
    "rent_problem_updated": _case("rent_problem_reported", {"amount_nok": "14250.00"}),
    "risk_reviewed": _thing(
        "risk_noted", "risk_id", {"advice": ["dog"], "reason": "Hunden biter", "review_on": f"{_IN_A_MONTH:%Y-%m-%d}"}
    ),
    "street_contact_logged": _nothing,
    "subject_of_case": _unnamed_case,
    "subject_of_entry": _unnamed_entry,
    "task_done": _thing("task_set", "task_id", {"what": "Ringe"}),
    "visit_plan_ended": _thing("visit_planned", "plan_id", {"at": _IN_A_MONTH.isoformat()}),
}
"""What a form must be given besides, or instead of, a client."""

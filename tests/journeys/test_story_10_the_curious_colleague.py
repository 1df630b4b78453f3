"""10. The curious colleague: from outside the team a known name is as one that does not exist; inside, it is told."""

import re
from typing import Any

from sync.ids import uuid7
from tests._world import Person
from tests.journeys._story import SEEN, Story

NAME = "Per Ivar Holm"
PAGES = ("/kontor", "/kontor/varsler", "/kontor/varsler/tall", "/kontor/saker", "/kontor/vakt", "/kontor/brukere")
OF_A_CLIENT = (
    *("/kontor/bruker/{client}", "/kontor/bruker/{client}/tilgang", "/kontor/bruker/{client}/deling"),
    *("/kontor/bruker/{client}/lenker", "/kontor/bruker/{client}/tekster", "/kontor/innsyn/{client}"),
    *("/api/clients/{client}/entries", "/api/clients/{client}/readers"),
    *("/kontor/saker/{case}", "/kontor/varsler/{alert}", "/kontor/varsler/{alert}/hvorfor"),
)


def test_the_curious_colleague(story: Story) -> None:
    world = story.world
    north, south = world.team("FACT Nord", "fact"), world.team("FACT Sør", "fact")
    dina, olga = (story.staff("leader", team, name=name) for team, name in ((south, "Dina"), (north, "Olga")))
    kurt = story.staff("fieldworker", south, name="Kurt")
    ingrid = world.staff("privacy", name="Ingrid")
    # What the curious see of their own, before the other team has anybody.
    before = {(person.name, path): page(person, path) for person in (dina, kurt) for path in PAGES}
    ids = everything_about(story, olga)
    missing = {name: str(uuid7()) for name in ids}

    # Someone outside the team searches for a known name,
    for person in (dina, kurt):
        person.pull()
        assert NAME not in str(person.replica)
        assert not [id_ for id_ in ids.values() if id_ in str(person.replica)]
    for person, where in (
        (dina, "/kontor/logg?bruker="),
        (dina, "/kontor/brukere?sok="),
        (kurt, "/kontor/brukere?sok="),
    ):
        assert NAME not in search(person, where, "Per")
        assert search(person, where, NAME) == search(person, where, "Finnes Ikke")
    # guesses URLs,
    for person in (dina, kurt):
        for path in OF_A_CLIENT:
            known, unknown = (person.get(path.format(**given)) for given in (ids, missing))
            assert known.status_code in (403, 404), path
            assert alike(known, ids) == alike(unknown, missing), path
        for path, form in forms(kurt):
            known, unknown = (person.http.post(path.format(**given), data=form) for given in (ids, missing))
            assert known.status_code in (403, 404), path
            assert alike(known, ids) == alike(unknown, missing), path
        # (and what a phone could send about him is refused as of nobody),
        assert verdicts(person, ids) == verdicts(person, missing)
    # reads board counts: nothing, and no difference from a name that does not exist.
    assert {(person.name, path): page(person, path) for person in (dina, kurt) for path in PAGES} == before
    # Somebody of his own by that name says nothing either.
    own = {str(uuid7()): name for name in (NAME, "Ny Bruker")}
    registered = [
        kurt.entry("client_registered", {"name": name, "team_id": south.id}, client=id_) for id_, name in own.items()
    ]
    first, second = kurt.sync(*registered)["results"]
    assert {**first, "id": ""} == {**second, "id": ""}
    assert not {"Dina", "Kurt"} & readers(ingrid, ids["client"]), "nothing of his was shown"

    # Someone inside uses nødtilgang: reason,
    story.at("mon 12:00")
    asked = {"name": NAME, "birth_year": 1970, "reason": ""}
    assert kurt.post("/api/access/emergency", asked).status_code == 422
    nobody = kurt.post("/api/access/emergency", asked | {"name": "Finnes Ikke", "reason": "ligger på benken"})
    wrong_year = kurt.post("/api/access/emergency", asked | {"birth_year": 1971, "reason": "ligger på benken"})
    assert (nobody.status_code, nobody.data) == (wrong_year.status_code, wrong_year.data) == (404, nobody.data)
    answer = kurt.post("/api/access/emergency", asked | {"reason": "ligger på benken, svarer ikke"})
    assert answer.get_json()["client_id"] == ids["client"]
    assert NAME in page(kurt, f"/kontor/bruker/{ids['client']}")
    kurt.pull()
    assert NAME in str(kurt.replica)
    # leader told,
    story.tick()
    told = [(to, title) for _, to, title in story.told("mon 12:00")]
    assert told.count(("Dina", "Nødtilgang i Sett")) == 3, "also of the two that found nobody"
    assert told.count(("Olga", "Nødtilgang i Sett")) == 1, "and the leader of those who follow him"
    asked_page = page(dina, "/kontor/nodtilgang/spurt")
    for words in ("Kurt", "ligger på benken, svarer ikke", "Finnes Ikke"):
        assert words in asked_page
    assert f"/kontor/bruker/{ids['client']}" not in asked_page, "a leader sees nobody by having been told"
    # in the log the client can ask for.
    assert "Kurt" in readers(ingrid, ids["client"])
    path = f"/kontor/innsyn/{ids['client']}"
    assert ingrid.http.post(path, data={"reviewer_id": olga.id}).status_code == 303
    assert olga.http.post(f"{path}/gjennomgatt").status_code == 303
    printed = page(ingrid, path).partition("Hvem som har lest om deg")[2]
    assert re.search("<strong>Kurt</strong>((?!</tr>).)*nødtilgang", printed)

    # After an hour he does not exist for Kurt any longer.
    story.at("mon 13:01")
    assert kurt.get(f"/kontor/bruker/{ids['client']}").status_code == 404
    kurt.pull()
    assert ids["client"] not in str(kurt.replica)
    assert {id_ for kind, id_ in kurt.replica if kind == "client"} == set(own)


def everything_about(story: Story, olga: Person) -> dict[str, str]:
    """A client of whom there is a bit of everything, and the ids that somebody might guess."""
    client, case = story.client(olga, NAME, birth_year=1970, address="Storgata 3"), str(uuid7())
    visit = olga.log("visit_logged", SEEN | {"note": "hemmelig"}, client=client)
    olga.log("rent_problem_reported", {"amount_nok": "100.00"}, client=client, case=case)
    concern = olga.log("concern_raised", {"reason": "uro"}, client=client)
    absence = str(uuid7())
    olga.log("absence_started", {"absence_id": absence, "kind": "unknown"}, client=client)
    (alert,) = [one for one in olga.alerts() if one["kind"] == "concern"]
    ids = {"client": client, "case": case, "alert": alert["id"], "entry": visit["id"], "absence": absence}
    return ids | {"concern": concern["id"]}


def forms(person: Person) -> list[tuple[str, dict[str, str]]]:
    """What the office's pages of a client send."""
    return [
        ("/kontor/bruker/{client}/adresse", {"reason": "nysgjerrig"}),
        ("/kontor/bruker/{client}/fulgt-opp", {"entry_id": "{concern}"}),
        ("/kontor/bruker/{client}/deling", {"what": "contract", "to_staff_id": person.id}),
        ("/kontor/bruker/{client}/tilgang/del", {"username": person.username, "until_on": "2026-11-30", "reason": "x"}),
        ("/kontor/saker/{case}", {"next_step": "x"}),
        ("/kontor/varsler/{alert}/ta", {}),
        ("/kontor/innsyn/{client}", {"reviewer_id": person.id}),
    ]


def verdicts(person: Person, ids: dict[str, str]) -> list[dict[str, Any]]:
    """What the door says of entries that name these."""
    client = ids["client"]
    entries = [
        person.entry("visit_logged", SEEN, client=client),
        person.entry("crisis_opened", {"kind": "other"}, client=client, case=str(uuid7())),
        person.entry("rent_problem_updated", {"status": "resolved"}, client=client, case=ids["case"]),
        person.entry("alert_acknowledged", {"alert_id": ids["alert"]}),
        person.entry("absence_ended", {"absence_id": ids["absence"]}, client=client),
        person.entry("entry_corrected", {"entry_id": ids["entry"], "what": "retracted", "reason": "x"}, client=client),
        person.entry("client_updated", {"base_seq": 0, "fields": {"alias": "x"}}, client=client),
        person.entry("follow_up_ended", {"reason": "died"}, client=client),
        person.entry("staff_blocked", {"staff_id": person.id, "reason": "x"}, client=client),
        person.entry("client_team_set", {"team_id": person.teams[0].id, "from_on": "2026-11-23"}, client=client),
    ]
    found = person.sync(*entries)["results"]
    assert {one["verdict"] for one in found} == {"rejected"}
    return [{name: value for name, value in one.items() if name != "id"} for one in found]


def alike(answer: Any, ids: dict[str, str]) -> tuple[int, str, str]:
    """Status, words and where it leads, less the ids that were asked for."""
    words, location = answer.get_data(as_text=True), answer.headers.get("Location", "")
    for id_ in ids.values():
        words, location = words.replace(id_, "ID"), location.replace(id_, "ID")
    return answer.status_code, words, location


def search(person: Person, where: str, name: str) -> str:
    """What the office finds, less what was typed."""
    answer = person.get(where + name.replace(" ", "+"))
    assert answer.status_code == 200
    return re.sub(r'"merke": "[^"]*"', "", answer.text.replace(name, "").replace(name.replace(" ", "+"), ""))


def readers(privacy: Person, client: str) -> set[str]:
    privacy.sign_in()
    return {one["name"] for one in privacy.get(f"/api/clients/{client}/readers").get_json()["readers"]}


def page(person: Person, path: str) -> str:
    """Its words, less the mark of the newest change anywhere, which says nothing of what or whom."""
    answer = person.get(path)
    words = " ".join(answer.text.split()) if answer.status_code == 200 else str(answer.status_code)
    return re.sub(r'"merke": "[^"]*"', "", words)

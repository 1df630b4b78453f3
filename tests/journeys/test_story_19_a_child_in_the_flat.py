"""19. Barn i leiligheten: what is seen and judged of a child is for the team, and for nobody else, on no surface."""

import re

from sync.ids import uuid7
from tests._client import CheckedClient
from tests._world import Person
from tests.journeys._story import Story

SEEN_THERE = {"outcome": "seen", "place": "home", "children_present": True, "note": "Barn på fire, sprøyter på bordet"}
JUDGED = {
    "kind": "child", "decided": "reported", "reason": "Barn på fire og sprøyter, drøftet med Alice",
    "note": "Sendt i kommunens egen kanal",
}  # fmt: skip
WORDS = re.compile("sprøyter|kommunens egen kanal|drøftet med Alice|barnevern|duty_to_report|Meldeplikt", re.IGNORECASE)
PAGES = ("/kontor", "/kontor/varsler", "/kontor/varsler/tall", "/kontor/saker", "/kontor/vakt", "/kontor/hendelser")


def test_a_child_in_the_flat(story: Story) -> None:
    world = story.world
    team = world.team("Booppfølging", "tenancy_support")
    alice, jonas = (
        story.staff(role, team, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Jonas"))
    )
    rolf, lars = story.staff("peer", team, name="Rolf"), story.staff("landlord", team, name="Lars")
    charlie = story.staff("fieldworker", world.team("Et annet team"), name="Charlie")
    ingrid = world.staff("privacy", name="Ingrid")
    aina = story.client(alice, "Aina", primary_staff_id=jonas.id)
    link = partner_link(alice, aina)

    # At Aina's there is a child of four and needles on the table.
    story.at("mon 10:00")
    visit = jonas.log("visit_logged", SEEN_THERE, client=aina)
    for person in (alice, jonas):
        assert person.pull()["entry", visit["id"]]["body"]["children_present"] is True
    outsiders = (rolf, lars, charlie)
    for person in outsiders:
        person.pull()
    numbers = {path: numbers_of(alice, path) for path in PAGES}
    partner_before = CheckedClient.of(world.app).get(link).text

    # Jonas talks it over with the leader and logs that a bekymringsmelding is sent by the municipality's own channel.
    story.at("mon 10:20")
    judged = jonas.log("duty_to_report_noted", JUDGED, client=aina)
    assert alice.pull()["entry", judged["id"]]["body"] == JUDGED
    for person in (alice, jonas):
        shown = person.get(f"/kontor/bruker/{aina}").text
        assert "Meldeplikt vurdert, meldt" in " ".join(shown.split())
    story.tick()
    assert story.told("mon 10:20") == [], "Sett sends nothing, and rings nobody"

    # Nothing of it is visible to landlord, partner or peer:
    for person in outsiders:
        # sync, along and anew,
        along = str(person.pull())
        person.cursor = None
        anew = str(person.sync(cursor=None))
        assert judged["id"] not in along + anew
        assert person is rolf or not WORDS.search(along + anew)
        # older entries and pages,
        older = person.get(f"/api/clients/{aina}/entries")
        pages = [person.get(path).text for path in (f"/kontor/bruker/{aina}", "/kontor/delt", *PAGES)]
        assert not [text for text in (older.text, *pages) if judged["id"] in text or "Meldeplikt vurdert" in text]
        # what points at it,
        for entry_id in (judged["id"], str(uuid7())):
            wrong = {"entry_id": entry_id, "what": "retracted", "reason": "x"}
            (verdict,) = person.sync(person.entry("entry_corrected", wrong, client=aina))["results"]
            assert (verdict["verdict"], verdict["code"]) == ("rejected", "unknown_reference")
        # nor who has read.
        assert person.get(f"/api/clients/{aina}/readers").status_code == 404
    assert "sprøyter" not in str(lars.replica) + str(charlie.replica), "what the visit told is no landlord's either"
    assert CheckedClient.of(world.app).get(link).text == partner_before
    # counts,
    assert {path: numbers_of(alice, path) for path in PAGES} == numbers
    # nor does what corrects it tell of it.
    more = {"entry_id": judged["id"], "what": "text", "reason": "presisering", "body": {"reason": "Presisert"}}
    correction = jonas.log("entry_corrected", more, client=aina)
    for person in outsiders:
        told = str(person.sync()["changes"])
        assert not [id_ for id_ in (judged["id"], correction["id"]) if id_ in told]

    # Innsyn: whoever goes through it decides, and what is taken out is not handed to whom it would harm.
    path = f"/kontor/innsyn/{aina}"
    assert lars.get(path).status_code == rolf.get(path).status_code == 404
    assert ingrid.http.post(path, data={"reviewer_id": alice.id}).status_code == 303
    gone_through = " ".join(alice.get(path).text.split())
    assert "Presisert" in gone_through
    taken_out = alice.http.post(f"{path}/{judged['id']}/ta-ut", data={"reason": reasons_in(gone_through)[0]})
    assert taken_out.status_code == 303
    assert alice.http.post(f"{path}/gjennomgatt").status_code == 303
    printed = " ".join(ingrid.get(path).text.split())
    assert not re.search("Presisert|drøftet med Alice|kommunens egen kanal", printed)
    assert "1 oppføring" in printed, "that something is taken out, is told"


def partner_link(leader: Person, client: str) -> str:
    form = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
    made = leader.http.post(f"/kontor/bruker/{client}/lenker", data=form)
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', made.text)
    assert found is not None
    return found[1]


def reasons_in(page: str) -> list[str]:
    """The grounds for taking something out, as the page offers them."""
    offered = page.partition('name="reason"')[2].partition("</select>")[0]
    return [code for code in re.findall(r'<option value="([^"]+)"', offered) if code]


def numbers_of(person: Person, path: str) -> list[str]:
    """The small numbers of a page, less what o'clock it is."""
    text = re.sub(r"<[^>]*>|\b\d\d[.:]\d\d\b", " ", person.get(path).text)
    return [word for word in re.findall(r"\b\d+\b(?![.:])", text) if len(word) < 3]

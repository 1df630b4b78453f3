"""16. LAR ikke hentet: what was not fetched is a stronger sign than an unanswered door, and stops no clock."""

import datetime as dt
import html
import re
import uuid

from tests._client import CheckedClient
from tests._world import Person
from tests.journeys._story import ALERT, SEEN, Story, at_minute, moment, watch

WEEK = dt.timedelta(days=7)


def test_lar_not_fetched(story: Story) -> None:
    fact = story.world.team("FACT Nord", "fact")
    alice, mona = (story.staff(role, fact, name=name) for role, name in (("leader", "Alice"), ("fieldworker", "Mona")))
    story.duty(alice, mona, "mon 07:00", "fri 15:30")
    agreed = {"mode": "interval", "interval_minutes": 2880}
    jonny = story.client(mona, "Jonny Berg", watch=agreed)
    eva, siv = (story.client(mona, name, watch={"mode": "off"}) for name in ("Eva Dahl", "Siv Lie"))
    alice.log("watch_set", agreed | {"counts": ["seen", "reported"], "reason": "avtalt"}, client=jonny)
    # He was discharged a week ago,
    stay = str(uuid.uuid4())
    admitted = {"absence_id": stay, "kind": "admitted"}
    mona.log("absence_started", admitted, client=jonny, at=moment("mon 07:00") - 2 * WEEK)
    mona.log("absence_ended", {"absence_id": stay}, client=jonny, at=moment("wed 10:00") - WEEK)
    # and has said yes to the pharmacy's telling the team: it has a link, and sees nothing through it.
    pharmacy, link = CheckedClient.of(story.world.app), made(alice, jonny)
    assert "Jonny" not in pharmacy.get(link).text

    story.at("mon 09:00")
    mona.log("visit_logged", SEEN, client=jonny)
    runs_out = watch(mona, jonny)["due_at"]
    assert at_minute(runs_out) == "wed 09:00"

    # Others wait already: one is worried about, one was missed at the shelter.
    mona.log("concern_raised", {"reason": "Snakker om å gi opp", "urgency": "today"}, client=eva)
    story.at("mon 12:00")
    mona.log("sighting_reported", {"source": "shelter", "what": "missed"}, client=siv)

    # The pharmacy reports «ikke møtt»,
    story.at("tue 14:00")
    assert "Meldt kl. 14.00: Ikke møtt" in pharmacy.post(link, data={"what": "missed"}, follow_redirects=True).text
    # and for the second day through its link.
    story.at("wed 08:30")
    pharmacy.post(link, data={"what": "missed", "note": "Svarer ikke på telefon"})

    # The clock does not stop;
    mona.sign_in()
    assert watch(mona, jonny)["due_at"] == runs_out
    # the duty has it on the list for today; he was discharged a week ago, so he is at the top.
    assert on_the_list(mona) == [
        (
            "Jonny Berg",
            "utskrevet for 7 dager siden",
            ["Apotek: ikke møtt, andre dag på rad «Svarer ikke på telefon» Apoteket Sentrum"],
        ),
        ("Eva Dahl", "", ["Bekymret «Snakker om å gi opp» Mona"]),
        ("Siv Lie", "", ["Natthjem: ikke møtt Mona"]),
    ]
    # A list, never a push: what rings is his clock, at its own time.
    assert story.told() == []
    story.at("wed 09:01")
    assert ("wed 09:00", "Mona", ALERT) in story.told("wed 09:00")

    # Mona has been at the pharmacy and rung his sister: followed up, which is not the same as seen.
    mona.sign_in()
    undo = follow_up(mona, "Jonny Berg")
    assert [name for name, *_ in on_the_list(mona)] == ["Eva Dahl", "Siv Lie"]
    assert watch(mona, jonny)["due_at"] == runs_out
    # She pressed the wrong button: one Angre brings both days back.
    mona.http.post("/kontor/angre", data={"entry_id": undo, "tilbake": "/kontor"})
    assert on_the_list(mona)[0][0] == "Jonny Berg"
    # She finds him at home. That answers it, and ends the alert.
    story.at("wed 10:00")
    mona.log("visit_logged", SEEN, client=jonny)
    assert [name for name, *_ in on_the_list(mona)] == ["Eva Dahl", "Siv Lie"]


def made(by: Person, client_id: str) -> str:
    """Where the pharmacy reports from now on."""
    form = {"name": "Apoteket Sentrum", "source": "pharmacy", "days": "180", "agreed": "1"}
    page = by.http.post(f"/kontor/bruker/{client_id}/lenker", data=form).text
    found = re.search(r'value="https://sett\.example(/melding/[^"]+)"', page)
    assert found is not None
    return found[1]


def on_the_list(reader: Person) -> list[tuple[str, str, list[str]]]:
    """«Sjekk i dag» as it reads: (who, just out, what was said and by whom)."""
    return [
        (
            plain(re.findall(r'<a class="row-link"[^>]*>(.*?)</a>', row, re.S)[0]),
            plain("".join(re.findall(r"<strong>(.*?)</strong>", row, re.S))),
            [plain(line).rsplit(",", 1)[0] for line in re.findall(r"<li>(.*?)</li>", row, re.S)],
        )
        for row in rows(reader)
    ]


def follow_up(reader: Person, name: str) -> str:
    """Press «Fulgt opp» in the row; what Angre would take back."""
    (row,) = [row for row in rows(reader) if name in row]
    action = re.findall(r'action="([^"]+)"', row)[0]
    answer = reader.http.post(action, data={"entry_id": re.findall(r'name="entry_id" value="([^"]+)"', row)})
    return answer.location.split("angre=")[1].split("&")[0]


def rows(reader: Person) -> list[str]:
    section = reader.get("/kontor").text.split('id="checks-head"')[1].split("</section>")[0]
    return re.split(r'<li class="card"', section)[1:]


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())

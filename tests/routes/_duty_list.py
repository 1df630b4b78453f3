"""The duty list as the tests fill it in and read it."""

from tests._world import Person


def duty(person: Person, **form: str) -> dict[str, str]:
    day = {"staff_id": person.id, "duty": "duty", "on": "2026-11-23", "from": "08:00", "to": "15:30"}
    return day | {name.rstrip("_"): value for name, value in form.items()}


def week_page(person: Person, monday: str = "2026-11-23") -> str:
    return person.get(f"/kontor/vakt?team={person.teams[0].id}&uke={monday}").text


def of_day(page: str, day: str) -> str:
    return page.split(f'id="day-{day}"')[1].split('class="panel')[0]

"""11. The server dies at 02:00 during a sync of 20 entries and 3 due alerts; it is back at 06:00."""

import datetime as dt
import re

from playwright.sync_api import Route, expect

from tests._push_service import PushService
from tests.browser._town import Town
from tests.browser.conftest import NewPhone
from tests.journeys._story import ALERT, moment

WORDS_OF_SILENCE = re.compile(r"Ingen kontakt med Sett siden 21\.3\d")
DOWN = "Varslingen er nede."


def test_the_server_dies_at_two(moving_town: Town, push_service: PushService, new_phone: NewPhone) -> None:
    town = moving_town
    town.at("mon 21:30")
    house = town.team("Granstua", "staffed_housing")
    alice, kaia = town.staff("leader", house, name="Alice"), town.staff("fieldworker", house, name="Kaia")
    night = {"from_at": moment("mon 21:00").isoformat(), "to_at": moment("tue 07:30").isoformat()}
    alice.log("duty_set", {"team_id": house.id, "staff_id": kaia.id, "duty": "duty"} | night)
    even = kaia.register("Even Furu", house, watch={"mode": "off"})
    agreed = {"mode": "interval", "interval_minutes": 270, "counts": ["seen"], "reason": "avtalt"}
    due_at_two = [kaia.register(name, house) for name in ("Anne Berg", "Bjørn Dal", "Cecilie Eng")]
    for client in due_at_two:
        alice.log("watch_set", agreed, client=client)
    phone = new_phone(town)
    subscription = phone.allow_push()
    phone.start_with(kaia)
    phone.turn_on_push()

    # A night in the cellar: twenty entries wait for coverage.
    phone.open(f"/felt/bruker/{even}")
    phone.lose_coverage()
    for number in range(20):
        town.move_to(moment("mon 22:10") + number * dt.timedelta(minutes=10))
        phone.tap(phone.link("Besøk"))
        phone.tap(phone.button("Lagre: traff"))
        expect(phone.title("Even Furu")).to_be_visible()
    phone.wait_for_outbox(20)

    # The server dies at 02:00 during the sync: it has taken them, and nobody hears that it has.
    town.at("tue 01:59")
    phone.context.route(re.compile("/api/sync"), dies_before_it_answers(town))
    phone.find_coverage()
    phone.wait_until("() => fetch('/healthz').then(() => false, () => true)")
    phone.context.unroute_all(behavior="ignoreErrors")  # one may be on its way
    assert town.server.processes == []
    phone.wait_for_outbox(20)

    # Phones show meanwhile that nothing is heard from Sett,
    town.move_to(moment("tue 02:05"))
    phone.open("/felt")
    expect(phone.page.get_by_text(WORDS_OF_SILENCE)).to_be_visible()
    # and, when the web is back without the alerting, that this is down: on the screen, and by a push of its own.
    town.server.start_web()
    town.server.wait_until_healthy(with_worker=False)
    phone.page.reload()
    expect(phone.page.get_by_text(DOWN)).to_be_visible()
    phone.wait_for_outbox(0)
    town.move_to(moment("tue 02:30"))
    pushes = push_service.wait_for(1, subscription, seconds=90)  # it looks twice, a while apart
    assert [one.json["kind"] for one in pushes] == ["down"]
    assert alice.alerts() == []

    # It is back at 06:00. Three alerts, once each;
    town.move_to(moment("tue 06:00"))
    town.server.start_worker()
    town.let_worker_tick()
    alerts = alice.alerts()
    assert {alert["client_id"] for alert in alerts} == set(due_at_two)
    assert [(alert["kind"], alert["state"]) for alert in alerts] == [("not_seen", "open")] * 3
    told = push_service.wait_for(4, subscription)[1:]
    assert [one.json["notification"]["title"] for one in told] == [ALERT] * 3
    assert len({one.json["notification"]["tag"] for one in told}) == 3
    # nothing acked is missing, and nothing is there twice.
    visits = [data for (kind, _), data in alice.pull().items() if kind == "entry" and data["type"] == "visit_logged"]
    assert len(visits) == len({data["device_seq"] for data in visits}) == 20
    phone.page.reload()
    expect(phone.page.get_by_text(DOWN)).to_be_hidden()
    expect(phone.page.locator(".fire")).to_have_count(3)
    town.server.cli("verify")


def dies_before_it_answers(town: Town):
    """The request is carried out, then the power goes: web and worker at once."""

    def carry_out_and_die(route: Route) -> None:
        if town.server.processes:
            route.fetch()
            for process in list(town.server.processes):
                town.server.kill(process)
        route.abort("connectionreset")

    return carry_out_and_die

"""Six phones send batches of 100 without a pause, and concerns are raised meanwhile: how long until each push is there.

For the fault test and the benchmark of the same name.
"""

import threading
import time
from dataclasses import dataclass
from itertools import cycle

from tests._phone_client import PhoneClient
from tests._push_service import PushService
from tests._server import Server

PHONES = 6
BATCH = 100
CLIENTS = 20


@dataclass(frozen=True)
class Figures:
    """Seconds: from sending a concern to its answer, and from its answer to the push; batches sent meanwhile."""

    answered_s: list[float]
    pushed_s: list[float]
    batches: int


def raise_concerns_while_busy(server: Server, push: PushService, *, lasts_s: float, every_s: float) -> Figures:
    """Keep the server busy for so long; raise a concern about somebody else every now and then."""
    leader = PhoneClient.signed_in(server)
    _subscribe(leader, push)
    registrations = [leader.registration(f"Bruker {number}") for number in range(CLIENTS)]
    leader.sync(*registrations)
    clients = [entry["client_id"] for entry in registrations]
    busy = [PhoneClient.signed_in(server, f"jonas{number}", "fieldworker", leader.team_id) for number in range(PHONES)]
    over = threading.Event()
    sent: list[int] = []
    threads = [threading.Thread(target=_keep_sending, args=(phone, clients, over, sent)) for phone in busy]
    for thread in threads:
        thread.start()
    answered, pushed = [], []
    ends_at = time.monotonic() + lasts_s
    for client_id in cycle(clients):
        if time.monotonic() >= ends_at or len(answered) >= CLIENTS:
            break
        over.wait(every_s)
        before = len(_concerns(push))
        began = time.monotonic()
        concern = leader.entry("concern_raised", client_id, {"urgency": "now", "reason": "svarer ikke"})
        while leader.post("/api/sync", leader.request(concern), timeout=90)[0] != 200:
            over.wait(5)  # as a phone does
        answered.append(time.monotonic() - began)
        while len(_concerns(push)) == before and time.monotonic() < began + 120:
            over.wait(0.02)
        came_at = _concerns(push)[before].at
        pushed.append(came_at - began - answered[-1])
    over.set()
    for thread in threads:
        thread.join()
    return Figures(answered, pushed, len(sent))


def _concerns(push: PushService) -> list:
    return [one for one in push.messages() if one.json["kind"] == "alert"]


def _keep_sending(phone: PhoneClient, clients: list[str], over: threading.Event, sent: list[int]) -> None:
    while not over.is_set():
        visits = [phone.seen(client) for client, _ in zip(cycle(clients), range(BATCH), strict=False)]
        status, _ = phone.post("/api/sync", phone.request(*visits), timeout=120)
        if status == 200:
            sent.append(1)


def _subscribe(phone: PhoneClient, push: PushService) -> None:
    device = {"device_id": phone.device_id, "name": "telefon", "platform": "android"}
    assert phone.post("/api/devices", device)[0] == 200
    key_id = phone.get("/api/push/key")[1]["key_id"]
    assert phone.post("/api/push/subscriptions", push.subscribe().body(phone.device_id, key_id))[0] == 200

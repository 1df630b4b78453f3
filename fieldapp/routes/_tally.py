"""What the processes of one `fieldapp web` have answered, counted together: a scrape that another process answers must
not see a counter go back.

Counts stand in memory that the processes share and that outlives any of them. Each writes a part of its own, so none
waits for another, and a process that is killed leaves its counts to the one that takes its place. No file: a full disk
must not end a server over a figure.
"""

import itertools
import mmap
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other")
STATUSES = (*(str(int(status)) for status in HTTPStatus), "other")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
WAYS = ("password", "code", "passkey", "oidc", "report")
"""To sign in; `report`: through a link of a partner\'s."""
_MOST_ENDPOINTS = 300
_PER_ENDPOINT = len(METHODS) * len(STATUSES) + len(BUCKETS) + 1
_REFUSED = _MOST_ENDPOINTS * _PER_ENDPOINT
_PART = _REFUSED + len(WAYS)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Times:
    """How long the answers of one endpoint took: answers per bucket (each of its own), and seconds in all."""

    per_bucket: tuple[int, ...]
    total_s: float


class Tally:
    """Counters for so many processes. Made before they are forked; each calls `be` with its own number."""

    def __init__(self, processes: int = 1) -> None:
        self._counts = memoryview(mmap.mmap(-1, processes * _PART * 8)).cast("Q")
        self._processes = processes
        self._mine = 0
        self._lock = threading.Lock()
        self._endpoints: dict[str, int] = {}

    def be(self, number: int) -> None:
        """Count in this part from now on."""
        self._mine, self._lock = number, threading.Lock()

    def know(self, endpoints: Sequence[str]) -> None:
        """The endpoints there are, the same in every process; what is none of them counts as the first."""
        self._endpoints = {name: number for number, name in enumerate(endpoints[:_MOST_ENDPOINTS])}

    def count(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """One answer."""
        place = self._mine * _PART + self._endpoints.get(endpoint, 0) * _PER_ENDPOINT
        request = _index(METHODS, method) * len(STATUSES) + _index(STATUSES, str(status))
        times = place + len(METHODS) * len(STATUSES)
        bucket = next(number for number, most in enumerate(BUCKETS) if seconds <= most)
        with self._lock:
            self._counts[place + request] += 1
            self._counts[times + bucket] += 1
            self._counts[times + len(BUCKETS)] += round(seconds * _MICROSECONDS)

    def refuse(self, way: str) -> None:
        """One sign-in that was refused."""
        with self._lock:
            self._counts[self._mine * _PART + _REFUSED + WAYS.index(way)] += 1

    def refused(self) -> Iterator[tuple[str, int]]:
        """(way, sign-ins refused); also those of which there are none, so that the first one is a rise."""
        for number, way in enumerate(WAYS):
            yield way, self._sum(_REFUSED + number)

    def requests(self) -> Iterator[tuple[str, str, str, int]]:
        """(endpoint, method, status, answers) for all that has happened."""
        for name, number in self._endpoints.items():
            for place, (method, status) in enumerate(itertools.product(METHODS, STATUSES)):
                if answers := self._sum(number * _PER_ENDPOINT + place):
                    yield name, method, status, answers

    def times(self) -> Iterator[tuple[str, Times]]:
        """How long it took, for every endpoint that was asked."""
        for name, number in self._endpoints.items():
            first = number * _PER_ENDPOINT + len(METHODS) * len(STATUSES)
            per_bucket = tuple(self._sum(first + bucket) for bucket in range(len(BUCKETS)))
            if any(per_bucket):
                yield name, Times(per_bucket, self._sum(first + len(BUCKETS)) / _MICROSECONDS)

    def _sum(self, place: int) -> int:
        return sum(self._counts[part * _PART + place] for part in range(self._processes))


def _index(known: tuple[str, ...], given: str) -> int:
    return known.index(given) if given in known else len(known) - 1

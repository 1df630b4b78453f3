"""The figures of /metrics: requests as the web processes saw them, and what the database says of all. Nothing personal:
the labels are route names, methods, statuses and states, each from a closed list.
"""

import itertools
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from fieldapp.queries.health import WorkerHealth
from fieldapp.routes._tally import BUCKETS, Tally

_NO_ENDPOINT = "none"


def install(app: Flask, tally: Tally) -> None:
    """Measure every request of `app`, whose routes are all known."""
    tally.know([_NO_ENDPOINT, *sorted(app.view_functions)])
    app.extensions["tally"] = tally
    app.before_request(_start)
    app.after_request(_measure)


def text(counts: dict[str, dict[str, int]], health: WorkerHealth) -> bytes:
    """Everything in Prometheus' text form."""
    registry = _gauges(counts, health)
    registry.register(_Requests(current_app.extensions["tally"]))
    return generate_latest(registry)


def _start() -> None:
    g.started = time.perf_counter()


def _measure(response: Response) -> Response:
    seconds = time.perf_counter() - g.started if "started" in g else 0.0
    endpoint = request.endpoint or _NO_ENDPOINT
    current_app.extensions["tally"].count(endpoint, request.method, response.status_code, seconds)
    return response


class _Requests(Collector):
    """The tally as Prometheus wants it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        answered = CounterMetricFamily(
            "sett_http_requests", "Requests answered", labels=("endpoint", "method", "status")
        )
        for *labels, answers in self._tally.requests():
            answered.add_metric([str(label) for label in labels], answers)
        yield answered
        refused = CounterMetricFamily("sett_sign_ins_refused", "Sign-ins refused", labels=("way",))
        for way, times in self._tally.refused():
            refused.add_metric([way], times)
        yield refused
        took = HistogramMetricFamily("sett_http_request_seconds", "Time to answer", labels=("endpoint",))
        for endpoint, answers_took in self._tally.times():
            so_far = itertools.accumulate(answers_took.per_bucket)
            buckets = [(floatToGoString(most), count) for most, count in zip(BUCKETS, so_far, strict=True)]
            took.add_metric([endpoint], buckets, answers_took.total_s)
        yield took


def _gauges(counts: dict[str, dict[str, int]], health: WorkerHealth) -> CollectorRegistry:
    registry = CollectorRegistry()
    for name, by_label in counts.items():
        gauge = Gauge(f"sett_{name}", f"{name} in the database".replace("_", " "), ("state",), registry=registry)
        for label, number in by_label.items():
            gauge.labels(label).set(number)
    up = Gauge("sett_worker_up", "1 when a worker has ticked within 60 s", registry=registry)
    up.set(1 if health.is_ticking else 0)
    if health.age is not None:
        Gauge("sett_worker_age_seconds", "Since the last good tick", registry=registry).set(health.age.total_seconds())
    return registry

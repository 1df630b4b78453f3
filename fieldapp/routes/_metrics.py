"""The figures of /metrics: requests as this process saw them, and what the database says of all. Nothing personal: the
labels are route names, methods, statuses and states.
"""

import time

from flask import Response, current_app, g, request
from flask.sansio.app import App
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from fieldapp.queries.health import WorkerHealth

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anybody may invent another, and each would be a line of its own for ever."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One application's own registry, so that two applications in one process do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sett_http_requests", "Requests answered", ("endpoint", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "sett_http_request_seconds", "Time to answer", ("endpoint",), buckets=_SECONDS, registry=self.registry
        )


def install(app: App) -> None:
    """Measure every request of `app`."""
    app.extensions["metrics"] = Metrics()
    app.before_request(_start)
    app.after_request(_measure)


def text(counts: dict[str, dict[str, int]], health: WorkerHealth) -> bytes:
    """Everything in Prometheus' text form."""
    return generate_latest(current_app.extensions["metrics"].registry) + generate_latest(_gauges(counts, health))


def _start() -> None:
    g.started = time.perf_counter()


def _measure(response: Response) -> Response:
    metrics: Metrics = current_app.extensions["metrics"]
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    metrics.requests.labels(endpoint, method, str(response.status_code)).inc()
    if "started" in g:
        metrics.seconds.labels(endpoint).observe(time.perf_counter() - g.started)
    return response


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

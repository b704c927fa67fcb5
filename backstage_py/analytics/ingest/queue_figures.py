"""How long the queue before the store is, asked for when `/metrics` is read."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.ingest.ingest import Ingest


class QueueFigures(Collector):
    """Gauges of the events that are not committed yet.

    Args:
        ingest: What takes them in.
        clock: The time.
    """

    def __init__(self, ingest: Ingest, clock: Clock = utc_now) -> None:
        self._ingest = ingest
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing to check names with."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """How many wait, and for how long the first of them has."""
        queue = self._ingest.queue()
        age = (self._clock() - queue.oldest).total_seconds() if queue.oldest else 0.0
        yield GaugeMetricFamily(
            "analytics_ingest_waiting", "Events that wait for their commit", queue.events
        )
        yield GaugeMetricFamily(
            "analytics_ingest_age_seconds", "How long the first of them has waited", max(0.0, age)
        )

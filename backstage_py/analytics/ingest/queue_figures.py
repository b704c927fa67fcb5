"""The length of the queue before the store, for `/metrics`."""

from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.ingest.ingest import Ingest
from backstage_py.analytics.metrics.metrics import Metrics


class QueueFigures:
    """Gauges of the events that are not committed yet.

    Args:
        ingest: The ingest that holds them.
        metrics: The metrics to add the gauges to.
        clock: The current time.
    """

    def __init__(self, ingest: Ingest, metrics: Metrics, clock: Clock = utc_now) -> None:
        self._ingest = ingest
        self._clock = clock
        self._waiting = metrics.gauge(
            "analytics_ingest_waiting",
            "Events that wait for their commit",
            over_processes="livesum",
        )
        self._age = metrics.gauge(
            "analytics_ingest_age_seconds",
            "How long the first of them has waited",
            over_processes="livemax",
        )
        metrics.refresh_with(self._refresh)

    def _refresh(self) -> None:
        queue = self._ingest.queue()
        age = (self._clock() - queue.oldest).total_seconds() if queue.oldest else 0.0
        self._waiting.set(queue.events)
        self._age.set(max(0.0, age))

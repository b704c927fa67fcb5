"""What the pipeline counts, for `/metrics` (OpenMetrics 1.0) and the portal's health page."""

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from backstage_py.analytics.ingest.pipeline import IngestReport

MEDIA_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counters and gauges of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.captured = self._counter("captured", "Events that came in, by origin", "origin")
        self.accepted = self._counter("accepted", "Events that were new and are durable")
        self.duplicate = self._counter("duplicate", "Events that were there already")
        self.rejected = self._counter("rejected", "Events refused for good")
        self.declined = self._counter("declined", "Events of people who are not to be recorded")
        self.put_off = self._counter("put_off", "Events that the store could not take then")
        self.dropped_in_browser = self._counter(
            "dropped_in_browser", "Events that full browser queues gave up"
        )
        self.lost = self._counter("lost", "Captures of event handlers that found no room")
        self.robots = self._counter("of_robots", "Events of robots, which are refused")
        self.expired = self._counter("expired", "Events deleted since they were old enough")
        self.erased = self._counter("erased", "Events deleted with a user who was erased")
        self.delivered = self._counter("delivered", "Events that a backend took", "backend")
        self.failed = self._counter("failed", "Deliveries that failed", "backend")
        self.dead = self._counter("dead", "Events given up, now dead letters", "backend")
        self.unwanted = self._counter("unwanted", "Events that a backend does not want", "backend")

    def count(self, report: "IngestReport", dropped: int) -> None:
        """Count what became of a batch."""
        rejected, again = len(report.rejected), len(report.retry)
        total = report.accepted + report.duplicates + rejected + again
        self.captured.labels("browser").inc(total)
        self.accepted.inc(report.accepted)
        self.duplicate.inc(report.duplicates)
        (self.declined if report.declined else self.rejected).inc(rejected)
        self.put_off.inc(again)
        self.dropped_in_browser.inc(dropped)

    def totals(self) -> dict[str, int]:
        """What this process has counted since it started, by the counter's name."""
        counters = {
            "captured": self.captured,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "declined": self.declined,
            "put_off": self.put_off,
            "dropped_in_browser": self.dropped_in_browser,
            "lost": self.lost,
        }
        return {name: _total(counter) for name, counter in counters.items()}

    def watch(self, collector: Collector) -> None:
        """Ask for figures when they are read."""
        self._registry.register(collector)

    def to_text(self) -> bytes:
        """All of them, in the text form of OpenMetrics."""
        return generate_latest(self._registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"analytics_events_{name}", help_text, labels, registry=self._registry)


def _total(counter: Counter) -> int:
    samples = [sample for metric in counter.collect() for sample in metric.samples]
    return int(sum(sample.value for sample in samples if sample.name.endswith("_total")))

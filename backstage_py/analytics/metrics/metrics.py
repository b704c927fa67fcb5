"""The counters of the pipeline, for `/metrics` (OpenMetrics 1.0) and the portal's health page.

Where `PROMETHEUS_MULTIPROC_DIR` names a folder, as `serve` does, the processes of a node count in
files there, and each of them answers with the figures of all.
https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from backstage_py.analytics.ingest.pipeline import IngestReport

MEDIA_TYPE = CONTENT_TYPE_LATEST
_PREFIX = "analytics_events_"
_TOTALS = (
    *("captured", "accepted", "duplicate", "rejected", "declined", "put_off"),
    *("dropped_in_browser", "lost"),
)


class Metrics:
    """The counters and gauges of this process, or of all that count in the same folder."""

    def __init__(self) -> None:
        self.folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or None
        self._registry = CollectorRegistry()
        self._watched = CollectorRegistry()
        self._refreshes: list[Callable[[], None]] = []
        self.captured = self._counter("captured", "Events that came in, by origin", "origin")
        self.accepted = self._counter("accepted", "Events that were new and are durable")
        self.duplicate = self._counter("duplicate", "Events that were there already")
        self.rejected = self._counter("rejected", "Events refused for good")
        self.declined = self._counter("declined", "Events of people who are not to be recorded")
        self.put_off = self._counter("put_off", "Events that the store could not take then")
        self.dropped_in_browser = self._counter(
            "dropped_in_browser", "Events dropped by full browser queues"
        )
        self.lost = self._counter("lost", "Captures of event handlers that found no room")
        self.robots = self._counter("of_robots", "Events of robots, which are refused")
        self.refused_origins = self._counter(
            "refused_origins", "Requests of pages that are of another site"
        )
        self.expired = self._counter("expired", "Events deleted since they were old enough")
        self.erased = self._counter("erased", "Events deleted with a user who was erased")
        self.delivered = self._counter("delivered", "Events that a backend took", "backend")
        self.failed = self._counter("failed", "Deliveries that failed", "backend")
        self.dead = self._counter("dead", "Events that became dead letters", "backend")
        self.unwanted = self._counter("unwanted", "Events that a backend does not want", "backend")

    def count(self, report: "IngestReport", dropped: int) -> None:
        """Count the result of a batch."""
        rejected, again = len(report.rejected), len(report.retry)
        total = report.accepted + report.duplicates + rejected + again
        self.captured.labels("browser").inc(total)
        self.accepted.inc(report.accepted)
        self.duplicate.inc(report.duplicates)
        (self.declined if report.declined else self.rejected).inc(rejected)
        self.put_off.inc(again)
        self.dropped_in_browser.inc(dropped)

    def totals(self) -> dict[str, int]:
        """Events counted since the node started, by the counter's name."""
        families = {family.name: family for family in self._own().collect()}
        return {name: _total(families.get(f"{_PREFIX}{name}")) for name in _TOTALS}

    def watch(self, collector: Collector) -> None:
        """Add figures that are the same in every process and computed when read."""
        self._watched.register(collector)

    def gauge(
        self, name: str, help_text: str, *, over_processes: Literal["livesum", "livemax"]
    ) -> Gauge:
        """Add a gauge.

        Args:
            name: Its name for Prometheus.
            help_text: What the gauge shows, with its unit.
            over_processes: How several processes are combined: `livesum` or `livemax`.
        """
        return Gauge(name, help_text, multiprocess_mode=over_processes, registry=self._registry)

    def refresh_with(self, refresh: Callable[[], None]) -> None:
        """Call this before figures are read here, and in `refresh`."""
        self._refreshes.append(refresh)

    def refresh(self) -> None:
        """Bring gauges up to date, for another process that is asked for the figures of all."""
        for refresh in self._refreshes:
            refresh()

    def to_text(self) -> bytes:
        """All metrics, in the text format of OpenMetrics."""
        self.refresh()
        return generate_latest(_Several(self._own(), self._watched))

    def _own(self) -> CollectorRegistry:
        if self.folder is None:
            return self._registry
        _forget_dead_processes(Path(self.folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry, self.folder)
        return registry

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"{_PREFIX}{name}", help_text, labels, registry=self._registry)


class _Several(CollectorRegistry):
    """Several registries combined into one."""

    def __init__(self, *registries: CollectorRegistry) -> None:
        super().__init__()
        self._registries = registries

    def collect(self) -> Iterable[Metric]:
        """The metrics of each."""
        for registry in self._registries:
            yield from registry.collect()


def _total(family: Metric | None) -> int:
    samples = family.samples if family else ()
    return int(sum(sample.value for sample in samples if sample.name.endswith("_total")))


def _forget_dead_processes(folder: Path) -> None:
    """Drop the gauges of dead processes; their counters stay."""
    for pid in {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*.db")}:
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            mark_process_dead(int(pid), str(folder))
        except PermissionError:  # it is alive, but belongs to another user
            continue

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from reflex_base import otel

from backstage_py.analytics.metrics.tracing import span


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


def test_there_are_spans_where_reflex_traces(
    exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.clear()
    monkeypatch.setattr(otel, "enabled", True)

    with pytest.raises(ValueError, match="broken"), span("analytics.delivery.send", events=3):
        raise ValueError("broken")

    [found] = exporter.get_finished_spans()
    assert (found.name, dict(found.attributes or {})) == ("analytics.delivery.send", {"events": 3})
    assert not found.status.is_ok


def test_there_are_none_where_it_does_not(exporter: InMemorySpanExporter) -> None:
    exporter.clear()

    with span("analytics.ingest.commit", events=1):
        pass

    assert exporter.get_finished_spans() == ()

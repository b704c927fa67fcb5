"""OpenTelemetry spans, where Reflex's own tracing is on (`reflex_base.otel`)."""

from collections.abc import Generator
from contextlib import contextmanager

from reflex_base import otel


@contextmanager
def span(name: str, **attributes: str | int) -> Generator[None]:
    """A span around the `with` block; does nothing if Reflex does not trace."""
    if not otel.enabled:
        yield
        return
    from opentelemetry import trace

    tracer = trace.get_tracer("backstage_py.analytics")
    with tracer.start_as_current_span(name, attributes=dict(attributes)):
        yield

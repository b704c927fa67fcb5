"""Which extra of this package brings a module that is not installed."""

_EXTRAS = {
    "confluent_kafka": "kafka",
    "duckdb": "insights",
    "py_mini_racer": "portal",
    "pyarrow": "insights",
    "sqlglot": "insights",
    "yaml": "portal",
    "jsonschema_rs": "portal",
    "mcp": "mcp",
    "nats": "nats",
    "opentelemetry": "otel",
    "psycopg": "postgresql",
}


def install_hint(error: ImportError) -> str | None:
    """How to install what is missing, or None if no extra brings it."""
    top = (error.name or "").partition(".")[0]
    if (extra := _EXTRAS.get(top)) is None:
        return None
    return f'It needs {top}: run pip install "backstage_py[{extra}]"'

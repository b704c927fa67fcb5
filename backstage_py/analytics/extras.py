"""Finds the extra of this package that installs a missing module."""

_EXTRAS = {
    "apprise": "insights",
    "confluent_kafka": "kafka",
    "cronsim": "insights",
    "duckdb": "insights",
    "py_mini_racer": "portal",
    "holidays": "insights",
    "pyarrow": "insights",
    "sqlglot": "insights",
    "yaml": "portal",
    "jsonschema_rs": "portal",
    "mcp": "mcp",
    "nats": "nats",
    "opentelemetry": "otel",
    "psycopg": "postgresql",
}


def list_modules(extra: str) -> list[str]:
    """The modules that an extra installs."""
    return [module for module, brought_by in _EXTRAS.items() if brought_by == extra]


def install_hint(error: ImportError) -> str | None:
    """How to install a missing package, or None if no extra contains it."""
    top = (error.name or "").partition(".")[0]
    if (extra := _EXTRAS.get(top)) is None:
        return None
    return f'It needs {top}: run pip install "backstage_py[{extra}]"'

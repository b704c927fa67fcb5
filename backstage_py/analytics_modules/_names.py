"""Names for the values of an event, where a tool wants them flat."""

from collections.abc import Mapping

from backstage_py.analytics import Scalar


def prefixed(prefix: str, values: Mapping[str, Scalar] | None) -> dict[str, Scalar]:
    """The values, each under its key with a prefix."""
    return {f"{prefix}{key}": value for key, value in (values or {}).items()}

"""Formats a statement for readers: without unused columns and layers.

The statements are composed of subqueries that carry all columns; SQLGlot's optimizer removes what
is not needed, without changing the result.
"""

import logging
from typing import Any

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify

_logger = logging.getLogger(__name__)
_TABLES: Any = {
    "analytics_event": dict.fromkeys(
        (
            *("position", "id", "action", "subject", "value", "attributes", "context"),
            *("plugin_id", "extension", "route_ref", "timestamp", "received_at"),
            *("session_id", "user", "origin", "app_version"),
        ),
        "text",
    )
}
_DIALECTS = {"postgresql": "postgres"}


def readable(statement: str, dialect: str) -> str:
    """The statement formatted in lines, or unchanged if it cannot be parsed.

    Args:
        statement: The SQL.
        dialect: The database's dialect, by SQLAlchemy's name.
    """
    name = _DIALECTS.get(dialect, dialect)
    settings = f"{name}, normalization_strategy=case_sensitive"
    try:
        tree: Any = sqlglot.parse_one(statement, dialect=settings)
        tree = qualify(
            tree,
            dialect=settings,
            schema=_TABLES,
            validate_qualify_columns=False,
            quote_identifiers=False,
            identify=False,
        )
        tree = merge_subqueries(pushdown_projections(tree))
        return tree.sql(dialect=settings, pretty=True, identify=False)
    except (SqlglotError, TypeError, ValueError):
        _logger.warning("A statement is shown as it is", exc_info=True)
        return statement

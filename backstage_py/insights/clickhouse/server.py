"""The client of a ClickHouse server's HTTP interface."""

import logging
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import pyarrow as pa

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.clickhouse.settings import ClickHouseSettings

_logger = logging.getLogger(__name__)

_PATIENCE = httpx.Timeout(300.0, connect=5.0)
_LOGGED_LETTERS = 1_000
_MOST_STATEMENT_BYTES = 64 * 2**20
_ALWAYS: Mapping[str, int] = {
    "wait_end_of_query": 1,
    "output_format_json_quote_64bit_integers": 0,
    "max_query_size": _MOST_STATEMENT_BYTES,
}
_KIND_OF_ERROR = re.compile(r"\(([A-Z][A-Z0-9_]+)\)")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class ClickHouseError(AnalyticsError):
    """ClickHouse cannot be reached, or failed; `where` names the server."""


@dataclass(frozen=True, slots=True)
class SentTable:
    """Rows sent with a statement; `structure` are its columns in ClickHouse's notation."""

    structure: str
    rows: pa.Table


class ClickHouseServer:
    """A server, and the database in it; usable from any thread."""

    def __init__(self, settings: ClickHouseSettings) -> None:
        self._url = settings.url
        self._where = f"ClickHouse at {settings.url}"
        self._headers = {
            "X-ClickHouse-User": settings.user,
            "X-ClickHouse-Key": settings.password.get_secret_value() if settings.password else "",
            "X-ClickHouse-Database": settings.database,
        }
        self._transport = httpx.HTTPTransport()

    def ask(
        self,
        query: str,
        texts: Mapping[str, str] | None = None,
        *,
        settings: Mapping[str, int] | None = None,
        tables: Mapping[str, SentTable] | None = None,
    ) -> list[list[Any]]:
        """The rows of a query, which is sent as a form, so that addresses contain no personal data.

        Args:
            query: The query, with parameters such as `{name:String}`.
            texts: The values of the parameters.
            settings: ClickHouse's settings for this query.
            tables: The external tables of the query, by the names it uses.

        Raises:
            ClickHouseError: If ClickHouse does not answer.
        """
        told: dict[str, Any] = {**(settings or {}), "default_format": "JSONCompact"}
        form: dict[str, tuple[str | None, str | bytes]] = {"query": (None, query)}
        for name, text in (texts or {}).items():
            form[f"param_{name}"] = (None, text.translate(_ESCAPES))
        for name, table in (tables or {}).items():
            told |= {f"{name}_format": "ArrowStream", f"{name}_structure": table.structure}
            form[name] = (name, to_stream(table.rows))
        return orjson.loads(self._post(told, files=form))["data"]

    def command(self, statement: str) -> None:
        """Run a statement without rows.

        Raises:
            ClickHouseError: If it failed, or the outcome is unknown.
        """
        self._post({}, content=statement.encode())

    def insert(self, table: str, rows: pa.Table) -> None:
        """Insert rows, all or none.

        Raises:
            ClickHouseError: If they were not inserted, or the outcome is unknown.
        """
        columns = ", ".join(rows.column_names)
        query = f"INSERT INTO {table} ({columns}) FORMAT ArrowStream"
        at_once = {
            "async_insert": 0,
            "max_insert_block_size": rows.num_rows,
            "min_insert_block_size_rows": rows.num_rows,
            "min_insert_block_size_bytes": 0,
        }
        self._post({"query": query, **at_once}, content=to_stream(rows))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _post(self, parameters: Mapping[str, Any], **body: Any) -> bytes:
        """Send a request below httpx's client, which would log each statement."""
        request = httpx.Request(
            "POST",
            self._url,
            params={**_ALWAYS, **parameters},
            headers=self._headers,
            extensions={"timeout": _PATIENCE.as_dict()},
            **body,
        )
        try:
            with closing(self._transport.handle_request(request)) as answer:
                answer.read()
        except httpx.HTTPError as error:
            raise ClickHouseError(
                self._where,
                f"does not answer ({type(error).__name__})",
                "Nothing is lost: missing events are copied when it is back",
            ) from error
        if answer.is_success:
            return answer.content
        kinds = _KIND_OF_ERROR.findall(answer.text)
        _logger.warning("%s: %s", self._where, answer.text[:_LOGGED_LETTERS])
        problem = f"answers {answer.status_code} {kinds[-1] if kinds else answer.reason_phrase}"
        raise ClickHouseError(self._where, problem, "See the portal's log for its message")


def to_stream(rows: pa.Table) -> bytes:
    """Rows in the format ArrowStream, as one block."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows.combine_chunks())
    return sink.getvalue().to_pybytes()

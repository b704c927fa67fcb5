"""`GET /api/insights/{view}/{tile}.{format}`: the whole answer of a tile, as a file.

It takes the query of the page's address; the file has the keys and the plain values of the answer.
"""

import asyncio
import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass, replace
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, GuardedRoute, utc_now
from backstage_py.insights import Answer, Caller, Question, Row
from backstage_py.insights.ui.page_query import PageQuery
from backstage_py.insights.ui.reading import Reading
from backstage_py.insights.ui.service import InsightsService
from backstage_py.insights.ui.settings import get_settings

PATH = "/api/insights"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_route(
    get_service: Callable[[], InsightsService],
    find_caller: Callable[[Mapping[str, str], str | None], Caller],
    *,
    prefix: str = "",
) -> GuardedRoute:
    """The route, below `prefix`; `find_caller` is that of `Host`."""

    async def export(request: Request) -> Response:
        peer = request.client.host if request.client else None
        viewer = find_caller(dict(request.headers), peer).viewer
        if viewer is None:
            return _refuse(403, "You do not have permission to read analytics")
        query = PageQuery.from_address(request.url.query, zone=get_settings().zone)
        reading = Reading(request.path_params["view"], query, utc_now())
        form = request.path_params["format"]
        tile = next((t for t in reading.tiles if t.id == request.path_params["tile"]), None)
        if tile is None or form not in WRITERS:
            known = ", ".join(one.id for one in reading.tiles) or "a page of Insights"
            return _refuse(404, f"No such export: use {known}, as {', '.join(WRITERS)}")
        try:
            question = tile.ask(query.to_grain(reading.scope.window), query)
            whole = _without_limit(question)
            answer = await asyncio.to_thread(get_service().ask, whole, reading.scope, viewer)
        except AnalyticsError as error:
            return _refuse(422, str(error))
        media_type, write = WRITERS[form]
        name = f"{reading.view}-{tile.id}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(write(answer), headers=headers, media_type=media_type)

    return GuardedRoute(
        f"{prefix}{PATH}/{{view}}/{{tile}}.{{format}}",
        export,
        methods=["GET"],
        access=ANALYTICS_INSIGHTS_READ,
    )


def _without_limit(question: Question) -> Question:
    if is_dataclass(question) and hasattr(question, "limit"):
        return replace(cast("Any", question), limit=None)
    return question


def write_csv(answer: Answer) -> bytes:
    """Rows as CSV (RFC 4180) with a byte order mark, by which Excel knows UTF-8.

    No text begins as a formula does.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([_defuse(row.get(column)) for column in answer.columns])
    return text.getvalue().encode("utf-8-sig")


def write_json(answer: Answer) -> bytes:
    """Rows as a list of objects, as the command line gives them."""
    return json.dumps(_records(answer.columns, answer.rows), ensure_ascii=False).encode()


def write_parquet(answer: Answer) -> bytes:
    """Rows as columns; a column without any value is one of texts."""
    import pyarrow as pa
    from pyarrow import parquet

    records = _records(answer.columns, answer.rows)
    columns = {name: pa.array([row[name] for row in records]) for name in answer.columns}
    texts = {
        name: column.cast(pa.string()) if pa.types.is_null(column.type) else column
        for name, column in columns.items()
    }
    output = io.BytesIO()
    parquet.write_table(pa.table(texts), output)
    return output.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Answer], bytes]]] = {
    "csv": ("text/csv", write_csv),
    "json": ("application/json", write_json),
    "parquet": ("application/vnd.apache.parquet", write_parquet),
}


def _records(columns: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{column: row.get(column) for column in columns} for row in rows]


def _defuse(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _refuse(status: int, text: str) -> Response:
    return Response(text, status_code=status, media_type="text/plain")

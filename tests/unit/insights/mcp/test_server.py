"""`/mcp` driven by the official client."""

import contextlib
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from backstage_py.analytics import AnalyticsEvent, EventStore, Origins
from backstage_py.insights import (
    OWNER,
    Annotations,
    Caller,
    Insights,
    Scope,
    Totals,
    Viewer,
    Window,
)
from backstage_py.insights.mcp.server import McpServer
from backstage_py.insights.mcp.tools import InsightsTools
from backstage_py.insights.questions.catalogue import QUESTIONS
from tests.unit.insights.history import DIRECTORY

NOW = datetime(2026, 11, 30, tzinfo=UTC)
CALLERS = {
    "Bearer owner": Caller("user:default/ada", OWNER, may_annotate=True),
    "Bearer reader": Caller("external:bot", Viewer(smallest_group=5)),
    "Bearer stranger": Caller("user:default/bob"),
}


class Served:
    """A served app, and what was captured of its calls."""

    def __init__(self, store: EventStore, insights: Insights) -> None:
        self.captured: list[tuple[AnalyticsEvent, str | None]] = []
        tools = InsightsTools(
            lambda: insights,
            Annotations(store.engine),
            directory=lambda _sample: DIRECTORY,
            capture=lambda event, user: self.captured.append((event, user)),
            clock=lambda: NOW,
        )
        self._server = McpServer(tools, _find, origins=Origins())
        self._app = Starlette(routes=[self._server.route()])

    @contextlib.asynccontextmanager
    async def http(self, token: str) -> AsyncGenerator[httpx2.AsyncClient]:
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx2.ASGITransport(self._app)
        async with (
            self._server.running(),
            httpx2.AsyncClient(
                transport=transport, base_url="http://portal.test", headers=headers
            ) as client,
        ):
            yield client

    @contextlib.asynccontextmanager
    async def client(self, token: str = "owner") -> AsyncGenerator[Client]:
        async with self.http(token) as http:
            transport = streamable_http_client("http://portal.test/mcp", http_client=http)
            async with Client(transport) as client:
                yield client


def _find(headers: Mapping[str, str]) -> Caller:
    return CALLERS.get(headers.get("authorization", ""), Caller())


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def served(company: tuple[EventStore, Insights]) -> Served:
    return Served(*company)


async def _call(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


@pytest.mark.anyio
async def test_the_client_finds_the_tools_and_the_questions(served: Served) -> None:
    async with served.client() as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        found = await _call(client, "list_questions")

    assert tools == {"list_questions", "ask", "events", "before_after", "annotate"}
    assert [one["name"] for one in found["questions"]] == list(QUESTIONS)
    assert "attributes.KEY" in found["fields"]


@pytest.mark.anyio
async def test_an_answer_has_its_window_counts_and_sql(
    served: Served, company: tuple[EventStore, Insights]
) -> None:
    async with served.client() as client:
        answer = await _call(
            client,
            "ask",
            question="top-plugins",
            since="2026-10-01",
            until="2026-11-01",
            filters=[{"field": "action", "operator": "is", "values": ["click"]}],
            with_robots=True,
        )
        events = await _call(
            client,
            "events",
            since="2026-10-01",
            until="2026-11-01",
            filters=[{"field": "action", "operator": "is", "values": ["click"]}],
            limit=5,
        )

    total = sum(row["events"] for row in answer["rows"])
    assert answer["window"] == {
        "since": "2026-10-01T00:00:00.000Z",
        "until": "2026-11-01T00:00:00.000Z",
        "zone": "UTC",
    }
    assert answer["events"] == total
    assert answer["leftOut"]["robotEvents"] == 0
    assert "SELECT" in answer["sql"]
    assert len(events["events"]) == 5
    assert events["total"] + events["leftOut"]["robotEvents"] >= total
    assert events["nextCursor"]


@pytest.mark.anyio
async def test_every_question_without_required_parameters_can_be_asked(served: Served) -> None:
    async with served.client() as client:
        for name, named in QUESTIONS.items():
            if not named.schema.get("required"):
                answer = await _call(client, "ask", question=name)
                assert answer["rowCount"] == len(answer["rows"])


@pytest.mark.anyio
async def test_a_break_down_adds_up(served: Served) -> None:
    span = {"since": "2026-10-01", "until": "2026-12-01", "with_robots": True}
    async with served.client() as client:
        whole = await _call(client, "ask", question="totals", **span)
        parts = await _call(client, "ask", question="totals", break_down="pluginId", **span)

    assert sum(row["events"] for row in parts["rows"]) == whole["rows"][0]["events"]
    assert {row["pluginId"] for row in parts["rows"]} == {"catalog", "search", "ö"}


@pytest.mark.anyio
async def test_a_reader_sees_no_names_and_no_small_groups(served: Served) -> None:
    async with served.client("reader") as client:
        users = await _call(client, "ask", question="top-users")
        teams = await _call(client, "ask", question="active-by-team", since="2026-10-01")
        refused = await client.call_tool(
            "ask",
            {
                "question": "totals",
                "filters": [{"field": "user", "operator": "is", "values": ["user:default/u1"]}],
            },
        )

    assert all(row["user"].startswith("person-") for row in users["rows"])
    assert teams["leftOut"]["smallGroups"] > 0
    assert all(row["users"] >= 5 or row["users"] == 0 for row in teams["rows"])
    assert refused.is_error


@pytest.mark.anyio
async def test_annotating_is_a_permission(served: Served) -> None:
    async with served.client("reader") as client:
        refused = await client.call_tool("annotate", {"text": "Release 2.4"})
    async with served.client() as client:
        made = await _call(client, "annotate", text="Release 2.4", tags=["release"])

    assert refused.is_error
    assert made["author"] == "user:default/ada"


@pytest.mark.anyio
async def test_before_and_after_a_version_or_a_time(
    served: Served, company: tuple[EventStore, Insights]
) -> None:
    Annotations(company[0].engine).note_version("2.4.0", datetime(2026, 11, 10, tzinfo=UTC))
    async with served.client("reader") as client:
        by_version = await _call(client, "before_after", version="2.4.0")
        by_time = await _call(client, "before_after", at="2026-11-10T00:00:00Z")
        unknown = await client.call_tool("before_after", {"version": "9"})

    assert by_version["about"] == "Version 2.4.0"
    assert by_version["numbers"] == by_time["numbers"]
    assert by_version["window"]["until"].startswith("2026-11-17")
    events = company[1].ask(
        Totals(),
        Scope(Window(NOW - timedelta(days=20), NOW - timedelta(days=13)), with_robots=False),
    )
    assert by_version["events"] == events.first["events"]
    views = next(one for one in by_version["numbers"] if one["key"] == "navigations")
    assert views["after"] == events.first["navigations"]
    assert unknown.is_error
    assert "version: '9' was not seen" in str(unknown.content)


@pytest.mark.anyio
async def test_calls_are_captured(served: Served) -> None:
    async with served.client() as client:
        await _call(client, "ask", question="totals")
    async with served.client("reader") as client:
        await _call(client, "list_questions")

    (first, ada), (second, nobody) = served.captured
    assert (first.action, first.subject, dict(first.attributes or {})) == (
        "call",
        "ask",
        {"question": "totals"},
    )
    assert second.subject == "list_questions"
    assert (ada, nobody) == ("user:default/ada", None)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"question": "top-page"}, "question: 'top-page' is unknown"),
        ({"question": "top-pages", "parameters": {"limit": 0}}, "parameters.limit: is 0"),
        ({"question": "top-pages", "since": "yesterday"}, "since"),
        ({"question": "top-pages", "zone": "Mars"}, "zone: 'Mars' is unknown"),
    ],
)
async def test_errors_are_returned_to_the_caller(
    served: Served, arguments: dict[str, Any], message: str
) -> None:
    async with served.client() as client:
        result = await client.call_tool("ask", arguments)

    assert result.is_error
    assert message in str(result.content[0])


@pytest.mark.anyio
@pytest.mark.parametrize(("token", "status"), [("nobody", 401), ("stranger", 403)])
async def test_strangers_are_refused(served: Served, token: str, status: int) -> None:
    async with served.http(token) as http:
        answer = await http.post("/mcp", json={})

    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.anyio
async def test_another_site_is_refused(served: Served) -> None:
    async with served.http("owner") as http:
        answer = await http.post("/mcp", json={}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403

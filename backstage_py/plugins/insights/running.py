"""Background work of Insights: keep the copy, send alerts, serve `/mcp`."""

import contextlib
import functools
from collections.abc import AsyncGenerator

from anyio import to_thread

from backstage_py import __version__
from backstage_py.analytics import AnalyticsEvent, get_runtime, utc_now
from backstage_py.insights import find_caller, get_annotations, get_insights
from backstage_py.insights.mcp.server import McpServer
from backstage_py.insights.mcp.tools import InsightsTools
from backstage_py.insights.ui.alerting import get_alerts
from backstage_py.insights.ui.service import get_insights_service, start_insights


@functools.cache
def get_mcp_server() -> McpServer:
    """The server of `/mcp` of this process."""
    runtime = get_runtime()
    tools = InsightsTools(
        get_insights,
        get_annotations(),
        directory=lambda sample: get_insights_service().directory(sample),
        capture=_capture,
        clock=utc_now,
    )
    return McpServer(tools, find_caller, version=__version__, origins=runtime.origins)


@contextlib.asynccontextmanager
async def running() -> AsyncGenerator[None]:
    """Runs the background work while this process serves."""
    await to_thread.run_sync(start_insights)
    alerts = await to_thread.run_sync(get_alerts)
    alerts.start()
    async with get_mcp_server().running():
        yield
    await to_thread.run_sync(alerts.close)


def _capture(event: AnalyticsEvent, user: str | None) -> None:
    get_runtime().recorder.record(event, session_id=None, user=user, origin="agent")

"""A test of what one's own event handler captures, without a browser."""

import asyncio

import reflex as rx

from backstage_py.analytics import MockAnalyticsApi, use_analytics
from backstage_py.analytics.testing import run_handler


class DeployState(rx.State):
    deployed: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    def deploy(self, service: str) -> None:
        self.deployed.append(service)
        use_analytics().capture_event("deploy", service, value=3)


def test_a_deployment_is_captured(mock_analytics: MockAnalyticsApi) -> None:
    run = asyncio.run(run_handler(DeployState.deploy, "ledger", user="user:default/ann"))

    assert run.state.deployed == ["ledger"]
    captured = mock_analytics.get_events()[0]
    assert (captured.action, captured.subject, captured.value) == ("deploy", "ledger", 3)

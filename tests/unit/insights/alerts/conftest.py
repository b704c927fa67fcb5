from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backstage_py.analytics import EventStore
from backstage_py.insights import Insights, Question, Scope, Viewer, Window
from backstage_py.insights.alerts.alerts import AlertPlan, Alerts
from backstage_py.insights.alerts.channels import ChannelError
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.alerts.rules import AlertRule, DigestRule
from tests.unit.analytics.recorded import recorded

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A Wednesday."""


@dataclass
class Told:
    """A channel that keeps its messages; `refusals` are raised first."""

    is_repeatable: bool = True
    messages: list[tuple[Message, tuple[str, ...]]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def send(self, message_id: str, message: Message, receivers: Sequence[str]) -> None:
        if self.refusals:
            raise self.refusals.pop()
        self.messages.append((message, tuple(receivers)))

    @property
    def titles(self) -> list[str]:
        return [message.title for message, _receivers in self.messages]


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def put(store: EventStore) -> Callable[..., None]:
    """Stores some events of a moment."""

    def add(count: int, at: datetime, **fields: Any) -> None:
        times = {"timestamp": at, "received_at": at}
        store.append([recorded(**{**times, **fields}) for _ in range(count)])

    return add


@pytest.fixture
def make(store: EventStore, insights: Insights, told: Told, clock: Time) -> Callable[..., Alerts]:
    """Alerts on these rules."""

    def build(*rules: AlertRule, digests: tuple[DigestRule, ...] = ()) -> Alerts:
        viewer = Viewer(smallest_group=5)

        def ask(question: Question, scope: Scope) -> Any:
            return insights.ask(question, scope, viewer=viewer)

        def write(window: Window) -> Message:
            assert window.since
            return Message("digest", "3 changes", f"since {window.since:%Y-%m-%d}")

        plan = AlertPlan(rules, digests)
        return Alerts(store.engine, plan, ask=ask, write_digest=write, in_app=told, clock=clock)

    return build


@pytest.fixture
def build(
    make: Callable[..., Alerts], put: Callable[..., None], clock: Time
) -> tuple[Callable[..., Alerts], Callable[..., None], Time]:
    """Build the parts for a test of a dying process."""
    return make, put, clock


def refuse(text: str = "no") -> ChannelError:
    return ChannelError(text)

from collections.abc import Callable
from typing import Any

import pytest

from backstage_py.analytics import Config, get_runtime
from backstage_py.insights import OWNER, callers
from backstage_py.insights.access import Access
from backstage_py.insights.ui import host as hosting
from backstage_py.insights.ui.app import host as host_module
from backstage_py.insights.ui.app.host import TITLES, AppHost
from backstage_py.insights.ui.app.token import COOKIE, DashboardToken
from backstage_py.insights.ui.host import use_host
from backstage_py.insights.ui.places import path_of

ADA = {"x-user": "user:default/ada"}
TOKEN = DashboardToken("a-token-of-the-owner")
HELD = {"cookie": f"{COOKIE}={TOKEN.write_cookie()}"}


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppHost]:
    """An app with these settings of analytics, and perhaps a token; it is not developed here."""

    def set_rules(*, token: DashboardToken | None = None, **analytics: Any) -> AppHost:
        access = Access.from_config(Config({"app": {"analytics": analytics}}))
        monkeypatch.setattr(callers, "get_access", lambda: access)
        monkeypatch.setattr(host_module, "get_access", lambda: access)
        monkeypatch.setattr(host_module, "get_token", lambda: token)
        identify = lambda headers: headers.get("x-user")  # ruff: ignore[lambda-assignment]
        monkeypatch.setattr(get_runtime().recorder, "identify", identify)
        return AppHost("/insights")

    return set_rules


def test_without_any_rule_it_is_closed(rules: Callable[..., AppHost]) -> None:
    host = rules()

    for headers in ({}, ADA, HELD, {"host": "localhost"}):
        caller = host.find_caller(headers, "127.0.0.1")
        assert (caller.viewer, caller.reads_events) == (None, False)


def test_users_named_by_the_owner_see_it_by_the_apps_identity(
    rules: Callable[..., AppHost],
) -> None:
    host = rules(insights={"read": ["user:default/ada"]})

    assert host.find_caller(ADA, "203.0.113.9").viewer is not None
    assert not host.find_caller(ADA, "203.0.113.9").reads_events
    assert host.find_caller({"x-user": "user:default/bob"}, "203.0.113.9").viewer is None
    assert host.find_caller({}, "203.0.113.9").viewer is None


def test_holders_of_the_token_see_it_without_the_names_of_people(
    rules: Callable[..., AppHost],
) -> None:
    host = rules(token=TOKEN, insights={"smallestGroup": 7})

    caller = host.find_caller(HELD, "203.0.113.9")

    assert caller.viewer is not None
    assert (caller.viewer.sees_people, caller.viewer.smallest_group) == (False, 7)
    assert (caller.reads_events, caller.has_names, caller.may_annotate) == (True, False, False)
    assert host.find_caller({}, "203.0.113.9").viewer is None


def test_the_developer_on_this_machine_sees_all_of_it(
    rules: Callable[..., AppHost], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = rules()
    monkeypatch.setattr(host_module, "is_local_developer", lambda _headers, _peer: True)

    caller = host.find_caller({}, "127.0.0.1")

    assert (caller.viewer, caller.reads_events, caller.has_names) == (OWNER, True, True)


def test_the_first_page_is_at_the_base_and_the_others_are_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hosting.Hosting, "host", None)
    use_host(AppHost("/admin/usage"))

    assert [path_of(view) for view in list(TITLES)[:3]] == [
        "/admin/usage",
        "/admin/usage/pages",
        "/admin/usage/search",
    ]

from typing import Any

from backstage_py.insights.ui.app.refusal import refusal


def write(component: Any) -> str:
    return str(component.render())


def test_the_permission_is_named_and_the_token_asked_for_where_there_is_one() -> None:
    without = write(refusal("analytics.insights.read", has_token=False))
    with_token = write(refusal("analytics.insights.read", has_token=True))

    assert "analytics.insights.read" in without
    assert '"form"' not in without
    assert '"form"' in with_token
    assert "/api/insights/session" in with_token


def test_the_browser_sends_the_form_itself() -> None:
    assert "preventDefault" not in write(refusal("analytics.insights.read", has_token=True))
    assert "on_submit" not in write(refusal("analytics.insights.read", has_token=True))

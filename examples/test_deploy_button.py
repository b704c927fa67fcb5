"""A test of what one's own code captures, without a browser."""

from backstage_py.analytics import AnalyticsEvent, AnalyticsState, MockAnalyticsApi, get_recorder


def test_a_deployment_is_captured(mock_analytics: MockAnalyticsApi) -> None:
    event = AnalyticsEvent(action="deploy", subject="ledger", value=3)

    with AnalyticsState.using(mock_analytics):
        get_recorder().record(event, session_id=None, user="user:default/ann")
        captured = mock_analytics.wait_for(action="deploy")

    assert (captured.subject, captured.value, captured.user) == ("ledger", 3, "user:default/ann")

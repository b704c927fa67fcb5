from datetime import UTC, datetime
from typing import Any

import pytest

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import at, backend, tool

CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def plausible(address: str, **section: Any) -> AnalyticsApi:
    made = backend("plausible", {"domain": "portal.example.com", "host": address, **section})
    return at(CAPTURED, made)


class TestConformance(BackendConformance):
    tells_users = False
    sends_together = False

    def make_backend(self, address: str) -> AnalyticsApi:
        return plausible(address, identity="optional", userIdTransform="none")


def test_visitors_are_distinguished_by_reserved_addresses(server: RecordingServer) -> None:
    one, other = an_event(session_id="one"), an_event(session_id="other")

    plausible(server.url).capture_events([one, other, an_event(session_id="one")])

    addresses = [request.headers["x-forwarded-for"] for request in server.requests]
    assert addresses[0] == addresses[2] != addresses[1]
    assert all(address.startswith("2001:db8:") for address in addresses)
    assert "Mozilla/5.0 (X11" in server.requests[0].headers["user-agent"]


def test_properties_are_texts_within_the_limits(server: RecordingServer) -> None:
    many = {f"key{number}": "ü" * (1_500 if number == 0 else 9) for number in range(40)}

    plausible(server.url).capture_event(an_event(value=3, attributes=many))

    properties = server.requests[0].json()["props"]
    assert properties["value"] == "3"
    assert len(properties) == 30
    assert max(len(text.encode()) for text in properties.values()) == 2_000


def test_names_that_plausible_has_for_itself_are_changed(server: RecordingServer) -> None:
    plausible(server.url).capture_events(
        [key_events()[0], an_event(action="pageview"), an_event(action="engagement")]
    )

    names = [request.json()["name"] for request in server.requests]
    assert names == ["pageview", "action_pageview", "action_engagement"]


def test_what_plausible_drops_is_a_dead_letter(server: RecordingServer) -> None:
    server.answer(202, "ok", X_Plausible_Dropped="1")

    dropped, taken = outcomes(plausible(server.url), [an_event(), an_event()])

    assert isinstance(dropped, RejectedError)
    assert taken is None


def test_yesterdays_events_would_be_counted_today(server: RecordingServer) -> None:
    old = an_event(timestamp=datetime(2026, 11, 22, 9, tzinfo=UTC))

    (outcome,) = outcomes(plausible(server.url), [old])

    assert isinstance(outcome, RejectedError)
    assert "older than 24 hours" in outcome.reason
    assert server.requests == []


def test_a_wrong_section_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("plausible", {"domain": "x", "host": "plausible.io"})

    assert str(error.value) == (
        'app.analytics.plausible.host (app-config.yaml): is "plausible.io". '
        "Use the address of Plausible, as https://host"
    )

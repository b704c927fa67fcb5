from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsPartialSuccess,
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import backend, tool

TOKEN = "t0ken-of-the-collector"
SESSION = "019ab1d6-7c4f-7000-8000-000000000001"
SHA_256_OF_ADA = "31f906fbfce2eb705973f4adc65cb248f2fe23ea01cdde014910f44d2e90b012"
CAPTURED = 1_795_426_200_000_000_000
"""2026-11-23 9:30 UTC, in nanoseconds."""


class TestConformance(BackendConformance):
    secrets = (TOKEN,)
    extreme_events_may_be_rejected = False

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        section = {"endpoint": address, "headers": {"X-Token": TOKEN}, **user}
        return backend("opentelemetry", section)


def logs(server: RecordingServer) -> list[Any]:
    """The resource logs of each request, read by the protocol's own parser."""
    found = []
    for request in server.requests:
        (resource_logs,) = ExportLogsServiceRequest.FromString(request.body).resource_logs
        found.append(resource_logs)
    return found


def plain(attributes: Sequence[KeyValue]) -> dict[str, Any]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in attributes}


def test_every_key_event_is_a_log_record(server: RecordingServer) -> None:
    section = {"endpoint": f"{server.url}/", "headers": {"X-Token": TOKEN}}
    backend("opentelemetry", section).capture_events(key_events())

    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/v1/logs")
    assert request.headers["content-type"] == "application/x-protobuf"
    assert request.headers["x-token"] == TOKEN
    (resource_logs,) = logs(server)
    assert plain(resource_logs.resource.attributes)["service.name"] == "backstage_py"
    (scope_logs,) = resource_logs.scope_logs
    assert scope_logs.scope.name == "backstage_py.analytics"
    records = scope_logs.log_records
    assert [record.event_name for record in records] == [
        f"backstage.{event.action}" for event in key_events()
    ]
    for record, event in zip(records, key_events(), strict=True):
        assert record.time_unix_nano == record.observed_time_unix_nano == CAPTURED
        context = {f"backstage.context.{key}": value for key, value in event.context.items()}
        given = (event.attributes or {}).items()
        attributes = {f"backstage.attributes.{key}": value for key, value in given}
        value = {} if event.value is None else {"backstage.value": event.value}
        address = {
            "url.path": "/catalog/default/component/petstore",
            "url.query": "tab=docs",
            "url.fragment": "top",
        }
        assert plain(record.attributes) == {
            "log.record.uid": event.id,
            "session.id": SESSION,
            "backstage.action": event.action,
            "backstage.subject": event.subject,
            "backstage.origin": "browser",
            **value,
            **attributes,
            **context,
            **(address if event.action == "navigate" else {}),
        }


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [({}, None), ({"identity": "disabled"}, None), ({"identity": "optional"}, SHA_256_OF_ADA)],
)
def test_the_user(server: RecordingServer, identity: dict[str, str], user_id: str | None) -> None:
    backend("opentelemetry", {"endpoint": server.url, **identity}).capture_event(an_event())

    (record,) = logs(server)[0].scope_logs[0].log_records
    assert plain(record.attributes).get("user.id") == user_id


def test_values_keep_their_types(server: RecordingServer) -> None:
    attributes = {"text": "a", "count": 2**53, "half": 0.5, "flag": True}

    backend("opentelemetry", {"endpoint": server.url}).capture_event(
        an_event(attributes=attributes)
    )

    found = plain(logs(server)[0].scope_logs[0].log_records[0].attributes)
    assert {key: found[f"backstage.attributes.{key}"] for key in attributes} == attributes


def test_what_all_events_share(server: RecordingServer) -> None:
    shared = {"deployment.environment.name": "prod", "zone": 3}
    section = {"endpoint": server.url, "serviceName": "portal", "resourceAttributes": shared}

    backend("opentelemetry", section).capture_event(an_event())

    found = plain(logs(server)[0].resource.attributes)
    assert {**found, "service.name": "portal", **shared} == found


def test_a_request_has_500_records(server: RecordingServer) -> None:
    backend("opentelemetry", {"endpoint": server.url}).capture_events(
        [an_event() for _ in range(1_100)]
    )

    assert [len(one.scope_logs[0].log_records) for one in logs(server)] == [500, 500, 100]


def test_a_collector_that_refuses_all_of_a_request(server: RecordingServer) -> None:
    server.answer(200, partial_success(2))

    first, second = outcomes(
        backend("opentelemetry", {"endpoint": server.url}), [an_event(), an_event()]
    )

    assert isinstance(first, RejectedError)
    assert isinstance(second, RejectedError)
    assert "because" in first.reason
    assert len(server.requests) == 1


def test_a_collector_that_refuses_some_is_warned_of(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(200, partial_success(1))

    found = outcomes(backend("opentelemetry", {"endpoint": server.url}), [an_event(), an_event()])

    assert found == [None, None]
    assert "refused 1 events: because" in caplog.text


def partial_success(rejected: int) -> str:
    success = ExportLogsPartialSuccess(rejected_log_records=rejected, error_message="because")
    return ExportLogsServiceResponse(partial_success=success).SerializeToString().decode()


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.opentelemetry.endpoint (app-config.yaml): is missing. "
                "Give the address of the collector, as https://host:4318"
            ),
        ),
        (
            {"endpoint": "http://c", "headers": ["X-Token: secret-value"]},
            (
                "app.analytics.opentelemetry.headers (app-config.yaml): is a list. "
                "Use an object of headers"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("opentelemetry", section)

    assert str(error.value) == message

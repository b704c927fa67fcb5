import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics.ingest.pipeline import IngestReport, Verdict
from backstage_py.analytics.metrics.endpoint import MetricsEndpoint, MetricsSettings
from backstage_py.analytics.metrics.metrics import Metrics


def client(metrics: Metrics, token: str | None = None) -> TestClient:
    settings = MetricsSettings.model_validate({"token": token})
    return TestClient(Starlette(routes=[MetricsEndpoint(metrics, settings).route("/metrics")]))


def test_what_is_counted_is_served_as_openmetrics() -> None:
    metrics = Metrics()
    verdict = Verdict(0, None, "because")
    metrics.count(IngestReport(3, 2, (verdict,), (verdict, verdict)), dropped=7)

    answer = client(metrics).get("/metrics")

    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    found = {
        sample.name.removeprefix("analytics_events_"): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    expected = {"captured": 8, "accepted": 3, "duplicate": 2, "rejected": 1, "put_off": 2}
    assert {name: found[f"{name}_total"] for name in expected} == expected
    assert found["dropped_in_browser_total"] == 7
    assert metrics.totals() == {**expected, "declined": 0, "dropped_in_browser": 7, "lost": 0}


@pytest.mark.parametrize(
    ("given", "status"),
    [(None, 401), ("Bearer wrong", 401), ("Bearer pässword", 401), ("Bearer t0ken", 200)],
)
def test_without_the_token_nothing_is_served(given: str | None, status: int) -> None:
    headers = {} if given is None else {b"Authorization": given.encode()}

    assert client(Metrics(), "t0ken").get("/metrics", headers=headers).status_code == status

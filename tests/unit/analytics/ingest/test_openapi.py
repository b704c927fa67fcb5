"""The endpoint against its own description, with input that fits it and input that does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from backstage_py.analytics import event
from backstage_py.analytics.identity.identity import GuestIdentityApi
from backstage_py.analytics.ingest import Ingest, endpoint
from backstage_py.analytics.ingest.batch import DROPPED_MOST
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

DESCRIPTION: dict[str, Any] = YAML(typ="safe").load(
    Path(endpoint.__file__).with_name("openapi.yaml")
)
SCHEMAS = DESCRIPTION["components"]["schemas"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    file = tmp_path_factory.mktemp("openapi") / "events.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    yield EventStore(engine)
    engine.dispose()


@pytest.fixture(scope="module")
def described(store: EventStore) -> Iterator[Any]:
    """The endpoint, as its description says it is."""
    ingest = Ingest(store)
    events = endpoint.EventsEndpoint(
        ingest=ingest,
        store=store,
        identity=GuestIdentityApi(),
        may_read=lambda _user: True,
        rate_limit=RateLimit(per_second=1_000_000, burst=1_000_000),
    )

    def describe(_request: Request) -> JSONResponse:
        return JSONResponse(DESCRIPTION)

    routes = [events.route("/api/events"), Route("/openapi.json", describe)]
    yield schemathesis.openapi.from_asgi("/openapi.json", Starlette(routes=routes))
    ingest.close(5)


CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("method", ["GET", "POST"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_answer_is_described_and_nothing_is_half_written(
    described: Any, store: EventStore, method: str, mode: GenerationMode, data: st.DataObject
) -> None:
    before = store.count()
    case = data.draw(described["/api/events"][method].as_strategy(generation_mode=mode))

    answer = case.call()

    case.validate_response(answer, checks=CHECKS)
    report = answer.json() if method == "POST" and answer.status_code == 200 else {}
    assert store.count() - before == report.get("accepted", 0)


def test_the_limits_are_those_of_the_code() -> None:
    fields = SCHEMAS["Event"]["properties"]
    batch = SCHEMAS["Batch"]["properties"]
    question = DESCRIPTION["paths"]["/api/events"]["get"]["parameters"]

    assert fields["action"]["maxLength"] == event.ACTION_CHARACTERS
    assert fields["subject"]["maxLength"] == event.TEXT_CHARACTERS
    assert SCHEMAS["Scalar"]["oneOf"][0]["maxLength"] == event.TEXT_CHARACTERS
    assert SCHEMAS["Record"]["maxProperties"] == event.KEYS
    assert SCHEMAS["Record"]["propertyNames"]["maxLength"] == event.KEY_CHARACTERS
    assert batch["events"]["maxItems"] == endpoint.BATCH_EVENTS
    assert batch["dropped"]["maximum"] == DROPPED_MOST
    assert question[-1]["schema"]["maximum"] == endpoint.PAGE_EVENTS

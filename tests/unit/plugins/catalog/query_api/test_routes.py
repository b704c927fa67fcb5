"""The routes, asked as scripts for Backstage's catalog ask them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.query_api.query import EntityQuery
from backstage_py.plugins.catalog.query_api.routes import CatalogApi, read_description
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.portal.json_api import InputError
from tests.conftest import PROJECT

USER = "user:default/guest"
LOCATIONS = [{"type": "file", "target": "demo/catalog/all.yaml"}]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """The demo company's catalog; the header `X-User: nobody` is from nobody."""
    file = tmp_path_factory.mktemp("query_api") / "portal.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    store = CatalogStore(engine)
    catalog = CatalogService.from_config(LOCATIONS, base_dir=PROJECT, store=store)
    registrations = Registrations(catalog, store)
    api = CatalogApi(
        catalog, registrations, identify=lambda headers: None if "x-nobody" in headers else USER
    )
    yield Starlette(routes=api.routes())
    engine.dispose()


@pytest.fixture
def client(app: Starlette) -> TestClient:
    return TestClient(app, base_url="http://portal.example.com/api/catalog")


def names(answer: Any) -> list[str]:
    return [item["metadata"]["name"] for item in answer.json()["items"]]


def find(client: TestClient, **params: Any) -> Any:
    answer = client.get("entities/by-query", params=params)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_query_finds_filters_orders_and_projects(client: TestClient) -> None:
    answer = find(
        client,
        filter=["kind=component,spec.type=service", "kind=API,spec.type=graphql"],
        orderField="metadata.name,desc",
        fields="metadata.name,kind",
        limit=100,
    ).json()

    found = [item["metadata"]["name"] for item in answer["items"]]
    assert found == sorted(found, reverse=True)
    assert answer["totalItems"] == len(found) > 5
    assert {item["kind"] for item in answer["items"]} == {"Component", "API"}
    assert all(item.keys() == {"kind", "metadata"} for item in answer["items"])
    assert all(item["metadata"].keys() == {"name"} for item in answer["items"])
    assert answer["pageInfo"] == {}


@pytest.mark.parametrize("order", [[], ["metadata.name,asc"], ["spec.type,desc", "kind,asc"]])
def test_cursors_lead_through_everything_and_back(client: TestClient, order: list[str]) -> None:
    whole = names(find(client, limit=10_000, orderField=order))
    pages: list[list[str]] = []
    answer = find(client, limit=7, orderField=order)
    while True:
        pages.append(names(answer))
        info = answer.json()["pageInfo"]
        if "nextCursor" not in info:
            break
        answer = find(client, limit=7, cursor=info["nextCursor"])

    assert [name for page in pages for name in page] == whole
    back = [names(answer)]
    while "prevCursor" in (info := answer.json()["pageInfo"]):
        answer = find(client, limit=7, cursor=info["prevCursor"])
        back.append(names(answer))
    assert back[::-1] == pages


def test_the_legacy_list_gives_everything_or_a_link_to_the_rest(client: TestClient) -> None:
    everything = client.get("entities")
    part = client.get("entities", params={"limit": 5, "filter": "kind=component"})

    assert len(everything.json()) == find(client).json()["totalItems"]
    assert "link" not in everything.headers
    assert len(part.json()) == 5
    address = part.headers["link"].partition(">")[0].lstrip("<")
    rest = client.get(f"http://portal.example.com{address}").json()
    assert {item["kind"] for item in rest} == {"Component"}
    assert part.json()[-1] not in rest


def test_a_text_filter_looks_at_the_named_fields(client: TestClient) -> None:
    by_name = names(find(client, fullTextFilterTerm="BOOKING", limit=100))
    by_owner = names(
        find(client, fullTextFilterTerm="platform", fullTextFilterFields="spec.owner", limit=100)
    )

    assert "booking-service" in by_name
    assert by_owner
    assert "booking-service" not in by_owner


def test_an_entity_is_found_by_name_uid_and_ref(client: TestClient) -> None:
    entity = client.get("entities/by-name/Component/DEFAULT/Booking-Service").json()

    assert entity["metadata"]["namespace"] == "default"
    assert client.get(f"entities/by-uid/{entity['metadata']['uid']}").json() == entity
    body = {"entityRefs": ["component:booking-service", "component:default/ghost"]}
    assert client.post("entities/by-refs", json=body).json() == {"items": [entity, None]}
    answer = client.post("entities/by-refs", json=body, params={"filter": "kind=api"})
    assert answer.json() == {"items": [None, None]}


def test_the_ancestry_leads_to_the_location_of_the_configuration(client: TestClient) -> None:
    answer = client.get("entities/by-name/component/default/booking-service/ancestry").json()

    assert answer["rootEntityRef"] == "component:default/booking-service"
    first, *others = answer["items"]
    assert first["entity"]["metadata"]["name"] == "booking-service"
    assert [item["entity"]["kind"] for item in others] == ["Location"] * len(others)
    assert first["parentEntityRefs"]


def test_facets_count_values_as_they_are_written(client: TestClient) -> None:
    answer = client.get(
        "entity-facets", params={"facet": ["kind", "spec.type"], "filter": "kind=component"}
    ).json()

    [kind] = answer["facets"]["kind"]
    assert kind["value"] == "Component"
    assert sum(one["count"] for one in answer["facets"]["spec.type"]) == kind["count"]


def test_an_entity_is_validated_by_the_rules(client: TestClient) -> None:
    good = client.get("entities/by-name/component/default/booking-service").json()
    location = "url:https://example.com/x.yaml"

    assert client.post("validate-entity", json={"entity": good, "location": location}).is_success
    bad = {**good, "metadata": {"name": "-"}}
    answer = client.post("validate-entity", json={"entity": bad, "location": location})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["message"].startswith("metadata.name: must be 1-63 characters")


def test_a_location_is_tried_registered_and_taken_away(client: TestClient, tmp_path: Path) -> None:
    body = {"type": "file", "target": "demo/catalog/platform.yaml"}

    tried = client.post("locations", json=body, params={"dryRun": "true"})
    created = client.post("locations", json=body)
    again = client.post("locations", json=body)

    assert tried.status_code == created.status_code == 201
    assert tried.json()["exists"] is True
    assert tried.json()["entities"] != []
    assert again.status_code == 409
    location = created.json()["location"]
    assert client.get("locations").json() == [{"data": location}]
    assert client.get(f"locations/{location['id']}").json() == location
    assert client.get("locations/by-entity/component/default/booking-service").status_code == 404
    assert client.delete(f"locations/{location['id']}").status_code == 204
    assert client.get(f"locations/{location['id']}").status_code == 404


def test_a_refresh_is_asked_for_by_an_entity(client: TestClient) -> None:
    ref = "component:default/booking-service"

    assert client.post("refresh", json={"entityRef": ref}).status_code == 200
    assert client.post("refresh", json={"entityRef": "api:default/ghost"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "params", "message"),
    [
        ("entities/by-query", {"limit": "-1"}, "limit: must be a whole number"),
        ("entities/by-query", {"filter": "=x"}, "filter: must be like kind=component"),
        ("entities/by-query", {"orderField": "kind,up"}, "orderField: must be like"),
        ("entities/by-query", {"cursor": "nonsense"}, "cursor: must be the cursor of an answer"),
        ("entity-facets", {}, "facet: must name a key"),
    ],
)
def test_a_wrong_parameter_is_named(
    client: TestClient, path: str, params: dict[str, str], message: str
) -> None:
    answer = client.get(path, params=params)

    assert answer.status_code == 400
    error = answer.json()
    assert error["error"]["name"] == "InputError"
    assert error["error"]["message"].startswith(message)
    assert error["response"] == {"statusCode": 400}


def test_nobody_is_refused(client: TestClient) -> None:
    nobody = client.get("entities", headers={"X-Nobody": "1"})

    assert nobody.status_code == 401
    form = client.post("locations", content="type=file", headers={"Content-Type": "text/plain"})
    assert form.status_code == 400


@given(st.text(max_size=60))
def test_any_cursor_is_read_or_refused(text: str) -> None:
    try:
        query = EntityQuery.from_cursor(text)
    except InputError:
        return
    assert EntityQuery.from_cursor(query.to_cursor()) == query


CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
CASES = sorted(
    (path, method.upper(), mode.value)
    for path, item in read_description()["paths"].items()
    for method in item.keys() & {"get", "post", "delete"}
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE
    or method == "post"
    or path in {"/entities", "/entity-facets"}
)


@pytest.mark.parametrize(("path", "method", "mode"), CASES)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_answer_is_described(
    app: Starlette, path: str, method: str, mode: str, data: st.DataObject
) -> None:
    schema = schemathesis.openapi.from_asgi("/api/catalog/openapi.json", app)
    case = data.draw(schema[path][method].as_strategy(generation_mode=GenerationMode(mode)))

    answer = case.call()

    case.validate_response(answer, checks=CHECKS)

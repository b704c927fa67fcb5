"""Conditions on what people may see and do, such as "is owner of the entity" (O2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import CATALOG_ENTITY_READ, CATALOG_ENTITY_REFRESH, open_engine
from backstage_py.plugins.catalog.api import CatalogService, EntityFilter, title_of
from backstage_py.plugins.catalog.errors import MissingPermissionError
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.query_api.routes import CatalogApi
from backstage_py.plugins.catalog.reader import VIEW_SECONDS, ViewCache
from backstage_py.plugins.catalog.rights import CatalogRights
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.portal.permissions import Condition, is_entity_owner, never
from tests.unit.plugins.catalog.conftest import Write

ANN = "user:default/ann"
BOB = "user:default/bob"
DESCRIPTORS = """
    apiVersion: backstage.io/v1alpha1
    kind: User
    metadata: {name: ann}
    spec: {memberOf: [sales]}
    ---
    apiVersion: backstage.io/v1alpha1
    kind: Group
    metadata: {name: sales}
    spec: {type: team, children: []}
    ---
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata: {name: shop}
    spec:
      type: website
      lifecycle: production
      owner: sales
      dependsOn: [component:secret, component:gone]
    ---
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata: {name: secret, title: Secret}
    spec: {type: service, lifecycle: production, owner: other}
"""


@pytest.fixture
def known(catalog: CatalogService, write: Write) -> CatalogService:
    write("all.yaml", DESCRIPTORS)
    catalog.refresh()
    return catalog


def owned(catalog: CatalogService, user: str) -> Condition:
    return is_entity_owner(catalog.list_claims(user))


def names(catalog: CatalogService, user: str, condition: Condition | None) -> list[str]:
    page = catalog.view(user, condition).list_entities(EntityFilter(kind="Component"))
    return [one.name for one in page.items]


def test_a_title_is_not_shown_to_users_who_may_not_see_its_entity(known: CatalogService) -> None:
    ref = "component:default/secret"

    assert title_of(known.view(ANN, None), ref) == "Secret"
    assert title_of(known.view(ANN, owned(known, ANN)), ref) == "component:secret"
    assert title_of(known.view(ANN, None), "production") == "production"


def test_a_view_has_the_entities_that_meet_the_condition(known: CatalogService) -> None:
    assert names(known, ANN, None) == ["secret", "shop"]
    assert names(known, ANN, owned(known, ANN)) == ["shop"]
    assert names(known, BOB, owned(known, BOB)) == []

    view = known.view(ANN, owned(known, ANN))
    assert view.find_by_ref("component:default/secret") is None
    assert view.facets("component").types == known.facets("component").types[1:]
    assert view.count_entities(EntityFilter()) == 1
    shop = view.get_entity("component", "default", "shop")
    related = {one.title: one.exists for one in view.list_related(shop, "dependsOn")}
    assert related == {"component:secret": False, "component:gone": False}
    assert view.list_dangling(shop) == known.list_dangling(shop)
    assert "component:gone" in view.list_dangling(shop)
    assert "component:secret" not in view.list_dangling(shop)


def test_ownership_also_counts_groups_that_the_user_may_not_see(known: CatalogService) -> None:
    view = known.view(ANN, owned(known, ANN))

    assert view.find_by_ref("group:default/sales") is None
    assert view.list_owner_refs(ANN) == (ANN, "group:default/sales")
    assert view.list_claims(ANN) == known.list_claims(ANN)


def test_a_view_is_kept_for_seconds_and_never_that_of_a_narrower_token(
    known: CatalogService, write: Write
) -> None:
    seconds = [0.0]
    cache = ViewCache(lambda: seconds[0])
    whole = known._snapshot
    first = cache.get(ANN, whole, owned(known, ANN))

    assert cache.get(ANN, whole, owned(known, ANN)) is first
    assert cache.get(ANN, whole, never).index.entities == ()
    assert cache.get(ANN, whole, owned(known, ANN)) is first
    seconds[0] = VIEW_SECONDS + 0.1
    assert cache.get(ANN, whole, owned(known, ANN)) is not first

    write("more.yaml", DESCRIPTORS.replace("shop", "stall").partition("---")[2])
    known.refresh()
    assert cache.get(ANN, known._snapshot, owned(known, ANN)) is not first


@pytest.fixture
def client(known: CatalogService, tmp_path: Path) -> Iterator[TestClient]:
    """The API, where one reads and refreshes what one owns; `X-User` says who asks."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})

    def find_condition(user: str | None, permission: str) -> Condition | None:
        if permission == CATALOG_ENTITY_REFRESH:
            return is_entity_owner([ANN])
        return owned(known, user or "") if permission == CATALOG_ENTITY_READ else None

    rights = CatalogRights(
        lambda user: known.view(user, find_condition(user, CATALOG_ENTITY_READ)), find_condition
    )
    api = CatalogApi(
        known,
        Registrations(known, CatalogStore(engine)),
        identify=lambda headers: headers.get("x-user"),
        rights=rights,
    )
    yield TestClient(
        Starlette(routes=api.routes()),
        base_url="http://portal.example.com/api/catalog",
        headers={"X-User": ANN},
    )
    engine.dispose()


def test_no_route_of_the_api_returns_hidden_entities(client: TestClient) -> None:
    by_query = client.get("entities/by-query", params={"filter": "kind=component"}).json()
    assert [one["metadata"]["name"] for one in by_query["items"]] == ["shop"]
    assert by_query["totalItems"] == 1
    assert [one["metadata"]["name"] for one in client.get("entities").json()] == ["shop"]
    refs = {"entityRefs": ["component:default/secret", "component:default/shop"]}
    hidden, shown = client.post("entities/by-refs", json=refs).json()["items"]
    assert hidden is None
    assert shown["metadata"]["name"] == "shop"
    [types] = client.get("entity-facets", params={"facet": "spec.type"}).json()["facets"].values()
    assert types == [{"value": "website", "count": 1}]
    secret = "entities/by-name/component/default/secret"
    for path in (secret, f"{secret}/ancestry", "locations/by-entity/component/default/secret"):
        assert client.get(path).status_code == 404
    uid = shown["metadata"]["uid"]
    assert client.get(f"entities/by-uid/{uid}").status_code == 200
    assert client.get(f"entities/by-uid/{uid}", headers={"X-User": BOB}).status_code == 404


def test_a_call_about_one_entity_checks_the_permission_for_it(client: TestClient) -> None:
    answer = client.post("refresh", json={"entityRef": "component:default/shop"})

    assert answer.status_code == 403
    message = answer.json()["error"]["message"]
    assert "component:default/shop" in message
    assert CATALOG_ENTITY_REFRESH in message
    hidden = client.post("refresh", json={"entityRef": "component:default/secret"})
    assert hidden.status_code == 404


def test_a_right_over_several_entities_needs_it_for_each(known: CatalogService) -> None:
    rights = CatalogRights(lambda _user: known, lambda _user, _permission: owned(known, ANN))
    shop, secret = (known.get_entity("component", "default", one) for one in ("shop", "secret"))

    rights.require(ANN, CATALOG_ENTITY_REFRESH, shop)
    with pytest.raises(MissingPermissionError, match=r"secret.*catalog\.entity\.refresh"):
        rights.require(ANN, CATALOG_ENTITY_REFRESH, shop, secret)

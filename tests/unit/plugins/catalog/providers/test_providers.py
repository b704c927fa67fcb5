"""Entities without a descriptor: of organizations at services, and of files of people."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError
from backstage_py.plugins.catalog.errors import CatalogConfigError, DescriptorError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.settings import IntegrationSettings
from backstage_py.plugins.catalog.providers import repositories
from backstage_py.plugins.catalog.providers.providers import Providers, build_providers
from backstage_py.plugins.catalog.providers.repositories import PAGE_SIZE
from backstage_py.plugins.catalog.service import CatalogService, source_opener
from backstage_py.plugins.catalog.settings import CatalogSettings
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.url_fetch import UrlFetcher
from tests.services import Reply, Services, serve

COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
GITHUB_REPOS = "/github/orgs/acme/repos"
GITLAB_PROJECTS = "/gitlab/groups/acme%2Fweb/projects"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serve(tmp_path_factory.mktemp("services")) as services:
        services.commit("acme/shop", {"catalog-info.yaml": COMPONENT % "shop"})
        services.commit("acme/bare", {"README.md": "no descriptor"})
        yield services


def read(providers: dict[str, Any]) -> CatalogSettings:
    return CatalogSettings.read(Config({"catalog": {"providers": providers}}))


def build(providers: dict[str, Any], services: Services | None, folder: Path) -> Providers:
    config = services.config if services else {}
    integrations = Integrations(IntegrationSettings.model_validate(config))
    fetcher = UrlFetcher(ReadingSettings())
    return build_providers(read(providers).providers, integrations, fetcher, folder)


def open_catalog(providers: dict[str, Any], services: Services, folder: Path) -> CatalogService:
    built = build(providers, services, folder)
    integrations = Integrations(IntegrationSettings.model_validate(services.config))
    opened = source_opener([], base_dir=folder, integrations=integrations, providers=built)
    catalog = CatalogService(built.locations, base_dir=folder, open_sources=opened)
    catalog.refresh()
    return catalog


def list_refs(catalog: CatalogService) -> list[str]:
    refs = [entity.entity_ref for entity in catalog.index.entities]
    return sorted(ref for ref in refs if not ref.startswith("location:"))


def repository(name: str, **facts: Any) -> dict[str, Any]:
    url = f"https://github.com/acme/{name}"
    return {"name": name, "html_url": url, "default_branch": "main", **facts}


def list_targets(providers: dict[str, Any], services: Services, folder: Path) -> list[str]:
    [tree] = build(providers, services, folder).trees.values()
    documents = [json.loads(one) for one in tree.read("x").split("\n---\n") if one[0] == "{"]
    return [one["spec"]["target"].rpartition("/blob/")[0] for one in documents]


def test_the_repositories_of_an_organization_are_found(services: Services, tmp_path: Path) -> None:
    services.replies["GET", GITHUB_REPOS] = Reply(body=[repository("shop"), repository("bare")])
    catalog = open_catalog({"github": {"organization": "acme"}}, services, tmp_path)

    assert list_refs(catalog) == ["component:default/shop"]
    assert catalog.errors() == ()
    asked = services.find("GET", GITHUB_REPOS)
    assert asked.headers["authorization"] == "Bearer service-token"
    shop = catalog.get_entity("component", "default", "shop")
    where = "url:https://github.com/acme/shop/blob/main/catalog-info.yaml"
    assert shop.annotations["backstage.io/managed-by-location"] == where
    assert shop.annotations["backstage.io/managed-by-origin-location"] == "github-provider:default"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["a", "fork"]),
        ({"allowForks": False}, ["a"]),
        ({"allowArchived": True}, ["a", "fork", "old"]),
        ({"repository": "f.*"}, ["fork"]),
        ({"topic": {"include": ["x"]}}, ["a"]),
        ({"topic": {"exclude": ["x"]}}, ["fork"]),
        ({"visibility": ["private"]}, ["fork"]),
    ],
)
def test_repositories_are_filtered(
    services: Services, tmp_path: Path, filters: dict[str, Any], found: list[str]
) -> None:
    services.replies["GET", GITHUB_REPOS] = Reply(
        body=[
            repository("a", topics=["x", "y"], visibility="public"),
            repository("fork", fork=True, visibility="private"),
            repository("old", archived=True),
        ]
    )
    provider = {"my": {"organization": "acme", "filters": filters}}

    targets = list_targets({"github": provider}, services, tmp_path)
    assert [one.rpartition("/")[2] for one in targets] == found


def test_the_projects_of_a_group_are_found(services: Services, tmp_path: Path) -> None:
    projects = [
        {
            "path_with_namespace": f"acme/web/{name}",
            "web_url": f"https://gitlab.com/acme/web/{name}",
        }
        for name in ("a", "b", "old")
    ]
    projects[1]["default_branch"] = "next"
    old = {**projects[2], "archived": True}
    services.replies["GET", GITLAB_PROJECTS] = Reply(body=[*projects[:2], old])
    provider = {"host": "gitlab.com", "group": "acme/web", "projectPattern": "web/[ab]"}
    [tree] = build({"gitlab": provider}, services, tmp_path).trees.values()

    documents = [json.loads(one)["spec"]["target"] for one in tree.read("x").split("\n---\n")]
    assert documents == [
        "https://gitlab.com/acme/web/a/-/blob/main/catalog-info.yaml",
        "https://gitlab.com/acme/web/b/-/blob/next/catalog-info.yaml",
    ]


def test_a_service_is_asked_again_only_when_the_time_has_come(
    services: Services, tmp_path: Path
) -> None:
    services.replies["GET", GITHUB_REPOS] = Reply(body=[repository("shop")])
    catalog = open_catalog({"github": {"organization": "acme"}}, services, tmp_path)
    before = len([one for one in services.asked if one.path == GITHUB_REPOS])
    catalog.refresh()

    assert len([one for one in services.asked if one.path == GITHUB_REPOS]) == before


def test_all_pages_are_read_up_to_a_bound(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repositories, "MAX_PAGES", 2)
    services.replies["GET", GITHUB_REPOS] = Reply(body=[repository("a")] * PAGE_SIZE)

    with pytest.raises(DescriptorError, match="narrow the filters"):
        list_targets({"github": {"organization": "acme"}}, services, tmp_path)
    assert services.find("GET", GITHUB_REPOS).query == {"per_page": "100", "page": "2"}


def test_found_entities_stay_while_the_service_is_down(services: Services, tmp_path: Path) -> None:
    services.replies["GET", GITHUB_REPOS] = Reply(body=[repository("shop")])
    schedule = {"frequency": {"seconds": 0}}
    provider = {"organization": "acme", "schedule": schedule}
    catalog = open_catalog({"github": provider}, services, tmp_path)
    services.replies["GET", GITHUB_REPOS] = Reply(503, {"message": "down"})
    catalog.refresh()

    assert list_refs(catalog) == ["component:default/shop"]
    [error] = catalog.errors()
    assert "503" in error.message
    assert "catalog.providers.github.default" in error.message


def test_people_of_a_file(services: Services, tmp_path: Path) -> None:
    user, group = (f"urn:ietf:params:scim:schemas:core:2.0:{kind}" for kind in ("User", "Group"))
    people = [
        {
            "schemas": [user],
            "id": "u1",
            "userName": "Ada.Lovelace@acme.example",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "old@x.example"}, {"value": "ada@x.example", "primary": True}],
        },
        {"schemas": [user], "id": "u2", "userName": "gone", "active": False},
        {
            "schemas": [group],
            "id": "g1",
            "displayName": "Web & Shop",
            "members": [{"value": "u1"}, {"value": "u2"}, {"value": "g2"}],
        },
        {"schemas": [group], "id": "g2", "displayName": "Below"},
    ]
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"Resources": people}))
    catalog = open_catalog({"scim": {"file": "people.json"}}, services, tmp_path)

    assert catalog.errors() == ()
    assert list_refs(catalog) == [
        "group:default/below",
        "group:default/web-shop",
        "user:default/ada.lovelace",
    ]
    ada = catalog.get_entity("user", "default", "ada.lovelace")
    assert ada.spec["profile"] == {"displayName": "Ada Lovelace", "email": "ada@x.example"}
    assert ada.list_targets("memberOf") == ["group:default/web-shop"]
    below = catalog.get_entity("group", "default", "below")
    assert below.list_targets("childOf") == ["group:default/web-shop"]

    file.write_text(json.dumps(people[2:]))
    catalog.refresh()
    assert catalog.get_entity("user", "default", "ada.lovelace").annotations["backstage.io/orphan"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "does not exist"),
        ("{", "must be valid JSON"),
        ('{"Users": []}', "must be a list of users and groups"),
        ('[{"userName": "@"}]', "must have a userName"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, text: str | None, reason: str) -> None:
    if text is not None:
        (tmp_path / "people.json").write_text(text)
    [tree] = build({"scim": {"file": "people.json"}}, None, tmp_path).trees.values()

    with pytest.raises(DescriptorError, match=reason):
        tree.read("x")


def test_a_wrong_key_or_an_unknown_host_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="organization"):
        read({"github": {"my": {"organisation": "acme"}}})
    with pytest.raises(ConfigurationError, match="a regular expression"):
        read({"gitlab": {"my": {"projectPattern": "["}}})
    with pytest.raises(CatalogConfigError, match=r"gitlab\.default\.host.*integrations\.gitlab"):
        build({"gitlab": {"host": "git.example"}}, None, tmp_path)

"""Users and groups of organizations, from stand-ins of GitHub's and GitLab's APIs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backstage_py.plugins.catalog.errors import CatalogConfigError, DescriptorError
from tests.services import TOKEN, Reply, Request, Services, serve
from tests.unit.plugins.catalog.providers.test_providers import build, list_refs, open_catalog

GRAPHQL = "/github/graphql"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with serve(tmp_path / "services") as services:
        yield services


def connection(*nodes: Any, cursor: str = "") -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": bool(cursor), "endCursor": cursor}, "nodes": [*nodes]}


def team(slug: str, *logins: str, parent: str = "", more: str = "") -> dict[str, Any]:
    return {
        "slug": slug,
        "combinedSlug": f"acme/{slug}",
        "name": slug.title(),
        "description": "",
        "avatarUrl": "https://pictures.example/1",
        "editTeamUrl": f"https://github.com/orgs/acme/teams/{slug}/edit",
        "parentTeam": {"slug": parent} if parent else None,
        "members": connection(*({"login": login} for login in logins), cursor=more),
    }


def answer_github(request: Request) -> Reply:
    asked = request.json
    variables = asked["variables"]
    if variables["org"] == "nobody":
        return Reply(body={"data": {"organization": None}, "errors": [{"message": "Not found"}]})
    if "membersWithRole" in asked["query"]:
        people = {
            None: connection({"login": "ada", "name": "Ada", "bio": "Counts"}, cursor="2"),
            "2": connection(
                {"login": "bo", "organizationVerifiedDomainEmails": ["bo@acme.example"]}
            ),
        }
        found: dict[str, Any] = {"membersWithRole": people[variables["cursor"]]}
    elif "slug" in variables:
        assert (variables["slug"], variables["cursor"]) == ("web", "next")
        found = {"team": {"members": connection({"login": "bo"})}}
    else:
        found = {
            "teams": connection(team("web", "ada", more="next"), team("shop", "ada", parent="web"))
        }
    return Reply(body={"data": {"organization": found}})


def list_entities(provider: dict[str, Any], services: Services, folder: Path) -> dict[str, Any]:
    tree = build(provider, services, folder).trees["github-org-provider", "default"]
    documents = [json.loads(one) for one in tree.read("x").split("\n---\n")]
    return {one["metadata"]["name"]: one for one in documents}


def test_members_and_teams_of_an_organization_are_users_and_groups(
    services: Services, tmp_path: Path
) -> None:
    services.replies["POST", GRAPHQL] = answer_github
    provider = {"githubOrg": {"id": "acme", "githubUrl": "https://github.com", "orgs": ["acme"]}}
    catalog = open_catalog(provider, services, tmp_path)

    assert catalog.errors() == ()
    assert list_refs(catalog) == [
        "group:default/shop",
        "group:default/web",
        "user:default/ada",
        "user:default/bo",
    ]
    assert services.find("POST", GRAPHQL).headers["authorization"] == f"Bearer {TOKEN}"
    ada = catalog.get_entity("user", "default", "ada")
    assert (ada.title, ada.description) == ("Ada", "Counts")
    assert ada.annotations["github.com/user-login"] == "ada"
    assert ada.annotations["backstage.io/managed-by-origin-location"] == "github-org-provider:acme"
    assert ada.list_targets("memberOf") == ["group:default/shop", "group:default/web"]
    bo = catalog.get_entity("user", "default", "bo")
    assert (bo.title, bo.profile["email"]) == ("bo", "bo@acme.example")
    assert bo.list_targets("memberOf") == ["group:default/web"]
    shop = catalog.get_entity("group", "default", "shop")
    assert shop.list_targets("childOf") == ["group:default/web"]
    assert shop.annotations["github.com/team-slug"] == "acme/shop"


def test_teams_of_several_organizations_are_in_namespaces_of_their_own(
    services: Services, tmp_path: Path
) -> None:
    services.replies["POST", GRAPHQL] = answer_github
    provider = {"githubOrg": [{"orgs": ["Acme", "Other"]}]}

    found = list_entities(provider, services, tmp_path)
    assert found["web"]["metadata"]["namespace"] == "other"
    assert found["ada"]["spec"]["memberOf"] == ["acme/web", "acme/shop", "other/web", "other/shop"]
    assert found["shop"]["spec"]["parent"] == "other/web"
    assert found["shop"]["spec"]["members"] == ["default/ada"]

    one = {"orgs": ["Acme", "Other"], "alwaysUseDefaultNamespace": True}
    found = list_entities({"githubOrg": [one]}, services, tmp_path)
    assert found["web"]["metadata"]["namespace"] == "default"


@pytest.mark.parametrize(
    ("org", "reply", "rule"),
    [
        ("nobody", answer_github, "nobody: Not found"),
        ("acme", Reply(body=b"<html>"), "does not answer with JSON"),
        ("acme", Reply(body=[]), "there is no such organization"),
        ("acme", Reply(status=502), "the host answers 502 Bad Gateway"),
    ],
)
def test_an_organization_that_cannot_be_read_is_an_error(
    services: Services, tmp_path: Path, org: str, reply: Any, rule: str
) -> None:
    services.replies["POST", GRAPHQL] = reply
    tree = build({"githubOrg": {"orgs": [org]}}, services, tmp_path).trees[
        "github-org-provider", "default"
    ]

    with pytest.raises(DescriptorError, match=rule):
        tree.read("x")


def test_an_organization_needs_its_host_among_the_integrations(tmp_path: Path) -> None:
    provider = {"githubOrg": {"githubUrl": "https://ghe.example", "orgs": ["acme"]}}

    with pytest.raises(CatalogConfigError, match=r"githubOrg\.default\.githubUrl: must be a host"):
        build(provider, None, tmp_path)


def user(name: str, **facts: Any) -> dict[str, Any]:
    web = f"https://gitlab.com/{name}"
    return {"username": name, "name": name.title(), "state": "active", "web_url": web, **facts}


def group(id_: int, path: str, parent: int | None = None) -> dict[str, Any]:
    return {"id": id_, "full_path": path, "name": path.rpartition("/")[2], "parent_id": parent}


def test_subgroups_and_members_of_a_gitlab_group_are_groups_and_users(
    services: Services, tmp_path: Path
) -> None:
    groups = [group(7, "acme/web"), group(8, "acme/web/shop", 7), group(9, "acme/secret")]
    people = [
        user("ada", public_email="ada@acme.example"),
        user("bo"),
        user("bot", bot=True),
        user("gone", state="blocked"),
        user("zed"),
    ]
    services.replies |= {
        ("GET", "/gitlab/groups/acme/descendant_groups"): Reply(body=groups),
        ("GET", "/gitlab/groups/acme/members/all"): Reply(body=people),
        ("GET", "/gitlab/groups/acme/projects"): Reply(body=[]),
        ("GET", "/gitlab/groups/7/members"): Reply(
            body=[user("ada"), user("gone", state="blocked")]
        ),
        ("GET", "/gitlab/groups/8/members"): Reply(body=[user("ada"), user("bo")]),
    }
    provider = {
        "host": "gitlab.com",
        "group": "acme",
        "orgEnabled": True,
        "groupPattern": "^acme/web",
        "userPattern": "^[a-g]",
    }
    catalog = open_catalog({"gitlab": {"people": provider}}, services, tmp_path)

    assert catalog.errors() == ()
    assert list_refs(catalog) == [
        "group:default/web",
        "group:default/web-shop",
        "user:default/ada",
        "user:default/bo",
    ]
    ada = catalog.get_entity("user", "default", "ada")
    assert ada.profile["email"] == "ada@acme.example"
    assert ada.annotations["gitlab.com/user-login"] == "https://gitlab.com/ada"
    assert ada.list_targets("memberOf") == ["group:default/web", "group:default/web-shop"]
    shop = catalog.get_entity("group", "default", "web-shop")
    assert shop.list_targets("childOf") == ["group:default/web"]
    assert shop.annotations["gitlab.com/team-path"] == "acme/web/shop"


def test_without_a_group_all_users_and_groups_of_the_server_count(
    services: Services, tmp_path: Path
) -> None:
    services.replies |= {
        ("GET", "/gitlab/groups"): Reply(body=[group(1, "acme")]),
        ("GET", "/gitlab/groups/1/members"): Reply(body=[]),
        ("GET", "/gitlab/users"): Reply(body=[user("ada")]),
        ("GET", "/gitlab/projects"): Reply(body=[]),
    }
    provider = {"host": "gitlab.com", "orgEnabled": True}
    catalog = open_catalog({"gitlab": provider}, services, tmp_path)

    assert list_refs(catalog) == ["group:default/acme", "user:default/ada"]
    assert services.find("GET", "/gitlab/users").query["active"] == "true"

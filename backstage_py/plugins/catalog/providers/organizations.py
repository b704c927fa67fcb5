"""The users and groups of organizations at GitHub and GitLab.

Source of the rules: `GithubMultiOrgEntityProvider` and `GitlabOrgDiscoveryEntityProvider` of
Backstage, with their default transformers.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from backstage_py.plugins.catalog.integrations.repository import GitHub, GitLab
from backstage_py.plugins.catalog.providers.repositories import (
    MAX_PAGE_BYTES,
    MAX_PAGES,
    read_pages,
)
from backstage_py.plugins.catalog.providers.settings import GitHubOrgProvider, GitLabProvider
from backstage_py.plugins.catalog.sources.file_text import refuse
from backstage_py.plugins.catalog.sources.url_fetch import Asked, UrlFetcher

_DEFAULT = "default"
_PAGE = "pageInfo { hasNextPage endCursor }"
_MEMBERS = f"""
query ($org: String!, $cursor: String) {{
  organization(login: $org) {{
    membersWithRole(first: 100, after: $cursor) {{
      {_PAGE}
      nodes {{ login name email bio avatarUrl organizationVerifiedDomainEmails(login: $org) }}
    }}
  }}
}}
"""
_TEAMS = f"""
query ($org: String!, $cursor: String) {{
  organization(login: $org) {{
    teams(first: 50, after: $cursor) {{
      {_PAGE}
      nodes {{
        slug combinedSlug name description avatarUrl editTeamUrl parentTeam {{ slug }}
        members(first: 100, membership: IMMEDIATE) {{ {_PAGE} nodes {{ login }} }}
      }}
    }}
  }}
}}
"""
_TEAM = f"""
query ($org: String!, $slug: String!, $cursor: String) {{
  organization(login: $org) {{
    team(slug: $slug) {{
      members(first: 100, after: $cursor, membership: IMMEDIATE) {{ {_PAGE} nodes {{ login }} }}
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class GitHubOrganizations:
    """The members and teams of organizations at GitHub."""

    settings: GitHubOrgProvider
    github: GitHub
    fetcher: UrlFetcher

    def provide(self) -> Iterator[dict[str, Any]]:
        """Return a `User` for each member, once, and a `Group` for each team.

        Raises:
            DescriptorError: If GitHub does not answer, or has no such organization.
        """
        users: dict[str, Mapping[str, Any]] = {}
        groups: dict[str, list[str]] = {}
        for org in self.settings.orgs:
            namespace = self._find_namespace(org)
            for one in self._list(_MEMBERS, ("membersWithRole",), org=org):
                users.setdefault(one["login"], one)
            for team in self._list(_TEAMS, ("teams",), org=org):
                members = self._list_members(team, org)
                for login in members:
                    groups.setdefault(login, []).append(_name(team["slug"], namespace))
                yield _build_team(team, members, namespace)
        for login, one in users.items():
            yield _build_member(one, groups.get(login, []))

    def _find_namespace(self, org: str) -> str:
        is_alone = len(self.settings.orgs) == 1
        is_default = is_alone or self.settings.always_use_default_namespace
        return _DEFAULT if is_default else org.lower()

    def _list_members(self, team: Mapping[str, Any], org: str) -> list[str]:
        first = team["members"]
        found = [one["login"] for one in first["nodes"]]
        if first["pageInfo"]["hasNextPage"]:
            names = {"org": org, "slug": team["slug"]}
            rest = self._list(
                _TEAM, ("team", "members"), cursor=first["pageInfo"]["endCursor"], **names
            )
            found += [one["login"] for one in rest]
        return found

    def _list(
        self, query: str, path: Sequence[str], *, cursor: str | None = None, **names: str
    ) -> Iterator[Mapping[str, Any]]:
        """Return the nodes of a connection, page by page."""
        for _ in range(MAX_PAGES):
            part = self._ask(query, {**names, "cursor": cursor})
            for key in path:
                part = part.get(key) or {}
            yield from (one for one in part.get("nodes") or () if one)
            page = part.get("pageInfo") or {}
            if not page.get("hasNextPage"):
                return
            cursor = page["endCursor"]
        raise refuse(f"{names['org']} has more than {MAX_PAGES} pages of people", self._address)

    def _ask(self, query: str, variables: Mapping[str, str | None]) -> Mapping[str, Any]:
        """Return the organization that a query is about."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {**self.github.headers(), "Content-Type": "application/json"}
        data = self.fetcher.fetch_bytes(
            httpx.URL(self._address),
            address=self._address,
            asked=Asked(headers, may_be_internal=True, body=body),
            max_bytes=MAX_PAGE_BYTES,
        )
        try:
            answer = json.loads(data)
        except ValueError as error:
            raise refuse("the service does not answer with JSON", self._address) from error
        found = (answer.get("data") or {}).get("organization") if isinstance(answer, dict) else None
        if not isinstance(found, dict):
            errors = answer.get("errors") if isinstance(answer, dict) else None
            said = "; ".join(str(one.get("message")) for one in errors or () if one)
            why = said or "there is no such organization, or the token may not see it"
            raise refuse(f"{variables['org']}: {why}", self._address)
        return found

    @property
    def _address(self) -> str:
        return f"{self.github.settings.api.removesuffix('/v3')}/graphql"


@dataclass(frozen=True, slots=True)
class GitLabGroups:
    """The members and subgroups of a group at GitLab, or all users and groups of a server."""

    settings: GitLabProvider
    gitlab: GitLab
    fetcher: UrlFetcher

    def provide(self) -> Iterator[dict[str, Any]]:
        """Return a `User` for each active user, and a `Group` for each group.

        Raises:
            DescriptorError: If GitLab does not answer.
        """
        groups = {one["id"]: one for one in self._list(self._groups()) if self._is_wanted(one)}
        member_of: dict[str, list[str]] = {}
        built: list[dict[str, Any]] = []
        for one in groups.values():
            members = [
                member["username"]
                for member in self._list(f"/groups/{one['id']}/members")
                if self._is_user(member)
            ]
            for username in members:
                member_of.setdefault(username, []).append(self._name(one))
            built.append(self._build_group(one, groups.get(one.get("parent_id")), members))
        for one in self._list(self._users()):
            if self._is_user(one):
                yield self._build_user(one, member_of.get(one["username"], []))
        yield from built

    def _groups(self) -> str:
        group = self.settings.group
        return f"/groups/{quote(group, safe='')}/descendant_groups" if group else "/groups"

    def _users(self) -> str:
        root = self.settings.group.partition("/")[0]
        named = self.settings.group if self.settings.restrict_users_to_group else root
        return f"/groups/{quote(named, safe='')}/members/all" if named else "/users?active=true"

    def _list(self, path: str) -> Iterator[dict[str, Any]]:
        api = self.gitlab.settings.api
        return read_pages(self.fetcher, f"{api}{path}", self.gitlab.headers())

    def _is_wanted(self, one: Mapping[str, Any]) -> bool:
        pattern = self.settings.group_pattern
        return not pattern or bool(re.search(pattern, one["full_path"]))

    def _is_user(self, one: Mapping[str, Any]) -> bool:
        pattern = self.settings.user_pattern
        known_by = one.get("email") or one["username"]
        is_active = one.get("state", "active") == "active" and not one.get("bot")
        return is_active and (not pattern or bool(re.search(pattern, known_by)))

    def _name(self, one: Mapping[str, Any]) -> str:
        """The path of a group below the one of the configuration, with hyphens."""
        above = f"{self.settings.group}/"
        return one["full_path"].removeprefix(above).replace("/", "-")

    def _build_user(self, one: Mapping[str, Any], groups: list[str]) -> dict[str, Any]:
        profile = {
            "displayName": one.get("name"),
            "email": one.get("email") or one.get("public_email"),
            "picture": one.get("avatar_url"),
        }
        annotations = {f"{self.gitlab.settings.host}/user-login": one.get("web_url")}
        spec = {"profile": _without_empty(profile), "memberOf": groups}
        return _build("User", {"name": one["username"]}, annotations, spec)

    def _build_group(
        self, one: Mapping[str, Any], parent: Mapping[str, Any] | None, members: list[str]
    ) -> dict[str, Any]:
        annotations = {f"{self.gitlab.settings.host}/team-path": one["full_path"]}
        profile = {"displayName": one.get("name"), "picture": one.get("avatar_url")}
        spec: dict[str, Any] = {
            "type": "team",
            "children": [],
            "profile": _without_empty(profile),
            "members": members,
        }
        if parent is not None:
            spec["parent"] = self._name(parent)
        metadata = {"name": self._name(one), "description": one.get("description")}
        return _build("Group", metadata, annotations, spec)


def _build_member(one: Mapping[str, Any], groups: list[str]) -> dict[str, Any]:
    verified = one.get("organizationVerifiedDomainEmails") or [""]
    profile = {
        "displayName": one.get("name"),
        "email": one.get("email") or verified[0],
        "picture": one.get("avatarUrl"),
    }
    metadata = {"name": one["login"], "description": one.get("bio")}
    spec = {"profile": _without_empty(profile), "memberOf": groups}
    return _build("User", metadata, {"github.com/user-login": one["login"]}, spec)


def _build_team(one: Mapping[str, Any], members: list[str], namespace: str) -> dict[str, Any]:
    annotations = {
        "github.com/team-slug": one.get("combinedSlug"),
        "backstage.io/edit-url": one.get("editTeamUrl"),
    }
    profile = {"displayName": one.get("name"), "picture": one.get("avatarUrl")}
    spec: dict[str, Any] = {
        "type": "team",
        "children": [],
        "profile": _without_empty(profile),
        "members": [f"{_DEFAULT}/{login}" for login in members],
    }
    if one.get("parentTeam"):
        spec["parent"] = _name(one["parentTeam"]["slug"], namespace)
    metadata = {
        "name": one["slug"],
        "namespace": namespace,
        "description": one.get("description"),
    }
    return _build("Group", metadata, annotations, spec)


def _build(
    kind: str,
    metadata: Mapping[str, Any],
    annotations: Mapping[str, Any],
    spec: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {**_without_empty(metadata), "annotations": _without_empty(annotations)},
        "spec": dict(spec),
    }


def _name(name: str, namespace: str) -> str:
    return name if namespace == _DEFAULT else f"{namespace}/{name}"


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}

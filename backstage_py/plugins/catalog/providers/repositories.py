"""Finding the repositories of an organization that may have a descriptor.

Source of the rules: `GithubEntityProvider` and `GitlabDiscoveryEntityProvider` of Backstage. Each
repository becomes a `Location` whose file need not exist.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from backstage_py.plugins.catalog.integrations.repository import GitHub, GitLab
from backstage_py.plugins.catalog.providers.settings import GitHubProvider, GitLabProvider
from backstage_py.plugins.catalog.sources.file_text import refuse
from backstage_py.plugins.catalog.sources.url_fetch import Asked, UrlFetcher

PAGE_SIZE = 100
MAX_PAGES = 100
MAX_PAGE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GitHubRepositories:
    """The repositories of an organization at GitHub."""

    settings: GitHubProvider
    github: GitHub
    fetcher: UrlFetcher

    def provide(self) -> Iterator[dict[str, Any]]:
        """Return a `Location` for each.

        Raises:
            DescriptorError: If GitHub does not answer.
        """
        organization = quote(self.settings.organization, safe="")
        address = f"{self.github.settings.api}/orgs/{organization}/repos"
        headers = {**self.github.headers(), "Accept": "application/vnd.github+json"}
        path = self.settings.catalog_path.lstrip("/")
        for one in read_pages(self.fetcher, address, headers):
            if self._is_wanted(one):
                branch = self.settings.filters.branch or one["default_branch"]
                yield build_location(f"{one['html_url']}/blob/{branch}/{path}")

    def _is_wanted(self, one: Mapping[str, Any]) -> bool:
        filters, topics = self.settings.filters, set(one.get("topics") or ())
        included = set(filters.topic.include)
        return (
            (filters.allow_archived or not one.get("archived"))
            and (filters.allow_forks or not one.get("fork"))
            and (not filters.visibility or one.get("visibility") in filters.visibility)
            and (not included or bool(included & topics))
            and not set(filters.topic.exclude) & topics
            and (not filters.repository or bool(re.fullmatch(filters.repository, one["name"])))
        )


@dataclass(frozen=True, slots=True)
class GitLabProjects:
    """The projects of a group at GitLab and of the groups below."""

    settings: GitLabProvider
    gitlab: GitLab
    fetcher: UrlFetcher

    def provide(self) -> Iterator[dict[str, Any]]:
        """Return a `Location` for each.

        Raises:
            DescriptorError: If GitLab does not answer.
        """
        group, api = self.settings.group, self.gitlab.settings.api
        address = f"{api}/projects?membership=true"
        if group:
            address = f"{api}/groups/{quote(group, safe='')}/projects?include_subgroups=true"
        path = self.settings.entity_filename.lstrip("/")
        for one in read_pages(self.fetcher, address, self.gitlab.headers()):
            if self._is_wanted(one):
                default = one.get("default_branch") or self.settings.fallback_branch
                branch = self.settings.branch or default
                yield build_location(f"{one['web_url']}/-/blob/{branch}/{path}")

    def _is_wanted(self, one: Mapping[str, Any]) -> bool:
        settings = self.settings
        pattern = settings.project_pattern
        return (
            (settings.include_archived_repos or not one.get("archived"))
            and not (settings.skip_forked_repos and one.get("forked_from_project"))
            and (not pattern or bool(re.search(pattern, one["path_with_namespace"])))
        )


def read_pages(
    fetcher: UrlFetcher, address: str, headers: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Read a list of an API, page by page until one is not full.

    Raises:
        DescriptorError: If it does not answer, or not with lists.
    """
    asked = Asked(headers, may_be_internal=True)
    mark = "&" if "?" in address else "?"
    for page in range(1, MAX_PAGES + 1):
        url = httpx.URL(f"{address}{mark}per_page={PAGE_SIZE}&page={page}")
        data = fetcher.fetch_bytes(url, address=address, asked=asked, max_bytes=MAX_PAGE_BYTES)
        try:
            listed = json.loads(data)
        except ValueError as error:
            raise refuse("the service does not answer with JSON", address) from error
        if not isinstance(listed, list):
            raise refuse("the service does not answer with a list", address)
        yield from (one for one in listed if isinstance(one, dict))
        if len(listed) < PAGE_SIZE:
            return
    raise refuse(f"more than {MAX_PAGES * PAGE_SIZE} repositories; narrow the filters", address)


def build_location(target: str) -> dict[str, Any]:
    """Build the `Location` of a descriptor, named as Backstage names it."""
    name = hashlib.sha1(f"url:{target}".encode(), usedforsecurity=False).hexdigest()
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Location",
        "metadata": {"name": f"generated-{name}"},
        "spec": {"type": "url", "target": target, "presence": "optional"},
    }

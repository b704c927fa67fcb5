"""Finds the service that an address belongs to, and the repository."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import parse_qs, urlencode

import httpx

from backstage_py.plugins.catalog.integrations.repository import (
    AzureDevOps,
    BitbucketCloud,
    GitHub,
    GitLab,
    RepositoryHost,
    RepositoryPath,
)
from backstage_py.plugins.catalog.integrations.settings import (
    AzureSettings,
    BitbucketCloudSettings,
    GitHubSettings,
    GitLabSettings,
    IntegrationSettings,
)
from backstage_py.plugins.catalog.sources.web_address import join_web_address


@dataclass(frozen=True, slots=True)
class FoundRepository:
    """A place in a repository, and the service that hosts it.

    `is_named`: the owner named the service, so it may be internal.
    """

    host: RepositoryHost
    place: RepositoryPath
    is_named: bool

    def find_file(self, path: str) -> Self:
        """Find a file below the place."""
        whole = "/".join(part for part in (self.place.path, path) if part)
        return replace(self, place=replace(self.place, path=whole))


class Integrations:
    """The services of the configuration, and the public ones that it does not name."""

    def __init__(self, settings: IntegrationSettings | None = None) -> None:
        settings = settings or IntegrationSettings()
        named: list[RepositoryHost] = [
            *map(GitHub, settings.github),
            *map(GitLab, settings.gitlab),
            *map(BitbucketCloud, settings.bitbucket_cloud),
            *map(AzureDevOps, settings.azure),
        ]
        public: list[RepositoryHost] = [
            GitHub(GitHubSettings()),
            GitLab(GitLabSettings()),
            BitbucketCloud(BitbucketCloudSettings()),
            AzureDevOps(AzureSettings()),
        ]
        self._hosts = {one.host: one for one in (*public, *named)}
        self._named = {one.host for one in named}
        self.secrets = tuple(settings.list_secrets())

    def find_host(self, host: str) -> RepositoryHost | None:
        """Find the service at a host, which may name a port."""
        return self._hosts.get(host.lower())

    def find(self, address: str) -> FoundRepository | None:
        """Find the repository of a page's http(s) address; None for any other address."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            return None
        host = self.find_host(url.netloc.decode())
        place = host.parse(url) if host else None
        if host is None or place is None:
            return None
        return FoundRepository(host, place, host.host in self._named)

    def join(self, beside: str, target: str) -> str:
        """Resolve a relative target against the address of the file it is written in.

        Azure DevOps has the path in the query; all others resolve like web pages.

        Raises:
            WebAddressError: If the target cannot be part of an address.
        """
        found = self.find(beside)
        if found is None or not isinstance(found.host, AzureDevOps):
            return join_web_address(beside, target)
        url = httpx.URL(beside)
        query = {key: values[0] for key, values in parse_qs(url.query.decode()).items()}
        joined = join_web_address(f"https://{url.host}/{found.place.path}", target)
        query["path"] = httpx.URL(joined).path
        return str(url.copy_with(query=urlencode(query, safe="/").encode()))

"""The providers of the configuration, as locations with a tree for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.repository import GitHub, GitLab
from backstage_py.plugins.catalog.providers.organizations import GitHubOrganizations, GitLabGroups
from backstage_py.plugins.catalog.providers.provided_tree import Entities, ProvidedTree
from backstage_py.plugins.catalog.providers.repositories import GitHubRepositories, GitLabProjects
from backstage_py.plugins.catalog.providers.scim import ScimFile
from backstage_py.plugins.catalog.providers.settings import ProvidersSettings, Schedule
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.sources.source_tree import SourceTree
from backstage_py.plugins.catalog.sources.url_fetch import UrlFetcher

_Host = TypeVar("_Host", GitHub, GitLab)
_PATH = "catalog.providers"
_SECTIONS = {
    "github-provider": "github",
    "github-org-provider": "githubOrg",
    "gitlab-provider": "gitlab",
    "gitlab-org-provider": "gitlab",
    "scim-provider": "scim",
}
"""The key below `catalog.providers` for each type of location."""


@dataclass(frozen=True, slots=True)
class Providers:
    """The locations of the providers, and the tree of each by type and id."""

    locations: tuple[CatalogLocation, ...] = ()
    trees: Mapping[tuple[str, str], SourceTree] = field(
        default_factory=dict[tuple[str, str], SourceTree]
    )


def build_providers(
    settings: ProvidersSettings,
    integrations: Integrations,
    fetcher: UrlFetcher,
    base_dir: Path,
) -> Providers:
    """Build the providers.

    Raises:
        CatalogConfigError: If one names a host that `integrations` does not have.
    """
    found: dict[tuple[str, str], SourceTree] = {}

    def add(section: str, id_: str, provide: Callable[[], Entities], schedule: Schedule) -> None:
        type_ = f"{section}-provider"
        found[type_, id_] = ProvidedTree(type_, id_, provide, schedule.frequency.span)

    for id_, github in settings.github.items():
        host = _require(GitHub, integrations, github.host, f"github.{id_}.host")
        add("github", id_, GitHubRepositories(github, host, fetcher).provide, github.schedule)
    for id_, gitlab in settings.gitlab.items():
        host = _require(GitLab, integrations, gitlab.host, f"gitlab.{id_}.host")
        add("gitlab", id_, GitLabProjects(gitlab, host, fetcher).provide, gitlab.schedule)
        if gitlab.org_enabled:
            add("gitlab-org", id_, GitLabGroups(gitlab, host, fetcher).provide, gitlab.schedule)
    for id_, org in settings.github_org.items():
        name = httpx.URL(org.github_url).netloc.decode()
        host = _require(GitHub, integrations, name, f"githubOrg.{id_}.githubUrl")
        add("github-org", id_, GitHubOrganizations(org, host, fetcher).provide, org.schedule)
    for id_, scim in settings.scim.items():
        add("scim", id_, ScimFile(base_dir / scim.file, scim.file).provide, scim.schedule)
    locations = [
        CatalogLocation(type_, id_, f"{_PATH}.{_SECTIONS[type_]}.{id_}") for type_, id_ in found
    ]
    return Providers(tuple(locations), found)


def _require(kind: type[_Host], integrations: Integrations, host: str, key: str) -> _Host:
    found = integrations.find_host(host)
    if not isinstance(found, kind):
        hint = f"must be a host of integrations.{kind.__name__.lower()}"
        raise CatalogConfigError(f"{_PATH}.{key}", host, hint)
    return found

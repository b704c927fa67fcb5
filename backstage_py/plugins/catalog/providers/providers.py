"""The providers of the configuration, as locations with a tree for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.repository import GitHub, GitLab
from backstage_py.plugins.catalog.providers.provided_tree import Entities, ProvidedTree
from backstage_py.plugins.catalog.providers.repositories import GitHubRepositories, GitLabProjects
from backstage_py.plugins.catalog.providers.scim import ScimFile
from backstage_py.plugins.catalog.providers.settings import ProvidersSettings, Schedule
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.sources.source_tree import SourceTree
from backstage_py.plugins.catalog.sources.url_fetch import UrlFetcher

_PATH = "catalog.providers"


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
        found[f"{section}-provider", id_] = ProvidedTree(id_, provide, schedule.frequency.span)

    for id_, github in settings.github.items():
        host = integrations.find_host(github.host)
        if not isinstance(host, GitHub):
            raise _refuse_host("github", id_, github.host)
        add("github", id_, GitHubRepositories(github, host, fetcher).provide, github.schedule)
    for id_, gitlab in settings.gitlab.items():
        host = integrations.find_host(gitlab.host)
        if not isinstance(host, GitLab):
            raise _refuse_host("gitlab", id_, gitlab.host)
        add("gitlab", id_, GitLabProjects(gitlab, host, fetcher).provide, gitlab.schedule)
    for id_, scim in settings.scim.items():
        add("scim", id_, ScimFile(base_dir / scim.file, scim.file).provide, scim.schedule)
    locations = [
        CatalogLocation(type_, id_, f"{_PATH}.{type_.partition('-')[0]}.{id_}")
        for type_, id_ in found
    ]
    return Providers(tuple(locations), found)


def _refuse_host(section: str, id_: str, host: str) -> CatalogConfigError:
    hint = f"must be a host of integrations.{section}"
    return CatalogConfigError(f"{_PATH}.{section}.{id_}.host", host, hint)

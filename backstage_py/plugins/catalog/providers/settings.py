"""The section `catalog.providers`. Source of the keys: Backstage's entity providers.

`scim` is the portal's own: Backstage has no provider for it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from backstage_py.analytics import HttpAddress, RequiredText, SettingsModel
from backstage_py.plugins.catalog.interval import Interval


def _require_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"Use a regular expression: {error}") from error
    return pattern


_Pattern = Annotated[str, AfterValidator(_require_pattern)]


class Schedule(SettingsModel):
    """How often a provider is asked; never more often than the catalog refreshes."""

    frequency: Interval = Interval(minutes=30)
    timeout: Annotated[Any, Field(description="anything, it is not used")] = None
    initial_delay: Annotated[Any, Field(description="anything, it is not used")] = None


class TopicFilter(SettingsModel):
    """The topics of which a repository must have at least one, and those it must not have."""

    include: Annotated[tuple[str, ...], Field(description="a list of topics")] = ()
    exclude: Annotated[tuple[str, ...], Field(description="a list of topics")] = ()


class GitHubFilters(SettingsModel):
    """The filters for repositories."""

    branch: Annotated[str, Field(description="a branch; the default branch without it")] = ""
    repository: Annotated[_Pattern, Field(description="a regular expression of names")] = ""
    topic: TopicFilter = TopicFilter()
    allow_forks: Annotated[bool, Field(description="true or false")] = True
    allow_archived: Annotated[bool, Field(description="true or false")] = False
    visibility: Annotated[
        tuple[Literal["public", "private", "internal"], ...],
        Field(description="a list of public, private, internal"),
    ] = ()


class GitHubProvider(SettingsModel):
    """The repositories of an organization at GitHub."""

    organization: Annotated[RequiredText, Field(description="the name of an organization")]
    host: Annotated[RequiredText, Field(description="a host of integrations.github")] = "github.com"
    catalog_path: Annotated[RequiredText, Field(description="a path in each repository")] = (
        "/catalog-info.yaml"
    )
    filters: GitHubFilters = GitHubFilters()
    schedule: Schedule = Schedule()


class GitLabProvider(SettingsModel):
    """The projects of a group at GitLab, or all that the token sees."""

    host: Annotated[RequiredText, Field(description="a host of integrations.gitlab")] = "gitlab.com"
    group: Annotated[str, Field(description="the path of a group; all projects without it")] = ""
    branch: Annotated[str, Field(description="a branch; the default branch without it")] = ""
    fallback_branch: Annotated[
        RequiredText, Field(description="a branch for projects that have no default branch")
    ] = "main"
    entity_filename: Annotated[RequiredText, Field(description="a path in each project")] = (
        "catalog-info.yaml"
    )
    project_pattern: Annotated[_Pattern, Field(description="a regular expression of paths")] = ""
    skip_forked_repos: Annotated[bool, Field(description="true or false")] = False
    include_archived_repos: Annotated[bool, Field(description="true or false")] = False
    org_enabled: Annotated[bool, Field(description="true to read users and groups, or false")] = (
        False
    )
    user_pattern: Annotated[
        _Pattern, Field(description="a regular expression of e-mail addresses or user names")
    ] = ""
    group_pattern: Annotated[_Pattern, Field(description="a regular expression of paths")] = ""
    restrict_users_to_group: Annotated[
        bool, Field(description="true to read the users of group only, or false")
    ] = False
    schedule: Schedule = Schedule()


class GitHubOrgProvider(SettingsModel):
    """The users and teams of organizations at GitHub."""

    github_url: Annotated[HttpAddress, Field(description="an address as https://github.com")] = (
        "https://github.com"
    )
    orgs: Annotated[
        tuple[RequiredText, ...],
        Field(min_length=1, description="a list of names of organizations"),
    ]
    always_use_default_namespace: Annotated[
        bool,
        Field(description="true to have the teams of all in the namespace default, or false"),
    ] = False
    schedule: Schedule = Schedule()


class ScimProvider(SettingsModel):
    """Users and groups of a file."""

    file: Annotated[
        RequiredText, Field(description="a file of SCIM users and groups, as data/people.json")
    ]
    schedule: Schedule = Schedule(frequency=Interval())


def _name_single(known: str) -> BeforeValidator:
    """Read a provider without an id as the one with the id `default`."""

    def name(value: Any) -> Any:
        return {"default": value} if isinstance(value, Mapping) and known in value else value

    return BeforeValidator(name)


def _name_by_id(value: Any) -> Any:
    """Take one provider, or a list of them, each with its `id`, as Backstage has them."""
    if isinstance(value, Mapping) and "orgs" in value:
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return value
    return {
        str(one.get("id", "default")): {key: inner for key, inner in one.items() if key != "id"}
        for one in value
    }


class ProvidersSettings(SettingsModel):
    """All providers, by their ids."""

    github: Annotated[
        dict[str, GitHubProvider],
        _name_single("organization"),
    ] = Field(default_factory=dict[str, GitHubProvider])
    gitlab: Annotated[
        dict[str, GitLabProvider],
        _name_single("host"),
    ] = Field(default_factory=dict[str, GitLabProvider])
    github_org: Annotated[dict[str, GitHubOrgProvider], BeforeValidator(_name_by_id)] = Field(
        default_factory=dict[str, GitHubOrgProvider]
    )
    scim: Annotated[
        dict[str, ScimProvider],
        _name_single("file"),
    ] = Field(default_factory=dict[str, ScimProvider])

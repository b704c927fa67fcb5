"""The section `integrations` of the configuration, with the keys of `@backstage/integration`."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from backstage_py.analytics import Config, HttpAddress, RequiredText, SettingsModel


def _require_host(host: str) -> str:
    if any(mark in host for mark in "/@ "):
        raise ValueError("Use a host without a scheme or a path")
    return host.lower()


_Host = Annotated[
    RequiredText,
    AfterValidator(_require_host),
    Field(description="a host, as git.example.com or host:8443"),
]
_Address = Annotated[HttpAddress | None, Field(description="an address as https://host/api")]
_Token = Annotated[
    SecretStr | None, Field(min_length=1, description="a token, out of the environment as ${NAME}")
]


class GitHubSettings(SettingsModel):
    """One GitHub: github.com or an Enterprise server."""

    host: _Host = "github.com"
    api_base_url: _Address = None
    raw_base_url: _Address = None
    token: _Token = None

    @property
    def api(self) -> str:
        """The address of its REST API."""
        default = (
            "https://api.github.com" if self.host == "github.com" else f"https://{self.host}/api/v3"
        )
        return (self.api_base_url or default).rstrip("/")


class GitLabSettings(SettingsModel):
    """One GitLab."""

    host: _Host = "gitlab.com"
    api_base_url: _Address = None
    base_url: _Address = None
    token: _Token = None

    @property
    def api(self) -> str:
        """The address of its REST API."""
        return (self.api_base_url or f"{self.web}/api/v4").rstrip("/")

    @property
    def web(self) -> str:
        """The address of its pages."""
        return (self.base_url or f"https://{self.host}").rstrip("/")


class BitbucketCloudSettings(SettingsModel):
    """Bitbucket Cloud: an API token or app password with its user, or an access token alone."""

    username: Annotated[RequiredText | None, Field(description="a user name")] = None
    app_password: Annotated[
        SecretStr | None, Field(min_length=1, description="an app password, as ${NAME}")
    ] = None
    token: _Token = None
    api_base_url: _Address = None

    @model_validator(mode="after")
    def _require_pair(self) -> Self:
        if bool(self.username) and not (self.app_password or self.token):
            raise ValueError("Give token (or appPassword) together with username")
        if self.app_password and not self.username:
            raise ValueError("Give username together with appPassword")
        return self

    @property
    def host(self) -> str:
        """The one host of the service."""
        return "bitbucket.org"

    @property
    def api(self) -> str:
        """The address of its REST API."""
        return (self.api_base_url or "https://api.bitbucket.org/2.0").rstrip("/")


class AzureCredential(SettingsModel):
    """A personal access token, for some organizations or all."""

    organizations: Annotated[
        tuple[RequiredText, ...], Field(description="a list of names; all without it")
    ] = ()
    personal_access_token: Annotated[
        SecretStr, Field(min_length=1, description="a token, out of the environment as ${NAME}")
    ]


class AzureSettings(SettingsModel):
    """Azure DevOps, or one Azure DevOps Server."""

    host: _Host = "dev.azure.com"
    credentials: Annotated[
        tuple[AzureCredential, ...], Field(description="a list of personal access tokens")
    ] = ()
    api_base_url: _Address = None

    @property
    def api(self) -> str:
        """The address above the organizations; their APIs are below them."""
        return (self.api_base_url or f"https://{self.host}").rstrip("/")

    def find_token(self, organization: str) -> SecretStr | None:
        """Find the token for an organization: its own, else the one for all."""
        named = [one for one in self.credentials if organization in one.organizations]
        common = [one for one in self.credentials if not one.organizations]
        return next((one.personal_access_token for one in (*named, *common)), None)


class IntegrationSettings(SettingsModel):
    """The settings of the services; public ones need no entry."""

    github: tuple[GitHubSettings, ...] = ()
    gitlab: tuple[GitLabSettings, ...] = ()
    bitbucket_cloud: tuple[BitbucketCloudSettings, ...] = ()
    azure: tuple[AzureSettings, ...] = ()

    @model_validator(mode="after")
    def _require_one_entry_per_host(self) -> Self:
        hosts = [one.host for one in (*self.github, *self.gitlab, *self.azure)]
        twice = next((host for host in hosts if hosts.count(host) > 1), None)
        if twice or len(self.bitbucket_cloud) > 1:
            raise ValueError(f"Name each host once; {twice or 'bitbucket.org'} is named twice")
        return self

    @classmethod
    def read(cls, config: Config) -> Self:
        """Read the section, which may be missing.

        Raises:
            ConfigurationError: For the first wrong key.
        """
        section = config.find_section("integrations")
        return cls() if section is None else cls.from_config(section)

    def list_secrets(self) -> Iterator[str]:
        """List all tokens and passwords, to keep them out of logs."""
        tokens = [one.token for one in (*self.github, *self.gitlab, *self.bitbucket_cloud)]
        passwords = [one.app_password for one in self.bitbucket_cloud]
        azure = [one.personal_access_token for host in self.azure for one in host.credentials]
        for secret in (*tokens, *passwords, *azure):
            if secret is not None:
                yield secret.get_secret_value()

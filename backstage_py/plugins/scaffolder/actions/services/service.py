"""The base of all services' actions: the configured services, and pushing to one."""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from backstage_py.analytics import Clock
from backstage_py.plugins.catalog.api import Integrations
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import Commit, Remote
from backstage_py.plugins.scaffolder.actions.publish import describe_commit
from backstage_py.plugins.scaffolder.actions.services.service_api import ServiceApi
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings

DEFAULT_BRANCH = "main"
_Host = TypeVar("_Host")


@dataclass(frozen=True, slots=True)
class Services:
    """The services that templates may reach, and the owner's settings of commits."""

    integrations: Integrations
    settings: ScaffolderSettings
    now: Clock

    def find(self, host: str, kind: type[_Host]) -> _Host:
        """Find the service of a kind at a host.

        Raises:
            ActionError: If the configuration has none there.
        """
        found = self.integrations.find_host(host)
        if not isinstance(found, kind):
            section = kind.__name__[0].lower() + kind.__name__[1:]
            raise ActionError(
                f"repoUrl: {host!r} is not a {kind.__name__} of the configuration; name it under "
                f"integrations.{section.replace('gitHub', 'github').replace('gitLab', 'gitlab')}"
            )
        return found

    def describe_commit(self, context: ActionContext, branch: str) -> Commit:
        """Return the message and author of a step's commit."""
        return describe_commit(context, self.settings, branch, self.now)


def require_login(login: tuple[str, str] | None, name: str) -> tuple[str, str]:
    """Refuse to continue without a token, and say where to set one."""
    if login is None:
        raise ActionError(
            f"{name}: there is no token; give one under integrations in app-config.yaml, "
            "or as the input token"
        )
    return login


def open_remote(url: str, login: tuple[str, str], api: ServiceApi, host: str) -> Remote:
    """Make the remote for an address from a service; the token is only sent to its own hosts.

    Raises:
        ActionError: If the address is elsewhere.
    """
    parts = urlsplit(url)
    own = {(urlsplit(api.base).scheme, urlsplit(api.base).netloc), ("https", host)}
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if (parts.scheme, parts.netloc.rpartition("@")[2]) not in own:
        raise ActionError(f"{api.name} gives a repository at another host, {address[:200]}")
    return Remote(address, *login)

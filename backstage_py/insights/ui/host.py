"""What the dashboard asks the app that shows it.

The portal answers from its catalog; an app without one has no teams, no owners and no titles.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from backstage_py.insights import EMPTY_DIRECTORY, Caller, Directory, find_caller
from backstage_py.insights.alerts.channels import Channel
from backstage_py.insights.ui.saved import SavedQuestions

BASE = "/insights"
"""Where the pages are, unless the app says otherwise."""


class SampleHistory(Protocol):
    """Made-up events, for an app that has recorded little."""

    def fill(self, now: datetime) -> int:
        """Put a history in that ends now; how many events it has.

        Raises:
            AnalyticsError: If there is one already.
        """
        ...

    def remove(self) -> int:
        """Take the history out; how many events it had."""
        ...


class Host(Protocol):
    """The app around the dashboard; its methods are called from any thread."""

    @property
    def base(self) -> str:
        """Where the pages are: a path that begins with a slash and does not end with one."""
        ...

    @property
    def sample(self) -> SampleHistory | None:
        """What fills the store with sample data; None where nothing does."""
        ...

    @property
    def saved(self) -> SavedQuestions | None:
        """Where people keep questions; None where they can't."""
        ...

    @property
    def in_app(self) -> Channel | None:
        """The channel that tells people in the app; None where it has no notifications."""
        ...

    def find_caller(self, headers: Mapping[str, str]) -> Caller:
        """The sender of a request, and what they may see."""
        ...

    def edition(self) -> object:
        """Something that is another object as soon as a directory built now would be another."""
        ...

    def build_directory(self, sample_users: Sequence[str], /) -> Directory:
        """Build the directory of people and things, with the people of the sample data."""
        ...

    def page_of(self, entity_ref: str, /) -> str:
        """The path of an entity's page, empty where there is none."""
        ...

    def title_of(self, entity_ref: str, /) -> str:
        """The title of an entity, empty where it is unknown."""
        ...

    def plugin_title(self, plugin_id: str, /) -> str:
        """The title of a plugin, empty where it has none."""
        ...

    def page_title(self, path: str, /) -> str:
        """What the page at a path is called, empty where that is unknown."""
        ...

    def list_templates(self) -> dict[str, str]:
        """The titles of the software templates, by their refs."""
        ...


class PlainHost:
    """An app without a catalog."""

    sample = None
    saved = None
    in_app = None

    def __init__(self, base: str = BASE) -> None:
        self.base = base

    def find_caller(self, headers: Mapping[str, str]) -> Caller:
        """The sender of a request, by the app's identity and `app.analytics.insights.read`."""
        return find_caller(headers)

    def edition(self) -> object:
        """Always the same."""
        return EMPTY_DIRECTORY

    def build_directory(self, _sample_users: Sequence[str]) -> Directory:
        """An empty one."""
        return EMPTY_DIRECTORY

    def page_of(self, _entity_ref: str) -> str:
        """No page."""
        return ""

    def title_of(self, _entity_ref: str) -> str:
        """No title."""
        return ""

    def plugin_title(self, _plugin_id: str) -> str:
        """No title."""
        return ""

    def page_title(self, _path: str) -> str:
        """No title."""
        return ""

    def list_templates(self) -> dict[str, str]:
        """No templates."""
        return {}


class _Hosting:
    """Which app shows the dashboard in this process."""

    host: Host = PlainHost()


def use_host(host: Host) -> None:
    """Say which app shows the dashboard; to be called before its pages are added."""
    _Hosting.host = host


def get_host() -> Host:
    """The app that shows the dashboard."""
    return _Hosting.host

"""What the dashboard needs from the app that shows it.

The portal answers from its catalog; an app without one has no teams, no owners and no titles.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights import Caller, Directory
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

    @property
    def has_home(self) -> bool:
        """Whether the app has a start page that shows pinned tiles."""
        ...

    @property
    def titles(self) -> Mapping[str, str]:
        """The pages by their views, in the order of their tabs, and what the tabs say."""
        ...

    def list_hidden(self) -> list[str]:
        """The pages that have no tab, as the app captures nothing that they show."""
        ...

    def refuse(self, permission: str, /) -> Component:
        """What people see who lack a permission."""
        ...

    def find_caller(self, headers: Mapping[str, str], peer: str | None, /) -> Caller:
        """The sender of a request, and what they may see; `peer` is the address it came from."""
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


class Hosting:
    """Which app shows the dashboard in this process."""

    host: Host | None = None


def use_host(host: Host) -> None:
    """Say which app shows the dashboard; to be called before its pages are added."""
    Hosting.host = host


def get_host() -> Host:
    """The app that shows the dashboard.

    Raises:
        LookupError: If none has called `use_host`.
    """
    if Hosting.host is None:
        raise LookupError("No app shows the dashboard: call use_host first")
    return Hosting.host


def visitor_of(state: rx.State) -> Caller:
    """The user of a running handler, and what they may see."""
    router = state.router
    return get_host().find_caller(router.headers.raw_headers, router.session.client_ip)

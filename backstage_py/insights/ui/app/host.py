"""A Reflex app without a catalog as the host of the dashboard."""

import functools
from collections.abc import Mapping, Sequence

from reflex_base.components.component import Component

from backstage_py.analytics import AnalyticsError, read_inventory
from backstage_py.insights import (
    EMPTY_DIRECTORY,
    OWNER,
    Caller,
    Directory,
    Viewer,
    find_caller,
    get_access,
)
from backstage_py.insights.ui.app.local import is_local_developer
from backstage_py.insights.ui.app.refusal import refusal
from backstage_py.insights.ui.app.token import DashboardToken

TITLES = {
    "usage": "Overview",
    "pages": "Pages & clicks",
    "search": "Search",
    "changes": "What changed",
    "paths": "Paths & retention",
    "funnels": "Funnels",
    "experience": "Experience",
    "explorer": "Explorer",
    "dashboards": "Dashboards",
    "live": "Live events",
    "instrumentation": "Instrumentation",
}
"""The pages of an app, see `Host.titles`."""


class AppHost:
    """See `Host`."""

    sample = None
    saved = None
    in_app = None
    has_home = False
    titles = TITLES

    def __init__(self, base: str) -> None:
        self.base = base

    def find_caller(self, headers: Mapping[str, str], peer: str | None) -> Caller:
        """The sender of a request, and what they may see.

        The app's identity says who it is, `app.analytics.insights.read` whether they may see the
        dashboard. Else it opens for the developer on their own machine, who has the database
        anyway, and for holders of the token, to whom people have pseudonyms.
        """
        caller = find_caller(headers)
        if is_local_developer(headers, peer):
            return Caller(caller.user, OWNER, reads_events=True)
        token = get_token()
        if caller.viewer is not None or token is None or not token.is_held(headers):
            return caller
        settings = get_access().settings
        viewer = Viewer(
            sees_people=False,
            smallest_group=settings.smallest_group,
            per_person=settings.per_person,
        )
        return Caller(None, viewer, reads_events=True)

    def list_hidden(self) -> list[str]:
        """The search, in an app that captures none."""
        return [] if _captures_search() else ["search"]

    def refuse(self, permission: str) -> Component:
        """What people see who may not see the dashboard; those with the token can enter it."""
        return refusal(permission, has_token=get_token() is not None)

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


@functools.cache
def get_token() -> DashboardToken | None:
    """The token of `app.analytics.insights.token`, None without one."""
    secret = get_access().settings.token
    return DashboardToken(secret.get_secret_value()) if secret else None


@functools.cache
def _captures_search() -> bool:
    try:
        return any(one.action == "search" for one in read_inventory())
    except AnalyticsError:
        return True

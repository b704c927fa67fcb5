"""The portal as the host of the dashboard: data from its catalog and settings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import unquote

from reflex_base.components.component import Component

from backstage_py.analytics import get_runtime
from backstage_py.insights import Caller, Directory, find_caller
from backstage_py.insights.ui.host import BASE
from backstage_py.plugins.catalog.api import (
    CatalogService,
    Entity,
    EntityFilter,
    EntityRef,
    get_catalog,
)
from backstage_py.plugins.insights.alerts import NotificationsChannel
from backstage_py.plugins.insights.sample import Plan
from backstage_py.plugins.insights.sample.of_catalog import build_company
from backstage_py.plugins.insights.sample.sample_data import SampleData
from backstage_py.plugins.insights.saved import SettingsOfQuestions
from backstage_py.plugins.settings.api import get_user_settings
from backstage_py.ui.components import forbidden

_ENTITY_PARTS = 4
_PLUGIN_TITLES = {
    "auth": "Sign-in",
    "org": "People and teams",
    "root": "Sidebar and dialogs",
    "search": "Search",
}
"""Of what has neither an entry in the sidebar nor a page, or is no plugin."""
TITLES = {
    "overview": "Overview",
    "dashboards": "Dashboards",
    "changes": "What changed",
    "plugins": "Plugins & pages",
    "search": "Search",
    "templates": "Templates",
    "content": "Docs & catalog",
    "retention": "Retention & funnels",
    "experience": "Experience",
    "explorer": "Explorer",
    "alerts": "Alerts",
}
"""The pages of the portal, see `Host.titles`."""
SAMPLE_PLAN = {"days": 90, "users": 300, "seed": 1}


class PortalSample:
    """The sample data that the dashboard offers."""

    def __init__(self, get_catalog: Callable[[], CatalogService]) -> None:
        self._get_catalog = get_catalog

    def fill(self, now: datetime) -> int:
        """Store a sample history of the catalog; returns the number of events.

        Raises:
            AnalyticsError: If there is one already.
        """
        return self._data.fill(Plan(**SAMPLE_PLAN, until=now))

    def remove(self) -> int:
        """Delete the sample history; returns the number of events."""
        return self._data.remove()

    @property
    def _data(self) -> SampleData:
        return SampleData(get_runtime().store, self._get_catalog)


class PortalHost:
    """See `Host`."""

    base = BASE
    titles = TITLES
    has_home = True

    def __init__(
        self,
        get_catalog: Callable[[], CatalogService] = get_catalog,
        *,
        plugin_titles: Mapping[str, str] = MappingProxyType({}),
        page_titles: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Show the dashboard of a portal.

        Args:
            get_catalog: Gives the catalog.
            plugin_titles: What people call each plugin, by its id.
            page_titles: The titles of pages, by their paths.
        """
        self._get_catalog = get_catalog
        self._plugin_titles = plugin_titles
        self._page_titles = page_titles
        self.sample = PortalSample(get_catalog)

    @property
    def saved(self) -> SettingsOfQuestions:
        """The settings of the users."""
        return SettingsOfQuestions(get_user_settings())

    @property
    def in_app(self) -> NotificationsChannel:
        """The portal's notifications."""
        return NotificationsChannel()

    def list_hidden(self) -> list[str]:
        """None, since the portal has data for each page."""
        return []

    def refuse(self, permission: str) -> Component:
        """The message with the missing permission and whom to ask."""
        return forbidden(permission)

    def find_caller(self, headers: Mapping[str, str], _peer: str | None) -> Caller:
        """The sender of a request, by the portal's identity and permissions."""
        return find_caller(headers)

    def edition(self) -> object:
        """The catalog's index, which is a new object after each change."""
        return self._get_catalog().index

    def build_directory(self, sample_users: Sequence[str]) -> Directory:
        """The people and the things of the catalog, and the people of the sample data."""
        catalog = self._get_catalog()
        users = catalog.list_entities(EntityFilter(kind="User"), limit=None).items
        teams = {user.entity_ref: tuple(user.list_targets("memberOf")) for user in users}
        company = build_company(catalog) if sample_users else None
        for user in sample_users:
            team = company.team_of(user) if company else ""
            teams[user] = (team,) if team else ()
        everything = catalog.list_entities(EntityFilter(), limit=None).items
        owners = {
            entity.entity_ref: next(iter(entity.list_targets("ownedBy")), "")
            for entity in everything
            if entity.ref.kind.lower() not in {"user", "group", "location"}
        }
        pages = {
            entity.entity_ref: form_titles(entity)
            for entity in everything
            if entity.ref.kind.lower() == "template"
        }
        parents = {
            entity.entity_ref: next(iter(entity.list_targets("childOf")), "")
            for entity in everything
            if entity.ref.kind.lower() == "group"
        }
        return Directory(teams_of=teams, owner_of=owners, form_pages_of=pages, parent_of=parents)

    def page_of(self, entity_ref: str) -> str:
        """The page of an entity; empty if it is not in the catalog."""
        entity = self._get_catalog().find_by_ref(entity_ref)
        return EntityRef.parse(entity.entity_ref).page_path if entity else ""

    def title_of(self, entity_ref: str) -> str:
        """The title of an entity; empty if it is not in the catalog."""
        entity = self._get_catalog().find_by_ref(entity_ref)
        return entity.title if entity else ""

    def plugin_title(self, plugin_id: str) -> str:
        """The title of a plugin in the sidebar."""
        return self._plugin_titles.get(plugin_id) or _PLUGIN_TITLES.get(plugin_id, "")

    def page_title(self, path: str) -> str:
        """The entity's title on its pages, else the title of the plugin's page."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[0] in {"catalog", "docs"} and len(parts) >= _ENTITY_PARTS:
            entity = self._get_catalog().find_entity(parts[2], parts[1], parts[3])
            rest = " / ".join(parts[_ENTITY_PARTS:]).replace("-", " ")
            what = ["Docs"] if parts[0] == "docs" else []
            words = ", ".join([*what, *([rest] if rest else [])])
            if entity is not None:
                return f"{entity.title} ({words})" if words else entity.title
        return self._page_titles.get(path, "")

    def list_templates(self) -> dict[str, str]:
        """The software templates of the catalog: their titles, by their refs."""
        catalog = self._get_catalog()
        templates = catalog.list_entities(EntityFilter(kind="Template"), limit=None).items
        return {template.entity_ref: template.title for template in templates}


def form_titles(template: Entity) -> tuple[str, ...]:
    """The titles of the pages of a template's form; "" for a page without one."""
    parameters = template.spec.get("parameters")
    pages = cast("list[Any]", parameters) if isinstance(parameters, list) else [parameters]
    return tuple(
        str(cast("Mapping[str, Any]", page).get("title") or "") if isinstance(page, Mapping) else ""
        for page in pages
    )

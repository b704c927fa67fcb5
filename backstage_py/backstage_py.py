"""The portal: reads the configuration, puts the plugins in, hands the app to Reflex."""

import reflex as rx
from starlette.applications import Starlette
from starlette.routing import Route

from backstage_py.analytics import (
    Config,
    ConfigurationError,
    TrustedProxies,
    load_config,
    own_secret,
    use_identity,
    use_people,
)
from backstage_py.plugins.api_docs.plugin import api_docs_plugin
from backstage_py.plugins.catalog.api import CatalogPeople, get_catalog
from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.catalog.plugin import catalog_plugin
from backstage_py.plugins.catalog_graph.plugin import catalog_graph_plugin
from backstage_py.plugins.catalog_import.plugin import catalog_import_plugin
from backstage_py.plugins.events.plugin import events_plugin
from backstage_py.plugins.health.plugin import health_plugin
from backstage_py.plugins.home.plugin import home_plugin
from backstage_py.plugins.insights.plugin import insights_plugin
from backstage_py.plugins.instrumentation.plugin import instrumentation_plugin
from backstage_py.plugins.notifications.plugin import notifications_plugin
from backstage_py.plugins.org.plugin import org_plugin
from backstage_py.plugins.scaffolder.plugin import scaffolder_plugin
from backstage_py.plugins.search.plugin import search_plugin
from backstage_py.plugins.settings.api import Flag, get_feature_flags
from backstage_py.plugins.settings.plugin import settings_plugin
from backstage_py.plugins.techdocs.plugin import techdocs_plugin
from backstage_py.portal.auth_routes import GuestSessions, guest_routes
from backstage_py.portal.error_pages import not_found_page
from backstage_py.portal.logs import configure_logs
from backstage_py.portal.plugin import PortalRegistry
from backstage_py.portal.shell import shell_wraps
from backstage_py.portal.theme import STYLESHEETS

PLUGINS = (
    home_plugin,
    org_plugin,
    catalog_plugin,
    scaffolder_plugin,
    api_docs_plugin,
    techdocs_plugin,
    catalog_graph_plugin,
    catalog_import_plugin,
    search_plugin,
    insights_plugin,
    events_plugin,
    instrumentation_plugin,
    health_plugin,
    settings_plugin,
    notifications_plugin,
)


def build_app() -> rx.App:
    """The portal as `app-config.yaml` wants it.

    Raises:
        ConfigurationError: If a key or a value is wrong.
        CatalogConfigError: If a location of the catalog is wrong.
    """
    configure_logs()
    config = load_config()
    title = config.get_optional_string("app.title") or "Developer portal"
    enter_unasked = bool(config.get_optional_boolean("auth.providers.guest.auto"))
    use_people(CatalogPeople(get_catalog()))
    registry = PortalRegistry(PLUGINS)
    flags = [Flag(flag.name, flag.description, id_) for id_, flag in registry.feature_flags]
    get_feature_flags().declare(flags)
    app = rx.App(
        stylesheets=STYLESHEETS,
        head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
        extra_app_wraps=shell_wraps(
            registry.nav_items,
            above_nav=registry.build_sidebar(),
            below_nav=registry.build_sidebar_foot(),
            title=title,
            guests_sign_in=not enter_unasked,
        ),
        api_transformer=[
            Starlette(
                routes=[*_auth_routes(config, is_auto=enter_unasked), *registry.list_api_routes()]
            ),
            TrustedProxies.from_config(config).transform,
        ],
    )
    registry.mount(app, app_title=title)
    app.add_page(not_found_page, route="404", title=f"Page not found | {title}")
    return app


def _auth_routes(config: Config, *, is_auto: bool) -> list[Route]:
    if is_auto or config.find_section("auth.providers.guest") is None:
        return []
    user = config.get_optional_string("auth.providers.guest.userEntityRef")
    guests = GuestSessions(user or "user:default/guest", own_secret())
    use_identity(guests)
    return guest_routes(guests)


try:
    app = build_app()
except (ConfigurationError, CatalogConfigError) as error:
    raise SystemExit(f"backstage_py: {error}") from None

"""The portal: reads the configuration, puts the plugins in, hands the app to Reflex."""

import reflex as rx
from starlette.applications import Starlette

from backstage_py.analytics import GuestIdentityApi, get_recorder, load_config
from backstage_py.plugins.catalog.plugin import catalog_plugin
from backstage_py.plugins.events.plugin import events_plugin
from backstage_py.plugins.home.plugin import home_plugin
from backstage_py.portal.auth_routes import guest_routes
from backstage_py.portal.error_pages import not_found_page
from backstage_py.portal.plugin import PortalRegistry
from backstage_py.portal.shell import shell_wraps
from backstage_py.portal.theme import STYLESHEETS

_config = load_config()
_title = _config.get_optional_string("app.title") or "Developer portal"
_guests_enter_unasked = bool(_config.get_optional_boolean("auth.providers.guest.auto"))
_registry = PortalRegistry([home_plugin, catalog_plugin, events_plugin])


def _api() -> Starlette:
    identity = get_recorder().identity
    routes = guest_routes(identity) if isinstance(identity, GuestIdentityApi) else []
    return Starlette(routes=routes)


app = rx.App(
    stylesheets=STYLESHEETS,
    head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
    extra_app_wraps=shell_wraps(
        _registry.nav_items, title=_title, guests_sign_in=not _guests_enter_unasked
    ),
    api_transformer=_api(),
)
_registry.mount(app, app_title=_title)
app.add_page(not_found_page, route="404", title=f"Page not found | {_title}")

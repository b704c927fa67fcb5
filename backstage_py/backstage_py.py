"""The portal: reads the configuration, adds the plugins, passes the app to Reflex.

`app` is built when Reflex asks for it, so that your own app module can import `build_app` and build
another one.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import reflex as rx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from backstage_py.analytics import (
    Config,
    ConfigurationError,
    Origins,
    Recorder,
    TrustedProxies,
    get_recorder,
    get_runtime,
    load_config,
    use_identity,
    use_people,
)
from backstage_py.insights.ui.host import use_host
from backstage_py.plugins.auth.api import (
    BearerTokens,
    get_api_tokens,
    get_auth_settings,
    get_identity,
    sign_in_page,
)
from backstage_py.plugins.catalog.api import CatalogPeople, CatalogService, get_catalog
from backstage_py.plugins.catalog.errors import CatalogConfigError
from backstage_py.plugins.insights.api import PortalHost
from backstage_py.plugins.settings.api import Flag, get_feature_flags
from backstage_py.portal.body_limit import BodyLimit
from backstage_py.portal.connection import connection_banner
from backstage_py.portal.error_pages import not_found_page
from backstage_py.portal.event_guard import EventGuard
from backstage_py.portal.installed_plugins import choose_plugins, declare
from backstage_py.portal.logs import configure_logs, logs_requests
from backstage_py.portal.palette import offer_commands
from backstage_py.portal.permissions import PortalPermissions, install_permissions
from backstage_py.portal.plugin import PluginError, PortalPlugin
from backstage_py.portal.request_ids import RequestIds
from backstage_py.portal.shell import shell_wraps
from backstage_py.portal.theme import STYLESHEET
from backstage_py.portal.web_guard import WebGuard, build_csp
from backstage_py.ui.live import live_tabs
from backstage_py.ui.look import PAGE_STYLESHEET

BUILT_IN = tuple(
    declare(id_, f"backstage_py.plugins.{package}.plugin:{package}_plugin")
    for id_, package in {
        "home": "home",
        "org": "org",
        "catalog": "catalog",
        "scaffolder": "scaffolder",
        "api-docs": "api_docs",
        "techdocs": "techdocs",
        "catalog-graph": "catalog_graph",
        "catalog-import": "catalog_import",
        "search": "search",
        "insights": "insights",
        "events": "events",
        "instrumentation": "instrumentation",
        "health": "health",
        "user-settings": "settings",
        "auth": "auth",
        "notifications": "notifications",
    }.items()
)
"""The plugins of this package, in the order of the sidebar."""
REQUIRED = frozenset({"auth", "catalog"})
"""The shell and every other plugin need these."""


def build_app(*, plugins: Iterable[PortalPlugin] = ()) -> rx.App:
    """Build the portal that `app-config.yaml` describes; call it once in a process.

    Args:
        plugins: Further plugins, besides this package's and those of installed packages.

    Raises:
        ConfigurationError: If a key or a value is wrong.
        CatalogConfigError: If a location of the catalog is wrong.
        PluginError: If plugins do not fit together.
    """
    configure_logs()
    config = load_config()
    title = config.get_optional_string("app.title") or "Developer portal"
    recorder = get_recorder()
    guest = get_auth_settings().guest
    enter_unasked = guest is not None and guest.auto
    use_identity(get_identity())
    use_people(CatalogPeople(get_catalog()))
    install_permissions(_read_permissions(config, get_catalog()))
    registry = choose_plugins(config, BUILT_IN, plugins, required=REQUIRED)
    use_host(PortalHost(plugin_titles=registry.plugin_titles, page_titles=registry.page_titles))
    flags = [Flag(flag.name, flag.description, id_) for id_, flag in registry.feature_flags]
    get_feature_flags().declare(flags)
    offer_commands(registry.commands)
    app = rx.App(
        stylesheets=[PAGE_STYLESHEET, STYLESHEET, *registry.stylesheets],
        head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
        extra_app_wraps={
            (5, "Overlay"): lambda _: connection_banner(),  # in the place of Reflex's red toast
        }
        | shell_wraps(
            registry.nav_items,
            above_nav=registry.build_sidebar(),
            below_nav=registry.build_sidebar_foot(),
            title=title,
            sign_in=None if enter_unasked else sign_in_page(title=title),
        ),
        api_transformer=[
            Starlette(routes=registry.list_api_routes()),
            BodyLimit,
            _accept_tokens,
            _guard_web(recorder, get_runtime().origins, csp=build_csp(config, _list_tag_sources())),
            TrustedProxies.from_config(config).transform,
            functools.partial(RequestIds, log_requests=logs_requests()),
        ],
    )
    live_tabs.install(app)
    app.add_middleware(EventGuard(recorder.identify, recorder.check), index=0)
    registry.mount(app, app_title=title)
    app.add_page(not_found_page, route="404", title=f"Page not found | {title}")
    return app


def _read_permissions(config: Config, catalog: CatalogService) -> PortalPermissions:
    def find_entity(ref: str) -> Mapping[str, Any] | None:
        entity = catalog.find_by_ref(ref)
        return entity.to_wire() if entity else None

    return PortalPermissions.from_config(
        config, list_claims=catalog.list_claims, find_entity=find_entity
    )


def _list_tag_sources() -> list[str]:
    tags = [backend.api.browser_tag for backend in get_runtime().backends]
    return list(dict.fromkeys(source for tag in tags if tag for source in tag.list_sources()))


def _guard_web(
    recorder: Recorder, origins: Origins, *, csp: Mapping[str, Sequence[str]]
) -> Callable[[ASGIApp], ASGIApp]:
    def transform(inner: ASGIApp) -> ASGIApp:
        return WebGuard(inner, origins=origins, csp=csp, check=recorder.check)

    return transform


def _accept_tokens(inner: ASGIApp) -> ASGIApp:
    return BearerTokens(inner, get_api_tokens())


@functools.cache
def _build_own_app() -> rx.App:
    try:
        return build_app()
    except (ConfigurationError, CatalogConfigError, PluginError) as error:
        raise SystemExit(f"backstage_py: {error}") from None


def __getattr__(name: str) -> Any:
    if name == "app":
        return _build_own_app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

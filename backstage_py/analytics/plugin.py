"""The Reflex plugin: one line in `rxconfig.py` instruments an app."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reflex_base.config import get_config
from reflex_base.environment import environment
from reflex_base.plugins.base import HookOrder, Plugin

from backstage_py.analytics.compile.app_migrations import keep_own_tables
from backstage_py.analytics.config.location import watched_paths

if TYPE_CHECKING:
    from reflex.app import App
    from reflex_base.components.component import BaseComponent
    from reflex_base.plugins.compiler import PageContext

    from backstage_py.analytics.compile.route_table import Route
    from backstage_py.analytics.identity.identity import IdentityApi
    from backstage_py.analytics.identity.named import Identify
    from backstage_py.analytics.inventory.capture import Capture


_logger = logging.getLogger(__name__)

_REFLEX_WRAP = "ErrorBoundary"
"""Around every app, slow to make, and captures nothing."""


def _leave_the_record_alone() -> None:
    """Keep Reflex's file watcher and the app's own migrations away from what is recorded.

    Both are at work in processes of Reflex's command line that load `rxconfig.py` and not the
    app, so this is arranged here. Paths that do not exist stop the watcher.
    """
    excluded = environment.REFLEX_HOT_RELOAD_EXCLUDE_PATHS
    added = [path for path in watched_paths() if path not in excluded.get()]
    if added:
        excluded.set([*excluded.get(), *added])
    keep_own_tables()


@dataclass(repr=False, eq=False)
class AnalyticsPlugin(Plugin):
    """Instruments a Reflex app: put it into the `plugins` of `rxconfig.py`.

    Every page gets a context and fires `navigate`, links capture `click`, event
    handlers in Python can capture, and the app receives events at `endpoint`.
    Which tools they go to is the owner's choice in `app-config.yaml`.
    """

    # Capture the clicks of every rx.link; switch one off with data_no_track=True.
    capture_links: bool = True
    # Capture the clicks of every rx.button too, its text being the subject.
    capture_buttons: bool = False
    # Name the click of a link that is only an icon by its accessible name (aria-label, alt or
    # title); without, its subject is the address, as in Backstage.
    name_icons: bool = True
    # Make each page an extension of its own. Switch it off where pages are
    # declared with analytics_extension(), as in the portal.
    page_contexts: bool = True
    # The pluginId of those pages; the app's name unless given.
    plugin_id: str | None = None
    # Where the browser posts events. Its words are none that ad blockers look for.
    endpoint: str = "/api/events"
    # Where figures of the pipeline are served for Prometheus and its like, as /metrics; they are
    # open to everyone unless app.analytics.metrics.token is set.
    metrics_endpoint: str | None = None
    # Which version of the app each event is of: that of the app's package or pyproject.toml unless
    # given, for example os.environ.get("GIT_COMMIT").
    app_version: str | None = None
    # Capture uncaught errors of pages and failed event handlers as `error`.
    errors: bool = False
    # Capture LCP, CLS, INP and TTFB as `web-vital`; the npm package web-vitals is loaded on demand.
    web_vitals: bool = False
    # Serve /livez and /readyz, for load balancers and container engines.
    health_endpoints: bool = True
    # Where the dashboard of Insights is, as /insights; there is none unless it is given. It needs
    # the extra "insights", and opens to the people that docs/dashboard.md lists.
    insights: str | None = None
    # Who the app's users are: a function that makes a user of a request's headers, an IdentityApi,
    # or where one of them is, as "my_app.auth:identify". Without, all are anonymous.
    identity: "str | Identify | IdentityApi | None" = None

    _routes: dict[str, list["Route"]] = field(default_factory=dict, init=False)
    _names: dict[str, str] = field(default_factory=dict, init=False)
    _captures: dict[str | None, list["Capture"]] = field(default_factory=dict, init=False)
    _plugin_ids: dict[str, None] = field(default_factory=dict, init=False)

    _compiler_enter_component_order = HookOrder.PRE

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If an endpoint is not a path, or this Reflex cannot add the dashboard.
        """
        for name in ("endpoint", "metrics_endpoint", "insights"):
            path: str | None = getattr(self, name)
            if path is not None and not path.startswith("/"):
                raise ValueError(
                    f"AnalyticsPlugin({name}={path!r}): expected a path of this app, "
                    "beginning with /"
                )
        if self.insights is not None:
            self._require_own_pages(self.insights)
        _leave_the_record_alone()

    def register_route(self, **context: Any) -> None:
        """Add the dashboard, if it is asked for."""
        if self.insights is not None:
            self._dashboard.add_pages(context["add_page"], self.insights)

    def eval_page(self, page_fn: Any, /, **context: Any) -> "PageContext | None":
        """Note the name of the page's function inside its decorators; Reflex evaluates it."""
        from backstage_py.analytics.compile.page_name import page_name

        if (name := page_name(page_fn)) is not None:
            self._names[context["page"].route] = name
        return None

    def enter_component(
        self,
        comp: "BaseComponent",
        /,
        *,
        page_context: "PageContext",
        compile_context: Any,
        in_prop_tree: bool = False,
    ) -> "BaseComponent | None":
        """Instrument a page as a whole when the compiler enters its root."""
        from backstage_py.analytics.compile.dashboard import is_below

        if comp is not page_context.root_component or is_below(page_context.route, self.insights):
            return None
        from backstage_py.analytics.compile.auto_capture import AutoCapture
        from backstage_py.analytics.compile.memos import instrument_memos
        from backstage_py.analytics.compile.pages import PageInstrumentation
        from backstage_py.analytics.runtime import get_runtime

        capture = AutoCapture(links=self.capture_links, buttons=self.capture_buttons)
        instrument_memos(capture)
        pages = PageInstrumentation(
            capture=capture,
            plugin_id=self._id_of_pages if self.page_contexts else None,
            dialect=get_runtime().dialect,
            names=self._names,
        )
        instrumented, self._routes[page_context.route] = pages.apply(comp, page_context)
        try:
            self._take_stock(instrumented, page_context.route, compile_context.app)
        except Exception:
            route = page_context.route
            _logger.warning("The page %s is not in the inventory", route, exc_info=True)
        return instrumented

    def get_frontend_dependencies(self, **context: Any) -> list[str]:
        """The npm packages of enabled features."""
        from backstage_py.analytics.browser.modules import WEB_VITALS_PACKAGE

        return [WEB_VITALS_PACKAGE] if self.web_vitals else []

    def get_static_assets(self, **context: Any) -> Sequence[tuple[Path, str | bytes]]:
        """The browser's modules, and those that are written for this app.

        They are the table of routes, which was compiled before, and the destinations of events;
        and the inventory of what is captured, in a folder that is not served.
        """
        from backstage_py.analytics.browser.modules import (
            ROUTES_FILE,
            browser_modules,
            measures_modules,
        )
        from backstage_py.analytics.compile.destinations import destination_modules
        from backstage_py.analytics.compile.route_table import routes_module
        from backstage_py.analytics.inventory.capture import INVENTORY_FILE, write_inventory
        from backstage_py.analytics.inventory.page_captures import measure_captures, navigations
        from backstage_py.analytics.runtime import get_runtime

        routes = [route for routes in self._routes.values() for route in routes]
        captures = [one for captures in self._captures.values() for one in captures]
        measured = measure_captures(errors=self.errors, web_vitals=self.web_vitals)
        dialect = get_runtime().dialect
        modules = {
            **dict(browser_modules(dialect.name)),
            **dict(measures_modules(errors=self.errors, web_vitals=self.web_vitals)),
            **dict(destination_modules(get_runtime().backends)),
            ROUTES_FILE: routes_module(routes, dialect, list(self._plugin_ids)),
            INVENTORY_FILE: write_inventory([*captures, *navigations(routes), *measured]),
        }
        return list(modules.items())

    def update_env_json(self, **context: Any) -> dict[str, Any]:
        """The settings that the browser needs; they are public."""
        from backstage_py.analytics.runtime import get_runtime

        runtime, config = get_runtime(), get_config()
        own = {"ignored": config.prepend_frontend_path(self.insights)} if self.insights else {}
        return {
            "ANALYTICS": {
                **own,
                "endpoint": config.prepend_backend_path(self.endpoint),
                "privacy": runtime.consent.settings.for_browser(),
                "addresses": runtime.addresses.for_browser(),
                "nameIcons": self.name_icons,
                **({} if (version := self._version()) is None else {"appVersion": version}),
            }
        }

    def post_compile(self, **context: Any) -> None:
        """Open the endpoint and let event handlers capture."""
        from backstage_py.analytics.runtime import install

        install(
            context["app"],
            self.endpoint,
            self.metrics_endpoint,
            health_endpoints=self.health_endpoints,
            app_version=self._version(),
            errors=self.errors,
        )
        if self.identity is not None:
            from backstage_py.analytics.identity.identity import use_identity
            from backstage_py.analytics.identity.named import build_identity

            use_identity(build_identity(self.identity))
        if self.insights is not None:
            app, dashboard = context["app"], self._dashboard
            app._api.routes.extend(dashboard.list_routes())
            app.register_lifespan_task(dashboard.running)
            dashboard.prepare(app)

    @property
    def _dashboard(self) -> Any:
        from backstage_py.analytics.compile.dashboard import load_dashboard

        return load_dashboard(f"insights={self.insights!r}")

    @staticmethod
    def _require_own_pages(path: str) -> None:
        if path == "/":
            raise ValueError("AnalyticsPlugin(insights='/'): expected a path of its own")
        if not hasattr(Plugin, "register_route"):
            raise ValueError(
                f"AnalyticsPlugin(insights={path!r}): this Reflex has no pages of plugins; "
                "use Reflex 0.10 or newer"
            )

    def _version(self) -> str | None:
        from backstage_py.analytics.compile.app_version import find_app_version
        from backstage_py.analytics.event import storable_version

        return storable_version(self.app_version or find_app_version(get_config().app_name))

    def _take_stock(self, page: "BaseComponent", route: str, app: "App") -> None:
        """Note the captures of a page, and those around all pages."""
        from backstage_py.analytics.compile.route_table import path_pattern, plugin_ids
        from backstage_py.analytics.inventory.page_captures import (
            frame_captures,
            load_captures,
            page_captures,
        )

        path = path_pattern(route)
        if None not in self._captures:
            wraps = {**app.app_wraps, **app.extra_app_wraps}
            own = (wrap for (_, name), wrap in wraps.items() if name != _REFLEX_WRAP)
            frame = [one for wrap in own if (one := wrap(app._state is not None)) is not None]
            self._captures[None] = frame_captures(frame)
            self._plugin_ids |= dict.fromkeys(plugin_ids(*frame))
        self._plugin_ids |= dict.fromkeys(plugin_ids(page))
        loads = load_captures(path, app._load_events.get(route, ()))
        self._captures[route] = [*page_captures(path, page), *loads]

    @property
    def _id_of_pages(self) -> str:
        return self.plugin_id or get_config().app_name
